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

impl Error {
    /// What the person is to hear; none where it is a fault to be logged.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal.clone()),
            // Two requests wrote the same unique thing at one moment: the second one was too late.
            Self::Database(e) if matches!(e.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))) => {
                Some(Refusal::Conflict)
            }
            Self::Database(_) | Self::Broken(_) => None,
        }
    }
}
