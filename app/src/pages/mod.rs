//! One page a file: its address, its handler, its view.

pub mod account;
pub mod audit;
pub mod audit_file;
mod bundle_tables;
pub mod calendar;
pub mod certificate;
pub mod client;
pub mod client_bulk;
pub mod client_bundle;
pub mod client_custody;
pub mod client_ends;
pub mod client_file;
pub mod client_form;
pub mod client_grounds;
pub mod client_leave;
pub mod client_merge;
mod client_sets;
pub mod client_systems;
mod client_terms;
pub mod clients;
pub mod custody_sheet;
pub mod door;
pub mod find;
pub mod handover;
pub mod import;
mod import_preview;
mod import_undo;
pub mod keys;
pub mod more;
pub mod office;
pub mod office_days;
pub mod office_filings;
mod office_moves;
pub mod office_steps;
pub mod office_systems;
pub mod old_keys;
pub mod person;
pub mod problem;
pub mod revocation;
pub mod sheet;
pub mod sign_in;
pub mod staff;
pub mod staff_file;
pub mod task;
pub mod task_bulk;
pub mod task_file;
pub mod task_form;
pub mod task_share;
pub mod tasks;
pub mod today;
mod today_risks;
mod today_terms;
pub mod typed;
pub mod views;

/// An address with the parts of its query that are not empty.
fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let query: Vec<String> =
        pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}={}", problem::encode(v))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}
