//! Menus that are open: a click elsewhere closes them, and Escape.

use super::listen::all;
use leptos::prelude::document;
use leptos::web_sys;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

const OPEN: &str = "details.ways[open]";

/// Closes what is open by a click elsewhere, as long as the page lives.
pub fn close_by_click() {
    let listener = Closure::<dyn FnMut(web_sys::Event)>::new(|event: web_sys::Event| {
        let at = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        for menu in all::<web_sys::Element>(OPEN).into_iter().filter(|menu| !menu.contains(at.as_ref())) {
            let _ = menu.remove_attribute("open");
        }
    });
    let _ = document().add_event_listener_with_callback("click", listener.as_ref().unchecked_ref());
    listener.forget();
}

/// Closes what is open and gives the focus back to its button; whether anything was.
pub fn close() -> bool {
    let open: Vec<web_sys::Element> = all(OPEN);
    for menu in &open {
        let _ = menu.remove_attribute("open");
        let button = menu.query_selector("summary").ok().flatten();
        if let Some(button) = button.and_then(|b| b.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = button.focus();
        }
    }
    !open.is_empty()
}
