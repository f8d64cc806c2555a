//! The document around every page.

use crate::islands::{Countdown, DraftTexts, Drafts, NeighbourTexts, Neighbours, ShortcutTexts, Shortcuts};
use crate::parts::{Html, avatar, icon, icon_address};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::access::Action;
use domain::id::{PersonId, UndoId};
use domain::person::{Lang, short_name};
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use std::sync::{Arc, OnceLock};

/// Address of the icon sprite; its name carries a hash of its content.
pub static SPRITE: OnceLock<String> = OnceLock::new();
/// Addresses of style sheet and start script.
pub static ASSETS: OnceLock<Assets> = OnceLock::new();

/// Addresses of the script and the module of the worker that opens key containers.
pub static KEY_WORKER: OnceLock<(String, String)> = OnceLock::new();

/// Addresses of the embedded files a document names.
pub struct Assets {
    pub style: String,
    pub boot: String,
    pub favicon: String,
}

/// A room of the program, for the rail.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Room {
    Today,
    Calendar,
    Clients,
    Tasks,
    Import,
    Staff,
    Audit,
    Other,
}

/// A page of a signed-in reader: title, what stands right in the head, body.
pub struct Sheet {
    pub room: Room,
    pub title: String,
    pub hint: String,
    pub actions: AnyView,
    pub body: AnyView,
}

/// Renders a page inside the frame.
pub fn page(v: &Viewer, build: impl FnOnce(&Viewer) -> Sheet) -> Response {
    respond(StatusCode::OK, v, |v| frame(v, build(v)))
}

/// The same with another status, for a refused form.
pub fn page_with(status: StatusCode, v: &Viewer, build: impl FnOnce(&Viewer) -> Sheet) -> Response {
    respond(status, v, |v| frame(v, build(v)))
}

/// Renders a page without the frame: signing in, one-time links.
pub fn bare(status: StatusCode, v: &Viewer, title: String, build: impl FnOnce(&Viewer) -> AnyView) -> Response {
    respond(status, v, |v| (title, build(v)))
}

/// A piece of a page, for a script that puts it in its place.
pub fn fragment(build: impl FnOnce() -> AnyView) -> Response {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| build().to_html());
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], html).into_response()
}

fn respond(status: StatusCode, v: &Viewer, build: impl FnOnce(&Viewer) -> (String, AnyView)) -> Response {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        let (title, body) = build(v);
        document(v, title, body).to_html()
    });
    drop(owner);
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], html)
        .into_response()
}

fn document(v: &Viewer, title: String, body: AnyView) -> AnyView {
    let (style, boot, favicon) = ASSETS.get().map_or(("/assets/merzim.css", "/assets/boot.js", "/favicon.svg"), |a| {
        (a.style.as_str(), a.boot.as_str(), a.favicon.as_str())
    });
    let title = if title.is_empty() { "Merzim".to_owned() } else { format!("{title} · Merzim") };
    // As markup: between texts the renderer puts marks, which a title shows.
    let mut escaped = Html::default();
    escaped.text(title);
    view! {
        <!DOCTYPE html>
        <html lang=v.lang.code() data-theme=(v.theme != domain::person::Theme::System).then(|| v.theme.code())>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="description" content=t::nav::about(v.lang)/>
                <title inner_html=escaped.done()></title>
                <link rel="icon" href=favicon type="image/svg+xml"/>
                <link rel="stylesheet" href=style/>
                <script type="module" src=boot></script>
            </head>
            <body>{body}</body>
        </html>
    }
    .into_any()
}

fn frame(v: &Viewer, s: Sheet) -> (String, AnyView) {
    let l = v.lang;
    let (title, hint) = (s.title.clone(), s.hint);
    let body = view! {
        <a class="skip" href="#main">{t::nav::skip(l)}</a>
        <div class="app">
            {rail(v, s.room)}
            <header class="head">
                <div class="title">{trail(v, s.room, &s.title)}<h1>{s.title}</h1>{(!hint.is_empty()).then(|| view! { <p>{hint}</p> })}</div>
                <search><form class="find" action="/clients">{icon("search")}
                    <input type="search" name="q" aria-label=t::nav::search(l) placeholder=t::nav::search_hint(l)/>
                    <kbd class="only-awake" aria-hidden="true">"Ctrl K"</kbd></form></search>
                <a class="btn bare sq on-phone" href="/find" aria-label=t::nav::search(l)>{icon("search")}</a>
                {bell(v)}
                <Neighbours texts=neighbours(l)/>
                {s.actions}
            </header>
            <main id="main" tabindex="-1"><div class="stage">{banner(v)}{done(v)}{s.body}</div></main>
        </div>
        <Shortcuts texts=shortcuts(l)/>
        {v.person.as_ref().map(|p| view! { <Drafts texts=drafts(l, p.id)/> })}
    };
    (title, body.into_any())
}

