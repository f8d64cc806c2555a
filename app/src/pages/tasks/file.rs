//! A list of tasks as a file, as it is narrowed on the page.

use crate::pages::tasks::asked::Asked;
use crate::parts::{FILE_LINES, FileKind, Line, list_pages, table_file};
use crate::port::Desk;
use crate::seat::{Reply, Seat};
use crate::{text as t, words};
use axum::extract::Query;
use domain::person::Lang;
use domain::refusal::Refusal;
use domain::task::{TaskFilter, TaskRow};
use std::sync::Arc;

/// Written a list at a time.
pub async fn show(seat: Seat, kind: FileKind, Query(asked): Query<Asked>) -> Reply {
    let first = TaskFilter { skip: 0, ..asked.filter(&seat.viewer) };
    let (l, desk) = (seat.viewer.lang, seat.desk);
    let lists = list_pages(first, move |filter| list(l, desk.clone(), filter));
    let name = format!("merzim-tasks-{}", seat.viewer.today.day);
    Ok(table_file(kind, l, (t::nav::tasks(l), &name), titles(l).to_vec(), lists).await?)
}

async fn list(l: Lang, desk: Arc<dyn Desk>, filter: TaskFilter) -> Result<(Vec<Line>, Option<TaskFilter>), Refusal> {
    let rows = desk.some_tasks(&filter, FILE_LINES).await?;
    let lines = rows.iter().map(|row| cells(l, row).to_vec()).collect();
    let more = (rows.len() as u64 >= FILE_LINES).then(|| TaskFilter { skip: filter.skip + FILE_LINES, ..filter });
    Ok((lines, more))
}

pub fn titles(l: Lang) -> [String; 8] {
    [
        t::csv::client(l),
        t::csv::holder(l),
        t::task::due(l),
        t::task::stage(l),
        t::task::reason(l),
        t::task::route(l),
        t::csv::assignee(l),
        t::certificate::end(l),
    ]
    .map(str::to_owned)
}

pub fn cells(l: Lang, row: &TaskRow) -> [String; 8] {
    let clients: Vec<&str> = row.clients.iter().map(|(_, name)| name.as_str()).collect();
    [
        clients.join(", "),
        row.holder.clone(),
        row.clock.due.to_string(),
        words::stage(l, row.stage).to_owned(),
        words::reason(l, row.reason).to_owned(),
        words::route(l, row.route).to_owned(),
        row.assignee.as_ref().map(|(_, name)| name.clone()).unwrap_or_default(),
        row.last_day.to_string(),
    ]
}
