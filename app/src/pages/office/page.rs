//! The office's settings: name, zone, language, known authorities.

use crate::form::{Fault, choice, field, select, text};
use crate::pages::import::upload::uploads;
use crate::pages::reminders::{escalation, ladder, plan};
use crate::parts::{file_field, note, sheet};
use crate::seat::{Refused, Reply, Seat};
use crate::shell::{Room, Sheet, page_with};
use crate::{text as t, words};
use axum::extract::{Form, Multipart};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use domain::access::Action;
use domain::office::{Authority, Office, ZONES};
use domain::person::Lang;
use domain::refusal::{Refusal, Rule};
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    months: String,
    name: String,
    zone: String,
    lang: String,
    ladder: String,
    /// Days of tasks that open by themselves, and of telling above, as they were typed and refused.
    #[serde(skip)]
    plan: Option<String>,
    #[serde(skip)]
    escalation: Option<String>,
}

pub async fn show(seat: Seat) -> Reply {
    if !seat.viewer.may(Action::Settings) {
        return Err(Refused(Refusal::NotAllowed));
    }
    let typed = Typed { name: seat.viewer.office.to_string(), ..Typed::default() };
    view(&seat, StatusCode::OK, &typed, &Fault::default()).await
}

pub async fn change(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let done = async {
        let office = Office {
            name: text("name", &typed.name, 120)?,
            zone: choice("zone", &typed.zone, |z| ZONES.contains(&z).then(|| z.to_owned()))?,
            lang: choice("lang", &typed.lang, Lang::parse)?,
        };
        seat.desk.set_office(office).await
    };
    answer(&seat, &typed, done.await).await
}

pub async fn keep(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let typed = Typed { name: seat.viewer.office.to_string(), ..typed };
    let done = async {
        seat.desk
            .set_keep_months(typed.months.trim().parse().map_err(|_| Refusal::invalid("months", Rule::Months))?)
            .await
    };
    answer(&seat, &typed, done.await).await
}

pub async fn add_authority(seat: Seat, parts: Multipart) -> Reply {
    let (files, _) = uploads(parts).await?;
    let done = async {
        if files.is_empty() {
            return Err(Refusal::invalid("files", Rule::Required));
        }
        for file in files {
            seat.desk.add_authority(file).await?;
        }
        Ok(())
    };
    let typed = Typed { name: seat.viewer.office.to_string(), ..Typed::default() };
    answer(&seat, &typed, done.await).await
}

pub async fn remove_authority(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let done = seat.desk.remove_authority(&typed.name).await;
    answer(&seat, &typed, done).await
}

/// The page where the ladder is refused, with what was typed.
pub async fn ladder_refused(seat: &Seat, ladder: String, fault: &Fault) -> Reply {
    let typed = Typed { name: seat.viewer.office.to_string(), ladder, ..Typed::default() };
    view(seat, StatusCode::UNPROCESSABLE_ENTITY, &typed, fault).await
}

/// The page where the days of tasks are refused, with what was typed.
pub async fn plan_refused(seat: &Seat, plan: String, fault: &Fault) -> Reply {
    let typed = Typed { name: seat.viewer.office.to_string(), plan: Some(plan), ..Typed::default() };
    view(seat, StatusCode::UNPROCESSABLE_ENTITY, &typed, fault).await
}

/// The page where the days of telling above are refused, with what was typed.
pub async fn escalation_refused(seat: &Seat, days: String, fault: &Fault) -> Reply {
    let typed = Typed { name: seat.viewer.office.to_string(), escalation: Some(days), ..Typed::default() };
    view(seat, StatusCode::UNPROCESSABLE_ENTITY, &typed, fault).await
}

async fn answer(seat: &Seat, typed: &Typed, done: Result<(), Refusal>) -> Reply {
    match done {
        Ok(()) => Ok(Redirect::to("/office?done=saved").into_response()),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            view(seat, StatusCode::UNPROCESSABLE_ENTITY, typed, &fault).await
        }
    }
}

