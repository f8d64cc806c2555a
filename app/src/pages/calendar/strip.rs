//! Twelve months at a glance: bars of weeks, the unusable in red.

use super::asked::Asked;
use super::month_data::Data;
use crate::parts::Html;
use crate::seat::Viewer;
use crate::{dates, text as t};
use chrono::NaiveDate;
use domain::calendar::DayCount;
use domain::month::Month;
use leptos::prelude::*;
use std::sync::Arc;

/// Height of the tallest bar, in pixels of the drawing.
const TALL: f64 = 26.0;

/// The first month: the one before today's, or before the month that is shown, where that is not within the year.
pub fn first(shown: Month, today: NaiveDate) -> Month {
    let usual = Month::of(today).previous();
    if shown >= usual && shown <= usual.plus(11) { usual } else { shown.previous() }
}

#[derive(Clone, Copy, Default)]
struct Bar {
    total: u32,
    late: u32,
    risk: u32,
    /// A filing that stops somebody is due in its week.
    filing: bool,
}

/// The bars of a month: one for each week that has days in it.
fn bars(month: Month, counts: &[DayCount]) -> Vec<Bar> {
    let start = counts.partition_point(|c| c.day < month.first());
    let own = counts.get(start..).unwrap_or_default().iter().take_while(|c| c.day <= month.last());
    let mut bars = vec![Bar::default(); month.weeks().len()];
    for c in own {
        let week = usize::try_from(month.week_of(c.day)).unwrap_or(0);
        if let Some(bar) = bars.get_mut(week) {
            bar.total += c.total;
            bar.late += c.late;
            bar.risk += c.risk;
        }
    }
    bars
}

/// The strip around its months.
pub fn strip(v: &Viewer, months: Arc<str>) -> AnyView {
    view! { <ol class="year" aria-label=t::calendar::strip(v.lang) inner_html=months></ol> }.into_any()
}

/// The twelve months of the strip.
pub fn months(v: &Viewer, a: &Asked, d: &Data) -> String {
    let l = v.lang;
    let (first, counts) = &d.strip;
    let marked = |month: Month| {
        let mut bars = bars(month, counts);
        for (bar, week) in bars.iter_mut().zip(month.weeks()) {
            let within = |day: &&NaiveDate| Month::of(**day) == month;
            let (from, to) = (week.iter().find(within), week.iter().rfind(within));
            bar.filing = from.zip(to).is_some_and(|(from, to)| d.filings.stops_within(*from, *to));
        }
        bars
    };
    let months: Vec<(Month, Vec<Bar>)> = (0..12).map(|n| first.plus(n)).map(|m| (m, marked(m))).collect();
    let most = months.iter().flat_map(|(_, bars)| bars).map(|b| b.total).max().unwrap_or(0).max(1);
    let today = Month::of(v.today.day);
    let mut html = Html::with_room(8 * 1024);
    for (month, bars) in &months {
        let total: u32 = bars.iter().map(|b| b.total).sum();
        html.raw(if *month < today { "<li class=\"past\"><a href=\"" } else { "<li><a href=\"" });
        html.text(a.address(*month, None)).raw("\" title=\"").text(dates::month_title(l, month.first())).raw(": ");
        html.text(t::certificate::sets(l, i64::from(total)));
        html.raw(if *month == d.month { "\" aria-current=\"true\">" } else { "\">" });
        drawing(&mut html, bars, most);
        html.raw("<span>").text(dates::month_name(l, month.first())).raw("<span class=\"num\">").text(total);
        html.raw("</span></span></a></li>");
    }
    html.done()
}

fn drawing(html: &mut Html, bars: &[Bar], most: u32) {
    let slot = 100.0 / f64::from(u32::try_from(bars.len().max(1)).unwrap_or(1));
    html.raw("<svg aria-hidden=\"true\">");
    for (n, bar) in bars.iter().enumerate() {
        let x = slot * (f64::from(u32::try_from(n).unwrap_or(0)) + 0.12);
        if bar.filing {
            html.raw("<line x1=\"").text(format_args!("{x:.1}%")).raw("\" x2=\"");
            html.text(format_args!("{:.1}%", x + slot * 0.76)).raw("\" y1=\"29\" y2=\"29\"/>");
        }
        if bar.total == 0 {
            continue;
        }
        let mut rect = |kind: &'static str, part: u32| {
            // The least bar is a pixel high: one set must not vanish beside a thousand.
            let height = (TALL * f64::from(part) / f64::from(most)).max(1.0);
            html.raw("<rect").raw(kind).raw(" x=\"").text(format_args!("{x:.1}%")).raw("\" y=\"");
            html.text(format_args!("{:.1}", TALL - height)).raw("\" width=\"");
            html.text(format_args!("{:.1}%", slot * 0.76)).raw("\" height=\"");
            html.text(format_args!("{height:.1}")).raw("\"/>");
        };
        rect("", bar.total);
        if bar.late + bar.risk > 0 {
            rect(" class=\"risk\"", bar.late + bar.risk);
        }
    }
    html.raw("</svg>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_of_a_month_stands_in_one_bar_of_its_week() {
        let d = |s: &str| s.parse::<NaiveDate>().unwrap();
        let counts = [
            ("2027-02-28", 9),
            ("2027-03-01", 1),
            ("2027-03-07", 2),
            ("2027-03-08", 4),
            ("2027-03-31", 8),
            ("2027-04-01", 16),
        ]
        .map(|(day, total)| DayCount { day: d(day), total, late: 0, risk: 0 });
        let bars = bars(Month::parse("2027-03").unwrap(), &counts);
        assert_eq!(bars.iter().map(|b| b.total).collect::<Vec<_>>(), [3, 4, 0, 0, 8]);
    }

    #[test]
    fn the_strip_holds_the_month_that_is_shown() {
        let m = |s: &str| Month::parse(s).unwrap();
        let today = "2027-03-03".parse().unwrap();
        assert_eq!(first(m("2027-03"), today), m("2027-02"));
        assert_eq!(first(m("2028-01"), today), m("2027-02"));
        assert_eq!(first(m("2028-02"), today), m("2028-01"));
        assert_eq!(first(m("2026-12"), today), m("2026-11"));
    }
}
