//! The templates of the checklists.

use crate::form::{Fault, field, optional, picked, select};
use crate::parts::{icon, note, sheet, whole_sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{text as t, words};
use axum::extract::{Form, Query};
use axum::http::StatusCode;
use domain::access::Action;
use domain::id::StepId;
use domain::reason::Reason;
use domain::refusal::Refusal;
use domain::task::{Route, StepFact, StepLine, StepTemplate};
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    /// The line that is changed; empty for a new one.
    id: String,
    reason: String,
    route: String,
    fact: String,
    place: String,
    text_ru: String,
    text_kk: String,
    text_en: String,
}

fn owner(seat: &Seat) -> Result<(), Refusal> {
    if seat.viewer.may(Action::Settings) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

pub async fn show(seat: Seat, Query(mut typed): Query<Typed>) -> Reply {
    owner(&seat)?;
    let all = seat.desk.step_templates().await?;
    if let Some(line) = all.iter().find(|s| s.id.to_string() == typed.id).map(|s| &s.line) {
        let [ru, kk, en] = line.text.clone();
        typed = Typed {
            id: typed.id,
            reason: line.reason.map(Reason::code).unwrap_or_default().into(),
            route: line.route.map(Route::code).unwrap_or_default().into(),
            fact: line.fact.map(StepFact::code).unwrap_or_default().into(),
            place: line.place.to_string(),
            text_ru: ru,
            text_kk: kk,
            text_en: en,
        };
    }
    Ok(view(&seat.viewer, StatusCode::OK, &all, &typed, &Fault::default()))
}

pub async fn set(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    owner(&seat)?;
    let done = async {
        let text = [
            optional("text_ru", &typed.text_ru, 300)?,
            optional("text_kk", &typed.text_kk, 300)?,
            optional("text_en", &typed.text_en, 300)?,
        ];
        let id: Option<StepId> = picked(&typed.id);
        let line = StepLine {
            reason: Reason::parse(&typed.reason),
            route: Route::parse(&typed.route),
            fact: StepFact::parse(&typed.fact),
            place: typed.place.trim().parse().unwrap_or(50),
            text,
        };
        seat.desk.set_step_template(id, line).await
    };
    match done.await {
        Ok(()) => Ok(back_to("/office/steps", "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            Ok(view(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, &seat.desk.step_templates().await?, &typed, &fault))
        }
    }
}

pub async fn remove(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    owner(&seat)?;
    seat.desk.remove_step_template(typed.id.parse().map_err(|_| Refusal::NotFound)?).await?;
    Ok(back_to("/office/steps", "saved", None))
}

fn view(
    v: &Viewer,
    status: StatusCode,
    all: &[StepTemplate],
    typed: &Typed,
    fault: &Fault,
) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let lines = all.iter().map(|s| line(v, s)).collect_view();
        let table = view! {
            <table class="t flow"><thead><tr><th scope="col">{t::office::step_place(l)}</th><th scope="col">
                {t::task::steps(l)}</th><th scope="col">{t::task::reason(l)}</th><th scope="col">{t::task::route(l)}
                </th><td></td></tr></thead>
                <tbody>{lines}</tbody></table>
        };
        let body = view! {
            {note("info", t::office::steps_hint(l))}
            <div class="cols"><div class="stack notes-below">
                {whole_sheet(table.into_any())}</div>
                <div class="stack notes-below">{form(v, typed, fault)}</div></div>
        };
        Sheet {
            room: Room::Other,
            title: t::office::steps(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    })
}

fn line(v: &Viewer, s: &StepTemplate) -> AnyView {
    let l = v.lang;
    let (id, text) = (s.id.to_string(), words::of_three(l, &s.line.text));
    let label = format!("{}: {text}", t::office::step_remove(l));
    let reason = s.line.reason.map_or_else(|| t::office::step_any_reason(l), |r| words::reason(l, r));
    let route = s.line.route.map_or_else(|| t::office::step_any_route(l), |r| words::route(l, r));
    view! {
        <tr><td class="num">{s.line.place}</td><th scope="row">
            <a class="link" href=format!("/office/steps?id={id}#step")>{text}</a></th><td>{reason}</td><td>{route}</td>
            <td class="p-end"><form method="post" action="/office/steps/remove">
                <input type="hidden" name="id" value=id/><button class="btn bare low sq" aria-label=label>{icon("x")}
                </button></form></td></tr>
    }
    .into_any()
}

fn form(v: &Viewer, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let reasons =
        crate::form::any_of(t::office::step_any_reason(l), Reason::ALL, Reason::code, |r| words::reason(l, r).into());
    let routes =
        crate::form::any_of(t::office::step_any_route(l), Route::ALL, Route::code, |r| words::route(l, r).into());
    let facts = crate::form::any_of(t::office::step_by_hand(l), StepFact::ALL, StepFact::code, |f| {
        words::step_fact(l, f).into()
    });
    let place = if typed.place.is_empty() { "50".to_owned() } else { typed.place.clone() };
    let title = if typed.id.is_empty() { t::office::step_add(l) } else { t::task::steps(l) };
    let body = view! {
        <form class="pad form1" id="step" method="post" action="/office/steps">
            <input type="hidden" name="id" value=typed.id.clone()/>
            {field("text_ru", t::office::step_ru(l), typed.text_ru.clone()).show(l, fault)}
            {field("text_kk", t::office::step_kk(l), typed.text_kk.clone()).show(l, fault)}
            {field("text_en", t::office::step_en(l), typed.text_en.clone()).show(l, fault)}
            {select(l, "reason", t::task::reason(l), &typed.reason, reasons, fault)}
            {select(l, "route", t::task::route(l), &typed.route, routes, fault)}
            {select(l, "fact", t::office::step_ticked(l), &typed.fact, facts, fault)}
            {field("place", t::office::step_place(l), place).kind("number").show(l, fault)}
            <button class="btn main">{t::form::save(l)}</button></form>
    };
    sheet(title, None, ().into_any(), body.into_any())
}
