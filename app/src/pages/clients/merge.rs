//! Merging one client into another: the number of the other, what would go over, the merge.

use crate::form::{Fault, field, text};
use crate::parts::{bin, icon, note, sheet, whole_sheet};
use crate::seat::{Refused, Reply, Seat};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::text as t;
use axum::extract::{Form, Path, Query};
use axum::http::StatusCode;
use domain::access::Action;
use domain::client::Client;
use domain::id::ClientId;
use domain::merging::MergePlan;
use domain::person::Lang;
use domain::refusal::Refusal;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    /// Number of the client that stays.
    number: String,
}

pub async fn show(seat: Seat, Path(id): Path<ClientId>, Query(typed): Query<Typed>) -> Reply {
    if typed.number.trim().is_empty() {
        return view(&seat, id, StatusCode::OK, &typed, None, &Fault::default()).await;
    }
    let plan = async { seat.desk.merge_plan(id, &text("number", &typed.number, 20)?).await };
    match plan.await {
        Ok(plan) => view(&seat, id, StatusCode::OK, &typed, Some(&plan), &Fault::default()).await,
        Err(refusal) => refused(&seat, id, &typed, refusal).await,
    }
}

pub async fn merge(seat: Seat, Path(id): Path<ClientId>, Form(typed): Form<Typed>) -> Reply {
    let done = async { seat.desk.merge_client(id, &text("number", &typed.number, 20)?).await };
    match done.await {
        Ok(into) => Ok(back_to(&format!("/clients/{into}"), "merged", None)),
        Err(refusal) => refused(&seat, id, &typed, refusal).await,
    }
}

async fn refused(seat: &Seat, id: ClientId, typed: &Typed, refusal: Refusal) -> Reply {
    let fault = Fault::of(refusal).map_err(Refused)?;
    view(seat, id, StatusCode::UNPROCESSABLE_ENTITY, typed, None, &fault).await
}

async fn view(
    seat: &Seat,
    id: ClientId,
    status: StatusCode,
    typed: &Typed,
    plan: Option<&MergePlan>,
    fault: &Fault,
) -> Reply {
    let client = seat.desk.client_card(id).await?;
    if !seat.desk.may(Action::EditClient, id).await? {
        return Err(Refused(Refusal::NotAllowed));
    }
    Ok(page_with(status, &seat.viewer, |v| {
        let l = v.lang;
        let ask = view! {
            <form class="form1 pad" action=format!("/clients/{id}/merge")><p>{t::merging::text(l)}</p>
                {field("number", t::merging::number(l), typed.number.clone()).required().show(l, fault)}
                <button class=if plan.is_some() { "btn" } else { "btn main" }>{t::merging::look(l)}</button></form>
        };
        let body = view! {
            {fault.any(l).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
            <div class="stack narrow">{whole_sheet(ask.into_any())}
                {plan.map(|plan| sheet(t::merging::preview(l), None, ().into_any(), preview(l, &client, plan)))}</div>
        };
        Sheet {
            room: Room::Clients,
            title: t::merging::title(l).into(),
            hint: client.data.name.clone(),
            actions: view! { <a class="btn" href=format!("/clients/{id}")>{t::client::one(l)}</a> }.into_any(),
            body: body.into_any(),
        }
    }))
}

fn preview(l: Lang, gone: &Client, plan: &MergePlan) -> AnyView {
    let (into, name, number) = plan.into.clone();
    let count = |n: u64| i64::try_from(n).unwrap_or(0);
    let rows = [
        (t::certificate::many(l), plan.certificates),
        (t::ground::title(l), plan.grounds),
        (t::custody::title(l), plan.entries),
        (t::client::team(l), plan.assignments),
    ];
    let rows = rows.map(|(what, n)| view! { <dt>{what}</dt><dd class="num">{count(n)}</dd> });
    view! {
        <div class="pad stack">
            <dl class="kv"><dt>{t::merging::goes(l)}</dt><dd>{gone.data.name.clone()}" "{bin(&gone.data.number)}</dd>
                <dt>{t::merging::stays(l)}</dt><dd><a class="link" href=format!("/clients/{into}")>{name}</a>
                    " "{bin(&number)}</dd>{rows.into_iter().collect_view()}</dl>
            {note("warn", t::merging::warning(l, &gone.data.number))}
            <form method="post" action=format!("/clients/{}/merge", gone.id)>
                <input type="hidden" name="number" value=number/>
                <button class="btn main">{icon("check")}{t::merging::merge(l)}</button></form>
        </div>
    }
    .into_any()
}
