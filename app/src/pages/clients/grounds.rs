//! Grounds of a client: the list on its card, the form of a new one.

use crate::form::{Fault, any_of, area, choice, field, optional, optional_day, picked, select};
use crate::parts::{icon, note, sheet, when};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{dates, text as t, words};
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use domain::certificate::CertificateRow;
use domain::client::Client;
use domain::day::DaysOff;
use domain::ground::{Ground, GroundKind, NewGround};
use domain::id::{ClientId, GroundId};
use domain::refusal::Refusal;
use domain::standing::Urgency;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    kind: String,
    certificate: String,
    number: String,
    scope: String,
    until: String,
    note: String,
}

impl Typed {
    fn checked(&self) -> Result<NewGround, Refusal> {
        Ok(NewGround {
            kind: choice("kind", &self.kind, GroundKind::parse)?,
            certificate: picked(&self.certificate),
            number: optional("number", &self.number, 60)?,
            scope: optional("scope", &self.scope, 300)?,
            until: optional_day("until", &self.until)?,
            note: optional("note", &self.note, 1000)?,
        })
    }
}

/// The client with its present certificates; for whoever keeps its journals.
async fn data(seat: &Seat, id: ClientId) -> Result<(Client, Vec<CertificateRow>), Refusal> {
    let client = seat.desk.client_card(id).await?;
    if !seat.viewer.may(domain::access::Action::WorkTask) {
        return Err(Refusal::NotAllowed);
    }
    let mut rows = seat.desk.certificates_of(id).await?;
    rows.retain(|c| !c.life.is_replaced(seat.viewer.today));
    Ok((client, rows))
}

pub async fn new(seat: Seat, Path(id): Path<ClientId>) -> Reply {
    let (client, rows) = data(&seat, id).await?;
    Ok(form(&seat.viewer, StatusCode::OK, &client, &rows, &Typed::default(), &Fault::default()))
}

pub async fn record(seat: Seat, Path(id): Path<ClientId>, Form(typed): Form<Typed>) -> Reply {
    let done = async { seat.desk.record_ground(id, typed.checked()?).await };
    match done.await {
        Ok(()) => Ok(back_to(&format!("/clients/{id}#grounds"), "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            let (client, rows) = data(&seat, id).await?;
            Ok(form(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, &client, &rows, &typed, &fault))
        }
    }
}

pub async fn end(seat: Seat, Path(id): Path<GroundId>) -> Reply {
    let client = seat.desk.end_ground(id).await?;
    Ok(back_to(&format!("/clients/{client}#grounds"), "saved", None))
}

fn form(
    v: &Viewer,
    status: StatusCode,
    client: &Client,
    rows: &[CertificateRow],
    typed: &Typed,
    fault: &Fault,
) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let kinds = GroundKind::ALL.iter().map(|k| (k.code().to_owned(), words::ground(l, *k).to_owned())).collect();
        let mut about = any_of::<GroundKind>(t::ground::whole_client(l), &[], GroundKind::code, |_| String::new());
        about.extend(
            rows.iter().map(|c| (c.id.to_string(), format!("{} · {}", c.holder, dates::full(l, c.life.last_day())))),
        );
        let body = view! {
            {fault.any(l).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
            {note("info", t::ground::hint(l))}
            <form class="sheet pad form2 notes-below" method="post" action=format!("/clients/{}/grounds", client.id)>
                {select(l, "kind", t::ground::kind(l), &typed.kind, kinds, fault)}
                {select(l, "certificate", t::ground::about(l), &typed.certificate, about, fault)}
                {field("number", t::ground::number(l), typed.number.clone()).show(l, fault)}
                {field("until", t::ground::until(l), typed.until.clone()).kind("date").show(l, fault)}
                {field("scope", t::ground::scope(l), typed.scope.clone()).hint(t::ground::scope_hint(l)).show(l, fault)}
                {area(l, "note", t::task::note(l), &typed.note, fault)}
                <div class="line full"><button class="btn main">{t::form::save(l)}</button>
                    <a class="btn bare" href=format!("/clients/{}", client.id)>{t::form::cancel(l)}</a></div>
            </form>
        };
        let (title, hint) = (t::ground::new(l).into(), client.data.name.clone());
        Sheet { room: Room::Clients, title, hint, actions: ().into_any(), body: body.into_any() }
    })
}

/// The list on the card: what holds, then what has ended.
pub fn section(v: &Viewer, client: ClientId, all: &[Ground], off: &DaysOff, may: bool) -> AnyView {
    let l = v.lang;
    let rows = all.iter().map(|g| row(v, g, off, may)).collect_view();
    let none = (!all.iter().any(|g| g.holds(v.today))).then(|| {
        view! { <p class="pad"><span class="st st-none">{icon("what")}{t::ground::none(l)}</span>" "<span class="mute">
        {t::ground::none_why(l)}</span></p> }
    });
    let add = may.then(|| {
        view! { <a class="btn low" href=format!("/clients/{client}/grounds/new")>{icon("plus")}{t::ground::add(l)}
        </a> }
    });
    let body = view! { {none}<div class="pad"><ul class="rows">{rows}</ul></div> };
    view! { <div id="grounds">{sheet(t::ground::title(l), None, add.into_any(), body.into_any())}</div> }.into_any()
}

fn row(v: &Viewer, g: &Ground, off: &DaysOff, may: bool) -> AnyView {
    let l = v.lang;
    let holds = g.holds(v.today);
    let name = match g.said.kind {
        GroundKind::PowerOfAttorney => format!("{} № {}", words::ground(l, g.said.kind), g.said.number),
        kind => words::ground(l, kind).to_owned(),
    };
    let under = [g.said.scope.clone(), g.holder.clone().unwrap_or_default(), g.said.note.clone()];
    let under = under.into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · ");
    let badge = (holds && g.urgency(v.today) != Urgency::Calm).then(|| crate::parts::urgency(l, g.urgency(v.today)));
    let end = (may && g.ended.is_none()).then(|| {
        view! { <form method="post" action=format!("/grounds/{}/end", g.id)><button class="btn bare low">
        {t::ground::end(l)}</button></form> }
    });
    let until = g.said.until.map(|day| when(dates::end(l, day, v.today, off)));
    view! {
        <li class=(!holds).then_some("mute")><span class="line"><b>{name}</b><span class="push">{badge}
            {(!holds).then(|| t::ground::ended(l))}{end}</span></span>
            {(!under.is_empty()).then(|| view! { <span class="soft">{under}</span> })}{until}</li>
    }
    .into_any()
}
