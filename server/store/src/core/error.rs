//! Failures of the store.

use domain::refusal::Refusal;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, SqlErr, sqlx};

/// A refusal that the person hears, or a fault that is logged.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Others held what was needed for too long; nothing was written.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The database does not answer; nothing was written.
    #[error("the database does not answer: {0}")]
    Away(String),
    /// Its disk takes nothing more; nothing was written.
    #[error("the database cannot write to its disk: {0}")]
    Full(String),
    /// The answer to the last step was lost: it may or may not have been written.
    #[error("the answer to a commit was lost: {0}")]
    Unclear(String),
    #[error("the database failed: {0}")]
    Database(DbErr),
    #[error("a stored value cannot be read: {0}")]
    Broken(&'static str),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if matches!(error, DbErr::ConnectionAcquire(ConnAcquireErr::Timeout | ConnAcquireErr::ConnectionClosed)) {
            return Self::Away(error.to_string());
        }
        let fault = match &error {
            // Refused before any question was put, for whatever reason: closed to connections, its password changed.
            DbErr::Conn(RuntimeErr::SqlxError(e)) => kind_of(e).or(Some(Self::Away)),
            DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e)) => kind_of(e),
            _ => None,
        };
        fault.map_or_else(|| Self::Database(error.clone()), |fault| fault(error.to_string()))
    }
}

/// What a fault of the driver means for whoever waits; none for a mistake of the program.
fn kind_of(error: &sqlx::Error) -> Option<fn(String) -> Error> {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Some(Error::Away),
        sqlx::Error::Database(told) => told.code().and_then(|code| by_code(&code)),
        _ => None,
    }
}

/// PostgreSQL's codes have five signs (its documentation, appendix A), SQLite's are numbers whose last byte counts
/// (sqlite.org/rescode.html).
fn by_code(code: &str) -> Option<fn(String) -> Error> {
    if code.len() == 5 {
        return match code {
            "40001" | "40P01" | "55P03" | "57014" | "53200" | "53300" => Some(Error::Busy),
            "53100" => Some(Error::Full),
            // Shutting down, starting, or read-only: a standby that nobody has promoted yet.
            "57P01" | "57P02" | "57P03" | "25006" => Some(Error::Away),
            _ if code.starts_with("08") => Some(Error::Away),
            _ => None,
        };
    }
    match code.parse::<i32>().ok()? & 0xff {
        5 | 6 => Some(Error::Busy),
        10 | 13 | 14 => Some(Error::Full),
        _ => None,
    }
}

impl Error {
    /// Two requests wrote the same unique thing at one moment: the second one was too late.
    fn is_unique(&self) -> bool {
        matches!(self, Self::Database(e) if matches!(e.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))))
    }

    /// Whether the same write may succeed a moment later.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Unclear(_)) || self.is_unique()
    }

    /// What the person is to hear; none where it is a fault to be logged.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal.clone()),
            Self::Busy(_) => Some(Refusal::Busy),
            Self::Away(_) => Some(Refusal::Away),
            Self::Full(_) => Some(Refusal::Full),
            Self::Unclear(_) => Some(Refusal::Unclear),
            Self::Database(_) if self.is_unique() => Some(Refusal::Conflict),
            Self::Database(_) | Self::Broken(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(code: &str) -> Option<Refusal> {
        by_code(code).and_then(|kind| kind(String::new()).refusal())
    }

    #[test]
    fn faults_of_either_database_become_answers() {
        for busy in ["5", "517", "6", "40001", "40P01", "55P03"] {
            assert_eq!(heard(busy), Some(Refusal::Busy), "{busy}");
        }
        for full in ["13", "778", "53100"] {
            assert_eq!(heard(full), Some(Refusal::Full), "{full}");
        }
        for away in ["57P01", "08006", "25006"] {
            assert_eq!(heard(away), Some(Refusal::Away), "{away}");
        }
        for mistake in ["1", "1299", "42P01"] {
            assert_eq!(heard(mistake), None, "{mistake}");
        }
    }
}
