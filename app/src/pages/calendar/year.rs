//! A year as a map of heat.

use super::asked::Asked;
use super::bar::{Choices, Face, bar, faces};
use super::month::no_table;
use crate::parts::icon;
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page};
use crate::{dates, text as t};
use axum::extract::Query;
use chrono::{Datelike as _, NaiveDate};
use domain::calendar::DayCount;
use domain::day::DaysOff;
use domain::month::Month;
use leptos::prelude::*;
use std::collections::HashMap;

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    let first = asked.month(seat.viewer.today.day);
    let counts = seat.desk.day_counts(first.first(), first.plus(11).last(), &asked.filter()).await?;
    let off = seat.desk.days_off().await?;
    let choices = Choices::of(&seat, &asked).await?;
    let by_day: HashMap<NaiveDate, DayCount> = counts.iter().map(|c| (c.day, *c)).collect();
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let hidden = view! { <input type="hidden" name="month" value=first.to_string()/> };
        let months = (0..12).map(|n| table(v, &asked, first.plus(n), &by_day, &off)).collect_view();
        let body = view! {
            {bar(v, &asked, &choices, "/calendar/year", hidden.into_any())}
            {no_table(v, &off, first.first())}{(first.number() > 1).then(|| no_table(v, &off, first.plus(11).first()))}
            {legend(v)}
            <div class="heat">{months}</div>
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
            <span><i class="risk"></i>" "{t::calendar::legend_late(l)}</span></p>
    }
    .into_any()
}

fn table(v: &Viewer, a: &Asked, month: Month, counts: &HashMap<NaiveDate, DayCount>, off: &DaysOff) -> AnyView {
    let l = v.lang;
    let name = dates::month_title(l, month.first());
    let total: u32 = counts.values().filter(|c| Month::of(c.day) == month).map(|c| c.total).sum();
    let weeks = month.weeks().into_iter().map(|week| {
        let days = week.into_iter().map(|day| cell(v, a, month, day, counts.get(&day), off)).collect_view();
        view! { <tr>{days}</tr> }
    });
    view! { <table><caption><b>{total}</b><a href=a.address(month, None)>{name}</a></caption><tbody>
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

fn cell(v: &Viewer, a: &Asked, month: Month, day: NaiveDate, count: Option<&DayCount>, off: &DaysOff) -> AnyView {
    if Month::of(day) != month {
        return view! { <td aria-hidden="true"></td> }.into_any();
    }
    let mut class = heat(count.map_or(0, |c| c.total)).to_owned();
    for (on, name) in [
        (count.is_none() && !off.is_working(day), " w"),
        (count.is_some_and(|c| c.late + c.risk > 0), " risk"),
        (day == v.today.day, " now"),
    ] {
        if on {
            class.push_str(name);
        }
    }
    let n = day.day();
    match count {
        None => view! { <td class=class>{n}</td> }.into_any(),
        Some(count) => {
            let label = format!(
                "{}: {}",
                dates::short(v.lang, day, v.today.day),
                t::certificate::sets(v.lang, i64::from(count.total))
            );
            view! { <td class=class><a href=a.address(month, Some(day)) aria-label=label.clone() title=label>{n}</a>
            </td> }
            .into_any()
        }
    }
}
