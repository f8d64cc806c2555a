//! The rest of the rail, for a phone.

use crate::seat::{Reply, Seat};
use crate::shell::{Room, Sheet, page};
use crate::text as t;
use domain::access::Action;
use leptos::prelude::*;

pub async fn show(seat: Seat) -> Reply {
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let all = [
            (true, "/notices", t::notice::title(l)),
            (v.may(Action::Import), "/import", t::nav::import(l)),
            (v.may(Action::AssignTask), "/staff", t::nav::staff(l)),
            (v.may(Action::ReadAudit), "/audit", t::nav::audit(l)),
            (v.may(Action::Settings), "/office", t::nav::office(l)),
            (true, "/account", t::nav::account(l)),
        ];
        let links = all
            .into_iter()
            .filter(|(open, ..)| *open)
            .map(|(_, href, word)| view! { <li><a class="link" href=href>{word}</a></li> });
        let body = view! { <div class="sheet pad"><ul class="rows">{links.collect_view()}</ul></div> };
        Sheet {
            room: Room::Other,
            title: t::nav::more(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    }))
}
