//! Checklists: the templates of the office and the steps of a task.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{step_template, task_step};
use crate::core::fresh;
use crate::core::whoever::{exists, find_whoever_asks};
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::id::{StepId, TaskId};
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::task::{NewTask, Route, Step, StepFact, StepLine, StepTemplate, Ticks};
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set, UpdateMany};
use std::collections::HashMap;
use uuid::Uuid;

/// The steps of a new task: the lines of its reason and route, and those of any.
pub fn for_task(id: TaskId, new: &NewTask, templates: &[StepTemplate]) -> Vec<task_step::ActiveModel> {
    let fits = |t: &&StepLine| t.reason.is_none_or(|r| r == new.reason) && t.route.is_none_or(|r| r == new.route);
    let line = |(n, t): (usize, &StepLine)| {
        let [ru, kk, en] = t.text.clone();
        task_step::ActiveModel {
            task_id: Set(id.0),
            place: Set(i32::try_from(n).unwrap_or(i32::MAX)),
            text_ru: Set(ru),
            text_kk: Set(kk),
            text_en: Set(en),
            done_by: Set(None),
            done_at: Set(None),
            system: Set(false),
            fact: Set(t.fact.map(|f| f.code().into())),
        }
    };
    templates.iter().map(|t| &t.line).filter(fits).enumerate().map(line).collect()
}

impl ScopedStore {
    /// The lines of the templates in their order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn step_templates(&self) -> Result<Vec<StepTemplate>> {
        let rows = self
            .find::<step_template::Entity>(Action::See)
            .order_by_asc(step_template::Column::Place)
            .order_by_asc(step_template::Column::Id)
            .all(&self.rows)
            .await?;
        Ok(rows
            .into_iter()
            .map(|t| StepTemplate {
                id: StepId(t.id),
                line: StepLine {
                    reason: t.reason.as_deref().and_then(Reason::parse),
                    route: t.route.as_deref().and_then(Route::parse),
                    fact: t.fact.as_deref().and_then(StepFact::parse),
                    place: t.place,
                    text: [t.text_ru, t.text_kk, t.text_en],
                },
            })
            .collect())
    }

    /// Writes a line of the templates: a new one, or the one with this id. Open tasks keep their steps.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, `Invalid` where no language has a text.
    pub async fn set_step_template(&self, id: Option<StepId>, line: StepLine) -> Result<()> {
        let line = &line;
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            if line.text.iter().all(|t| t.trim().is_empty()) {
                return Err(Refusal::invalid("text_ru", Rule::Required).into());
            }
            let about = line.text.iter().find(|t| !t.is_empty()).cloned().unwrap_or_default();
            let [ru, kk, en] = line.text.clone();

            if let Some(id) = id {
                let change = deed
                    .change::<step_template::Entity>(step_template::Column::Id.eq(id.0))
                    .col_expr(step_template::Column::Reason, Expr::value(line.reason.map(Reason::code)))
                    .col_expr(step_template::Column::Route, Expr::value(line.route.map(Route::code)))
                    .col_expr(step_template::Column::Fact, Expr::value(line.fact.map(StepFact::code)))
                    .col_expr(step_template::Column::Place, Expr::value(line.place))
                    .col_expr(step_template::Column::TextRu, Expr::value(ru))
                    .col_expr(step_template::Column::TextKk, Expr::value(kk))
                    .col_expr(step_template::Column::TextEn, Expr::value(en));
                if deed.run(change).await? == 0 {
                    return Err(Refusal::NotFound.into());
                }
            } else {
                deed.insert(step_template::ActiveModel {
                    id: Set(fresh::id()),
                    reason: Set(line.reason.map(|r| r.code().into())),
                    route: Set(line.route.map(|r| r.code().into())),
                    fact: Set(line.fact.map(|f| f.code().into())),
                    place: Set(line.place),
                    text_ru: Set(ru),
                    text_kk: Set(kk),
                    text_en: Set(en),
                })
                .await?;
            }
            Ok(deed.done(Entry::new(DeedKind::StepsChanged, about).link("/office/steps")))
        })
        .await
    }

    /// Takes a line out of the templates.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`.
    pub async fn remove_step_template(&self, id: StepId) -> Result<()> {
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            let row = deed.one::<step_template::Entity>(Action::Settings, step_template::Column::Id.eq(id.0)).await?;

            deed.remove::<step_template::Entity>(step_template::Column::Id.eq(id.0)).await?;
            Ok(deed.done(Entry::new(DeedKind::StepsChanged, row.text_ru).link("/office/steps")))
        })
        .await
    }

    pub(crate) async fn steps_of(&self, id: TaskId, name: &impl Fn(Uuid) -> String) -> Result<Vec<Step>> {
        let rows = self
            .find::<task_step::Entity>(Action::See)
            .filter(task_step::Column::TaskId.eq(id.0))
            .order_by_asc(task_step::Column::Place)
            .all(&self.rows)
            .await?;
        Ok(rows
            .into_iter()
            .map(|s| Step {
                place: s.place,
                text: [s.text_ru, s.text_kk, s.text_en],
                system: s.system,
                fact: s.fact.as_deref().and_then(StepFact::parse),
                done: s.done_by.zip(s.done_at).map(|(by, at)| (name(by), crate::core::convert::instant(at))),
            })
            .collect())
    }

    /// Done and all steps of tasks.
    pub(crate) async fn step_counts(&self, tasks: &[Uuid]) -> Result<HashMap<Uuid, (usize, usize)>> {
        let rows = self
            .find::<task_step::Entity>(Action::See)
            .filter(task_step::Column::TaskId.is_in(tasks.iter().copied()))
            .all(&self.rows)
            .await?;
        let mut out: HashMap<Uuid, (usize, usize)> = HashMap::new();
        for step in rows {
            let (done, all) = out.entry(step.task_id).or_default();
            *done += usize::from(step.done_at.is_some());
            *all += 1;
        }
        Ok(out)
    }

    /// Ticks steps of a task and clears those that were ticked when the page was made and are no longer; what
    /// colleagues ticked meanwhile stays, and a tick keeps who set it first.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` for a closed task.
    pub async fn tick_steps(&self, id: TaskId, ticks: &Ticks) -> Result<()> {
        self.write(|deed| async move {
            let model = deed.task(Action::WorkTask, id).await?;
            if !model.open {
                return Err(Refusal::invalid("step", Rule::Move).into());
            }
            let (set, cleared) = model.permits().tick(id, ticks).await?;
            if (set, cleared) == (0, 0) {
                return Ok(deed.nothing());
            }
            Ok(deed.done(deed.entry(DeedKind::StepTicked, &model, &format!("+{set} −{cleared}")).await?))
        })
        .await
    }
}

