//! Counts the ticks of a list, ticks all of them, and with Shift all between two; Escape takes them away.

use super::listen::all;
use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

/// Stands inside the form that the ticks belong to; `name` is their name. Hides the form while nothing is ticked. On a phone
/// its acts are shown by `acts`, for they would cover the list.
#[island]
pub fn Picks(name: String, counting: String, every: String, acts: String) -> impl IntoView {
    let all = NodeRef::<leptos::html::Input>::new();
    let (count, set_count) = signal(0usize);
    let boxes = StoredValue::new(format!("input[type=checkbox][name='{name}']"));
    Effect::new(move |_| {
        if let Some(all) = all.get() {
            extend(boxes.get_value());
            clear_by_escape(&all, boxes.get_value(), set_count);
            watch(&all, boxes.get_value(), set_count);
        }
    });
    let tick_all = move |_| {
        let Some(all) = all.get_untracked() else { return };
        for tick in ticks(&boxes.get_value()) {
            tick.set_checked(all.checked());
        }
        shown(&all, &boxes.get_value(), set_count);
    };
    view! {
        <span>{move || counting.replace("%n%", &count.get().to_string())}</span>
        <label class="check only-awake every"><input type="checkbox" node_ref=all on:change=tick_all/>{every}</label>
        <label class="check on-phone acts"><input type="checkbox"/>{acts}</label>
        <span class="sep"></span>
    }
}

fn ticks(selector: &str) -> Vec<web_sys::HtmlInputElement> {
    all(selector)
}

fn shown(all: &web_sys::HtmlInputElement, selector: &str, set_count: WriteSignal<usize>) {
    let boxes = ticks(selector);
    let n = boxes.iter().filter(|t| t.checked()).count();
    set_count.set(n);
    for head in ticks("input[data-every]") {
        let Ok(Some(table)) = head.closest("table") else { continue };
        let mut own = boxes.iter().filter(|tick| table.contains(Some(tick))).peekable();
        head.set_checked(own.peek().is_some() && own.all(web_sys::HtmlInputElement::checked));
    }
    if let Some(form) = all.form() {
        let _ = form.toggle_attribute_with_force("data-idle", n == 0);
    }
}

/// A click with Shift ticks everything since the last click, as in a mail program.
fn extend(selector: String) {
    let mut last = None;
    let listener = Closure::<dyn FnMut(web_sys::MouseEvent)>::new(move |event: web_sys::MouseEvent| {
        let Some(target) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) else { return };
        let all = ticks(&selector);
        let Some(at) = all.iter().position(|tick| *tick == target) else { return };
        if let Some(from) = last.filter(|_| event.shift_key()) {
            let (first, end) = if from < at { (from, at) } else { (at, from) };
            for tick in all.iter().skip(first).take(end - first + 1) {
                tick.set_checked(target.checked());
            }
        }
        last = Some(at);
    });
    let _ = document().add_event_listener_with_callback("click", listener.as_ref().unchecked_ref());
    // The list lives as long as the page, and so does its listener.
    listener.forget();
}

/// Escape unticks everything, unless it closes something that lies over the list.
fn clear_by_escape(all: &web_sys::HtmlInputElement, selector: String, set_count: WriteSignal<usize>) {
    let all = all.clone();
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let over = document().query_selector("dialog[open], .drawer").ok().flatten().is_some();
        if event.code() == "Escape" && !over {
            for tick in ticks(&selector) {
                tick.set_checked(false);
            }
            shown(&all, &selector, set_count);
        }
    });
    on_cleanup(move || handle.remove());
}

fn watch(all: &web_sys::HtmlInputElement, selector: String, set_count: WriteSignal<usize>) {
    shown(all, &selector, set_count);
    let all = all.clone();
    let listener = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        // The box in the head of a table ticks its lines.
        let target = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
        if let Some(head) = target.filter(|t| t.has_attribute("data-every"))
            && let Ok(Some(table)) = head.closest("table")
        {
            for tick in ticks(&selector).into_iter().filter(|tick| table.contains(Some(tick))) {
                tick.set_checked(head.checked());
            }
        }
        shown(&all, &selector, set_count);
    });
    let _ = document().add_event_listener_with_callback("change", listener.as_ref().unchecked_ref());
    // The list lives as long as the page, and so does its listener.
    listener.forget();
}
