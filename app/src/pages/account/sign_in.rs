//! Signing in and out.

use crate::form::{Fault, field};
use crate::parts::note;
use crate::seat::{Guest, Refused, Reply, Seat, Viewer};
use crate::shell::{bare, languages, mark};
use crate::text as t;
use axum::extract::{Form, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect};
use domain::refusal::Refusal;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

pub async fn show(guest: Guest, Query(asked): Query<Asked>) -> Reply {
    if guest.viewer.person.is_some() {
        return Ok(Redirect::to("/").into_response());
    }
    Ok(form(&guest.viewer, StatusCode::OK, "", &asked.next, None))
}

pub async fn submit(guest: Guest, headers: HeaderMap, Form(typed): Form<Typed>) -> Reply {
    let browser = headers.get(header::USER_AGENT).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let l = guest.viewer.lang;
    match guest.entrance.sign_in(&typed.email, &typed.password, browser, &guest.address).await {
        Ok(cookie) => Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&inside(&typed.next))).into_response()),
        Err(Refusal::Wait(seconds)) => Ok(form(
            &guest.viewer,
            StatusCode::TOO_MANY_REQUESTS,
            &typed.email,
            &typed.next,
            Some(t::sign_in::wait(l, seconds)),
        )),
        Err(Refusal::NotAllowed) => Ok(form(
            &guest.viewer,
            StatusCode::UNPROCESSABLE_ENTITY,
            &typed.email,
            &typed.next,
            Some(t::sign_in::wrong(l).into()),
        )),
        Err(other) => Err(Refused(other)),
    }
}

pub async fn out(guest: Guest, seat: Seat) -> Reply {
    seat.desk.end_session(None).await?;
    Ok(([(header::SET_COOKIE, guest.entrance.no_cookie())], Redirect::to("/sign-in")).into_response())
}

/// Only a path of this program may follow signing in.
fn inside(next: &str) -> String {
    let plain = next.bytes().all(|b| b > 0x20 && b != 0x7f && b != b'\\');
    if plain && next.starts_with('/') && !next.starts_with("//") { next.to_owned() } else { "/".into() }
}

fn form(v: &Viewer, status: StatusCode, email: &str, next: &str, wrong: Option<String>) -> axum::response::Response {
    let (email, next) = (email.to_owned(), next.to_owned());
    bare(status, v, t::sign_in::title(v.lang).into(), move |v| {
        let l = v.lang;
        let body = view! {
            <h1>{t::sign_in::promise(l)}</h1>
            {wrong.map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
            <form method="post" action="/sign-in">
                <input type="hidden" name="next" value=next/>
                {field("email", t::sign_in::email(l), email).kind("email").complete("username").required().show(l, &Fault::default())}
                {field("password", t::sign_in::password(l), "").kind("password").complete("current-password").required().show(l, &Fault::default())}
                <button class="btn main" type="submit">{t::sign_in::submit(l)}</button>
                <p class="mute">{t::sign_in::forgotten(l)}</p>
            </form>
        };
        beside_ornament(v, body.into_any())
    })
}

/// The two halves of pages before signing in: the form, and a fixed ornament that holds no data.
pub fn beside_ornament(v: &Viewer, body: AnyView) -> AnyView {
    let office = v.office.to_string();
    let dots = (0..12).flat_map(|row| (0..31).map(move |day| (row, day))).map(|(row, day)| {
        let due = (row * 7 + day * 3) % 61 == 0;
        let (x, y) = (8 + day * 17, 10 + row * 25);
        view! { <circle class=if due { "x" } else { "d" } cx=x cy=y r=if due { "3.6" } else { "2" }></circle> }
    });
    view! {
        <div class="login">
            <main id="main"><div class="box"><p class="brand">{mark()}<span>"Merzim"</span></p>{body}</div>
                <footer><span>{office}</span>{languages(v)}</footer></main>
            <aside aria-hidden="true"><figure><svg class="yeardots" viewBox="0 0 540 300">{dots.collect_view()}</svg>
                </figure></aside>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn signing_in_never_leads_out_of_the_program() {
        for foreign in ["https://evil.kz", "//evil.kz", "/\t/evil.kz", "/\\evil.kz", ""] {
            assert_eq!(inside(foreign), "/");
        }
        assert_eq!(inside("/clients?q=a"), "/clients?q=a");
    }
}
