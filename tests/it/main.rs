//! One binary for every test that crosses rooms.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

mod board;
mod board_walk;
mod browser;
mod calendar;
mod calendar_walk;
mod certificates;
mod client_papers;
mod desk_walk;
mod filings;
mod firm;
mod flows;
mod handover;
mod import_undo;
mod journey;
mod journeys;
mod keyboard_walk;
mod keys_walk;
mod leaving;
mod matrix;
mod ocsp;
mod policy;
mod revocation;
mod rooms;
mod secrets;
mod sheets;
mod signing_in;
mod support;
mod two_at_once;
mod typed_entries;
mod undo;
mod views;
