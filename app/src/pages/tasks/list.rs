//! Reissue tasks as a board, as a list, by person.

use crate::form::Fault;
use crate::pages::tasks::asked::Asked;
use crate::pages::tasks::bar::{bar, team};
use crate::pages::tasks::card as task;
use crate::pages::tasks::picked::bulk;
use crate::parts::{Links, Ticks, empty, icon, lanes, note, sheet, task_table_with};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page_with, plain};
use crate::text as t;
use axum::extract::Query;
use axum::http::StatusCode;
use domain::access::Action;
use domain::id::{PersonId, TaskId};
use domain::person::Lang;
use domain::refusal::Refusal;
use domain::task::{BoardLane, LIST_LINES, Lane, TaskFilter, TaskRow, TaskView};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was ticked and chosen when a form was refused.
#[derive(Default)]
pub struct Chosen {
    pub tasks: Vec<String>,
    pub assignee: String,
    pub due: String,
    pub stage: String,
}

enum Data {
    Board(Arc<Vec<BoardLane>>),
    List(Arc<Vec<TaskRow>>),
}

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    Ok(respond(&seat, StatusCode::OK, &asked, &Chosen::default(), &Fault::default()).await?)
}

/// The page; a refused act on many keeps its ticks.
pub async fn respond(
    seat: &Seat,
    status: StatusCode,
    asked: &Asked,
    chosen: &Chosen,
    fault: &Fault,
) -> Result<axum::response::Response, Refusal> {
    let filter = asked.filter(&seat.viewer);
    let lists =
        matches!(asked.form.as_str(), "list" | "people") || filter.view == TaskView::Closed || filter.lane.is_some();
    let data =
        if lists { Data::List(seat.desk.tasks(&filter).await?) } else { Data::Board(seat.desk.board(&filter).await?) };
    let whole_board = asked.here();
    let opened = match crate::form::picked(&asked.task) {
        Some(id) => task::data(seat, id, &plain(&seat.viewer.here)).await.map(Some).or_else(gone)?,
        None => None,
    };
    let saved = seat.desk.saved_views().await?;
    let loads = if seat.viewer.may(Action::AssignTask) { seat.desk.loads().await? } else { Arc::default() };
    Ok(page_with(status, &seat.viewer, |v| {
        let l = v.lang;
        let n = match &data {
            Data::Board(lanes) => lanes.iter().filter(|b| b.lane != Lane::Done).map(|b| b.total).sum(),
            Data::List(rows) => rows.len() as u64,
        };
        let whole = view! {
            {fault.named(l, &fields(l)).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
            {bar(v, asked, &filter, &saved)}
            {team(v, asked, &filter, &loads)}
            {match &data {
                Data::Board(all) => board(v, asked, &filter, all),
                Data::List(rows) if asked.form == "people" => people(v, rows, chosen),
                Data::List(rows) => list(v, rows, chosen),
            }}
            {further(v, asked, &filter, &data)}
            {match &data {
                Data::List(rows) => bulk(v, asked, rows, &loads, chosen),
                Data::Board(_) => None,
            }}
        };
        let body = match &opened {
            None => whole.into_any(),
            Some(task) => {
                // The focus goes back to the card that was open.
                let drawer = task::drawer(v, task, format!("{whole_board}#t-{}", asked.task));
                view! { <div class="beside"><div class="lot">{whole}</div>{drawer}</div> }.into_any()
            }
        };
        Sheet {
            room: Room::Tasks,
            title: t::nav::tasks(l).into(),
            hint: t::task::count(l, i64::try_from(n).unwrap_or(0)),
            actions: view! { {file(asked, &filter, lists)}{forms(v, asked, &filter, lists)}{new(v)} }.into_any(),
            body,
        }
    }))
}

/// The fields of the bar of acts, with their names.
fn fields(l: Lang) -> [(&'static str, &'static str); 3] {
    [("assignee", t::task::assignee(l)), ("due", t::task::due(l)), ("stage", t::task::stage(l))]
}

/// The ways to the lines before and after these.
fn further(v: &Viewer, a: &Asked, f: &TaskFilter, data: &Data) -> Option<AnyView> {
    let Data::List(rows) = data else { return None };
    let l = v.lang;
    let lines = LIST_LINES as u64;
    let before = (f.skip > 0).then(
        || view! { <a class="btn" rel="prev" href=a.after(f.skip.saturating_sub(lines))>{t::task::lines_before(l)}</a> },
    );
    let after = (rows.len() >= LIST_LINES)
        .then(|| view! { <a class="btn" rel="next" href=a.after(f.skip + lines)>{t::calendar::next_lines(l)}</a> });
    (before.is_some() || after.is_some()).then(|| view! { <p class="notes-below line">{before}{after}</p> }.into_any())
}

/// The list as a file.
fn file(a: &Asked, f: &TaskFilter, lists: bool) -> Option<AnyView> {
    lists.then(|| crate::parts::downloads(&a.file(f.view)))
}

/// A task that is not there any more leaves the board as it is.
fn gone(refusal: Refusal) -> Result<Option<task::Data>, Refusal> {
    if matches!(refusal, Refusal::NotFound) { Ok(None) } else { Err(refusal) }
}

fn new(v: &Viewer) -> Option<AnyView> {
    v.may(Action::WorkTask)
        .then(|| view! { <a class="btn main" href="/tasks/new">{icon("plus")}{t::task::one(v.lang)}</a> }.into_any())
}

/// Board, list, by person.
fn forms(v: &Viewer, a: &Asked, f: &TaskFilter, lists: bool) -> AnyView {
    let l = v.lang;
    let now = if a.form == "people" {
        "people"
    } else if lists {
        "list"
    } else {
        "board"
    };
    let all = [("board", t::board::board(l)), ("list", t::board::list(l)), ("people", t::board::people(l))];
    let links = all.map(|(form, word)| {
        let view = if form == "board" && f.view == TaskView::Closed { "" } else { a.view.as_str() };
        let href = a.in_form(form, view);
        view! { <a href=href aria-current=(form == now).then_some("page")>{word}</a> }
    });
    view! { <nav class="seg" aria-label=t::board::form(l)>{links.into_iter().collect_view()}</nav> }.into_any()
}

fn board(v: &Viewer, a: &Asked, f: &TaskFilter, all: &[BoardLane]) -> AnyView {
    let more = |lane: Lane| match lane {
        Lane::Done => a.in_lane("list", TaskView::Closed.code(), None),
        _ => a.in_lane("list", f.view.code(), Some(lane)),
    };
    if all.iter().all(|b| b.total == 0) {
        return nothing(v);
    }
    let open = |id: TaskId| a.beside(id);
    lanes(v, all, &plain(&v.here), &a.task, &Links { more: &more, open: &open })
}

fn nothing(v: &Viewer) -> AnyView {
    let l = v.lang;
    let way =
        v.may(Action::WorkTask).then(|| view! { <a class="btn" href="/calendar">{t::nav::calendar(l)}</a> }).into_any();
    empty(t::task::none(l), t::task::none_text(l), way)
}

fn ticks<'a>(v: &Viewer, chosen: &'a Chosen) -> Ticks<'a> {
    if v.may(Action::WorkTask) { Ticks::On("bulk", &chosen.tasks) } else { Ticks::Off }
}

fn list(v: &Viewer, rows: &[TaskRow], chosen: &Chosen) -> AnyView {
    if rows.is_empty() {
        return nothing(v);
    }
    view! { <div class="sheet">{task_table_with(v, rows, ticks(v, chosen))}</div> }.into_any()
}

/// A sheet for each person, those without anybody first.
fn people(v: &Viewer, rows: &[TaskRow], chosen: &Chosen) -> AnyView {
    if rows.is_empty() {
        return nothing(v);
    }
    let name_of = |row: &TaskRow| row.assignee.as_ref().map(|(id, name)| (name.clone(), *id));
    let mut groups: BTreeMap<Option<(String, PersonId)>, Vec<TaskRow>> = BTreeMap::new();
    for row in rows {
        groups.entry(name_of(row)).or_default().push(row.clone());
    }
    let sheets = groups.iter().map(|(who, theirs)| {
        let name = who.as_ref().map_or_else(|| t::today::unassigned(v.lang).to_owned(), |(name, _)| name.clone());
        sheet(name, Some(theirs.len()), ().into_any(), task_table_with(v, theirs, ticks(v, chosen)))
    });
    view! { <div class="stack">{sheets.collect_view()}</div> }.into_any()
}
