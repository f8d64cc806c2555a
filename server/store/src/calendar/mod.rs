//! The calendar: months, the agenda, today, filings and their days.

pub mod agenda;
pub mod filings;
pub mod month;
pub mod today;
pub mod urgency;
