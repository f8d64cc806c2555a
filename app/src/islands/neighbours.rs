//! Leads from a client or a task to the one before and behind it in the list from which somebody came.

use leptos::prelude::*;
use leptos::web_sys;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast as _;

/// Words of the two ways.
#[derive(Clone, Serialize, Deserialize)]
pub struct NeighbourTexts {
    pub previous: String,
    pub next: String,
    /// «%n% of %all%».
    pub place: String,
    /// Where the icons stand.
    pub left: String,
    pub right: String,
}

/// The things of a list, in its order, and which of them is open.
#[derive(Clone)]
struct Place {
    all: Vec<String>,
    at: usize,
}

/// Stands in the head of every page. A list notes its lines for this tab; without scripts there is nothing.
#[island]
pub fn Neighbours(texts: NeighbourTexts) -> impl IntoView {
    let (place, set_place) = signal(None::<Place>);
    Effect::new(move |_| {
        let Ok(here) = window().location().pathname() else { return };
        match kind_of(&here) {
            Some(kind) => {
                let all = noted(kind);
                set_place.set(all.iter().position(|href| *href == here).map(|at| Place { all, at }));
            }
            None => note_lines(),
        }
    });
    move || {
        place.get().map(|Place { all, at }| {
            let way = |to: Option<usize>, label: &str, icon: &str, rel: &'static str| {
                let href = to.and_then(|to| all.get(to)).cloned();
                let off = href.is_none().then_some("true");
                let (label, icon) = (label.to_owned(), icon.to_owned());
                view! { <a class="btn bare sq" href=href rel=rel aria-label=label aria-disabled=off>
                <svg class="i" aria-hidden="true"><use href=icon></use></svg></a> }
            };
            let (n, of) = ((at + 1).to_string(), all.len().to_string());
            view! {
                <nav class="neighbours">{way(at.checked_sub(1), &texts.previous, &texts.left, "prev")}
                    <span class="mute">{texts.place.replace("%n%", &n).replace("%all%", &of)}</span>
                    {way(at.checked_add(1), &texts.next, &texts.right, "next")}</nav>
            }
        })
    }
}

/// `clients` or `tasks`, where an address is of one of them.
fn kind_of(path: &str) -> Option<&'static str> {
    let (_, rest) = path.split_once('/')?;
    let (kind, id) = rest.split_once('/')?;
    let id = id.len() == 36 && id.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
    ["clients", "tasks"].into_iter().find(|known| id && *known == kind)
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

fn key(kind: &str) -> String {
    format!("merzim.lines.{kind}")
}

fn noted(kind: &str) -> Vec<String> {
    let text = storage().and_then(|s| s.get_item(&key(kind)).ok().flatten()).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Notes the clients and the tasks of a list in their order; a page without them leaves what was noted.
fn note_lines() {
    let Ok(found) = document().query_selector_all("main tbody th[scope=row] a[href], main .lanes a.card[href]") else {
        return;
    };
    let hrefs = (0..found.length()).filter_map(|i| found.get(i)?.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    let paths: Vec<String> = hrefs.map(|link| link.pathname()).collect();
    for kind in ["clients", "tasks"] {
        let mut own: Vec<&str> = Vec::new();
        for path in paths.iter().filter(|path| kind_of(path) == Some(kind)) {
            if !own.contains(&path.as_str()) {
                own.push(path);
            }
        }
        if let Some(storage) = storage().filter(|_| !own.is_empty()) {
            let _ = storage.set_item(&key(kind), &own.join("\n"));
        }
    }
}
