//! The ladder of one client or one certificate.

use crate::form::{Fault, field};
use crate::parts::{note, sheet};
use crate::seat::{Refused, Reply, Seat};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::text as t;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use domain::access::Action;
use domain::id::{CertificateId, ClientId};
use domain::ladder::{Ladder, LadderOf};
use domain::person::Lang;
use domain::refusal::Refusal;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    ladder: String,
}

impl Typed {
    /// None where the own ladder is taken away.
    fn read(&self) -> Result<Option<Ladder>, Refusal> {
        match self.ladder.trim() {
            "" => Ok(None),
            text => Ladder::parse_own(text).map(Some).map_err(|rule| Refusal::invalid("ladder", rule)),
        }
    }
}

/// What the page shows.
struct Shown {
    /// Whose it is: a client or a holder.
    name: String,
    action: String,
    back: String,
    /// The own ladder as it stands or was typed.
    typed: String,
    /// What counts without an own one.
    else_by: &'static str,
}

pub async fn show_client(seat: Seat, Path(id): Path<ClientId>) -> Reply {
    // A foreign client is not found, before it is asked what is allowed on it.
    let own = seat.desk.client_ladder(id).await?.map(|ladder| ladder.text()).unwrap_or_default();
    if !seat.desk.may(Action::EditClient, id).await? {
        return Err(Refused(Refusal::NotAllowed));
    }
    of_client(&seat, id, own, StatusCode::OK, &Fault::default()).await
}

pub async fn set_client(seat: Seat, Path(id): Path<ClientId>, Form(typed): Form<Typed>) -> Reply {
    let done = async { seat.desk.set_client_ladder(id, typed.read()?.as_ref()).await };
    match done.await {
        Ok(()) => Ok(back_to(&format!("/clients/{id}"), "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            of_client(&seat, id, typed.ladder, StatusCode::UNPROCESSABLE_ENTITY, &fault).await
        }
    }
}

async fn of_client(seat: &Seat, id: ClientId, typed: String, status: StatusCode, fault: &Fault) -> Reply {
    let name = seat.desk.client_card(id).await?.data.name;
    let (action, back) = (format!("/clients/{id}/ladder"), format!("/clients/{id}"));
    let else_by = t::own_ladder::else_office(seat.viewer.lang);
    page(seat, Shown { name, action, back, typed, else_by }, status, fault).await
}

pub async fn show_certificate(seat: Seat, Path(id): Path<CertificateId>) -> Reply {
    let (ladder, of) = seat.desk.ladder_of(id).await?;
    if !seat.viewer.may(Action::WorkTask) {
        return Err(Refused(Refusal::NotAllowed));
    }
    let own = if of == LadderOf::Certificate { ladder.text() } else { String::new() };
    of_certificate(&seat, id, own, StatusCode::OK, &Fault::default()).await
}

pub async fn set_certificate(seat: Seat, Path(id): Path<CertificateId>, Form(typed): Form<Typed>) -> Reply {
    let done = async { seat.desk.set_certificate_ladder(id, typed.read()?.as_ref()).await };
    match done.await {
        Ok(()) => Ok(back_to(&format!("/certificates/{id}"), "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            of_certificate(&seat, id, typed.ladder, StatusCode::UNPROCESSABLE_ENTITY, &fault).await
        }
    }
}

async fn of_certificate(seat: &Seat, id: CertificateId, typed: String, status: StatusCode, fault: &Fault) -> Reply {
    let name = seat.desk.certificate_card(id).await?.row.holder;
    let (action, back) = (format!("/certificates/{id}/ladder"), format!("/certificates/{id}"));
    let else_by = t::own_ladder::else_client(seat.viewer.lang);
    page(seat, Shown { name, action, back, typed, else_by }, status, fault).await
}

async fn page(seat: &Seat, shown: Shown, status: StatusCode, fault: &Fault) -> Reply {
    let office = seat.desk.ladder().await?;
    Ok(page_with(status, &seat.viewer, |v| Sheet {
        room: Room::Clients,
        title: shown.name.clone(),
        hint: t::own_ladder::title(v.lang).into(),
        actions: ().into_any(),
        body: form(v.lang, &shown, &office, fault),
    }))
}

fn form(l: Lang, shown: &Shown, office: &Ladder, fault: &Fault) -> AnyView {
    let body = view! {
        <div class="pad stack">{note("info", t::own_ladder::office(l, office.text()))}
            <form class="form1" method="post" action=shown.action.clone()>
                {field("ladder", t::ladder::days(l), shown.typed.clone()).hint(shown.else_by).show(l, fault)}
                <div class="line"><button class="btn main">{t::form::save(l)}</button>
                    <a class="btn" href=shown.back.clone()>{t::form::cancel(l)}</a></div></form></div>
    };
    sheet(t::own_ladder::title(l), None, ().into_any(), body.into_any())
}
