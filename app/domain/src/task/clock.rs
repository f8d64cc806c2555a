//! When a task is due, and how waiting for the owner stops the clock.

use super::Stage;
use crate::day::{DaysOff, OfficeDay, days_between, minus, plus};
use crate::reason::Reason;
use chrono::NaiveDate;

/// When a task is due by default: two working days from today where access is lost or the end has
/// passed, else the last working day before the certificate's end.
#[must_use]
pub fn default_due(reason: Reason, last_day: NaiveDate, today: OfficeDay, off: &DaysOff) -> NaiveDate {
    let soon = off.working_days_after(today.day, 2);
    let before_end = off.last_working(last_day);
    if reason.takes_access() || before_end < today.day { soon } else { before_end }
}

/// Days within which a passed day can still be meant as due: one further back is a wrong year.
const LONG_PAST_DAYS: u64 = 366;

/// Whether work can be planned for a day: for one that has just passed too, since it may be written down afterwards.
#[must_use]
pub fn is_plannable(due: NaiveDate, today: NaiveDate) -> bool {
    due >= minus(today, LONG_PAST_DAYS)
}

/// The clock of a task's due day. Waiting for the owner stops it; a certificate's urgency never stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// The day that was agreed.
    pub due: NaiveDate,
    /// Days that were spent waiting for the owner before the present wait.
    pub waited: i64,
    /// First day of the present wait.
    pub waiting_since: Option<NaiveDate>,
}

impl Clock {
    /// The clock where something has become pressing: due on this day at the latest, whatever was waited for before.
    #[must_use]
    pub fn pressed(self, due: NaiveDate, today: NaiveDate) -> Self {
        if self.waiting_since.is_none() && self.counts_to() <= due {
            return self;
        }
        Self { due: Ord::min(self.due, due), waited: 0, waiting_since: self.waiting_since.map(|_| today) }
    }

    /// Days past due that count against the task; negative while there is time.
    #[must_use]
    pub fn overdue_days(&self, today: NaiveDate) -> i64 {
        let until = self.waiting_since.map_or(today, |since| since.min(today));
        days_between(self.due, until) - self.waited
    }

    /// The due day moved by the days of waiting: the day that queries compare with today.
    #[must_use]
    pub fn counts_to(&self) -> NaiveDate {
        plus(self.due, u64::try_from(self.waited).unwrap_or(0))
    }

    /// The clock after a move between stages on a day.
    #[must_use]
    pub fn moved(mut self, to: Stage, today: NaiveDate) -> Self {
        match (self.waiting_since, to == Stage::WaitingOwner) {
            (None, true) => self.waiting_since = Some(today),
            (Some(since), false) => {
                self.waited += days_between(since, today).max(0);
                self.waiting_since = None;
            }
            _ => {}
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    #[test]
    fn a_lost_password_is_due_in_two_working_days() {
        let friday = OfficeDay::noon(d("2026-11-20"));
        let off = DaysOff::default();
        assert_eq!(default_due(Reason::PasswordLost, d("2027-05-01"), friday, &off), d("2026-11-24"));
        assert_eq!(default_due(Reason::Planned, d("2026-12-06"), friday, &off), d("2026-12-04"));
        assert_eq!(default_due(Reason::Expired, d("2026-11-01"), friday, &off), d("2026-11-24"));
    }

    proptest::proptest! {
        #[test]
        fn waiting_for_the_owner_never_adds_overdue_days(before in 0u64..30, wait in 0u64..60, after in 0u64..30) {
            let start = d("2026-01-01");
            let clock = Clock { due: plus(start, 10), waited: 0, waiting_since: None };
            let waits = clock.moved(Stage::WaitingOwner, plus(start, before));
            let at_start = waits.overdue_days(plus(start, before));
            proptest::prop_assert_eq!(waits.overdue_days(plus(start, before + wait)), at_start);
            let goes_on = waits.moved(Stage::Filed, plus(start, before + wait));
            let want = at_start + i64::try_from(after).unwrap();
            proptest::prop_assert_eq!(goes_on.overdue_days(plus(start, before + wait + after)), want);
            proptest::prop_assert_eq!(days_between(goes_on.counts_to(), plus(start, before + wait + after)), want);
        }
    }
}
