//! The month grid: weeks from Monday, with numbers of ISO 8601.

use crate::day::{days_between, minus, plus};
use chrono::{Datelike, Months, NaiveDate};
use std::fmt;

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(NaiveDate);

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// Reads `2027-03`, years 1900 to 2999.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok()?;
        (1900..3000).contains(&first.year()).then_some(Self(first))
    }

    /// Its first day.
    #[must_use]
    pub fn first(self) -> NaiveDate {
        self.0
    }

    /// Its last day.
    #[must_use]
    pub fn last(self) -> NaiveDate {
        self.next().first().pred_opt().unwrap_or(self.0)
    }

    /// The following month.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add_months(Months::new(1)).unwrap_or(self.0))
    }

    /// The month before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.checked_sub_months(Months::new(1)).unwrap_or(self.0))
    }

    /// The month `n` months later.
    #[must_use]
    pub fn plus(self, n: u32) -> Self {
        Self(self.0.checked_add_months(Months::new(n)).unwrap_or(self.0))
    }

    /// The month `n` months earlier.
    #[must_use]
    pub fn minus(self, n: u32) -> Self {
        Self(self.0.checked_sub_months(Months::new(n)).unwrap_or(self.0))
    }

    /// The first and the last day of the grid that shows it.
    #[must_use]
    pub fn shown(self) -> (NaiveDate, NaiveDate) {
        let first = minus(self.first(), u64::from(self.first().weekday().num_days_from_monday()));
        (first, plus(self.last(), u64::from(6 - self.last().weekday().num_days_from_monday())))
    }

    /// The row of the grid in which a day stands, from 0.
    #[must_use]
    pub fn week_of(self, day: NaiveDate) -> i64 {
        days_between(self.shown().0, day).div_euclid(7)
    }

    /// Month of the year, 1 to 12.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0.month()
    }

    /// The weeks that show the month: Monday to Sunday, days of the neighbours included.
    #[must_use]
    pub fn weeks(self) -> Vec<[NaiveDate; 7]> {
        let mut monday = minus(self.first(), u64::from(self.first().weekday().num_days_from_monday()));
        let mut out = Vec::with_capacity(6);
        while monday <= self.last() {
            out.push([0, 1, 2, 3, 4, 5, 6].map(|n| plus(monday, n)));
            monday = plus(monday, 7);
        }
        out
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn march_2027_begins_on_its_monday() {
        let weeks = Month::parse("2027-03").unwrap().weeks();
        assert_eq!(weeks.len(), 5);
        assert_eq!(weeks[0][0].to_string(), "2027-03-01");
        assert_eq!(weeks[4][6].to_string(), "2027-04-04");
        assert_eq!(weeks[0][0].iso_week().week(), 9);
    }

    proptest::proptest! {
        #[test]
        fn every_day_of_a_month_stands_once_and_weeks_begin_on_monday(n in 0u64..36_000) {
            let month = Month::of(plus("1950-01-01".parse().unwrap(), n));
            let days: Vec<_> = month.weeks().into_iter().flatten().collect();
            let mut at = month.first();
            while at <= month.last() {
                proptest::prop_assert_eq!(days.iter().filter(|d| **d == at).count(), 1);
                at = plus(at, 1);
            }
            proptest::prop_assert_eq!(days[0].weekday(), chrono::Weekday::Mon);
            proptest::prop_assert_eq!(Month::parse(&month.to_string()), Some(month));
        }
    }
}
