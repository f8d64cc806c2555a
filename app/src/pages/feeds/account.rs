//! The address of one's calendar, on the page of the account.

use crate::parts::{note, sheet};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page};
use crate::{dates, text as t};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// Shows the new address: only its hash is kept.
pub async fn make(seat: Seat) -> Reply {
    let url = seat.desk.make_feed().await?;
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let body = view! {
            <div class="pad stack">{note("info", t::feed::once(l))}
                <p><code class="link-once">{url}</code></p><p class="mute">{t::feed::text(l)}</p>
                <p><a class="btn" href="/account">{t::nav::account(l)}</a></p></div>
        };
        Sheet {
            room: Room::Other,
            title: t::feed::title(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: sheet(t::feed::title(l), None, ().into_any(), body.into_any()),
        }
    }))
}

pub async fn remove(seat: Seat) -> Reply {
    seat.desk.remove_feed().await?;
    Ok(back_to("/account", "saved", None))
}

pub fn section(v: &Viewer, made: Option<DateTime<Utc>>) -> AnyView {
    let l = v.lang;
    let word = if made.is_some() { t::feed::make_new(l) } else { t::feed::make(l) };
    let known = made.map(|at| {
        view! { <p>{t::feed::since(l, dates::moment(l, at, v.today.day))}</p> }
    });
    let remove = made.map(|_| {
        view! { <form method="post" action="/account/feed/remove"><button class="btn low">{t::feed::remove(l)}</button></form> }
    });
    let body = view! {
        <div class="pad stack"><p class="mute">{t::feed::text(l)}</p>{known}
            <div class="line wrap"><form method="post" action="/account/feed"><button class="btn">{word}</button></form>{remove}</div></div>
    };
    view! { <div id="feed">{sheet(t::feed::title(l), None, ().into_any(), body.into_any())}</div> }.into_any()
}
