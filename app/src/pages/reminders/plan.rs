//! When a task is opened by itself, on the page of the office.

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
    plan: String,
}

pub async fn set(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let done = async { seat.desk.set_plan_days(number::read("plan", &typed.plan, Rule::PlanDays)?).await };
    match done.await {
        Ok(()) => Ok(back_to("/office", "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            page::plan_refused(&seat, typed.plan, &fault).await
        }
    }
}

pub fn form(l: Lang, typed: String, fault: &Fault) -> AnyView {
    let words = Words { title: t::plan::title(l), label: t::plan::days(l), hint: t::plan::hint(l) };
    number::form(l, "plan", &words, typed, fault)
}
