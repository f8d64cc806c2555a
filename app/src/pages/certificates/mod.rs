//! Certificates: a card, typed ones, old keys, revocation.

pub mod aside;
pub mod card;
mod facts;
pub mod old_keys;
pub mod revocation;
pub mod typed;
