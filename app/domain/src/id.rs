//! One identifier type per thing, so that a task's cannot stand for a client's.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> { s.parse().map(Self) }
        }
    )+};
}

ids! {
    /// A client of the firm.
    ClientId,
    /// Somebody of the firm's staff.
    PersonId,
    /// A team of staff.
    TeamId,
    /// A sign-in of a person on one browser.
    SessionId,
    /// A registered certificate.
    CertificateId,
    /// A reissue task.
    TaskId,
    /// An assignment of a person to a client.
    AssignmentId,
    /// A file attached to a client or a task.
    AttachmentId,
    /// A comment that calls somebody.
    MentionId,
    /// A reminder to one person.
    NoticeId,
    /// Something that the program does by itself.
    JobId,
    /// A message to one person.
    DeliveryId,
    /// A line of the checklist templates.
    StepId,
    /// A recorded ground.
    GroundId,
    /// A carrier of keys.
    CarrierId,
    /// A line of the custody journal.
    EntryId,
    /// A system in which a client uses its certificates.
    SystemId,
    /// An address of revocation lists.
    SourceId,
    /// A filing or payment in the office's table.
    FilingId,
    /// An act that wrote several lines of the history.
    ActId,
    /// A saved view of a list.
    ViewId,
    /// A change that can still be taken back.
    UndoId,
    /// An import that waits for its confirmation.
    DraftId,
}
