//! A task as a page of its own and as the drawer beside the board.

use super::{Data, Typed, course, facts, next, owner};
use crate::form::Fault;
use crate::pages::clients::attachments;
use crate::parts::{client_links, icon, note, sheet};
use crate::seat::Viewer;
use crate::shell::{Room, Sheet, page_with};
use crate::{text as t, words};
use axum::http::StatusCode;
use domain::attachment::AttachTo;
use domain::person::Lang;
use domain::reason::Reason;
use leptos::prelude::*;

pub fn page(v: &Viewer, status: StatusCode, d: &Data, typed: &Typed, fault: &Fault) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let body = view! {
            {fault.any(l).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
            {course::steps_form(d)}
            {course::track(l, d.task.row.stage)}
            {lost(l, d)}
            <div class="cols">
                <div class="stack">
                    {sheet(t::task::next(l), None, ().into_any(), what_next(v, d, typed, fault))}
                    {course::compare(v, d)}
                    {course::checklist(v, d, typed)}
                    {sheet(t::task::talk(l), None, ().into_any(), course::talk(v, d, typed))}
                </div>
                <div class="stack">{sheet(t::task::facts(l), None, ().into_any(), facts::facts(v, d, typed, fault, false))}
                    {owner::section(v, d)}{files(v, d)}</div>
            </div>
        };
        Sheet {
            room: Room::Tasks,
            title: title(l, d),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    })
}

fn what_next(v: &Viewer, d: &Data, typed: &Typed, fault: &Fault) -> AnyView {
    let moves = next::straight(v, d).map(|moves| view! { <div class="pad">{moves}</div> });
    view! { {moves}{next::next(v, d, typed, fault)} }.into_any()
}

/// The same beside the board; `close` is the board's own address.
pub fn drawer(v: &Viewer, d: &Data, close: String) -> AnyView {
    let l = v.lang;
    let (typed, fault, whole) = (Typed::default(), Fault::default(), format!("/tasks/{}", d.task.row.id));
    view! {
        <aside class="drawer task" aria-labelledby="task-title">
            <header><div><h2 id="task-title">{title(l, d)}</h2><p>{client_links(&d.task.row.clients)}</p></div>
                <span class="push">
                    <a class="btn bare sq" href=whole aria-label=t::task::whole_page(l) title=t::task::whole_page(l)>
                        {icon("right")}</a>
                    <a class="btn bare sq" href=close aria-label=t::form::close(l) data-close="">{icon("x")}</a>
                </span></header>
            <div class="body">
                {course::steps_form(d)}
                <div class="sec">{course::track(l, d.task.row.stage)}{lost(l, d)}</div>
                <div class="sec">{facts::facts(v, d, &typed, &fault, true)}</div>
                {course::compare(v, d)}
                {course::checklist(v, d, &typed)}
                {owner::section(v, d)}
                <div class="sec">{next::next(v, d, &typed, &fault)}</div>
                <div class="sec"><h3>{t::task::talk(l)}</h3>{course::talk(v, d, &typed)}</div>
            </div>
            {next::straight(v, d).map(|moves| view! { <footer>{moves}</footer> })}
        </aside>
    }
    .into_any()
}

fn files(v: &Viewer, d: &Data) -> AnyView {
    attachments::section(v, AttachTo::Task(d.task.row.id), &d.files, d.task.may_work && d.task.row.stage.is_open())
}

/// What every form of a task sends besides its own fields.
pub fn kept(d: &Data) -> AnyView {
    let back = d.back.clone();
    view! { <input type="hidden" name="revision" value=d.task.row.revision/>
    <input type="hidden" name="back" value=back/> }
    .into_any()
}

fn title(l: Lang, d: &Data) -> String {
    format!("{}: {}", words::reason(l, d.task.row.reason), d.task.row.holder)
}

fn lost(l: Lang, d: &Data) -> Option<AnyView> {
    let row = &d.task.row;
    (row.reason == Reason::PasswordLost && !row.stage.has_successor())
        .then(|| note("risk", t::task::cannot_be_recovered(l)))
}
