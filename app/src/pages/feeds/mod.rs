//! Calendars for other programs.

pub mod account;
pub mod calendar;
