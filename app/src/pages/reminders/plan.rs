//! When a task is opened by itself, on the page of the office.

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
    plan: String,
}

pub async fn set(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let days = match typed.plan.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Refusal::invalid("plan", Rule::PlanDays)),
    };
    let done = async { seat.desk.set_plan_days(days?).await };
    match done.await {
        Ok(()) => Ok(back_to("/office", "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            crate::pages::office::page::plan_refused(&seat, typed.plan, &fault).await
        }
    }
}

pub fn form(l: Lang, typed: String, fault: &Fault) -> AnyView {
    let body = view! {
        <form class="form1 pad" method="post" action="/office/plan">
            {field("plan", t::plan::days(l), typed).kind("number").hint(t::plan::hint(l)).show(l, fault)}
            <button class="btn">{t::form::save(l)}</button></form>
    };
    sheet(t::plan::title(l), None, ().into_any(), body.into_any())
}
