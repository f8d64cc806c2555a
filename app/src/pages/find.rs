//! Finding anything: the page, and the part of it that the palette shows.

use crate::pages::verbs;
use crate::parts::icon;
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, fragment, page};
use crate::{dates, text as t};
use axum::extract::Query;
use domain::access::Action;
use domain::find::{FindKind, Indexed, best};
use domain::number::grouped;
use leptos::prelude::*;
use serde::Deserialize;

/// Commands of one answer.
const PAGES: usize = 5;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    q: String,
    /// Only the list, for the palette.
    part: String,
}

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    let text: String = asked.q.chars().filter(|c| !c.is_control()).take(80).collect();
    let found = if text.trim().is_empty() {
        // The palette has just opened: while its reader types, what can be found is read.
        seat.desk.prepare_finding();
        Vec::new()
    } else {
        seat.desk.find_anything(&text).await?
    };
    let mut found = found;
    if !text.trim().is_empty() {
        if found.iter().any(|thing| thing.kind == FindKind::Client) {
            found.push(whole_list(&seat.viewer, &text));
        }
        found.splice(0..0, verbs::said(&seat, &text).await?);
    }
    let commands = commands(&seat.viewer);
    let pages: Vec<Indexed> = if text.trim().is_empty() {
        commands
    } else {
        best(commands.iter(), &text, PAGES).into_iter().cloned().collect()
    };
    if asked.part == "1" {
        return Ok(fragment(|| list(&seat.viewer, &found, &pages)));
    }
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let body = view! {
            <form class="bar" action="/find"><input class="in find-in" type="search" name="q" value=text.clone()
                aria-label=t::find::title(l) placeholder=t::find::hint(l)/><button class="btn">{t::find::go(l)}</button>
                </form>
            <div class="sheet">{list(v, &found, &pages)}</div>
        };
        Sheet {
            room: Room::Other,
            title: t::find::title(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    }))
}

fn list(v: &Viewer, found: &[Indexed], pages: &[Indexed]) -> AnyView {
    let l = v.lang;
    let lines = found.iter().chain(pages).map(|f| {
        let (name, word) = match f.kind {
            FindKind::Client if f.archived => ("clients", t::client::archived(l)),
            FindKind::Client => ("clients", t::client::one(l)),
            FindKind::Certificate => ("key", t::find::certificate(l)),
            FindKind::Task => ("board", t::task::one(l)),
            FindKind::Person => ("staff", t::staff::one(l)),
            FindKind::Page => ("right", t::find::page(l)),
            FindKind::Act => ("plus", t::find::act(l)),
        };
        let under = match f.kind {
            FindKind::Client => grouped(&f.under),
            FindKind::Certificate | FindKind::Task => {
                f.under.parse().map(|day| dates::full(l, day)).unwrap_or_default()
            }
            _ => f.under.clone(),
        };
        view! { <li><a href=f.href.clone()>{icon(name)}<b class="cut">{f.title.clone()}</b>{(!f.whose.is_empty()).then(|| view! { <span class="cut">{f.whose.clone()}</span> })}<span class="mute">{under}
        </span><span class="push mute">{word}</span></a></li> }
    });
    let nothing =
        (found.is_empty() && pages.is_empty()).then(|| view! { <p class="pad mute">{t::find::nothing(l)}</p> });
    view! { <ul class="found">{lines.collect_view()}</ul>{nothing} }.into_any()
}

/// The way to everything that the words find among clients: the palette shows the nearest only.
fn whole_list(v: &Viewer, text: &str) -> Indexed {
    let (title, href) = (t::find::whole(v.lang, text), crate::pages::address("/clients", &[("q", text)]));
    Indexed::new(FindKind::Page, title, "", href, "")
}

/// Where one can go and what one can begin, as far as the role allows.
fn commands(v: &Viewer) -> Vec<Indexed> {
    let l = v.lang;
    let all = [
        (true, t::nav::today(l), "/"),
        (true, t::nav::calendar(l), "/calendar"),
        (true, t::calendar::year_view(l), "/calendar/year"),
        (true, t::calendar::agenda_title(l), "/calendar/agenda"),
        (true, t::nav::clients(l), "/clients"),
        (true, t::nav::tasks(l), "/tasks"),
        (true, t::old_keys::title(l), "/old-keys"),
        (true, t::revocation::title(l), "/revocation"),
        (v.may(Action::Import), t::nav::import(l), "/import"),
        (v.may(Action::EditClient), t::client::new_title(l), "/clients/new"),
        (v.may(Action::AssignTask), t::share::title(l), "/tasks/by-load"),
        (v.may(Action::AssignTask), t::nav::staff(l), "/staff"),
        (v.may(Action::ReadAudit), t::nav::audit(l), "/audit"),
        (v.may(Action::Settings), t::nav::office(l), "/office"),
        (v.may(Action::Settings), t::filing::title(l), "/office/filings"),
        (v.may(Action::Settings), t::days::title(l), "/office/days"),
        (v.may(Action::Settings), t::systems::office(l), "/office/systems"),
        (true, t::nav::account(l), "/account"),
        (true, t::hotkeys::title(l), "/keys"),
    ];
    let open = all.into_iter().filter(|(may, ..)| *may);
    open.map(|(_, name, href)| Indexed::new(FindKind::Page, name, "", href.to_owned(), name)).collect()
}
