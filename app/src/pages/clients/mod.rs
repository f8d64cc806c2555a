//! Clients: the list, a card and everything that is done on it.

pub mod asked;
pub mod attachments;
pub mod bulk;
pub mod bundle;
pub mod bundle_proof;
mod bundle_tables;
pub mod card;
pub mod choose;
mod clashes;
pub mod columns;
mod compare;
pub mod contacts;
pub mod custody;
pub mod custody_sheet;
pub mod ends;
mod facts;
pub mod file;
pub mod form;
mod form_typed;
pub mod grounds;
pub mod leave;
pub mod list;
pub mod merge;
mod rows;
pub mod sets;
pub mod systems;
pub mod terms;
