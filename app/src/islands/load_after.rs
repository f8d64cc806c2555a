//! The loads beside tasks that are being shared out follow what is chosen.

use super::listen::all;
use leptos::prelude::*;
use leptos::web_sys;
use std::collections::HashMap;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

/// Stands beside a list whose lines have `data-who` and `data-now`; each choice has `data-weight` and `data-had`.
#[island]
pub fn LoadAfter() -> impl IntoView {
    let here = NodeRef::<leptos::html::Span>::new();
    Effect::new(move |_| {
        if here.get().is_some() {
            show();
            let listener = Closure::<dyn FnMut()>::new(show);
            let _ = document().add_event_listener_with_callback("change", listener.as_ref().unchecked_ref());
            // The list lives as long as the page, and so does its listener.
            listener.forget();
        }
    });
    view! { <span hidden node_ref=here></span> }
}

fn number(of: &web_sys::Element, name: &str) -> i64 {
    of.get_attribute(name).and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// What each person gains by the choices: whoever had a task gives its weight back.
fn gains() -> HashMap<String, i64> {
    let mut gains: HashMap<String, i64> = HashMap::new();
    for choice in all::<web_sys::HtmlSelectElement>("select[name=to]") {
        let Some(to) = choice.value().rsplit_once(':').map(|(_, who)| who.to_owned()) else { continue };
        let weight = number(&choice, "data-weight");
        *gains.entry(choice.get_attribute("data-had").unwrap_or_default()).or_default() -= weight;
        *gains.entry(to).or_default() += weight;
    }
    gains
}

fn show() {
    let gains = gains();
    let lines: Vec<web_sys::Element> = all(".load [data-who]");
    let loads = lines.iter().map(|line| {
        let now = number(line, "data-now");
        let who = line.get_attribute("data-who").unwrap_or_default();
        (now, now + gains.get(&who).copied().unwrap_or(0))
    });
    let loads: Vec<(i64, i64)> = loads.collect();
    let most = loads.iter().map(|(_, then)| *then).max().unwrap_or(1).max(1);
    for (line, (now, then)) in lines.iter().zip(loads) {
        let (most, value) = (most.to_string(), then.to_string());
        if let Ok(Some(meter)) = line.query_selector("meter") {
            let _ = meter.set_attribute("max", &most);
            let _ = meter.set_attribute("value", &value);
        }
        if let Ok(Some(change)) = line.query_selector(".then") {
            let _ = change.toggle_attribute_with_force("hidden", now == then);
            if let Ok(Some(number)) = change.query_selector("b") {
                number.set_text_content(Some(&value));
            }
        }
    }
}
