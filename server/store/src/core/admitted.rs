//! Who acts: somebody whose live session was seen, or the program itself; and what opens to them.

use super::areas::Counts;
use super::connection::Store;
use super::fresh::NOBODY;
use super::rows::Rows;
use chrono::{DateTime, Utc};
use domain::access::{Action, Reach, SystemRight, reach, system_reach};
use domain::day::OfficeDay;
use domain::id::{PersonId, SessionId, TeamId};
use domain::person::Role;

/// Minted only from a live session row, or for one named right of the program itself.
#[derive(Debug, Clone)]
pub struct Admitted {
    pub(crate) person: PersonId,
    pub(crate) session: Option<SessionId>,
    pub(crate) role: Role,
    pub(crate) team: Option<TeamId>,
    pub(crate) sees_all: bool,
    pub(crate) today: OfficeDay,
    /// Writes of each area when the session was read.
    pub(crate) writes: Counts,
    /// The program itself acts, with this right alone.
    pub(crate) system: Option<SystemRight>,
    /// The program reads what the person may see, to send it to them; nothing can be written.
    pub(crate) reads_only: bool,
}

impl Admitted {
    /// The program itself, with one narrow right.
    pub(crate) fn system(right: SystemRight, now: DateTime<Utc>) -> Self {
        Self {
            person: PersonId(NOBODY),
            session: None,
            role: Role::Observer,
            team: None,
            sees_all: false,
            today: OfficeDay::at(now),
            writes: Counts::default(),
            system: Some(right),
            reads_only: false,
        }
    }

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

    /// How far an action reaches for this actor.
    #[must_use]
    pub fn reach(&self, action: Action) -> Reach {
        self.system.map_or_else(|| reach(self.role, self.sees_all, action), |right| system_reach(right, action))
    }
}

/// The store as one actor may use it.
#[derive(Clone)]
pub struct ScopedStore {
    pub(crate) store: Store,
    pub(crate) who: Admitted,
    /// Where its questions read.
    pub(crate) rows: Rows,
}

impl ScopedStore {
    /// Opens the store to somebody admitted.
    #[must_use]
    pub fn open(store: Store, who: Admitted) -> Self {
        let rows = Rows::Pool(store.db.clone());
        Self { store, who, rows }
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

impl Store {
    /// Opens the store to the program itself, for one named right.
    #[must_use]
    pub fn for_system(&self, right: SystemRight, now: DateTime<Utc>) -> ScopedStore {
        ScopedStore::open(self.clone(), Admitted::system(right, now))
    }
}
