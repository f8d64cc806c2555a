//! The proof in a client's archive: who was told of which end when and by what, and what was written to owners of keys.

use super::bundle_tables::{Table, titled};
use crate::pages::reminders::of_certificate::{name, silence};
use crate::parts::Line;
use crate::seat::Seat;
use crate::{dates, text as t, words};
use chrono::{DateTime, Utc};
use domain::certificate::CertificateRow;
use domain::ladder::RungState;
use domain::person::Lang;
use domain::refusal::Refusal;
use domain::reminder::{RungRow, Told};
use domain::task::TaskRow;

fn at(l: Lang, at: Option<DateTime<Utc>>) -> String {
    at.map(|at| dates::instant_in_file(l, at)).unwrap_or_default()
}

/// Each rung of each certificate, a line for each person who was told.
pub async fn reminders(seat: &Seat, rows: &[CertificateRow]) -> Result<Table, Refusal> {
    let l = seat.viewer.lang;
    let mut out = titled([
        t::proof::holder(l),
        t::proof::ends(l),
        t::proof::rung(l),
        t::proof::what(l),
        t::proof::who(l),
        t::proof::at(l),
        t::proof::read(l),
        t::proof::mail(l),
    ]);
    for row in rows {
        for rung in seat.desk.reminders(row.id).await?.rungs {
            let first = |told: Option<&Told>| line(l, row, &rung, told);
            if rung.told.is_empty() {
                out.push(first(None));
            }
            out.extend(rung.told.iter().map(|told| first(Some(told))));
        }
    }
    Ok(out)
}

fn line(l: Lang, row: &CertificateRow, rung: &RungRow, told: Option<&Told>) -> Line {
    let what = match (rung.state, told) {
        (RungState::Past, _) => t::remind::past(l).to_owned(),
        (RungState::Silent, _) => rung.why.map(|why| silence(l, why).to_owned()).unwrap_or_default(),
        (RungState::Told, None) => t::remind::nobody(l).to_owned(),
        (RungState::Told, Some(_)) => t::proof::told(l).to_owned(),
    };
    let mail = told.and_then(|told| told.mail);
    let mail = mail.map(|(state, when)| format!("{}, {}", words::delivery_state(l, state), at(l, Some(when))));
    vec![
        row.holder.clone(),
        row.life.last_day().to_string(),
        name(l, rung.days),
        what,
        told.map(|told| told.name.clone()).unwrap_or_default(),
        at(l, Some(rung.at)),
        at(l, told.and_then(|told| told.seen)),
        mail.unwrap_or_default(),
    ]
}

/// What was written to owners of keys from these tasks.
pub async fn letters(seat: &Seat, tasks: &[TaskRow]) -> Result<Table, Refusal> {
    let l = seat.viewer.lang;
    let mut out = titled([
        t::proof::holder(l),
        t::proof::who(l),
        t::proof::at(l),
        t::proof::what(l),
        t::proof::by(l),
        t::proof::text(l),
    ]);
    for task in tasks {
        let sent = seat.desk.letters_of(task.id).await?;
        out.extend(sent.into_iter().map(|letter| {
            let state = words::delivery_state(l, letter.state).to_owned();
            vec![task.holder.clone(), letter.email, at(l, Some(letter.at)), state, letter.by, letter.body]
        }));
    }
    Ok(out)
}
