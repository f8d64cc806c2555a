//! One binary for every test that crosses rooms.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

mod answers;
mod board;
mod board_walk;
mod browser;
mod calendar;
mod calendar_walk;
mod certificates;
mod desk_walk;
mod filings;
mod firm;
mod flows;
mod handover;
mod hands_walk;
mod hearsay;
mod import_undo;
mod journey;
mod journeys;
mod keys_walk;
mod leaving;
mod matrix;
mod policy;
mod practice;
mod revocation;
mod rooms;
mod secrets;
mod sheets;
mod signing_in;
mod support;
mod two_at_once;
mod undo;
mod views;
