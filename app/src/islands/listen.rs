//! Finding elements of the page, and listening to a whole table or board rather than to each of its cards.

use leptos::prelude::document;
use leptos::{ev, web_sys};
use wasm_bindgen::JsCast as _;

/// Listens to an element that lives as long as its page, and so does the listener.
pub fn listen<E: ev::EventDescriptor + 'static>(on: &web_sys::Element, event: E, act: impl Fn(E::EventType) + 'static)
where
    E::EventType: wasm_bindgen::JsCast,
{
    let act =
        wasm_bindgen::closure::Closure::<dyn Fn(web_sys::Event)>::new(move |e: web_sys::Event| act(e.unchecked_into()));
    let _ = on.add_event_listener_with_callback(&event.name(), act.as_ref().unchecked_ref());
    act.forget();
}

/// All elements of the page that fit a selector and are of this kind, in their order.
pub fn all<T: wasm_bindgen::JsCast>(selector: &str) -> Vec<T> {
    let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|i| found.get(i)?.dyn_into().ok()).collect()
}

/// The element around the place of an event that fits a selector.
pub fn near(e: &web_sys::Event, selector: &str) -> Option<web_sys::Element> {
    e.target()?.dyn_into::<web_sys::Element>().ok()?.closest(selector).ok().flatten()
}
