//! The bar of acts on the tasks that are ticked.

use super::asked::Asked;
use super::bulk::NOBODY;
use super::list::Chosen;
use crate::form::choices;
use crate::islands::Picks;
use crate::seat::Viewer;
use crate::{text as t, words};
use domain::access::Action;
use domain::person::{Load, Role};
use domain::task::{Stage, TaskRow};
use leptos::prelude::*;

/// None where nothing open can be given to anybody.
pub fn bulk(v: &Viewer, a: &Asked, rows: &[TaskRow], loads: &[Load], chosen: &Chosen) -> Option<AnyView> {
    let l = v.lang;
    if !v.may(Action::WorkTask) || rows.iter().all(|r| !r.stage.is_open()) {
        return None;
    }
    let picks = view! { <Picks name="task".to_owned() counting=t::bulk::picked(l).to_owned()
    every=t::bulk::every(l).to_owned() acts=t::bulk::acts(l).to_owned()/> };
    let stages = Stage::FOR_MANY.map(|s| (s.code().to_owned(), words::stage(l, s).to_owned()));
    let stages = [(String::new(), t::task::stage(l).to_owned())].into_iter().chain(stages).collect();
    Some(
        view! {
            <form class="picked" id="bulk" method="post" action="/tasks/assign" aria-label=t::bulk::bar(l)>
                {picks}<input type="hidden" name="back" value=a.here()/>
                {v.may(Action::AssignTask).then(|| giving(v, loads, chosen))}
                <input class="in" type="date" name="due" value=chosen.due.clone() aria-label=t::task::due(l)/>
                <button class="btn" formaction="/tasks/due">{t::bulk::due(l)}</button>
                <select class="pick" name="stage" aria-label=t::task::stage(l)>{choices(&chosen.stage, stages)}</select>
                <button class="btn" formaction="/tasks/move">{t::bulk::to_stage(l)}</button>
            </form>
        }
        .into_any(),
    )
}

/// To whom the tasks go.
fn giving(v: &Viewer, loads: &[Load], chosen: &Chosen) -> AnyView {
    let l = v.lang;
    let works = loads.iter().filter(|p| p.person.active && p.person.role != Role::Observer);
    let burden = |p: &Load| (p.person.id.to_string(), super::form::burden(l, &p.person.name, p.tasks));
    let nobody_yet = [(String::new(), t::task::assignee(l).to_owned())];
    let take_off = [(NOBODY.to_owned(), t::task::take_off(l).to_owned())];
    let people: Vec<(String, String)> = nobody_yet.into_iter().chain(works.map(burden)).chain(take_off).collect();
    view! {
        <select class="pick" name="assignee" aria-label=t::task::assignee(l)>{choices(&chosen.assignee, people)}</select>
        <button class="btn">{t::bulk::assign(l)}</button>
        <button class="btn" formaction="/tasks/by-load">{t::share::by_load(l)}</button>
        <span class="sep"></span>
    }
    .into_any()
}
