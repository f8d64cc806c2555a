//! The agenda as a file for spreadsheets.

use super::asked::Asked;
use crate::parts::{FileKind, Line, roles, table_file};
use crate::port::Desk;
use crate::seat::{Reply, Seat, Viewer};
use crate::{text as t, words};
use axum::extract::Query;
use chrono::NaiveDate;
use domain::calendar::{AgendaRow, CalendarFilter};
use domain::person::Lang;
use domain::refusal::Refusal;
use domain::standing::Urgency;
use std::sync::Arc;

/// Written day by day, so that a year of a large firm is asked for in parts.
pub async fn show(seat: Seat, kind: FileKind, Query(asked): Query<Asked>) -> Reply {
    let (from, until) = asked.days(seat.viewer.today.day);
    let (l, name) = (seat.viewer.lang, format!("merzim-{from}-{until}"));
    let rest = Rest { desk: seat.desk, viewer: seat.viewer, filter: asked.filter(), at: Some(from), until };
    let days = futures_util::stream::unfold(rest, |mut rest| async move { Some((rest.next().await?, rest)) });
    Ok(table_file(kind, l, &name, titles(l).to_vec(), days).await?)
}

/// The days that are not written yet.
struct Rest {
    desk: Arc<dyn Desk>,
    viewer: Viewer,
    filter: CalendarFilter,
    at: Option<NaiveDate>,
    until: NaiveDate,
}

impl Rest {
    async fn next(&mut self) -> Option<Result<Vec<Line>, Refusal>> {
        let day = self.at.filter(|day| *day <= self.until)?;
        self.at = day.succ_opt();
        let rows = match self.desk.agenda((day, day), &self.filter, 0, u64::from(u32::MAX)).await {
            Ok(rows) => rows,
            Err(refusal) => {
                self.at = None;
                return Some(Err(refusal));
            }
        };
        Some(Ok(rows.iter().map(|row| cells(&self.viewer, row).to_vec()).collect()))
    }
}

fn titles(l: Lang) -> [String; 10] {
    [
        t::csv::client(l),
        t::csv::number(l),
        t::csv::holder(l),
        t::csv::role(l),
        t::csv::purposes(l),
        t::csv::serial(l),
        t::csv::valid_from(l),
        t::csv::valid_to(l),
        t::csv::standing(l),
        t::csv::assignee(l),
    ]
    .map(str::to_owned)
}

fn cells(v: &Viewer, row: &AgendaRow) -> [String; 10] {
    let (l, c) = (v.lang, &row.certificate);
    let names: Vec<&str> = c.clients.iter().map(|(_, name)| name.as_str()).collect();
    let purposes: Vec<&str> = c.purposes.iter().map(|p| words::purpose(l, *p)).collect();
    let assignee = c.task.as_ref().and_then(|(_, who)| who.clone()).unwrap_or_default();
    [
        names.join(", "),
        row.numbers.join(", "),
        c.holder.clone(),
        roles(l, &c.roles),
        purposes.join(", "),
        c.serial.clone(),
        c.life.first_day().to_string(),
        c.life.last_day().to_string(),
        match &c.threat {
            Some(threat) if c.urgency(v.today) == Urgency::Risk => {
                crate::parts::risk_reason(l, threat, c.life.last_day(), v.today)
            }
            _ => words::standing(l, c.life.standing(v.today)),
        },
        assignee,
    ]
}
