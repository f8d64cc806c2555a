//! Opening tasks: one, or one for each of many sets, in one transaction.

use crate::admitted::Shelf;
use crate::deed::Deed;
use crate::entity::{certificate, task, task_certificate, task_event};
use crate::undo::Body;
use crate::{Result, fresh};
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::id::{TaskId, UndoId};
use domain::refusal::{Refusal, Rule};
use domain::task::{NewTask, Stage, StepTemplate};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, Set};

/// Tasks that are opened at once at most.
const MOST: usize = 500;

impl Shelf {
    /// Opens a task. A reason that takes access marks the certificates unusable from now on.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or `Invalid` where a task is open already or the assignee has no right.
    pub async fn open_task(&self, new: NewTask) -> Result<TaskId> {
        let (opened, _) = self.open_tasks(vec![new]).await?;
        opened.first().copied().ok_or(Refusal::NotFound.into())
    }

    /// Opens several tasks, all or none.
    ///
    /// # Errors
    /// As for one; `Invalid` for none or too many.
    pub async fn open_tasks(&self, all: Vec<NewTask>) -> Result<(Vec<TaskId>, UndoId)> {
        if all.is_empty() || all.len() > MOST {
            return Err(Refusal::invalid("certificate", Rule::Required).into());
        }
        let mut ready = Vec::with_capacity(all.len());
        for new in all {
            let mut old = Vec::new();
            for id in &new.certificates {
                old.push(self.certificate(Action::WorkTask, *id).await?);
            }
            let first = old.first().ok_or(Refusal::invalid("certificate", Rule::Required))?;
            self.check_assignee(&new.certificates, new.assignee).await?;
            let client = self.client_of_certificate(first.id).await?;
            ready.push((TaskId(fresh::id()), new, old, client));
        }
        let templates = self.step_templates().await?;
        let deed = self.deed().await?;
        let (mut ids, mut lines) = (Vec::new(), Vec::new());
        for (id, new, old, client) in ready {
            self.open_one(&deed, id, &new, &old, &templates).await?;
            let holder = old.first().map(|c| c.holder.as_str()).unwrap_or_default();
            let line = Entry::new(DeedKind::TaskOpened, format!("{holder}: {}", new.reason.code())).link(format!("/tasks/{id}"));
            lines.push(Entry { client, ..line });
            ids.push(id);
        }
        let undo = self.remember(&deed, &Body::Opened(ids.iter().map(|id| id.0).collect())).await?;
        deed.done_with(lines).await?;
        Ok((ids, undo))
    }

    async fn open_one(
        &self,
        deed: &Deed,
        id: TaskId,
        new: &NewTask,
        old: &[certificate::Model],
        templates: &[StepTemplate],
    ) -> Result<()> {
        deed.insert(task_model(id, new, self.now_ms())).await?;
        for certificate in old {
            let busy = task_certificate::Column::CertificateId.eq(certificate.id).and(task_certificate::Column::Open.eq(true));
            if crate::scope::exists::<task_certificate::Entity>(&deed.tx, busy).await? {
                return Err(Refusal::invalid("certificate", Rule::TaskOpen).into());
            }
            deed.insert(task_certificate::ActiveModel {
                task_id: Set(id.0),
                certificate_id: Set(certificate.id),
                open: Set(true),
            })
            .await?;
            if new.reason.takes_access() && certificate.lost_at.is_none() {
                let change = deed
                    .change::<certificate::Entity>(certificate::Column::Id.eq(certificate.id))
                    .col_expr(certificate::Column::LostAt, Expr::value(self.now_ms()))
                    .col_expr(certificate::Column::LostReason, Expr::value(new.reason.code()));
                deed.run_one(change).await?;
            }
        }
        deed.insert_all(crate::steps::for_task(id, new, templates)).await?;
        self.event(deed, id, "opened", Stage::Planned, new.reason.code()).await
    }

    pub(crate) async fn event(&self, deed: &crate::deed::Deed, id: TaskId, kind: &str, stage: Stage, body: &str) -> Result<()> {
        deed.insert(task_event::ActiveModel {
            id: Set(fresh::id()),
            task_id: Set(id.0),
            at: Set(self.now_ms()),
            person_id: Set(self.who.person.0),
            kind: Set(kind.into()),
            stage: Set(stage.code().into()),
            body: Set(body.into()),
        })
        .await
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
    }
}
