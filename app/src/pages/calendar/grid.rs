//! The grid of a month or a week. Its cells are written by hand: they are most of the page that is opened most.

use super::asked::Asked;
use super::entries::{chip, link, power, task};
use super::month_data::Data;
use crate::islands::{DayMoves, MonthKeys};
use crate::parts::Html;
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use chrono::{Datelike as _, NaiveDate, Weekday};
use domain::access::Action;
use domain::calendar::{DayEnds, DayTasks};
use domain::day::DaysOff;
use domain::person::Lang;
use domain::standing::Urgency;
use leptos::prelude::*;
use std::sync::Arc;

/// The name of a day off in the reader's language.
pub fn holiday(l: Lang, off: &DaysOff, day: NaiveDate) -> Option<String> {
    off.0.get(&day).map(|names| words::of_three(l, names))
}

pub fn grid(v: &Viewer, d: &Data, weeks: Arc<str>) -> AnyView {
    let l = v.lang;
    let moves = v.may(Action::WorkTask).then(|| {
        let back = crate::shell::plain(&v.here);
        view! { <DayMoves help=t::calendar::move_help(l).to_owned() back/> }
    });
    let heads = (0..7).map(|n| view! { <th scope="col">{dates::weekday_name(l, n)}</th> }).collect_view();
    let caption = t::calendar::caption(l, dates::month_title(l, d.month.first()));
    view! {
        <table class=if d.weeks.len() == 1 { "month week" } else { "month" } aria-describedby="month-keys"><caption class="sr">{caption}</caption>
            <colgroup><col class="wk"/><col span="5"/><col class="we" span="2"/></colgroup>
            <thead><tr><th class="wk" scope="col"><span class="sr">{t::calendar::week(l)}</span></th>{heads}</tr>
                </thead>
            <tbody inner_html=weeks></tbody>
        </table>
        <p class="sr" id="month-keys">{t::calendar::keys(l)}</p>
        <MonthKeys/>{moves}
    }
    .into_any()
}

/// The rows of the grid.
pub fn weeks(v: &Viewer, a: &Asked, d: &Data) -> String {
    let mut html = Html::with_room(24 * 1024);
    for week in &d.weeks {
        let number = week.first().map_or(0, |monday| monday.iso_week().week());
        html.raw("<tr><th class=\"wk\" scope=\"row\" aria-label=\"").text(t::today::week(v.lang, number)).raw("\">");
        html.text(number).raw("</th>");
        for &day in week {
            cell(&mut html, v, a, d, day);
        }
        html.raw("</tr>");
    }
    html.done()
}

fn cell(html: &mut Html, v: &Viewer, a: &Asked, d: &Data, day: NaiveDate) {
    let l = v.lang;
    let ends = d.ends(day);
    let total = ends.map_or(0, DayEnds::total);
    let href = a.address(d.month, Some(day));
    html.raw("<td class=\"");
    marks(html, v, a, d, day);
    html.raw("\" data-day=\"").text(day).raw("\"><div class=\"hd\">");
    if d.weeks.len() == 1 {
        let name = dates::weekday_name(l, day.weekday().num_days_from_monday());
        html.raw("<span class=\"wd\" aria-hidden=\"true\">").text(name).raw("</span>");
    }
    number(html, v, d, day, &href, total);
    if let Some(name) = holiday(l, &d.off, day) {
        html.raw("<span class=\"hol\">").text(name).raw("</span>");
    }
    tax(html, l, d, day);
    let shown = ends.map_or(&[][..], |e| e.first.as_slice());
    let more = i64::from(total) - i64::try_from(shown.len()).unwrap_or(0);
    if let Some(ends) = ends.filter(|_| more > 0) {
        counts(html, l, ends);
    }
    html.raw("</div><ul class=\"chips\">");
    for entry in shown {
        chip(html, l, entry, v.today);
    }
    if more > 0 {
        link(html, "more", &href, &t::calendar::more(l, more));
    }
    for ground in d.grounds(day) {
        power(html, l, ground, v.today);
    }
    if let Some(due) = d.tasks(day) {
        tasks(html, v, d, due, &href);
    }
    html.raw("</ul>");
    if v.may(Action::WorkTask) && day >= v.today.day {
        let label = t::calendar::add_task(l, dates::short(l, day, v.today.day));
        html.raw("<a class=\"add\" href=\"/tasks/new?due=").text(day).raw("\" title=\"").text(&label);
        html.raw("\" aria-label=\"").text(&label).raw("\">+</a>");
    }
    html.raw("</td>");
}

/// The tasks of a day: all that have room, or one line less and how many more there are.
fn tasks(html: &mut Html, v: &Viewer, d: &Data, due: &DayTasks, href: &str) {
    let total = usize::try_from(due.total).unwrap_or(usize::MAX);
    let shown = if total > d.lines { d.lines - 1 } else { d.lines };
    for entry in due.first.iter().take(shown) {
        task(html, v.lang, entry, v.may(Action::WorkTask));
    }
    let more = total.saturating_sub(shown);
    if more > 0 {
        link(html, "more tasks", href, &t::calendar::tasks_more(v.lang, i64::try_from(more).unwrap_or(i64::MAX)));
    }
}

/// What kind of day it is, as the classes of its cell.
fn marks(html: &mut Html, v: &Viewer, a: &Asked, d: &Data, day: NaiveDate) {
    let off = holiday(v.lang, &d.off, day).is_some() || matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let taxed = !d.filings.label(v.lang, day).is_empty();
    for (on, name) in [
        (off, "off "),
        (d.is_outside(day), "out "),
        (day == v.today.day, "now "),
        (a.opened() == Some(day), "sel "),
        (taxed, "end "),
        (!taxed && d.filings.runs(day), "run "),
    ] {
        if on {
            html.raw(name);
        }
    }
}

/// The number of the day, which opens it.
fn number(html: &mut Html, v: &Viewer, d: &Data, day: NaiveDate, href: &str, total: u32) {
    let l = v.lang;
    let first_outside = d.is_outside(day) && day.day() == 1;
    let label = if first_outside { dates::short(l, day, day) } else { day.day().to_string() };
    html.raw("<a class=\"n\" id=\"d-").text(day).raw("\" href=\"").text(href).raw("\" aria-label=\"");
    html.text(&label).raw(", ").text(dates::day_title(l, day)).raw(": ");
    html.text(t::certificate::sets(l, i64::from(total)));
    html.raw(if day == v.today.day { "\" aria-current=\"date\">" } else { "\">" });
    html.raw("<time datetime=\"").text(day).raw("\">").text(&label).raw("</time></a>");
}

/// The filings and payments of the day.
fn tax(html: &mut Html, l: Lang, d: &Data, day: NaiveDate) {
    let label = d.filings.label(l, day);
    if !label.is_empty() {
        let lines = d.filings.lines(l, day).into_iter();
        let whole: Vec<String> = lines.map(|(_, name, n)| format!("{name}: {}", t::client::count(l, n))).collect();
        html.raw("<span class=\"tax\" title=\"").text(whole.join("; ")).raw("\">").text(&label).raw("</span>");
    }
}

/// How many ends of each urgency, where there are more than the names show.
fn counts(html: &mut Html, l: Lang, ends: &DayEnds) {
    html.raw("<span class=\"counts\">");
    for (urgency, n) in Urgency::ALL.iter().zip(ends.counts).filter(|(_, n)| *n > 0) {
        html.raw("<span class=\"n-")
            .text(urgency.code())
            .raw("\" title=\"")
            .text(words::urgency(l, *urgency))
            .raw("\">");
        html.text(n).raw("</span>");
    }
    html.raw("</span>");
}
