//! What the tasks are narrowed to: whose, by words, reason and stage, and the load of each person.

use super::asked::Asked;
use crate::form::{any_of, filter};
use crate::islands::FilterBar;
use crate::parts::{avatar, icon, views};
use crate::seat::Viewer;
use crate::{text as t, words};
use domain::person::{Load, short_name};
use domain::reason::Reason;
use domain::task::{Stage, TaskFilter, TaskView};
use domain::view::{Place, SavedView};
use leptos::prelude::*;

/// Whose tasks.
pub fn bar(v: &Viewer, a: &Asked, f: &TaskFilter, saved: &[SavedView]) -> AnyView {
    let links = TaskView::ALL.iter().map(|view| {
        let href = a.in_view(*view);
        view! { <a href=href aria-current=(*view == f.view).then_some("page")>{words::task_view(v.lang, *view)}</a> }
    });
    let lane = f.lane.map(|lane| {
        let off = a.in_lane(&a.form, &a.view, None);
        view! { <a class="btn low set" href=off>{words::lane(v.lang, lane)}{icon("x")}</a> }
    });
    view! {
        <div class="bar"><nav class="seg" aria-label=t::nav::filter(v.lang)>{links.collect_view()}</nav>{lane}
            {narrow(v, a)}{views(v, Place::Tasks, saved)}</div>
    }
    .into_any()
}

/// The load of each person; a click shows only theirs.
pub fn team(v: &Viewer, a: &Asked, f: &TaskFilter, loads: &[Load]) -> AnyView {
    let l = v.lang;
    let most = loads.iter().map(|p| p.tasks.open).max().unwrap_or(0);
    if most == 0 {
        return ().into_any();
    }
    let shown = loads.iter().filter(|p| p.person.active && (p.tasks.open > 0 || f.assignee == Some(p.person.id)));
    let people = shown.map(|p| {
        let on = f.assignee == Some(p.person.id);
        let href = a.of(&if on { String::new() } else { p.person.id.to_string() });
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

/// By words, reason and stage.
fn narrow(v: &Viewer, a: &Asked) -> AnyView {
    let l = v.lang;
    let reasons = any_of(t::task::any_reason(l), Reason::ALL, Reason::code, |r| words::reason(l, r).into());
    let stages = any_of(t::task::any_stage(l), Stage::ALL, Stage::code, |s| words::stage(l, s).into());
    let kept = [("view", &a.view), ("form", &a.form), ("who", &a.who), ("lane", &a.lane)];
    let kept = kept.into_iter().filter(|(_, value)| !value.is_empty());
    let kept = kept.map(|(name, value)| view! { <input type="hidden" name=name value=value.clone()/> }).collect_view();
    view! {
        <form class="narrow" action="/tasks">{kept}
            <input class="in find-in" type="search" name="q" value=a.q.clone() aria-label=t::nav::search(l)
                placeholder=t::nav::search_here(l)/>
            {filter("reason", t::task::reason(l), &a.reason, reasons)}{filter("stage", t::task::stage(l), &a.stage, stages)}
            <FilterBar label=t::nav::show(l).to_owned()/></form>
    }
    .into_any()
}
