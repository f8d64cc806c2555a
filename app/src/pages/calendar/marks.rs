//! What stands in the calendar besides ends: filing days with their bands, due tasks; each kind can be left out.

use super::asked::Asked;
use super::kind::Kind;
use crate::parts::icon;
use crate::seat::{Seat, Viewer};
use crate::{dates, text as t, words};
use chrono::NaiveDate;
use domain::day::{DaysOff, plus};
use domain::filing::{Filing, FilingDay, filing_days};
use domain::person::Lang;
use domain::refusal::Refusal;
use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// Days before a filing that its band covers.
const BAND_DAYS: u64 = 15;

/// Filing days of the clients that are looked at.
pub struct Filings {
    pub all: Arc<Vec<Filing>>,
    pub counts: Arc<HashMap<String, i64>>,
    days: Vec<FilingDay>,
}

impl Filings {
    /// Those between two days; none where the address leaves them out.
    pub async fn of(seat: &Seat, a: &Asked, days: (NaiveDate, NaiveDate), off: &DaysOff) -> Result<Self, Refusal> {
        let (all, counts) = (seat.desk.filings().await?, seat.desk.filing_counts(a.filter().client).await?);
        let until = (days.0, plus(days.1, BAND_DAYS));
        let days = if a.shows(Kind::Filings) {
            filing_days(&all, |code| counts.contains_key(code), until, off)
        } else {
            Vec::new()
        };
        Ok(Self { all, counts, days })
    }

    /// What is due on a day.
    pub fn on(&self, day: NaiveDate) -> &[FilingDay] {
        let from = self.days.partition_point(|d| d.day < day);
        let to = self.days.partition_point(|d| d.day <= day);
        self.days.get(from..to).unwrap_or_default()
    }

    /// Whether the band of a filing that stops somebody runs over a day.
    pub fn runs(&self, day: NaiveDate) -> bool {
        let from = self.days.partition_point(|d| d.day <= day);
        let to = self.days.partition_point(|d| d.day <= plus(day, BAND_DAYS));
        self.days.get(from..to).unwrap_or_default().iter().any(|d| d.stops)
    }

    /// Whether a filing that stops somebody is due between two days.
    pub fn stops_within(&self, from: NaiveDate, to: NaiveDate) -> bool {
        self.days.iter().any(|d| d.stops && from <= d.day && d.day <= to)
    }

    /// «200 · 300», «уплата»: forms by their numbers, payments by one word.
    pub fn label(&self, l: Lang, day: NaiveDate) -> String {
        let due = self.on(day);
        let mut names: Vec<String> =
            due.iter().filter(|d| !d.payment).map(|d| words::filing_label(l, &self.all, &d.code)).collect();
        if due.iter().any(|d| d.payment) {
            names.push(t::filing::paid(l).to_lowercase());
        }
        names.dedup();
        names.join(" · ")
    }

    /// Names with the number of clients: for whoever asks more.
    pub fn lines(&self, l: Lang, day: NaiveDate) -> Vec<(String, String, i64)> {
        let name = |due: &FilingDay| {
            let same =
                |f: &&Filing| f.code == due.code && (f.kind == domain::filing::FilingKind::Payment) == due.payment;
            self.all.iter().find(same).map_or_else(|| due.code.clone(), |f| words::of_three(l, &f.name))
        };
        self.on(day).iter().map(|d| (d.code.clone(), name(d), self.counts.get(&d.code).copied().unwrap_or(0))).collect()
    }
}

/// Links that leave a kind out or bring it back, and one that shows everything of a day.
pub fn kinds(v: &Viewer, a: &Asked, to: impl Fn(&Asked) -> String) -> AnyView {
    let l = v.lang;
    let links = Kind::ALL.map(|kind| {
        let (shown, href) = (a.shows(kind), to(&a.toggled(kind)));
        let label = if shown { t::calendar::kind_off(l, kind.word(l)) } else { t::calendar::kind_on(l, kind.word(l)) };
        let class = if shown { "kind on" } else { "kind" };
        view! { <a class=class href=href title=label>{shown.then(|| icon("check"))}{kind.word(l)}</a> }
    });
    let whole = !a.whole.is_empty();
    let other = to(&Asked { whole: if whole { String::new() } else { "1".into() }, ..a.clone() });
    let (class, label) =
        if whole { ("kind on", t::calendar::whole_off(l)) } else { ("kind", t::calendar::whole_on(l)) };
    view! {
        <nav class="kinds" aria-label=t::calendar::kinds(l)>{links.into_iter().collect_view()}
            <a class=class href=other title=label>{whole.then(|| icon("check"))}{t::calendar::whole(l)}</a></nav>
    }
    .into_any()
}

/// What is due on the day that is open.
pub fn section(v: &Viewer, filings: &Filings, day: NaiveDate) -> Option<AnyView> {
    let l = v.lang;
    let lines = filings.lines(l, day);
    (!lines.is_empty()).then(|| {
        let rows = lines.into_iter().map(|(code, name, n)| {
            let href = crate::pages::address("/clients", &[("filing", &code)]);
            view! { <li class="line"><b>{name}</b><a class="push link" href=href>{t::client::count(l, n)}</a></li> }
        });
        view! { <div class="sec"><h3>{t::calendar::kind_filings(l)}" "<b>{dates::short(l, day, v.today.day)}</b></h3>
        <ul class="rows">{rows.collect_view()}</ul></div> }
        .into_any()
    })
}
