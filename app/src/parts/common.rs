//! Small parts: icon, person, number, day, note, sheet, empty list.

use crate::dates::When;
use crate::shell::SPRITE;
use domain::id::ClientId;
use domain::number::grouped;
use domain::person::{initials, short_name};
use leptos::prelude::*;

/// An icon of the sprite, hidden from readers: a word stands beside it.
pub fn icon(name: &str) -> AnyView {
    let href = icon_address(name);
    view! { <svg class="i" aria-hidden="true"><use href=href></use></svg> }.into_any()
}

/// Where an icon stands in the sprite.
pub fn icon_address(name: &str) -> String {
    format!("{}#i-{name}", SPRITE.get().map_or("/assets/sprite.svg", String::as_str))
}

/// The ring with initials.
pub fn avatar(name: Option<&str>) -> AnyView {
    match name {
        Some(name) => {
            let text = initials(name);
            view! { <span class="ava" aria-hidden="true">{text}</span> }.into_any()
        }
        None => view! { <span class="ava none" aria-hidden="true">"?"</span> }.into_any(),
    }
}

/// Somebody, or the words for nobody.
pub fn person(name: Option<&str>, nobody: &'static str) -> AnyView {
    let text = name.map_or_else(|| nobody.to_owned(), short_name);
    let title = name.unwrap_or_default().to_owned();
    view! { <span class="who" title=title>{avatar(name)}<span class="cut">{text}</span></span> }.into_any()
}

/// БИН or ИИН in groups of four.
pub fn bin(number: &str) -> AnyView {
    let text = grouped(number);
    view! { <span class="bin">{text}</span> }.into_any()
}

/// A day: absolute, the day to act by, the distance.
pub fn when(w: When) -> AnyView {
    let (iso, class) = (w.day.to_string(), if w.past { "late" } else { "in-days" });
    view! {
        <span class="when"><time datetime=iso>{w.text}</time>
            {w.act_by.map(|act| view! { " → "<b class="to">{act}</b> })}
            {(!w.distance.is_empty()).then(|| view! { <span class="in-days">" · "</span><span class=class>{w.distance}</span> })}</span>
    }
    .into_any()
}

/// A note with an icon; kinds: info, warn, risk or empty.
pub fn note(kind: &str, text: impl Into<String>) -> AnyView {
    let (class, text) = (format!("note {kind}"), text.into());
    let name = if kind == "info" || kind.is_empty() { "chat" } else { "warn" };
    view! { <div class=class>{icon(name)}<div><p>{text}</p></div></div> }.into_any()
}

/// A sheet with a head.
pub fn sheet(title: impl Into<String>, count: Option<usize>, action: AnyView, body: AnyView) -> AnyView {
    let title = title.into();
    view! {
        <section class="sheet">
            <header><h2>{title}{count.map(|n| view! { <b>{n}</b> })}</h2><span class="push">{action}</span></header>
            {body}
        </section>
    }
    .into_any()
}

/// A sheet that is all of its page, so that the page's title is its own.
pub fn whole_sheet(body: AnyView) -> AnyView {
    view! { <section class="sheet">{body}</section> }.into_any()
}

/// An empty list: what it means and the way out.
pub fn empty(title: &str, text: &str, way: AnyView) -> AnyView {
    let (title, text) = (title.to_owned(), text.to_owned());
    view! {
        <div class="empty">
            <svg class="art" viewBox="0 0 112 56" aria-hidden="true">
                <rect class="g" x="8" y="20" width="16" height="16" rx="3"></rect>
                    <rect class="g" x="32" y="20" width="16" height="16" rx="3"></rect>
                <rect class="a" x="56" y="20" width="16" height="16" rx="3"></rect>
                    <rect class="o" x="80" y="20" width="16" height="16" rx="3"></rect>
            </svg>
            <h2>{title}</h2><p>{text}</p><div class="line">{way}</div>
        </div>
    }
    .into_any()
}

/// Links to the clients that may be seen.
pub fn client_links(clients: &[(ClientId, String)]) -> AnyView {
    clients
        .iter()
        .enumerate()
        .map(|(i, (id, name))| {
            let (href, name) = (format!("/clients/{id}"), name.clone());
            view! { {(i > 0).then_some(", ")}<a href=href>{name}</a> }
        })
        .collect_view()
        .into_any()
}
