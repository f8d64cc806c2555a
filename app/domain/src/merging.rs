//! Two cards of one client become one.

use crate::id::ClientId;

/// What a merge would carry over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergePlan {
    /// The client that stays: its id, name and number.
    pub into: (ClientId, String, String),
    /// Certificates that the other does not have yet.
    pub certificates: u64,
    pub grounds: u64,
    /// Entries of the custody journal.
    pub entries: u64,
    pub assignments: u64,
}
