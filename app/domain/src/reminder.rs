//! Reminders as people see them: what one was told, and what became of each rung of a certificate.

use crate::certificate::CertificateRow;
use crate::coded::coded;
use crate::day::DaysOff;
use crate::delivery::DeliveryState;
use crate::id::{NoticeId, PersonId};
use crate::ladder::{Ladder, LadderOf, RungState, Silence};
use crate::person::Role;
use chrono::{DateTime, NaiveDate, Utc};

coded! {
    /// What a notice tells of a certificate.
    NoticeKind {
        /// Its end comes, or has come.
        End = "end",
        /// Access to its key is lost.
        Lost = "lost",
    }
}

/// A reminder to one person.
#[derive(Debug, Clone)]
pub struct Notice {
    pub id: NoticeId,
    pub kind: NoticeKind,
    pub certificate: CertificateRow,
    /// Days that were left when it was written; below 0 since the end.
    pub left: i64,
    /// Days since its rung was reached, where the program was not running then.
    pub late: i64,
    /// What had kept it silent and fell away.
    pub again: Option<Silence>,
    /// The reader is told because nobody works on the client.
    pub instead: bool,
    /// The reader is told because nobody of those who were told has acted.
    pub escalated: bool,
    pub at: DateTime<Utc>,
    pub seen: Option<DateTime<Utc>>,
}

/// Somebody who was told, and when they read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub name: String,
    pub seen: Option<DateTime<Utc>>,
    /// The message that told it outside the program: how far it is, and since when.
    pub mail: Option<(DeliveryState, DateTime<Utc>)>,
}

/// What became of a rung of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RungRow {
    pub days: i64,
    pub state: RungState,
    pub why: Option<Silence>,
    pub at: DateTime<Utc>,
    pub told: Vec<Told>,
}

/// Reminders that somebody has put off until a day, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutOff {
    pub until: NaiveDate,
    pub why: String,
    pub by: String,
}

/// The reminders of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminders {
    pub ladder: Ladder,
    pub ladder_of: LadderOf,
    /// The first rung first.
    pub rungs: Vec<RungRow>,
    pub put_off: Option<PutOff>,
}

/// Working days before an end from which one that breaks a filing cannot wait.
const AT_ONCE: u32 = 3;

/// Whether people are told at once and not with the next digest: it ends today or has ended, or it breaks a filing and at most
/// three working days are left.
#[must_use]
pub fn cannot_wait(last_day: NaiveDate, breaks_a_filing: bool, today: NaiveDate, off: &DaysOff) -> bool {
    last_day <= today || (breaks_a_filing && last_day <= off.working_days_after(today, AT_ONCE))
}

/// Somebody who may be told of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receiver {
    pub id: PersonId,
    pub role: Role,
    /// They work on the client today, as responsible or deputy.
    pub works: bool,
    /// They lead the client's team.
    pub leads: bool,
}

/// Who is told of a client's certificate, and whether in place of somebody who works on it: whoever works on it, else who
/// leads its team, else the owners.
#[must_use]
pub fn receivers(all: &[Receiver]) -> (Vec<PersonId>, bool) {
    let those = |fits: &dyn Fn(&Receiver) -> bool| {
        let mut ids: Vec<PersonId> = all.iter().filter(|r| fits(r)).map(|r| r.id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let working = those(&|r| r.works && r.role != Role::Observer);
    if !working.is_empty() {
        return (working, false);
    }
    let leading = those(&|r| r.leads && r.role == Role::Lead);
    if !leading.is_empty() {
        return (leading, true);
    }
    (those(&|r| r.role == Role::Owner), true)
}

/// Who is told above those who were told and have not acted: after `n` days who leads the client's team, after twice as many
/// the owners; where nobody leads it, the owners at once. Nobody who knows already.
#[must_use]
pub fn above(all: &[Receiver], told: &[PersonId], days: i64, n: i64) -> Vec<PersonId> {
    if n < 1 || days < n {
        return Vec::new();
    }
    let leads = |r: &&Receiver| r.leads && r.role == Role::Lead;
    let owners = days >= 2 * n || !all.iter().any(|r| leads(&r));
    let mut ids: Vec<PersonId> =
        all.iter().filter(|r| leads(r) || (owners && r.role == Role::Owner)).map(|r| r.id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| !told.contains(id));
    ids
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn one(n: u128, role: Role, works: bool, leads: bool) -> Receiver {
        Receiver { id: PersonId(Uuid::from_u128(n)), role, works, leads }
    }

    #[test]
    fn what_ends_today_and_what_breaks_a_filing_in_three_working_days_cannot_wait() {
        let d = |text: &str| text.parse::<NaiveDate>().unwrap();
        // A Thursday: Friday, Monday and Tuesday are its next working days.
        let wait = |end, breaks| cannot_wait(d(end), breaks, d("2026-11-26"), &DaysOff::default());
        assert_eq!(
            [wait("2026-11-26", false), wait("2026-11-25", false), wait("2026-11-27", false)],
            [true, true, false]
        );
        assert_eq!([wait("2026-12-01", true), wait("2026-12-02", true)], [true, false]);
    }

    #[test]
    fn where_nobody_acts_the_lead_is_told_then_the_owner() {
        let (owner, lead) = (one(1, Role::Owner, false, false), one(2, Role::Lead, false, true));
        let (works, other) = (one(3, Role::Accountant, true, false), one(4, Role::Lead, false, false));
        let ids = |all: &[Receiver], told: &[u128], days| {
            let told: Vec<PersonId> = told.iter().map(|n| PersonId(Uuid::from_u128(*n))).collect();
            above(all, &told, days, 3).into_iter().map(|p| p.0.as_u128()).collect::<Vec<_>>()
        };
        let all = [owner, lead, works, other];
        assert_eq!(ids(&all, &[3], 2), []);
        assert_eq!(ids(&all, &[3], 3), [2]);
        assert_eq!(ids(&all, &[3, 2], 5), [], "once");
        assert_eq!(ids(&all, &[3, 2], 6), [1]);
        assert_eq!(ids(&all, &[3], 9), [1, 2], "a server that slept tells both");
        assert_eq!(ids(&[owner, works], &[3], 3), [1], "nobody leads it");
        assert_eq!(ids(&[owner, works], &[1], 30), [], "who works on it is the owner");
        assert_eq!(above(&all, &[], 30, 0), []);
    }

    #[test]
    fn who_works_on_it_is_told_else_the_lead_else_the_owners() {
        let (owner, lead) = (one(1, Role::Owner, false, false), one(2, Role::Lead, false, true));
        let (works, watches) = (one(3, Role::Accountant, true, false), one(4, Role::Observer, true, false));
        let ids = |all: &[Receiver]| {
            let (ids, instead) = receivers(all);
            (ids.into_iter().map(|p| p.0.as_u128()).collect::<Vec<_>>(), instead)
        };
        assert_eq!(ids(&[owner, lead, works, works, watches]), (vec![3], false), "once, however many parts they have");
        assert_eq!(ids(&[owner, lead, watches]), (vec![2], true));
        assert_eq!(ids(&[owner, watches]), (vec![1], true));
        assert_eq!(ids(&[watches]), (vec![], true));
    }
}
