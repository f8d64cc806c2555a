//! The next days that matter to everybody: filings with the number of clients, days off.

use crate::pages::calendar::holiday;
use crate::parts::sheet;
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::day::{DaysOff, plus};
use domain::filing::{Filing, filing_days};
use leptos::prelude::*;
use std::collections::HashMap;

/// Days ahead, and lines at most.
const AHEAD: u64 = 45;
const LINES: usize = 7;

pub fn terms(v: &Viewer, filings: &[Filing], counts: &HashMap<String, i64>, off: &DaysOff) -> AnyView {
    let (l, today) = (v.lang, v.today.day);
    let until = plus(today, AHEAD);
    let due = filing_days(filings, |code| counts.contains_key(code), (today, until), off);
    let mut days: Vec<_> = due.iter().map(|d| d.day).chain(off.0.range(today..=until).map(|(day, _)| *day)).collect();
    days.sort_unstable();
    days.dedup();
    let lines = days.into_iter().take(LINES).map(|day| {
        let on: Vec<_> = due.iter().filter(|d| d.day == day).collect();
        let label = |payment: bool| {
            let mut names: Vec<String> =
                on.iter().filter(|d| d.payment == payment).map(|d| words::filing_label(l, filings, &d.code)).collect();
            names.dedup();
            names.join(", ")
        };
        let (forms, paid) = (label(false), label(true));
        let most = on.iter().filter_map(|d| counts.get(&d.code)).max().copied();
        let free = holiday(l, off, day);
        let href = format!("/calendar?day={day}");
        view! {
            <li><span>{dates::near(l, day, today)}</span>
                <a href=href>{(!forms.is_empty()).then(|| view! { <b>{forms.clone()}</b> })}
                    {(!forms.is_empty() && !paid.is_empty()).then_some(" · ")}
                    {(!paid.is_empty()).then(|| t::filing::pay_for(l, &paid))}{free.clone()}</a>
                <span class="mute num">{most.map(|n| t::client::few(l, n))}
                    {(most.is_none() && free.is_some()).then(|| t::calendar::legend_off(l))}</span></li>
        }
    });
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        return ().into_any();
    }
    sheet(t::today::terms(l), None, ().into_any(), view! { <ul class="terms">{lines}</ul> }.into_any())
}
