//! The days of a task: when it is due, when the owner has time.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::convert::clock;
use crate::core::deed::Permitted;
use crate::core::entity::task;
use crate::tasks::undo::{Before, Body};
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::Action;
use domain::audit::DeedKind;
use domain::id::{TaskId, UndoId};
use domain::refusal::{Refusal, Rule};
use domain::task::{Stage, is_plannable};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _};

impl ScopedStore {
    /// Changes the due day.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Conflict`, also where the task is closed.
    pub async fn set_due(&self, id: TaskId, due: NaiveDate, revision: i32) -> Result<UndoId> {
        self.write(|deed| async move {
            let model = deed.task(Action::WorkTask, id).await?;
            if !model.open {
                return Err(Refusal::Conflict.into());
            }
            let deed = model.permits();
            deed.make_due(&model, due, revision).await?;
            deed.event(id, "due", Stage::Planned, &due.to_string()).await?;
            let undo = deed.remember(&Body::Changed(vec![Before::of(&model)])).await?;
            let line = deed.entry(DeedKind::TaskChanged, &model, &moved(model.due, due)).await?;
            Ok(deed.done(line).with(undo))
        })
        .await
    }

    /// Writes down when the owner has time, or that nothing is agreed.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Conflict`, also where the task is closed.
    pub async fn set_agreed(&self, id: TaskId, at: Option<DateTime<Utc>>, revision: i32) -> Result<UndoId> {
        self.write(|deed| async move {
            let model = deed.task(Action::WorkTask, id).await?;
            if !model.open {
                return Err(Refusal::Conflict.into());
            }
            let deed = model.permits();
            let change = deed
                .change::<task::Entity>(task::Column::Id.eq(id.0))
                .filter(task::Column::Revision.eq(revision))
                .col_expr(task::Column::AgreedAt, Expr::value(at.map(|at| at.timestamp_millis())))
                .col_expr(task::Column::Revision, Expr::value(revision.saturating_add(1)));
            deed.run_one(change).await?;
            let undo = deed.remember(&Body::Changed(vec![Before::of(&model)])).await?;
            let about = at.map(|at| at.format("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
            deed.event(id, "agreed", Stage::Planned, &at.map(|at| at.to_rfc3339()).unwrap_or_default()).await?;
            Ok(deed.done(deed.entry(DeedKind::TaskChanged, &model, &about).await?).with(undo))
        })
        .await
    }
}

impl Permitted {
    pub(super) async fn make_due(&self, model: &task::Model, due: NaiveDate, revision: i32) -> Result<()> {
        if !is_plannable(due, self.who.today.day) {
            return Err(Refusal::invalid("due", Rule::DayLongPast).into());
        }
        let mut clock = clock(model);
        clock.due = due;
        let change = self
            .change::<task::Entity>(task::Column::Id.eq(model.id))
            .filter(task::Column::Revision.eq(revision))
            .col_expr(task::Column::Due, Expr::value(due))
            .col_expr(task::Column::CountsTo, Expr::value(clock.counts_to()))
            .col_expr(task::Column::Revision, Expr::value(revision.saturating_add(1)));
        self.run_one(change).await
    }
}

/// What history says of another due day.
pub(super) fn moved(from: NaiveDate, to: NaiveDate) -> String {
    format!("{from} → {to}")
}
