//! Which registered certificates the names of waiting containers point at: only the key identifiers are sent, which
//! stand in every certificate.

use super::key_files::Told;
use leptos::prelude::*;
use leptos::web_sys;
use std::collections::HashMap;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Writes beside each waiting container what the register knows of its name.
pub async fn name_registered(told: Told) {
    let ids: Vec<String> = told.waiting.get_untracked().iter().filter_map(super::key_files::KeyFile::key_id).collect();
    if ids.is_empty() {
        return;
    }
    let Ok(text) = ask(&ids.join("\n")).await else { return };
    let known: HashMap<&str, &str> = text.lines().filter_map(|line| line.split_once('\t')).collect();
    told.waiting.update(|all| {
        for key in all.iter_mut() {
            key.registered = key.key_id().and_then(|id| known.get(id.as_str()).map(|words| (*words).to_owned()));
        }
    });
}

async fn ask(ids: &str) -> Result<String, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let how = web_sys::RequestInit::new();
    how.set_method("POST");
    how.set_body(&JsValue::from_str(ids));
    let answer = JsFuture::from(window.fetch_with_str_and_init("/import/known", &how)).await?;
    let answer: web_sys::Response = answer.dyn_into()?;
    if !answer.ok() {
        return Err(JsValue::NULL);
    }
    JsFuture::from(answer.text()?).await?.as_string().ok_or(JsValue::NULL)
}
