//! The sheet of a carrier that changes hands: on paper, for two signatures.

use crate::pages::clients::custody::place;
use crate::parts::bin;
use crate::seat::{Reply, Seat};
use crate::shell::{Room, Sheet, page};
use crate::{dates, text as t, words};
use axum::extract::Path;
use domain::custody::Passing;
use domain::id::EntryId;
use leptos::prelude::*;

pub async fn show(seat: Seat, Path(id): Path<EntryId>) -> Reply {
    let entry = seat.desk.custody_entry(id).await?;
    let client = seat.desk.client_card(entry.client.0).await?;
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let said = &entry.said;
        let title =
            if said.what == Passing::Returned { t::custody::sheet_returned(l) } else { t::custody::sheet_taken(l) };
        let line = |term: &'static str, text: String| {
            (!text.is_empty()).then(|| view! { <div><dt>{term}</dt><dd>{text}</dd></div> })
        };
        let sign = |who: &'static str, name: String| {
            view! { <div class="sign"><p>{who}</p><p class="rule"></p><p class="mute">{name}</p><p class="mute">
            {t::custody::sign_hint(l)}</p></div> }
        };
        let to = entry.keeper_name.clone().unwrap_or_else(|| said.to_whom.clone());
        let body = view! {
            <article class="sheet paper">
                <h2>{title}</h2>
                <dl class="facts-list">
                    <div><dt>{t::client::one(l)}</dt><dd>{client.data.name.clone()}", "{bin(&client.data.number)}</dd>
                        </div>
                    {line(t::custody::carrier(l), format!("{}: {}", words::carrier(l, said.kind), said.label))}
                    {line(t::custody::day(l), dates::full(l, said.day))}
                    {line(t::custody::what(l), words::passing(l, said.what).to_owned())}
                    {line(t::custody::place(l), place(v, &entry))}
                    {line(t::custody::ground(l), said.ground.clone())}
                    {line(t::custody::back_by(l), said.back_by.map(|d| dates::full(l, d)).unwrap_or_default())}
                    {line(t::task::note(l), said.note.clone())}
                </dl>
                <p>{t::custody::sheet_text(l)}</p>
                <div class="signs">{sign(t::custody::gave(l), said.from_whom.clone())}{sign(t::custody::took(l), to)}
                    </div>
                <p class="mute">{v.office.to_string()}" · "{dates::full(l, v.today.day)}</p>
            </article>
        };
        let actions = view! { <a class="btn" href=format!("/clients/{}#custody", client.id)>{t::client::one(l)}</a> };
        Sheet {
            room: Room::Clients,
            title: t::custody::sheet(l).into(),
            hint: client.data.name.clone(),
            actions: actions.into_any(),
            body: body.into_any(),
        }
    }))
}
