//! What a new day off would move: filing days forward, days to act by back.

use crate::seat::{Seat, Viewer};
use crate::{dates, text as t};
use chrono::NaiveDate;
use domain::calendar::CalendarFilter;
use domain::day::{DaysOff, plus};
use domain::filing::{Moved, moved};
use domain::refusal::Refusal;
use leptos::prelude::*;

/// Days after the change whose ends may have to be met earlier: no run of days off is longer.
const AFTER: u64 = 14;

/// The preview of a day off.
pub struct Moves {
    day: NaiveDate,
    filings: Vec<Moved>,
    /// Ends whose day to act by moves: how many, from, to.
    ends: Vec<(i64, NaiveDate, NaiveDate)>,
}

impl Moves {
    /// Works it out; a day that is off already is tried as a working one.
    pub async fn of(seat: &Seat, day: NaiveDate, off: &DaysOff) -> Result<Self, Refusal> {
        let mut after = off.clone();
        if after.0.remove(&day).is_none() {
            after.0.insert(day, Default::default());
        }
        let counts = seat.desk.day_counts(day, plus(day, AFTER), &CalendarFilter::default()).await?;
        let mut ends: Vec<(i64, NaiveDate, NaiveDate)> = Vec::new();
        for count in counts.iter() {
            let (from, to) = (off.last_working(count.day), after.last_working(count.day));
            if from == to {
                continue;
            }
            match ends.iter_mut().find(|(_, f, t)| (*f, *t) == (from, to)) {
                Some((n, ..)) => *n += i64::from(count.total),
                None => ends.push((i64::from(count.total), from, to)),
            }
        }
        Ok(Self { day, filings: moved(&seat.desk.filings().await?, day, off, &after), ends })
    }

    pub fn show(&self, v: &Viewer) -> AnyView {
        let l = v.lang;
        let day = |day: NaiveDate| dates::short(l, day, v.today.day);
        let filings =
            self.filings.iter().map(|m| view! { <li><b>{m.codes.join(", ")}</b>" "{day(m.from)}" → "{day(m.to)}</li> });
        let ends = self
            .ends
            .iter()
            .map(|(n, from, to)| view! { <li><b>{t::certificate::sets(l, *n)}</b>" "{day(*from)}" → "{day(*to)}</li> });
        let nothing = self.filings.is_empty() && self.ends.is_empty();
        view! {
            <section class="pad" id="moves" role="status"><h3>{t::days::moves(l, dates::full(l, self.day))}</h3>
                {nothing.then(|| view! { <p class="mute">{t::days::moves_nothing(l)}</p> })}
                <ul class="rows">{filings.collect_view()}{ends.collect_view()}</ul></section>
        }
        .into_any()
    }
}
