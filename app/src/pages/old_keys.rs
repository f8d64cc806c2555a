//! Old keys that are replaced but still valid.

use crate::parts::{certificate_table, empty, note};
use crate::seat::{Reply, Seat};
use crate::shell::{Room, Sheet, page};
use crate::text as t;
use leptos::prelude::*;

pub async fn show(seat: Seat) -> Reply {
    let (list, off) = (seat.desk.old_keys().await?, seat.desk.days_off().await?);
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let body = if list.rows.is_empty() {
            empty(t::old_keys::none(l), t::old_keys::none_text(l), ().into_any())
        } else {
            view! { {note("info", t::old_keys::text(l))}<div class="sheet notes-below">{certificate_table(v, &list.rows, &off, true)}</div> }.into_any()
        };
        Sheet {
            room: Room::Today,
            title: t::old_keys::title(l).into(),
            hint: t::certificate::count(l, i64::try_from(list.total).unwrap_or(i64::MAX)),
            actions: ().into_any(),
            body,
        }
    }))
}
