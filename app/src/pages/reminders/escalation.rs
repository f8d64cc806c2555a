//! After how many days without an act somebody above is told, on the page of the office.

use super::number::{self, Words};
use crate::form::Fault;
use crate::pages::office::page;
use crate::seat::{Refused, Reply, Seat};
use crate::shell::back_to;
use crate::text as t;
use axum::extract::Form;
use domain::person::Lang;
use domain::refusal::Rule;
use leptos::prelude::AnyView;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    escalation: String,
}

pub async fn set(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let done =
        async { seat.desk.set_escalate_days(number::read("escalation", &typed.escalation, Rule::EscalateDays)?).await };
    match done.await {
        Ok(()) => Ok(back_to("/office", "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            page::escalation_refused(&seat, typed.escalation, &fault).await
        }
    }
}

pub fn form(l: Lang, typed: String, fault: &Fault) -> AnyView {
    let words = Words { title: t::escalation::title(l), label: t::escalation::days(l), hint: t::escalation::hint(l) };
    number::form(l, "escalation", &words, typed, fault)
}
