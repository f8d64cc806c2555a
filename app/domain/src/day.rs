//! Days of the office and working days.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveTime, Utc, Weekday};
use std::collections::BTreeMap;

/// Kazakhstan keeps one zone, UTC+5, since 2024-03-01 (government decree of 2024-01-19).
const KAZAKHSTAN_SECONDS: i32 = 5 * 3600;

/// Whether a certificate that ends on a day says that it has no end (RFC 5280, 4.1.2.5: the last second of 9999).
#[must_use]
pub fn is_endless(day: NaiveDate) -> bool {
    day.year() >= 9999
}

/// The day in Kazakhstan on which an instant falls.
#[must_use]
pub fn day_in_kazakhstan(instant: DateTime<Utc>) -> NaiveDate {
    let day = FixedOffset::east_opt(KAZAKHSTAN_SECONDS)
        .map_or_else(|| instant.date_naive(), |zone| instant.with_timezone(&zone).date_naive());
    // "No expiry" of RFC 5280 is the last instant of 9999 in UTC, already 10000 here: five digits do not sort as text.
    NaiveDate::from_ymd_opt(9999, 12, 31).map_or(day, |last| day.min(last))
}

/// The first instant of a day in Kazakhstan.
#[must_use]
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    midnight.checked_sub_signed(chrono::Duration::seconds(i64::from(KAZAKHSTAN_SECONDS))).unwrap_or(midnight)
}

/// The day before an instant that is the first of its day in Kazakhstan: what ends with it was whole on that day last.
#[must_use]
pub fn last_whole_day(end: DateTime<Utc>) -> Option<NaiveDate> {
    let day = day_in_kazakhstan(end);
    (start_of(day) == end).then(|| minus(day, 1))
}

/// "Today" of the office: the day and the instant, made at one place of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficeDay {
    /// The instant of the question.
    pub now: DateTime<Utc>,
    /// The office's calendar day.
    pub day: NaiveDate,
}

impl OfficeDay {
    /// The day of an instant in Kazakhstan.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { now, day: day_in_kazakhstan(now) }
    }

    /// Noon of a day, for rules that ask about a whole day.
    #[must_use]
    pub fn noon(day: NaiveDate) -> Self {
        Self { now: start_of(day) + chrono::Duration::hours(12), day }
    }
}

/// Days without work besides Saturdays and Sundays, with their names by language (ru, kk, en).
#[derive(Debug, Clone, Default)]
pub struct DaysOff(pub BTreeMap<NaiveDate, [String; 3]>);

impl DaysOff {
    /// Whether the office works on this day.
    #[must_use]
    pub fn is_working(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.0.contains_key(&day)
    }

    /// Whether anybody has entered the days off of a year.
    #[must_use]
    pub fn knows(&self, year: i32) -> bool {
        self.0.keys().any(|day| day.year() == year)
    }

    /// This day if it is a working day, else the last one before it.
    #[must_use]
    pub fn last_working(&self, day: NaiveDate) -> NaiveDate {
        let mut at = day;
        while !self.is_working(at) {
            let Some(before) = at.pred_opt() else { return day };
            at = before;
        }
        at
    }

    /// This day if it is a working day, else the next one after it.
    #[must_use]
    pub fn next_working(&self, day: NaiveDate) -> NaiveDate {
        let mut at = day;
        while !self.is_working(at) {
            let Some(next) = at.succ_opt() else { return day };
            at = next;
        }
        at
    }

    /// How many working days lie after one day up to another one, the latter included.
    #[must_use]
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let days = from.iter_days().skip(1).take_while(|day| *day <= to);
        i64::try_from(days.filter(|day| self.is_working(*day)).count()).unwrap_or(i64::MAX)
    }

    /// The `n`-th working day after this day.
    #[must_use]
    pub fn working_days_after(&self, day: NaiveDate, n: u32) -> NaiveDate {
        let mut at = day;
        let mut left = n;
        while left > 0 {
            let Some(next) = at.succ_opt() else { return at };
            at = next;
            left -= u32::from(self.is_working(at));
        }
        at
    }
}

/// Days from `today` to `day`, negative for the past.
#[must_use]
pub fn days_between(today: NaiveDate, day: NaiveDate) -> i64 {
    day.signed_duration_since(today).num_days()
}

/// The day `n` days later; the last day of the calendar if there is none.
#[must_use]
pub fn plus(day: NaiveDate, n: u64) -> NaiveDate {
    day.checked_add_days(Days::new(n)).unwrap_or(NaiveDate::MAX)
}

/// The day `n` days earlier; the first day of the calendar if there is none.
#[must_use]
pub fn minus(day: NaiveDate, n: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(n)).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    #[test]
    fn an_end_at_midnight_leaves_the_day_before_as_the_last_whole_one() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(last_whole_day(at("2027-03-13T19:00:00Z")).unwrap().to_string(), "2027-03-13");
        assert_eq!(last_whole_day(at("2027-03-13T19:00:01Z")), None);
        assert_eq!(last_whole_day(at("2027-03-13T18:59:59Z")), None);
    }

    #[test]
    fn an_evening_in_utc_is_already_tomorrow_in_kazakhstan() {
        let at = "2026-11-30T19:30:00Z".parse().unwrap();
        assert_eq!(day_in_kazakhstan(at), d("2026-12-01"));
        assert_eq!(day_in_kazakhstan("2028-02-28T19:00:00Z".parse().unwrap()), d("2028-02-29"));
    }

    #[test]
    fn holidays_push_the_day_to_act_by_back() {
        let off = DaysOff([(d("2027-03-22"), Default::default()), (d("2027-03-23"), Default::default())].into());
        assert_eq!(off.last_working(d("2027-03-23")), d("2027-03-19"));
        assert_eq!(off.working_days_after(d("2027-03-19"), 2), d("2027-03-25"));
    }

    proptest::proptest! {
        #[test]
        fn the_first_instant_of_a_day_is_in_it_and_the_one_before_is_not(n in 0u64..40_000) {
            let day = plus(d("1990-01-01"), n);
            proptest::prop_assert_eq!(day_in_kazakhstan(start_of(day)), day);
            proptest::prop_assert_eq!(plus(day_in_kazakhstan(start_of(day) - chrono::Duration::milliseconds(1)), 1), day);
        }
    }
}
