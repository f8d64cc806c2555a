//! Random tokens and their hashes: what is stored never opens anything.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// A new token of 256 random bits.
///
/// # Errors
/// When the system gives no randomness.
pub fn token() -> Result<String, getrandom::Error> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Random bytes that tell one question from another.
///
/// # Errors
/// When the system gives no randomness.
pub fn nonce() -> Result<[u8; 16], getrandom::Error> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A number from 0 to 1 that two processes hardly share; a half where the system gives no randomness.
pub fn chance() -> f64 {
    nonce().map_or(0.5, |[first, ..]| f64::from(first) / 255.0)
}

/// The form of a token that is stored.
pub fn hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}
