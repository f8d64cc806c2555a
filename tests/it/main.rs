//! One binary for every test that crosses rooms.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![expect(clippy::too_many_lines, reason = "a walk is told from its beginning to its end")]
#![expect(clippy::disallowed_methods, reason = "a test has its own clock and settings")]

mod attachments;
mod board;
mod board_walk;
mod browser;
mod calendar;
mod calendar_walk;
mod carrying;
mod certificate_facts;
mod certificates;
mod client_fields;
mod client_list;
mod client_papers;
mod deliveries;
mod demo;
mod desk_walk;
mod drafts_walk;
mod feed;
mod filings;
mod finding;
mod firm;
mod flows;
mod handover;
mod hidden_tasks;
mod import_undo;
mod journey;
mod journeys;
mod keyboard_walk;
mod keys_walk;
mod ladders;
mod leaving;
mod mail_server;
mod mail_steps;
mod mail_walk;
mod matrix;
mod morning;
mod ocsp;
mod office;
mod one_answer;
mod person_fields;
mod planning;
mod policy;
mod preview;
mod reissue;
mod remembered;
mod reminders;
mod reminders_walk;
mod revocation;
mod rooms;
mod secrets;
mod sheet_files;
mod sheets;
mod signing_in;
mod statements;
mod successor;
mod support;
mod task_talk;
mod two_at_once;
mod typed_entries;
mod undo;
mod views;
