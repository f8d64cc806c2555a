//! A refusal as a page: what is wrong and the way out.

use crate::parts::empty;
use crate::seat::Viewer;
use crate::shell::{Room, Sheet, bare, page_with};
use crate::{text as t, words};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::refusal::Refusal;
use leptos::prelude::*;

/// The page of a refusal; somebody who has to sign in first is sent there and back.
pub fn show(refusal: &Refusal, v: &Viewer) -> Response {
    let l = v.lang;
    let (status, title, text) = match refusal {
        Refusal::SignInFirst => return Redirect::to(&format!("/sign-in?next={}", encode(&v.here))).into_response(),
        Refusal::NotFound => {
            (StatusCode::NOT_FOUND, t::problem::not_found(l).to_owned(), t::problem::not_found_text(l).to_owned())
        }
        Refusal::NotAllowed => (StatusCode::FORBIDDEN, t::problem::not_allowed(l).into(), t::problem::not_allowed_text(l).into()),
        Refusal::Conflict => (StatusCode::CONFLICT, t::problem::conflict(l).into(), t::problem::conflict_text(l).into()),
        Refusal::Invalid { rule, .. } => (StatusCode::UNPROCESSABLE_ENTITY, t::problem::invalid(l).into(), words::rule(l, rule)),
        Refusal::Wait(seconds) => (StatusCode::TOO_MANY_REQUESTS, t::problem::wait(l).into(), t::sign_in::wait(l, *seconds)),
        Refusal::Internal { reference } => {
            (StatusCode::INTERNAL_SERVER_ERROR, t::problem::internal(l).into(), t::problem::internal_text(l, reference))
        }
    };
    let view = |v: &Viewer| {
        let way = view! { <a class="btn main" href="/">{t::problem::home(v.lang)}</a> }.into_any();
        empty(&title, &text, way)
    };
    if v.person.is_some() {
        page_with(status, v, |v| Sheet {
            room: Room::Other,
            title: title.clone(),
            hint: String::new(),
            actions: ().into_any(),
            body: view(v),
        })
    } else {
        bare(status, v, title.clone(), |v| view! { <main class="lone">{view(v)}</main> }.into_any())
    }
}

/// Percent-encodes a path for a query.
pub fn encode(path: &str) -> String {
    path.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => char::from(b).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
