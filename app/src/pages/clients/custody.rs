//! The journal of carriers: where each is now, what happened, a new entry.

use crate::form::{Fault, area, choice, day, field, optional, optional_day, picked, select};
use crate::parts::{icon, note, sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{dates, text as t, words};
use axum::extract::{Form, Path, Query};
use axum::http::StatusCode;
use domain::client::Client;
use domain::custody::{CarrierKind, Entry, NewEntry, Passing, places};
use domain::day::days_between;
use domain::id::{CarrierId, ClientId};
use domain::person::Person;
use domain::refusal::Refusal;
use leptos::prelude::*;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    carrier: String,
    kind: String,
    label: String,
    what: String,
    day: String,
    from_whom: String,
    to_whom: String,
    keeper: String,
    ground: String,
    back_by: String,
    note: String,
}

impl Typed {
    fn checked(&self) -> Result<NewEntry, Refusal> {
        Ok(NewEntry {
            carrier: picked(&self.carrier),
            kind: CarrierKind::parse(&self.kind).unwrap_or(CarrierKind::Other),
            label: optional("label", &self.label, 120)?,
            what: choice("what", &self.what, Passing::parse)?,
            day: day("day", &self.day)?,
            from_whom: optional("from_whom", &self.from_whom, 120)?,
            to_whom: optional("to_whom", &self.to_whom, 120)?,
            keeper: picked(&self.keeper),
            ground: optional("ground", &self.ground, 200)?,
            back_by: optional_day("back_by", &self.back_by)?,
            note: optional("note", &self.note, 1000)?,
        })
    }
}

struct Data {
    client: Client,
    journal: Vec<Entry>,
    people: Arc<Vec<Person>>,
}

async fn data(seat: &Seat, id: ClientId) -> Result<Data, Refusal> {
    let client = seat.desk.client_card(id).await?;
    if !seat.viewer.may(domain::access::Action::WorkTask) {
        return Err(Refusal::NotAllowed);
    }
    Ok(Data { client, journal: seat.desk.custody(id).await?, people: seat.desk.people().await? })
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    carrier: String,
}

pub async fn new(seat: Seat, Path(id): Path<ClientId>, Query(asked): Query<Asked>) -> Reply {
    let data = data(&seat, id).await?;
    let known: Option<CarrierId> = picked(&asked.carrier);
    let last = data.journal.iter().rfind(|e| Some(e.carrier) == known);
    let next = last.and_then(|e| e.next().first().copied()).unwrap_or(Passing::Taken);
    let from_whom = last.map(|e| e.keeper_name.clone().unwrap_or_else(|| e.said.to_whom.clone())).unwrap_or_default();
    let typed = Typed {
        carrier: last.map(|e| e.carrier.to_string()).unwrap_or_default(),
        what: next.code().into(),
        day: seat.viewer.today.day.to_string(),
        from_whom,
        ..Typed::default()
    };
    Ok(form(&seat.viewer, StatusCode::OK, &data, &typed, &Fault::default()))
}

pub async fn record(seat: Seat, Path(id): Path<ClientId>, Form(typed): Form<Typed>) -> Reply {
    let done = async { seat.desk.record_custody(id, typed.checked()?).await };
    match done.await {
        Ok(_) => Ok(back_to(&format!("/clients/{id}#custody"), "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            Ok(form(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, &data(&seat, id).await?, &typed, &fault))
        }
    }
}

fn form(v: &Viewer, status: StatusCode, d: &Data, typed: &Typed, fault: &Fault) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let last = d.journal.iter().rfind(|e| Some(e.carrier) == picked(&typed.carrier));
        let passings = last
            .map_or(Passing::ALL, Entry::next)
            .iter()
            .map(|p| (p.code().to_owned(), words::passing(l, *p).to_owned()));
        let kinds = CarrierKind::ALL.iter().map(|k| (k.code().to_owned(), words::carrier(l, *k).to_owned())).collect();
        let mut keepers = vec![(String::new(), t::custody::nobody(l).to_owned())];
        keepers.extend(d.people.iter().filter(|p| p.active).map(|p| (p.id.to_string(), p.name.clone())));
        let which = match last {
            Some(e) => {
                let label = format!("{} · {}", words::carrier(l, e.said.kind), e.said.label);
                view! { <p class="full"><b>{label}</b><input type="hidden" name="carrier" value=e.carrier.to_string()/>
                    </p> }.into_any()
            }
            None => view! {
                {select(l, "kind", t::custody::kind(l), &typed.kind, kinds, fault)}
                {field("label", t::custody::label(l), typed.label.clone()).hint(t::custody::label_hint(l)).required().show(l, fault)}
            }
            .into_any(),
        };
        let body = view! {
            {fault.any(l).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
            {note("warn", t::custody::hint(l))}
            <form class="sheet pad form2 notes-below" method="post" action=format!("/clients/{}/custody", d.client.id)>
                {which}
                {select(l, "what", t::custody::what(l), &typed.what, passings.collect(), fault)}
                {field("day", t::custody::day(l), typed.day.clone()).kind("date").required().show(l, fault)}
                {field("from_whom", t::custody::from_whom(l), typed.from_whom.clone()).show(l, fault)}
                {field("to_whom", t::custody::to_whom(l), typed.to_whom.clone()).hint(t::custody::to_whom_hint(l)).show(l, fault)}
                {select(l, "keeper", t::custody::keeper(l), &typed.keeper, keepers, fault)}
                {field("back_by", t::custody::back_by(l), typed.back_by.clone()).kind("date").show(l, fault)}
                {field("ground", t::custody::ground(l), typed.ground.clone()).show(l, fault)}
                {area(l, "note", t::task::note(l), &typed.note, fault)}
                <div class="line full"><button class="btn main">{t::custody::record(l)}</button>
                    <a class="btn bare" href=format!("/clients/{}", d.client.id)>{t::form::cancel(l)}</a></div>
            </form>
        };
        let (title, hint) = (t::custody::new(l).into(), d.client.data.name.clone());
        Sheet { room: Room::Clients, title, hint, actions: ().into_any(), body: body.into_any() }
    })
}

