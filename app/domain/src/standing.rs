//! Standing of a certificate, derived and never typed.

use crate::coded::coded;
use crate::day::{OfficeDay, day_in_kazakhstan, days_between};
use crate::filing::RISK_DAYS;
use crate::reason::Reason;
use chrono::{DateTime, NaiveDate, Utc};

coded! {
    /// Levels that call for somebody, worst first.
    Urgency { Late = "late", Risk = "risk", Week = "week", Month = "month", Calm = "calm" }
}

/// Days to the end from which a certificate calls for a reissue.
pub const MONTH_DAYS: i64 = 30;
/// Days to the end from which it is pressing.
pub const WEEK_DAYS: i64 = 7;

/// What the register knows about a certificate's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    pub not_before: DateTime<Utc>,
    /// Last instant of validity, inclusive (RFC 5280, 4.1.2.5).
    pub not_after: DateTime<Utc>,
    /// The instant from which a successor stands in for it.
    pub replaced_from: Option<DateTime<Utc>>,
    /// The instant of a reported loss, and what was lost.
    pub lost: Option<(DateTime<Utc>, Reason)>,
    /// The instant of a revocation that somebody checked.
    pub revoked: Option<DateTime<Utc>>,
    /// The dates were typed and no certificate has confirmed them.
    pub typed: bool,
    /// It ended long ago, and somebody has said that nothing is to be done about it.
    pub aside: bool,
}

/// Standing at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    NotYetValid,
    Valid,
    /// Valid; so many days are left, 0 on the last day.
    Due(i64),
    Expired,
    Revoked,
    Unusable(Reason),
    Replaced,
}

impl Life {
    /// Last day of validity in Kazakhstan.
    #[must_use]
    pub fn last_day(&self) -> NaiveDate {
        day_in_kazakhstan(self.not_after)
    }

    /// First day of validity in Kazakhstan.
    #[must_use]
    pub fn first_day(&self) -> NaiveDate {
        day_in_kazakhstan(self.not_before)
    }

    /// Whether a successor is valid already.
    #[must_use]
    pub fn is_replaced(&self, today: OfficeDay) -> bool {
        self.replaced_from.is_some_and(|from| from <= today.now)
    }

    /// Standing at the instant of `today`. A valid successor silences everything else.
    #[must_use]
    pub fn standing(&self, today: OfficeDay) -> Standing {
        let left = days_between(today.day, self.last_day());
        if self.is_replaced(today) {
            Standing::Replaced
        } else if self.revoked.is_some_and(|at| at <= today.now) {
            Standing::Revoked
        } else if let Some((_, reason)) = self.lost.filter(|(at, _)| *at <= today.now) {
            Standing::Unusable(reason)
        } else if today.now > self.not_after {
            Standing::Expired
        } else if today.now < self.not_before {
            Standing::NotYetValid
        } else if left <= MONTH_DAYS {
            Standing::Due(left)
        } else {
            Standing::Valid
        }
    }

