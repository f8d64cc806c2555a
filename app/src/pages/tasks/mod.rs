//! Reissue tasks: board, lists, one task, acts on many.

pub mod asked;
mod bar;
pub mod bulk;
pub mod card;
pub mod file;
pub mod form;
pub mod list;
mod pick;
mod picked;
pub mod share;
mod share_view;
