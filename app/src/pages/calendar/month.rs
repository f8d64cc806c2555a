//! The page of a month.

use super::asked::Asked;
use super::bar::{Choices, Face, bar, faces};
use super::kind::Kind;
use super::marks::{Filings, kinds};
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
use std::sync::Arc;

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    let (desk, today) = (&seat.desk, seat.viewer.today.day);
    let (month, filter) = (asked.month(today), asked.filter());
    let (from, to) = month.shown();
    let days = if asked.shows(Kind::Ends) { desk.month(from, to, &filter).await? } else { Arc::default() };
    let panel = match asked.opened() {
        Some(day) => Some((day, desk.day(day, &filter).await?)),
        None => None,
    };
    let first = strip::first(month, today);
    let counts = desk.day_counts(first.first(), first.plus(11).last(), &filter).await?;
    let off = desk.days_off().await?;
    let span = (from.min(first.first()), to.max(first.plus(11).last()));
    let filings = Filings::of(&seat, &asked, span, &off).await?;
    let due = if asked.shows(Kind::Tasks) { desk.due_counts(from, to, &filter).await? } else { Arc::default() };
    let grounds =
        if asked.shows(Kind::Grounds) { desk.grounds_ending(from, to, filter.client).await? } else { Arc::default() };
    let data = Data { month, days, panel, off, strip: (first, counts), filings, due, grounds };
    let choices = Choices::of(&seat, &asked).await?;
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let hidden = view! { <input type="hidden" name="month" value=month.to_string()/>{kinds(v, &asked, month)} };
        let body = view! {
            <div class="cal-page">
                <div class="cal">{bar(v, &asked, &choices, "/calendar", hidden.into_any())}
                    {strip::strip(v, &asked, &data)}
                    {no_table(v, &data.off, month.first())}{grid::grid(v, &asked, &data)}</div>
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
