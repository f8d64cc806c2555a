//! The entry of the browser: wakes the islands of a page that the server has rendered.

#[expect(unused_imports, reason = "brings the islands into the module")]
use app::islands::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the start script once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
