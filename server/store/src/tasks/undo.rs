//! Taking back what was just done, by whoever did it, while nobody has gone on from it.

use crate::Result;
use crate::clients::assignment_undo::Staffing;
use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{client, client_filing, task, task_event, task_step, undo};
use crate::core::fresh;
use crate::core::stored::{json, to_json};
use crate::core::whoever::exists;
use chrono::NaiveDate;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::id::{ClientId, PersonId, TaskId, UndoId};
use domain::refusal::Refusal;
use domain::task::{Stage, StepFact};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, Set};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
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
    /// Who works on clients; as it was written before tasks were freed with it.
    Staffing(Vec<Staffing>),
    /// Who works on clients, and the tasks that were freed with it.
    Staffed(Vec<Staffing>, Vec<Before>),
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days: Option<Days>,
}

/// The due day and the agreed instant of a task, and for whom it is held.
#[derive(Serialize, Deserialize)]
struct Days {
    due: NaiveDate,
    agreed: Option<i64>,
    /// For whom the task is held.
    cover_for: Option<Uuid>,
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
            days: Some(Days { due: row.due, agreed: row.agreed_at, cover_for: row.cover_for }),
        }
    }
}

impl Permitted {
    /// Keeps what a change can be taken back with; older ones of the person go.
    pub(crate) async fn remember(&self, body: &Body) -> Result<UndoId> {
        let mine = undo::Column::PersonId.eq(self.who.person.0);
        self.remove::<undo::Entity>(mine.and(undo::Column::Made.lt(self.now_ms() - WINDOW_MS))).await?;
        let id = UndoId(fresh::id());
        self.insert(undo::ActiveModel {
            id: Set(id.0),
            person_id: Set(self.who.person.0),
            made: Set(self.now_ms()),
            body: Set(to_json(body)?),
        })
        .await?;
        Ok(id)
    }
}

impl ScopedStore {
    /// Takes a change back; what somebody has gone on from stays as it is. Tells how many stayed.
    ///
    /// # Errors
    /// `NotFound` for somebody else's, a used or an old one.
    pub async fn take_back(&self, id: UndoId) -> Result<u64> {
        self.write(|deed| async move {
            let row = deed.one::<undo::Entity>(Action::See, undo::Column::Id.eq(id.0)).await?;
            let deed = deed.own()?;
            // Only the first gets it.
            let first = deed.remove::<undo::Entity>(undo::Column::Id.eq(id.0)).await? > 0;
            if !first || row.made < deed.now_ms() - WINDOW_MS {
                return Err(Refusal::NotFound.into());
            }
            let (all, lines) = match json(&row.body, "undo")? {
                Body::Changed(before) => (before.len(), deed.take_changes_back(&before).await?),
                Body::Opened(tasks) => (tasks.len(), deed.take_openings_back(&tasks).await?),
                Body::Filing(code, clients) => (clients.len(), deed.take_filing_back(&code, &clients).await?),
                Body::Checked(certificates, at) => {
                    (certificates.len(), deed.take_checks_back(&certificates, at).await?)
                }
                Body::Staffing(all) => (all.len(), deed.take_staffing_back(&all).await?),
                Body::Staffed(all, tasks) => {
                    let mut lines = deed.take_staffing_back(&all).await?;
                    // Only now may those who had the tasks have them again.
                    lines.extend(deed.take_changes_back(&tasks).await?);
                    (all.len() + tasks.len(), lines)
                }
            };
            let kept = u64::try_from(all.saturating_sub(lines.len())).unwrap_or(0);
            Ok(deed.done_with(lines).with(kept))
        })
        .await
    }
}

