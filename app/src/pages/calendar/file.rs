//! The agenda as a file for spreadsheets.

use super::asked::Asked;
use crate::parts::{FILE_LINES, FileKind, Line, list_pages, roles, table_file};
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

/// Written a part of the agenda at a time.
pub async fn show(seat: Seat, kind: FileKind, Query(asked): Query<Asked>) -> Reply {
    let days = asked.days(seat.viewer.today.day);
    let (l, name) = (seat.viewer.lang, format!("merzim-{}-{}", days.0, days.1));
    let part = Arc::new(Part { desk: seat.desk, viewer: seat.viewer, filter: asked.filter(), days });
    let parts = list_pages(0, move |skip| part.clone().lines(skip));
    Ok(table_file(kind, l, (t::calendar::agenda_title(l), &name), titles(l).to_vec(), parts).await?)
}

/// What every part of the file is asked with.
struct Part {
    desk: Arc<dyn Desk>,
    viewer: Viewer,
    filter: CalendarFilter,
    days: (NaiveDate, NaiveDate),
}

impl Part {
    /// The lines from one on, and where the next part begins.
    async fn lines(self: Arc<Self>, skip: u64) -> Result<(Vec<Line>, Option<u64>), Refusal> {
        let rows = self.desk.agenda(self.days.0, self.days.1, &self.filter, skip, FILE_LINES).await?;
        let next = (rows.len() as u64 >= FILE_LINES).then_some(skip + FILE_LINES);
        Ok((rows.iter().map(|row| cells(&self.viewer, row).to_vec()).collect(), next))
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
    let assignee = c.task.as_ref().and_then(|task| task.assignee.clone()).unwrap_or_default();
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
