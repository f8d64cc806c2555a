//! Opening tasks: one, or one for each of many sets, in one transaction.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::deed::{Deed, Held, Permitted};
use crate::core::entity::{certificate, task, task_certificate, task_event};
use crate::core::fresh;
use crate::core::fresh::NOBODY;
use crate::tasks::undo::Body;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::id::{CertificateId, PersonId, TaskId, UndoId};
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::task::{NewTask, Stage, is_plannable};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, Set};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Tasks that are opened at once at most.
const MOST: usize = 500;

impl ScopedStore {
    /// Opens a task. A reason that takes access marks the certificates unusable from now on.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or `Invalid` where a task is open already or the assignee has no right.
    pub async fn open_task(&self, new: NewTask) -> Result<TaskId> {
        let (opened, _) = self.open_tasks(vec![new]).await?;
        opened.first().copied().ok_or(Refusal::NotFound.into())
    }

    /// Opens several tasks, all or none; a few statements, not a few for each.
    ///
    /// # Errors
    /// As for one; `Invalid` for none or too many.
    pub async fn open_tasks(&self, all: Vec<NewTask>) -> Result<(Vec<TaskId>, UndoId)> {
        if all.is_empty() || all.iter().any(|new| new.certificates.is_empty()) {
            return Err(Refusal::invalid("certificate", Rule::Required).into());
        }
        if all.len() > MOST {
            return Err(Refusal::invalid("certificate", Rule::TooMany).into());
        }
        let all = &all;
        self.write(|deed| async move {
            let held = deed.workable(all).await?;
            let mut by_assignee: BTreeMap<PersonId, Vec<CertificateId>> = BTreeMap::new();
            for (assignee, new) in all.iter().filter_map(|new| Some((new.assignee?, new))) {
                by_assignee.entry(assignee).or_default().extend(&new.certificates);
            }
            for (assignee, certificates) in by_assignee {
                deed.check_assignee(&certificates, Some(assignee)).await?;
            }
            let (ids, lines) = held.permits().open_all(all, &held).await?;
            let undo = held.permits().remember(&Body::Opened(ids.iter().map(|id| id.0).collect())).await?;
            Ok(deed.done_with(lines).with((ids, undo)))
        })
        .await
    }
}

impl Deed {
    /// The certificates of new tasks, held; each may be worked on.
    async fn workable(&self, all: &[NewTask]) -> Result<Held<Vec<certificate::Model>>> {
        if all.iter().any(|new| !is_plannable(new.due, self.who.today.day)) {
            return Err(Refusal::invalid("due", Rule::DayLongPast).into());
        }
        let wanted: BTreeSet<Uuid> = all.iter().flat_map(|new| &new.certificates).map(|c| c.0).collect();
        let held = self
            .held_all::<certificate::Entity>(Action::WorkTask, certificate::Column::Id.is_in(wanted.clone()))
            .await?;
        if held.len() < wanted.len() {
            let missing = wanted.iter().find(|id| !held.iter().any(|c| c.id == **id)).copied().unwrap_or(NOBODY);
            // Says whether it is foreign or only closed to the role.
            self.certificate(Action::WorkTask, CertificateId(missing)).await?;
        }
        let now = self.now_ms();
        if held.iter().any(|c| c.replaced_from.is_some_and(|from| from <= now)) {
            return Err(Refusal::invalid("certificate", Rule::AlreadyReplaced).into());
        }
        if !self.without_contract(held.iter().map(|c| c.id)).await?.is_empty() {
            return Err(Refusal::invalid("certificate", Rule::ContractEnded).into());
        }
        Ok(held)
    }
}

