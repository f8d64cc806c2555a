//! What a month or a week shows.

use super::asked::Asked;
use super::kind::Kind;
use super::marks::Filings;
use super::strip;
use crate::seat::Seat;
use chrono::NaiveDate;
use domain::calendar::{DayCount, DayEnds, DayPanel, DayTasks};
use domain::day::DaysOff;
use domain::ground::Ground;
use domain::month::Month;
use domain::refusal::Refusal;
use std::sync::Arc;

/// Days of a page, with what stands on each.
pub struct Data {
    pub month: Month,
    pub weeks: Vec<[NaiveDate; 7]>,
    /// Entries of each kind in a day's cell at most.
    pub lines: usize,
    pub days: Arc<Vec<DayEnds>>,
    pub panel: Option<(NaiveDate, DayPanel)>,
    pub off: Arc<DaysOff>,
    /// First month of the strip and the counts of its twelve months.
    pub strip: (Month, Arc<Vec<DayCount>>),
    pub filings: Filings,
    /// Days with open tasks, in their order.
    pub tasks: Arc<Vec<DayTasks>>,
    /// Powers of attorney that end, in their order.
    pub grounds: Arc<Vec<Ground>>,
}

impl Data {
    /// Everything of the weeks, but for a day that is opened.
    pub async fn of(seat: &Seat, a: &Asked, weeks: Vec<[NaiveDate; 7]>, lines: usize) -> Result<Self, Refusal> {
        let (desk, today, filter) = (&seat.desk, seat.viewer.today.day, a.filter());
        let month = a.month(today);
        let days = || weeks.iter().flatten().copied();
        let (from, to) = days().min().zip(days().max()).unwrap_or((today, today));
        let first = strip::first(month, today);
        let counts = desk.day_counts(first.first(), first.plus(11).last(), &filter).await?;
        let off = desk.days_off().await?;
        let span = (from.min(first.first()), to.max(first.plus(11).last()));
        let ends = if a.shows(Kind::Ends) { desk.ends_by_day(from, to, &filter, lines).await? } else { Arc::default() };
        let tasks =
            if a.shows(Kind::Tasks) { desk.tasks_by_day(from, to, &filter, lines).await? } else { Arc::default() };
        let grounds =
            if a.shows(Kind::Grounds) { desk.grounds_ending(from, to, filter.client).await? } else { Arc::default() };
        let filings = Filings::of(seat, a, span, &off).await?;
        Ok(Self { month, weeks, lines, days: ends, panel: None, off, strip: (first, counts), filings, tasks, grounds })
    }

    /// Whether a day belongs to a neighbour of the month that is shown.
    pub fn is_outside(&self, day: NaiveDate) -> bool {
        self.weeks.len() > 1 && Month::of(day) != self.month
    }

    /// What ends on a day; the days stand in their order.
    pub fn ends(&self, day: NaiveDate) -> Option<&DayEnds> {
        self.days.binary_search_by_key(&day, |d| d.day).ok().and_then(|n| self.days.get(n))
    }

    /// Powers of attorney whose last day this is.
    pub fn grounds(&self, day: NaiveDate) -> impl Iterator<Item = &Ground> {
        self.grounds.iter().filter(move |g| g.said.until == Some(day))
    }

    /// The open tasks of a day.
    pub fn tasks(&self, day: NaiveDate) -> Option<&DayTasks> {
        self.tasks.binary_search_by_key(&day, |d| d.day).ok().and_then(|n| self.tasks.get(n))
    }
}
