//! Staff: entering, their accounts, handing over what they carry.

pub mod account;
pub mod brake;
mod cover;
pub mod door;
pub mod entering;
pub mod feed;
pub mod handover;
mod last_seen;
pub mod staff;
