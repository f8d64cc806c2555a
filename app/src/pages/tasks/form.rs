//! Opening a reissue task.

use crate::form::{Fault, area, choice, day, field, optional, select};
use crate::parts::{Ticks, certificate_table, client_links, note, sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page_with};
use crate::{dates, text as t, words};
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use axum_extra::extract::Form;
use chrono::NaiveDate;
use domain::certificate::CertificateRow;
use domain::day::DaysOff;
use domain::id::{CertificateId, PersonId, TaskId};
use domain::load::TaskLoad;
use domain::person::{Candidate, Lang};
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::standing::Standing;
use domain::task::{NewTask, Route, default_due};
use leptos::prelude::*;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Typed {
    certificate: Vec<String>,
    reason: String,
    route: String,
    assignee: String,
    due: String,
    /// The day that stood in the field untouched.
    due_was: String,
    /// The certificate the form was opened for.
    main: String,
    note: String,
}

struct Data {
    /// The certificate and the rest of its set.
    set: Vec<CertificateRow>,
    candidates: Vec<Candidate>,
    assignee: Option<PersonId>,
    off: Arc<DaysOff>,
}

async fn data(seat: &Seat, typed: &Typed) -> Result<Data, Refusal> {
    let desk = &seat.desk;
    let named = [&typed.main].into_iter().chain(typed.certificate.first());
    let first: CertificateId = named.filter_map(|c| c.parse().ok()).next().ok_or(Refusal::NotFound)?;
    let main = desk.certificate_card(first).await?;
    let mut set = vec![main.row.clone()];
    if let Some((client, _)) = main.row.clients.first() {
        let whole = domain::certificate::generations(desk.certificates_of(*client).await?);
        if let Some(found) = whole.into_iter().flatten().find(|s| s.certificates.iter().any(|c| c.id == first)) {
            set = found.certificates;
        }
    }
    let ids: Vec<CertificateId> = set.iter().map(|c| c.id).collect();
    Ok(Data {
        candidates: desk.candidates(&ids).await?,
        assignee: desk.default_assignee(&ids).await?,
        off: desk.days_off().await?,
        set,
    })
}

pub async fn new(seat: Seat, Query(asked): Query<Opening>) -> Reply {
    if !seat.viewer.may(domain::access::Action::WorkTask) {
        return Err(Refused(Refusal::NotAllowed));
    }
    if asked.certificate.is_empty() {
        return super::pick::show(&seat, &asked).await;
    }
    let mut typed =
        Typed { certificate: vec![asked.certificate.clone()], reason: asked.reason.clone(), ..Typed::default() };
    let data = data(&seat, &typed).await?;
    let first = data.set.first().ok_or(Refusal::NotFound)?;
    if let Some(task) = data.set.iter().find_map(|c| c.task.as_ref()).map(|task| task.id) {
        return Ok(Redirect::to(&super::pick::task_href(&asked, task)).into_response());
    }
    let by_state = match first.life.standing(seat.viewer.today) {
        Standing::Expired => Reason::Expired,
        Standing::Unusable(why) => why,
        _ => Reason::Planned,
    };
    let reason = Reason::parse(&typed.reason).unwrap_or(by_state);
    typed.reason = reason.code().into();
    typed.route = Route::Online.code().into();
    typed.due = default_due(reason, first.life.last_day(), seat.viewer.today, &data.off).to_string();
    typed.due_was = typed.due.clone();
    if let Ok(day) = asked.due.parse::<NaiveDate>() {
        typed.due = day.to_string();
    }
    typed.main = first.id.to_string();
    typed.assignee =
        data.assignee.filter(|a| data.candidates.iter().any(|c| c.id == *a)).map(|a| a.to_string()).unwrap_or_default();
    typed.certificate = data.set.iter().filter(|c| c.task.is_none()).map(|c| c.id.to_string()).collect();
    Ok(form(&seat.viewer, StatusCode::OK, &data, &typed, &Fault::default()))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Opening {
    pub certificate: String,
    pub reason: String,
    /// The day in the calendar from which it is opened.
    pub due: String,
    /// Words by which the certificate is looked for.
    pub q: String,
}

pub async fn open(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let data = data(&seat, &typed).await?;
    let opened = async {
        let reason = choice("reason", &typed.reason, Reason::parse)?;
        let last_day = data.set.first().ok_or(Refusal::NotFound)?.life.last_day();
        // An untouched default follows the reason that was chosen after it was filled in.
        let due = if typed.due.trim().is_empty() || typed.due == typed.due_was {
            default_due(reason, last_day, seat.viewer.today, &data.off)
        } else {
            day("due", &typed.due)?
        };
        let assignee = match typed.assignee.trim() {
            "" => None,
            who => Some(who.parse().map_err(|_| Refusal::invalid("assignee", Rule::Unknown))?),
        };
        let certificates = typed
            .certificate
            .iter()
            .map(|c| c.parse().map_err(|_| Refusal::NotFound))
            .collect::<Result<Vec<_>, _>>()?;
        let new = NewTask {
            certificates,
            reason,
            route: choice("route", &typed.route, Route::parse)?,
            assignee,
            due,
            note: optional("note", &typed.note, 2000)?,
        };
        seat.desk.open_task(new).await
    };
    match opened.await {
        Ok(id) => {
            let said = said_of_opened(&seat, id).await;
            Ok(Redirect::to(&format!("/tasks/{id}?done={said}")).into_response())
        }
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            Ok(form(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, &data, &typed, &fault))
        }
    }
}

