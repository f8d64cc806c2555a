//! What the page of a month shows.

use super::marks::Filings;
use chrono::NaiveDate;
use domain::calendar::{DayCount, DayEnds, DayPanel};
use domain::day::DaysOff;
use domain::ground::Ground;
use domain::month::Month;
use std::sync::Arc;

/// What the page shows.
pub struct Data {
    pub month: Month,
    pub days: Arc<Vec<DayEnds>>,
    pub panel: Option<(NaiveDate, DayPanel)>,
    pub off: Arc<DaysOff>,
    /// First month of the strip and the counts of its twelve months.
    pub strip: (Month, Arc<Vec<DayCount>>),
    pub filings: Filings,
    /// Open tasks by due day.
    pub due: Arc<Vec<(NaiveDate, i64)>>,
    /// Powers of attorney that end, in their order.
    pub grounds: Arc<Vec<Ground>>,
}

impl Data {
    /// What ends on a day; the days stand in their order.
    pub fn ends(&self, day: NaiveDate) -> Option<&DayEnds> {
        self.days.binary_search_by_key(&day, |d| d.day).ok().and_then(|n| self.days.get(n))
    }

    /// Powers of attorney whose last day this is.
    pub fn grounds(&self, day: NaiveDate) -> impl Iterator<Item = &Ground> {
        self.grounds.iter().filter(move |g| g.said.until == Some(day))
    }

    /// How many open tasks are due on a day.
    pub fn due(&self, day: NaiveDate) -> i64 {
        self.due.binary_search_by_key(&day, |(d, _)| *d).ok().and_then(|n| self.due.get(n)).map_or(0, |(_, n)| *n)
    }
}
