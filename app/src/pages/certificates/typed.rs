//! A typed certificate: holder and dates typed.

use crate::form::{Fault, any_of, choice, day, field, optional_day, select, text};
use crate::parts::note;
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page_with};
use crate::{text as t, words};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use axum_extra::extract::Form;
use domain::access::Action;
use domain::certificate::{HolderRole, Purpose};
use domain::client::Client;
use domain::id::ClientId;
use domain::number::TaxNumber;
use domain::refusal::{Refusal, Rule};
use domain::typed::Typed as Entry;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    holder: String,
    iin: String,
    role: String,
    purpose: Vec<String>,
    first_day: String,
    last_day: String,
}

async fn client(seat: &Seat, id: ClientId) -> Result<Client, Refusal> {
    let client = seat.desk.client_card(id).await?;
    if seat.viewer.may(Action::Import) { Ok(client) } else { Err(Refusal::NotAllowed) }
}

pub async fn new(seat: Seat, Path(id): Path<ClientId>) -> Reply {
    let client = client(&seat, id).await?;
    let typed = Typed { purpose: vec![Purpose::Signing.code().into()], ..Typed::default() };
    Ok(form(&seat.viewer, StatusCode::OK, &client, &typed, &Fault::default()))
}

pub async fn add(seat: Seat, Path(id): Path<ClientId>, Form(typed): Form<Typed>) -> Reply {
    let client = client(&seat, id).await?;
    let done = async { seat.desk.type_certificate(id, &checked(&typed)?).await };
    match done.await {
        Ok(certificate) => Ok(Redirect::to(&format!("/certificates/{certificate}?done=saved")).into_response()),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            Ok(form(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, &client, &typed, &fault))
        }
    }
}

fn checked(typed: &Typed) -> Result<Entry, Refusal> {
    let iin = match typed.iin.trim() {
        "" => None,
        number => match TaxNumber::parse(number).map_err(|e| Refusal::invalid("iin", Rule::Number(e)))? {
            TaxNumber::Iin(digits) => Some(digits),
            TaxNumber::Bin(_) => return Err(Refusal::invalid("iin", Rule::Unknown)),
        },
    };
    Ok(Entry {
        holder: text("holder", &typed.holder, 120)?,
        iin,
        role: if typed.role.is_empty() { None } else { Some(choice("role", &typed.role, HolderRole::parse)?) },
        purposes: typed.purpose.iter().filter_map(|p| Purpose::parse(p)).collect(),
        first_day: optional_day("first_day", &typed.first_day)?,
        last_day: day("last_day", &typed.last_day)?,
    })
}

fn form(v: &Viewer, status: StatusCode, client: &Client, typed: &Typed, fault: &Fault) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let roles =
            any_of(t::typed::no_role(l), HolderRole::ALL, HolderRole::code, |r| words::holder_role(l, r).into());
        let purposes = [Purpose::Signing, Purpose::Authentication].map(|p| {
            let checked = typed.purpose.iter().any(|code| code == p.code());
            view! { <label class="check"><input type="checkbox" name="purpose" value=p.code() checked=checked/>
            {words::purpose(l, p)}</label> }
        });
        let body = view! {
            {fault.any(l).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
            {note("info", t::typed::hint(l))}
            <form class="sheet pad form2 notes-below" method="post" action=format!("/clients/{}/typed", client.id)>
                {field("holder", t::typed::holder(l), typed.holder.clone()).required().show(l, fault)}
                {field("iin", t::typed::iin(l), typed.iin.clone()).show(l, fault)}
                {field("last_day", t::typed::last_day(l), typed.last_day.clone()).kind("date").required().show(l, fault)}
                {field("first_day", t::typed::first_day(l), typed.first_day.clone()).kind("date").show(l, fault)}
                {select(l, "role", t::typed::role(l), &typed.role, roles, fault)}
                <fieldset><legend class="label">{t::calendar::purpose(l)}</legend><div class="checks">
                    {purposes.into_iter().collect_view()}</div></fieldset>
                <div class="line full"><button class="btn main">{t::typed::save(l)}</button></div>
            </form>
        };
        Sheet {
            room: Room::Clients,
            title: t::typed::title(l).into(),
            hint: client.data.name.clone(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    })
}
