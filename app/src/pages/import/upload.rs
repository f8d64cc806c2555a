//! Import: files in, one confirmation of what was understood.

use crate::pages::import::preview::{again, decided};
use crate::pages::import::undo as import_undo;
use crate::parts::{empty, file_field, note};
use crate::port::Upload;
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page, page_with};
use crate::{dates, text as t};
use axum::extract::multipart::MultipartError;
use axum::extract::{Form, Multipart, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use domain::access::Action;
use domain::fold::shown;
use domain::id::DraftId;
use domain::import::{FileError, FileHint, RecentImport, Verdict};
use domain::refusal::{Refusal, Rule};
use leptos::prelude::*;
use std::collections::HashMap;

pub async fn show(seat: Seat) -> Reply {
    if !seat.viewer.may(Action::Import) {
        return Err(Refused(Refusal::NotAllowed));
    }
    form(&seat, StatusCode::OK, None).await
}

async fn form(seat: &Seat, status: StatusCode, wrong: Option<String>) -> Reply {
    let recent = seat.desk.recent_imports().await?;
    Ok(form_page(&seat.viewer, status, wrong, &recent))
}

fn form_page(
    v: &Viewer,
    status: StatusCode,
    wrong: Option<String>,
    recent: &[RecentImport],
) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let body = view! {
            <form class="sheet pad stack" method="post" action="/import" enctype="multipart/form-data">
                {file_field(l, wrong)}
                <button class="btn main">{t::import::look(l)}</button>
            </form>
            <div class="stack notes-below">{note("info", t::import::promise(l))}{import_undo::recent(v, recent)}</div>
        };
        Sheet {
            room: Room::Import,
            title: t::nav::import(l).into(),
            hint: t::import::kinds(l).into(),
            actions: view! { <a class="btn" href="/import/sheet">{t::sheet::title(l)}</a> }.into_any(),
            body: body.into_any(),
        }
    })
}

/// Most files are far smaller, so the bytes of a key that arrives all the same stand in one place.
const ROOM: usize = 64 * 1024;

/// The files of a form and its other fields. A file field that was left empty arrives as a nameless, empty part.
pub async fn uploads(mut parts: Multipart) -> Result<(Vec<Upload>, HashMap<String, String>), Refusal> {
    let broken = |error: MultipartError| {
        let large = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
        let why = if large { FileError::TooLarge } else { FileError::Truncated };
        Refusal::invalid("files", Rule::File(why, FileHint::None))
    };
    let (mut files, mut texts) = (Vec::new(), HashMap::new());
    while let Some(mut part) = parts.next_field().await.map_err(broken)? {
        let field = part.name().unwrap_or_default().to_owned();
        let Some(name) = part.file_name().map(str::to_owned) else {
            texts.insert(field, part.text().await.map_err(broken)?);
            continue;
        };
        let mut upload = Upload { name, bytes: Vec::with_capacity(ROOM) };
        while let Some(chunk) = part.chunk().await.map_err(broken)? {
            upload.bytes.extend_from_slice(&chunk);
            wipe(chunk);
        }
        if !(upload.name.is_empty() && upload.bytes.is_empty()) {
            files.push(upload);
        }
    }
    Ok((files, texts))
}

/// Overwrites a chunk of the request where nobody else holds it.
fn wipe(chunk: axum::body::Bytes) {
    if let Ok(mut own) = chunk.try_into_mut() {
        own.fill(0);
    }
}

pub async fn read(seat: Seat, parts: Multipart) -> Reply {
    let (files, texts) = match uploads(parts).await {
        Ok(all) => all,
        Err(refusal) => return Err(Refused(refusal)),
    };
    if files.is_empty() {
        let l = seat.viewer.lang;
        return form(&seat, StatusCode::UNPROCESSABLE_ENTITY, Some(t::import::no_files(l).into())).await;
    }
    let draft = seat.desk.read_files(files).await?;
    let there = format!("/import/{draft}");
    match texts.get("waiting").and_then(|n| n.parse::<u16>().ok()).filter(|n| *n > 0) {
        Some(n) => Ok(back_to(&there, &format!("left_behind.{n}"), None)),
        None => Ok(Redirect::to(&there).into_response()),
    }
}

/// Of the key identifiers in the request, a line each, those that are registered: identifier, tab, words.
pub async fn known(seat: Seat, ids: String) -> Reply {
    if !seat.viewer.may(Action::Import) {
        return Err(Refused(Refusal::NotAllowed));
    }
    let proper = |id: &str| id.len() == 40 && id.bytes().all(|b| b.is_ascii_hexdigit());
    let ids: Vec<String> = ids.lines().filter(|id| proper(id)).take(5_000).map(str::to_ascii_lowercase).collect();
    let l = seat.viewer.lang;
    let lines = seat.desk.by_key_ids(&ids).await?.into_iter().map(|(id, holder, day)| {
        let words = t::keys::registered(l, shown(&holder, 80), dates::full(l, day));
        format!("{id}\t{words}\n")
    });
    Ok(lines.collect::<String>().into_response())
}

pub async fn accept(seat: Seat, Path(draft): Path<DraftId>, typed: Form<HashMap<String, String>>) -> Reply {
    let preview = seat.desk.preview(draft).await?;
    let choices = match decided(&seat, draft, &preview, typed).await {
        Ok(choices) => choices,
        Err(again) => return again,
    };
    let (outcome, _) = seat.desk.accept(draft, &choices).await?;
    // Where nothing was taken, the register may have changed since the preview was read.
    let preview = if outcome.registered == 0 { seat.desk.preview(draft).await? } else { preview };
    let not_open = preview.found().filter(|(_, c)| c.verdict == Verdict::NoClient).count();
    let to_lead = outcome.new_clients > 0 && seat.viewer.may(Action::AssignClient);
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let n = |x: usize| i64::try_from(x).unwrap_or(0);
        let text = match (outcome.registered, outcome.new_clients) {
            (0, _) if preview.is_known() => t::import::all_known(l).to_owned(),
            (0, _) => t::import::none_taken(l).to_owned(),
            (some, 0) => t::import::registered(l, n(some)),
            (some, new) => format!("{} {}", t::import::registered(l, n(some)), t::import::new_clients(l, n(new))),
        };
        let closed = (not_open > 0).then(|| {
            let text = if v.may(Action::AssignClient) { t::import::not_open_lead } else { t::import::not_open };
            note("warn", text(l, not_open))
        });
        let rest = !choices.left_out.is_empty() || not_open > 0 || (outcome.registered == 0 && !preview.is_known());
        let back = rest.then(|| {
            view! { <a class="btn" href=again(draft, &choices.left_out)>{t::import::to_preview(l)}</a> }
        });
        // Nobody is told of the end of a certificate whose client is nobody's.
        let next = to_lead.then(|| {
            view! { <a class="btn main" href="/clients?responsible=none">{t::import::give_responsibles(l)}</a> }
        });
        let calendar = if to_lead { "btn" } else { "btn main" };
        let way = view! { {next}<a class=calendar href="/calendar">{t::import::to_calendar(l)}</a>{back}
        <a class="btn" href="/import">{t::import::again(l)}</a> };
        let undo = (outcome.registered > 0).then(|| import_undo::button(v, draft, v.today.now));
        let body = view! { <div role="status">{empty(t::import::done(l), &text, way.into_any())}</div>{closed}{undo} };
        Sheet {
            room: Room::Import,
            title: t::nav::import(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    }))
}
