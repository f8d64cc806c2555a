//! A button that copies a text of the page and says so.

use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::JsCast as _;

/// `of` is the id of a text area. Without scripts the text is selected by hand.
#[island]
pub fn CopyText(of: String, label: String, done: String) -> impl IntoView {
    let (copied, set_copied) = signal(false);
    let of = StoredValue::new(of);
    let copy = move |_| {
        let area = document()
            .get_element_by_id(&of.get_value())
            .and_then(|e| e.dyn_into::<web_sys::HtmlTextAreaElement>().ok());
        let Some(area) = area else { return };
        area.select();
        // The newer way is closed to pages of an office network without TLS.
        let page = document().dyn_into::<web_sys::HtmlDocument>().ok();
        set_copied.set(page.is_some_and(|page| page.exec_command("copy").unwrap_or(false)));
    };
    view! {
        <button type="button" class="btn main only-awake" on:click=copy>{label}</button>
        <span class="mute" role="status">{move || copied.get().then(|| done.clone())}</span>
    }
}