    /// The one rule of urgency. Late: cannot sign now and nothing replaced it. Risk: sixty days or fewer are left and
    /// the end breaks a filing that stops the client (see [`crate::filing::StoppingDays`]). Week and month: by days to the
    /// end.
    #[must_use]
    pub fn urgency(&self, today: OfficeDay, breaks_a_filing: bool) -> Urgency {
        let near = days_between(today.day, self.last_day()) <= RISK_DAYS;
        match self.standing(today) {
            _ if self.aside => Urgency::Calm,
            Standing::Expired | Standing::Revoked | Standing::Unusable(_) => Urgency::Late,
            Standing::Valid | Standing::Due(_) if breaks_a_filing && near => Urgency::Risk,
            Standing::Due(left) if left <= WEEK_DAYS => Urgency::Week,
            Standing::Due(_) => Urgency::Month,
            Standing::NotYetValid | Standing::Valid | Standing::Replaced => Urgency::Calm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::{minus, plus, start_of};

    fn life(from: &str, to: &str) -> Life {
        Life {
            not_before: from.parse().unwrap(),
            not_after: to.parse().unwrap(),
            replaced_from: None,
            lost: None,
            revoked: None,
            typed: false,
            aside: false,
        }
    }

    fn at(s: &str) -> OfficeDay {
        OfficeDay::at(s.parse().unwrap())
    }

    #[test]
    fn the_last_instant_is_still_valid_and_the_next_is_not() {
        let l = life("2025-11-22T23:59:59Z", "2026-11-22T23:59:59Z");
        assert_eq!(l.standing(at("2026-11-22T23:59:59Z")), Standing::Due(0));
        assert_eq!(l.standing(at("2026-11-23T00:00:00Z")), Standing::Expired);
    }

    #[test]
    fn days_are_counted_in_kazakhstan() {
        let l = life("2025-11-30T19:30:00Z", "2026-11-30T19:30:00Z");
        assert_eq!(l.last_day().to_string(), "2026-12-01");
        assert_eq!(l.standing(at("2026-11-30T18:59:59Z")), Standing::Due(1));
        assert_eq!(l.standing(at("2026-11-30T19:00:00Z")), Standing::Due(0));
    }

    #[test]
    fn a_leap_day_is_a_day() {
        let l = life("2027-02-28T06:00:00Z", "2028-02-29T06:00:00Z");
        assert_eq!(l.standing(at("2028-02-28T06:00:00Z")), Standing::Due(1));
        assert_eq!(l.last_day().to_string(), "2028-02-29");
    }

    #[test]
    fn a_reported_loss_counts_from_its_moment_and_a_successor_silences_it() {
        let mut l = life("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        l.lost = Some(("2026-06-01T10:00:00Z".parse().unwrap(), Reason::PasswordLost));
        assert_eq!(l.standing(at("2026-06-01T09:59:59Z")), Standing::Valid);
        assert_eq!(l.standing(at("2026-06-01T10:00:00Z")), Standing::Unusable(Reason::PasswordLost));
        l.replaced_from = Some("2026-06-03T00:00:00Z".parse().unwrap());
        assert_eq!(l.urgency(at("2026-06-02T00:00:00Z"), false), Urgency::Late);
        assert_eq!(l.standing(at("2026-06-03T00:00:00Z")), Standing::Replaced);
    }

    proptest::proptest! {
        #[test]
        fn days_left_fall_by_one_each_day_and_never_skip(end_day in 200u64..5000, second in 0i64..86_400, back in 0u64..200) {
            let end = plus("2024-01-01".parse().unwrap(), end_day);
            let not_after = start_of(end) + chrono::Duration::seconds(second);
            let l = Life { not_before: start_of(minus(end, 365)), not_after, replaced_from: None, lost: None, revoked: None, typed: false, aside: false };
            let day = minus(end, back);
            let left = i64::try_from(back).unwrap();
            let want = if left <= MONTH_DAYS { Standing::Due(left) } else { Standing::Valid };
            // At the first instant of any day up to the last one the certificate is valid.
            let today = OfficeDay { now: start_of(day), day };
            proptest::prop_assert_eq!(l.standing(today), want);
            let after = OfficeDay::at(not_after + chrono::Duration::milliseconds(1));
            proptest::prop_assert_eq!(l.standing(after), Standing::Expired);
            proptest::prop_assert_eq!(l.urgency(today, false) == Urgency::Week, left <= WEEK_DAYS);
        }

        #[test]
        fn an_earlier_end_is_never_less_urgent_and_a_filing_never_calms(first in -40i64..200, later in 0i64..100, hit in proptest::bool::ANY) {
            let today = OfficeDay::noon("2027-01-05".parse().unwrap());
            let ends = |left: i64| {
                let end = start_of(today.day) + chrono::Duration::days(left);
                Life { not_before: end - chrono::Duration::days(365), not_after: end + chrono::Duration::hours(20), replaced_from: None, lost: None, revoked: None, typed: false, aside: false }
            };
            let (a, b) = (ends(first), ends(first + later));
            proptest::prop_assert!(a.urgency(today, hit) <= b.urgency(today, hit), "by days, of two that break a filing or do not");
            proptest::prop_assert!(a.urgency(today, true) <= b.urgency(today, false));
            proptest::prop_assert!(a.urgency(today, true) <= a.urgency(today, false));
        }
    }
}
