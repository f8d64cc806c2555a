//! The card of a client.

use crate::form::{Fault, choice, day, field, optional_day, select};
use crate::pages::clients::attachments;
use crate::pages::clients::contacts::contact_line;
use crate::pages::clients::custody as client_custody;
use crate::pages::clients::facts::{facts, main_act};
use crate::pages::clients::grounds as client_grounds;
use crate::pages::clients::sets as client_sets;
use crate::pages::clients::systems as client_systems;
use crate::pages::clients::terms as client_terms;
use crate::parts::{avatar, icon, note, own_task_table, sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page_with};
use crate::{dates, text as t, words};
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use domain::access::Action;
use domain::attachment::{AttachTo, Attachment};
use domain::audit::AuditRow;
use domain::certificate::{Set, generations};
use domain::client::{Assignment, Client, NewAssignment, System};
use domain::custody::Entry;
use domain::day::DaysOff;
use domain::filing::Filing;
use domain::ground::Ground;
use domain::id::{AssignmentId, ClientId};
use domain::person::{Part, Person};
use domain::refusal::Refusal;
use domain::task::{TaskFilter, TaskRow, TaskView};
use leptos::prelude::*;
use serde::Deserialize;
use std::sync::Arc;

pub(super) struct Card {
    pub(super) client: Client,
    pub(super) lines: Vec<Vec<Set>>,
    pub(super) open: Arc<Vec<TaskRow>>,
    closed: Arc<Vec<TaskRow>>,
    assignments: Vec<Assignment>,
    people: Arc<Vec<Person>>,
    history: Vec<AuditRow>,
    off: Arc<DaysOff>,
    pub(super) filings: Arc<Vec<Filing>>,
    grounds: Vec<Ground>,
    journal: Vec<Entry>,
    files: Vec<Attachment>,
    systems: (Vec<System>, Vec<System>),
    pub(super) may_work: bool,
    may_edit: bool,
    may_assign: bool,
}

async fn card(seat: &Seat, id: ClientId) -> Result<Card, Refusal> {
    let desk = &seat.desk;
    Ok(Card {
        client: desk.client_card(id).await?,
        lines: generations(desk.certificates_of(id).await?),
        open: desk.tasks(&TaskFilter { client: Some(id), ..TaskView::All.into() }).await?,
        closed: desk.tasks(&TaskFilter { client: Some(id), ..TaskView::Closed.into() }).await?,
        assignments: desk.assignments(id).await?,
        people: desk.people().await?,
        history: desk.client_history(id).await?,
        off: desk.days_off().await?,
        filings: desk.filings().await?,
        grounds: desk.grounds(id).await?,
        journal: desk.custody(id).await?,
        files: desk.attachments(id).await?,
        systems: (desk.systems().await?, desk.systems_of(id).await?),
        may_work: desk.may(Action::WorkTask, id).await?,
        may_edit: desk.may(Action::EditClient, id).await?,
        may_assign: desk.may(Action::AssignClient, id).await?,
    })
}

pub async fn show(seat: Seat, Path(id): Path<ClientId>) -> Reply {
    let card = card(&seat, id).await?;
    Ok(view(&seat.viewer, StatusCode::OK, &card, &Typed::default(), &Fault::default()))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    person: String,
    part: String,
    from: String,
    until: String,
}

pub async fn assign(seat: Seat, Path(id): Path<ClientId>, Form(typed): Form<Typed>) -> Reply {
    let done = async {
        let new = NewAssignment {
            person: choice("person", &typed.person, |p| p.parse().ok())?,
            part: choice("part", &typed.part, Part::parse)?,
            from: day("from", &typed.from)?,
            until: optional_day("until", &typed.until)?,
        };
        seat.desk.assign(id, new).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/clients/{id}?done=assigned")).into_response()),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            Ok(view(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, &card(&seat, id).await?, &typed, &fault))
        }
    }
}

