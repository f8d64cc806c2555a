//! The grid of a month. Its cells are written by hand: they are most of the page that is opened most.

use super::asked::Asked;
use super::month_data::Data;
use crate::islands::MonthKeys;
use crate::parts::{Html, icon_address, risk_reason};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use chrono::{Datelike as _, NaiveDate, Weekday};
use domain::calendar::{CalendarEntry, DayEnds};
use domain::client::short_name;
use domain::day::{DaysOff, OfficeDay};
use domain::ground::Ground;
use domain::month::Month;
use domain::person::Lang;
use domain::standing::Urgency;
use leptos::prelude::*;

/// The name of a day off in the reader's language.
pub fn holiday(l: Lang, off: &DaysOff, day: NaiveDate) -> Option<String> {
    off.0.get(&day).map(|names| words::of_three(l, names))
}

pub fn grid(v: &Viewer, a: &Asked, d: &Data) -> AnyView {
    let l = v.lang;
    let heads = (0..7).map(|n| view! { <th scope="col">{dates::weekday_name(l, n)}</th> }).collect_view();
    let caption = t::calendar::caption(l, dates::month_title(l, d.month.first()));
    view! {
        <table class="month" aria-describedby="month-keys"><caption class="sr">{caption}</caption>
            <colgroup><col class="wk"/><col span="5"/><col class="we" span="2"/></colgroup>
            <thead><tr><th class="wk" scope="col"><span class="sr">{t::calendar::week(l)}</span></th>{heads}</tr>
                </thead>
            <tbody inner_html=weeks(v, a, d)></tbody>
        </table>
        <p class="sr" id="month-keys">{t::calendar::keys(l)}</p>
        <MonthKeys/>
    }
    .into_any()
}

fn weeks(v: &Viewer, a: &Asked, d: &Data) -> String {
    let mut html = Html::with_room(24 * 1024);
    for week in d.month.weeks() {
        let number = week.first().map_or(0, |monday| monday.iso_week().week());
        html.raw("<tr><th class=\"wk\" scope=\"row\" aria-label=\"").text(t::today::week(v.lang, number)).raw("\">");
        html.text(number).raw("</th>");
        for day in week {
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
    html.raw("\"><div class=\"hd\">");
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
    if d.due(day) > 0 {
        link(html, "task", &href, &t::task::count(l, d.due(day)));
    }
    html.raw("</ul></td>");
}

/// What kind of day it is, as the classes of its cell.
fn marks(html: &mut Html, v: &Viewer, a: &Asked, d: &Data, day: NaiveDate) {
    let off = holiday(v.lang, &d.off, day).is_some() || matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let taxed = !d.filings.label(v.lang, day).is_empty();
    for (on, name) in [
        (off, "off "),
        (Month::of(day) != d.month, "out "),
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
    let first_outside = Month::of(day) != d.month && day.day() == 1;
    let label = if first_outside { dates::short(l, day, v.today.day) } else { day.day().to_string() };
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

fn link(html: &mut Html, kind: &'static str, href: &str, text: &str) {
    html.raw("<li><a class=\"chip ").raw(kind).raw("\" href=\"").text(href).raw("\"><span>").text(text);
    html.raw("</span></a></li>");
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

/// A power of attorney that ends on this day.
fn power(html: &mut Html, l: Lang, g: &Ground, today: OfficeDay) {
    let class = match g.urgency(today) {
        Urgency::Late => "chip late",
        Urgency::Risk | Urgency::Week => "chip week",
        Urgency::Month | Urgency::Calm => "chip calm",
    };
    html.raw("<li><a class=\"").raw(class).raw("\" href=\"/clients/").text(g.client.0).raw("#grounds\" title=\"");
    html.text(&g.client.1).raw(": ").text(t::ground::ends(l)).raw(" · № ").text(&g.said.number);
    html.raw("\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"")
        .text(icon_address("lock"))
        .raw("\"></use></svg><span>");
    html.text(short_name(&g.client.1)).raw("</span></a></li>");
}

fn chip(html: &mut Html, l: Lang, e: &CalendarEntry, today: OfficeDay) {
    let (class, icon) = match e.urgency {
        _ if e.replaced => ("chip done", "check"),
        _ if e.typed => ("chip none", "what"),
        Urgency::Late => ("chip late", "x"),
        Urgency::Risk => ("chip risk", "flag"),
        Urgency::Week => ("chip week", "hour"),
        Urgency::Month => ("chip mon", "dot"),
        Urgency::Calm => ("chip calm", ""),
    };
    let word = match (&e.threat, e.urgency) {
        _ if e.replaced => t::standing::replaced(l).to_owned(),
        (Some(threat), Urgency::Risk) => risk_reason(l, threat, e.day, today),
        (_, urgency) => words::urgency(l, urgency).to_owned(),
    };
    html.raw("<li><a class=\"").raw(class).raw("\" href=\"/certificates/").text(e.certificate).raw("\" title=\"");
    html.text(&e.client).raw(": ").text(&e.holder).raw(" · ").text(word);
    if e.typed {
        html.raw(" · ").text(t::calendar::typed(l));
    }
    html.raw("\">");
    if !icon.is_empty() {
        html.raw("<svg class=\"i\" aria-hidden=\"true\"><use href=\"").text(icon_address(icon)).raw("\"></use></svg>");
    }
    html.raw("<span>").text(short_name(&e.client)).raw("</span></a></li>");
}
