//! All keys: the page, and the sheet that a key opens.

use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, fragment, page};
use crate::text as t;
use axum::extract::Query;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    part: String,
}

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    if asked.part == "1" {
        return Ok(fragment(|| list(&seat.viewer)));
    }
    Ok(page(&seat.viewer, |v| {
        let body = view! { <div class="sheet">{list(v)}</div> };
        Sheet {
            room: Room::Other,
            title: t::hotkeys::title(v.lang).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    }))
}

/// The Latin letter and the one of ЙЦУКЕН on the same key.
fn list(v: &Viewer) -> AnyView {
    let l = v.lang;
    let all: [(&str, &str, &str); 16] = [
        ("Ctrl K", "Л", t::hotkeys::palette(l)),
        ("/", ".", t::hotkeys::search(l)),
        ("J", "О", t::hotkeys::next(l)),
        ("K", "Л", t::hotkeys::previous(l)),
        ("X", "Ч", t::hotkeys::tick(l)),
        ("Shift ↓", "", t::hotkeys::extend(l)),
        ("Enter", "", t::hotkeys::open(l)),
        ("Esc", "", t::hotkeys::close(l)),
        ("A", "Ф", t::hotkeys::assign(l)),
        ("R", "К", t::hotkeys::reissue(l)),
        ("L", "Д", t::hotkeys::lost(l)),
        ("[ ]", "х ъ", t::hotkeys::turn(l)),
        ("T", "Е", t::hotkeys::today(l)),
        ("G …", "П", t::hotkeys::go(l)),
        ("Ctrl Z", "Я", t::hotkeys::undo(l)),
        ("Shift /", ",", t::hotkeys::all(l)),
    ];
    let rows = all.map(|(key, other, what)| {
        view! { <tr><td><kbd>{key}</kbd></td><td class="mute">{other}</td><th scope="row">{what}
        </th></tr> }
    });
    let rows: Vec<_> = rows.into_iter().collect();
    view! { <table class="t flow keys"><thead><tr><th scope="col">{t::hotkeys::key(l)}</th><th scope="col">
    {t::hotkeys::cyrillic(l)}</th><th scope="col">{t::hotkeys::does(l)}</th></tr></thead><tbody>{rows}</tbody>
    </table><p class="pad hint">{t::hotkeys::where_they_work(l)}</p> }
    .into_any()
}
