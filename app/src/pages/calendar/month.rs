//! The page of a month.

use super::asked::Asked;
use super::bar::{Choices, Face, bar, faces};
use super::drawn::drawn;
use super::marks::kinds;
use super::month_data::Data;
use super::{day, grid, strip};
use crate::parts::icon;
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page};
use crate::{dates, text as t};
use axum::extract::Query;
use chrono::NaiveDate;
use domain::access::Action;
use domain::day::DaysOff;
use domain::month::Month;
use leptos::prelude::*;

/// Entries of each kind in a day's cell.
const NAMES: usize = 3;

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    let (month, filter) = (asked.month(seat.viewer.today.day), asked.filter());
    let mut data = Data::of(&seat, &asked, month.weeks(), asked.lines(NAMES)).await?;
    if let Some(day) = asked.opened() {
        data.panel = Some((day, seat.desk.day(day, &filter).await?));
    }
    let choices = Choices::of(&seat, &asked).await?;
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let hidden = view! { <input type="hidden" name="month" value=month.to_string()/>{kinds(v, &asked, |a| a.address(month, a.opened()))} };
        let drawn = drawn(v, &asked, &data);
        let body = view! {
            <div class="cal-page">
                <div class="cal">{bar(v, &asked, &choices, "/calendar", hidden.into_any())}
                    {strip::strip(v, drawn.months.clone())}
                    {no_table(v, &data.off, month.first())}{grid::grid(v, &data, drawn.weeks.clone())}</div>
                {data.panel.as_ref().map(|(day, panel)| day::drawer(v, &asked, &data, *day, panel))}
            </div>
        };
        Sheet {
            room: Room::Calendar,
            title: dates::month_title(l, month.first()),
            hint: String::new(),
            actions: actions(v, &asked, month),
            body: body.into_any(),
        }
    }))
}

fn actions(v: &Viewer, a: &Asked, month: Month) -> AnyView {
    let l = v.lang;
    view! {
        <nav class="monthnav" aria-label=t::calendar::months(l)>
            <a class="btn bare sq" href=a.address(month.previous(), None) aria-label=t::calendar::previous(l)
                rel="prev">{icon("left")}</a>
            <a class="btn low" href=a.address(Month::of(v.today.day), None)>{t::nav::today(l)}</a>
            <a class="btn bare sq" href=a.address(month.next(), None) aria-label=t::calendar::next(l) rel="next">
                {icon("right")}</a>
        </nav>
        {faces(v, a, Face::Month)}
    }
    .into_any()
}

/// Says that a year has no table of holidays.
pub fn no_table(v: &Viewer, off: &DaysOff, day: NaiveDate) -> AnyView {
    use chrono::Datelike as _;
    if off.knows(day.year()) {
        return ().into_any();
    }
    let l = v.lang;
    let way = v.may(Action::Settings).then(|| {
        view! { " "<a class="link" href=format!("/office/days?year={}", day.year())>
        {t::calendar::to_days_off(l)}</a> }
    });
    view! { <p class="hint no-table" role="note">{t::calendar::no_table(l, day.year())}{way}</p> }.into_any()
}
