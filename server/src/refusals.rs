//! Faults of the store become a reference that the person reads and the log explains.

use crate::secret;
use domain::refusal::Refusal;

/// What the person hears; a fault is logged once, here, under the reference that is shown.
pub fn of(error: store::Error) -> Refusal {
    error.refusal().unwrap_or_else(|| internal(&error))
}

/// An internal refusal with a fresh reference.
pub fn internal(error: &dyn std::fmt::Display) -> Refusal {
    let reference: String = secret::token().unwrap_or_default().chars().take(8).collect();
    tracing::error!(%reference, %error, "a request failed inside the program");
    Refusal::Internal { reference }
}
