//! Clients: cards, lists, who works on them, grounds, carriers, leaving, merging.

pub mod alike;
pub mod assignment_undo;
pub mod assignments;
mod attachments;
pub mod bulk;
pub mod cards;
pub mod custody;
pub mod erasure;
pub mod filings;
pub mod grounds;
pub mod leaving;
pub mod list;
mod list_order;
mod list_rows;
pub mod merging;
pub mod merging_moves;
pub mod systems;
mod worst_end;
