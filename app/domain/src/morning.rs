//! What somebody has to see first in the morning.

use crate::certificate::CertificateRow;
use crate::custody::Entry;
use crate::ground::Ground;
use crate::person::Load;
use crate::task::TaskRow;

/// A list with its whole length.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    pub rows: Vec<T>,
    pub total: u64,
}

/// The morning's lists.
#[derive(Debug, Clone)]
pub struct Morning {
    /// The reader's own tasks that are late, due today or within the week, the first due first.
    pub mine: Listed<TaskRow>,
    /// How many of the reader's own tasks are late.
    pub mine_late: u64,
    /// Late tasks of others.
    pub overdue: Listed<TaskRow>,
    pub unassigned: Listed<TaskRow>,
    /// The longest wait first.
    pub waiting: Listed<TaskRow>,
    /// Cannot be used; what has ended last first. In this and the next two lists the total counts sets.
    pub cannot_sign: Listed<CertificateRow>,
    /// Would break a filing.
    pub breaking: Listed<CertificateRow>,
    /// Ends within 30 days, today included.
    pub ending: Listed<CertificateRow>,
    /// Certificates that ended long ago and that nobody has set aside.
    pub long_ended: u64,
    /// Present clients for whom nobody is responsible; for those who may name somebody.
    pub without_responsible: u64,
    /// Replaced, still valid, unchecked.
    pub old_keys: u64,
    /// Present clients without a ground that holds.
    pub ungrounded: u64,
    /// Powers of attorney that end within 30 days or have ended and nothing else holds.
    pub grounds: Vec<Ground>,
    /// Carriers of keys that are with the firm.
    pub carriers: Vec<Entry>,
    /// Everybody's load, for those who give out tasks.
    pub loads: Vec<Load>,
}

impl Morning {
    /// Whether nothing calls for anybody.
    #[must_use]
    pub fn is_calm(&self) -> bool {
        let tasks = self.mine.total + self.overdue.total + self.unassigned.total;
        tasks + self.cannot_sign.total + self.breaking.total + self.ending.total == 0
    }
}
