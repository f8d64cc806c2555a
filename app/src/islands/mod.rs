//! The few parts that run in the browser. Their words come from the server, in one language.

mod file_gate;
mod filter_bar;

pub use file_gate::{FileGate, GateTexts};
pub use filter_bar::FilterBar;