/// The way to one's reminders, with how many are not read.
fn bell(v: &Viewer) -> Option<AnyView> {
    v.person.as_ref()?;
    let l = v.lang;
    let unread = i64::try_from(v.unread).unwrap_or(i64::MAX);
    let label = if unread > 0 { t::notice::unread(l, unread) } else { t::notice::bell(l).to_owned() };
    let count = (unread > 0).then(|| view! { <b class="cnt" aria-hidden="true">{unread.min(99)}</b> });
    Some(view! { <a class="btn bare sq bell" href="/notices" aria-label=label.clone() title=label>{icon("bell")}{count}</a> }.into_any())
}

impl Room {
    /// Its first page and its name; none for what belongs to no room.
    fn home(self, l: Lang) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Today => ("/", t::nav::today(l)),
            Self::Calendar => ("/calendar", t::nav::calendar(l)),
            Self::Clients => ("/clients", t::nav::clients(l)),
            Self::Tasks => ("/tasks", t::nav::tasks(l)),
            Self::Import => ("/import", t::nav::import(l)),
            Self::Staff => ("/staff", t::nav::staff(l)),
            Self::Audit => ("/audit", t::nav::audit(l)),
            Self::Other => return None,
        })
    }
}

/// The way back: to the room, and from a part of a client or a task to the whole.
fn trail(v: &Viewer, room: Room, title: &str) -> Option<AnyView> {
    let l = v.lang;
    let path = v.here.split('?').next().unwrap_or_default();
    // A refused act shows the room's own page at the address of the act.
    let elsewhere = |(home, name): &(&str, &str)| *home != path && *name != title;
    let (home, name) = room.home(l).filter(|at| elsewhere(at) && room != Room::Calendar)?;
    let mut parts = path.split('/').skip(1);
    let (kind, id, part) = (parts.next()?, parts.next(), parts.next());
    let whole = match (kind, id, part) {
        ("clients", Some(id), Some(_)) => Some((format!("/clients/{id}"), t::client::one(l))),
        ("tasks", Some(id), Some(_)) if id.len() == 36 => Some((format!("/tasks/{id}"), t::task::one(l))),
        ("staff", Some(id), Some(_)) => Some((format!("/staff/{id}"), t::staff::one(l))),
        _ => None,
    };
    let whole = whole.map(|(href, name)| view! { <a href=href>{name}</a>" › " });
    Some(view! { <nav class="trail" aria-label=t::nav::trail(l)><a href=home>{name}</a>" › "{whole}</nav> }.into_any())
}

fn neighbours(l: Lang) -> NeighbourTexts {
    NeighbourTexts {
        previous: t::nav::previous(l).into(),
        next: t::nav::next(l).into(),
        place: t::nav::place(l).into(),
        left: icon_address("left"),
        right: icon_address("right"),
    }
}

fn drafts(l: Lang, person: PersonId) -> DraftTexts {
    DraftTexts { person: person.to_string(), restored: t::form::restored(l).into(), drop: t::form::drop(l).into() }
}

/// Words of the palette and its keys.
fn shortcuts(l: Lang) -> ShortcutTexts {
    ShortcutTexts {
        title: t::find::title(l).into(),
        hint: t::find::hint(l).into(),
        keys_title: t::hotkeys::title(l).into(),
        close: t::form::close(l).into(),
        letters_off: t::hotkeys::letters_off(l).into(),
        letters_on: t::hotkeys::letters_on(l).into(),
    }
}

/// Says that the day was set by hand.
fn banner(v: &Viewer) -> Option<AnyView> {
    let text = t::nav::pretended(v.lang, dates::full(v.lang, v.today.day));
    let more = t::nav::pretended_more(v.lang);
    v.pretended.then(|| {
        view! { <p class="strip" role="status">{icon("warn")}<span>{text}<span class="wide">" "{more}</span></span></p> }.into_any()
    })
}

