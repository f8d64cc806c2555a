//! Staff: the list, a person, handing over.

pub mod card;
pub mod cover;
mod fields;
pub mod file;
pub mod handover;
pub mod list;
