//! Certificates: the register, imports, succession, revocation.

pub mod accept;
mod aside;
pub mod cards;
pub mod drafts;
pub mod files;
pub mod import_made;
pub mod import_removal;
pub mod import_undo;
pub mod judge;
pub mod lists;
pub mod ocsp;
pub mod old_keys;
pub mod revocation;
pub mod rows;
pub mod search_words;
pub mod sheet;
mod sheet_plan;
pub mod succession;
pub mod typed;
