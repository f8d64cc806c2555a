//! Working a task: moving, assigning, commenting, closing with a successor.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::convert::{clock, task_codes};
use crate::core::deed::Permitted;
use crate::core::entity::{certificate, task, task_certificate, task_event};
use crate::tasks::undo::{Before, Body};
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::id::{CertificateId, TaskId, UndoId};
use domain::refusal::{Refusal, Rule};
use domain::task::{CONTRACT_ENDED, Check, Move, Need, Stage, StepFact};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, UpdateMany};
use std::collections::HashMap;
use uuid::Uuid;

impl ScopedStore {
    /// Moves a task to a stage that needs at most a reason, with the ticks that were made before.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Conflict`, or `Invalid` where the move is not in the table or lacks its reason, or
    /// where a step is left out without one.
    pub async fn move_task(&self, id: TaskId, wish: &Move) -> Result<Option<UndoId>> {
        let (to, why) = (wish.to, wish.why.trim());
        self.write(|deed| async move {
            let model = deed.task(Action::WorkTask, id).await?;
            allowed(&model, to)?;
            match to.need() {
                Need::Nothing => {}
                Need::Why if !why.is_empty() => {}
                Need::Why => return Err(Refusal::invalid("why", Rule::Required).into()),
                Need::Successor | Need::Revocation => return Err(Refusal::invalid("stage", Rule::Move).into()),
            }
            if why == CONTRACT_ENDED {
                return Err(Refusal::invalid("why", Rule::Unknown).into());
            }
            let deed = model.permits();
            let (set, cleared) = deed.tick(id, &wish.ticks).await?;
            if to == Stage::SystemsUpdated && deed.systems_wait(id).await? {
                return Err(Refusal::invalid("systems", Rule::SystemsWait).into());
            }
            if to == Stage::Done && why.is_empty() && deed.steps_open(id).await? {
                return Err(Refusal::invalid("open_steps", Rule::StepsOpen).into());
            }
            deed.staged(&model, to, wish.revision, |c| c.col_expr(task::Column::Why, Expr::value(why))).await?;
            if to == Stage::Cancelled {
                deed.take_back_loss(&model).await?;
            }
            deed.event(id, "moved", to, why).await?;
            let undo = match to.is_open() {
                true => Some(deed.remember(&Body::Changed(vec![Before::of(&model)])).await?),
                false => None,
            };
            let ticked = (set, cleared) != (0, 0);
            let ticks = deed.entry(DeedKind::StepTicked, &model, &format!("+{set} −{cleared}")).await?;
            let moved = deed.entry(DeedKind::TaskMoved, &model, to.code()).await?;
            Ok(deed.done_with(ticked.then_some(ticks).into_iter().chain([moved])).with(undo))
        })
        .await
    }
}

impl Permitted {
    /// A task opened by mistake takes its reports of loss with it: that of its opening and later ones.
    pub(crate) async fn take_back_loss(&self, model: &task::Model) -> Result<()> {
        let later = self
            .find::<task_event::Entity>(Action::See)
            .filter(task_event::Column::TaskId.eq(model.id))
            .filter(task_event::Column::Kind.eq("lost"))
            .all(&self.rows)
            .await?;
        let instants: Vec<i64> = later.iter().map(|event| event.at).chain([model.opened_at]).collect();
        for certificate in self.certificates_of_task(TaskId(model.id)).await? {
            let at = certificate::Column::LostAt.is_in(instants.iter().copied());
            let reported = certificate::Column::Id.eq(certificate.id).and(at);
            let change = self
                .change::<certificate::Entity>(reported)
                .col_expr(certificate::Column::LostAt, Expr::value(None::<i64>))
                .col_expr(certificate::Column::LostReason, Expr::value(None::<String>));
            self.run(change).await?;
        }
        Ok(())
    }
}

impl Permitted {
    /// Writes the new stage, the clock and, at the end, that the certificates are free for another task.
    pub(crate) async fn staged(
        &self,
        model: &task::Model,
        to: Stage,
        revision: i32,
        more: impl FnOnce(UpdateMany<task::Entity>) -> UpdateMany<task::Entity>,
    ) -> Result<()> {
        let clock = clock(model).moved(to, self.who.today.day);
        let change = self
            .change::<task::Entity>(task::Column::Id.eq(model.id))
            .filter(task::Column::Revision.eq(revision))
            .col_expr(task::Column::Stage, Expr::value(to.code()))
            .col_expr(task::Column::Open, Expr::value(to.is_open()))
            .col_expr(task::Column::StuckAt, Expr::value(stuck_at(model, to)))
            .col_expr(task::Column::Waited, Expr::value(i32::try_from(clock.waited).unwrap_or(i32::MAX)))
            .col_expr(task::Column::WaitingSince, Expr::value(clock.waiting_since))
            .col_expr(task::Column::CountsTo, Expr::value(clock.counts_to()))
            .col_expr(task::Column::Revision, Expr::value(revision.saturating_add(1)));
        self.run_one(more(change)).await?;
        let (.., from) = task_codes(model)?;
        if let Some(fact) = StepFact::shown_by(from, to) {
            self.tick_shown(TaskId(model.id), fact).await?;
        }
        if !to.is_open() {
            let free = self
                .change::<task_certificate::Entity>(task_certificate::Column::TaskId.eq(model.id))
                .col_expr(task_certificate::Column::Open, Expr::value(false));
            self.run(free).await?;
        }
        Ok(())
    }
}

