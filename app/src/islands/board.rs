//! Moves the cards of the board by mouse and by keys: presses the button that the card's own form has for the column.

use super::listen::{listen, near};
use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast as _;

/// Words of the board.
#[derive(Clone, Serialize, Deserialize)]
pub struct BoardTexts {
    /// How cards are moved.
    pub help: String,
    /// «%lane%» cannot be reached from here.
    pub no_way: String,
}

/// Stands under the columns; listens to the element with the class `board` around it.
#[island]
pub fn BoardMoves(texts: BoardTexts) -> impl IntoView {
    let place = NodeRef::<leptos::html::P>::new();
    let (said, say) = signal(texts.help.clone());
    let no_way = StoredValue::new(texts.no_way);
    Effect::new(move |_| {
        let Some(board) = place.get().and_then(|p| p.closest(".board").ok().flatten()) else { return };
        // Somebody who moved a card by keys goes on from it.
        focus(board.query_selector("[data-task]:target").ok().flatten());
        let refuse = move |lane: &web_sys::Element| {
            let name = lane.get_attribute("aria-label").unwrap_or_default();
            say.set(no_way.get_value().replace("%lane%", &name));
        };
        by_mouse(&board, refuse);
        by_keys(&board, refuse);
    });
    view! { <p class="hint" role="status" node_ref=place>{said}</p> }
}

fn by_mouse(board: &web_sys::Element, refuse: impl Fn(&web_sys::Element) + Copy + 'static) {
    let held = RwSignal::new(None::<String>);
    listen(board, ev::dragstart, move |e| {
        let Some(card) = near(&e, "[data-task]") else { return };
        held.set(Some(card.id()));
        mark(&card);
        if let Some(transfer) = e.data_transfer() {
            let _ = transfer.set_data("text/plain", &card.id());
            transfer.set_effect_allowed("move");
        }
    });
    listen(board, ev::dragover, move |e| {
        if held.with_untracked(Option::is_some) && near(&e, "[data-lane]").is_some() {
            e.prevent_default();
        }
    });
    listen(board, ev::dragend, move |_| {
        held.set(None);
        unmark();
    });
    listen(board, ev::drop, move |e| {
        let (Some(id), Some(lane)) = (held.get_untracked(), near(&e, "[data-lane]")) else { return };
        e.prevent_default();
        held.set(None);
        unmark();
        if let Some(card) = document().get_element_by_id(&id)
            && !put(&card, &lane)
        {
            refuse(&lane);
        }
    });
}

fn by_keys(board: &web_sys::Element, refuse: impl Fn(&web_sys::Element) + Copy + 'static) {
    listen(board, ev::keydown, move |e| {
        let Some(card) = near(&e, "[data-task]") else { return };
        if e.alt_key() || e.ctrl_key() || e.meta_key() {
            return;
        }
        let done = match (e.code().as_str(), e.shift_key()) {
            ("ArrowDown", false) => focus(beside(&card, true)),
            ("ArrowUp", false) => focus(beside(&card, false)),
            ("ArrowRight", false) => focus(across(&card, true)),
            ("ArrowLeft", false) => focus(across(&card, false)),
            ("ArrowRight" | "ArrowLeft", true) => {
                if let Some(lane) = lane_beside(&card, e.code() == "ArrowRight")
                    && !put(&card, &lane)
                {
                    refuse(&lane);
                }
                true
            }
            _ => false,
        };
        if done {
            e.prevent_default();
        }
    });
}

/// Whether the card has a way into the column, which it then goes.
fn put(card: &web_sys::Element, lane: &web_sys::Element) -> bool {
    let name = lane.get_attribute("data-lane").unwrap_or_default();
    if card.closest("[data-lane]").ok().flatten().is_some_and(|now| now.is_same_node(Some(lane))) {
        return true;
    }
    let way = card.query_selector(&format!("[data-to='{name}']")).ok().flatten();
    way.and_then(|w| w.dyn_into::<web_sys::HtmlElement>().ok()).map(|w| w.click()).is_some()
}

fn lanes() -> Vec<web_sys::Element> {
    let Ok(found) = document().query_selector_all("[data-lane]") else { return Vec::new() };
    (0..found.length()).filter_map(|i| found.get(i)?.dyn_into().ok()).collect()
}

/// Shows the columns that the card can reach.
fn mark(card: &web_sys::Element) {
    for lane in lanes() {
        let name = lane.get_attribute("data-lane").unwrap_or_default();
        let open = card.query_selector(&format!("[data-to='{name}']")).ok().flatten().is_some();
        let _ = lane.toggle_attribute_with_force("data-open", open);
    }
}

fn unmark() {
    for lane in lanes() {
        let _ = lane.remove_attribute("data-open");
    }
}

fn lane_beside(card: &web_sys::Element, forward: bool) -> Option<web_sys::Element> {
    let here = card.closest("[data-lane]").ok().flatten()?;
    let all = lanes();
    let at = all.iter().position(|l| l.is_same_node(Some(&here)))?;
    all.into_iter().nth(if forward { at + 1 } else { at.checked_sub(1)? })
}

fn beside(card: &web_sys::Element, forward: bool) -> Option<web_sys::Element> {
    let next = if forward { card.next_element_sibling() } else { card.previous_element_sibling() };
    next.filter(|n| n.has_attribute("data-task"))
}

/// The first card of the nearest column that has one.
fn across(card: &web_sys::Element, forward: bool) -> Option<web_sys::Element> {
    let here = card.closest("[data-lane]").ok().flatten()?;
    let all = lanes();
    let at = all.iter().position(|l| l.is_same_node(Some(&here)))?;
    let card_in = |lane: &web_sys::Element| lane.query_selector("[data-task]").ok().flatten();
    if forward { all.iter().skip(at + 1).find_map(card_in) } else { all.iter().take(at).rev().find_map(card_in) }
}

fn focus(card: Option<web_sys::Element>) -> bool {
    let link = card
        .and_then(|c| c.query_selector("a.card").ok().flatten())
        .and_then(|a| a.dyn_into::<web_sys::HtmlElement>().ok());
    link.is_some_and(|link| link.focus().is_ok())
}
