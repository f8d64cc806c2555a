//! The desk: the register as one person may use it, one port a file.

mod account;
mod calendar;
mod certificates;
mod client_papers;
mod clients;
mod ocsp;
mod office;
mod revocation;
mod tasks;

use crate::state::AppState;
use std::sync::Arc;
use store::ScopedStore;

/// A desk bound to its person.
pub struct OfficeDesk {
    pub scoped: ScopedStore,
    pub state: Arc<AppState>,
}

impl app::port::Desk for OfficeDesk {}
