//! Bringing certificates and spreadsheets in.

pub mod preview;
mod preview_rows;
pub mod sheet;
mod sheet_forms;
pub mod sheet_reading;
mod sheet_table;
pub mod undo;
pub mod upload;
