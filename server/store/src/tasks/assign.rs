//! Giving tasks to people, one or many at once.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::deed::{Deed, Done, Held, Permitted};
use crate::core::entity::{task, task_certificate};
use crate::tasks::undo::{Before, Body};
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::id::{CertificateId, ClientId, PersonId, TaskId, UndoId};
use domain::refusal::{Refusal, Rule};
use domain::task::{SeenTask, Stage, TaskRow};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Tasks that are given at once at most.
const MOST: usize = 500;
/// Clients that a refusal names.
const NAMED: usize = 5;

impl ScopedStore {
    /// Gives tasks to somebody with a right to each, or to nobody; all or none. An accountant may take free ones.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` where the person has no right, a task is closed or was changed since it was
    /// seen, or there are none or too many.
    pub async fn assign_tasks(&self, tasks: &[SeenTask], to: Option<PersonId>) -> Result<UndoId> {
        self.write(|deed| async move {
            let models = deed.chosen(&ids_of(tasks)).await?;
            let takes_free = to == Some(deed.who.person) && models.iter().all(|m| m.assignee_id.is_none());
            let action = if takes_free { Action::WorkTask } else { Action::AssignTask };
            let held = deed.open_for(action, &models, tasks).await?;
            if let Some(to) = to {
                deed.check_given(&models, |_| Some(to)).await?;
            }
            held.permits().give(models.into_iter().map(|m| (m, to)).collect()).await
        })
        .await
    }

    /// Gives each task to its own person, all or none.
    ///
    /// # Errors
    /// As for giving many to one.
    pub async fn assign_each(&self, pairs: &HashMap<SeenTask, PersonId>) -> Result<UndoId> {
        self.write(|deed| async move {
            let tasks: Vec<SeenTask> = pairs.keys().copied().collect();
            let models = deed.chosen(&ids_of(&tasks)).await?;
            let held = deed.open_for(Action::AssignTask, &models, &tasks).await?;
            let given: HashMap<TaskId, PersonId> = pairs.iter().map(|(task, who)| (task.id, *who)).collect();
            let to = |id: TaskId| given.get(&id).copied();
            deed.check_given(&models, to).await?;
            held.permits().give(models.into_iter().map(|m| (m.clone(), to(TaskId(m.id)))).collect()).await
        })
        .await
    }

    /// Refuses where somebody may not be given a task, with the clients where there are several.
    async fn check_given(&self, models: &[task::Model], to: impl Fn(TaskId) -> Option<PersonId>) -> Result<()> {
        let ids: Vec<TaskId> = models.iter().map(|m| TaskId(m.id)).collect();
        let may: HashMap<TaskId, Vec<PersonId>> = self.candidates_each(&ids).await?.into_iter().collect();
        let fits = |id: TaskId| to(id).is_some_and(|to| may.get(&id).is_some_and(|may| may.contains(&to)));
        let closed: Vec<task::Model> = models.iter().filter(|m| !fits(TaskId(m.id))).cloned().collect();
        if closed.is_empty() {
            return Ok(());
        }
        let one = models.len() == 1;
        let rule = if one { Rule::NoRight } else { Rule::NoRightTo(self.names_of_tasks(&closed).await?) };
        Err(Refusal::invalid("assignee", rule).into())
    }

    async fn name_or_nobody(&self, who: Option<PersonId>) -> Result<String> {
        match who {
            Some(who) => self.staff_name(who).await,
            None => Ok(String::new()),
        }
    }

    /// The tasks with these ids, each of which must be seen and open.
    pub(crate) async fn chosen(&self, ids: &[TaskId]) -> Result<Vec<task::Model>> {
        let mut ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() || ids.len() > MOST {
            let rule = if ids.is_empty() { Rule::Required } else { Rule::TooMany };
            return Err(Refusal::invalid("task", rule).into());
        }
        let models = self.find::<task::Entity>(Action::See).filter(task::Column::Id.is_in(ids.clone()));
        let models = models.order_by_asc(task::Column::Id).all(&self.rows).await?;
        if models.len() != ids.len() {
            return Err(Refusal::NotFound.into());
        }
        if models.iter().any(|m| !m.open) {
            return Err(Refusal::invalid("task", Rule::Move).into());
        }
        Ok(models)
    }

