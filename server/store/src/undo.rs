//! Taking back what was just done, by whoever did it, while nobody has gone on from it.

use crate::admitted::Shelf;
use crate::assignment_undo::Staffing;
use crate::convert::{json, to_json};
use crate::deed::Deed;
use crate::entity::{client, client_filing, task, task_event, task_step, undo};
use crate::scope::exists;
use crate::{Result, fresh};
use chrono::NaiveDate;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::id::{ClientId, TaskId, UndoId};
use domain::refusal::Refusal;
use domain::task::Stage;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The notice counts ten seconds and stops while it is read; the server allows for that.
pub const WINDOW_MS: i64 = 120_000;

/// What can be taken back.
#[derive(Serialize, Deserialize)]
pub enum Body {
    /// Tasks as they were.
    Changed(Vec<Before>),
    /// Tasks that were opened.
    Opened(Vec<Uuid>),
    /// A filing, by its code, that clients were given.
    Filing(String, Vec<Uuid>),
    /// Old keys that were checked, and when.
    Checked(Vec<Uuid>, i64),
    /// Who works on clients.
    Staffing(Vec<Staffing>),
}

/// A task as it was before a change.
#[derive(Serialize, Deserialize)]
pub struct Before {
    task: Uuid,
    revision: i32,
    stage: String,
    assignee: Option<Uuid>,
    waited: i32,
    waiting_since: Option<NaiveDate>,
    counts_to: NaiveDate,
    why: String,
    stuck_at: Option<String>,
}

impl Before {
    pub fn of(row: &task::Model) -> Self {
        Self {
            task: row.id,
            revision: row.revision,
            stage: row.stage.clone(),
            assignee: row.assignee_id,
            waited: row.waited,
            waiting_since: row.waiting_since,
            counts_to: row.counts_to,
            why: row.why.clone(),
            stuck_at: row.stuck_at.clone(),
        }
    }
}

impl Shelf {
    /// Keeps what a change can be taken back with; older ones of the person go.
    pub(crate) async fn remember(&self, deed: &Deed, body: &Body) -> Result<UndoId> {
        let mine = undo::Column::PersonId.eq(self.who.person.0);
        deed.remove::<undo::Entity>(mine.and(undo::Column::Made.lt(self.now_ms() - WINDOW_MS))).await?;
        let id = UndoId(fresh::id());
        deed.insert(undo::ActiveModel {
            id: Set(id.0),
            person_id: Set(self.who.person.0),
            made: Set(self.now_ms()),
            body: Set(to_json(body)?),
        })
        .await?;
        Ok(id)
    }

    /// Takes a change back; what somebody has gone on from stays as it is. Tells how many stayed.
    ///
    /// # Errors
    /// `NotFound` for somebody else's, a used or an old one.
    pub async fn take_back(&self, id: UndoId) -> Result<u64> {
        let row = self.one::<undo::Entity>(Action::See, undo::Column::Id.eq(id.0)).await?;
        if row.made < self.now_ms() - WINDOW_MS {
            return Err(Refusal::NotFound.into());
        }
        match json(&row.body, "undo")? {
            Body::Changed(before) => self.take_changes_back(id, &before).await,
            Body::Opened(tasks) => self.take_openings_back(id, &tasks).await,
            Body::Filing(code, clients) => self.take_filing_back(id, &code, &clients).await,
            Body::Checked(certificates, at) => self.take_checks_back(id, &certificates, at).await,
            Body::Staffing(all) => self.take_staffing_back(id, &all).await,
        }
    }

    /// The write that takes something back, which only the first gets.
    pub(crate) async fn taking_back(&self, id: UndoId) -> Result<Deed> {
        let deed = self.deed().await?;
        if deed.remove::<undo::Entity>(undo::Column::Id.eq(id.0)).await? == 0 {
            return Err(Refusal::NotFound.into());
        }
        Ok(deed)
    }

