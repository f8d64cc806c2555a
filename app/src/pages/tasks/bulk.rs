//! Acts on many at once, and taking back what was just done.

use crate::form::{Fault, choice, day, optional, select, ticked};
use crate::pages::tasks::asked::Asked;
use crate::pages::tasks::list::{Chosen, respond};
use crate::pages::tasks::share;
use crate::parts::{Ticks, certificate_table, note, sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{text as t, words};
use axum::http::StatusCode;
use axum_extra::extract::Form;
use chrono::NaiveDate;
use domain::access::Action;
use domain::certificate::CertificateRow;
use domain::day::DaysOff;
use domain::id::{CertificateId, ClientId, PersonId, TaskId, UndoId};
use domain::person::Candidate;
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::standing::Standing;
use domain::task::{NewTask, Route, SeenTask, Stage, default_due};
use leptos::prelude::*;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What was chosen for the tasks that are ticked; which of it counts, the pressed button says.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Picked {
    task: Vec<String>,
    assignee: String,
    due: String,
    stage: String,
    /// The address of the list.
    back: String,
}

impl Picked {
    fn tasks(&self) -> Result<Vec<SeenTask>, Refusal> {
        let tasks: BTreeSet<SeenTask> =
            self.task.iter().map(|task| task.parse().map_err(|_| Refusal::NotFound)).collect::<Result<_, _>>()?;
        Ok(tasks.into_iter().collect())
    }
}

pub async fn assign(seat: Seat, Form(typed): Form<Picked>) -> Reply {
    let done = async {
        let (tasks, to) = (typed.tasks()?, given_to(&typed.assignee)?);
        Ok((seat.desk.assign_tasks(&tasks, to).await?, given(to, tasks.len())))
    };
    after(&seat, done.await, typed).await
}

pub async fn due(seat: Seat, Form(typed): Form<Picked>) -> Reply {
    let done = async {
        let (tasks, due) = (typed.tasks()?, day("due", &typed.due)?);
        let undo = seat.desk.set_due_of(&tasks, due).await?;
        Ok((undo, said_of_due(&seat, &tasks, due).await))
    };
    after(&seat, done.await, typed).await
}

/// The notice of a day that many tasks have now; of one that has passed, or that lies past the end of keys, it says so.
async fn said_of_due(seat: &Seat, tasks: &[SeenTask], due: NaiveDate) -> String {
    let ids: Vec<TaskId> = tasks.iter().map(|t| t.id).collect();
    let today = seat.viewer.today.day;
    let rows = seat.desk.tasks_by_id(&ids).await.unwrap_or_default();
    match rows.iter().filter(|row| row.is_past_end(due, today)).count() {
        _ if due < today => format!("due_of_past.{}", ids.len()),
        0 if !seat.desk.days_off().await.is_ok_and(|off| off.is_working(due)) => format!("due_of_off.{}", ids.len()),
        0 => format!("due_of.{}", ids.len()),
        late => format!("due_of_late.{}.{late}", ids.len()),
    }
}

pub async fn to_stage(seat: Seat, Form(typed): Form<Picked>) -> Reply {
    let done = async {
        let (tasks, to) = (typed.tasks()?, choice("stage", &typed.stage, Stage::parse)?);
        Ok((seat.desk.move_tasks(&tasks, to).await?, format!("moved_several.{}", tasks.len())))
    };
    after(&seat, done.await, typed).await
}

/// Back to the list, with the way back; or the list again with what was ticked and chosen.
async fn after(seat: &Seat, done: Result<(UndoId, String), Refusal>, typed: Picked) -> Reply {
    match done {
        Ok((undo, said)) => {
            let back = if typed.back.starts_with("/tasks") { typed.back.as_str() } else { "/tasks" };
            Ok(back_to(back, &said, Some(undo)))
        }
        Err(Refusal::Invalid { field: "task", rule: Rule::Required }) => {
            Ok(back_to(if typed.back.is_empty() { "/tasks" } else { &typed.back }, "tick_tasks", None))
        }
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            let asked = Asked::read(&typed.back);
            let Picked { task: tasks, assignee, due, stage, .. } = typed;
            let chosen = Chosen { tasks, assignee, due, stage };
            Ok(respond(seat, StatusCode::UNPROCESSABLE_ENTITY, &asked, &chosen, &fault).await?)
        }
    }
}

/// What a choice says that takes the assignee off.
pub const NOBODY: &str = "nobody";

