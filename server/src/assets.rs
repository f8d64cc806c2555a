//! The embedded front end: names carry a hash of the content, so browsers keep them for a year.

use app::shell::{ASSETS, Assets, KEY_WORKER, SPRITE};
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// A file of the front end, plain and packed.
pub struct File {
    name: &'static str,
    plain: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

/// The worker that holds keys and passwords for a moment can load nothing and reach nobody.
const WORKER_POLICY: &str = "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'none'";

static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Tells the pages the names of style sheet, start script and sprite.
pub fn announce() {
    let named = |start: &str, end: &str| {
        FILES.iter().find(|f| f.name.starts_with(start) && f.name.ends_with(end)).map(|f| format!("/assets/{}", f.name))
    };
    if let (Some(style), Some(boot), Some(favicon)) =
        (named("merzim.", ".css"), named("boot.", ".js"), named("favicon.", ".svg"))
    {
        let _ = ASSETS.set(Assets { style, boot, favicon });
    }
    if let (Some(script), Some(module)) = (named("keyfile.", ".js"), named("keyfile.", ".wasm")) {
        let _ = KEY_WORKER.set((script, module));
    }
    if let Some(sprite) = named("sprite.", ".svg") {
        let _ = SPRITE.set(sprite);
    }
}

/// Serves one file, packed if the browser takes it.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(file) = FILES.iter().find(|f| f.name == name) else { return StatusCode::NOT_FOUND.into_response() };
    respond(file, &headers)
}

/// The icon that browsers ask for without being told.
pub async fn favicon(headers: HeaderMap) -> Response {
    match FILES.iter().find(|f| f.name.starts_with("favicon.")) {
        Some(file) => respond(file, &headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn respond(file: &File, headers: &HeaderMap) -> Response {
    let takes = |what: &str| {
        headers.get(header::ACCEPT_ENCODING).and_then(|h| h.to_str().ok()).is_some_and(|h| h.contains(what))
    };
    let (body, encoding) = match (file.br, file.gz) {
        (Some(br), _) if takes("br") => (br, Some("br")),
        (_, Some(gz)) if takes("gzip") => (gz, Some("gzip")),
        _ => (file.plain, None),
    };
    let kind = match file.name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let mut response = (
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            (header::VARY, "accept-encoding"),
        ],
        body,
    )
        .into_response();
    if file.name.starts_with("keyfile.") && file.name.ends_with(".js") {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, header::HeaderValue::from_static(WORKER_POLICY));
    }
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, header::HeaderValue::from_static(encoding));
    }
    response
}
