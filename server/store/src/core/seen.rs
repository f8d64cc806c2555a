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

    /// Takes all that is noted.
    pub fn take(&self) -> Vec<(Uuid, i64)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }
}
