//! The office's ladder: on how many days before an end people are told.

use crate::form::{Fault, field};
use crate::parts::sheet;
use crate::seat::{Refused, Reply, Seat};
use crate::shell::back_to;
use crate::text as t;
use axum::extract::Form;
use domain::access::Action;
use domain::ladder::Ladder;
use domain::person::Lang;
use domain::refusal::Refusal;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    ladder: String,
}

pub async fn set(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    if !seat.viewer.may(Action::Settings) {
        return Err(Refused(Refusal::NotAllowed));
    }
    let done = async {
        let ladder = Ladder::parse(&typed.ladder).map_err(|rule| Refusal::invalid("ladder", rule))?;
        seat.desk.set_ladder(&ladder).await
    };
    match done.await {
        Ok(()) => Ok(back_to("/office", "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            crate::pages::office::page::ladder_refused(&seat, typed.ladder, &fault).await
        }
    }
}

pub fn form(l: Lang, typed: String, fault: &Fault) -> AnyView {
    let body = view! {
        <form class="form1 pad" method="post" action="/office/ladder">
            {field("ladder", t::ladder::days(l), typed).hint(t::ladder::hint(l)).required().show(l, fault)}
            <button class="btn">{t::form::save(l)}</button></form>
    };
    sheet(t::ladder::title(l), None, ().into_any(), body.into_any())
}