impl ScopedStore {
    /// Certificates of a task, each of which the person may work on.
    pub(super) async fn worked_certificates(&self, id: TaskId) -> Result<Vec<certificate::Model>> {
        let all = self.certificates_of_task(id).await?;
        for certificate in &all {
            self.certificate(Action::WorkTask, CertificateId(certificate.id)).await?;
        }
        Ok(all)
    }

    /// Whether the person may move the task to a stage from where the page saw it.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Conflict`, `Invalid` for a move that is not in the table.
    pub async fn may_move(&self, id: TaskId, to: Stage, revision: i32) -> Result<()> {
        let model = self.task(Action::WorkTask, id).await?;
        if model.revision != revision {
            return Err(Refusal::Conflict.into());
        }
        allowed(&model, to)
    }

    /// Records who checked the old certificate, how and when.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Conflict`, or `Invalid` out of turn.
    pub async fn record_revocation(&self, id: TaskId, how: Check, note: &str, revision: i32) -> Result<()> {
        self.write(|deed| async move {
            let model = deed.task(Action::WorkTask, id).await?;
            allowed(&model, Stage::OldChecked)?;
            let old = deed.worked_certificates(id).await?;
            for certificate in &old {
                deed.seen_so(certificate, how, note).await?;
            }
            let deed = model.permits();
            let (now, person) = (deed.now_ms(), deed.who.person.0);
            deed.staged(&model, Stage::OldChecked, revision, |c| {
                c.col_expr(task::Column::CheckedBy, Expr::value(person))
                    .col_expr(task::Column::CheckHow, Expr::value(how.code()))
                    .col_expr(task::Column::CheckedAt, Expr::value(now))
                    .col_expr(task::Column::CheckNote, Expr::value(note.trim()))
            })
            .await?;
            if how.sees_revoked() {
                deed.tick_shown(id, StepFact::OldRevoked).await?;
            }
            crate::certificates::old_keys::checked(&deed, &old, how).await?;
            deed.event(id, "moved", Stage::OldChecked, how.code()).await?;
            Ok(deed.done(deed.entry(DeedKind::RevocationChecked, &model, how.code()).await?))
        })
        .await
    }

    pub(crate) async fn entry(&self, kind: DeedKind, model: &task::Model, about: &str) -> Result<Entry> {
        let lines = self.task_entries(kind, std::slice::from_ref(model), |_| about.to_owned()).await?;
        lines.into_iter().next().ok_or(Refusal::NotFound.into())
    }

    /// A line of history for each task: whose key it is about, and what happened. Two statements, however many.
    pub(crate) async fn task_entries(
        &self,
        kind: DeedKind,
        models: &[task::Model],
        about: impl Fn(&task::Model) -> String,
    ) -> Result<Vec<Entry>> {
        let mut first: HashMap<Uuid, (Uuid, String)> = HashMap::new();
        for part in models.chunks(500) {
            let rows: Vec<(Uuid, Uuid, String)> = self
                .find::<certificate::Entity>(Action::See)
                .join(JoinType::InnerJoin, crate::certificates::cards::part_of_task())
                .filter(task_certificate::Column::TaskId.is_in(part.iter().map(|m| m.id)))
                .select_only()
                .column(task_certificate::Column::TaskId)
                .columns([certificate::Column::Id, certificate::Column::Holder])
                .order_by_desc(certificate::Column::Purposes)
                .into_tuple()
                .all(&self.rows)
                .await?;
            for (task, certificate, holder) in rows {
                first.entry(task).or_insert((certificate, holder));
            }
        }
        let certificates: Vec<Uuid> = first.values().map(|(id, _)| *id).collect();
        let clients = self.clients_of(&certificates).await?;
        let line = |model: &task::Model| {
            let (certificate, holder) = first.get(&model.id).cloned().unwrap_or_default();
            let about = about(model);
            let about = if about.is_empty() { holder } else { format!("{holder}: {about}") };
            let client = clients.get(&certificate).and_then(|all| all.first()).map(|(id, _)| *id);
            Entry { client, ..Entry::new(kind, about).link(format!("/tasks/{}", TaskId(model.id))) }
        };
        Ok(models.iter().map(line).collect())
    }
}

/// Where a task that gets stuck stood, or got stuck before.
fn stuck_at(model: &task::Model, to: Stage) -> Option<String> {
    let stuck_already = Stage::parse(&model.stage).is_some_and(Stage::is_stuck);
    to.is_stuck().then(|| if stuck_already { model.stuck_at.clone() } else { Some(model.stage.clone()) }).flatten()
}

/// Refuses a move that is not in the table.
pub(super) fn allowed(model: &task::Model, to: Stage) -> Result<()> {
    let (_, _, _, stage) = task_codes(model)?;
    if stage.moves().contains(&to) { Ok(()) } else { Err(Refusal::invalid("stage", Rule::Move).into()) }
}
