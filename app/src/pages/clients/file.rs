//! The list of clients as a file, as it is narrowed and sorted on the page.

use crate::pages::clients::asked::{Asked, after};
use crate::parts::{FILE_LINES, FileKind, Line, list_pages, table_file};
use crate::port::Desk;
use crate::seat::{Reply, Seat};
use crate::{text as t, words};
use axum::extract::Query;
use domain::client::{ClientFilter, ClientRow};
use domain::person::Lang;
use domain::refusal::Refusal;
use std::sync::Arc;

/// Written a page of the list at a time.
pub async fn show(seat: Seat, kind: FileKind, Query(asked): Query<Asked>) -> Reply {
    let (l, desk) = (seat.viewer.lang, seat.desk);
    let first = ClientFilter { after: None, ..asked.filter() };
    let pages = list_pages(first, move |filter| page(l, desk.clone(), filter));
    let name = format!("merzim-clients-{}", seat.viewer.today.day);
    Ok(table_file(kind, l, (t::nav::clients(l), &name), titles(l).to_vec(), pages).await?)
}

async fn page(
    l: Lang,
    desk: Arc<dyn Desk>,
    filter: ClientFilter,
) -> Result<(Vec<Line>, Option<ClientFilter>), Refusal> {
    let list = desk.some_clients(&filter, FILE_LINES).await?;
    let lines = list.rows.iter().map(|row| cells(l, row).to_vec()).collect();
    let next = list.next.as_deref().and_then(after);
    Ok((lines, next.map(|after| ClientFilter { after: Some(after), ..filter })))
}

fn titles(l: Lang) -> [String; 7] {
    [
        t::csv::client(l),
        t::csv::number(l),
        t::client::next_end(l),
        t::csv::standing(l),
        t::certificate::many(l),
        t::client::responsible(l),
        t::task::open_list(l),
    ]
    .map(str::to_owned)
}

fn cells(l: Lang, row: &ClientRow) -> [String; 7] {
    [
        row.name.clone(),
        row.number.clone(),
        row.next.map(|(day, _)| day.to_string()).unwrap_or_default(),
        match (row.fault, row.next) {
            (Some(standing), _) => words::standing(l, standing),
            (None, next) => next.map(|(_, urgency)| words::urgency(l, urgency).to_owned()).unwrap_or_default(),
        },
        row.certificates.to_string(),
        row.responsible.as_ref().map(|(_, name)| name.clone()).unwrap_or_default(),
        row.open_tasks.to_string(),
    ]
}
