//! Somebody whose live session was seen, and what opens to them.

use crate::Store;
use domain::access::{Action, Reach, reach};
use domain::day::OfficeDay;
use domain::id::{PersonId, SessionId, TeamId};
use domain::person::Role;

/// Minted only from a live session row.
#[derive(Debug, Clone)]
pub struct Admitted {
    pub(crate) person: PersonId,
    pub(crate) session: Option<SessionId>,
    pub(crate) role: Role,
    pub(crate) team: Option<TeamId>,
    pub(crate) sees_all: bool,
    pub(crate) today: OfficeDay,
    /// Writes of the office when the session was read.
    pub(crate) writes: i64,
}

impl Admitted {
    /// Who it is.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// The day of the request.
    #[must_use]
    pub fn today(&self) -> OfficeDay {
        self.today
    }

    /// How far an action reaches for this person.
    #[must_use]
    pub fn reach(&self, action: Action) -> Reach {
        reach(self.role, self.sees_all, action)
    }
}

/// The store as one person may use it.
#[derive(Clone)]
pub struct Shelf {
    pub(crate) store: Store,
    pub(crate) who: Admitted,
}

impl Shelf {
    /// Opens the store to somebody admitted.
    #[must_use]
    pub fn open(store: Store, who: Admitted) -> Self {
        Self { store, who }
    }

    /// Who uses it.
    #[must_use]
    pub fn who(&self) -> &Admitted {
        &self.who
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.who.today.now.timestamp_millis()
    }
}
