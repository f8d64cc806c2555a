//! A refusal as a page: what is wrong and the way out.

use crate::parts::empty;
use crate::seat::Viewer;
use crate::shell::{Room, Sheet, bare, page_with};
use crate::{text as t, words};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::person::Lang;
use domain::refusal::Refusal;
use leptos::prelude::*;

/// What somebody sent with a form, so that it can be sent again as it was.
pub struct Sent(pub Vec<(String, String)>);

/// The page of a refusal; somebody who has to sign in first is sent there and back.
pub fn show(refusal: &Refusal, v: &Viewer, sent: Option<&Sent>) -> Response {
    if matches!(refusal, Refusal::SignInFirst) {
        return Redirect::to(&format!("/sign-in?next={}", encode(&v.here))).into_response();
    }
    let (status, title, text) = told(refusal, v.lang);
    let view = |v: &Viewer| empty(&title, &text, way_out(refusal, v, sent));
    let mut page = if v.person.is_some() {
        page_with(status, v, |v| Sheet {
            room: Room::Other,
            title: title.clone(),
            hint: String::new(),
            actions: ().into_any(),
            body: view(v),
        })
    } else {
        bare(status, v, title.clone(), |v| view! { <main class="lone">{view(v)}</main> }.into_any())
    };
    if let Some(seconds) = retry_after(refusal) {
        page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(seconds));
    }
    page
}

fn told(refusal: &Refusal, l: Lang) -> (StatusCode, String, String) {
    let (status, title, text) = match refusal {
        Refusal::SignInFirst | Refusal::NotFound => {
            (StatusCode::NOT_FOUND, t::problem::not_found(l), t::problem::not_found_text(l).to_owned())
        }
        Refusal::NotAllowed => (StatusCode::FORBIDDEN, t::problem::not_allowed(l), t::problem::not_allowed_text(l).to_owned()),
        Refusal::Conflict => (StatusCode::CONFLICT, t::problem::conflict(l), t::problem::conflict_text(l).to_owned()),
        Refusal::Invalid { rule, .. } => (StatusCode::UNPROCESSABLE_ENTITY, t::problem::invalid(l), words::rule(l, rule)),
        Refusal::Wait(seconds) => (StatusCode::TOO_MANY_REQUESTS, t::problem::wait(l), t::sign_in::wait(l, *seconds)),
        Refusal::Busy => (StatusCode::SERVICE_UNAVAILABLE, t::problem::busy(l), t::problem::busy_text(l).to_owned()),
        Refusal::Away => (StatusCode::SERVICE_UNAVAILABLE, t::problem::away(l), t::problem::away_text(l).to_owned()),
        Refusal::Full => (StatusCode::SERVICE_UNAVAILABLE, t::problem::full(l), t::problem::full_text(l).to_owned()),
        Refusal::Unclear => (StatusCode::SERVICE_UNAVAILABLE, t::problem::unclear(l), t::problem::unclear_text(l).to_owned()),
        Refusal::Internal { reference } => {
            (StatusCode::INTERNAL_SERVER_ERROR, t::problem::internal(l), t::problem::internal_text(l, reference))
        }
    };
    (status, title.to_owned(), text)
}

/// Seconds after which the same may go through (RFC 9110, 10.2.3).
fn retry_after(refusal: &Refusal) -> Option<&'static str> {
    match refusal {
        Refusal::Busy => Some("2"),
        Refusal::Away | Refusal::Unclear => Some("5"),
        Refusal::Full => Some("30"),
        _ => None,
    }
}

/// What passes is tried again, with everything that was typed; what is unclear is looked at first.
fn way_out(refusal: &Refusal, v: &Viewer, sent: Option<&Sent>) -> AnyView {
    let l = v.lang;
    let home = view! { <a class="btn" href="/">{t::problem::home(l)}</a> };
    match (refusal, sent) {
        (Refusal::Busy | Refusal::Away | Refusal::Full, Some(Sent(fields))) => {
            let fields = fields.iter().map(|(name, value)| {
                view! { <input type="hidden" name=name.clone() value=value.clone()/> }
            });
            view! {
                <form class="line" method="post" action=v.here.clone()>
                    {fields.collect_view()}<button class="btn main">{t::problem::again(l)}</button>{home}
                </form>
            }
            .into_any()
        }
        (Refusal::Busy | Refusal::Away | Refusal::Full, None) => {
            view! { <p class="line"><a class="btn main" href=v.here.clone()>{t::problem::again(l)}</a>{home}</p> }.into_any()
        }
        _ => view! { <a class="btn main" href="/">{t::problem::home(l)}</a> }.into_any(),
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
