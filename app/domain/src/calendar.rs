//! The month grid: weeks from Monday, with numbers of ISO 8601.

use crate::certificate::{CertificateRow, Purpose};
use crate::coded::coded;
use crate::day::{minus, plus};
use crate::filing::Threat;
use crate::id::{CertificateId, ClientId, PersonId, TeamId};
use crate::standing::Urgency;
use crate::task::TaskRow;
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
        crate::day::days_between(self.shown().0, day).div_euclid(7)
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

coded! {
    /// Standing by which the calendar is narrowed.
    StandingFilter { Late = "late", Risk = "risk", Week = "week", Month = "month", Calm = "calm", Replaced = "replaced" }
}

/// What the calendar is narrowed to; all of it stands in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CalendarFilter {
    pub responsible: Option<PersonId>,
    pub team: Option<TeamId>,
    pub client: Option<ClientId>,
    pub purpose: Option<Purpose>,
    pub standing: Option<StandingFilter>,
}

/// A set's end in the grid: halves that were issued together end on one day and are one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEntry {
    /// The certificate, or one of the set's.
    pub certificate: CertificateId,
    pub day: NaiveDate,
    /// Name of the first client that the asking person may see.
    pub client: String,
    pub holder: String,
    pub urgency: Urgency,
    /// The filing that the end breaks.
    pub threat: Option<Threat>,
    pub replaced: bool,
    /// The dates were typed and no certificate has confirmed them.
    pub typed: bool,
}

/// Levels of urgency.
pub const LEVELS: usize = Urgency::ALL.len();

/// A day of the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayEnds {
    pub day: NaiveDate,
    /// Sets by urgency, in the order of [`Urgency::ALL`].
    pub counts: [u32; LEVELS],
    /// The first of them: the most urgent, then by client.
    pub first: Vec<CalendarEntry>,
}

impl DayEnds {
    /// Sets that end on this day.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.counts.iter().sum()
    }
}

/// How many sets end on a day, and how many of them cannot be used now or would break a filing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    pub day: NaiveDate,
    pub total: u32,
    pub late: u32,
    /// Of them, how many would break a filing.
    pub risk: u32,
}

/// A line of the agenda: a certificate that ends.
#[derive(Debug, Clone)]
pub struct AgendaRow {
    pub certificate: CertificateRow,
    /// Numbers of its clients, in their order.
    pub numbers: Vec<String>,
}

/// Lines of the agenda at most, for a page and for a file.
pub const AGENDA_LINES: u64 = 100;

/// One day opened.
#[derive(Debug, Clone)]
pub struct DayPanel {
    pub certificates: Vec<CertificateRow>,
    /// There are more than stand here.
    pub more: bool,
    pub tasks: Vec<TaskRow>,
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
