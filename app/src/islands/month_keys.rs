//! The month by keys: one tab stop, arrows by day and week, PageUp and PageDown by month, Enter opens the day.

use leptos::prelude::*;
use leptos::{ev, web_sys};
use wasm_bindgen::JsCast as _;

/// Stands after the table of the month.
#[island]
pub fn MonthKeys() -> impl IntoView {
    Effect::new(move |_| {
        let Some(table) = one("table.month") else { return };
        let all = days(&table);
        let start = one("table.month a.n:target")
            .or_else(|| one("table.month .sel a.n"))
            .or_else(|| one("table.month .now a.n"));
        let start = start.or_else(|| all.first().cloned());
        for link in links(&table) {
            let _ = link.set_attribute("tabindex", "-1");
        }
        if let Some(day) = &start {
            let _ = day.set_attribute("tabindex", "0");
        }
        if let Some(day) = one("table.month a.n:target") {
            focus(&day);
        }
        let act = wasm_bindgen::closure::Closure::<dyn Fn(web_sys::KeyboardEvent)>::new(move |e| pressed(&all, &e));
        let _ = table.add_event_listener_with_callback("keydown", act.as_ref().unchecked_ref());
        // The table lives as long as the page, and so does its listener.
        act.forget();
        let close = window_event_listener(ev::keydown, |e| {
            if e.code() == "Escape"
                && let Some(close) = one(".drawer [data-close]")
            {
                click(&close);
            }
        });
        on_cleanup(move || close.remove());
    });
}

fn pressed(all: &[web_sys::Element], e: &web_sys::KeyboardEvent) {
    if e.alt_key() || e.ctrl_key() || e.meta_key() || e.shift_key() {
        return;
    }
    let target = e.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
    let Some(at) = target.and_then(|t| all.iter().position(|d| d.is_same_node(Some(&t)))) else { return };
    let to = match e.code().as_str() {
        "ArrowRight" => at.checked_add(1),
        "ArrowLeft" => at.checked_sub(1),
        "ArrowDown" => at.checked_add(7),
        "ArrowUp" => at.checked_sub(7),
        "PageDown" => return turn(e, "next"),
        "PageUp" => return turn(e, "prev"),
        _ => return,
    };
    match to.and_then(|to| all.get(to)) {
        Some(day) => {
            e.prevent_default();
            if let Some(before) = all.get(at) {
                let _ = before.set_attribute("tabindex", "-1");
            }
            let _ = day.set_attribute("tabindex", "0");
            focus(day);
        }
        None => turn(e, if matches!(e.code().as_str(), "ArrowRight" | "ArrowDown") { "next" } else { "prev" }),
    }
}

/// Goes to the neighbouring month, with the focus on its first day.
fn turn(e: &web_sys::KeyboardEvent, rel: &str) {
    e.prevent_default();
    let Some(href) = one(&format!("a[rel={rel}]")).and_then(|a| a.get_attribute("href")) else { return };
    let month = href.split(['?', '&']).find_map(|part| part.strip_prefix("month=")).unwrap_or_default();
    let _ = window().location().set_href(&format!("{href}#d-{month}-01"));
}

fn one(selector: &str) -> Option<web_sys::Element> {
    document().query_selector(selector).ok().flatten()
}

fn list(table: &web_sys::Element, selector: &str) -> Vec<web_sys::Element> {
    let Ok(found) = table.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|i| found.get(i)?.dyn_into().ok()).collect()
}

fn days(table: &web_sys::Element) -> Vec<web_sys::Element> {
    list(table, "a.n")
}

fn links(table: &web_sys::Element) -> Vec<web_sys::Element> {
    // Tasks can be moved by keys, so they are stops of their own.
    list(table, "a:not([data-task])")
}

fn focus(day: &web_sys::Element) {
    if let Some(day) = day.dyn_ref::<web_sys::HtmlElement>() {
        let _ = day.focus();
    }
}

fn click(link: &web_sys::Element) {
    if let Some(link) = link.dyn_ref::<web_sys::HtmlElement>() {
        link.click();
    }
}
