//! Signing in and out.

use crate::form::{Fault, field};
use crate::parts::note;
use crate::port::Credentials;
use crate::seat::{Guest, Refused, Reply, Seat, Viewer};
use crate::shell::{bare, languages, mark};
use crate::text as t;
use axum::extract::{Form, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::refusal::Refusal;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    next: String,
    /// Why somebody was sent here: `ended` or `unkept`.
    why: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    email: String,
    password: String,
    next: String,
    to: String,
    kept: String,
}

/// Most of a form that goes through signing in, in bytes of its Base64: little is read from whoever is not signed in.
const KEPT: usize = 12 * 1024;

/// Where signing in leads, and the form that somebody sent when their session was over. It goes through the page itself:
/// the server keeps nothing of it.
#[derive(Default)]
pub struct Return {
    next: String,
    /// The address of the form; empty where there is none.
    to: String,
    /// Its fields: JSON in Base64.
    kept: String,
}

impl Return {
    /// Keeps a form; none where it is too long.
    pub fn of(to: &str, fields: &[(String, String)], from: Option<&str>) -> Option<Self> {
        let kept = URL_SAFE_NO_PAD.encode(serde_json::to_vec(fields).ok()?);
        let next = from.unwrap_or("/").to_owned();
        (kept.len() <= KEPT).then(|| Self { next, to: to.to_owned(), kept })
    }

    fn fields(&self) -> Vec<(String, String)> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.kept).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }
}

pub async fn show(guest: Guest, Query(asked): Query<Asked>) -> Reply {
    if guest.viewer.person.is_some() {
        return Ok(Redirect::to("/").into_response());
    }
    let l = guest.viewer.lang;
    let why = match asked.why.as_str() {
        "ended" => Some(t::sign_in::ended(l)),
        "unkept" => Some(t::sign_in::unkept(l)),
        _ => None,
    };
    let back = Return { next: asked.next, ..Return::default() };
    Ok(form(&guest.viewer, StatusCode::OK, "", back, why.map(|text| note("info", text))))
}

/// The answer to a form that came after its session: signing in, with the form kept.
pub fn again(v: &Viewer, back: Return) -> Response {
    form(v, StatusCode::UNAUTHORIZED, "", back, Some(note("info", t::sign_in::kept(v.lang))))
}

pub async fn submit(guest: Guest, headers: HeaderMap, Form(typed): Form<Typed>) -> Reply {
    let browser = headers.get(header::USER_AGENT).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let (v, l) = (&guest.viewer, guest.viewer.lang);
    let back = Return { next: inside(&typed.next), to: typed.to, kept: typed.kept };
    let email: String = typed.email.chars().take(200).collect();
    let wrong = |text: String| Some(view! { <div role="alert">{note("risk", text)}</div> }.into_any());
    let (address, known) = (guest.address.as_str(), guest.known.as_deref());
    let sent = Credentials { email: &typed.email, password: &typed.password, browser, address, known };
    match guest.entrance.sign_in(sent).await {
        Ok(cookies) => {
            let next = if back.to.is_empty() { Redirect::to(&back.next).into_response() } else { resume(v, &back) };
            Ok((AppendHeaders(cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie))), next).into_response())
        }
        Err(Refusal::Wait(seconds)) => {
            Ok(form(v, StatusCode::TOO_MANY_REQUESTS, &email, back, wrong(t::sign_in::wait(l, seconds))))
        }
        Err(Refusal::NotAllowed) => {
            Ok(form(v, StatusCode::UNPROCESSABLE_ENTITY, &email, back, wrong(t::sign_in::wrong(l).into())))
        }
        Err(other) => Err(Refused(other)),
    }
}

/// Signed in again: shows the texts that were typed, and sends them with one press.
fn resume(v: &Viewer, back: &Return) -> Response {
    bare(StatusCode::OK, v, t::sign_in::title(v.lang).into(), |v| {
        let l = v.lang;
        let fields = back.fields();
        let texts = fields.iter().filter(|(_, value)| value.contains(char::is_whitespace));
        let texts = texts.map(|(_, value)| view! { <blockquote>{value.clone()}</blockquote> }).collect_view();
        let hidden =
            fields.iter().map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone()/> });
        let body = view! {
            <h1>{t::sign_in::resume(l)}</h1>
            <p>{t::sign_in::resume_text(l)}</p>{texts}
            <form method="post" action=inside(&back.to)>{hidden.collect_view()}
                <button class="btn main">{t::sign_in::send(l)}</button>
                <a class="btn" href=back.next.clone()>{t::sign_in::leave(l)}</a></form>
        };
        beside_ornament(v, body.into_any())
    })
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

fn form(v: &Viewer, status: StatusCode, email: &str, back: Return, said: Option<AnyView>) -> Response {
    let email = email.to_owned();
    bare(status, v, t::sign_in::title(v.lang).into(), move |v| {
        let l = v.lang;
        let body = view! {
            <h1>{t::sign_in::promise(l)}</h1>
            {said}
            <form method="post" action="/sign-in">
                <input type="hidden" name="next" value=back.next/>
                {(!back.to.is_empty()).then(|| view! { <input type="hidden" name="to" value=back.to/>
                <input type="hidden" name="kept" value=back.kept/> })}
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
