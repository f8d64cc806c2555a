//! Taking a whole import back.

use crate::parts::{Ticks, certificate_table, empty, note, sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page, page_with};
use crate::{dates, text as t};
use axum::extract::Path;
use axum::http::StatusCode;
use chrono::{DateTime, Duration, Utc};
use domain::day::DaysOff;
use domain::id::DraftId;
use domain::import::{ImportContents, Kept, KeptThing, KeptWhy, RecentImport, UNDO_HOURS, Undone};
use domain::person::Lang;
use domain::refusal::Refusal;
use leptos::prelude::*;

/// Says how much goes, before it goes.
pub async fn ask(seat: Seat, Path(draft): Path<DraftId>) -> Reply {
    let all = seat.desk.recent_imports().await?;
    let Some(import) = all.iter().find(|import| import.draft == draft) else { return Ok(gone(&seat)) };
    let contents = match seat.desk.import_contents(draft).await {
        Ok(contents) => contents,
        Err(Refusal::NotFound) => return Ok(gone(&seat)),
        Err(refusal) => return Err(Refused(refusal)),
    };
    let off = seat.desk.days_off().await?;
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let body = view! {
            <section class="sheet pad stack">
                <p><b>{what(l, import)}</b>" · "{dates::instant(l, import.made)}</p>
                {note("warn", t::import::undo_what(l))}
                <form class="line wrap" method="post" action=format!("/import/{draft}/undo")>
                    <button class="btn risk">{t::import::undo(l)}</button>
                    <a class="btn" href="/import">{t::import::keep(l)}</a></form></section>
            {contained(v, &contents, &off)}
        };
        Sheet {
            room: Room::Import,
            title: t::import::undo_title(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    }))
}

/// The certificates and clients that an import made, so that nobody has to guess which they were.
fn contained(v: &Viewer, contents: &ImportContents, off: &DaysOff) -> AnyView {
    let l = v.lang;
    let more = contents.total.saturating_sub(contents.certificates.len());
    let clients = (!contents.clients.is_empty()).then(|| {
        let names = contents.clients.iter().map(|(id, name)| {
            view! { <li><a href=format!("/clients/{id}")>{name.clone()}</a></li> }
        });
        let body = view! { <ul class="rows pad">{names.collect_view()}</ul> };
        sheet(t::import::made_clients(l), Some(contents.clients.len()), ().into_any(), body.into_any())
    });
    let certificates = (contents.total > 0).then(|| {
        let more = (more > 0).then(|| view! { <p class="pad mute">{t::import::and_more(l, more)}</p> });
        let table = certificate_table(v, &contents.certificates, off, Ticks::Look);
        let body = view! { {table}{more} };
        sheet(t::import::made_certificates(l), Some(contents.total), ().into_any(), body.into_any())
    });
    view! { <div class="stack notes-below">{stays(l, t::import::stays(l), &contents.kept)}{certificates}{clients}</div> }.into_any()
}

/// What stays, with the way to it and its reason.
fn stays(l: Lang, title: &str, kept: &[Kept]) -> Option<AnyView> {
    let lines = kept.iter().map(|kept| {
        let name = match &kept.what {
            Some(KeptThing::Certificate(id, holder)) => {
                view! { <a class="link" href=format!("/certificates/{id}")>{holder.clone()}</a>" " }.into_any()
            }
            Some(KeptThing::Client(id, name)) => {
                view! { <a class="link" href=format!("/clients/{id}")>{name.clone()}</a>" " }.into_any()
            }
            None => ().into_any(),
        };
        view! { <li>{name}<span class="mute">{reason(l, kept.why)}</span></li> }
    });
    let body = view! { <ul class="rows pad">{lines.collect_view()}</ul> };
    (!kept.is_empty()).then(|| sheet(title, Some(kept.len()), ().into_any(), body.into_any()))
}

/// What an import made, in words.
fn what(l: Lang, import: &RecentImport) -> String {
    let n = |x: usize| i64::try_from(x).unwrap_or(0);
    let parts = [
        import.sheet.clone(),
        (import.certificates > 0).then(|| match import.sheet {
            Some(_) => t::sheet::n_typed(l, n(import.certificates)),
            None => t::certificate::count(l, n(import.certificates)),
        }),
        (import.clients > 0).then(|| t::client::count(l, n(import.clients))),
        (import.changes > 0).then(|| t::import::changes(l, n(import.changes))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Undone already, by another press or tab, or too old.
fn gone(seat: &Seat) -> axum::response::Response {
    page_with(StatusCode::NOT_FOUND, &seat.viewer, |v| {
        let l = v.lang;
        let way = view! { <a class="btn main" href="/import">{t::nav::import(l)}</a> }.into_any();
        Sheet {
            room: Room::Import,
            title: t::import::undo_title(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: empty(t::import::undo_gone(l), t::import::undo_hint(l), way),
        }
    })
}

pub async fn undo(seat: Seat, Path(draft): Path<DraftId>) -> Reply {
    let undone = match seat.desk.undo_import(draft).await {
        Ok(undone) => undone,
        Err(Refusal::NotFound) => return Ok(gone(&seat)),
        Err(refusal) => return Err(Refused(refusal)),
    };
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        Sheet {
            room: Room::Import,
            title: t::nav::import(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: result(l, &undone),
        }
    }))
}

fn result(l: Lang, undone: &Undone) -> AnyView {
    let n = |x: usize| i64::try_from(x).unwrap_or(0);
    let clients = (undone.clients > 0).then(|| t::import::removed_clients(l, n(undone.clients)));
    let changes = (undone.changes > 0).then(|| t::import::changes_back(l, n(undone.changes)));
    let text = [Some(t::import::removed(l, n(undone.certificates))), clients, changes]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let way = view! { <a class="btn main" href="/import">{t::import::again(l)}</a> }.into_any();
    view! {
        <div role="status">{empty(t::import::undone(l), &text, way)}</div>
        {stays(l, t::import::kept(l), &undone.kept)}
    }
    .into_any()
}

fn reason(l: Lang, why: KeptWhy) -> &'static str {
    match why {
        KeptWhy::Task => t::kept::task(l),
        KeptWhy::Reported => t::kept::reported(l),
        KeptWhy::Linked => t::kept::linked(l),
        KeptWhy::Confirmed => t::kept::confirmed(l),
        KeptWhy::Changed => t::kept::changed(l),
        KeptWhy::Holds => t::kept::holds(l),
        KeptWhy::Papers => t::kept::papers(l),
        KeptWhy::Hidden => t::kept::hidden(l),
    }
}

/// The button that takes an import back, with the hour until which it does.
pub fn button(v: &Viewer, draft: DraftId, made: DateTime<Utc>) -> AnyView {
    let l = v.lang;
    let until = dates::moment(l, made + Duration::hours(UNDO_HOURS), v.today.day);
    view! {
        <p class="line wrap"><a class="btn low" href=format!("/import/{draft}/undo")>{t::import::undo(l)}</a>
            <span class="mute">{t::import::undo_text(l, until)}</span></p>
    }
    .into_any()
}

/// Own imports of the last day.
pub fn recent(v: &Viewer, all: &[RecentImport]) -> Option<AnyView> {
    let l = v.lang;
    let lines = all.iter().map(|import| {
        view! { <li class="line wrap"><span>{dates::instant(l, import.made)}" · "{what(l, import)}</span>
        {button(v, import.draft, import.made)}</li> }
    });
    (!all.is_empty()).then(|| {
        sheet(
            t::import::recent(l),
            None,
            ().into_any(),
            view! { <ul class="rows pad">{lines.collect_view()}</ul> }.into_any(),
        )
    })
}
