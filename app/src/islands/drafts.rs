//! Keeps longer texts in this browser until they are sent, and asks before a changed form is left.

use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

/// A draft that nobody has come back to for so long is dropped.
const WEEK_MS: f64 = 7.0 * 24.0 * 3_600_000.0;

/// Words of the drafts, and whose they are: another person at this computer gets none of them.
#[derive(Clone, Serialize, Deserialize)]
pub struct DraftTexts {
    pub person: String,
    pub restored: String,
    pub drop: String,
}

/// A text that was typed.
struct Draft {
    /// When, in milliseconds.
    at: f64,
    /// Its form was sent: it goes once a page says that this is done.
    sent: bool,
    text: String,
}

impl Draft {
    fn write(&self) -> String {
        format!("{} {} {}", self.at, self.sent, self.text)
    }

    fn read(line: &str) -> Option<Self> {
        let mut parts = line.splitn(3, ' ');
        let (at, sent, text) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { at: at.parse().ok()?, sent: sent.parse().ok()?, text: text.to_owned() })
    }
}

/// Stands once on every page.
#[island]
pub fn Drafts(texts: DraftTexts) -> impl IntoView {
    let place = NodeRef::<leptos::html::Span>::new();
    Effect::new(move |_| {
        if place.get().is_some() {
            begin(&texts);
        }
    });
    view! { <span hidden=true node_ref=place></span> }
}

fn begin(texts: &DraftTexts) {
    let own = format!("draft {} ", texts.person);
    sweep(&own);
    for area in areas() {
        restore(&area, &own, texts);
    }
    let dirty = RwSignal::new(false);
    let name = own.clone();
    listen(ev::input, move |event| {
        let Some(field) = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) else { return };
        if let Some(area) = field.dyn_ref::<web_sys::HtmlTextAreaElement>() {
            keep(area, &name, false);
        }
        let typed = "form[method=post]:not(.picked) :is(textarea, select, input:not([type=checkbox], [type=file]))";
        if field.matches(typed).unwrap_or(false) {
            dirty.set(true);
        }
    });
    let name = own.clone();
    listen(ev::submit, move |event| {
        dirty.set(false);
        let Some(form) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlFormElement>().ok()) else { return };
        if form.get_attribute("action").as_deref() == Some("/sign-out") {
            remove(&own, |_| true);
        }
        for area in areas().into_iter().filter(|area| area.form().as_ref() == Some(&form)) {
            keep(&area, &name, true);
        }
    });
    let leaving = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        if dirty.get_untracked() {
            event.prevent_default();
        }
    });
    if let Some(window) = web_sys::window() {
        let _ = window.add_event_listener_with_callback("beforeunload", leaving.as_ref().unchecked_ref());
    }
    // The page's end is the listener's end.
    leaving.forget();
}

fn listen<E: ev::EventDescriptor>(event: E, act: impl Fn(web_sys::Event) + 'static) {
    let act = Closure::<dyn Fn(web_sys::Event)>::new(act);
    let _ = document().add_event_listener_with_callback(&event.name(), act.as_ref().unchecked_ref());
    // The page's end is the listener's end.
    act.forget();
}

fn areas() -> Vec<web_sys::HtmlTextAreaElement> {
    let Ok(found) = document().query_selector_all("form[method=post] textarea[name]") else { return Vec::new() };
    (0..found.length()).filter_map(|i| found.get(i)?.dyn_into().ok()).collect()
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// Where the draft of a text lies: by the address of its form, what the page was asked for, and its name.
fn key(area: &web_sys::HtmlTextAreaElement, own: &str) -> Option<String> {
    let action = area.form()?.get_attribute("action")?;
    let search = web_sys::window()?.location().search().ok()?;
    let asked: Vec<&str> = search.trim_start_matches('?').split('&').filter(|p| !passes(p)).collect();
    Some(format!("{own}{action} {} {}", asked.join("&"), area.name()))
}

/// What an address says of the moment only.
fn passes(part: &str) -> bool {
    part.starts_with("done=") || part.starts_with("undo=")
}

fn keep(area: &web_sys::HtmlTextAreaElement, own: &str, sent: bool) {
    let (Some(storage), Some(key)) = (storage(), key(area, own)) else { return };
    let text = area.value();
    if text.trim().is_empty() || (!sent && area.default_value().is_ok_and(|before| before == text)) {
        let _ = storage.remove_item(&key);
        return;
    }
    let _ = storage.set_item(&key, &Draft { at: js_sys::Date::now(), sent, text }.write());
}

/// Drops what is old, and what was sent where this page says that it is done.
fn sweep(own: &str) {
    let search = web_sys::window().and_then(|w| w.location().search().ok()).unwrap_or_default();
    let done = search.contains("done=");
    let now = js_sys::Date::now();
    remove(own, |draft| draft.at < now - WEEK_MS || (draft.sent && done));
}

fn remove(own: &str, gone: impl Fn(&Draft) -> bool) {
    let Some(storage) = storage() else { return };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|n| storage.key(n).ok().flatten());
    let own: Vec<String> = keys.filter(|key| key.starts_with(own)).collect();
    for key in own {
        let draft = storage.get_item(&key).ok().flatten().and_then(|line| Draft::read(&line));
        if draft.as_ref().is_none_or(&gone) {
            let _ = storage.remove_item(&key);
        }
    }
}

/// Puts a draft back into an untouched field, with a way to drop it.
fn restore(area: &web_sys::HtmlTextAreaElement, own: &str, texts: &DraftTexts) {
    let (Some(storage), Some(key)) = (storage(), key(area, own)) else { return };
    let Some(draft) = storage.get_item(&key).ok().flatten().and_then(|line| Draft::read(&line)) else { return };
    if draft.text == area.value() {
        return;
    }
    let before = area.value();
    area.set_value(&draft.text);
    let Ok(note) = document().create_element("p") else { return };
    note.set_class_name("hint");
    note.set_text_content(Some(&texts.restored));
    let Ok(button) = document().create_element("button") else { return };
    let _ = button.set_attribute("type", "button");
    button.set_class_name("btn bare low");
    button.set_text_content(Some(&texts.drop));
    let (field, line) = (area.clone(), note.clone());
    let drop = Closure::<dyn Fn()>::new(move || {
        field.set_value(&before);
        let _ = storage.remove_item(&key);
        line.remove();
    });
    let _ = button.add_event_listener_with_callback("click", drop.as_ref().unchecked_ref());
    // The button lives as long as the page, and so does its listener.
    drop.forget();
    let _ = note.append_child(&button);
    let _ = area.after_with_node_1(&note);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_read_as_it_was_written() {
        let draft =
            Draft { at: 1_764_262_800_000.0, sent: true, text: "Позвонить\nв среду, 10:00".into() };
        let read = Draft::read(&draft.write()).map(|d| (d.at, d.sent, d.text.clone()));
        assert_eq!(read, Some((draft.at, draft.sent, draft.text)));
        assert!(Draft::read("nonsense").is_none());
    }
}
