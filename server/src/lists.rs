//! Asking the addresses of the office's table for revocation lists and answers: plain HTTP, since both are signed
//! (RFC 5280, 4.2.1.13; RFC 6960, A.1); no redirects, bounded in size and time.

use axum::body::Bytes;
use axum::http::{Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use std::time::Duration;

/// A list may have this many bytes.
const LIST: usize = 32 * 1024 * 1024;
const LIST_TIME: Duration = Duration::from_secs(20);
/// An answer about one certificate may have this many bytes.
const ANSWER: usize = 64 * 1024;
const ANSWER_TIME: Duration = Duration::from_secs(10);
/// The way to the national authority is closed to those who do not name their program.
const PROGRAM: &str = concat!("Merzim/", env!("CARGO_PKG_VERSION"));

/// Why an address gave nothing.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FetchError {
    #[error("not an address of plain HTTP")]
    Address,
    #[error("no answer in time")]
    Slow,
    #[error("the answer is {0}")]
    Status(u16),
    #[error("{0}")]
    Connection(String),
}

/// The list behind an address.
///
/// # Errors
/// [`FetchError`]; a redirect is an answer that is not a list.
pub async fn fetch(url: &str) -> Result<Vec<u8>, FetchError> {
    within(LIST_TIME, send(Method::GET, url, "", Vec::new(), LIST)).await
}

/// The answer of an OCSP service to a question (RFC 6960, A.1).
///
/// # Errors
/// [`FetchError`].
pub async fn ask(url: &str, question: Vec<u8>) -> Result<Vec<u8>, FetchError> {
    within(ANSWER_TIME, send(Method::POST, url, "application/ocsp-request", question, ANSWER)).await
}

async fn within<T>(time: Duration, whole: impl Future<Output = Result<T, FetchError>>) -> Result<T, FetchError> {
    tokio::time::timeout(time, whole).await.map_err(|_| FetchError::Slow)?
}

async fn send(method: Method, url: &str, kind: &str, body: Vec<u8>, most: usize) -> Result<Vec<u8>, FetchError> {
    let address: Uri = url.parse().map_err(|_| FetchError::Address)?;
    if address.scheme_str() != Some("http") || address.host().is_none() {
        return Err(FetchError::Address);
    }
    let mut request = Request::builder().method(method).uri(address).header(header::USER_AGENT, PROGRAM);
    if !kind.is_empty() {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    let request = request.body(Full::new(Bytes::from(body))).map_err(|_| FetchError::Address)?;
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let answer = client.request(request).await.map_err(|e| FetchError::Connection(e.to_string()))?;
    if answer.status() != StatusCode::OK {
        return Err(FetchError::Status(answer.status().as_u16()));
    }
    let body =
        Limited::new(answer.into_body(), most).collect().await.map_err(|e| FetchError::Connection(e.to_string()))?;
    Ok(body.to_bytes().to_vec())
}
