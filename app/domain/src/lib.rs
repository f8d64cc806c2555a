//! Rules of the trade: pure, without input, output or a clock.

mod coded;

pub mod access;
pub mod audit;
pub mod browser;
pub mod calendar;
pub mod certificate;
pub mod client;
pub mod custody;
pub mod day;
pub mod filing;
pub mod find;
pub mod fold;
pub mod ground;
pub mod handover;
pub mod id;
pub mod import;
pub mod leaving;
pub mod load;
pub mod lookalike;
pub mod merging;
pub mod month;
pub mod morning;
pub mod number;
pub mod office;
pub mod person;
pub mod reason;
pub mod refusal;
pub mod revocation;
pub mod route;
pub mod sheet;
pub mod sniff;
pub mod standing;
pub mod succession;
pub mod task;
pub mod typed;
pub mod view;
