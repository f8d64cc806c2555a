//! Bringing certificates and spreadsheets in.

pub mod preview;
pub mod sheet;
pub mod sheet_reading;
pub mod undo;
pub mod upload;
