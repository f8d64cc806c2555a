//! Reissue tasks: board, lists, one task, acts on many.

pub mod bulk;
pub mod card;
pub mod file;
pub mod form;
pub mod list;
mod pick;
pub mod share;
