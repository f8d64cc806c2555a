//! A year as a map of heat.

use super::asked::Asked;
use super::bar::{Choices, Face, bar, faces};
use super::marks::Filings;
use super::month::no_table;
use crate::parts::{icon, sheet, standing};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page};
use crate::{dates, text as t};
use axum::extract::Query;
use chrono::{Datelike as _, NaiveDate};
use domain::calendar::{AGENDA_LINES, AgendaRow, DayCount};
use domain::certificate::{CertificateRow, in_sets};
use domain::client_name::short_name;
use domain::day::DaysOff;
use domain::month::Month;
use leptos::prelude::*;
use std::collections::HashMap;

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    let first = asked.month(seat.viewer.today.day);
    let counts = seat.desk.day_counts(first.first(), first.plus(11).last(), &asked.filter()).await?;
    let off = seat.desk.days_off().await?;
    let choices = Choices::of(&seat, &asked).await?;
    let filings = Filings::of(&seat, &asked, (first.first(), first.plus(11).last()), &off).await?;
    let beside = Month::parse(&asked.list).unwrap_or(first);
    let lines = seat.desk.agenda(beside.first(), beside.last(), &asked.filter(), 0, AGENDA_LINES).await?;
    let by_day: HashMap<NaiveDate, DayCount> = counts.iter().map(|c| (c.day, *c)).collect();
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let hidden = view! { <input type="hidden" name="month" value=first.to_string()/> };
        let of = Days { counts: &by_day, off: &off, filings: &filings };
        let months = (0..12).map(|n| table(v, &asked, (first, beside), first.plus(n), &of)).collect_view();
        let body = view! {
            {bar(v, &asked, &choices, "/calendar/year", hidden.into_any())}
            {no_table(v, &off, first.first())}{(first.number() > 1).then(|| no_table(v, &off, first.plus(11).first()))}
            {legend(v)}
            <div class="year-page"><div class="heat">{months}</div>{list(v, &asked, beside, &lines)}</div>
        };
        let to = |month: Month| asked.with("/calendar/year", &[("month", &month.to_string())]);
        let actions = view! {
            <nav class="monthnav" aria-label=t::calendar::months(l)>
                <a class="btn bare sq" href=to(first.minus(12)) aria-label=t::calendar::previous(l) rel="prev">
                    {icon("left")}</a>
                <a class="btn low" href=asked.with("/calendar/year", &[])>{t::nav::today(l)}</a>
                <a class="btn bare sq" href=to(first.plus(12)) aria-label=t::calendar::next(l) rel="next">
                    {icon("right")}</a>
            </nav>
            {faces(v, &asked, Face::Year)}
        };
        Sheet {
            room: Room::Calendar,
            title: t::calendar::year_from(l, dates::of_month(l, first.first())),
            hint: t::certificate::sets(l, counts.iter().map(|c| i64::from(c.total)).sum()),
            actions: actions.into_any(),
            body: body.into_any(),
        }
    }))
}

fn legend(v: &Viewer) -> AnyView {
    let l = v.lang;
    view! {
        <p class="legend" aria-hidden="true"><span>{t::calendar::heat_less(l)}" "<i class="h1"></i><i class="h2"></i>
            <i class="h3"></i><i class="h4"></i>" "{t::calendar::heat_more(l)}</span>
            <span><i class="risk"></i>" "{t::calendar::legend_late(l)}</span>
            <span><i class="tx"></i>" "{t::calendar::kind_filings(l)}</span></p>
    }
    .into_any()
}

/// What the days of the year have.
struct Days<'a> {
    counts: &'a HashMap<NaiveDate, DayCount>,
    off: &'a DaysOff,
    filings: &'a Filings,
}