pub async fn end(seat: Seat, Path((id, assignment)): Path<(ClientId, AssignmentId)>) -> Reply {
    seat.desk.end_assignment(id, assignment).await?;
    // Whoever took themselves off may see the client no longer.
    let next = if seat.desk.client_card(id).await.is_ok() {
        format!("/clients/{id}?done=ended")
    } else {
        "/clients?done=ended".into()
    };
    Ok(Redirect::to(&next).into_response())
}

pub async fn restore(seat: Seat, Path(id): Path<ClientId>) -> Reply {
    seat.desk.archive_client(id, None).await?;
    Ok(Redirect::to(&format!("/clients/{id}?done=saved")).into_response())
}

fn view(v: &Viewer, status: StatusCode, c: &Card, typed: &Typed, fault: &Fault) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let id = c.client.id;
        let edit = c
            .may_edit
            .then(|| view! { <a class="btn bare" href=format!("/clients/{id}/edit")>{t::client::edit(l)}</a> });
        let ladder = c.may_edit.then(|| {
            view! { <a class="btn bare" href=format!("/clients/{id}/ladder")>{t::own_ladder::title(l)}</a> }
        });
        let by_hand = v
            .may(Action::Import)
            .then(|| view! { <a class="btn bare" href=format!("/clients/{id}/typed")>{t::typed::add(l)}</a> });
        let body = view! {
            {archived(v, c)}
            {facts(v, c)}
            <div class="client">
                <div class="stack">
                    {sheet(t::client::sets(l), Some(c.lines.len()), ().into_any(), client_sets::sets(v, &c.lines, &c.off))}
                    {tasks(v, t::task::open_list(l), &c.open)}
                    {client_custody::section(v, id, &c.journal, c.may_work)}
                    {attachments::section(v, AttachTo::Client(id), &c.files, c.may_work)}
                    {(!c.closed.is_empty()).then(|| tasks(v, t::task::past_list(l), &c.closed))}
                    {(!c.history.is_empty()).then(|| view! { <div class="no-paper">{sheet(t::nav::audit(l), None, whole_history(v, id), history(v, &c.history))}</div> })}
                </div>
                <div class="stack">
                    {sheet(t::client::team(l), None, ().into_any(), people(v, c, typed, fault))}
                    {sheet(t::filing::own_terms(l), None, ().into_any(), client_terms::terms(v, &c.client.data.filings, &c.lines, &c.filings, &c.off))}
                    {sheet(t::client::contacts(l), None, ().into_any(), contacts(v, &c.client))}
                    {client_grounds::section(v, id, &c.grounds, &c.off, c.may_work)}
                    {client_systems::section(v, id, &c.systems.0, &c.systems.1, c.may_work)}
                    {leaving(v, c)}
                </div>
            </div>
        };
        Sheet {
            room: Room::Clients,
            title: c.client.data.name.clone(),
            hint: String::new(),
            actions:
                view! { <details class="ways"><summary class="btn sq" title=t::client::more_acts(l) aria-label=t::client::more_acts(l)>{icon("more")}</summary>
                <div class="menu">{edit}{by_hand}{ladder}<a class="btn bare" href=format!("/clients/{id}/ends")>{t::ends::short(l)}
                </a></div></details>{main_act(v, c)} }
                .into_any(),
            body: body.into_any(),
        }
    })
}

fn tasks(v: &Viewer, title: &str, rows: &[TaskRow]) -> AnyView {
    let body = if rows.is_empty() {
        view! { <p class="pad mute">{t::task::none(v.lang)}</p> }.into_any()
    } else {
        own_task_table(v, rows)
    };
    sheet(title, Some(rows.len()), ().into_any(), body)
}

