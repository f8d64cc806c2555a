//! What the address of a calendar page says.

use super::kind::Kind;
use crate::form::picked;
use crate::pages::address;
use chrono::{Datelike as _, NaiveDate};
use domain::calendar::{CalendarFilter, StandingFilter};
use domain::certificate::Purpose;
use domain::day::{minus, plus};
use domain::month::Month;
use serde::Deserialize;

/// Days that the agenda shows where the address names none.
const AGENDA_DAYS: u64 = 30;
/// Days of an agenda at most: ten years.
const LONGEST: u64 = 3_660;

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Asked {
    pub month: String,
    pub day: String,
    /// A day of the week that is shown.
    pub week: String,
    /// The month whose list stands beside the year.
    pub list: String,
    pub from: String,
    pub until: String,
    pub skip: u64,
    pub responsible: String,
    pub team: String,
    pub client: String,
    pub purpose: String,
    pub standing: String,
    /// Letters of the kinds that are left out.
    pub hide: String,
    /// Not empty where a day shows everything that stands on it, as on paper.
    pub whole: String,
}

/// Entries of each kind in a day's cell where everything is shown.
const EVERYTHING: usize = 500;

impl Asked {
    pub fn filter(&self) -> CalendarFilter {
        CalendarFilter {
            responsible: picked(&self.responsible),
            team: picked(&self.team),
            client: picked(&self.client),
            purpose: Purpose::parse(&self.purpose),
            standing: StandingFilter::parse(&self.standing),
        }
    }

    /// Lines left out; no agenda is longer.
    pub fn skipped(&self) -> u64 {
        self.skip.min(1_000_000)
    }

    /// Whether a kind of entries is shown.
    pub fn shows(&self, kind: Kind) -> bool {
        !self.hide.contains(kind.letter())
    }

    /// The same with a kind left out, or brought back.
    pub fn toggled(&self, kind: Kind) -> Self {
        let wanted = |k: &Kind| self.shows(*k) == (*k == kind);
        Self { hide: Kind::ALL.iter().filter(|k| wanted(k)).map(|k| k.letter()).collect(), ..self.clone() }
    }

    /// Entries of each kind in a day's cell, where so many have room.
    pub const fn lines(&self, room: usize) -> usize {
        if self.whole.is_empty() { room } else { EVERYTHING }
    }

    pub fn opened(&self) -> Option<NaiveDate> {
        day(&self.day)
    }

    /// The month of the address, of its day, or today's.
    pub fn month(&self, today: NaiveDate) -> Month {
        let of_day = || self.opened().or(day(&self.week)).map(Month::of);
        Month::parse(&self.month).or_else(of_day).unwrap_or_else(|| Month::of(today))
    }

    /// The Monday of the week of the address, else of today's, or of the month that was looked at.
    pub fn monday(&self, today: NaiveDate) -> NaiveDate {
        let of_month = || Month::parse(&self.month).filter(|month| *month != Month::of(today)).map(Month::first);
        let day = day(&self.week).or_else(of_month).unwrap_or(today);
        minus(day, u64::from(day.weekday().num_days_from_monday()))
    }

    /// The days of the agenda: as asked, the month that was looked at, or the days to come; never more than ten years.
    pub fn days(&self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        let month = Month::parse(&self.month);
        let from = day(&self.from).or(month.map(Month::first)).unwrap_or(today);
        let until = day(&self.until).or(month.map(Month::last)).unwrap_or_else(|| plus(from, AGENDA_DAYS));
        (from, until.clamp(from, plus(from, LONGEST)))
    }

    /// The same filters at another month or day.
    pub fn address(&self, month: Month, day: Option<NaiveDate>) -> String {
        let (month, day) = (month.to_string(), day.map(|d| d.to_string()).unwrap_or_default());
        self.with("/calendar", &[("month", &month), ("day", &day)])
    }

    /// The same filters on another page.
    pub fn with(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut pairs = more.to_vec();
        pairs.extend([
            ("responsible", self.responsible.as_str()),
            ("team", &self.team),
            ("client", &self.client),
            ("purpose", &self.purpose),
            ("standing", &self.standing),
            ("hide", &self.hide),
            ("whole", &self.whole),
        ]);
        address(path, &pairs)
    }
}

fn day(typed: &str) -> Option<NaiveDate> {
    typed.parse().ok().filter(|d: &NaiveDate| (1900..3000).contains(&d.year()))
}
