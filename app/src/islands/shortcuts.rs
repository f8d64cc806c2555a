//! Shortcuts on the keyboard: the palette, the rows of a list, the keys of a page. Keys are told by their place
//! (`KeyboardEvent.code`), so that ЙЦУКЕН and the Kazakh layout work alike.

use super::shortcut_rows as rows;
use leptos::prelude::*;
use leptos::{ev, web_sys};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Words of the palette.
#[derive(Clone, Serialize, Deserialize)]
pub struct ShortcutTexts {
    pub title: String,
    pub hint: String,
    pub keys_title: String,
    pub close: String,
    /// Turning single letters off and on.
    pub letters_off: String,
    pub letters_on: String,
}

/// Where single letters are switched off, in the browser's own store.
const LETTERS: &str = "merzim-letters-off";

/// Stands once in every page of somebody who is signed in.
#[island]
pub fn Shortcuts(texts: ShortcutTexts) -> impl IntoView {
    let palette = Palette::new();
    let (letters, set_letters) = signal(true);
    Effect::new(move |_| {
        set_letters.set(stored().is_none());
    });
    Effect::new(|_| super::menus::close_by_click());
    listen(palette, letters);
    let toggle = move |_| {
        let off = letters.get_untracked();
        if let Ok(Some(store)) = window().local_storage() {
            let _ = if off { store.set_item(LETTERS, "1") } else { store.remove_item(LETTERS) };
        }
        set_letters.set(!off);
    };
    let finding = palette.finding;
    let titles = (texts.title.clone(), texts.keys_title);
    let title = move || if finding.get() { titles.0.clone() } else { titles.1.clone() };
    let words = (texts.letters_off, texts.letters_on);
    let letters_word = move || if letters.get() { words.0.clone() } else { words.1.clone() };
    view! {
        <dialog class="palette" node_ref=palette.dialog aria-label=title on:keydown=move |e| rows::in_palette(&e)>
            <input class="in" type="search" node_ref=palette.field hidden=move || !finding.get() placeholder=texts.hint
                aria-label=texts.title autocomplete="off" on:input=move |_| palette.ask()/>
            <div node_ref=palette.list></div>
            <footer><button type="button" class="btn bare low" hidden=move || finding.get() on:click=toggle>
                {letters_word}</button><button type="button" class="btn bare low" on:click=move |_| palette.close()>
                {texts.close}</button></footer>
        </dialog>
    }
}

/// The dialog: a search, or the list of keys.
#[derive(Clone, Copy)]
struct Palette {
    dialog: NodeRef<leptos::html::Dialog>,
    field: NodeRef<leptos::html::Input>,
    list: NodeRef<leptos::html::Div>,
    finding: RwSignal<bool>,
    asked: StoredValue<u32>,
}

impl Palette {
    fn new() -> Self {
        Self {
            dialog: NodeRef::new(),
            field: NodeRef::new(),
            list: NodeRef::new(),
            finding: RwSignal::new(true),
            asked: StoredValue::new(0),
        }
    }

    fn is_open(&self) -> bool {
        self.dialog.get_untracked().is_some_and(|d| d.open())
    }

    fn show(&self, find: bool) {
        let Some(dialog) = self.dialog.get_untracked() else { return };
        self.finding.set(find);
        if !dialog.open() {
            let _ = dialog.show_modal();
        }
        if !find {
            return self.fill("/keys?part=1".into());
        }
        if let Some(field) = self.field.get_untracked() {
            field.set_value("");
            let _ = field.focus();
        }
        self.ask();
    }

    fn close(&self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }

    fn ask(&self) {
        let text = self.field.get_untracked().map(|f| f.value()).unwrap_or_default();
        let text = js_sys::encode_uri_component(&text).as_string().unwrap_or_default();
        self.fill(format!("/find?part=1&q={text}"));
    }

    fn fill(&self, address: String) {
        let Self { asked, list, .. } = *self;
        asked.update_value(|n| *n += 1);
        let mine = asked.get_value();
        spawn_local(async move {
            let Ok(html) = fetch(&address).await else { return };
            // An answer that was overtaken by a later question is dropped.
            if let Some(list) = list.get_untracked().filter(|_| asked.get_value() == mine) {
                list.set_inner_html(&html);
            }
        });
    }
}

fn listen(palette: Palette, letters: ReadSignal<bool>) {
    let going = StoredValue::new(false);
    let listener = window_event_listener(ev::keydown, move |e| {
        let code = e.code();
        if (e.ctrl_key() || e.meta_key()) && !e.alt_key() && code == "KeyK" {
            e.prevent_default();
            return palette.show(true);
        }
        if palette.is_open() || rows::is_typing(&e) || e.get_modifier_state("AltGraph") || e.alt_key() {
            return;
        }
        if e.ctrl_key() || e.meta_key() {
            if code == "KeyZ" && rows::undo() {
                e.prevent_default();
            }
            return;
        }
        if !letters.get_untracked() && code != "Slash" {
            return;
        }
        let after_g = going.get_value();
        going.set_value(!after_g && code == "KeyG");
        if after_g && rows::go_to(&code) {
            return e.prevent_default();
        }
        if code == "Slash" && e.shift_key() {
            e.prevent_default();
            return palette.show(false);
        }
        if rows::act(&code, e.shift_key()) {
            e.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn stored() -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(LETTERS).ok().flatten()
}

async fn fetch(address: &str) -> Result<String, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let answer: web_sys::Response = JsFuture::from(window.fetch_with_str(address)).await?.dyn_into()?;
    if !answer.ok() {
        return Err(JsValue::NULL);
    }
    JsFuture::from(answer.text()?).await?.as_string().ok_or(JsValue::NULL)
}
