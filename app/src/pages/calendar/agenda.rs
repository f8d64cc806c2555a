//! The agenda of any days: for a phone, for paper, for acts on many.

use super::asked::Asked;
use super::bar::{Choices, Face, bar, faces};
use super::day::many;
use crate::form::field;
use crate::parts::{Ticks, certificate_table, downloads, empty};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page};
use crate::{dates, text as t};
use axum::extract::Query;
use chrono::NaiveDate;
use domain::access::Action;
use domain::calendar::AGENDA_LINES;
use domain::certificate::{CertificateRow, in_sets};
use domain::day::DaysOff;
use leptos::prelude::*;

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    let (from, until) = asked.days(seat.viewer.today.day);
    let lines = seat.desk.agenda(from, until, &asked.filter(), asked.skipped(), AGENDA_LINES + 1).await?;
    let more = lines.len() as u64 > AGENDA_LINES;
    let rows: Vec<CertificateRow> = lines.iter().take(AGENDA_LINES as usize).map(|l| l.certificate.clone()).collect();
    let (off, choices) = (seat.desk.days_off().await?, Choices::of(&seat, &asked).await?);
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let fields = view! {
            {field("from", t::calendar::from(l), from.to_string()).kind("date").show(l, &crate::form::Fault::default())}
            {field("until", t::calendar::until(l), until.to_string()).kind("date").show(l, &crate::form::Fault::default())}
        };
        let body = view! {
            <div class="agenda-page">
                {bar(v, &asked, &choices, "/calendar/agenda", fields.into_any())}
                {table(v, &rows, &off)}
                {more.then(|| next(v, &asked, (from, until)))}
                {(v.may(Action::WorkTask) && !rows.is_empty()).then(|| many(v))}
            </div>
        };
        let file = days(&asked, "/calendar.csv", (from, until), 0);
        let actions = view! {
            {downloads(&file)}{faces(v, &asked, Face::Agenda)}
        };
        Sheet {
            room: Room::Calendar,
            title: t::calendar::agenda_title(l).into(),
            hint: hint(v, (from, until), (!more && asked.skip == 0).then(|| in_sets(&rows, v.today).len())),
            actions: actions.into_any(),
            body: body.into_any(),
        }
    }))
}

/// The days, and how many lines they have where all of them stand on the page.
fn hint(v: &Viewer, (from, until): (NaiveDate, NaiveDate), sets: Option<usize>) -> String {
    let days = format!("{} — {}", dates::full(v.lang, from), dates::full(v.lang, until));
    let sets = sets.filter(|n| *n > 0).and_then(|n| i64::try_from(n).ok()).map(|n| t::calendar::sets(v.lang, n));
    [Some(days), sets].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn days(a: &Asked, path: &str, (from, until): (NaiveDate, NaiveDate), skip: u64) -> String {
    let (from, until, skip) =
        (from.to_string(), until.to_string(), if skip > 0 { skip.to_string() } else { String::new() });
    a.with(path, &[("from", &from), ("until", &until), ("skip", &skip)])
}

fn next(v: &Viewer, a: &Asked, of: (NaiveDate, NaiveDate)) -> AnyView {
    let href = days(a, "/calendar/agenda", of, a.skipped() + AGENDA_LINES);
    view! { <p class="notes-below"><a class="btn" href=href rel="next">{t::calendar::next_lines(v.lang)}</a></p> }
        .into_any()
}

fn table(v: &Viewer, rows: &[CertificateRow], off: &DaysOff) -> AnyView {
    let l = v.lang;
    if rows.is_empty() {
        return empty(t::calendar::agenda_empty(l), t::calendar::agenda_empty_text(l), ().into_any());
    }
    let ticks = if v.may(Action::WorkTask) { Ticks::On("bulk", &[]) } else { Ticks::Off };
    view! { <div class="sheet">{certificate_table(v, rows, off, ticks)}</div> }.into_any()
}
