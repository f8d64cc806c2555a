//! When sessions were last seen, noted in memory until the background writes it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Sessions with the instant, in milliseconds, of their last request.
#[derive(Default)]
pub struct Seen(Mutex<HashMap<Uuid, i64>>);

impl Seen {
    /// Notes a request; an earlier instant changes nothing.
    pub fn note(&self, session: Uuid, at: i64) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let latest = noted.entry(session).or_insert(at);
        *latest = at.max(*latest);
    }

    /// The last request that is noted but not written yet.
    pub fn latest(&self, session: Uuid) -> Option<i64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&session).copied()
    }

    /// All that is noted.
    pub fn all(&self) -> Vec<(Uuid, i64)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|(session, at)| (*session, *at)).collect()
    }

    /// Lets go what has been written; what was noted since stays.
    pub fn let_go(&self, written: &[(Uuid, i64)]) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (session, at) in written {
            if noted.get(session) == Some(at) {
                noted.remove(session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_known_until_it_is_written_and_a_later_one_stays() {
        let (seen, one, other) = (Seen::default(), Uuid::from_u128(1), Uuid::from_u128(2));
        seen.note(one, 5);
        seen.note(other, 5);
        let noted = seen.all();
        assert_eq!(seen.latest(one), Some(5), "while it is being written");
        seen.note(one, 9);
        seen.let_go(&noted);
        assert_eq!((seen.latest(one), seen.latest(other)), (Some(9), None));
    }
}