/// To whom open tasks go. Who has chosen nothing has not decided.
pub fn given_to(typed: &str) -> Result<Option<PersonId>, Refusal> {
    match typed.trim() {
        "" => Err(Refusal::invalid("assignee", Rule::Required)),
        NOBODY => Ok(None),
        id => id.parse().map(Some).map_err(|_| Refusal::invalid("assignee", Rule::Unknown)),
    }
}

/// The notice of it.
pub fn given(to: Option<PersonId>, tasks: usize) -> String {
    format!("{}.{tasks}", if to.is_some() { "assigned" } else { "unassigned" })
}

fn who(typed: &str) -> Result<Option<PersonId>, Refusal> {
    match typed.trim() {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Refusal::invalid("assignee", Rule::Unknown)),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Undoing {
    undo: String,
    back: String,
}

pub async fn undo(seat: Seat, Form(typed): Form<Undoing>) -> Reply {
    let id: UndoId = typed.undo.parse().map_err(|_| Refusal::NotFound)?;
    let kept = seat.desk.take_back(id).await?;
    let said = if kept == 0 { "taken_back".to_owned() } else { format!("taken_back_partly.{kept}") };
    Ok(back_to(&typed.back, &said, None))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Opening {
    certificate: Vec<String>,
    reason: String,
    route: String,
    /// Id of one person, empty for nobody, `client` for each client's responsible, `load` to share them out.
    assignee: String,
    note: String,
    back: String,
    /// Clients that were ticked and have nothing to reissue.
    #[serde(skip)]
    calm: usize,
}

/// Each client's responsible person gets the task.
const BY_CLIENT: &str = "client";
/// Nobody gets them yet: the next page proposes how to share them out by load.
const BY_LOAD: &str = "load";

struct Data {
    /// Certificates that get a task, a set a task.
    sets: Vec<Vec<CertificateRow>>,
    skipped: usize,
    candidates: Vec<Candidate>,
    off: Arc<DaysOff>,
}

/// The chosen certificates as whole sets: halves that were issued together go into one task.
async fn data(seat: &Seat, typed: &Opening) -> Result<Data, Refusal> {
    let ids: Vec<CertificateId> = ticked(&typed.certificate)?;
    let rows = seat.desk.certificates_by_id(&ids).await?;
    let sets = domain::certificate::generations(rows).into_iter().flatten().map(|set| set.certificates);
    let today = seat.viewer.today;
    let (busy, free): (Vec<_>, Vec<_>) = sets.partition(|set| set.iter().any(|c| !c.can_be_reissued(today)));
    let all: Vec<CertificateId> = free.iter().flatten().map(|c| c.id).collect();
    Ok(Data {
        candidates: seat.desk.candidates(&all).await?,
        off: seat.desk.days_off().await?,
        sets: free,
        skipped: busy.len(),
    })
}

fn worker(seat: &Seat) -> Result<(), Refusal> {
    if seat.viewer.may(Action::WorkTask) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

pub async fn choose(seat: Seat, Form(typed): Form<Opening>) -> Reply {
    offer(seat, typed).await
}

/// The same for what has to be reissued soon for clients.
pub async fn choose_for(seat: Seat, clients: &[ClientId], back: String) -> Reply {
    let pressing = seat.desk.to_reissue(clients, true).await?;
    if pressing.is_empty() {
        return Ok(back_to(&back, if clients.is_empty() { "choose" } else { "nothing_pressing" }, None));
    }
    let pressed: BTreeSet<ClientId> = pressing.iter().flat_map(|c| &c.clients).map(|(id, _)| *id).collect();
    let calm = clients.iter().filter(|id| !pressed.contains(id)).count();
    let certificate = pressing.iter().map(|c| c.id.to_string()).collect();
    offer(seat, Opening { certificate, back, calm, ..Opening::default() }).await
}

async fn offer(seat: Seat, mut typed: Opening) -> Reply {
    worker(&seat)?;
    typed.reason = Reason::Planned.code().into();
    typed.route = Route::Online.code().into();
    if typed.assignee != BY_LOAD {
        typed.assignee = BY_CLIENT.into();
    }
    Ok(form(&seat.viewer, StatusCode::OK, &data(&seat, &typed).await?, &typed, &Fault::default()))
}

/// Whether a set has ended: its reissue is not planned any more, whatever is chosen for all.
fn has_ended(set: &[CertificateRow], v: &Viewer) -> bool {
    set.iter().all(|c| c.life.standing(v.today) == Standing::Expired)
}

pub async fn open(seat: Seat, Form(typed): Form<Opening>) -> Reply {
    worker(&seat)?;
    let data = data(&seat, &typed).await?;
    let done = async {
        let reason = choice("reason", &typed.reason, Reason::parse)?;
        let route = choice("route", &typed.route, Route::parse)?;
        let note = optional("note", &typed.note, 2000)?;
        let one = match typed.assignee.as_str() {
            BY_CLIENT => None,
            BY_LOAD => Some(None),
            one => Some(who(one)?),
        };
        let mut all = Vec::with_capacity(data.sets.len());
        for set in &data.sets {
            let certificates: Vec<CertificateId> = set.iter().map(|c| c.id).collect();
            let Some(last_day) = set.iter().map(|c| c.life.last_day()).min() else { continue };
            let assignee = match one {
                Some(who) => who,
                None => seat.desk.default_assignee(&certificates).await?,
            };
            let reason =
                if has_ended(set, &seat.viewer) && reason == Reason::Planned { Reason::Expired } else { reason };
            let due = default_due(reason, last_day, seat.viewer.today, &data.off);
            all.push(NewTask { certificates, reason, route, assignee, due, note: note.clone() });
        }
        seat.desk.open_tasks(all).await
    };
    match done.await {
        Ok((opened, _)) if typed.assignee == BY_LOAD => share::propose(seat, &opened, typed.back, None).await,
        Ok((opened, undo)) => Ok(back_to(
            if typed.back.is_empty() { "/tasks?form=list" } else { &typed.back },
            &format!("opened_several.{}", opened.len()),
            Some(undo),
        )),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            Ok(form(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, &data, &typed, &fault))
        }
    }
}

fn form(v: &Viewer, status: StatusCode, d: &Data, typed: &Opening, fault: &Fault) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let body = if d.sets.is_empty() {
            note(
                "warn",
                if d.skipped > 0 { t::bulk::skipped(l, count(d.skipped)) } else { t::bulk::nothing(l).to_owned() },
            )
        } else {
            fields(v, d, typed, fault)
        };
        Sheet {
            room: Room::Tasks,
            title: t::bulk::title(l).into(),
            hint: t::bulk::sets(l, count(d.sets.len())),
            actions: ().into_any(),
            body,
        }
    })
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn fields(v: &Viewer, d: &Data, typed: &Opening, fault: &Fault) -> AnyView {
    let l = v.lang;
    let reasons = Reason::ALL.iter().map(|r| (r.code().to_owned(), words::reason(l, *r).to_owned())).collect();
    let routes = Route::ALL.iter().map(|r| (r.code().to_owned(), words::route(l, *r).to_owned())).collect();
    let mut people = vec![(BY_CLIENT.to_owned(), t::bulk::by_client(l).to_owned())];
    if v.may(Action::AssignTask) {
        people.push((BY_LOAD.to_owned(), t::bulk::share(l).to_owned()));
    }
    people.extend(crate::pages::tasks::form::people(v, &d.candidates));
    let rows: Vec<CertificateRow> = d.sets.iter().flatten().cloned().collect();
    let ids =
        rows.iter().map(|c| view! { <input type="hidden" name="certificate" value=c.id.to_string()/> }).collect_view();
    view! {
        {fault.any(l).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
        {(d.skipped > 0).then(|| note("warn", t::bulk::skipped(l, count(d.skipped))))}
        {(typed.reason == Reason::Planned.code() && d.sets.iter().any(|set| has_ended(set, v))).then(|| note("info", t::bulk::ended(l)))}
        {(typed.calm > 0).then(|| note("info", t::bulk::calm(l, count(typed.calm))))}
        <form class="sheet pad form2" method="post" action="/tasks/many/open">
            {ids}<input type="hidden" name="back" value=typed.back.clone()/>
            {select(l, "reason", t::task::reason(l), &typed.reason, reasons, fault)}
            {select(l, "route", t::task::route(l), &typed.route, routes, fault)}
            {select(l, "assignee", t::task::assignee(l), &typed.assignee, people, fault)}
            {crate::form::area(l, "note", t::task::note(l), &typed.note, fault)}
            <p class="hint full">{t::bulk::due_by_rule(l)}" "{t::client::no_secrets(l)}</p>
            <div class="line full"><button class="btn main">{t::bulk::open(l)}</button></div>
        </form>
        {sheet(t::certificate::many(l), Some(d.sets.len()), ().into_any(), certificate_table(v, &rows, &d.off, Ticks::Look))}
    }
    .into_any()
}
