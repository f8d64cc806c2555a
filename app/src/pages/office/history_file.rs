//! The history as a file, as it is narrowed on the page.

use crate::pages::office::history::Asked;
use crate::parts::{FileKind, Line, list_pages, table_file};
use crate::port::Desk;
use crate::seat::{Reply, Seat};
use crate::{dates, text as t, words};
use axum::extract::Query;
use domain::audit::{AuditFilter, AuditRow};
use domain::person::Lang;
use domain::refusal::Refusal;
use std::sync::Arc;

pub async fn show(seat: Seat, kind: FileKind, Query(asked): Query<Asked>) -> Reply {
    let (l, desk) = (seat.viewer.lang, seat.desk);
    let first = AuditFilter { before: None, ..asked.filter() };
    // Refused before the first byte: a file that has begun can say nothing any more.
    desk.audit(&first).await?;
    let pages = list_pages(first, move |filter| page(l, desk.clone(), filter));
    let name = format!("merzim-audit-{}", seat.viewer.today.day);
    Ok(table_file(kind, l, (t::nav::audit(l), &name), titles(l).to_vec(), pages).await?)
}

async fn page(l: Lang, desk: Arc<dyn Desk>, filter: AuditFilter) -> Result<(Vec<Line>, Option<AuditFilter>), Refusal> {
    let list = desk.audit(&filter).await?;
    let lines = list.rows.iter().map(|row| cells(l, row).to_vec()).collect();
    let next = list.next.and_then(|before| before.parse().ok());
    Ok((lines, next.map(|before| AuditFilter { before: Some(before), ..filter })))
}

fn titles(l: Lang) -> [String; 5] {
    [t::audit::when(l), t::audit::who(l), t::audit::what(l), t::csv::client(l), t::audit::about(l)].map(str::to_owned)
}

fn cells(l: Lang, r: &AuditRow) -> [String; 5] {
    [
        dates::instant_in_file(l, r.at),
        if r.person.is_empty() { t::audit::program(l).to_owned() } else { r.person.clone() },
        words::deed(l, r.kind).to_owned(),
        r.client.as_ref().map(|(_, name)| name.clone()).unwrap_or_default(),
        words::history::about(l, r),
    ]
}
