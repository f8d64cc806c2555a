//! The next filing days on the card of a client.

use crate::parts::icon;
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::certificate::Set;
use domain::day::{DaysOff, plus};
use domain::filing::{Filing, filing_days};
use domain::standing::Urgency;
use leptos::prelude::*;

/// Days ahead.
const AHEAD: u64 = 190;

/// The next filing days of the client, with those that an end breaks.
pub fn terms(v: &Viewer, own: &[String], lines: &[Vec<Set>], filings: &[Filing], off: &DaysOff) -> AnyView {
    let l = v.lang;
    if own.is_empty() {
        return view! { <p class="pad mute">{t::filing::none_set(l)}</p> }.into_any();
    }
    let window = (v.today.day, plus(v.today.day, AHEAD));
    let due = filing_days(filings, |code| own.iter().any(|own| own == code), window, off);
    let mut days: Vec<_> = due.iter().map(|d| d.day).collect();
    days.dedup();
    let broken = |day| {
        let mains = lines.iter().filter_map(|line| line.first()).flat_map(|set| &set.certificates);
        mains
            .filter(|row| row.urgency(v.today) == Urgency::Risk)
            .any(|row| row.threat.as_ref().is_some_and(|t| t.day == day))
    };
    let rows = days.into_iter().take(8).map(|day| {
        let label = |payment: bool| {
            let mut names: Vec<String> = due
                .iter()
                .filter(|d| d.day == day && d.payment == payment)
                .map(|d| words::filing_label(l, filings, &d.code))
                .collect();
            names.dedup();
            names.join(", ")
        };
        let (forms, paid) = (label(false), label(true));
        let both = (!forms.is_empty() && !paid.is_empty()).then_some(" · ");
        let flag = broken(day).then(|| view! { <span class="st st-risk">{icon("flag")}{t::filing::breaks(l)}</span> });
        view! { <li><span>{dates::near(l, day, v.today.day)}</span><span><b>{forms}</b>{both}
        {(!paid.is_empty()).then(|| t::filing::pay_for(l, paid))}</span><span>{flag}</span></li> }
    });
    view! { <ul class="terms dated">{rows.collect_view()}</ul> }.into_any()
}
