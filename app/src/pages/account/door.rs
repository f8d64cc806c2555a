//! One-time links: the first owner of an empty database, and a password for somebody.

use crate::form::{Fault, choice, email, field, select, text};
use crate::pages::account::sign_in::beside_ornament;
use crate::parts::note;
use crate::port::Door;
use crate::seat::{Guest, Refused, Reply, Viewer};
use crate::shell::bare;
use crate::{text as t, words};
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use domain::office::{Office, ZONES};
use domain::person::Lang;
use domain::refusal::{Refusal, Rule};
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    office: String,
    zone: String,
    lang: String,
    name: String,
    email: String,
    password: String,
    again: String,
}

pub async fn show(guest: Guest, Path(token): Path<String>) -> Reply {
    let door = match guest.entrance.door(&token).await {
        Err(Refusal::NotFound) => return Ok(used_up(&guest.viewer)),
        door => door?,
    };
    let typed = Typed { lang: guest.viewer.lang.code().into(), zone: "Asia/Almaty".into(), ..Typed::default() };
    Ok(form(&guest.viewer, StatusCode::OK, &token, &door, typed, &Fault::default()))
}

/// Says what has become of a link, and whom to ask for another.
fn used_up(v: &Viewer) -> axum::response::Response {
    bare(StatusCode::NOT_FOUND, v, t::door::used_title(v.lang).into(), |v| {
        let l = v.lang;
        let body = view! {
            <h1>{t::door::used_title(l)}</h1><p>{t::door::used_text(l)}</p>
            <p><a class="btn main" href="/sign-in">{t::sign_in::title(l)}</a></p>
        };
        beside_ornament(v, body.into_any())
    })
}

pub async fn submit(guest: Guest, Path(token): Path<String>, Form(typed): Form<Typed>) -> Reply {
    let door = match guest.entrance.door(&token).await {
        Err(Refusal::NotFound) => return Ok(used_up(&guest.viewer)),
        door => door?,
    };
    match enter(&guest, &token, &door, &typed).await {
        Ok(()) => Ok(Redirect::to("/sign-in").into_response()),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            Ok(form(&guest.viewer, StatusCode::UNPROCESSABLE_ENTITY, &token, &door, typed, &fault))
        }
    }
}

async fn enter(guest: &Guest, token: &str, door: &Door, typed: &Typed) -> Result<(), Refusal> {
    if typed.password != typed.again {
        return Err(Refusal::invalid("again", Rule::PasswordWrong));
    }
    match door {
        Door::Join { .. } => guest.entrance.join(token, &typed.password).await,
        Door::Start => {
            let office = Office {
                name: text("office", &typed.office, 120)?,
                zone: choice("zone", &typed.zone, |z| ZONES.contains(&z).then(|| z.to_owned()))?,
                lang: choice("lang", &typed.lang, Lang::parse)?,
            };
            let (name, email) = (text("name", &typed.name, 120)?, email("email", &typed.email)?);
            guest.entrance.start(token, office, &name, &email, &typed.password).await
        }
    }
}

fn form(
    v: &Viewer,
    status: StatusCode,
    token: &str,
    door: &Door,
    typed: Typed,
    fault: &Fault,
) -> axum::response::Response {
    let l = v.lang;
    let start = matches!(door, Door::Start);
    let title = if start { t::door::start(l) } else { t::door::join(l) };
    bare(status, v, title.into(), move |v| {
        let action = format!("/door/{token}");
        let head = match door {
            Door::Start => note("info", t::door::start_text(l)),
            Door::Join { name, email } => note("info", t::door::join_text(l, name, email)),
        };
        let langs = Lang::ALL.iter().map(|c| (c.code().to_owned(), words::lang(*c).to_owned())).collect();
        let zones = ZONES.iter().map(|z| ((*z).to_owned(), (*z).to_owned())).collect();
        let office = start.then(|| {
            view! {
                {field("office", t::office::name(l), typed.office).required().show(l, fault)}
                {select(l, "zone", t::office::zone(l), &typed.zone, zones, fault)}
                {select(l, "lang", t::office::lang(l), &typed.lang, langs, fault)}
                {field("name", t::staff::your_name(l), typed.name).complete("name").required().show(l, fault)}
                {field("email", t::sign_in::email(l), typed.email).kind("email").complete("username").required().show(l, fault)}
            }
        });
        // Password keepers file the new password under this address.
        let user = match door {
            Door::Join { email, .. } => Some(
                view! { <input type="email" name="username" autocomplete="username" value=email.clone() hidden=true/> },
            ),
            Door::Start => None,
        };
        let body = view! {
            <h1>{title}</h1>
            {head}
            <form method="post" action=action>
                {office}
                {user}
                {field("password", t::door::password(l), "").kind("password").complete("new-password").hint(t::door::password_hint(l)).required().show(l, fault)}
                {field("again", t::door::again(l), "").kind("password").complete("new-password").required().show(l, fault)}
                <button class="btn main" type="submit">{t::door::submit(l)}</button>
            </form>
        };
        beside_ornament(v, body.into_any())
    })
}
