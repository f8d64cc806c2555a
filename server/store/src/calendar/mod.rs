//! The calendar: months, the agenda, today, filings and their days.

pub mod agenda;
mod counts;
mod day_tasks;
mod ends;
pub mod filings;
pub mod linked_ends;
pub mod month;
#[cfg(test)]
mod tests;
mod threats;
pub mod today;
pub mod urgency;