/// The notice of an act on many, or of one that names a day; `more` is what the address says behind their number.
fn done_of_many(v: &Viewer, code: &str, n: i64, more: Option<&str>) -> Option<String> {
    let l = v.lang;
    Some(match code {
        "assigned" => t::done::assigned(l, n),
        "unassigned" => t::done::unassigned(l, n),
        "shut_out" => t::done::shut_out(l, n),
        "day_moved" | "day_late" | "day_past" | "day_off" => {
            let day = chrono::NaiveDate::parse_from_str(&n.to_string(), "%Y%m%d").ok()?;
            let day = dates::near(l, day, v.today.day);
            match code {
                "day_late" => t::done::day_late(l, day),
                "day_past" => t::done::day_past(l, day),
                "day_off" => t::done::day_off(l, day),
                _ => t::done::day_moved(l, day),
            }
        }
        "left_behind" => t::done::left_behind(l, n),
        "due_of" => t::done::due_of(l, n),
        "taken_back_partly" => t::done::taken_back_partly(l, n),
        "due_of_late" => {
            let beyond = more?.parse::<i64>().ok()?;
            let late = if beyond == n { t::done::due_all_beyond(l).to_owned() } else { t::done::due_beyond(l, beyond) };
            format!("{} {late}", t::done::due_of(l, n))
        }
        "due_of_past" => t::done::due_of_past(l, n),
        "due_of_off" => t::done::due_of_off(l, n),
        "responsible" => match more.and_then(|freed| freed.parse().ok()).unwrap_or(0) {
            0 => t::done::responsible(l, n),
            freed => format!("{} {}", t::done::responsible(l, n), t::done::freed(l, freed)),
        },
        "moved_several" => t::done::moved_several(l, n),
        "aside" => t::done::aside(l, n),
        "sheet" => t::done::sheet(l, n),
        "opened_several" => t::done::opened_several(l, n),
        _ => return None,
    })
}

/// What was just done, by the code in the address.
fn done(v: &Viewer) -> Option<AnyView> {
    let l = v.lang;
    let code = v.done.as_deref()?;
    // Of many, the code is followed by their number.
    let mut parts = code.split('.');
    let (code, n) =
        (parts.next().unwrap_or_default(), parts.next().and_then(|n| n.parse().ok()).unwrap_or(1_i64).max(0));
    if let Some(text) = done_of_many(v, code, n, parts.next()) {
        return Some(said(v, text));
    }
    let text = match code {
        "saved" => t::done::saved(l),
        "mail_sent" => t::done::mail_sent(l),
        "written" => t::done::written(l),
        "written_already" => t::done::written_already(l),
        "said_already" => t::done::said_already(l),
        "lists_on_their_way" => t::done::lists_on_their_way(l),
        "moved" => t::done::moved(l),
        "invited" => t::done::invited(l),
        "opened" => t::done::opened(l),
        "opened_late" => t::done::opened_late(l),
        "opened_past" => t::done::opened_past(l),
        "taken_back" => t::done::taken_back(l),
        "ticked" => t::done::ticked(l),
        "imported" => t::done::imported(l),
        "ended" => t::done::ended(l),
        "asked_good" => t::done::asked_good(l),
        "asked_revoked" => t::done::asked_revoked(l),
        "renewed_part" => t::done::renewed_part(l),
        "erased" => t::done::erased(l),
        "merged" => t::done::merged(l),
        "attached" => t::done::attached(l),
        "file_removed" => t::done::file_removed(l),
        "view_saved" => t::done::view_saved(l),
        "view_removed" => t::done::view_removed(l),
        "view_name" => t::done::view_name(l),
        "view_long" => t::done::view_long(l),
        "holds_key" => t::rule::holds_key(l),
        "view_most" => t::done::view_most(l),
        "choose" => t::done::choose(l),
        "tick_tasks" => t::done::tick_tasks(l),
        "nothing_pressing" => t::done::nothing_pressing(l),
        "cover_ended" => t::done::cover_ended(l),
        "handed_over" => t::done::handed_over(l),
        _ => return None,
    };
    Some(said(v, text.to_owned()))
}

fn said(v: &Viewer, text: String) -> AnyView {
    match v.undo {
        Some(id) => toast(v, text, id),
        None => view! { <p class="note info" role="status">{icon("check")}<span>{text}</span></p> }.into_any(),
    }
}

/// What was just done, with the way back for ten seconds; without scripts it stays until the next page.
fn toast(v: &Viewer, text: String, id: UndoId) -> AnyView {
    let (label, counting) = (t::undo::back(v.lang).to_owned(), t::undo::back_in(v.lang).to_owned());
    let back = plain(&v.here);
    view! {
        <form class="toast" method="post" action="/undo" role="status">
            <span>{text}</span><input type="hidden" name="undo" value=id.to_string()/>
                <input type="hidden" name="back" value=back/>
            <Countdown label counting/>
        </form>
    }
    .into_any()
}

