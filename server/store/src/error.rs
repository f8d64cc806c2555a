//! Failures of the store.

use domain::refusal::Refusal;
use sea_orm::DbErr;

/// A refusal that the person hears, or a fault that is logged.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
    #[error("a stored value cannot be read: {0}")]
    Broken(&'static str),
}

