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
            title: t::keys::title(v.lang).into(),
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
        ("Ctrl K", "Л", t::keys::palette(l)),
        ("/", ".", t::keys::search(l)),
        ("J", "О", t::keys::next(l)),
        ("K", "Л", t::keys::previous(l)),
        ("X", "Ч", t::keys::tick(l)),
        ("Shift ↓", "", t::keys::extend(l)),
        ("Enter", "", t::keys::open(l)),
        ("Esc", "", t::keys::close(l)),
        ("A", "Ф", t::keys::assign(l)),
        ("R", "К", t::keys::reissue(l)),
        ("L", "Д", t::keys::lost(l)),
        ("[ ]", "х ъ", t::keys::turn(l)),
        ("T", "Е", t::keys::today(l)),
        ("G …", "П", t::keys::go(l)),
        ("Ctrl Z", "Я", t::keys::undo(l)),
        ("Shift /", ",", t::keys::all(l)),
    ];
    let rows = all.map(
        |(key, other, what)| view! { <tr><td><kbd>{key}</kbd></td><td class="mute">{other}</td><th scope="row">{what}</th></tr> },
    );
    let rows: Vec<_> = rows.into_iter().collect();
    view! { <table class="t flow keys"><thead><tr><th scope="col">{t::keys::key(l)}</th><th scope="col">{t::keys::cyrillic(l)}</th><th scope="col">{t::keys::does(l)}</th></tr></thead><tbody>{rows}</tbody></table><p class="pad hint">{t::keys::where_they_work(l)}</p> }.into_any()
}
