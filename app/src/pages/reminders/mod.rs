//! What the program tells by itself: one's notices, the reminders of a certificate, the ladder, the jobs.

pub mod escalation;
pub mod jobs;
pub mod ladder;
pub mod mail;
pub mod mail_list;
pub mod notices;
mod number;
pub mod of_certificate;
pub mod own_ladder;
pub mod plan;
pub mod wishes;
