//! The button that accepts an import: it says how many are left when lines are left out, and the numbers beside say how many
//! those are.

use super::listen::all;
use leptos::prelude::*;
use leptos::web_sys;
use std::collections::HashSet;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

/// `words` is what it says at first, `left` with %n% for the number once something is ticked or chosen; `all` are the
/// lines that would be taken.
#[island]
pub fn AcceptCount(words: String, left: String, all: usize) -> impl IntoView {
    let (decided, set_decided) = signal((0usize, 0usize));
    let button = NodeRef::<leptos::html::Button>::new();
    Effect::new(move |_| {
        if button.get().is_some() {
            let look = move || {
                let now = count();
                tell(now.0);
                set_decided.set(now);
            };
            look();
            let listener = Closure::<dyn FnMut()>::new(look);
            let _ = document().add_event_listener_with_callback("change", listener.as_ref().unchecked_ref());
            // The button lives as long as the page, and so does its listener.
            listener.forget();
        }
    });
    let says = move || match decided.get() {
        (0, 0) => words.clone(),
        (out, chosen) => left.replace("%n%", &(all.saturating_sub(out) + chosen).to_string()),
    };
    let none = move || {
        let (out, chosen) = decided.get();
        all.saturating_sub(out) + chosen == 0 && out > 0
    };
    view! { <button class="btn main" form="accept" node_ref=button disabled=none>{says}</button> }
}

/// Writes the numbers beside anew: how many lines are left out, a line that hides while there are none, and what the others
/// come to.
fn tell(out: usize) {
    if let Some(line) = all::<web_sys::Element>("[data-left-out]").first() {
        let _ = line.toggle_attribute_with_force("hidden", out == 0);
        write(line, out);
    }
    let is_out = |row: &web_sys::Element| row.query_selector(".out input:checked").ok().flatten().is_some();
    let kept: Vec<web_sys::Element> = all("#accept tr[data-of]").into_iter().filter(|row| !is_out(row)).collect();
    for line in all::<web_sys::Element>("li[data-of]") {
        let Some(kind) = line.get_attribute("data-of").filter(|kind| !kind.is_empty()) else { continue };
        let of_kind = |row: &&web_sys::Element| {
            row.get_attribute("data-of").is_some_and(|kinds| kinds.split(' ').any(|of| of == kind))
        };
        let rows = kept.iter().filter(of_kind);
        let count = if kind == "clients" {
            rows.filter_map(|row| row.get_attribute("data-number")).collect::<HashSet<_>>().len()
        } else {
            rows.count()
        };
        write(&line, count);
    }
}

fn write(line: &web_sys::Element, n: usize) {
    if let Ok(Some(number)) = line.query_selector("b") {
        number.set_text_content(Some(&n.to_string()));
    }
}

/// Lines that are left out, and lines for which a client is chosen.
fn count() -> (usize, usize) {
    let ticked =
        |node: &web_sys::Element| node.dyn_ref::<web_sys::HtmlInputElement>().is_some_and(|tick| tick.checked());
    let chosen = |node: &web_sys::Element| {
        let picked = node.dyn_ref::<web_sys::HtmlSelectElement>().map(web_sys::HtmlSelectElement::value);
        let typed = || node.dyn_ref::<web_sys::HtmlInputElement>().map(web_sys::HtmlInputElement::value);
        picked.or_else(typed).is_some_and(|value| !value.trim().is_empty())
    };
    let out = all("#accept .out input").iter().filter(|node| ticked(node)).count();
    (out, all("#accept [name^=\"client_\"]").iter().filter(|node| chosen(node)).count())
}
