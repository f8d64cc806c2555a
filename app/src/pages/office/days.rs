//! The table of days off, by year.

use crate::form::{Fault, day, field, optional};
use crate::pages::office::moves::Moves;
use crate::parts::{icon, note, sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{dates, text as t, words};
use axum::extract::{Form, Query};
use axum::http::StatusCode;
use chrono::{Datelike as _, NaiveDate, Weekday};
use domain::access::Action;
use domain::day::DaysOff;
use domain::refusal::Refusal;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    year: Option<i32>,
    /// A day to try out: what would move.
    day: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    day: String,
    name_ru: String,
    name_kk: String,
    name_en: String,
    year: i32,
}

fn owner(seat: &Seat) -> Result<(), Refusal> {
    if seat.viewer.may(Action::Settings) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    owner(&seat)?;
    let year = asked.year.filter(|y| (1990..2200).contains(y)).unwrap_or(seat.viewer.today.day.year());
    let typed = Typed { year, day: asked.day.clone(), ..Typed::default() };
    let off = seat.desk.days_off().await?;
    let moves = match asked.day.parse() {
        Ok(day) => Some(Moves::of(&seat, day, &off).await?),
        Err(_) => None,
    };
    Ok(view(&seat.viewer, StatusCode::OK, &off, &typed, &Fault::default(), moves.as_ref()))
}

pub async fn add(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    owner(&seat)?;
    let done = async {
        let day = day("day", &typed.day)?;
        let name = [
            optional("name_ru", &typed.name_ru, 80)?,
            optional("name_kk", &typed.name_kk, 80)?,
            optional("name_en", &typed.name_en, 80)?,
        ];
        seat.desk.set_day_off(day, name).await.map(|()| day.year())
    };
    match done.await {
        Ok(year) => Ok(back_to(&format!("/office/days?year={year}"), "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            Ok(view(
                &seat.viewer,
                StatusCode::UNPROCESSABLE_ENTITY,
                &*seat.desk.days_off().await?,
                &typed,
                &fault,
                None,
            ))
        }
    }
}

pub async fn remove(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    owner(&seat)?;
    let day = day("day", &typed.day)?;
    seat.desk.remove_day_off(day).await?;
    Ok(back_to(&format!("/office/days?year={}", day.year()), "saved", None))
}

fn view(
    v: &Viewer,
    status: StatusCode,
    off: &DaysOff,
    typed: &Typed,
    fault: &Fault,
    moves: Option<&Moves>,
) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let year = typed.year;
        let years = [year - 1, year, year + 1].map(
            |y| view! { <a href=format!("/office/days?year={y}") aria-current=(y == year).then_some("page")>{y}</a> },
        );
        let rows: Vec<(&NaiveDate, &[String; 3])> = off.0.iter().filter(|(day, _)| day.year() == year).collect();
        let lines = rows.iter().map(|(day, names)| line(v, **day, names)).collect_view();
        let add = view! {
            <form class="pad form1" method="post" action="/office/days"><input type="hidden" name="year" value=year/>
                {field("day", t::days::day(l), typed.day.clone()).kind("date").required().show(l, fault)}
                {field("name_ru", t::office::step_ru(l), typed.name_ru.clone()).show(l, fault)}
                {field("name_kk", t::office::step_kk(l), typed.name_kk.clone()).show(l, fault)}
                {field("name_en", t::office::step_en(l), typed.name_en.clone()).show(l, fault)}
                <div class="line"><button class="btn main">{t::days::add(l)}</button>
                    <button class="btn" formmethod="get" formaction="/office/days" formnovalidate=true>
                    {t::days::try_out(l)}</button></div></form>
            {moves.map(|m| m.show(v))}
        };
        let table = if rows.is_empty() {
            view! { <p class="pad mute">{t::days::none(l)}</p> }.into_any()
        } else {
            view! { <table class="t flow"><thead><tr><th scope="col">{t::days::day(l)}</th><th scope="col">
            {t::days::name(l)}</th><td></td></tr></thead><tbody>{lines}</tbody></table> }
            .into_any()
        };
        let body = view! {
            {note("info", t::days::hint(l))}
            <nav class="bar" aria-label=t::days::year(l)><span class="seg">{years.into_iter().collect_view()}</span>
                </nav>
            <div class="cols"><div class="stack">
                {sheet(format!("{} {year}", t::days::title(l)), Some(rows.len()), ().into_any(), table)}</div>
                <div class="stack">{sheet(t::days::add(l), None, ().into_any(), add.into_any())}</div></div>
        };
        Sheet {
            room: Room::Other,
            title: t::days::title(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    })
}

fn line(v: &Viewer, day: NaiveDate, names: &[String; 3]) -> AnyView {
    let l = v.lang;
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
        .then(|| view! { " "<span class="mute">{t::days::weekend(l)}</span> });
    let name = words::of_three(l, names);
    let label = format!("{}: {}", t::days::remove(l), dates::full(l, day));
    view! {
        <tr><td><time datetime=day.to_string()>
            {dates::full(l, day)}", "{dates::weekday_name(l, day.weekday().num_days_from_monday())}</time>{weekend}</td>
            <th scope="row">{name}</th>
            <td class="p-end"><form method="post" action="/office/days/remove">
                <input type="hidden" name="day" value=day.to_string()/><button class="btn bare low" aria-label=label>
                {icon("x")}{t::days::remove(l)}</button></form></td></tr>
    }
    .into_any()
}
