//! Acts on many tasks at once: all or none.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::entity::task;
use crate::tasks::assign::ids_of;
use crate::tasks::days::moved;
use crate::tasks::moves::allowed;
use crate::tasks::undo::{Before, Body};
use chrono::NaiveDate;
use domain::access::Action;
use domain::audit::DeedKind;
use domain::id::{TaskId, UndoId};
use domain::refusal::{Refusal, Rule};
use domain::task::{SeenTask, Stage};

impl ScopedStore {
    /// Changes the due day of many open tasks, all or none.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` where one is closed or was changed since it was seen, or there are none or too
    /// many.
    pub async fn set_due_of(&self, tasks: &[SeenTask], due: NaiveDate) -> Result<UndoId> {
        self.write(|deed| async move {
            let models = deed.chosen(&ids_of(tasks)).await?;
            let held = deed.open_for(Action::WorkTask, &models, tasks).await?;
            let deed = held.permits();
            for model in &models {
                deed.make_due(model, due, model.revision).await?;
            }
            let said = |m: &task::Model| deed.event_row(TaskId(m.id), "due", Stage::Planned, &due.to_string());
            deed.insert_all(models.iter().map(said).collect()).await?;
            let undo = deed.remember(&Body::Changed(models.iter().map(Before::of).collect())).await?;
            let lines = deed.task_entries(DeedKind::TaskChanged, &models, |m| moved(m.due, due)).await?;
            Ok(deed.done_with(lines).with(undo))
        })
        .await
    }

    /// Moves many open tasks to a stage that asks for nothing.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` where one cannot go there or was changed since it was seen, or there are none
    /// or too many.
    pub async fn move_tasks(&self, tasks: &[SeenTask], to: Stage) -> Result<UndoId> {
        if !Stage::FOR_MANY.contains(&to) {
            return Err(Refusal::invalid("stage", Rule::Move).into());
        }
        self.write(|deed| async move {
            let models = deed.chosen(&ids_of(tasks)).await?;
            let held = deed.open_for(Action::WorkTask, &models, tasks).await?;
            let deed = held.permits();
            let stay: Vec<_> = models.iter().filter(|model| allowed(model, to).is_err()).cloned().collect();
            if !stay.is_empty() {
                return Err(Refusal::invalid("stage", Rule::CannotGo(deed.names_of_tasks(&stay).await?)).into());
            }
            for model in &models {
                deed.staged(model, to, model.revision, |change| change).await?;
                deed.event(TaskId(model.id), "moved", to, "").await?;
            }
            let undo = deed.remember(&Body::Changed(models.iter().map(Before::of).collect())).await?;
            let lines = deed.task_entries(DeedKind::TaskMoved, &models, |_| to.code().to_owned()).await?;
            Ok(deed.done_with(lines).with(undo))
        })
        .await
    }
}
