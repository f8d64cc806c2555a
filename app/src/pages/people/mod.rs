//! Staff: the list, a person, handing over.

pub mod card;
mod fields;
pub mod file;
pub mod handover;
pub mod list;
