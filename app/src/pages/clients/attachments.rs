//! Files attached to a client or a task: adding, taking, removing.

use crate::islands::{AttachGate, AttachTexts};
use crate::pages::import::upload::uploads;
use crate::parts::{icon, refused_files, sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{dates, text as t};
use axum::extract::{Multipart, Path};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use domain::access::Action;
use domain::attachment::{AttachTo, Attachment};
use domain::id::{AttachmentId, ClientId, TaskId};
use domain::person::{Lang, short_name};
use domain::refusal::{Refusal, Rule};
use leptos::prelude::*;

pub async fn to_client(seat: Seat, Path(id): Path<ClientId>, parts: Multipart) -> Reply {
    // Who may not work on it is told so before any file is read.
    seat.desk.client_card(id).await?;
    if !seat.desk.may(Action::WorkTask, id).await? {
        return Err(Refused(Refusal::NotAllowed));
    }
    add(seat, AttachTo::Client(id), parts).await
}

pub async fn to_task(seat: Seat, Path(id): Path<TaskId>, parts: Multipart) -> Reply {
    if !seat.desk.task_card(id).await?.may_work {
        return Err(Refused(Refusal::NotAllowed));
    }
    add(seat, AttachTo::Task(id), parts).await
}

fn place(of: AttachTo) -> String {
    match of {
        AttachTo::Client(id) => format!("/clients/{id}#files"),
        AttachTo::Task(id) => format!("/tasks/{id}#files"),
    }
}

/// What can be attached is, in one write, and for the others it is said why they are not.
async fn add(seat: Seat, to: AttachTo, parts: Multipart) -> Reply {
    let (files, _) = uploads(parts).await?;
    let all = files.len();
    let refused = match seat.desk.attach_files(to, files).await {
        Ok(_) if all == 0 => vec![(String::new(), Rule::Required)],
        Ok(refused) if refused.is_empty() => return Ok(back_to(&place(to), "attached", None)),
        Ok(refused) => refused,
        // None was taken: together they are too many.
        Err(Refusal::Invalid { rule, .. }) => {
            return Ok(left_out(&seat.viewer, to, &[(String::new(), rule)], 0));
        }
        Err(other) => return Err(Refused(other)),
    };
    Ok(left_out(&seat.viewer, to, &refused, all.saturating_sub(refused.len())))
}

fn left_out(v: &Viewer, to: AttachTo, refused: &[(String, Rule)], taken: usize) -> axum::response::Response {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, v, |v| {
        let l = v.lang;
        let body = view! {
            <div class="sheet pad stack" role="alert">{refused_files(l, refused)}
                {(taken > 0).then(|| view! { <p class="mute">{t::files::others_kept(l)}</p> })}
                <p><a class="btn" href=place(to)>{t::files::back(l)}</a></p></div>
        };
        let room = if matches!(to, AttachTo::Client(_)) { Room::Clients } else { Room::Tasks };
        let (title, hint) = (t::files::left_out(l).into(), String::new());
        Sheet { room, title, hint, actions: ().into_any(), body: body.into_any() }
    })
}

/// A file as it was attached: always saved, never shown inside the program's own pages.
pub async fn download(seat: Seat, Path(id): Path<AttachmentId>) -> Reply {
    let (file, bytes) = seat.desk.attachment(id).await?;
    let ascii = format!("file.{}", file.kind.code());
    let name = crate::pages::problem::encode(&file.name);
    let disposition = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{name}");
    Ok(([(header::CONTENT_TYPE, file.kind.media_type().to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response())
}

pub async fn remove(seat: Seat, Path(id): Path<AttachmentId>) -> Reply {
    let was = seat.desk.remove_attachment(id).await?;
    Ok(back_to(&place(was), "file_removed", None))
}

/// The files of a client or a task, with the form that adds some for whoever works on it.
pub fn section(v: &Viewer, to: AttachTo, files: &[Attachment], may_work: bool) -> AnyView {
    let l = v.lang;
    let lines = files.iter().map(|file| line(v, file, may_work)).collect_view();
    let action = match to {
        AttachTo::Client(id) => format!("/clients/{id}/attachments"),
        AttachTo::Task(id) => format!("/tasks/{id}/attachments"),
    };
    let form = may_work.then(|| {
        view! {
            <form class="form1" method="post" action=action enctype="multipart/form-data">
                <AttachGate texts=texts(l)/><noscript><p class="hint">{t::import::plain_warning(l)}</p></noscript>
                <p class="hint">{t::files::hint(l)}</p>
                <button class="btn">{icon("plus")}{t::files::attach(l)}</button></form>
        }
    });
    let none = files.is_empty().then(|| view! { <p class="mute">{t::files::none(l)}</p> });
    let body = view! { <div class="pad stack" id="files"><ul class="rows">{lines}</ul>{none}{form}</div> };
    sheet(t::files::title(l), Some(files.len()), ().into_any(), body.into_any())
}

fn texts(l: Lang) -> AttachTexts {
    AttachTexts {
        choose: t::files::choose(l).into(),
        key: t::files::key(l).into(),
        large: t::files::large(l).into(),
        kind: t::files::kind(l).into(),
    }
}

fn line(v: &Viewer, file: &Attachment, may_work: bool) -> AnyView {
    let l = v.lang;
    let remove = may_work.then(|| {
        let label = format!("{}: {}", t::files::remove(l), file.name);
        view! { <form class="push" method="post" action=format!("/attachments/{}/remove", file.id)>
        <button class="btn bare low sq" aria-label=label.clone() title=label>{icon("x")}</button></form> }
    });
    let (who, at) = &file.made;
    let size = (file.size + 1023) / 1024;
    let about =
        format!("{} · {} · {}", t::files::kilobytes(l, size), short_name(who), dates::moment(l, *at, v.today.day));
    view! {
        <li class="line"><span class="cut"><a class="link" href=format!("/attachments/{}", file.id) download="">
            {file.name.clone()}</a><br/><small class="mute">{about}</small></span>{remove}</li>
    }
    .into_any()
}
