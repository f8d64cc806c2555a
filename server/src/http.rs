//! The router with its layers, outermost last.

use crate::state::AppState;
use crate::{assets, entrance};
use app::routes::{Gate, Route};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::routing::get;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

/// Longest time of one request.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Nothing from elsewhere, no inline script or style, no frame.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Addresses outside the pages.
pub const PLAIN: &[Route] = &[
    Route { method: "GET", path: "/assets/{name}", gate: Gate::Open },
    Route { method: "GET", path: "/favicon.ico", gate: Gate::Open },
    Route { method: "GET", path: "/health", gate: Gate::Open },
];

/// Every address that the server answers.
#[must_use]
pub fn every_route() -> Vec<Route> {
    app::routes::all().list.into_iter().chain(PLAIN.iter().copied()).collect()
}

/// The whole server.
pub fn router(state: Arc<AppState>) -> Router {
    assets::announce();
    let secure = state.secure;
    let fixed = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    let pages = app::routes::all()
        .router
        .fallback(entrance::no_such_page)
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(state.clone(), entrance::admit))
        .layer(CompressionLayer::new());
    let plain = Router::new()
        .route("/assets/{name}", get(assets::serve))
        .route("/favicon.ico", get(assets::favicon))
        .route("/health", get(health))
        .with_state(state);
    plain
        .merge(pages)
        .layer(CsrfLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIMEOUT))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(POLICY),
        ))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::X_FRAME_OPTIONS, "DENY"))
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
        // What is shown of clients stays in no cache; files of the program itself say otherwise.
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .layer(tower::util::option_layer(secure.then(|| fixed(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"))))
        .layer(TraceLayer::new_for_http().make_span_with(span))
}

/// A request in the log: its path without what opens a door, and without what was searched for.
fn span(request: &axum::extract::Request) -> tracing::Span {
    tracing::debug_span!("request", method = %request.method(), path = masked(request.uri().path()))
}

fn masked(path: &str) -> &str {
    match path {
        door if door.starts_with("/door/") => "/door/…",
        feed if feed.starts_with("/feeds/") => "/feeds/…",
        plain => plain,
    }
}

async fn health(State(state): State<Arc<AppState>>) -> (StatusCode, &'static str) {
    match state.store.ping().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
    }
}