fn people(v: &Viewer, c: &Card, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let rows = c.assignments.iter().map(|a| {
        let holds = a.holds(v.today);
        let days = match a.until {
            Some(until) => {
                format!("{} – {}", dates::short(l, a.from, v.today.day), dates::short(l, until, v.today.day))
            }
            None => t::client::since(l, dates::short(l, a.from, v.today.day)),
        };
        let end = (c.may_assign && (holds || a.from > v.today.day)).then(|| {
            let action = format!("/clients/{}/assignments/{}/end", c.client.id, a.id);
            view! { <form method="post" action=action><button class="btn low bare">{t::client::end_assignment(l)}
            </button></form> }
        });
        view! {
            <li class=if holds { "line" } else { "line mute" }>{avatar(Some(&a.person_name))}
                <span class="cut">{a.person_name.clone()}<br/><small class="mute">{words::part(l, a.part)}" · "{days}
                    </small></span>
                <span class="push">{end}</span></li>
        }
    });
    let form = c.may_assign.then(|| {
        let mut who = vec![(String::new(), "—".to_owned())];
        who.extend(c.people.iter().filter(|p| p.active).map(|p| (p.id.to_string(), p.name.clone())));
        let parts = Part::ALL.iter().map(|p| (p.code().to_owned(), words::part(l, *p).to_owned())).collect();
        let from = if typed.from.is_empty() { v.today.day.to_string() } else { typed.from.clone() };
        view! {
            <details class="fold" open=fault.0.is_some()><summary>{icon("plus")}{t::client::assign(l)}</summary>
            <form class="form1" method="post" action=format!("/clients/{}/assign", c.client.id)>
                {select(l, "person", t::staff::one(l), &typed.person, who, fault)}
                {select(l, "part", t::client::as_what(l), &typed.part, parts, fault)}
                {field("from", t::client::from(l), from).kind("date").required().show(l, fault)}
                {field("until", t::client::until(l), typed.until.clone()).kind("date").hint(t::client::until_hint(l)).show(l, fault)}
                <button class="btn main">{t::client::assign(l)}</button>
            </form></details>
        }
    });
    view! { <div class="pad"><ul class="rows">{rows.collect_view()}</ul>{form}</div> }.into_any()
}

fn contacts(v: &Viewer, client: &Client) -> AnyView {
    let l = v.lang;
    if client.data.contacts.is_empty() {
        return view! { <p class="pad mute">{t::client::no_contacts(l)}</p> }.into_any();
    }
    let rows = client.data.contacts.iter().map(|c| view! { <li>{contact_line(l, c)}</li> });
    view! { <div class="pad"><ul class="rows">{rows.collect_view()}</ul></div> }.into_any()
}

/// Says that the client is put away, with the way back.
fn archived(v: &Viewer, c: &Card) -> Option<AnyView> {
    let (l, id) = (v.lang, c.client.id);
    let back = c.may_edit.then(|| {
        view! { <form method="post" action=format!("/clients/{id}/restore")><button class="btn">{t::client::restore(l)}
        </button></form> }
    });
    c.client.archived.then(|| view! { {note("warn", t::client::is_archived(l))}{back} }.into_any())
}

/// The way to all lines about the client.
fn whole_history(v: &Viewer, id: ClientId) -> AnyView {
    v.may(Action::ReadAudit)
        .then(|| view! { <a class="link" href=format!("/audit?client={id}")>{t::audit::whole(v.lang)}</a> })
        .into_any()
}

fn history(v: &Viewer, rows: &[AuditRow]) -> AnyView {
    let l = v.lang;
    let rows = rows.iter().map(|r| {
        view! { <li><span>{words::deed(l, r.kind)}" · "{words::history::about(l, r)}</span><small class="mute">
        {dates::instant(l, r.at)}" · "{r.person.clone()}</small></li> }
    });
    view! { <div class="pad"><ul class="rows">{rows.collect_view()}</ul></div> }.into_any()
}

fn leaving(v: &Viewer, c: &Card) -> AnyView {
    let (l, id) = (v.lang, c.client.id);
    let merge = (!c.client.archived)
        .then(|| view! { <a class="btn wide" href=format!("/clients/{id}/merge")>{t::merging::title(l)}</a> });
    c.may_edit
        .then(|| {
            view! { <div class="stack no-paper"><a class="btn wide" href=format!("/clients/{id}/leave")>
            {t::leaving::title(l)}</a>{merge}</div> }
        })
        .into_any()
}
