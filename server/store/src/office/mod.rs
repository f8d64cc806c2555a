//! The office: settings, history, search, saved views, a first firm.

pub mod defaults;
pub mod find;
pub mod find_index;
pub mod history;
pub mod jobs;
pub mod seed;
pub mod settings;
pub mod sweep;
pub mod views;