impl Permitted {
    /// Opens a task for each; gives them with their lines of history.
    pub(super) async fn open_all(
        &self,
        all: &[NewTask],
        held: &[certificate::Model],
    ) -> Result<(Vec<TaskId>, Vec<Entry>)> {
        let busy = task_certificate::Column::CertificateId.is_in(held.iter().map(|c| c.id));
        let busy = busy.and(task_certificate::Column::Open.eq(true));
        let parts: usize = all.iter().map(|new| new.certificates.len()).sum();
        // A certificate stands in one open task, so not in two of these either.
        if parts != held.len() || crate::core::whoever::exists::<task_certificate::Entity>(&self.rows, busy).await? {
            return Err(Refusal::invalid("certificate", Rule::TaskOpen).into());
        }
        let templates = self.step_templates().await?;
        let ids: Vec<TaskId> = all.iter().map(|_| TaskId(fresh::id())).collect();
        let each = || ids.iter().copied().zip(all);
        self.insert_all(each().map(|(id, new)| task_model(id, new, self.now_ms())).collect()).await?;
        let part = |id: TaskId, certificate: &CertificateId| task_certificate::ActiveModel {
            task_id: Set(id.0),
            certificate_id: Set(certificate.0),
            open: Set(true),
        };
        self.insert_all(each().flat_map(|(id, new)| new.certificates.iter().map(move |c| part(id, c))).collect())
            .await?;
        self.report_lost(all, held).await?;
        self.insert_all(each().flat_map(|(id, new)| crate::tasks::steps::for_task(id, new, &templates)).collect())
            .await?;
        let opened = |(id, new): (TaskId, &NewTask)| self.event_row(id, "opened", Stage::Planned, new.reason.code());
        self.insert_all(each().map(opened).collect()).await?;
        let clients = self.clients_of(&held.iter().map(|c| c.id).collect::<Vec<_>>()).await?;
        let line = |(id, new): (&TaskId, &NewTask)| {
            let first = new.certificates.first().and_then(|first| held.iter().find(|c| c.id == first.0));
            let holder = first.map(|c| c.holder.as_str()).unwrap_or_default();
            let line = Entry::new(DeedKind::TaskOpened, format!("{holder}: {}", new.reason.code()));
            let of = first.and_then(|c| clients.get(&c.id)).and_then(|of| of.first());
            Entry { client: of.map(|(id, _)| *id), ..line.link(format!("/tasks/{id}")) }
        };
        let lines = ids.iter().zip(all).map(line).collect();
        Ok((ids, lines))
    }

    /// A reason that takes access marks the certificates unusable from now on; the first report stays.
    async fn report_lost(&self, all: &[NewTask], held: &[certificate::Model]) -> Result<()> {
        let usable: BTreeSet<Uuid> = held.iter().filter(|c| c.lost_at.is_none()).map(|c| c.id).collect();
        let mut by_reason: BTreeMap<Reason, Vec<Uuid>> = BTreeMap::new();
        for new in all.iter().filter(|new| new.reason.takes_access()) {
            let lost = new.certificates.iter().map(|c| c.0).filter(|c| usable.contains(c));
            by_reason.entry(new.reason).or_default().extend(lost);
        }
        for (reason, lost) in by_reason {
            self.mark_lost(reason, lost).await?;
        }
        Ok(())
    }

    /// Marks certificates unusable from now on, and has those told who work with them.
    pub(super) async fn mark_lost(&self, reason: Reason, lost: Vec<Uuid>) -> Result<()> {
        let change = self
            .change::<certificate::Entity>(certificate::Column::Id.is_in(lost.iter().copied()))
            .col_expr(certificate::Column::LostAt, Expr::value(self.now_ms()))
            .col_expr(certificate::Column::LostReason, Expr::value(reason.code()));
        self.run(change).await?;
        self.tell_of_loss(&lost).await
    }

    pub(crate) async fn event(&self, id: TaskId, kind: &str, stage: Stage, body: &str) -> Result<()> {
        self.insert(self.event_row(id, kind, stage, body)).await
    }

    pub(crate) fn event_row(&self, id: TaskId, kind: &str, stage: Stage, body: &str) -> task_event::ActiveModel {
        task_event::ActiveModel {
            id: Set(fresh::id()),
            task_id: Set(id.0),
            at: Set(self.now_ms()),
            person_id: Set(self.who.person.0),
            kind: Set(kind.into()),
            stage: Set(stage.code().into()),
            body: Set(body.into()),
        }
    }
}

pub fn task_model(id: TaskId, new: &NewTask, now_ms: i64) -> task::ActiveModel {
    task::ActiveModel {
        id: Set(id.0),
        reason: Set(new.reason.code().into()),
        route: Set(new.route.code().into()),
        stage: Set(Stage::Planned.code().into()),
        open: Set(true),
        assignee_id: Set(new.assignee.map(|p| p.0)),
        due: Set(new.due),
        counts_to: Set(new.due),
        waited: Set(0),
        waiting_since: Set(None),
        note: Set(new.note.clone()),
        why: Set(String::new()),
        successor_id: Set(None),
        override_why: Set(String::new()),
        checked_by: Set(None),
        check_how: Set(None),
        checked_at: Set(None),
        check_note: Set(String::new()),
        opened_at: Set(now_ms),
        revision: Set(1),
        stuck_at: Set(None),
        agreed_at: Set(None),
        cover_for: Set(None),
    }
}
