//! Sharing tasks out by load: a preview in which every choice can be changed, then all at once.

use crate::form::{Fault, choices};
use crate::islands::LoadAfter;
use crate::pages::tasks::bulk::given;
use crate::parts::{avatar, empty, note, sheet, when};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{dates, text as t, words};
use axum::extract::Query;
use axum::http::StatusCode;
use axum_extra::extract::Form;
use domain::access::Action;
use domain::id::{PersonId, TaskId};
use domain::load::{spread, weight_of};
use domain::person::{Load, Role};
use domain::refusal::Refusal;
use domain::task::{SeenTask, TaskFilter, TaskRow, TaskView};
use leptos::prelude::*;
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

struct Data {
    rows: Vec<TaskRow>,
    may: HashMap<TaskId, Vec<PersonId>>,
    chosen: HashMap<TaskId, PersonId>,
    weights: HashMap<TaskId, i64>,
    loads: Arc<Vec<Load>>,
    back: String,
}

impl Data {
    /// Whether somebody has one of the tasks already.
    fn given(&self) -> bool {
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
    propose(seat, &ids, picked.back).await
}

/// How these tasks could be shared out.
pub async fn propose(seat: Seat, ids: &[TaskId], back: String) -> Reply {
    lead(&seat)?;
    let rows = seat.desk.tasks_by_id(ids).await?;
    if rows.is_empty() {
        return Err(Refused(Refusal::NotFound));
    }
    let data = data(&seat, rows, back).await?;
    Ok(respond(&seat.viewer, StatusCode::OK, &data, &Fault::default()))
}

async fn data(seat: &Seat, mut rows: Vec<TaskRow>, back: String) -> Result<Data, Refusal> {
    rows.retain(|r| r.stage.is_open());
    let loads = seat.desk.loads().await?;
    if rows.is_empty() {
        return Ok(Data { rows, may: HashMap::new(), chosen: HashMap::new(), weights: HashMap::new(), loads, back });
    }
    let ids: Vec<TaskId> = rows.iter().map(|r| r.id).collect();
    let may: HashMap<TaskId, Vec<PersonId>> = seat.desk.candidates_each(&ids).await?.into_iter().collect();
    let mut carried: HashMap<PersonId, i64> = loads.iter().map(|l| (l.person.id, l.tasks.weight())).collect();
    rows.sort_by_key(|r| r.clock.due);
    // Leads and owners may take anything, but carry the firm besides: accountants come first, then leads.
    let role = |p: &PersonId| loads.iter().find(|l| l.person.id == *p).map(|l| l.person.role);
    let first = |id: &TaskId| {
        let all = may.get(id).cloned().unwrap_or_default();
        let of = |wanted: Role| all.iter().copied().filter(|p| role(p) == Some(wanted)).collect::<Vec<_>>();
        let ranks = [Role::Accountant, Role::Lead].map(of);
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
    Ok(Data { rows, may, chosen, weights, loads, back })
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

fn respond(v: &Viewer, status: StatusCode, d: &Data, fault: &Fault) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let n = i64::try_from(d.rows.len()).unwrap_or(0);
        let body = if d.rows.is_empty() {
            let way = view! { <a class="btn" href="/tasks">{t::today::to_board(l)}</a> }.into_any();
            let nothing = empty(t::share::nothing(l), t::share::nothing_text(l), way);
            match fault.any(l) {
                Some(why) => view! { <div role="alert">{note("risk", why)}</div> }.into_any(),
                None => nothing,
            }
        } else {
            let given = d.given();
            let lines = d.rows.iter().map(|row| line(v, d, row)).collect_view();
            view! {
                {fault.any(l).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
                <form method="post" action="/tasks/by-load/assign" class="cols">
                    <input type="hidden" name="back" value=d.back.clone()/>
                    <div class="sheet"><table class="t flow"><thead><tr><th scope="col">{t::task::due(l)}</th>
                        <th scope="col">{t::client::one(l)}</th>{given.then(|| view! { <th scope="col">{t::share::now(l)}</th> })}<th scope="col">
                        {t::share::to(l)}</th></tr></thead><tbody>{lines}</tbody></table>
                        <div class="pad"><button class="btn main">{t::share::assign(l, n)}</button></div></div>
                    <div class="stack">{sheet(t::share::load(l), None, ().into_any(), loads(v, d))}</div>
                </form>
            }
            .into_any()
        };
        Sheet {
            room: Room::Tasks,
            title: t::share::title(l).into(),
            hint: t::task::count(l, n),
            actions: ().into_any(),
            body,
        }
    })
}

fn line(v: &Viewer, d: &Data, row: &TaskRow) -> AnyView {
    let l = v.lang;
    let who = |id: &PersonId| d.loads.iter().find(|p| p.person.id == *id);
    let own = d.may.get(&row.id).map_or(&[][..], Vec::as_slice);
    let options = own.iter().filter_map(who).map(|p| {
        let carries = t::share::carries(l, &p.person.name, p.tasks.weight());
        (format!("{}:{}", row.seen(), p.person.id), carries)
    });
    let options: Vec<(String, String)> = options.collect();
    let chosen = d.chosen.get(&row.id).map(|who| format!("{}:{who}", row.seen())).unwrap_or_default();
    let client = row.clients.first().map_or_else(|| row.holder.clone(), |(_, name)| name.clone());
    let label = format!("{}: {client}", t::share::to(l));
    let pick = if options.is_empty() {
        view! { <span class="mute">{t::share::nobody_may(l)}</span> }.into_any()
    } else {
        let weight = d.weights.get(&row.id).copied().unwrap_or(1);
        let had = row.assignee.as_ref().map(|(who, _)| who.to_string());
        view! { <select class="pick" name="to" aria-label=label data-weight=weight data-had=had>
        {choices(&chosen, options)}</select> }
        .into_any()
    };
    view! {
        <tr><td class="p-wide">{when(dates::plain(l, row.clock.due, v.today))}</td>
            <th scope="row" class="most"><a href=format!("/tasks/{}", row.id)>{client}</a>" "<span class="sub">
                {words::reason(l, row.reason).to_lowercase()}</span></th>
            {d.given().then(|| view! { <td>{row.assignee.as_ref().map(|(_, name)| domain::person::short_name(name))}</td> })}<td class="choice p-wide">
                {pick}</td></tr>
    }
    .into_any()
}

/// Before and after, by what the tasks weigh.
fn loads(v: &Viewer, d: &Data) -> AnyView {
    let l = v.lang;
    let mut then: HashMap<PersonId, i64> = d.loads.iter().map(|p| (p.person.id, p.tasks.weight())).collect();
    for row in &d.rows {
        let Some(to) = d.chosen.get(&row.id) else { continue };
        let weight = d.weights.get(&row.id).copied().unwrap_or(1);
        if let Some((had, _)) = &row.assignee {
            *then.entry(*had).or_default() -= weight;
        }
        *then.entry(*to).or_default() += weight;
    }
    let after = |p: &Load| then.get(&p.person.id).copied().unwrap_or(0);
    let may = |p: &Load| d.may.values().any(|may| may.contains(&p.person.id));
    let mut shown: Vec<&Load> =
        d.loads.iter().filter(|p| p.person.active && (p.tasks.open > 0 || after(p) > 0 || may(p))).collect();
    shown.sort_by_key(|p| -after(p));
    let most = shown.iter().map(|p| after(p)).max().unwrap_or(1);
    let lines = shown.into_iter().map(|p| {
        let (now, then) = (p.tasks.weight(), after(p));
        let label = crate::pages::tasks::form::burden(l, &p.person.name, p.tasks);
        let who = p.person.id.to_string();
        view! { <li data-who=who data-now=now>{avatar(Some(&p.person.name))}<span class="cut">{domain::person::short_name(&p.person.name)}</span>
        <meter min="0" max=most value=then aria-label=label></meter><span class="end num">{now}<span class="then" hidden={now == then}>" → "<b>{then}</b></span></span></li> }
    });
    view! { <ul class="load">{lines.collect_view()}</ul><LoadAfter/><p class="pad hint">{t::share::weight(l)}</p> }
        .into_any()
}
