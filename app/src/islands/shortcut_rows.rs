//! What the keys do on a page: they press what stands there already.

use super::listen::all;
use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::JsCast as _;

/// Rows that the keys walk: lines of tables and cards of the board.
const ROWS: &str = "main table.t tbody tr, main .lanes li[data-task]";

/// Whether the key belongs to a field.
pub fn is_typing(e: &web_sys::KeyboardEvent) -> bool {
    let target = e.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|t| {
        let text = t.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
        text.unwrap_or(false)
    })
}

fn one(selector: &str) -> Option<web_sys::HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

fn press(selector: &str) -> bool {
    let Some(found) = one(selector) else { return false };
    found.click();
    true
}

/// Presses the way back of the notice, while it is up.
pub fn undo() -> bool {
    press("form.toast button")
}

/// The second letter after G.
pub fn go_to(code: &str) -> bool {
    let path = match code {
        "KeyT" => "/",
        "KeyC" => "/calendar",
        "KeyL" => "/clients",
        "KeyB" => "/tasks",
        "KeyI" => "/import",
        "KeyP" => "/staff",
        "KeyJ" => "/audit",
        _ => return false,
    };
    let _ = window().location().set_href(path);
    true
}

/// What a single key does; whether it did anything.
pub fn act(code: &str, shift: bool) -> bool {
    match (code, shift) {
        ("Slash", false) => focus(one("main input[type=search]").or_else(|| one(".find input"))),
        ("KeyJ", false) => press(".neighbours a[rel=next][href]") || walk(1, false),
        ("KeyK", false) => press(".neighbours a[rel=prev][href]") || walk(-1, false),
        ("ArrowDown", false) if at_row().is_some() => walk(1, false),
        ("ArrowUp", false) if at_row().is_some() => walk(-1, false),
        ("ArrowDown", true) => walk(1, true),
        ("ArrowUp", true) => walk(-1, true),
        ("KeyX", false) => tick(),
        ("KeyA", false) => focus(one(".picked:not([data-idle]) select").or_else(|| one("main select[name=assignee]"))),
        ("KeyR", false) => in_row("a[href^='/tasks/new']:not([href*='reason='])"),
        ("KeyL", false) => in_row("a[href*='reason=password_lost']"),
        ("BracketLeft", false) => press("main a[rel=prev], .head a[rel=prev]"),
        ("BracketRight", false) => press("main a[rel=next], .head a[rel=next]"),
        ("KeyT", false) => press(".monthnav a:not([rel])") || go_to("KeyT"),
        ("Escape", _) => super::menus::close() || press(".drawer [data-close]"),
        _ => false,
    }
}

fn focus(found: Option<web_sys::HtmlElement>) -> bool {
    found.is_some_and(|f| f.focus().is_ok())
}

/// The row that holds the focus.
fn at_row() -> Option<web_sys::Element> {
    document()
        .active_element()?
        .closest("tr, li[data-task]")
        .ok()
        .flatten()
        .filter(|r| r.matches(ROWS).unwrap_or(false))
}

/// Moves the focus to the row `by` further; with `ticking` the rows on the way are ticked.
fn walk(by: i32, ticking: bool) -> bool {
    let rows: Vec<web_sys::Element> = all(ROWS);
    let now = at_row().and_then(|row| rows.iter().position(|r| r.is_same_node(Some(&row))));
    let next = match now {
        None => 0,
        Some(at) => at.checked_add_signed(by as isize).unwrap_or(0).min(rows.len().saturating_sub(1)),
    };
    let Some(row) = rows.get(next) else { return false };
    if ticking {
        for row in now.and_then(|n| rows.get(n)).into_iter().chain([row]) {
            set_tick(row, Some(true));
        }
    }
    let link = row.query_selector("th a, a").ok().flatten().and_then(|a| a.dyn_into::<web_sys::HtmlElement>().ok());
    focus(link)
}

fn tick() -> bool {
    at_row().is_some_and(|row| set_tick(&row, None))
}

/// Ticks a row, or turns its tick, as a click would.
fn set_tick(row: &web_sys::Element, wanted: Option<bool>) -> bool {
    let found = row.query_selector("input[type=checkbox]").ok().flatten();
    let Some(tick) = found.and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) else { return false };
    if wanted != Some(tick.checked()) {
        tick.click();
    }
    true
}

/// Presses something of the row that holds the focus, else of the page.
fn in_row(selector: &str) -> bool {
    let within = |e: web_sys::Element| e.query_selector(selector).ok().flatten();
    let found = match at_row() {
        Some(row) => within(row),
        None => one("main").and_then(|main| within(main.into())),
    };
    let Some(found) = found.and_then(|f| f.dyn_into::<web_sys::HtmlElement>().ok()) else { return false };
    found.click();
    true
}

/// Arrows walk the answers of the palette, Enter in its field opens the first.
pub fn in_palette(e: &web_sys::KeyboardEvent) {
    let links: Vec<web_sys::Element> = all("dialog.palette .found a");
    let here = document().active_element();
    let now = here.and_then(|h| links.iter().position(|l| l.is_same_node(Some(&h))));
    let to = match (e.code().as_str(), now) {
        ("ArrowDown", None) => Some(0),
        ("ArrowDown", Some(n)) => Some(n + 1),
        ("ArrowUp", Some(0)) => {
            e.prevent_default();
            focus(one("dialog.palette input"));
            return;
        }
        ("ArrowUp", Some(n)) => Some(n - 1),
        ("Enter" | "NumpadEnter", None) => {
            e.prevent_default();
            press("dialog.palette .found a");
            return;
        }
        _ => None,
    };
    let link = to.and_then(|n| links.get(n)).and_then(|l| l.dyn_ref::<web_sys::HtmlElement>());
    if let Some(link) = link {
        e.prevent_default();
        let _ = link.focus();
    }
}
