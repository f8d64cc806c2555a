//! Reissue tasks as a board, as a list, by person.

use crate::form::Fault;
use crate::islands::Picks;
use crate::pages::tasks::bulk::NOBODY;
use crate::pages::tasks::card as task;
use crate::parts::{Links, Ticks, avatar, empty, icon, lanes, note, sheet, task_table_with, views};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page_with, plain};
use crate::{text as t, words};
use axum::extract::Query;
use axum::http::StatusCode;
use domain::access::Action;
use domain::id::{PersonId, TaskId};
use domain::person::{Load, Role, short_name};
use domain::refusal::Refusal;
use domain::task::{BoardLane, LIST_LINES, Lane, TaskFilter, TaskRow, TaskView};
use domain::view::Place;
use leptos::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The part of the address that says what is listed, and how.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Asked {
    view: String,
    /// `board`, `list` or `people`.
    form: String,
    /// Id of the assignee.
    who: String,
    lane: String,
    /// Id of the task that is open beside the board.
    task: String,
    /// Lines before the first of the list.
    skip: u64,
}

impl Asked {
    pub fn filter(&self, v: &Viewer) -> TaskFilter {
        let usual = if v.may(Action::AssignTask) { TaskView::All } else { TaskView::Mine };
        let view = TaskView::parse(&self.view).unwrap_or(usual);
        TaskFilter {
            assignee: crate::form::picked(&self.who),
            lane: Lane::parse(&self.lane),
            skip: self.skip,
            ..view.into()
        }
    }

    fn address(&self, form: &str, view: &str, who: &str, lane: &str) -> String {
        crate::pages::address("/tasks", &[("view", view), ("form", form), ("who", who), ("lane", lane)])
    }
}

/// What was ticked and chosen when a form was refused.
#[derive(Default)]
pub struct Chosen {
    pub tasks: Vec<String>,
    pub assignee: String,
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
    let whole_board = asked.address(&asked.form, &asked.view, &asked.who, &asked.lane);
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
            {fault.any(l).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
            {bar(v, asked, filter)}
            {views(v, Place::Tasks, &saved)}
            {team(v, asked, filter, &loads)}
            {match &data {
                Data::Board(all) => board(v, asked, filter, all),
                Data::List(rows) if asked.form == "people" => people(v, rows, chosen),
                Data::List(rows) => list(v, rows, chosen),
            }}
            {further(v, asked, filter, &data)}
            {bulk(v, asked, &data, &loads, chosen)}
        };
        let body = match &opened {
            None => whole.into_any(),
            Some(task) => {
                let drawer = task::drawer(v, task, whole_board);
                view! { <div class="beside"><div class="lot">{whole}</div>{drawer}</div> }.into_any()
            }
        };
        Sheet {
            room: Room::Tasks,
            title: t::nav::tasks(l).into(),
            hint: t::task::count(l, i64::try_from(n).unwrap_or(0)),
            actions: view! { {file(asked, filter, lists)}{forms(v, asked, filter, lists)}{new(v)} }.into_any(),
            body,
        }
    }))
}

/// The ways to the lines before and after these.
fn further(v: &Viewer, a: &Asked, f: TaskFilter, data: &Data) -> Option<AnyView> {
    let Data::List(rows) = data else { return None };
    let l = v.lang;
    let at = |skip: u64| {
        let skip = if skip > 0 { skip.to_string() } else { String::new() };
        crate::pages::address(
            "/tasks",
            &[("view", &a.view), ("form", &a.form), ("who", &a.who), ("lane", &a.lane), ("skip", &skip)],
        )
    };
    let lines = LIST_LINES as u64;
    let before = (f.skip > 0).then(
        || view! { <a class="btn" rel="prev" href=at(f.skip.saturating_sub(lines))>{t::task::lines_before(l)}</a> },
    );
    let after = (rows.len() >= LIST_LINES)
        .then(|| view! { <a class="btn" rel="next" href=at(f.skip + lines)>{t::calendar::next_lines(l)}</a> });
    (before.is_some() || after.is_some()).then(|| view! { <p class="notes-below line">{before}{after}</p> }.into_any())
}

/// The list as a file.
fn file(a: &Asked, f: TaskFilter, lists: bool) -> Option<AnyView> {
    let href = crate::pages::address("/tasks.csv", &[("view", f.view.code()), ("who", &a.who), ("lane", &a.lane)]);
    lists.then(|| crate::parts::downloads(&href))
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
fn forms(v: &Viewer, a: &Asked, f: TaskFilter, lists: bool) -> AnyView {
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
        let href = a.address(form, view, &a.who, "");
        view! { <a href=href aria-current=(form == now).then_some("page")>{word}</a> }
    });
    view! { <nav class="seg" aria-label=t::board::form(l)>{links.into_iter().collect_view()}</nav> }.into_any()
}