/// The notice of a new task; of a day that has passed, or that lies past the end of the key, it says so.
async fn said_of_opened(seat: &Seat, id: TaskId) -> &'static str {
    let today = seat.viewer.today.day;
    match seat.desk.task_card(id).await {
        Ok(task) if task.row.clock.due < today => "opened_past",
        Ok(task) if task.row.is_past_end(task.row.clock.due, today) => "opened_late",
        _ => "opened",
    }
}

fn form(v: &Viewer, status: StatusCode, d: &Data, typed: &Typed, fault: &Fault) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let reasons = Reason::ALL.iter().map(|r| (r.code().to_owned(), words::reason(l, *r).to_owned())).collect();
        let routes = Route::ALL.iter().map(|r| (r.code().to_owned(), words::route(l, *r).to_owned())).collect();
        let lost = Reason::parse(&typed.reason) == Some(Reason::PasswordLost);
        let ids = d.set.iter().map(|c| {
            let (id, checked) = (c.id.to_string(), typed.certificate.contains(&c.id.to_string()));
            view! { <label class="check"><input type="checkbox" name="certificate" value=id checked=checked/>
            {c.holder.clone()}" "{crate::parts::purposes(l, &c.purposes)}</label> }
        });
        let runs = d.set.iter().map(|c| c.life.last_day()).min().filter(|day| *day >= v.today.day);
        let until = runs.map_or_else(
            || t::task::due_hint(l).to_owned(),
            |day| format!("{}. {}", t::task::due_hint(l), t::task::key_until(l, dates::near(l, day, v.today.day))),
        );
        let body = view! {
            {lost.then(|| view! { <div role="note">{note("risk", t::task::cannot_be_recovered(l))}</div> })}
            {fault.any(l).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
            <div class="cols">
                <form class="sheet pad form2" method="post" action="/tasks/new">
                    <input type="hidden" name="main" value=typed.main.clone()/>
                        <input type="hidden" name="due_was" value=typed.due_was.clone()/>
                    {whose(d)}
                    <fieldset class="full"><legend class="label">{t::certificate::many(l)}</legend><div class="checks">
                        {ids.collect_view()}</div></fieldset>
                    {select(l, "reason", t::task::reason(l), &typed.reason, reasons, fault)}
                    {select(l, "route", t::task::route(l), &typed.route, routes, fault)}
                    {select(l, "assignee", t::task::assignee(l), &typed.assignee, people(v, &d.candidates), fault)}
                    {field("due", t::task::due(l), typed.due.clone()).kind("date").hint(until).show(l, fault)}
                    {area(l, "note", t::task::note(l), &typed.note, fault)}
                    <p class="hint full">{t::client::no_secrets(l)}</p>
                    <div class="line full"><button class="btn main">{t::task::open(l)}</button></div>
                </form>
                <div class="stack">
                    {note("info", t::task::route_online(l))}
                    {note("", t::task::route_centre(l))}
                </div>
            </div>
            <div class="notes-below">{sheet(t::certificate::many(l), None, ().into_any(), certificate_table(v, &d.set, &d.off, Ticks::Look))}
                </div>
        };
        Sheet {
            room: Room::Tasks,
            title: t::task::new_title(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    })
}

/// The clients whose task it will be.
fn whose(d: &Data) -> Option<AnyView> {
    let clients = &d.set.first()?.clients;
    (!clients.is_empty()).then(|| view! { <p class="full"><b>{client_links(clients)}</b></p> }.into_any())
}

/// Who may be chosen, with the load beside the name.
pub fn people(v: &Viewer, candidates: &[Candidate]) -> Vec<(String, String)> {
    let mut out = vec![(String::new(), t::task::nobody(v.lang).to_owned())];
    out.extend(candidates.iter().map(|c| (c.id.to_string(), burden(v.lang, &c.name, c.tasks))));
    out
}

/// Says of a load that is not the whole one what it counts.
pub fn among_yours(l: Lang, load: TaskLoad) -> String {
    if load.partial { format!(" {}", t::share::among_yours(l)) } else { String::new() }
}

/// «А. Жақыпова · 6 задач, просрочено 2, за 7 дней 3».
pub fn burden(l: Lang, name: &str, load: TaskLoad) -> String {
    let late = (load.overdue > 0).then(|| t::share::late(l, load.overdue));
    let week = (load.week > 0).then(|| t::share::week(l, load.week));
    let parts: Vec<String> = [Some(t::task::count(l, load.open)), late, week].into_iter().flatten().collect();
    format!("{name} · {}{}", parts.join(", "), among_yours(l, load))
}