/// A month of the year; its name brings its list beside the year. `shown`: the first month, and the one whose list is there.
fn table(v: &Viewer, a: &Asked, (first, beside): (Month, Month), month: Month, d: &Days) -> AnyView {
    let l = v.lang;
    let name = dates::month_title(l, month.first());
    let href = a.with("/calendar/year", &[("month", &first.to_string()), ("list", &month.to_string())]);
    let current = (month == beside).then_some("true");
    let total: u32 = d.counts.values().filter(|c| Month::of(c.day) == month).map(|c| c.total).sum();
    let weeks = month.weeks().into_iter().map(|week| {
        let days = week.into_iter().map(|day| cell(v, a, month, day, d)).collect_view();
        view! { <tr>{days}</tr> }
    });
    view! { <table><caption><b>{total}</b><a href=href aria-current=current>{name}</a></caption>
    <thead><tr>{(0..7).map(|n| view! { <th scope="col">{dates::weekday_name(l, n)}</th> }).collect_view()}</tr></thead><tbody>
    {weeks.collect_view()}</tbody></table> }
    .into_any()
}

/// Steps of heat: 1 to 2, 3 to 4, 5 to 7, 8 and more sets on a day.
fn heat(total: u32) -> &'static str {
    match total {
        0 => "",
        1..=2 => "h1",
        3..=4 => "h2",
        5..=7 => "h3",
        _ => "h4",
    }
}

fn cell(v: &Viewer, a: &Asked, month: Month, day: NaiveDate, d: &Days) -> AnyView {
    let count = d.counts.get(&day);
    let filing = d.filings.label(v.lang, day);
    if Month::of(day) != month {
        return view! { <td aria-hidden="true"></td> }.into_any();
    }
    let mut class = heat(count.map_or(0, |c| c.total)).to_owned();
    for (on, name) in [
        (count.is_none() && !d.off.is_working(day), " w"),
        (!filing.is_empty(), " tx"),
        (count.is_some_and(|c| c.late + c.risk > 0), " risk"),
        (day == v.today.day, " now"),
    ] {
        if on {
            class.push_str(name);
        }
    }
    let n = day.day();
    match count {
        None => view! { <td class=class title=(!filing.is_empty()).then_some(filing)>{n}</td> }.into_any(),
        Some(count) => {
            let (sets, day_name) =
                (t::certificate::sets(v.lang, i64::from(count.total)), dates::short(v.lang, day, v.today.day));
            let due = if filing.is_empty() { String::new() } else { format!(" · {filing}") };
            let label = format!("{day_name}: {sets}{due}");
            view! { <td class=class><a href=a.address(month, Some(day)) aria-label=label.clone() title=label>{n}</a>
            </td> }
            .into_any()
        }
    }
}

/// What ends in one month, beside the year.
fn list(v: &Viewer, a: &Asked, month: Month, lines: &[AgendaRow]) -> AnyView {
    let l = v.lang;
    let rows: Vec<CertificateRow> = lines.iter().map(|line| line.certificate.clone()).collect();
    let sets = in_sets(&rows, v.today);
    let lines = sets.iter().filter_map(|set| {
        let c = set.main()?;
        let name = set.clients().into_iter().next().map_or_else(|| c.holder.clone(), |(_, name)| name);
        let day = dates::short(l, c.life.last_day(), v.today.day);
        Some(view! {
            <li><span class="line"><time datetime=c.life.last_day().to_string()>{day}</time>
                <span class="push">{standing(l, c, v.today)}</span></span>
                <a class="cut" href=format!("/certificates/{}", c.id) title=name.clone()>{short_name(&name).into_owned()}</a></li>
        })
    });
    let whole = view! { <a class="link" href=a.address(month, None)>{t::calendar::month_view(l)}</a> };
    let body = if sets.is_empty() {
        view! { <p class="pad mute">{t::calendar::agenda_empty(l)}</p> }.into_any()
    } else {
        view! { <ul class="rows">{lines.collect_view()}</ul> }.into_any()
    };
    sheet(dates::month_title(l, month.first()), Some(sets.len()), whole.into_any(), body)
}
