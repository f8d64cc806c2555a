//! Reissue tasks: opening, moving, giving, lists, taking back.

pub mod assign;
pub mod candidates;
pub mod card;
mod contract;
mod days;
mod elsewhere;
pub mod lists;
mod loss;
mod many;
mod mentions;
pub mod moves;
pub mod opening;
pub mod planning;
pub mod steps;
mod successor;
pub mod undo;
mod unseen;
