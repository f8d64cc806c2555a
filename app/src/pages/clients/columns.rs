//! The columns of the list of clients: each person chooses, and finds the same ones again.

use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{back_to, plain};
use crate::text as t;
use axum_extra::extract::Form;
use domain::client::ClientColumn;
use domain::person::Lang;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    column: Vec<String>,
    back: String,
}

pub async fn keep(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let chosen: Vec<ClientColumn> = typed.column.iter().filter_map(|code| ClientColumn::parse(code)).collect();
    seat.desk.set_client_columns(&chosen).await?;
    let back = if typed.back.starts_with("/clients") { typed.back.as_str() } else { "/clients" };
    Ok(back_to(back, "saved", None))
}

pub fn title(l: Lang, column: ClientColumn) -> &'static str {
    match column {
        ClientColumn::Number => t::client::number(l),
        ClientColumn::State => t::certificate::state(l),
        ClientColumn::Certificates => t::certificate::many(l),
        ClientColumn::Responsible => t::client::responsible(l),
        ClientColumn::Tasks => t::task::many(l),
        ClientColumn::Team => t::staff::team(l),
        ClientColumn::Filings => t::client::filings(l),
    }
}

/// The fold with a box for each column.
pub fn choice(v: &Viewer, chosen: &[ClientColumn]) -> AnyView {
    let l = v.lang;
    let boxes = ClientColumn::ALL.iter().map(|column| {
        let on = chosen.contains(column);
        view! { <label class="check"><input type="checkbox" name="column" value=column.code() checked=on/>
        {title(l, *column)}</label> }
    });
    view! {
        <details class="fold push"><summary>{t::client::columns(l)}</summary>
            <form class="line" method="post" action="/clients/columns">
                <input type="hidden" name="back" value=plain(&v.here)/>{boxes.collect_view()}
                <button class="btn">{t::client::columns_show(l)}</button></form></details>
    }
    .into_any()
}
