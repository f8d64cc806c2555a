//! The agenda as a file for spreadsheets.

use super::asked::Asked;
use crate::parts::roles;
use crate::port::Desk;
use crate::seat::{Reply, Seat, Viewer};
use crate::{text as t, words};
use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::http::header;
use axum::response::IntoResponse as _;
use chrono::NaiveDate;
use domain::calendar::{AgendaRow, CalendarFilter};
use domain::person::Lang;
use domain::refusal::Refusal;
use std::sync::Arc;

/// Written day by day, so that a year of a large firm never stands in memory.
pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    let (from, until) = asked.days(seat.viewer.today.day);
    let head = line(seat.viewer.lang, &titles(seat.viewer.lang))?;
    let name = format!("attachment; filename=\"merzim-{from}-{until}.csv\"");
    let rest = Rest { desk: seat.desk, viewer: seat.viewer, filter: asked.filter(), at: Some(from), until };
    // Without the mark, Excel reads the letters of Kazakh wrongly.
    let start = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from("\u{feff}".to_owned() + &head))]);
    let days = futures_util::stream::unfold(rest, |mut rest| async move {
        let part = rest.next().await?;
        Some((part.map(Bytes::from).map_err(|r| std::io::Error::other(format!("{r:?}"))), rest))
    });
    let body = Body::from_stream(futures_util::StreamExt::chain(start, days));
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)], body)
        .into_response())
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
    async fn next(&mut self) -> Option<Result<String, Refusal>> {
        let day = self.at.filter(|day| *day <= self.until)?;
        self.at = day.succ_opt();
        let rows = match self.desk.agenda((day, day), &self.filter, 0, u64::from(u32::MAX)).await {
            Ok(rows) => rows,
            Err(refusal) => {
                self.at = None;
                return Some(Err(refusal));
            }
        };
        Some(rows.iter().map(|row| line(self.viewer.lang, &cells(&self.viewer, row))).collect())
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
        words::standing(l, c.life.standing(v.today)),
        assignee,
    ]
}

/// One line of RFC 4180; spreadsheets set to Russian or Kazakh part cells by a semicolon. A cell that a spreadsheet
/// would run as a formula gets an apostrophe before it.
pub fn line(l: Lang, cells: &[String]) -> Result<String, Refusal> {
    let delimiter = if l == Lang::En { b',' } else { b';' };
    let mut out = csv::WriterBuilder::new().delimiter(delimiter).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let safe = cells
        .iter()
        .map(|cell| if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.clone() });
    let done = out.write_record(safe).ok().and_then(|()| out.into_inner().ok()).and_then(|bytes| String::from_utf8(bytes).ok());
    done.ok_or(Refusal::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_run_and_quotes_are_doubled() {
        let cells = ["=1+1".to_owned(), "ТОО «А»; \"Б\"".to_owned(), "обычный".to_owned()];
        assert_eq!(line(Lang::Ru, &cells).unwrap(), "'=1+1;\"ТОО «А»; \"\"Б\"\"\";обычный\r\n");
        assert_eq!(line(Lang::En, &cells[2..]).unwrap(), "обычный\r\n");
    }
}
