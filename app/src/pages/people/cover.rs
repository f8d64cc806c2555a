//! Who stands in for whom, on the page of either.

use crate::parts::{note, sheet};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::back_to;
use crate::{dates, text as t};
use axum::extract::{Form, Path};
use domain::access::Action;
use domain::handover::Cover;
use domain::id::PersonId;
use domain::refusal::Refusal;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Ending {
    by: String,
    /// The page to go back to.
    back: String,
}

pub async fn end(seat: Seat, Path(covered): Path<PersonId>, Form(typed): Form<Ending>) -> Reply {
    seat.desk.end_cover(covered, typed.by.parse().map_err(|_| Refusal::NotFound)?).await?;
    Ok(back_to(if typed.back.is_empty() { "/staff" } else { &typed.back }, "cover_ended", None))
}

/// The covers of a person, each with its end by one press.
pub fn list(v: &Viewer, of: PersonId, covers: &[Cover]) -> Option<AnyView> {
    let l = v.lang;
    let lines = covers.iter().map(|c| {
        let until = dates::short(l, c.until, v.today.day);
        let other = if c.covered.0 == of { &c.by } else { &c.covered };
        let text = if c.covered.0 == of {
            t::handover::covered_by(l, &other.1, until)
        } else {
            t::handover::covers(l, &other.1, until)
        };
        let end = v.may(Action::AssignClient).then(|| {
            view! {
                <form method="post" action=format!("/staff/{}/cover/end", c.covered.0)>
                    <input type="hidden" name="by" value=c.by.0.to_string()/>
                    <input type="hidden" name="back" value=format!("/staff/{of}")/>
                    <button class="btn low">{t::handover::end_cover(l)}</button></form>
            }
        });
        view! { <li class="line wrap"><span><a class="link" href=format!("/staff/{}", other.0)>{text}</a>" · "
        {t::client::count(l, c.clients)}</span><span class="push">{end}</span></li> }
    });
    let lines: Vec<_> = lines.collect();
    (!lines.is_empty()).then(|| {
        let body =
            view! { <div class="pad stack"><ul class="rows">{lines}</ul>{note("", t::handover::cover_text(l))}</div> };
        sheet(t::handover::cover(l), None, ().into_any(), body.into_any())
    })
}
