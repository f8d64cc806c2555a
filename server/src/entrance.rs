//! The way in: cookie to person, person to desk, refusal to page.

use crate::desk::OfficeDesk;
use crate::sign_in::OpenDoor;
use crate::state::AppState;
use crate::{attempt, refusals, secret};
use app::Attempt;
use app::seat::{Guest, Seat, Viewer};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use domain::person::{Lang, Theme};
use domain::refusal::{Refusal, Rule};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use store::ScopedStore;

/// Puts a [`Guest`] and, with a live session, a [`Seat`] into the request; words refusals afterwards.
pub async fn admit(State(state): State<Arc<AppState>>, jar: CookieJar, request: Request, next: Next) -> Response {
    let unknown = blank(&state, &jar, &request);
    // Before the first question to the database: what was typed outlasts its fault.
    let (mut request, sent) = match attempt::keep(request).await {
        Ok(kept) => kept,
        Err(refusal) => return app::show_problem(&refusal, &unknown, &Attempt::Page),
    };
    let guest = match seats(&state, &jar, &mut request).await {
        Ok(entered) => entered,
        Err(refusal) => return app::show_problem(&refusal, &unknown, &sent.attempt()),
    };
    let uploads = request.headers().get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"multipart/"));
    let mut response = next.run(request).await;
    if let Some(refusal) = refusal_in(&mut response, uploads) {
        response = app::show_problem(&refusal, &guest.viewer, &sent.attempt());
    }
    if let Some(lang) = guest.keeps {
        let cookie = format!("merzim-lang={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.code());
        if let Ok(value) = cookie.parse() {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

struct Entered {
    viewer: Viewer,
    /// The language was asked for in the address and is to be kept.
    keeps: Option<Lang>,
}

async fn seats(state: &Arc<AppState>, jar: &CookieJar, request: &mut Request) -> Result<Entered, Refusal> {
    let clock = state.clock;
    let admitted = match session_token(state, jar) {
        Some(token) => {
            state.store.admit(&secret::hash(token), |zone| clock.today(zone), state.idle).await.map_err(refusals::of)?
        }
        None => None,
    };
    let (who, person, office) = match admitted {
        Some((who, person, office)) => (Some(who), Some(person), Some(office)),
        None => (None, None, state.store.office().await.map_err(refusals::of)?),
    };
    let today = who
        .as_ref()
        .map_or_else(|| clock.today(office.as_ref().map_or("Asia/Almaty", |o| o.zone.as_str())), |w| w.today());
    let asked = asked_lang(request);
    let lang = person
        .as_ref()
        .map(|p| p.lang)
        .or(asked)
        .or_else(|| kept_lang(jar))
        .or(office.as_ref().map(|o| o.lang))
        .unwrap_or(Lang::Ru);
    let mut viewer = Viewer {
        lang,
        theme: person.as_ref().map_or(Theme::System, |p| p.theme),
        today,
        office: office.map(|o| o.name).unwrap_or_default().into(),
        pretended: state.clock.pretended.is_some(),
        lapsed: person.is_none() && session_token(state, jar).is_some(),
        person,
        here: here(request),
        unread: 0,
        done: query(request, "done").filter(|_| from_here(request)),
        undo: query(request, "undo").and_then(|id| id.parse().ok()),
    };
    let scoped = who.map(|who| ScopedStore::open(state.store.clone(), who));
    if let Some(scoped) = scoped.as_ref().filter(|_| request.method() == axum::http::Method::GET) {
        viewer.unread = scoped.unread().await.map_err(refusals::of)?;
    }
    let address = address(state, request);
    let known = jar.get(state.known_name()).map(|c| c.value().to_owned()).filter(|t| !t.is_empty());
    let entrance = Arc::new(OpenDoor { state: state.clone() });
    request.extensions_mut().insert(Guest { entrance, viewer: viewer.clone(), address, known });
    if let Some(scoped) = scoped {
        let desk = Arc::new(OfficeDesk { scoped, state: state.clone() });
        request.extensions_mut().insert(Seat { desk, viewer: viewer.clone() });
    }
    Ok(Entered { viewer, keeps: asked })
}

fn session_token<'a>(state: &AppState, jar: &'a CookieJar) -> Option<&'a str> {
    jar.get(state.cookie_name()).map(|c| c.value()).filter(|t| !t.is_empty())
}

/// A reader of whom nothing is known, for a fault before anything could be asked.
fn blank(state: &AppState, jar: &CookieJar, request: &Request) -> Viewer {
    Viewer {
        lang: asked_lang(request).or_else(|| kept_lang(jar)).unwrap_or(Lang::Ru),
        theme: Theme::System,
        today: state.clock.today("Asia/Almaty"),
        office: "".into(),
        pretended: false,
        lapsed: false,
        person: None,
        here: here(request),
        unread: 0,
        done: None,
        undo: None,
    }
}

/// Whether a page of this program led here. A link from elsewhere must not say that something was done; browsers that do
/// not tell are believed.
fn from_here(request: &Request) -> bool {
    request.headers().get("sec-fetch-site").is_none_or(|site| site == "same-origin")
}

fn asked_lang(request: &Request) -> Option<Lang> {
    query(request, "lang").and_then(|l| Lang::parse(&l))
}

fn kept_lang(jar: &CookieJar) -> Option<Lang> {
    jar.get("merzim-lang").and_then(|c| Lang::parse(c.value()))
}

/// The address within this site: one that begins with two slashes would name another host.
fn here(request: &Request) -> String {
    let address = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    format!("/{}", address.trim_start_matches(['/', '\\']))
}

/// A refusal of a handler, or a bare rejection of an extractor or of the router.
fn refusal_in(response: &mut Response, uploads: bool) -> Option<Refusal> {
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        return Some(refusal);
    }
    let html = response.headers().get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
    match response.status() {
        _ if html => None,
        StatusCode::NOT_FOUND
        | StatusCode::BAD_REQUEST
        | StatusCode::METHOD_NOT_ALLOWED
        | StatusCode::UNPROCESSABLE_ENTITY
        | StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Refusal::NotFound),
        StatusCode::PAYLOAD_TOO_LARGE if !uploads => Some(Refusal::invalid("form", Rule::TooLong)),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Refusal::invalid(
            "files",
            Rule::File(domain::import::FileError::TooLarge, domain::import::FileHint::None),
        )),
        StatusCode::INTERNAL_SERVER_ERROR => Some(refusals::internal(&"a handler broke off")),
        _ => None,
    }
}

fn query(request: &Request, name: &str) -> Option<String> {
    let pairs = request.uri().query()?;
    pairs.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
}

/// The address of the other side; the proxy's word counts only from the proxy itself.
fn address(state: &AppState, request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    // The last value of the last line is what our own proxy has seen; whatever stands before it anybody can write.
    let forwarded = |headers: &HeaderMap| {
        let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
        let host = last.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(last, |(host, _)| host);
        let ip = host.parse::<IpAddr>().or_else(|_| host.parse::<SocketAddr>().map(|of| of.ip()));
        ip.ok().map(|ip| ip.to_string())
    };
    match (peer, state.proxy) {
        (Some(peer), Some(proxy)) if peer == proxy => forwarded(request.headers()).unwrap_or_else(|| peer.to_string()),
        (Some(peer), _) => peer.to_string(),
        (None, _) => "unknown".into(),
    }
}

/// For a page that does not exist.
pub async fn no_such_page() -> Response {
    StatusCode::NOT_FOUND.into_response()
}
