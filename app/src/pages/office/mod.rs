//! The office: settings, its tables, its history, saved views.

pub mod days;
pub mod filings;
pub mod history;
pub mod history_file;
pub mod moves;
pub mod page;
pub mod steps;
pub mod systems;
pub mod views;
