//! The few parts that run in the browser. Their words come from the server, in one language.

mod board;
mod countdown;
mod file_gate;
mod filter_bar;
mod month_keys;
mod picks;

pub use board::{BoardMoves, BoardTexts};
pub use countdown::Countdown;
pub use file_gate::{FileGate, GateTexts};
pub use filter_bar::FilterBar;
pub use month_keys::MonthKeys;
pub use picks::Picks;
