//! Systems in which a client uses its certificates: ticks on its card.

use crate::parts::{icon, sheet};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::back_to;
use crate::{text as t, words};
use axum::extract::Path;
use axum_extra::extract::Form;
use domain::client::System;
use domain::id::ClientId;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    system: Vec<String>,
}

pub async fn set(seat: Seat, Path(id): Path<ClientId>, Form(typed): Form<Typed>) -> Reply {
    let chosen: Vec<_> = typed.system.iter().filter_map(|s| s.parse().ok()).collect();
    seat.desk.set_systems_of(id, &chosen).await?;
    Ok(back_to(&format!("/clients/{id}#systems"), "saved", None))
}

pub fn section(v: &Viewer, client: ClientId, all: &[System], own: &[System], may: bool) -> AnyView {
    let l = v.lang;
    let names = own.iter().map(|s| words::of_three(l, &s.name)).collect::<Vec<_>>().join(", ");
    let names = if names.is_empty() { t::systems::none(l).to_owned() } else { names };
    let ticks = all.iter().map(|s| {
        let checked = own.iter().any(|o| o.id == s.id);
        let id = s.id.map(|id| id.to_string()).unwrap_or_default();
        view! { <label class="check"><input type="checkbox" name="system" value=id checked=checked/>
        {words::of_three(l, &s.name)}</label> }
    });
    let form = may.then(|| {
        view! {
            <details class="fold"><summary>{icon("right")}{t::systems::change(l)}</summary>
            <form class="form1" method="post" action=format!("/clients/{client}/systems")><div class="checks">
                {ticks.collect_view()}</div><button class="btn">{t::form::save(l)}</button></form></details>
        }
    });
    let body = view! { <div class="pad stack"><p>{names}</p>{form}</div> };
    view! { <div id="systems">{sheet(t::systems::title(l), None, ().into_any(), body.into_any())}</div> }.into_any()
}