async fn view(seat: &Seat, status: StatusCode, typed: &Typed, fault: &Fault) -> Reply {
    let (authorities, months) = (seat.desk.authorities().await?, seat.desk.keep_months().await?);
    let set = seat.desk.office_settings().await?;
    let ladder = if typed.ladder.is_empty() { seat.desk.ladder().await?.text() } else { typed.ladder.clone() };
    let days = seat.desk.plan_days().await?.map(|days| days.to_string());
    let plan_days = typed.plan.clone().or(days).unwrap_or_default();
    let days = seat.desk.escalate_days().await?.map(|days| days.to_string());
    let escalation_days = typed.escalation.clone().or(days).unwrap_or_default();
    let zone = if typed.zone.is_empty() { set.zone } else { typed.zone.clone() };
    let lang = if typed.lang.is_empty() { set.lang.code().to_owned() } else { typed.lang.clone() };
    Ok(page_with(status, &seat.viewer, |v| {
        let l = v.lang;
        let months = if typed.months.is_empty() { months.to_string() } else { typed.months.clone() };
        let keep = view! {
            <form class="form1 pad" method="post" action="/office/keep">{field("months", t::leaving::months(l), months).kind("number").hint(t::leaving::months_hint(l)).required().show(l, fault)}<button class="btn">{t::form::save(l)}</button></form>
        };
        let zones = ZONES.iter().map(|z| ((*z).to_owned(), (*z).to_owned())).collect();
        let langs = Lang::ALL.iter().map(|x| (x.code().to_owned(), words::lang(*x).to_owned())).collect();
        let office = view! {
            <form class="form1 pad" method="post" action="/office">
                {field("name", t::office::name(l), typed.name.clone()).required().show(l, fault)}
                {select(l, "zone", t::office::zone(l), &zone, zones, fault)}
                {select(l, "lang", t::office::lang(l), &lang, langs, fault)}
                <button class="btn main">{t::form::save(l)}</button>
            </form>
        };
        let list = authorities_list(l, &authorities, fault);
        let body = view! {
            <div class="cols"><div class="stack">
                {ladder::form(l, ladder.clone(), fault)}
                {escalation::form(l, escalation_days.clone(), fault)}
                {plan::form(l, plan_days.clone(), fault)}
                {sheet(t::office::authorities(l), Some(authorities.len()), ().into_any(), list)}</div>
                <div class="stack">{sheet(t::nav::office(l), None, ().into_any(), office.into_any())}
                    {sheet(t::leaving::keep(l), None, ().into_any(), keep.into_any())}
                    {more(l)}</div></div>
        };
        Sheet {
            room: Room::Other,
            title: t::nav::office(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    }))
}

/// Authorities that are known by name or certificate, and the way to add one.
fn authorities_list(l: Lang, authorities: &[Authority], fault: &Fault) -> AnyView {
    let rows = authorities.iter().map(|a| {
        let name = a.common_name.clone();
        view! {
            <li class="line"><span class="cut">{name.clone()}<br/><small class="mute">
                {if a.has_certificate { t::office::with_certificate(l) } else { t::office::by_name(l) }}</small>
                </span>
                <form class="push" method="post" action="/office/authorities/remove">
                    <input type="hidden" name="name" value=name/><button class="btn low bare">{t::office::remove(l)}
                    </button></form></li>
        }
    });
    view! {
        <div class="pad stack">{note("info", t::office::authorities_text(l))}<ul class="rows">{rows.collect_view()}
            </ul>
            <form class="form1" method="post" action="/office/authorities" enctype="multipart/form-data">
                {file_field(l, fault.at(l, "files"))}<button class="btn">{t::office::add_authority(l)}</button>
                </form></div>
    }
    .into_any()
}

/// The ways to the other tables of the office.
fn more(l: Lang) -> AnyView {
    let all = [
        ("/office/days", t::days::title(l)),
        ("/office/mail", t::mail::title(l)),
        ("/office/jobs", t::jobs::title(l)),
        ("/office/filings", t::filing::title(l)),
        ("/office/systems", t::systems::office(l)),
        ("/revocation", t::revocation::title(l)),
        ("/office/steps", t::office::steps(l)),
    ];
    let lines = all.map(|(href, word)| view! { <li><a class="link" href=href>{word}</a></li> });
    view! { <nav class="sheet pad" aria-label=t::office::more(l)><ul class="rows">{lines.into_iter().collect_view()}</ul></nav> }
        .into_any()
}