    /// Tasks by their ids, those that are seen, open or closed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tasks_by_id(&self, ids: &[TaskId]) -> Result<Vec<TaskRow>> {
        let these = task::Column::Id.is_in(ids.iter().take(MOST).map(|id| id.0));
        let models = self.find::<task::Entity>(Action::See).filter(these).order_by_asc(task::Column::Id);
        self.task_rows(models.all(&self.rows).await?).await
    }

    /// The clients of tasks, by name: some of them, and a sign that there are more.
    pub(super) async fn names_of_tasks(&self, tasks: &[task::Model]) -> Result<Vec<String>> {
        let certificates: Vec<Uuid> = self.certificates_in(tasks).await?.iter().map(|id| id.0).collect();
        let of = self.clients_of(&certificates).await?;
        let alike = self.alike_in_refusal().await?;
        let first = |all: Vec<(ClientId, String)>| all.into_iter().next().map(|(id, name)| alike.named(id.0, name));
        let names: BTreeSet<String> = of.into_values().filter_map(first).collect();
        let more = (names.len() > NAMED).then(|| "…".to_owned());
        Ok(names.into_iter().take(NAMED).chain(more).collect())
    }

    async fn certificates_in(&self, tasks: &[task::Model]) -> Result<Vec<CertificateId>> {
        let rows = self
            .find::<task_certificate::Entity>(Action::See)
            .filter(task_certificate::Column::TaskId.is_in(tasks.iter().map(|t| t.id)))
            .all(&self.rows)
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

/// Which tasks they are.
pub(super) fn ids_of(tasks: &[SeenTask]) -> Vec<TaskId> {
    tasks.iter().map(|task| task.id).collect()
}

impl Deed {
    /// The tasks, held; refused where the action is closed on one of them, or where somebody has changed one since it was
    /// shown: then with the clients.
    pub(super) async fn open_for(
        &self,
        action: Action,
        models: &[task::Model],
        shown: &[SeenTask],
    ) -> Result<Held<Vec<task::Model>>> {
        let held = self.held_all::<task::Entity>(action, task::Column::Id.is_in(models.iter().map(|m| m.id))).await?;
        if held.len() != models.len() {
            return Err(Refusal::NotAllowed.into());
        }
        let stands = |m: &task::Model| shown.iter().all(|s| s.id.0 != m.id || s.revision == m.revision);
        let changed: Vec<task::Model> = held.iter().filter(|m| !stands(m)).cloned().collect();
        if changed.is_empty() {
            return Ok(held);
        }
        Err(Refusal::invalid("task", Rule::ChangedOf(self.names_of_tasks(&changed).await?)).into())
    }
}

impl Permitted {
    /// Writes who has which task, with the way back.
    async fn give(&self, given: Vec<(task::Model, Option<PersonId>)>) -> Result<Done<UndoId>> {
        let lines = self.write_given(&given).await?;
        let undo = self.remember(&Body::Changed(given.iter().map(|(m, _)| Before::of(m)).collect())).await?;
        Ok(self.done_with(lines).with(undo))
    }

    /// A few statements for each person, not for each task.
    pub(super) async fn write_given(&self, given: &[(task::Model, Option<PersonId>)]) -> Result<Vec<Entry>> {
        let mut by_person: BTreeMap<Option<PersonId>, Vec<&task::Model>> = BTreeMap::new();
        for (model, to) in given {
            by_person.entry(*to).or_default().push(model);
        }
        let mut lines = Vec::with_capacity(given.len());
        for (to, models) in by_person {
            let name = self.name_or_nobody(to).await?;
            let change = self
                .change::<task::Entity>(task::Column::Id.is_in(models.iter().map(|m| m.id)))
                .col_expr(task::Column::AssigneeId, Expr::value(to.map(|p| p.0)))
                .col_expr(task::Column::CoverFor, Expr::value(None::<Uuid>))
                .col_expr(task::Column::Revision, Expr::col(task::Column::Revision).add(1));
            self.run(change).await?;
            let events = models.iter().map(|m| self.event_row(TaskId(m.id), "assigned", Stage::Planned, &name));
            self.insert_all(events.collect()).await?;
            let models: Vec<task::Model> = models.into_iter().cloned().collect();
            lines.extend(self.task_entries(DeedKind::TaskAssigned, &models, |_| name.clone()).await?);
        }
        Ok(lines)
    }
}
