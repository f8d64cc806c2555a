//! Lists of reissue tasks.

use crate::parts::{empty, task_table};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page};
use crate::{text as t, words};
use axum::extract::Query;
use domain::access::Action;
use domain::task::{TaskRow, TaskView};
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    view: String,
}

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    let view = TaskView::parse(&asked.view).unwrap_or(TaskView::Mine);
    let rows = seat.desk.tasks(view, None).await?;
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let count = t::task::count(l, i64::try_from(rows.len()).unwrap_or(0));
        let body = view! { {views(v, view)}{list(v, &rows)} };
        Sheet { room: Room::Tasks, title: t::nav::tasks(l).into(), hint: count, actions: ().into_any(), body: body.into_any() }
    }))
}

fn views(v: &Viewer, current: TaskView) -> AnyView {
    let links = TaskView::ALL.iter().map(|view| {
        let href = format!("/tasks?view={}", view.code());
        view! { <a href=href aria-current=(*view == current).then_some("page")>{words::task_view(v.lang, *view)}</a> }
    });
    view! { <nav class="bar" aria-label=t::nav::filter(v.lang)><span class="seg">{links.collect_view()}</span></nav> }.into_any()
}

fn list(v: &Viewer, rows: &[TaskRow]) -> AnyView {
    let l = v.lang;
    if rows.is_empty() {
        let way = v.may(Action::WorkTask).then(|| view! { <a class="btn" href="/calendar">{t::nav::calendar(l)}</a> }).into_any();
        return empty(t::task::none(l), t::task::none_text(l), way);
    }
    view! { <div class="sheet">{task_table(v, rows)}</div> }.into_any()
}
