//! A refusal as a page: what is wrong and the way out.

use crate::pages::account::sign_in::{self, Return};
use crate::parts::empty;
use crate::seat::Viewer;
use crate::shell::{Room, Sheet, bare, page_with};
use crate::{text as t, words};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::person::Lang;
use domain::refusal::Refusal;
use leptos::prelude::*;

/// How somebody came to be refused, and so what "again" means.
pub enum Attempt {
    /// Asked for a page.
    Page,
    /// Sent a form that can be sent again as it was; the page that it stood on, where the browser told it.
    Form { fields: Vec<(String, String)>, from: Option<String> },
    /// Sent files or a password, which are not kept; the page with the form, where the browser told it.
    Unkept(Option<String>),
}

/// The page of a refusal; somebody who has to sign in first is sent there and back, with what was typed.
pub fn show(refusal: &Refusal, v: &Viewer, attempt: &Attempt) -> Response {
    if matches!(refusal, Refusal::SignInFirst) {
        return sign_in_first(v, attempt);
    }
    let (status, title, mut text) = told(refusal, v.lang);
    if let (true, Some(more)) = (passes(refusal), of_typed(attempt, v.lang)) {
        text = format!("{text} {more}");
    }
    let view = |v: &Viewer| empty(&title, &text, way_out(refusal, v, attempt));
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

fn sign_in_first(v: &Viewer, attempt: &Attempt) -> Response {
    let unkept = |from: &Option<String>| (from.clone().unwrap_or_else(|| "/".into()), "unkept");
    let (next, why) = match attempt {
        Attempt::Form { fields, from } => match Return::of(&v.here, fields, from.as_deref()) {
            Some(back) => return sign_in::again(v, back),
            None => unkept(from),
        },
        Attempt::Page => (v.here.clone(), if v.lapsed { "ended" } else { "" }),
        Attempt::Unkept(from) => unkept(from),
    };
    let why = if why.is_empty() { String::new() } else { format!("&why={why}") };
    Redirect::to(&format!("/sign-in?next={}{why}", encode(&next))).into_response()
}

fn told(refusal: &Refusal, l: Lang) -> (StatusCode, String, String) {
    let (status, title, text) = match refusal {
        Refusal::SignInFirst | Refusal::NotFound => {
            (StatusCode::NOT_FOUND, t::problem::not_found(l), t::problem::not_found_text(l).to_owned())
        }
        Refusal::NotAllowed => {
            (StatusCode::FORBIDDEN, t::problem::not_allowed(l), t::problem::not_allowed_text(l).to_owned())
        }
        Refusal::Conflict => (StatusCode::CONFLICT, t::problem::conflict(l), t::problem::conflict_text(l).to_owned()),
        Refusal::Invalid { rule, .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, t::problem::invalid(l), words::rule(l, rule))
        }
        Refusal::Wait(seconds) => (StatusCode::TOO_MANY_REQUESTS, t::problem::wait(l), t::sign_in::wait(l, *seconds)),
        Refusal::Busy => (StatusCode::SERVICE_UNAVAILABLE, t::problem::busy(l), t::problem::busy_text(l).to_owned()),
        Refusal::Away => (StatusCode::SERVICE_UNAVAILABLE, t::problem::away(l), t::problem::away_text(l).to_owned()),
        Refusal::Full => (StatusCode::SERVICE_UNAVAILABLE, t::problem::full(l), t::problem::full_text(l).to_owned()),
        Refusal::Unclear => {
            (StatusCode::SERVICE_UNAVAILABLE, t::problem::unclear(l), t::problem::unclear_text(l).to_owned())
        }
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

/// Whether the same may go through a little later.
fn passes(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Busy | Refusal::Away | Refusal::Full)
}

/// What became of the typed text.
fn of_typed(attempt: &Attempt, l: Lang) -> Option<&'static str> {
    match attempt {
        Attempt::Page => None,
        Attempt::Form { .. } => Some(t::problem::kept(l)),
        Attempt::Unkept(_) => Some(t::problem::unkept(l)),
    }
}

/// What passes is tried again, with everything that was typed; what is unclear is looked at first.
fn way_out(refusal: &Refusal, v: &Viewer, attempt: &Attempt) -> AnyView {
    let l = v.lang;
    let link = |class: &'static str, href: String, text: &'static str| view! { <a class=class href=href>{text}</a> };
    let home = |class| link(class, "/".into(), t::problem::home(l));
    match attempt {
        _ if !passes(refusal) => home("btn main").into_any(),
        Attempt::Form { fields, .. } => {
            let fields = fields.iter().map(|(name, value)| {
                view! { <input type="hidden" name=name.clone() value=value.clone()/> }
            });
            view! {
                <form class="line" method="post" action=v.here.clone()>
                    {fields.collect_view()}<button class="btn main">{t::problem::again(l)}</button>{home("btn")}
                </form>
            }
            .into_any()
        }
        Attempt::Page => {
            view! { <p class="line">{link("btn main", v.here.clone(), t::problem::again(l))}{home("btn")}</p> }
                .into_any()
        }
        Attempt::Unkept(Some(form)) => {
            view! { <p class="line">{link("btn main", form.clone(), t::problem::back(l))}{home("btn")}</p> }.into_any()
        }
        Attempt::Unkept(None) => home("btn main").into_any(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::day::OfficeDay;
    use domain::person::Theme;

    fn viewer(lang: Lang) -> Viewer {
        let day = "2026-11-22".parse().unwrap_or_default();
        Viewer {
            lang,
            theme: Theme::System,
            today: OfficeDay { now: "2026-11-22T06:00:00Z".parse().unwrap_or_default(), day },
            office: "".into(),
            pretended: false,
            unread: 0,
            lapsed: false,
            person: None,
            here: "/clients/new".into(),
            done: None,
            undo: None,
        }
    }

    async fn page(refusal: &Refusal, lang: Lang, attempt: &Attempt) -> (StatusCode, String) {
        let answer = show(refusal, &viewer(lang), attempt);
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap_or_default();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    #[tokio::test]
    async fn what_was_typed_is_sent_again_with_one_button() {
        let fields = vec![("name".into(), "ТОО «А» & \"Б\"".into()), ("filing".into(), "300".into())];
        let typed = Attempt::Form { fields, from: None };
        for refusal in [Refusal::Busy, Refusal::Away, Refusal::Full] {
            for lang in [Lang::Ru, Lang::Kk, Lang::En] {
                let (status, html) = page(&refusal, lang, &typed).await;
                assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
                assert!(html.contains("method=\"post\"") && html.contains("action=\"/clients/new\""), "{html}");
                assert!(
                    html.contains("value=\"ТОО «А» &amp; &quot;Б&quot;\"") && html.contains(t::problem::kept(lang)),
                    "{html}"
                );
            }
        }
    }

    #[tokio::test]
    async fn what_is_not_kept_leads_back_to_its_form() {
        let (_, html) = page(&Refusal::Busy, Lang::Ru, &Attempt::Unkept(Some("/import".into()))).await;
        assert!(html.contains("href=\"/import\"") && html.contains(t::problem::unkept(Lang::Ru)), "{html}");
        assert!(!html.contains("<form"), "nothing is promised to be sent again");
        let (_, html) = page(&Refusal::Unclear, Lang::Ru, &Attempt::Form { fields: Vec::new(), from: None }).await;
        assert!(!html.contains("<form"), "what may have been written is not sent again blindly");
    }
}
