//! Files that were dropped, folders gone through to their end.

use js_sys::{Array, Function, Promise, Reflect};
use leptos::web_sys;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Files of one drop at most.
pub const MOST: usize = 5_000;

/// What was dropped; asked for at once, since the browser forgets it when the event is over.
pub fn entries(data: &web_sys::DataTransfer) -> Vec<JsValue> {
    let items = data.items();
    let all = (0..items.length()).filter_map(|n| items.get(n));
    all.filter_map(|item| call(&item, "webkitGetAsEntry", &[])).filter(|entry| !entry.is_null()).collect()
}

/// Whether a folder is among them.
pub fn any(entries: &[JsValue]) -> bool {
    entries.iter().any(|entry| is(entry, "isDirectory"))
}

/// Files of a drop, and those that are too many.
#[derive(Default)]
pub struct Dropped {
    pub files: Vec<web_sys::File>,
    /// How many are left out, and the name of the first of them.
    pub left_out: Option<(usize, String)>,
}

/// All files of these entries, as many as are taken at once.
pub async fn files(entries: Vec<JsValue>) -> Dropped {
    let (mut found, mut waiting, mut left_out) = (Vec::new(), entries, None);
    while let Some(entry) = waiting.pop() {
        if is(&entry, "isFile") {
            if found.len() >= MOST {
                let name = Reflect::get(&entry, &"name".into()).ok().and_then(|name| name.as_string());
                let (n, _) = left_out.get_or_insert_with(|| (0, name.unwrap_or_default()));
                *n += 1;
                continue;
            }
            if let Some(file) = ask(&entry, "file").await.and_then(|f| f.dyn_into::<web_sys::File>().ok()) {
                found.push(file);
            }
        } else if let Some(reader) = call(&entry, "createReader", &[]) {
            // A reader gives some of a folder at a time, and nothing at the end.
            while let Some(some) =
                ask(&reader, "readEntries").await.map(|list| Array::from(&list)).filter(|a| a.length() > 0)
            {
                waiting.extend(some.iter());
            }
        }
    }
    Dropped { files: found, left_out }
}

fn is(entry: &JsValue, what: &str) -> bool {
    Reflect::get(entry, &what.into()).is_ok_and(|answer| answer.is_truthy())
}

fn call(of: &JsValue, name: &str, given: &[&JsValue]) -> Option<JsValue> {
    let method = Reflect::get(of, &name.into()).ok()?.dyn_into::<Function>().ok()?;
    Reflect::apply(&method, of, &given.iter().copied().collect::<Array>()).ok()
}

/// A method that answers through callbacks.
async fn ask(of: &JsValue, name: &str) -> Option<JsValue> {
    let promise = Promise::new(&mut |answer, fail| {
        let failed = Closure::once_into_js(move || {
            let _ = fail.call0(&JsValue::NULL);
        });
        if call(of, name, &[&answer, &failed]).is_none() {
            let _ = failed.unchecked_ref::<Function>().call0(&JsValue::NULL);
        }
    });
    JsFuture::from(promise).await.ok()
}
