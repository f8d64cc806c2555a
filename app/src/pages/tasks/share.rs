//! Sharing tasks out by load: a preview in which every choice can be changed, then all at once.

use crate::form::Fault;
use crate::pages::tasks::bulk::given;
use crate::pages::tasks::share_view::respond;
use crate::seat::{Refused, Reply, Seat};
use crate::shell::back_to;
use crate::text as t;
use axum::extract::Query;
use axum::http::StatusCode;
use axum_extra::extract::Form;
use domain::access::Action;
use domain::id::{PersonId, TaskId};
use domain::load::{spread, weight_of};
use domain::person::{Lang, Load, Role};
use domain::refusal::Refusal;
use domain::task::{SeenTask, TaskFilter, TaskRow, TaskView};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    view: String,
    /// Where one goes back to.
    back: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Picked {
    task: Vec<String>,
    /// The address of the list.
    back: String,
    /// Id of the one person to whom everything is proposed; empty where it is shared out.
    all: String,
}

/// Pairs of task and person, parted by a colon.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    to: Vec<String>,
    /// Where the tasks were chosen.
    back: String,
}

impl Typed {
    /// Each task once; refused where one cannot be read or stands twice.
    fn pairs(&self) -> Result<HashMap<SeenTask, PersonId>, Refusal> {
        let pair = |text: &String| {
            let (task, who) = text.split_once(':')?;
            Some((task.parse::<SeenTask>().ok()?, who.parse().ok()?))
        };
        let pairs: Vec<(SeenTask, PersonId)> =
            self.to.iter().map(|text| pair(text).ok_or(Refusal::NotFound)).collect::<Result<_, _>>()?;
        let once: HashMap<TaskId, SeenTask> = pairs.iter().map(|(task, _)| (task.id, *task)).collect();
        if once.len() < pairs.len() { Err(Refusal::NotFound) } else { Ok(pairs.into_iter().collect()) }
    }
}

pub(super) struct Data {
    pub(super) rows: Vec<TaskRow>,
    pub(super) may: HashMap<TaskId, Vec<PersonId>>,
    pub(super) chosen: HashMap<TaskId, PersonId>,
    pub(super) weights: HashMap<TaskId, i64>,
    pub(super) loads: Arc<Vec<Load>>,
    pub(super) back: String,
    /// To whom everything was asked to go.
    pub(super) one: Option<PersonId>,
}

impl Data {
    /// Proposes everything to one person; what they may not have stays with whoever was proposed.
    fn give_all(&mut self, one: PersonId) {
        let theirs = self.may.iter().filter(|(_, may)| may.contains(&one));
        self.chosen.extend(theirs.map(|(task, _)| (*task, one)));
        self.one = Some(one);
    }

    /// Says which tasks the one person gets not.
    pub(super) fn left_over(&self, l: Lang) -> Option<String> {
        let one = self.one?;
        let rest = self.rows.iter().filter(|row| self.chosen.get(&row.id) != Some(&one)).count();
        (rest > 0).then(|| t::share::rest_to_others(l, i64::try_from(rest).unwrap_or(i64::MAX)))
    }

    /// Whether somebody has one of the tasks already.
    pub(super) fn given(&self) -> bool {
        self.rows.iter().any(|row| row.assignee.is_some())
    }
}

fn lead(seat: &Seat) -> Result<(), Refusal> {
    if seat.viewer.may(Action::AssignTask) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

/// All tasks of a view: by default those that nobody has.
pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    lead(&seat)?;
    let view = TaskView::parse(&asked.view).unwrap_or(TaskView::Unassigned);
    let rows = seat.desk.tasks(&TaskFilter::from(view)).await?;
    let data = data(&seat, rows.to_vec(), asked.back).await?;
    Ok(respond(&seat.viewer, StatusCode::OK, &data, &Fault::default()))
}

/// What was ticked in a list.
pub async fn choose(seat: Seat, Form(picked): Form<Picked>) -> Reply {
    lead(&seat)?;
    let ids: Vec<TaskId> =
        picked.task.iter().filter_map(|task| task.parse::<SeenTask>().ok()).map(|task| task.id).collect();
    if ids.is_empty() {
        return Ok(back_to("/tasks?form=list", "", None));
    }
    propose(seat, &ids, picked.back, picked.all.parse().ok()).await
}