/// An address without the notice in it.
pub fn plain(here: &str) -> String {
    let Some((path, query)) = here.split_once('?') else { return here.to_owned() };
    // Names of the program's own have plain letters: another way to write them is kept out as well.
    let plain = |pair: &str| !pair.split('=').next().unwrap_or_default().contains('%');
    let passing = |p: &&str| !p.starts_with("done=") && !p.starts_with("undo=") && plain(p);
    let kept: Vec<&str> = query.split('&').filter(passing).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

/// The address itself, if it is one of this program; else that of the first page.
pub fn local(typed: &str) -> &str {
    let local =
        typed.starts_with('/') && !typed.starts_with("//") && !typed.contains(|c: char| c == '\\' || c.is_control());
    if local { typed } else { "/" }
}

/// A page of this program to go back to, with a notice; anything else leads home.
pub fn back_to(typed: &str, code: &str, undo: Option<UndoId>) -> Response {
    let typed = local(typed);
    let (there, place) =
        typed.split_once('#').map_or((typed, String::new()), |(there, place)| (there, format!("#{place}")));
    let there = plain(there);
    let mark = if there.contains('?') { '&' } else { '?' };
    let undo = undo.map(|id| format!("&undo={id}")).unwrap_or_default();
    axum::response::Redirect::to(&format!("{there}{mark}done={code}{undo}{place}")).into_response()
}

fn rail(v: &Viewer, room: Room) -> AnyView {
    let l = v.lang;
    let item = |to: Room, href: &'static str, name: &'static str, word: &'static str, desk: bool| {
        let current = (room == to).then_some("page");
        view! { <li class=desk.then_some("desk")><a class="go" href=href aria-current=current>{icon(name)}<span>{word}
        </span></a></li> }
    };
    // On a phone the other rooms stand behind one button.
    let behind = matches!(room, Room::Import | Room::Staff | Room::Audit | Room::Other);
    let among = behind.then_some(if v.here.starts_with("/more") { "page" } else { "true" });
    let import = v.may(Action::Import);
    let staff = v.may(Action::AssignTask);
    let audit = v.may(Action::ReadAudit);
    let name = v.person.as_ref().map(|p| p.name.clone()).unwrap_or_default();
    view! {
        <nav class="rail" aria-label=t::nav::rooms(l)>
            <a class="brand" href="/" aria-label=t::nav::home(l)>{mark()}<span>"Merzim"</span></a>
            <ul>
                {item(Room::Today, "/", "today", t::nav::today(l), false)}
                {item(Room::Calendar, "/calendar", "cal", t::nav::calendar(l), false)}
                {item(Room::Clients, "/clients", "clients", t::nav::clients(l), false)}
                {item(Room::Tasks, "/tasks", "board", t::nav::tasks_short(l), false)}
                {import.then(|| item(Room::Import, "/import", "import", t::nav::import(l), true))}
                {staff.then(|| item(Room::Staff, "/staff", "staff", t::nav::staff(l), true))}
                {audit.then(|| item(Room::Audit, "/audit", "audit", t::nav::audit(l), true))}
                <li class="phone"><a class="go" href="/more" aria-current=among>{icon("more")}<span>{t::nav::more(l)}</span></a></li>
            </ul>
            <div class="foot"><a class="me" href="/account">{avatar(Some(&name))}<span>{short_name(&name)}</span></a>
                </div>
        </nav>
    }
    .into_any()
}

/// The mark: a calendar of dots with the due one.
pub fn mark() -> AnyView {
    let dots = [(5, 5), (13, 5), (21, 5), (5, 13), (13, 13), (21, 13), (5, 21), (13, 21)];
    let dots = dots.into_iter().map(|(x, y)| view! { <circle cx=x cy=y r="2"></circle> }).collect_view();
    view! {
        <svg viewBox="0 0 26 26" aria-hidden="true"><g fill="currentColor" opacity=".32">{dots}</g>
            <circle cx="21" cy="21" r="4.5" class="due"></circle></svg>
    }
    .into_any()
}

/// Links that set the language before signing in.
pub fn languages(v: &Viewer) -> AnyView {
    let links = [Lang::Kk, Lang::Ru, Lang::En].map(|lang| {
        let (href, current) = (format!("?lang={}", lang.code()), (v.lang == lang).then_some("true"));
        view! { <a href=href lang=lang.code() aria-current=current>{words::lang(lang)}</a> }
    });
    view! { <nav class="dot-sep" aria-label=t::account::language(v.lang)>{links.into_iter().collect_view()}</nav> }
        .into_any()
}
