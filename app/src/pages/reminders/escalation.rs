//! After how many days without an act somebody above is told, on the page of the office.

use crate::form::{Fault, field};
use crate::parts::sheet;
use crate::seat::{Refused, Reply, Seat};
use crate::shell::back_to;
use crate::text as t;
use axum::extract::Form;
use domain::person::Lang;
use domain::refusal::{Refusal, Rule};
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    escalation: String,
}

pub async fn set(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let days = match typed.escalation.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Refusal::invalid("escalation", Rule::EscalateDays)),
    };
    let done = async { seat.desk.set_escalate_days(days?).await };
    match done.await {
        Ok(()) => Ok(back_to("/office", "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            crate::pages::office::page::escalation_refused(&seat, typed.escalation, &fault).await
        }
    }
}

pub fn form(l: Lang, typed: String, fault: &Fault) -> AnyView {
    let body = view! {
        <form class="form1 pad" method="post" action="/office/escalation">
            {field("escalation", t::escalation::days(l), typed).kind("number").hint(t::escalation::hint(l)).show(l, fault)}
            <button class="btn">{t::form::save(l)}</button></form>
    };
    sheet(t::escalation::title(l), None, ().into_any(), body.into_any())
}
