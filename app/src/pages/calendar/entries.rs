//! The entries of a day's cell: ends, powers of attorney, tasks. Written by hand like the grid.

use crate::parts::{Html, icon_address, risk_reason};
use crate::{dates, text as t, words};
use domain::calendar::{CalendarEntry, DayTask};
use domain::client_name::{end_to_keep, short_name};
use domain::day::OfficeDay;
use domain::ground::Ground;
use domain::person::Lang;
use domain::standing::Urgency;

/// An entry that only leads on.
pub fn link(html: &mut Html, kind: &'static str, href: &str, text: &str) {
    html.raw("<li><a class=\"chip ").raw(kind).raw("\" href=\"").text(href).raw("\"><span>").text(text);
    html.raw("</span></a></li>");
}

/// A client, cut in the middle where the chip is narrow.
fn name(html: &mut Html, client: &str) {
    let short = short_name(client);
    match end_to_keep(&short) {
        None => html.raw("<span>").text(short).raw("</span>"),
        Some((start, end)) => {
            html.raw("<span class=\"mid\"><span>").text(start).raw("</span><span>").text(end).raw("</span></span>")
        }
    };
}

/// A task: with its time where one is agreed. `movable` where the reader may give it another day.
pub fn task(html: &mut Html, l: Lang, e: &DayTask, movable: bool) {
    let time = e.at.map(dates::time);
    let what =
        time.as_ref().map_or_else(|| t::calendar::due_here(l).to_owned(), |time| t::calendar::agreed_at(l, time));
    html.raw("<li><a class=\"chip task\" href=\"/tasks/").text(e.task).raw("\" title=\"").text(&e.client).raw(": ");
    html.text(what).raw("\"");
    if movable {
        // A task may stand twice: where it is agreed, and where it is due.
        html.raw(if time.is_some() { " id=\"a-" } else { " id=\"t-" }).text(e.task);
        html.raw("\" draggable=\"true\" data-task=\"").text(e.task).raw("\" data-rev=\"").text(e.revision).raw("\"");
        if let Some(time) = &time {
            html.raw(" data-at=\"").text(time).raw("\"");
        }
    }
    html.raw(">");
    match &time {
        Some(time) => html.raw("<time>").text(time).raw("</time>"),
        None => html
            .raw("<svg class=\"i\" aria-hidden=\"true\"><use href=\"")
            .text(icon_address("board"))
            .raw("\"></use></svg>"),
    };
    name(html, &e.client);
    html.raw("</a></li>");
}

/// A power of attorney that ends on this day.
pub fn power(html: &mut Html, l: Lang, g: &Ground, today: OfficeDay) {
    let class = match g.urgency(today) {
        Urgency::Late => "chip late",
        Urgency::Risk | Urgency::Week => "chip week",
        Urgency::Month | Urgency::Calm => "chip calm",
    };
    html.raw("<li><a class=\"").raw(class).raw("\" href=\"/clients/").text(g.client.0).raw("#grounds\" title=\"");
    html.text(&g.client.1).raw(": ").text(t::ground::ends(l)).raw(" · № ").text(&g.said.number);
    html.raw("\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"").text(icon_address("lock")).raw("\"></use></svg>");
    name(html, &g.client.1);
    html.raw("</a></li>");
}

/// An end.
pub fn chip(html: &mut Html, l: Lang, e: &CalendarEntry, today: OfficeDay) {
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
    name(html, &e.client);
    html.raw("</a></li>");
}
