//! The button that accepts an import: it says how many are left when lines are left out.

use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

/// `words` is what it says at first, `left` with %n% for the number once something is ticked; `all` are the lines that
/// would be taken.
#[island]
pub fn AcceptCount(words: String, left: String, all: usize) -> impl IntoView {
    let (out, set_out) = signal(0usize);
    let button = NodeRef::<leptos::html::Button>::new();
    Effect::new(move |_| {
        if button.get().is_some() {
            set_out.set(ticked());
            let listener = Closure::<dyn FnMut()>::new(move || set_out.set(ticked()));
            let _ = document().add_event_listener_with_callback("change", listener.as_ref().unchecked_ref());
            // The button lives as long as the page, and so does its listener.
            listener.forget();
        }
    });
    let says = move || match out.get() {
        0 => words.clone(),
        n => left.replace("%n%", &all.saturating_sub(n).to_string()),
    };
    view! { <button class="btn main" form="accept" node_ref=button>{says}</button> }
}

fn ticked() -> usize {
    let found = document().query_selector_all("#accept .out input").map(|list| {
        (0..list.length()).filter_map(|i| list.get(i)?.dyn_into::<web_sys::HtmlInputElement>().ok()).collect::<Vec<_>>()
    });
    found.unwrap_or_default().iter().filter(|tick| tick.checked()).count()
}