impl Permitted {
    /// Those of the tasks that may still be worked on, held, each with its line of history.
    async fn tasks_to_take_back(&self, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<(task::Model, Entry)>> {
        let held = self.held_all::<task::Entity>(Action::WorkTask, task::Column::Id.is_in(ids)).await?;
        let lines = self.task_entries(DeedKind::Undone, &held, |_| String::new()).await?;
        Ok(held.iter().cloned().zip(lines).collect())
    }

    async fn take_changes_back(&self, all: &[Before]) -> Result<Vec<Entry>> {
        let mut lines = Vec::new();
        let held = self.tasks_to_take_back(all.iter().map(|b| b.task)).await?;
        let open: Vec<TaskId> = held.iter().filter(|(m, _)| m.open).map(|(m, _)| TaskId(m.id)).collect();
        let ids = all.iter().map(|b| b.task);
        let given = self.held_all::<task::Entity>(Action::AssignTask, task::Column::Id.is_in(ids)).await?;
        let may: HashMap<TaskId, Vec<PersonId>> =
            if open.is_empty() { HashMap::new() } else { self.candidates_each(&open).await?.into_iter().collect() };
        for (model, line) in held {
            let Some(before) = all.iter().find(|b| b.task == model.id) else { continue };
            // Whoever has left, or no longer sees the client, gets nothing back.
            let gone = |who: Uuid| may.get(&TaskId(model.id)).is_some_and(|may| !may.contains(&PersonId(who)));
            // To give it to somebody again one must still be allowed to; only what one has taken oneself one may put down.
            let puts_down = before.assignee.is_none() && model.assignee_id == Some(self.who.person.0);
            let gives = puts_down || given.iter().any(|g| g.id == model.id);
            if before.assignee != model.assignee_id && (!gives || before.assignee.is_some_and(gone)) {
                continue;
            }
            lines.extend(self.restore(&model, before).await?.then_some(line));
        }
        Ok(lines)
    }

    async fn take_openings_back(&self, all: &[Uuid]) -> Result<Vec<Entry>> {
        let mut lines = Vec::new();
        for (model, line) in self.tasks_to_take_back(all.iter().copied()).await? {
            if !self.is_worked(TaskId(model.id)).await? {
                lines.extend(self.close_again(&model).await?.then_some(line));
            }
        }
        Ok(lines)
    }

    /// Takes a filing from clients again; one that may no longer be changed keeps it.
    async fn take_filing_back(&self, code: &str, clients: &[Uuid]) -> Result<Vec<Entry>> {
        let these = client::Column::Id.is_in(clients.iter().copied());
        let mine = self.held_all::<client::Entity>(Action::EditClient, these).await?;
        let ids = || mine.iter().map(|c| c.id);
        crate::clients::filings::touched(self, client::Column::Id.is_in(ids())).await?;
        let given = client_filing::Column::ClientId.is_in(ids()).and(client_filing::Column::Code.eq(code));
        self.remove::<client_filing::Entity>(given).await?;
        let line = |row: &client::Model| {
            let id = ClientId(row.id);
            Entry::new(DeedKind::Undone, format!("{}: − {code}", row.name)).client(id).link(format!("/clients/{id}"))
        };
        Ok(mine.iter().map(line).collect())
    }

    /// Whether somebody has ticked a step of a task or said something in it.
    async fn is_worked(&self, id: TaskId) -> Result<bool> {
        let ticked = task_step::Column::TaskId.eq(id.0).and(task_step::Column::DoneAt.is_not_null());
        let said = task_event::Column::TaskId.eq(id.0).and(task_event::Column::Kind.ne("opened"));
        let db = &self.rows;
        Ok(exists::<task_step::Entity>(db, ticked).await? || exists::<task_event::Entity>(db, said).await?)
    }

    async fn restore(&self, model: &task::Model, b: &Before) -> Result<bool> {
        if model.revision != b.revision + 1 || !model.open {
            return Ok(false);
        }
        let (due, agreed, cover) = b
            .days
            .as_ref()
            .map_or((model.due, model.agreed_at, model.cover_for), |days| (days.due, days.agreed, days.cover_for));
        let change = self
            .change::<task::Entity>(task::Column::Id.eq(b.task))
            .filter(task::Column::Revision.eq(b.revision + 1))
            .col_expr(task::Column::Due, Expr::value(due))
            .col_expr(task::Column::AgreedAt, Expr::value(agreed))
            .col_expr(task::Column::CoverFor, Expr::value(cover))
            .col_expr(task::Column::Stage, Expr::value(b.stage.clone()))
            .col_expr(task::Column::AssigneeId, Expr::value(b.assignee))
            .col_expr(task::Column::Waited, Expr::value(b.waited))
            .col_expr(task::Column::WaitingSince, Expr::value(b.waiting_since))
            .col_expr(task::Column::CountsTo, Expr::value(b.counts_to))
            .col_expr(task::Column::Why, Expr::value(b.why.clone()))
            .col_expr(task::Column::StuckAt, Expr::value(b.stuck_at.clone()))
            .col_expr(task::Column::Revision, Expr::value(b.revision + 2));
        let back = self.run(change).await? > 0;
        if back {
            let shown = Stage::parse(&b.stage).zip(Stage::parse(&model.stage));
            let moved = shown.filter(|(from, to)| from != to);
            if let Some(fact) = moved.and_then(|(from, to)| StepFact::shown_by(from, to))
                && let Some(at) = self.last_move(TaskId(b.task)).await?
            {
                self.untick_shown(TaskId(b.task), fact, at).await?;
            }
            self.event(TaskId(b.task), "undone", Stage::Planned, "").await?;
        }
        Ok(back)
    }

    /// When a task was last moved.
    async fn last_move(&self, id: TaskId) -> Result<Option<i64>> {
        let moves = task_event::Column::TaskId.eq(id.0).and(task_event::Column::Kind.eq("moved"));
        let moves = self.find::<task_event::Entity>(Action::See).filter(moves);
        Ok(moves.order_by_desc(task_event::Column::Id).one(&self.rows).await?.map(|event| event.at))
    }

    /// A task opened a moment ago is cancelled; its report of loss goes with it.
    async fn close_again(&self, model: &task::Model) -> Result<bool> {
        if model.revision != 1 {
            return Ok(false);
        }
        self.staged(model, Stage::Cancelled, 1, |c| c).await?;
        self.take_back_loss(model).await?;
        self.event(TaskId(model.id), "undone", Stage::Planned, "").await?;
        Ok(true)
    }
}
