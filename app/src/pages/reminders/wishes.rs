//! Which messages the reader wants, on the page of their account; and the last ones that were sent.

use crate::form::{Fault, field};
use crate::parts::sheet;
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::back_to;
use crate::{dates, text as t, words};
use axum::extract::Form;
use domain::delivery::{DeliveryRow, Wishes};
use domain::refusal::{Refusal, Rule};
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    digest: String,
    urgent: String,
    hour: String,
}

/// What stands in the form.
pub struct Shown<'a> {
    pub wanted: Wishes,
    pub sent: &'a [DeliveryRow],
    /// A server is named, so that messages can leave.
    pub mails: bool,
    /// What was typed and refused.
    pub typed: Option<&'a Typed>,
}

pub async fn set(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let hour = typed.hour.trim().parse().map_err(|_| Refusal::invalid("hour", Rule::Hour));
    let done = async {
        let wishes = Wishes { digest: typed.digest == "on", urgent: typed.urgent == "on", hour: hour? };
        seat.desk.set_wishes(wishes).await
    };
    match done.await {
        Ok(()) => Ok(back_to("/account", "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            crate::pages::account::page::wishes_refused(&seat, &typed, &fault).await
        }
    }
}

pub fn form(v: &Viewer, shown: &Shown<'_>, fault: &Fault) -> AnyView {
    let l = v.lang;
    let mail = v.person.as_ref().map(|p| p.email.clone()).unwrap_or_default();
    let typed = shown.typed;
    let digest = typed.map_or(shown.wanted.digest, |typed| typed.digest == "on");
    let urgent = typed.map_or(shown.wanted.urgent, |typed| typed.urgent == "on");
    let hour = typed.map_or_else(|| shown.wanted.hour.to_string(), |typed| typed.hour.clone());
    let last = shown.sent.iter().map(|row| {
        let (kind, state) = (words::delivery_kind(l, row.kind), words::delivery_state(l, row.state));
        view! { <li class="line"><span class="cut">{kind}</span><span class="push mute">
        {dates::moment(l, row.at, v.today.day)}" · "{state}</span></li> }
    });
    let last = (!shown.sent.is_empty()).then(|| {
        view! { <h3 class="pad">{t::wishes::last(l)}</h3><ul class="rows pad">{last.collect_view()}</ul> }
    });
    let body = view! {
        <form class="form1 pad" method="post" action="/account/mail">
            <p class="hint">{if shown.mails { t::wishes::to(l, mail) } else { t::wishes::none(l).to_owned() }}</p>
            <label class="check"><input type="checkbox" name="digest" value="on" checked=digest/>{t::wishes::digest(l)}</label>
            {field("hour", t::wishes::hour(l), hour).kind("number").required().show(l, fault)}
            <label class="check"><input type="checkbox" name="urgent" value="on" checked=urgent/>{t::wishes::urgent(l)}</label>
            <button class="btn">{t::form::save(l)}</button></form>
        {last}
    };
    view! { <div id="mail">{sheet(t::wishes::title(l), None, ().into_any(), body.into_any())}</div> }.into_any()
}
