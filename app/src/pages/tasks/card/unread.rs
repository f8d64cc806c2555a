//! What a drop on a task left unread beside the certificate that it brought.

use crate::parts::{note, refused_files};
use crate::seat::Viewer;
use crate::shell::{Room, Sheet, page};
use crate::text as t;
use axum::response::Response;
use domain::refusal::Rule;
use leptos::prelude::*;

pub fn page_of(v: &Viewer, back: &str, unread: &[(String, Rule)]) -> Response {
    page(v, |v| {
        let l = v.lang;
        let body = view! {
            {note("info", t::task::taken_beside(l))}
            <div class="sheet pad stack" role="status">{refused_files(l, unread)}
                <p><a class="btn main" href=back.to_owned()>{t::task::to_task(l)}</a></p></div>
        };
        Sheet {
            room: Room::Tasks,
            title: t::task::left_unread(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    })
}
