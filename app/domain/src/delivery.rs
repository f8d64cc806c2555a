//! Messages that leave the program: to whom, by which way, and how far they are.

use crate::coded::coded;
use crate::id::{DeliveryId, PersonId};
use crate::mail::MailStep;
use crate::person::Lang;
use chrono::{DateTime, Duration, NaiveDate, Utc};

coded! {
    /// A way by which a message leaves the program.
    Channel {
        Mail = "mail",
    }
}

coded! {
    /// What a message says.
    DeliveryKind {
        /// What the day asks of its reader; one a day.
        Digest = "digest",
        /// What cannot wait for the next day's digest.
        Urgent = "urgent",
        /// What somebody writes to the owner of a key.
        Owner = "owner",
    }
}

coded! {
    /// How far a message is.
    DeliveryState {
        Waits = "waits",
        /// A process has it, until its lease ends.
        Runs = "runs",
        /// The other side has taken it.
        Sent = "sent",
        /// When it was to leave, there was nothing to say any more.
        Empty = "empty",
        /// Its reader does not want it or has left.
        Off = "off",
        /// The other side refuses it for good.
        Refused = "refused",
        /// It could not be sent in time.
        GivenUp = "given_up",
    }
}

/// An urgent message is tried for so long.
const URGENT_LIFE: Duration = Duration::days(3);

/// The first instant at which a message is not tried any more: a digest with its day, an urgent one after three days.
#[must_use]
pub fn tried_until(kind: DeliveryKind, made: DateTime<Utc>) -> DateTime<Utc> {
    match kind {
        DeliveryKind::Digest => crate::day::start_of(crate::day::plus(crate::day::day_in_kazakhstan(made), 1)),
        DeliveryKind::Urgent | DeliveryKind::Owner => made + URGENT_LIFE,
    }
}

/// A message that a process holds. What it says of a turn that is over is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    pub id: DeliveryId,
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub lang: Lang,
    pub kind: DeliveryKind,
    pub epoch: i32,
    pub tries: i32,
    pub made: DateTime<Utc>,
    /// What is said, where somebody has written it; then `name` and `email` are of whom it is written to.
    pub letter: Option<OwnerLetter>,
}

/// A letter to the owner of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerLetter {
    pub name: String,
    pub email: String,
    pub lang: Lang,
    pub subject: String,
    pub body: String,
    /// Name and address of who has sent it: answers go there.
    pub from: (String, String),
}

/// A letter to the owner as its task shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentLetter {
    pub email: String,
    pub body: String,
    pub by: String,
    pub state: DeliveryState,
    /// When it ended, or when it is tried next.
    pub at: DateTime<Utc>,
    pub step: Option<MailStep>,
}

/// A message as its list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    pub id: DeliveryId,
    pub name: String,
    pub kind: DeliveryKind,
    pub state: DeliveryState,
    /// When it ended, or when it is tried next.
    pub at: DateTime<Utc>,
    pub tries: i32,
    /// Where the last try failed.
    pub step: Option<MailStep>,
    /// What the other side said then.
    pub said: String,
    /// It may have arrived more than once: a try broke off after it had begun to send.
    pub uncertain: bool,
}

/// Which messages somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wishes {
    pub digest: bool,
    pub urgent: bool,
    /// The hour of the digest in the office's zone, 0 to 23.
    pub hour: u8,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { digest: true, urgent: true, hour: 9 }
    }
}

impl Wishes {
    #[must_use]
    pub const fn wants(&self, kind: DeliveryKind) -> bool {
        match kind {
            DeliveryKind::Digest => self.digest,
            DeliveryKind::Urgent => self.urgent,
            // It goes to somebody else, who was written to by a person.
            DeliveryKind::Owner => true,
        }
    }
}

/// The name that a digest has once.
#[must_use]
pub fn digest_name(person: PersonId, day: NaiveDate, channel: Channel) -> String {
    format!("digest {day} {} {person}", channel.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_tried_on_its_day_and_what_is_urgent_for_three() {
        let made: DateTime<Utc> = "2026-11-30T04:00:00Z".parse().unwrap();
        let until = |kind| tried_until(kind, made).to_rfc3339();
        assert_eq!(until(DeliveryKind::Digest), "2026-11-30T19:00:00+00:00", "midnight in Kazakhstan");
        assert_eq!(until(DeliveryKind::Urgent), "2026-12-03T04:00:00+00:00");
    }
}
