//! Saved views above a list, and the way to save it as it is narrowed now.

use super::icon;
use crate::seat::Viewer;
use crate::text as t;
use domain::access::Action;
use domain::view::{Place, SavedView, kept};
use leptos::prelude::*;

/// The views of a list; nothing where there are none and nothing is narrowed.
pub fn views(v: &Viewer, place: Place, all: &[SavedView]) -> Option<AnyView> {
    let l = v.lang;
    let here = v.here.split_once('?').map(|(_, query)| kept(query)).unwrap_or_default();
    let these: Vec<&SavedView> = all.iter().filter(|view| view.place == place).collect();
    let saved = these.iter().any(|view| view.query == here);
    if these.is_empty() && here.is_empty() {
        return None;
    }
    let links = these.iter().map(|view| {
        let href = format!("{}?{}", place.path(), view.query);
        let current = view.query == here;
        let shared = view.shared.then(|| icon("clients"));
        let remove = (current && view.own).then(|| {
            let label = format!("{}: {}", t::views::remove(l), view.name);
            view! { <form method="post" action=format!("/views/{}/remove", view.id)>
            <button class="btn bare low sq" aria-label=label>{icon("x")}</button></form> }
        });
        let title = view.shared.then(|| t::views::shared(l));
        view! { <a class="btn low" href=href title=title aria-current=current.then_some("page")>{shared}
        {view.name.clone()}</a>{remove} }
    });
    let save = (!saved && !here.is_empty()).then(|| save(v, place, here.clone()));
    Some(view! { <nav class="views" aria-label=t::views::title(l)>{links.collect_view()}{save}</nav> }.into_any())
}

fn save(v: &Viewer, place: Place, query: String) -> AnyView {
    let l = v.lang;
    let share = v.may(Action::AssignTask).then(
        || view! { <label class="check"><input type="checkbox" name="shared" value="1"/>{t::views::share(l)}</label> },
    );
    view! {
        <details class="fold"><summary>{icon("plus")}{t::views::save(l)}</summary>
            <form class="line" method="post" action="/views"><input type="hidden" name="place" value=place.code()/>
                <input type="hidden" name="query" value=query/>
                <input class="in" name="name" required=true maxlength="60" aria-label=t::views::name(l)
                    placeholder=t::views::name(l)/>{share}<button class="btn">{t::form::save(l)}</button></form>
                    </details>
    }
    .into_any()
}