/// Whose tasks.
fn bar(v: &Viewer, a: &Asked, f: TaskFilter) -> AnyView {
    let links = TaskView::ALL.iter().map(|view| {
        let href = a.address(&a.form, view.code(), "", "");
        view! { <a href=href aria-current=(*view == f.view).then_some("page")>{words::task_view(v.lang, *view)}</a> }
    });
    let lane = f.lane.map(|lane| {
        let off = a.address(&a.form, &a.view, &a.who, "");
        view! { <a class="btn low set" href=off>{words::lane(v.lang, lane)}{icon("x")}</a> }
    });
    view! { <nav class="bar" aria-label=t::nav::filter(v.lang)><span class="seg">{links.collect_view()}</span>{lane}
    </nav> }
    .into_any()
}

/// The load of each person; a click shows only theirs.
fn team(v: &Viewer, a: &Asked, f: TaskFilter, loads: &[Load]) -> AnyView {
    let l = v.lang;
    let most = loads.iter().map(|p| p.tasks.open).max().unwrap_or(0);
    if most == 0 {
        return ().into_any();
    }
    let shown = loads.iter().filter(|p| p.person.active && (p.tasks.open > 0 || f.assignee == Some(p.person.id)));
    let people = shown.map(|p| {
        let on = f.assignee == Some(p.person.id);
        let href = a.address(&a.form, &a.view, &if on { String::new() } else { p.person.id.to_string() }, &a.lane);
        let label = t::task::count(l, p.tasks.open);
        let over = p.tasks.overdue > 0;
        view! {
            <a href=href aria-current=on.then_some("true") title=p.person.name.clone()>{avatar(Some(&p.person.name))}
                <span class="line"><span class="cut">{short_name(&p.person.name)}</span>
                    <span class=if over { "num over" } else { "num" }>{p.tasks.open}</span></span>
                <meter min="0" max=most value=p.tasks.open aria-label=label></meter></a>
        }
    });
    view! { <nav class="team" aria-label=t::board::load(l)>{people.collect_view()}</nav> }.into_any()
}

fn board(v: &Viewer, a: &Asked, f: TaskFilter, all: &[BoardLane]) -> AnyView {
    let more = |lane: Lane| match lane {
        Lane::Done => a.address("list", TaskView::Closed.code(), &a.who, ""),
        _ => a.address("list", f.view.code(), &a.who, lane.code()),
    };
    if all.iter().all(|b| b.total == 0) {
        return nothing(v);
    }
    let open =
        |id: TaskId| crate::pages::address("/tasks", &[("view", &a.view), ("who", &a.who), ("task", &id.to_string())]);
    lanes(v, all, &plain(&v.here), &a.task, &Links { more: &more, open: &open })
}

fn nothing(v: &Viewer) -> AnyView {
    let l = v.lang;
    let way =
        v.may(Action::WorkTask).then(|| view! { <a class="btn" href="/calendar">{t::nav::calendar(l)}</a> }).into_any();
    empty(t::task::none(l), t::task::none_text(l), way)
}

fn ticks<'a>(v: &Viewer, chosen: &'a Chosen) -> Ticks<'a> {
    if v.may(Action::AssignTask) { Ticks::On("bulk", &chosen.tasks) } else { Ticks::Off }
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

/// The bar of an act on what is ticked.
fn bulk(v: &Viewer, a: &Asked, data: &Data, loads: &[Load], chosen: &Chosen) -> AnyView {
    let l = v.lang;
    let Data::List(rows) = data else { return ().into_any() };
    if !v.may(Action::AssignTask) || rows.iter().all(|r| !r.stage.is_open()) {
        return ().into_any();
    }
    let works = loads.iter().filter(|p| p.person.active && p.person.role != Role::Observer);
    let mut people: Vec<(String, String)> = works
        .map(|p| (p.person.id.to_string(), crate::pages::tasks::form::burden(l, &p.person.name, p.tasks)))
        .collect();
    people.push((NOBODY.to_owned(), t::task::take_off(l).to_owned()));
    let picks = view! { <Picks name="task".to_owned() counting=t::bulk::picked(l).to_owned()
    every=t::bulk::every(l).to_owned()/> };
    view! {
        <form class="picked" id="bulk" method="post" action="/tasks/assign" aria-label=t::bulk::bar(l)>
            {picks}
            <input type="hidden" name="view" value=a.view.clone()/>
                <input type="hidden" name="form" value=a.form.clone()/>
            <input type="hidden" name="who" value=a.who.clone()/><input type="hidden" name="lane" value=a.lane.clone()/>
            <select class="pick" name="assignee" required=true aria-label=t::task::assignee(l)>
                {crate::form::choices(&chosen.assignee, people)}</select>
            <button class="btn">{t::bulk::assign(l)}</button>
            <button class="btn" formaction="/tasks/by-load" formnovalidate=true>{t::share::by_load(l)}</button>
        </form>
    }
    .into_any()
}