/// How these tasks could be shared out, or which of them `one` person may have.
pub async fn propose(seat: Seat, ids: &[TaskId], back: String, one: Option<PersonId>) -> Reply {
    lead(&seat)?;
    let rows = seat.desk.tasks_by_id(ids).await?;
    if rows.is_empty() {
        return Err(Refused(Refusal::NotFound));
    }
    let mut data = data(&seat, rows, back).await?;
    if let Some(one) = one {
        data.give_all(one);
    }
    Ok(respond(&seat.viewer, StatusCode::OK, &data, &Fault::default()))
}

async fn data(seat: &Seat, mut rows: Vec<TaskRow>, back: String) -> Result<Data, Refusal> {
    rows.retain(|r| r.stage.is_open());
    let loads = seat.desk.loads().await?;
    if rows.is_empty() {
        return Ok(Data {
            rows,
            may: HashMap::new(),
            chosen: HashMap::new(),
            weights: HashMap::new(),
            loads,
            back,
            one: None,
        });
    }
    let ids: Vec<TaskId> = rows.iter().map(|r| r.id).collect();
    let may: HashMap<TaskId, Vec<PersonId>> = seat.desk.candidates_each(&ids).await?.into_iter().collect();
    let mut carried: HashMap<PersonId, i64> = loads.iter().map(|l| (l.person.id, l.tasks.weight())).collect();
    rows.sort_by_key(|r| r.clock.due);
    // Leads and owners may take anything, but carry the firm besides: accountants come first, then leads. Of whom only a
    // part of the load is known nobody can say that they carry least.
    let load = |p: &PersonId| loads.iter().find(|l| l.person.id == *p);
    let first = |id: &TaskId| {
        let all = may.get(id).cloned().unwrap_or_default();
        let of = |wanted: Role, partial: bool| {
            let fits = |l: &Load| l.person.role == wanted && l.tasks.partial == partial;
            all.iter().copied().filter(|p| load(p).is_some_and(fits)).collect::<Vec<_>>()
        };
        let ranks = [(Role::Accountant, false), (Role::Accountant, true), (Role::Lead, false)]
            .map(|(role, partial)| of(role, partial));
        ranks.into_iter().find(|people| !people.is_empty()).unwrap_or(all)
    };
    let weights: HashMap<TaskId, i64> =
        rows.iter().map(|r| (r.id, weight_of(&r.clock, seat.viewer.today.day))).collect();
    // Whoever has one of them already gives it back before it is shared out.
    for (who, weight) in rows.iter().filter_map(|r| Some((r.assignee.as_ref()?.0, weights.get(&r.id)?))) {
        *carried.entry(who).or_default() -= weight;
    }
    let things: Vec<(TaskId, i64, Vec<PersonId>)> =
        rows.iter().map(|r| (r.id, weights.get(&r.id).copied().unwrap_or(1), first(&r.id))).collect();
    let chosen = spread(&things, &mut carried, usize::MAX).into_iter().filter_map(|(id, to)| Some((id, to?))).collect();
    Ok(Data { rows, may, chosen, weights, loads, back, one: None })
}

pub async fn assign(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    lead(&seat)?;
    let pairs = typed.pairs()?;
    if pairs.is_empty() {
        return Ok(back_to("/tasks/by-load", "tick_tasks", None));
    }
    let ids: Vec<TaskId> = pairs.keys().map(|task| task.id).collect();
    let had = seat.desk.tasks_by_id(&ids).await?;
    let had = |task: &SeenTask| had.iter().find(|row| row.id == task.id)?.assignee.as_ref().map(|(who, _)| *who);
    let changed = pairs.iter().filter(|(task, to)| had(task) != Some(**to)).count();
    match seat.desk.assign_each(&pairs).await {
        Ok(undo) => {
            let said = given(pairs.values().next().copied(), changed);
            let back = if typed.back.is_empty() { "/tasks?form=people&view=all" } else { &typed.back };
            Ok(back_to(back, &said, Some(undo)))
        }
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            let mut data = data(&seat, seat.desk.tasks_by_id(&ids).await?, typed.back).await?;
            data.chosen.extend(pairs.into_iter().map(|(task, who)| (task.id, who)));
            Ok(respond(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, &data, &fault))
        }
    }
}
