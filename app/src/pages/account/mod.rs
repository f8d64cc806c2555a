//! Entering, the one-time link, one's own account.

pub mod door;
pub mod page;
pub mod sign_in;