impl Permitted {
    /// Writes ticks; how many were set and cleared.
    pub(super) async fn tick(&self, id: TaskId, ticks: &Ticks) -> Result<(u64, u64)> {
        // Only places that there are: a request may name any number of others.
        let places: Vec<i32> = find_whoever_asks::<task_step::Entity>()
            .filter(task_step::Column::TaskId.eq(id.0))
            .select_only()
            .column(task_step::Column::Place)
            .into_tuple()
            .all(&self.rows)
            .await?;
        let (ticked, others): (Vec<i32>, Vec<i32>) = places.into_iter().partition(|place| ticks.ticked.contains(place));
        let gone = others.into_iter().filter(|place| ticks.were.contains(place));
        let set = self
            .change::<task_step::Entity>(open_steps(id))
            .filter(task_step::Column::Place.is_in(ticked))
            .col_expr(task_step::Column::DoneBy, Expr::value(self.who.person.0))
            .col_expr(task_step::Column::DoneAt, Expr::value(self.now_ms()));
        let ticked = task_step::Column::TaskId.eq(id.0).and(task_step::Column::DoneAt.is_not_null());
        let cleared = clear(self.change::<task_step::Entity>(ticked).filter(task_step::Column::Place.is_in(gone)));
        Ok((self.run(set).await?, self.run(cleared).await?))
    }

    /// Ticks the steps that something has shown to be done.
    pub(super) async fn tick_shown(&self, id: TaskId, fact: StepFact) -> Result<()> {
        let set = self
            .change::<task_step::Entity>(open_steps(id))
            .filter(task_step::Column::Fact.eq(fact.code()))
            .col_expr(task_step::Column::DoneBy, Expr::value(self.who.person.0))
            .col_expr(task_step::Column::DoneAt, Expr::value(self.now_ms()));
        self.run(set).await?;
        Ok(())
    }

    /// Clears what a move at this instant has ticked by itself, which the same person takes back.
    pub(super) async fn untick_shown(&self, id: TaskId, fact: StepFact, at_ms: i64) -> Result<()> {
        let ticked = task_step::Column::TaskId.eq(id.0).and(task_step::Column::DoneAt.eq(at_ms));
        let mine = ticked.and(task_step::Column::DoneBy.eq(self.who.person.0));
        let cleared = clear(self.change::<task_step::Entity>(mine.and(task_step::Column::Fact.eq(fact.code()))));
        self.run(cleared).await?;
        Ok(())
    }

    /// Whether a step of a task is not ticked.
    pub(super) async fn steps_open(&self, id: TaskId) -> Result<bool> {
        exists::<task_step::Entity>(&self.rows, open_steps(id)).await
    }
}

fn open_steps(id: TaskId) -> SimpleExpr {
    task_step::Column::TaskId.eq(id.0).and(task_step::Column::DoneAt.is_null())
}

fn clear(change: UpdateMany<task_step::Entity>) -> UpdateMany<task_step::Entity> {
    change
        .col_expr(task_step::Column::DoneBy, Expr::value(None::<Uuid>))
        .col_expr(task_step::Column::DoneAt, Expr::value(None::<i64>))
}
