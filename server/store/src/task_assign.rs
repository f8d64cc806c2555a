//! Giving tasks to people, one or many at once.

use crate::Result;
use crate::admitted::Shelf;
use crate::entity::{task, task_certificate};
use crate::undo::{Before, Body};
use domain::access::Action;
use domain::audit::DeedKind;
use domain::id::{CertificateId, PersonId, TaskId, UndoId};
use domain::refusal::{Refusal, Rule};
use domain::task::Stage;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

/// Tasks that are given at once at most.
const MOST: usize = 500;

impl Shelf {
    /// Gives tasks to somebody with a right to each, or to nobody; all or none. An accountant may take free ones.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` where the person has no right, a task is closed, or there are none or too many.
    pub async fn assign_tasks(&self, ids: &[TaskId], to: Option<PersonId>) -> Result<UndoId> {
        let models = self.chosen(ids).await?;
        let takes_free = to == Some(self.who.person) && models.iter().all(|m| m.assignee_id.is_none());
        let action = if takes_free { Action::WorkTask } else { Action::AssignTask };
        let open_to = self.find::<task::Entity>(action).filter(task::Column::Id.is_in(models.iter().map(|m| m.id)));
        if open_to.all(&self.store.db).await?.len() != models.len() {
            return Err(Refusal::NotAllowed.into());
        }
        self.check_assignee(&self.certificates_in(&models).await?, to).await?;
        let name = match to {
            Some(who) => self.person(who).await?.name,
            None => String::new(),
        };
        let mut lines = Vec::new();
        for model in &models {
            lines.push(self.entry(DeedKind::TaskAssigned, model, &name).await?);
        }
        let deed = self.deed().await?;
        for model in &models {
            let change = deed
                .change::<task::Entity>(task::Column::Id.eq(model.id))
                .filter(task::Column::Revision.eq(model.revision))
                .col_expr(task::Column::AssigneeId, Expr::value(to.map(|p| p.0)))
                .col_expr(task::Column::Revision, Expr::value(model.revision + 1));
            deed.run_one(change).await?;
            self.event(&deed, TaskId(model.id), "assigned", Stage::Planned, &name).await?;
        }
        let undo = self.remember(&deed, &Body::Changed(models.iter().map(Before::of).collect())).await?;
        deed.done_with(lines).await?;
        Ok(undo)
    }

    /// The tasks with these ids, each of which must be seen and open.
    async fn chosen(&self, ids: &[TaskId]) -> Result<Vec<task::Model>> {
        let mut ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() || ids.len() > MOST {
            return Err(Refusal::invalid("task", Rule::Required).into());
        }
        let models = self.find::<task::Entity>(Action::See).filter(task::Column::Id.is_in(ids.clone()));
        let models = models.order_by_asc(task::Column::Id).all(&self.store.db).await?;
        if models.len() != ids.len() {
            return Err(Refusal::NotFound.into());
        }
        if models.iter().any(|m| !m.open) {
            return Err(Refusal::invalid("task", Rule::Move).into());
        }
        Ok(models)
    }

    async fn certificates_in(&self, tasks: &[task::Model]) -> Result<Vec<CertificateId>> {
        let rows = self
            .find::<task_certificate::Entity>(Action::See)
            .filter(task_certificate::Column::TaskId.is_in(tasks.iter().map(|t| t.id)))
            .all(&self.store.db)
            .await?;
        Ok(rows.into_iter().map(|r| CertificateId(r.certificate_id)).collect())
    }

    /// People who may be given every one of these tasks.
    ///
    /// # Errors
    /// As for giving them.
    pub async fn candidates_for(&self, ids: &[TaskId]) -> Result<Vec<domain::person::Candidate>> {
        let models = self.chosen(ids).await?;
        self.candidates(&self.certificates_in(&models).await?).await
    }
}