/// Where each carrier of the client is, and the journal behind it.
pub fn section(v: &Viewer, client: ClientId, journal: &[Entry], may: bool) -> AnyView {
    let l = v.lang;
    let now = places(journal);
    let add = may.then(|| {
        view! { <a class="btn low" href=format!("/clients/{client}/custody/new")>{icon("plus")}{t::custody::add(l)}
        </a> }
    });
    if now.is_empty() {
        let body = view! { <p class="pad mute">{t::custody::none(l)}</p> };
        return view! { <div id="custody">{sheet(t::custody::title(l), None, add.into_any(), body.into_any())}</div> }
            .into_any();
    }
    let risks = now.iter().filter(|e| e.with_us()).map(|e| note("warn", risk(v, e))).collect_view();
    let lines = now.iter().map(|e| line(v, client, e, may)).collect_view();
    let past = journal.iter().rev().map(|e| {
        view! { <li><span>
        {dates::full(l, e.said.day)}" · "{words::passing(l, e.said.what)}": "{e.said.label.clone()}</span>
        <small class="mute">{passed(e)}" · "{e.made.0.clone()}</small></li> }
    });
    let body = view! {
        <div class="pad">{risks}</div>
        <table class="t flow"><thead><tr><th scope="col">{t::custody::day(l)}</th><th scope="col">
            {t::custody::carrier(l)}</th><th scope="col">{t::custody::place(l)}</th><th scope="col">
            {t::custody::back(l)}</th><td></td></tr></thead><tbody>{lines}</tbody></table>
        <details class="fold pad"><summary>{icon("right")}
            {t::custody::journal(l, i64::try_from(journal.len()).unwrap_or(0))}</summary><ul class="rows">
            {past.collect_view()}</ul></details>
    };
    view! { <div id="custody">{sheet(t::custody::title(l), None, add.into_any(), body.into_any())}</div> }.into_any()
}

/// «KAZTOKEN ··4471 у нас 16 дней…»
pub fn risk(v: &Viewer, e: &Entry) -> String {
    t::custody::with_us_since(v.lang, days_between(e.said.day, v.today.day).max(0), e.said.label.clone())
}

fn passed(e: &Entry) -> String {
    [e.said.from_whom.clone(), e.keeper_name.clone().unwrap_or_else(|| e.said.to_whom.clone())]
        .into_iter()
        .filter(|s| !s.is_empty())
        .collect::<Vec<_>>()
        .join(" → ")
}

/// Where a carrier is: with the firm and whom, or with its owner, or gone.
pub fn place(v: &Viewer, e: &Entry) -> String {
    let l = v.lang;
    let with: Vec<String> = [e.keeper_name.clone().unwrap_or_default(), e.said.to_whom.clone()]
        .into_iter()
        .filter(|s| !s.is_empty())
        .collect();
    match e.said.what {
        Passing::Taken => [t::custody::with_us(l).to_owned()].into_iter().chain(with).collect::<Vec<_>>().join(", "),
        Passing::Returned => {
            [t::custody::with_owner(l).to_owned()].into_iter().chain(with).collect::<Vec<_>>().join(", ")
        }
        other => words::passing(l, other).to_lowercase(),
    }
}

fn line(v: &Viewer, client: ClientId, e: &Entry, may: bool) -> AnyView {
    let l = v.lang;
    let back = match (e.with_us(), e.said.back_by) {
        (true, Some(day)) if e.is_overdue(v.today) => {
            crate::parts::late_badge(t::custody::late_since(l, dates::short(l, day, v.today.day))).into_any()
        }
        (true, Some(day)) => dates::short(l, day, v.today.day).into_any(),
        (true, None) => t::custody::expected(l).into_any(),
        (false, _) => "—".into_any(),
    };
    let next = (may && !e.next().is_empty()).then(|| {
        view! {
        <a class="btn bare low" href=format!("/clients/{client}/custody/new?carrier={}", e.carrier)>
        {t::custody::pass(l)}</a> }
    });
    view! {
        <tr><td class="p-wide">{dates::short(l, e.said.day, v.today.day)}</td><th scope="row" class="most">
            {e.said.label.clone()}" "<span class="sub">{words::carrier(l, e.said.kind)}</span></th>
            <td>{place(v, e)}</td><td>{back}</td><td class="p-end">{next}
                <a class="btn bare low" href=format!("/custody/{}/sheet", e.id)>{icon("print")}{t::custody::sheet(l)}
                </a></td></tr>
    }
    .into_any()
}
