//! Reminders of ends that come: what of each ladder is due, who is told, what one was told.

pub mod escalation;
pub mod ladder;
pub mod losses;
pub mod notices;
pub mod own_ladders;
pub mod put_off;
pub mod scan;
pub mod told;
