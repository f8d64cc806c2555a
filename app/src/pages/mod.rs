//! Pages by area, one a file: its handler, its view.

pub mod account;
pub mod calendar;
pub mod certificates;
pub mod clients;
pub mod feeds;
pub mod find;
pub mod import;
pub mod keys;
pub mod more;
pub mod office;
pub mod people;
pub mod problem;
pub mod reminders;
pub mod tasks;
pub mod today;
mod verbs;

/// An address with the parts of its query that are not empty.
fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let query: Vec<String> =
        pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}={}", problem::encode(v))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}
