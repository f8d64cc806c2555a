//! The ends of a client's certificates on paper, in the client's language: to hand out.

use crate::parts::bin;
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page};
use crate::{dates, text as t, words};
use axum::extract::{Path, Query};
use domain::certificate::{CertificateRow, in_sets};
use domain::client::contact_of;
use domain::id::ClientId;
use domain::person::Lang;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    /// Language of the paper; the first contact's if it is empty.
    lang: String,
}

pub async fn show(seat: Seat, Path(id): Path<ClientId>, Query(asked): Query<Asked>) -> Reply {
    let client = seat.desk.client_card(id).await?;
    let mut rows = seat.desk.certificates_of(id).await?;
    rows.retain(|c| !c.life.is_replaced(seat.viewer.today));
    rows.sort_by_key(|c| c.life.not_after);
    let off = seat.desk.days_off().await?;
    let theirs = contact_of(&client.data.contacts, "").and_then(|c| Lang::parse(&c.lang));
    let l = Lang::parse(&asked.lang).or(theirs).unwrap_or(seat.viewer.lang);
    Ok(page(&seat.viewer, |v| {
        let langs = Lang::ALL.iter().map(|x| {
            view! {
            <a href=format!("/clients/{id}/ends?lang={}", x.code()) lang=x.code() aria-current=(*x ==
            l).then_some("page")>{words::lang(*x)}</a> }
        });
        let lines =
            in_sets(&rows, v.today).iter().filter_map(|set| set.main().map(|c| line(v, l, c, &off))).collect_view();
        let body = view! {
            <article class="sheet paper" lang=l.code()>
                <h2>{t::ends::title(l)}</h2>
                <p><b>{client.data.name.clone()}</b>", "{bin(&client.data.number)}</p>
                <table class="t"><thead><tr><th scope="col">{t::certificate::holder(l)}</th><th scope="col">
                    {t::certificate::role(l)}</th><th scope="col">{t::ends::until(l)}</th><th scope="col">
                    {t::ends::act_by(l)}</th></tr></thead><tbody>{lines}</tbody></table>
                <p>{t::ends::text(l)}</p>
                <p class="mute">{v.office.to_string()}" · "{dates::full(l, v.today.day)}</p>
            </article>
        };
        let actions = view! { <nav class="seg" aria-label=t::account::language(v.lang)>{langs.collect_view()}</nav>
        <a class="btn" href=format!("/clients/{id}")>{t::client::one(v.lang)}</a> };
        let (title, hint) = (t::ends::title(v.lang).into(), client.data.name.clone());
        Sheet { room: Room::Clients, title, hint, actions: actions.into_any(), body: body.into_any() }
    }))
}

fn line(v: &Viewer, l: Lang, c: &CertificateRow, off: &domain::day::DaysOff) -> AnyView {
    let last = c.life.last_day();
    let act = off.last_working(last);
    let state = if c.urgency(v.today) == domain::standing::Urgency::Late {
        words::standing(l, c.life.standing(v.today))
    } else {
        dates::full(l, act)
    };
    view! { <tr><th scope="row">{c.holder.clone()}</th><td>{crate::parts::roles(l, &c.roles)}</td><td>
    {dates::full(l, last)}</td><td>{state}</td></tr> }
    .into_any()
}
