//! Saves a checklist as soon as a tick is set or cleared.

use leptos::prelude::*;
use leptos::web_sys;
use serde::{Deserialize, Serialize};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Words of the checklist.
#[derive(Clone, Serialize, Deserialize)]
pub struct TickTexts {
    pub save: String,
    pub failed: String,
}

/// Stands beside the element with the attribute `data-ticks` that holds the ticks of the form with this id, and puts the
/// answer's list in its place. Without scripts its button sends the form.
#[island]
pub fn TickSaver(texts: TickTexts, form: String) -> impl IntoView {
    let button = NodeRef::<leptos::html::Button>::new();
    let (failed, set_failed) = signal(false);
    let id = form.clone();
    Effect::new(move |_| {
        if let Some(button) = button.get() {
            watch(&button, id.clone(), set_failed);
        }
    });
    view! {
        <p class="why wrong" role="status">{move || failed.get().then(|| texts.failed.clone())}</p>
        <button class="btn" form=form node_ref=button>{texts.save}</button>
    }
}

fn watch(button: &web_sys::HtmlButtonElement, form: String, failed: WriteSignal<bool>) {
    let Some(list) = list() else { return };
    button.set_hidden(true);
    let button = button.clone();
    // How many changes have been made, and whether one is being sent.
    let (changes, busy) = (RwSignal::new(0u32), RwSignal::new(false));
    let listener = Closure::<dyn FnMut()>::new(move || {
        changes.update(|n| *n += 1);
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (form, button) = (form.clone(), button.clone());
        leptos::task::spawn_local(async move {
            loop {
                let sent = changes.get_untracked();
                let answer = save(&form).await;
                failed.set(answer.is_err());
                button.set_hidden(answer.is_ok());
                if let (Ok(html), true) = (answer, sent == changes.get_untracked()) {
                    put(&html);
                    break;
                }
                if sent == changes.get_untracked() {
                    break;
                }
            }
            busy.set(false);
        });
    });
    let _ = list.add_event_listener_with_callback("change", listener.as_ref().unchecked_ref());
    // The list lives as long as the page, and so does its listener.
    listener.forget();
}

fn list() -> Option<web_sys::Element> {
    document().query_selector("[data-ticks]").ok().flatten()
}

/// Sends the form as its button would; the page that answers.
async fn save(form: &str) -> Result<String, JsValue> {
    let form: web_sys::HtmlFormElement =
        document().get_element_by_id(form).and_then(|f| f.dyn_into().ok()).ok_or(JsValue::NULL)?;
    let fields = web_sys::UrlSearchParams::new()?;
    let all = form.elements();
    for n in 0..all.length() {
        let Some(field) = all.item(n).and_then(|f| f.dyn_into::<web_sys::HtmlInputElement>().ok()) else {
            continue;
        };
        if field.type_() != "checkbox" || field.checked() {
            fields.append(&field.name(), &field.value());
        }
    }
    let how = web_sys::RequestInit::new();
    how.set_method("POST");
    how.set_body(&fields);
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let answer = JsFuture::from(window.fetch_with_str_and_init(&form.action(), &how)).await?;
    let answer: web_sys::Response = answer.dyn_into()?;
    if !answer.ok() {
        return Err(JsValue::NULL);
    }
    JsFuture::from(answer.text()?).await?.as_string().ok_or(JsValue::NULL)
}

/// Puts the list of a page in the place of the one that is shown; who works on by keys stays where they are.
fn put(html: &str) {
    let Some(list) = list() else { return };
    let Ok(parser) = web_sys::DomParser::new() else { return };
    let Ok(page) = parser.parse_from_string(html, web_sys::SupportedType::TextHtml) else { return };
    let Some(new) = page.query_selector("[data-ticks]").ok().flatten() else { return };
    let at = document().active_element().and_then(|e| e.get_attribute("value"));
    list.set_inner_html(&new.inner_html());
    let same =
        at.and_then(|value| list.query_selector(&format!("input[type=checkbox][value='{value}']")).ok().flatten());
    if let Some(tick) = same.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = tick.focus();
    }
}
