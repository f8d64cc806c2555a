//! The way in: cookie to person, person to desk, refusal to page.

use crate::desk::OfficeDesk;
use crate::sign_in::OpenDoor;
use crate::state::AppState;
use crate::{refusals, secret};
use app::seat::{Guest, Seat, Viewer};
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use domain::person::{Lang, Theme};
use domain::refusal::Refusal;
use std::net::SocketAddr;
use std::sync::Arc;
use store::ScopedStore;

/// Puts a [`Guest`] and, with a live session, a [`Seat`] into the request; words refusals afterwards.
pub async fn admit(State(state): State<Arc<AppState>>, jar: CookieJar, mut request: Request, next: Next) -> Response {
    let guest = match seats(&state, &jar, &mut request).await {
        Ok(viewer) => viewer,
        Err(refusal) => {
            let viewer = blank(&state, &request);
            return app::show_problem(&refusal, &viewer, None);
        }
    };
    let (request, sent) = match keep_sent(request).await {
        Ok(kept) => kept,
        Err(refusal) => return app::show_problem(&refusal, &guest.viewer, None),
    };
    let mut response = next.run(request).await;
    if let Some(refusal) = refusal_in(&mut response) {
        response = app::show_problem(&refusal, &guest.viewer, sent.as_deref().and_then(fields).as_ref());
    }
    if let Some(lang) = guest.keeps {
        let cookie = format!("merzim-lang={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.code());
        if let Ok(value) = cookie.parse() {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

/// Forms up to this many bytes are kept until they are answered, to be sent again where the answer is to try again.
const KEPT_FORM: u64 = 128 * 1024;

/// The bytes of a plain form beside the request that brings them.
async fn keep_sent(request: Request) -> Result<(Request, Option<Bytes>), Refusal> {
    if !is_short_form(request.headers()) {
        return Ok((request, None));
    }
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, usize::try_from(KEPT_FORM).unwrap_or(usize::MAX)).await;
    // The other side broke off: nobody reads the answer.
    let bytes = bytes.map_err(|_| Refusal::NotFound)?;
    Ok((Request::from_parts(parts, Body::from(bytes.clone())), Some(bytes)))
}

fn is_short_form(headers: &HeaderMap) -> bool {
    let header = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let form = header(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    form && header(header::CONTENT_LENGTH).and_then(|n| n.parse().ok()).is_some_and(|n: u64| n <= KEPT_FORM)
}

/// The fields of a form; none where one of them is a password, which no page repeats.
fn fields(sent: &[u8]) -> Option<app::Sent> {
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(sent).ok()?;
    let secret = fields.iter().any(|(name, _)| name.contains("password"));
    (!secret).then_some(app::Sent(fields))
}

struct Entered {
    viewer: Viewer,
    /// The language was asked for in the address and is to be kept.
    keeps: Option<Lang>,
}

async fn seats(state: &Arc<AppState>, jar: &CookieJar, request: &mut Request) -> Result<Entered, Refusal> {
    let clock = state.clock;
    let admitted = match jar.get(state.cookie_name()).map(|c| c.value()).filter(|t| !t.is_empty()) {
        Some(token) => {
            state.store.admit(&secret::hash(token), |zone| clock.today(zone), state.idle).await.map_err(refusals::of)?
        }
        None => None,
    };
    let (who, person, office) = match admitted {
        Some((who, person, office)) => (Some(who), Some(person), Some(office)),
        None => (None, None, state.store.office().await.map_err(refusals::of)?),
    };
    let today =
        who.as_ref().map_or_else(|| clock.today(office.as_ref().map_or("Asia/Almaty", |o| o.zone.as_str())), |w| w.today());
    let asked = query(request, "lang").and_then(|l| Lang::parse(&l));
    let kept = jar.get("merzim-lang").and_then(|c| Lang::parse(c.value()));
    let lang = person.as_ref().map(|p| p.lang).or(asked).or(kept).or(office.as_ref().map(|o| o.lang)).unwrap_or(Lang::Ru);
    let viewer = Viewer {
        lang,
        theme: person.as_ref().map_or(Theme::System, |p| p.theme),
        today,
        office: office.map(|o| o.name).unwrap_or_default().into(),
        pretended: state.clock.pretended.is_some(),
        person,
        here: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
        done: query(request, "done"),
        undo: query(request, "undo").and_then(|id| id.parse().ok()),
    };
    let address = address(state, request);
    let entrance = Arc::new(OpenDoor { state: state.clone() });
    request.extensions_mut().insert(Guest { entrance, viewer: viewer.clone(), address });
    if let Some(who) = who {
        let desk = Arc::new(OfficeDesk { scoped: ScopedStore::open(state.store.clone(), who), state: state.clone() });
        request.extensions_mut().insert(Seat { desk, viewer: viewer.clone() });
    }
    Ok(Entered { viewer, keeps: asked })
}

/// A reader of whom nothing is known, for a fault before anything could be asked.
fn blank(state: &AppState, request: &Request) -> Viewer {
    Viewer {
        lang: Lang::Ru,
        theme: Theme::System,
        today: state.clock.today("Asia/Almaty"),
        office: "".into(),
        pretended: false,
        person: None,
        here: request.uri().path().to_owned(),
        done: None,
        undo: None,
    }
}

/// A refusal of a handler, or a bare rejection of an extractor or of the router.
fn refusal_in(response: &mut Response) -> Option<Refusal> {
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
        StatusCode::PAYLOAD_TOO_LARGE => Some(Refusal::invalid(
            "files",
            domain::refusal::Rule::File(domain::import::FileError::TooLarge, domain::import::FileHint::None),
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
    let forwarded =
        |headers: &HeaderMap| headers.get("x-forwarded-for")?.to_str().ok()?.rsplit(',').next().map(|s| s.trim().to_owned());
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
