//! Sends a filter form as soon as one of its selects changes.

use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

/// Stands inside a form. Without scripts its button sends the form.
#[island]
pub fn FilterBar(label: String) -> impl IntoView {
    let button = NodeRef::<leptos::html::Button>::new();
    Effect::new(move |_| {
        if let Some(button) = button.get() {
            watch(&button);
        }
    });
    view! { <button class="btn low" node_ref=button>{label}</button> }
}

/// Listens to the form's changes and hides the button that is no longer needed.
fn watch(button: &web_sys::HtmlButtonElement) {
    let Some(form) = button.form() else { return };
    button.set_hidden(true);
    let sends = form.clone();
    let listener = Closure::<dyn FnMut()>::new(move || {
        let _ = sends.submit();
    });
    let _ = form.add_event_listener_with_callback("change", listener.as_ref().unchecked_ref());
    // The form lives as long as the page, and so does its listener.
    listener.forget();
}
