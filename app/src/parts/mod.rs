//! Parts that pages share.

mod badge;
mod board;
mod certificates;
mod common;
mod csv;
mod files;
mod html;
mod table_file;
mod tasks;
mod views;

pub use badge::{fault, late_badge, past_end_badge, risk, risk_reason, standing, urgency};
pub use board::{Links, lanes};
pub use certificates::{certificate_table, doing, halves, purposes, roles};
pub use common::{avatar, bin, client_links, empty, icon, icon_address, note, person, sheet, when, whole_sheet};
pub use csv::{csv_line, list_pages};
pub use files::{Wanted, field_for, file_field, refused_files};
pub use html::Html;
pub use table_file::{FILE_LINES, FileKind, Line, downloads, table_file};
pub use tasks::{Ticks, named, own_task_table, task_table, task_table_with, tick, tick_all};
pub use views::views;
