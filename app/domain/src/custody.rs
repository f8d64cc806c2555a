//! Where the carriers of keys are: a journal that only grows. The carrier, never what is on it.

use crate::coded::coded;
use crate::day::OfficeDay;
use crate::id::{CarrierId, ClientId, EntryId, PersonId};
use chrono::{DateTime, NaiveDate, Utc};

coded! {
    /// What happened to a carrier.
    Passing { Taken = "taken", Returned = "returned", Lost = "lost", Destroyed = "destroyed" }
}

coded! {
    /// What it is.
    CarrierKind { Token = "token", Flash = "flash", IdCard = "id_card", File = "file", Other = "other" }
}

/// What a form says of an entry, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// A known carrier; none for one that was not recorded yet.
    pub carrier: Option<CarrierId>,
    pub kind: CarrierKind,
    /// What stands on it, such as `KAZTOKEN ··4471`.
    pub label: String,
    pub what: Passing,
    pub day: NaiveDate,
    pub from_whom: String,
    pub to_whom: String,
    /// Who of the staff has it, where it is with the firm.
    pub keeper: Option<PersonId>,
    pub ground: String,
    /// Until when it has to be given back.
    pub back_by: Option<NaiveDate>,
    pub note: String,
}

/// A line of the journal.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: EntryId,
    pub carrier: CarrierId,
    pub client: (ClientId, String),
    pub said: NewEntry,
    pub keeper_name: Option<String>,
    pub made: (String, DateTime<Utc>),
}

impl Entry {
    /// Whether the firm has the carrier after this entry.
    #[must_use]
    pub fn with_us(&self) -> bool {
        self.said.what == Passing::Taken
    }

    /// Whether it should have been given back by now.
    #[must_use]
    pub fn is_overdue(&self, today: OfficeDay) -> bool {
        self.with_us() && self.said.back_by.is_some_and(|day| day < today.day)
    }

    /// What may follow: nothing comes back from what was destroyed.
    #[must_use]
    pub const fn next(&self) -> &'static [Passing] {
        match self.said.what {
            Passing::Taken => &[Passing::Returned, Passing::Taken, Passing::Lost, Passing::Destroyed],
            Passing::Returned | Passing::Lost => {
                &[Passing::Taken, Passing::Returned, Passing::Lost, Passing::Destroyed]
            }
            Passing::Destroyed => &[],
        }
    }
}

/// The last entry of each carrier, given the journal in its order.
#[must_use]
pub fn places(journal: &[Entry]) -> Vec<&Entry> {
    let mut last: Vec<&Entry> = Vec::new();
    for entry in journal {
        match last.iter_mut().find(|e| e.carrier == entry.carrier) {
            Some(seen) => *seen = entry,
            None => last.push(entry),
        }
    }
    last
}
