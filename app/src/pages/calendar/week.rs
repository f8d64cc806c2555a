//! The page of a week: the same days as in the month, with more of each.

use super::asked::Asked;
use super::bar::{Choices, Face, bar, faces};
use super::drawn::drawn;
use super::grid::grid;
use super::marks::kinds;
use super::month::no_table;
use super::month_data::Data;
use crate::parts::icon;
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page};
use crate::{dates, text as t};
use axum::extract::Query;
use chrono::{Datelike as _, NaiveDate};
use domain::day::{minus, plus};
use leptos::prelude::*;

/// Entries of each kind in a day's cell.
const NAMES: usize = 12;

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    let monday = asked.monday(seat.viewer.today.day);
    // The month that the strip shows is the week's.
    let asked = Asked { month: String::new(), week: monday.to_string(), ..asked };
    let data =
        Data::of(&seat, &asked, vec![[0, 1, 2, 3, 4, 5, 6].map(|n| plus(monday, n))], asked.lines(NAMES)).await?;
    let choices = Choices::of(&seat, &asked).await?;
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let to = |a: &Asked, day: NaiveDate| a.with("/calendar/week", &[("week", &day.to_string())]);
        let hidden = view! { <input type="hidden" name="week" value=monday.to_string()/>
        {kinds(v, &asked, |a| to(a, monday))} };
        let drawn = drawn(v, &asked, &data);
        let body = view! {
            <div class="cal-page">
                <div class="cal">{bar(v, &asked, &choices, "/calendar/week", hidden.into_any())}
                    {super::strip::strip(v, drawn.months.clone())}{no_table(v, &data.off, monday)}{grid(v, &data, drawn.weeks.clone())}</div>
            </div>
        };
        let days = format!("{} — {}", dates::full(l, monday), dates::full(l, plus(monday, 6)));
        Sheet {
            room: Room::Calendar,
            title: t::calendar::week_title(l, monday.iso_week().week()),
            hint: days,
            actions: actions(v, &asked, &to, monday),
            body: body.into_any(),
        }
    }))
}

fn actions(v: &Viewer, a: &Asked, to: &impl Fn(&Asked, NaiveDate) -> String, monday: NaiveDate) -> AnyView {
    let l = v.lang;
    view! {
        <nav class="monthnav" aria-label=t::calendar::weeks(l)>
            <a class="btn bare sq" href=to(a, minus(monday, 7)) aria-label=t::calendar::previous_week(l) rel="prev">
                {icon("left")}</a>
            <a class="btn low" href=a.with("/calendar/week", &[])>{t::nav::today(l)}</a>
            <a class="btn bare sq" href=to(a, plus(monday, 7)) aria-label=t::calendar::next_week(l) rel="next">
                {icon("right")}</a>
        </nav>
        {faces(v, a, Face::Week)}
    }
    .into_any()
}
