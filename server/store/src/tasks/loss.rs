//! A loss that is reported while a reissue is open: it turns the task's reason, route and due day.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::convert::{clock, task_codes};
use crate::core::entity::{certificate, task, task_step};
use crate::tasks::steps::for_task;
use domain::access::Action;
use domain::audit::DeedKind;
use domain::id::{CertificateId, TaskId};
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::task::{NewTask, Route, default_due};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, Set};

impl ScopedStore {
    /// Marks the certificates of an open task unusable from now on; the task goes on for this reason and on this way, and
    /// is due as such a loss is.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Conflict`, or `Invalid` where the reason takes no access or a new certificate is there.
    pub async fn report_loss(&self, id: TaskId, reason: Reason, route: Route, revision: i32) -> Result<()> {
        self.write(|deed| async move {
            let model = deed.task(Action::WorkTask, id).await?;
            let (.., stage) = task_codes(&model)?;
            if !reason.takes_access() {
                return Err(Refusal::invalid("reason", Rule::Unknown).into());
            }
            if !stage.is_open() || stage.has_successor() {
                return Err(Refusal::invalid("reason", Rule::Move).into());
            }
            let lost = deed.worked_certificates(id).await?;
            let off = deed.days_off().await?;
            let clock = clock(&model).pressed(default_due(reason, model.due, deed.who.today, &off), deed.who.today.day);
            let deed = model.permits();
            let now = deed.now_ms();
            let replaced = |c: &&certificate::Model| c.replaced_from.is_some_and(|from| from <= now);
            let usable = lost.iter().filter(|c| c.lost_at.is_none() && !replaced(c));
            deed.mark_lost(reason, usable.map(|c| c.id).collect()).await?;
            let change = deed
                .change::<task::Entity>(task::Column::Id.eq(id.0))
                .filter(task::Column::Revision.eq(revision))
                .col_expr(task::Column::Reason, Expr::value(reason.code()))
                .col_expr(task::Column::Route, Expr::value(route.code()))
                .col_expr(task::Column::Due, Expr::value(clock.due))
                .col_expr(task::Column::CountsTo, Expr::value(clock.counts_to()))
                .col_expr(task::Column::Waited, Expr::value(i32::try_from(clock.waited).unwrap_or(i32::MAX)))
                .col_expr(task::Column::WaitingSince, Expr::value(clock.waiting_since))
                .col_expr(task::Column::Revision, Expr::value(revision.saturating_add(1)));
            deed.run_one(change).await?;
            let new = NewTask {
                certificates: lost.iter().map(|c| CertificateId(c.id)).collect(),
                reason,
                route,
                assignee: None,
                due: clock.due,
                note: String::new(),
            };
            let steps = deed.steps_anew(id, &new).await?;
            deed.remove::<task_step::Entity>(task_step::Column::TaskId.eq(id.0)).await?;
            deed.insert_all(steps).await?;
            deed.event(id, "lost", stage, reason.code()).await?;
            Ok(deed.done(deed.entry(DeedKind::TaskChanged, &model, reason.code()).await?))
        })
        .await
    }

    /// The steps of the new reason and way, with the ticks that stand already. What was ticked of the old ones stays before
    /// them; what was not is no longer to be done.
    async fn steps_anew(&self, id: TaskId, new: &NewTask) -> Result<Vec<task_step::ActiveModel>> {
        let templates = self.step_templates().await?;
        let there = self.find::<task_step::Entity>(Action::See).filter(task_step::Column::TaskId.eq(id.0));
        let there = there.order_by_asc(task_step::Column::Place).all(&self.rows).await?;
        let wanted = for_task(id, new, &templates);
        let known = |s: &&task_step::Model| wanted.iter().any(|step| same_text(step, s));
        let stays = there.iter().filter(|s| (s.done_at.is_some() || s.system) && !known(s)).map(as_it_stands);
        let next = wanted
            .iter()
            .map(|step| there.iter().find(|s| same_text(step, s)).map_or_else(|| step.clone(), as_it_stands));
        let all = stays.chain(next);
        Ok((0..).zip(all).map(|(place, step)| task_step::ActiveModel { place: Set(place), ..step }).collect())
    }
}

fn as_it_stands(s: &task_step::Model) -> task_step::ActiveModel {
    task_step::ActiveModel {
        task_id: Set(s.task_id),
        place: Set(s.place),
        text_ru: Set(s.text_ru.clone()),
        text_kk: Set(s.text_kk.clone()),
        text_en: Set(s.text_en.clone()),
        done_by: Set(s.done_by),
        done_at: Set(s.done_at),
        system: Set(s.system),
        fact: Set(s.fact.clone()),
    }
}

fn same_text(step: &task_step::ActiveModel, there: &task_step::Model) -> bool {
    let new = [&step.text_ru, &step.text_kk, &step.text_en].map(|text| text.try_as_ref().map(String::as_str));
    new == [&there.text_ru, &there.text_kk, &there.text_en].map(|text| Some(text.as_str()))
}
