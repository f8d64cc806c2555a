//! Comments that call the reader, above the morning.

use crate::parts::{avatar, sheet};
use crate::seat::{Reply, Seat, Viewer};
use crate::{dates, text as t};
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect};
use domain::id::MentionId;
use domain::task::Mention;
use leptos::prelude::*;

pub async fn read(seat: Seat, Path(id): Path<MentionId>) -> Reply {
    seat.desk.mention_read(id).await?;
    Ok(Redirect::to("/").into_response())
}

/// None where nobody calls.
pub fn mentions(v: &Viewer, all: &[Mention]) -> Option<AnyView> {
    let l = v.lang;
    let lines = all.iter().map(|m| {
        let about = format!("{} · {}", m.author, dates::moment(l, m.at, v.today.day));
        view! {
            <li class="line">{avatar(Some(&m.author))}
                <span class="cut"><a class="link" href=format!("/tasks/{}", m.task)>{m.whose.clone()}</a>" "
                    <span title=m.text.clone()>{m.text.clone()}</span><br/><small class="mute">{about}</small></span>
                <form class="push" method="post" action=format!("/mentions/{}/read", m.id)>
                    <button class="btn low">{t::today::read(l)}</button></form></li>
        }
    });
    let body = view! { <ul class="rows pad">{lines.collect_view()}</ul> };
    (!all.is_empty()).then(|| {
        view! { <div class="mentions">{sheet(t::today::mentions(l), Some(all.len()), ().into_any(), body.into_any())}</div> }
            .into_any()
    })
}