    /// Those of the tasks that may still be worked on, each with its line of history.
    async fn tasks_to_take_back(&self, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<(task::Model, Entry)>> {
        let rows = self.find::<task::Entity>(Action::WorkTask).filter(task::Column::Id.is_in(ids)).all(&self.store.db).await?;
        let mut out = Vec::new();
        for row in rows {
            let line = self.entry(DeedKind::Undone, &row, "").await?;
            out.push((row, line));
        }
        Ok(out)
    }

    async fn take_changes_back(&self, id: UndoId, all: &[Before]) -> Result<u64> {
        let now = self.tasks_to_take_back(all.iter().map(|b| b.task)).await?;
        let deed = self.taking_back(id).await?;
        let mut lines = Vec::new();
        for (model, line) in now {
            let Some(before) = all.iter().find(|b| b.task == model.id) else { continue };
            lines.extend(self.restore(&deed, &model, before).await?.then_some(line));
        }
        self.taken_back(deed, all.len(), lines).await
    }

    async fn take_openings_back(&self, id: UndoId, all: &[Uuid]) -> Result<u64> {
        let mut fresh = Vec::new();
        for (model, line) in self.tasks_to_take_back(all.iter().copied()).await? {
            if !self.is_worked(TaskId(model.id)).await? {
                fresh.push((model, line));
            }
        }
        let deed = self.taking_back(id).await?;
        let mut lines = Vec::new();
        for (model, line) in fresh {
            lines.extend(self.close_again(&deed, &model).await?.then_some(line));
        }
        self.taken_back(deed, all.len(), lines).await
    }

    /// Makes it last; gives how many of all have moved on and stay.
    pub(crate) async fn taken_back(&self, deed: Deed, all: usize, lines: Vec<Entry>) -> Result<u64> {
        let kept = all.saturating_sub(lines.len());
        deed.done_with(lines).await?;
        Ok(u64::try_from(kept).unwrap_or(0))
    }

    /// Takes a filing from clients again; one that may no longer be changed keeps it.
    async fn take_filing_back(&self, id: UndoId, code: &str, clients: &[Uuid]) -> Result<u64> {
        let mine = self.find::<client::Entity>(Action::EditClient).filter(client::Column::Id.is_in(clients.iter().copied()));
        let mine = mine.all(&self.store.db).await?;
        let deed = self.taking_back(id).await?;
        crate::filings::touched(&deed, client::Column::Id.is_in(mine.iter().map(|c| c.id))).await?;
        let mut lines = Vec::new();
        for row in &mine {
            let given = client_filing::Column::ClientId.eq(row.id).and(client_filing::Column::Code.eq(code));
            deed.remove::<client_filing::Entity>(given).await?;
            lines.push(Entry::new(DeedKind::Undone, format!("{}: − {code}", row.name)).client(ClientId(row.id)));
        }
        self.taken_back(deed, clients.len(), lines).await
    }

    /// Whether somebody has ticked a step of a task or said something in it.
    async fn is_worked(&self, id: TaskId) -> Result<bool> {
        let ticked = task_step::Column::TaskId.eq(id.0).and(task_step::Column::DoneAt.is_not_null());
        let said = task_event::Column::TaskId.eq(id.0).and(task_event::Column::Kind.ne("opened"));
        let db = &self.store.db;
        Ok(exists::<task_step::Entity>(db, ticked).await? || exists::<task_event::Entity>(db, said).await?)
    }

    async fn restore(&self, deed: &Deed, model: &task::Model, b: &Before) -> Result<bool> {
        if model.revision != b.revision + 1 || !model.open {
            return Ok(false);
        }
        let change = deed
            .change::<task::Entity>(task::Column::Id.eq(b.task))
            .filter(task::Column::Revision.eq(b.revision + 1))
            .col_expr(task::Column::Stage, Expr::value(b.stage.clone()))
            .col_expr(task::Column::AssigneeId, Expr::value(b.assignee))
            .col_expr(task::Column::Waited, Expr::value(b.waited))
            .col_expr(task::Column::WaitingSince, Expr::value(b.waiting_since))
            .col_expr(task::Column::CountsTo, Expr::value(b.counts_to))
            .col_expr(task::Column::Why, Expr::value(b.why.clone()))
            .col_expr(task::Column::StuckAt, Expr::value(b.stuck_at.clone()))
            .col_expr(task::Column::Revision, Expr::value(b.revision + 2));
        let back = deed.run(change).await? > 0;
        if back {
            self.event(deed, TaskId(b.task), "undone", Stage::Planned, "").await?;
        }
        Ok(back)
    }

    /// A task opened a moment ago is cancelled; its report of loss goes with it.
    async fn close_again(&self, deed: &Deed, model: &task::Model) -> Result<bool> {
        if model.revision != 1 {
            return Ok(false);
        }
        self.staged(deed, model, Stage::Cancelled, 1, |c| c).await?;
        self.take_back_loss(deed, model).await?;
        self.event(deed, TaskId(model.id), "undone", Stage::Planned, "").await?;
        Ok(true)
    }
}
