//! Gives a task of the calendar another day: it is dragged there, or moved with Shift and an arrow.

use super::listen::{listen, near};
use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::JsCast as _;

/// Stands after the table of the days; `back` is the page to come back to.
#[island]
pub fn DayMoves(help: String, back: String) -> impl IntoView {
    let form = NodeRef::<leptos::html::Form>::new();
    Effect::new(move |_| {
        let (Some(form), Some(table)) = (form.get(), one("table.month")) else { return };
        // Whoever moved a task by keys goes on from it.
        if let Some(moved) = one("a[data-task]:target").and_then(|a| a.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = moved.focus();
        }
        by_mouse(&table, form.clone());
        by_keys(&table, form);
    });
    view! {
        <form class="only-awake" method="post" node_ref=form>
            <p class="hint p-hide">{help}</p>
            <input type="hidden" name="due"/><input type="hidden" name="agreed"/>
            <input type="hidden" name="revision"/><input type="hidden" name="back" value=back/>
        </form>
    }
}

fn by_mouse(table: &web_sys::Element, form: web_sys::HtmlFormElement) {
    let held = RwSignal::new(None::<String>);
    listen(table, ev::dragstart, move |e| {
        let Some(task) = near(&e, "[data-task]") else { return };
        held.set(Some(task.id()));
        if let Some(transfer) = e.data_transfer() {
            let _ = transfer.set_data("text/plain", &task.id());
            transfer.set_effect_allowed("move");
        }
    });
    listen(table, ev::dragover, move |e| {
        if held.with_untracked(Option::is_some)
            && let Some(day) = near(&e, "[data-day]")
        {
            e.prevent_default();
            mark(Some(&day));
        }
    });
    listen(table, ev::dragend, move |_| {
        held.set(None);
        mark(None);
    });
    listen(table, ev::drop, move |e| {
        let (Some(id), Some(day)) = (held.get_untracked(), near(&e, "[data-day]")) else { return };
        e.prevent_default();
        held.set(None);
        if let Some(task) = document().get_element_by_id(&id) {
            put(&form, &task, &day);
        }
    });
}

fn by_keys(table: &web_sys::Element, form: web_sys::HtmlFormElement) {
    listen(table, ev::keydown, move |e| {
        if !e.shift_key() || e.alt_key() || e.ctrl_key() || e.meta_key() {
            return;
        }
        let Some(task) = near(&e, "[data-task]") else { return };
        let step: isize = match e.code().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            "ArrowDown" => 7,
            "ArrowUp" => -7,
            _ => return,
        };
        e.prevent_default();
        if let Some(day) = beside(&task, step) {
            put(&form, &task, &day);
        }
    });
}

/// The day so many days after the one in which a task stands, if the page shows it.
fn beside(task: &web_sys::Element, step: isize) -> Option<web_sys::Element> {
    let here = task.closest("[data-day]").ok().flatten()?;
    let all = days();
    let at = all.iter().position(|day| day.is_same_node(Some(&here)))?;
    all.into_iter().nth(at.checked_add_signed(step)?)
}

/// Sends the form that gives a task its new day. A time that is agreed stays as it is.
fn put(form: &web_sys::HtmlFormElement, task: &web_sys::Element, day: &web_sys::Element) {
    if task.closest("[data-day]").ok().flatten().is_some_and(|now| now.is_same_node(Some(day))) {
        return;
    }
    let of = |element: &web_sys::Element, name: &str| element.get_attribute(name).unwrap_or_default();
    let (id, day) = (of(task, "data-task"), of(day, "data-day"));
    match task.get_attribute("data-at") {
        Some(time) => {
            form.set_action(&format!("/tasks/{id}/agreed"));
            fill(form, "agreed", &format!("{day}T{time}"));
        }
        None => {
            form.set_action(&format!("/tasks/{id}/due"));
            fill(form, "due", &day);
        }
    }
    fill(form, "revision", &of(task, "data-rev"));
    let back = field(form, "back").map(|back| back.value()).unwrap_or_default();
    fill(form, "back", &format!("{}#{}", back.split('#').next().unwrap_or_default(), task.id()));
    let _ = form.submit();
}

fn field(form: &web_sys::HtmlFormElement, name: &str) -> Option<web_sys::HtmlInputElement> {
    form.query_selector(&format!("[name={name}]")).ok().flatten()?.dyn_into().ok()
}

fn fill(form: &web_sys::HtmlFormElement, name: &str, value: &str) {
    if let Some(field) = field(form, name) {
        field.set_value(value);
    }
}

/// Shows the day under the task that is dragged.
fn mark(day: Option<&web_sys::Element>) {
    for each in days() {
        let _ = each.toggle_attribute_with_force("data-open", day.is_some_and(|day| each.is_same_node(Some(day))));
    }
}

fn days() -> Vec<web_sys::Element> {
    let Ok(found) = document().query_selector_all("table.month [data-day]") else { return Vec::new() };
    (0..found.length()).filter_map(|i| found.get(i)?.dyn_into().ok()).collect()
}

fn one(selector: &str) -> Option<web_sys::Element> {
    document().query_selector(selector).ok().flatten()
}
