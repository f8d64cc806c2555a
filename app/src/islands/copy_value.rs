//! A small button that copies what stands beside it, such as a number.

use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::JsCast as _;

/// `icon`: where the icon stands. Without scripts the value is selected by hand.
#[island]
pub fn CopyValue(value: String, label: String, done: String, icon: String) -> impl IntoView {
    let (copied, set_copied) = signal(false);
    let value = StoredValue::new(value);
    let copy = move |_| set_copied.set(put(&value.get_value()).unwrap_or(false));
    view! {
        <button type="button" class="copy only-awake" aria-label=label.clone() title=label on:click=copy>
            <svg class="i" aria-hidden="true"><use href=icon></use></svg></button>
        <span class="mute" role="status">{move || copied.get().then(|| done.clone())}</span>
    }
}

/// Puts a text on the clipboard through a field that stands there for a moment.
fn put(text: &str) -> Option<bool> {
    let page = document().dyn_into::<web_sys::HtmlDocument>().ok()?;
    let area = page.create_element("textarea").ok()?.dyn_into::<web_sys::HtmlTextAreaElement>().ok()?;
    let body = page.body()?;
    body.append_child(&area).ok()?;
    area.set_value(text);
    area.select();
    // The newer way is closed to pages of an office network without TLS.
    let done = page.exec_command("copy").unwrap_or(false);
    area.remove();
    Some(done)
}
