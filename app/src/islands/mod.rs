//! The few parts that run in the browser. Their words come from the server, in one language.

mod attach_gate;
mod board;
mod copy_text;
mod copy_value;
mod countdown;
mod day_moves;
mod drafts;
mod file_gate;
mod filter_bar;
mod folders;
mod key_files;
mod key_known;
mod key_worker;
mod listen;
mod month_keys;
mod neighbours;
mod picks;
mod shortcut_rows;
mod shortcuts;
mod tick_saver;

pub use attach_gate::{AttachGate, AttachTexts};
pub use board::{BoardMoves, BoardTexts};
pub use copy_text::CopyText;
pub use copy_value::CopyValue;
pub use countdown::Countdown;
pub use day_moves::DayMoves;
pub use drafts::{DraftTexts, Drafts};
pub use file_gate::{FileGate, GateTexts};
pub use filter_bar::FilterBar;
pub use key_files::KeyTexts;
pub use month_keys::MonthKeys;
pub use neighbours::{NeighbourTexts, Neighbours};
pub use picks::Picks;
pub use shortcuts::{ShortcutTexts, Shortcuts};
pub use tick_saver::{TickSaver, TickTexts};
