//! What a drop on a task left unread beside the certificate that it brought.

use crate::parts::note;
use crate::seat::Viewer;
use crate::shell::{Room, Sheet, page};
use crate::{text as t, words};
use axum::response::Response;
use domain::fold::shown;
use domain::person::Lang;
use domain::refusal::Rule;
use leptos::prelude::*;

pub fn page_of(v: &Viewer, back: &str, unread: &[(String, Rule)]) -> Response {
    page(v, |v| {
        let l = v.lang;
        let lines = lines(l, unread);
        let body = view! {
            {note("info", t::task::taken_beside(l))}
            <div class="sheet pad stack" role="status"><ul class="rows">{lines}</ul>
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

/// Each file with its reason.
pub fn lines(l: Lang, unread: &[(String, Rule)]) -> AnyView {
    let line = |(name, rule): &(String, Rule)| {
        view! { <li><b>{shown(name, 120)}</b><p class="wrong">{words::rule(l, rule)}</p></li> }
    };
    unread.iter().map(line).collect_view().into_any()
}
