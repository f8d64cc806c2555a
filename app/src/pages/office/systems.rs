//! The office's systems, and what each route asks for.

use crate::form::{Fault, field, optional, picked};
use crate::parts::{icon, note, sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{text as t, words};
use axum::extract::Query;
use axum::http::StatusCode;
use axum_extra::extract::Form;
use domain::access::Action;
use domain::client::System;
use domain::refusal::{Refusal, Rule};
use domain::route::{Condition, RouteRule};
use domain::task::Route;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    id: String,
    name_ru: String,
    name_kk: String,
    name_en: String,
    place: String,
    usual: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    id: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct TypedRoute {
    route: String,
    condition: Vec<String>,
    link: String,
}

fn owner(seat: &Seat) -> Result<(), Refusal> {
    if seat.viewer.may(Action::Settings) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    owner(&seat)?;
    let typed = seat.desk.systems().await?.into_iter().find(|s| s.id.is_some() && s.id == picked(&asked.id)).map(|s| {
        let [name_ru, name_kk, name_en] = s.name;
        let usual = if s.usual { "1".to_owned() } else { String::new() };
        Typed { id: asked.id, name_ru, name_kk, name_en, place: s.place.to_string(), usual }
    });
    view(&seat, StatusCode::OK, &typed.unwrap_or_default(), &Fault::default()).await
}

pub async fn set(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    owner(&seat)?;
    let done = async {
        let name = [
            optional("name_ru", &typed.name_ru, 80)?,
            optional("name_kk", &typed.name_kk, 80)?,
            optional("name_en", &typed.name_en, 80)?,
        ];
        let place = typed.place.trim().parse().unwrap_or(100);
        seat.desk.set_system(System { id: picked(&typed.id), place, usual: typed.usual == "1", name }).await
    };
    match done.await {
        Ok(()) => Ok(back_to("/office/systems", "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            view(&seat, StatusCode::UNPROCESSABLE_ENTITY, &typed, &fault).await
        }
    }
}

pub async fn remove(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    owner(&seat)?;
    seat.desk.remove_system(typed.id.parse().map_err(|_| Refusal::NotFound)?).await?;
    Ok(back_to("/office/systems", "saved", None))
}

pub async fn route(seat: Seat, Form(typed): Form<TypedRoute>) -> Reply {
    owner(&seat)?;
    let done = async {
        let link = optional("link", &typed.link, 300)?;
        if !link.is_empty() && !link.starts_with("https://") {
            return Err(Refusal::invalid("link", Rule::Unknown));
        }
        let conditions = typed.condition.iter().filter_map(|c| Condition::parse(c)).collect();
        let route = Route::parse(&typed.route).ok_or(Refusal::NotFound)?;
        seat.desk.set_route_rule(RouteRule { route, conditions, link }).await
    };
    match done.await {
        Ok(()) => Ok(back_to("/office/systems#routes", "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            view(&seat, StatusCode::UNPROCESSABLE_ENTITY, &Typed::default(), &fault).await
        }
    }
}

async fn view(seat: &Seat, status: StatusCode, typed: &Typed, fault: &Fault) -> Reply {
    let (systems, routes) = (seat.desk.systems().await?, seat.desk.route_rules().await?);
    Ok(page_with(status, &seat.viewer, |v| {
        let l = v.lang;
        let lines = systems.iter().map(|s| line(v, s)).collect_view();
        let list = view! { <ul class="rows pad">{lines}</ul> };
        let routes = routes.iter().map(|r| route_form(v, r, fault)).collect_view();
        let body = view! {
            {fault.any(l).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
            {note("info", t::systems::hint(l))}
            <div class="cols"><div class="stack">
                {sheet(t::systems::title(l), Some(systems.len()), ().into_any(), list.into_any())}
                <div id="routes">{sheet(t::route::title(l), None, ().into_any(), view! { <div class="pad stack">{note("info", t::route::hint(l))}{routes}</div> }.into_any())}</div></div>
                <div class="stack">{form(v, typed, fault)}</div></div>
        };
        Sheet {
            room: Room::Other,
            title: t::systems::office(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    }))
}

fn line(v: &Viewer, s: &System) -> AnyView {
    let l = v.lang;
    let (id, name) = (s.id.map(|id| id.to_string()).unwrap_or_default(), words::of_three(l, &s.name));
    let label = format!("{}: {name}", t::office::remove(l));
    view! {
        <li class="line"><a class="link" href=format!("/office/systems?id={id}#system")>{name}</a>
            {s.usual.then(|| view! { <span class="mute">{t::systems::usual(l)}</span> })}
            <form class="push" method="post" action="/office/systems/remove"><input type="hidden" name="id" value=id/>
                <button class="btn bare low sq" aria-label=label>{icon("x")}</button></form></li>
    }
    .into_any()
}

fn form(v: &Viewer, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let usual = typed.usual == "1";
    let place = if typed.place.is_empty() { "100".to_owned() } else { typed.place.clone() };
    let body = view! {
        <form class="pad form1" id="system" method="post" action="/office/systems">
            <input type="hidden" name="id" value=typed.id.clone()/>
            {field("name_ru", t::office::step_ru(l), typed.name_ru.clone()).show(l, fault)}
            {field("name_kk", t::office::step_kk(l), typed.name_kk.clone()).show(l, fault)}
            {field("name_en", t::office::step_en(l), typed.name_en.clone()).show(l, fault)}
            {field("place", t::office::step_place(l), place).kind("number").show(l, fault)}
            <label class="check"><input type="checkbox" name="usual" value="1" checked=usual/>
                {t::systems::usual_hint(l)}</label>
            <button class="btn main">{t::form::save(l)}</button></form>
    };
    sheet(
        if typed.id.is_empty() { t::systems::add(l) } else { t::systems::edit(l) },
        None,
        ().into_any(),
        body.into_any(),
    )
}

fn route_form(v: &Viewer, r: &RouteRule, fault: &Fault) -> AnyView {
    let l = v.lang;
    let ticks = Condition::ALL.iter().map(|c| {
        let checked = r.conditions.contains(c);
        view! { <label class="check"><input type="checkbox" name="condition" value=c.code() checked=checked/>
        {words::condition(l, *c)}</label> }
    });
    let id = format!("link-{}", r.route.code());
    view! {
        <form class="form1" method="post" action="/office/routes"><h3>{words::route(l, r.route)}</h3>
            <input type="hidden" name="route" value=r.route.code()/>
            <div class="checks">{ticks.collect_view()}</div>
            <div class="field"><label for=id.clone()>{t::route::link(l)}</label>
                <input class="in" id=id name="link" type="url" value=r.link.clone()
                aria-invalid=fault.at(l, "link").is_some().then_some("true")/></div>
            <button class="btn">{t::form::save(l)}</button></form>
    }
    .into_any()
}
