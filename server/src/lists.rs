//! Fetching revocation lists from the addresses of the office's table: plain HTTP, since lists are signed
//! (RFC 5280, 4.2.1.13); no redirects, bounded in size and time.

use axum::body::Bytes;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use std::time::Duration;

/// A list may have this many bytes.
pub const MOST: usize = 32 * 1024 * 1024;
const TIME: Duration = Duration::from_secs(20);

/// Why an address gave no list.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("not an address of plain HTTP")]
    Address,
    #[error("no answer in {} s", TIME.as_secs())]
    Slow,
    #[error("the answer is {0}, not a list")]
    Status(u16),
    #[error("{0}")]
    Connection(String),
}

/// The bytes behind an address.
///
/// # Errors
/// [`FetchError`]; a redirect is an answer that is not a list.
pub async fn fetch(url: &str) -> Result<Vec<u8>, FetchError> {
    let address: axum::http::Uri = url.parse().map_err(|_| FetchError::Address)?;
    if address.scheme_str() != Some("http") || address.host().is_none() {
        return Err(FetchError::Address);
    }
    let client: Client<_, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let whole = async {
        let answer = client.get(address).await.map_err(|e| FetchError::Connection(e.to_string()))?;
        if answer.status() != axum::http::StatusCode::OK {
            return Err(FetchError::Status(answer.status().as_u16()));
        }
        let body = Limited::new(answer.into_body(), MOST).collect().await.map_err(|e| FetchError::Connection(e.to_string()))?;
        Ok(body.to_bytes().to_vec())
    };
    tokio::time::timeout(TIME, whole).await.map_err(|_| FetchError::Slow)?
}
