//! The grid of a month.

use super::asked::Asked;
use super::month::Data;
use crate::islands::MonthKeys;
use crate::parts::icon;
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use chrono::{Datelike as _, NaiveDate, Weekday};
use domain::calendar::{CalendarEntry, DayEnds, Month};
use domain::client::short_name;
use domain::day::DaysOff;
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
    let weeks = d.month.weeks().into_iter().map(|week| {
        let number = week.first().map_or(0, |monday| monday.iso_week().week());
        let days = week.into_iter().map(|day| cell(v, a, d, day)).collect_view();
        view! { <tr><th class="wk" scope="row" aria-label=t::today::week(l, number)>{number}</th>{days}</tr> }
    });
    let caption = t::calendar::caption(l, dates::month_title(l, d.month.first()));
    view! {
        <table class="month" aria-describedby="month-keys"><caption class="sr">{caption}</caption>
            <colgroup><col class="wk"/><col span="5"/><col class="we" span="2"/></colgroup>
            <thead><tr><th class="wk" scope="col"><span class="sr">{t::calendar::week(l)}</span></th>{heads}</tr></thead>
            <tbody>{weeks.collect_view()}</tbody>
        </table>
        <p class="sr" id="month-keys">{t::calendar::keys(l)}</p>
        <MonthKeys/>
    }
    .into_any()
}

fn cell(v: &Viewer, a: &Asked, d: &Data, day: NaiveDate) -> AnyView {
    let l = v.lang;
    let ends = d.days.get(&day);
    let name_of_holiday = holiday(l, &d.off, day);
    let off = name_of_holiday.is_some() || matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let out = Month::of(day) != d.month;
    let mut class = String::new();
    for (on, name) in [(off, "off "), (out, "out "), (day == v.today.day, "now "), (a.opened() == Some(day), "sel ")] {
        if on {
            class.push_str(name);
        }
    }
    let href = a.address(d.month, Some(day));
    let label = if out && day.day() == 1 { dates::short(l, day, v.today.day) } else { day.day().to_string() };
    let total = ends.map_or(0, DayEnds::total);
    let chips = ends.map(|e| e.first.iter().map(|e| chip(l, e)).collect_view());
    let more = i64::from(total) - i64::try_from(ends.map_or(0, |e| e.first.len())).unwrap_or(0);
    let more_href = href.clone();
    let aria = format!("{label}, {}: {}", dates::day_title(l, day), t::certificate::sets(l, i64::from(total)));
    view! {
        <td class=class>
            <div class="hd"><a class="n" id=format!("d-{day}") href=href aria-label=aria aria-current=(day == v.today.day).then_some("date")><time datetime=day.to_string()>{label}</time></a>
                {name_of_holiday.map(|h| view! { <span class="hol">{h}</span> })}{ends.filter(|_| more > 0).map(|e| counts(l, e))}</div>
            <ul class="chips">{chips}
                {(more > 0).then(|| view! { <li><a class="chip more" href=more_href><span>{t::calendar::more(l, more)}</span></a></li> })}</ul>
        </td>
    }
    .into_any()
}

/// How many ends of each urgency, where there are more than the names show.
fn counts(l: Lang, ends: &DayEnds) -> AnyView {
    let parts = Urgency::ALL.iter().zip(ends.counts).filter(|(_, n)| *n > 0).map(|(u, n)| {
        let (class, title) = (format!("n-{}", u.code()), words::urgency(l, *u));
        view! { <span class=class title=title>{n}</span> }
    });
    view! { <span class="counts">{parts.collect_view()}</span> }.into_any()
}

fn chip(l: Lang, e: &CalendarEntry) -> AnyView {
    let (class, name) = match e.urgency {
        _ if e.replaced => ("chip done", "check"),
        _ if e.typed => ("chip none", "what"),
        Urgency::Late => ("chip late", "x"),
        Urgency::Week => ("chip week", "hour"),
        Urgency::Month => ("chip mon", "dot"),
        Urgency::Calm => ("chip calm", ""),
    };
    let href = format!("/certificates/{}", e.certificate);
    let word = if e.replaced { t::standing::replaced(l) } else { words::urgency(l, e.urgency) };
    let typed = if e.typed { format!(" · {}", t::calendar::typed(l)) } else { String::new() };
    let title = format!("{}: {} · {word}{typed}", e.client, e.holder);
    let text = short_name(&e.client).to_owned();
    view! { <li><a class=class href=href title=title>{(!name.is_empty()).then(|| icon(name))}<span>{text}</span></a></li> }
        .into_any()
}
