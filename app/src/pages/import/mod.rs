//! Bringing certificates and spreadsheets in.

pub mod preview;
mod preview_rows;
pub mod sheet;
pub mod sheet_reading;
pub mod undo;
pub mod upload;
