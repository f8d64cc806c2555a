//! The page of a certificate: every fact, whose it is, what happens to it.

use crate::form::{Fault, choice, field, optional, select};
use crate::pages::certificates::facts::{facts, technical};
use crate::pages::clients::choose::{Clients, chosen_client, client_choice};
use crate::pages::reminders::of_certificate::{Typed as PutOff, reminders};
use crate::parts::{client_links, icon, note, risk_reason, sheet, standing, when};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{dates, text as t, words};
use axum::extract::{Form, Path};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect};
use domain::access::Action;
use domain::certificate::Certificate;
use domain::day::{DaysOff, last_whole_day};
use domain::id::{CertificateId, ClientId};
use domain::reminder::Reminders;
use domain::revocation::Evidence;
use domain::standing::{Standing, Urgency};
use domain::task::Check;
use leptos::prelude::*;
use serde::Deserialize;

pub async fn show(seat: Seat, Path(id): Path<CertificateId>) -> Reply {
    view(&seat, id, StatusCode::OK, &Typed::default(), &Fault::default()).await
}

/// The page where putting its reminders off is refused, with what was typed.
pub async fn put_off_refused(seat: &Seat, id: CertificateId, typed: &PutOff, fault: &Fault) -> Reply {
    let typed = Typed { until: typed.until.clone(), why: typed.why.clone(), ..Typed::default() };
    view(seat, id, StatusCode::UNPROCESSABLE_ENTITY, &typed, fault).await
}

async fn view(seat: &Seat, id: CertificateId, status: StatusCode, typed: &Typed, fault: &Fault) -> Reply {
    let desk = &seat.desk;
    let (certificate, off, by_hand) =
        (desk.certificate_card(id).await?, desk.days_off().await?, desk.links_by_hand(id).await?);
    let choices = if seat.viewer.may(Action::LinkCertificate) { Some(Clients::of(seat).await?) } else { None };
    let (evidence, told) = (desk.evidence(id).await?, desk.reminders(id).await?);
    Ok(page_with(status, &seat.viewer, |v| {
        let l = v.lang;
        let open = (v.may(Action::WorkTask) && certificate.row.can_be_reissued(v.today)).then(|| {
            view! {
                <a class="btn" href=format!("/tasks/new?certificate={id}&reason=password_lost")>{icon("keyoff")}
                    {t::reason::password_lost(l)}</a>
                <a class="btn main" href=format!("/tasks/new?certificate={id}")>{t::task::reissue(l)}</a>
            }
        });
        let title = if certificate.row.holder.is_empty() {
            t::certificate::nameless(l).to_owned()
        } else {
            certificate.row.holder.clone()
        };
        Sheet {
            room: Room::Clients,
            title,
            hint: String::new(),
            actions: open.into_any(),
            body: body(v, &certificate, &off, &by_hand, choices, (&evidence, &told, typed, fault)),
        }
    }))
}

pub async fn file(seat: Seat, Path(id): Path<CertificateId>) -> Reply {
    let der = seat.desk.certificate_der(id).await?;
    let name = format!("attachment; filename=\"{id}.cer\"");
    Ok(([(header::CONTENT_TYPE, "application/pkix-cert".to_owned()), (header::CONTENT_DISPOSITION, name)], der)
        .into_response())
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    client: String,
    how: String,
    note: String,
    until: String,
    why: String,
}

pub async fn checked(seat: Seat, Path(id): Path<CertificateId>, Form(typed): Form<Typed>) -> Reply {
    seat.desk.certificate_card(id).await?;
    let done = async {
        let how = choice("how", &typed.how, Check::parse)?;
        seat.desk.check_old_keys(&[id], how, &optional("note", &typed.note, 400)?).await
    };
    match done.await {
        Ok(undo) => Ok(back_to(&format!("/certificates/{id}"), "saved", Some(undo))),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            view(&seat, id, StatusCode::UNPROCESSABLE_ENTITY, &typed, &fault).await
        }
    }
}

/// Asks the authority about the certificate; a refusal stands on its page.
pub async fn ask(seat: Seat, Path(id): Path<CertificateId>) -> Reply {
    match seat.desk.ask_issuer(id).await {
        Ok(revoked) => {
            Ok(back_to(&format!("/certificates/{id}"), if revoked { "asked_revoked" } else { "asked_good" }, None))
        }
        Err(refusal) => {
            view(&seat, id, StatusCode::UNPROCESSABLE_ENTITY, &Typed::default(), &Fault::of(refusal).map_err(Refused)?)
                .await
        }
    }
}

pub async fn link(seat: Seat, Path(id): Path<CertificateId>, Form(typed): Form<Typed>) -> Reply {
    let done = async { seat.desk.link_certificate(id, chosen_client(&seat, "client", &typed.client).await?).await };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/certificates/{id}?done=saved")).into_response()),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            view(&seat, id, StatusCode::UNPROCESSABLE_ENTITY, &typed, &fault).await
        }
    }
}

pub async fn unlink(seat: Seat, Path(id): Path<CertificateId>, Form(typed): Form<Typed>) -> Reply {
    let from: ClientId = choice("client", &typed.client, |c| c.parse().ok())?;
    seat.desk.unlink_certificate(id, from).await?;
    let next = if seat.desk.certificate_card(id).await.is_ok() {
        format!("/certificates/{id}?done=saved")
    } else {
        format!("/clients/{from}?done=saved")
    };
    Ok(Redirect::to(&next).into_response())
}

fn body(
    v: &Viewer,
    c: &Certificate,
    off: &DaysOff,
    by_hand: &[ClientId],
    choices: Option<Clients>,
    (evidence, told, typed, fault): (&Evidence, &Reminders, &Typed, &Fault),
) -> AnyView {
    let l = v.lang;
    let f = &c.facts;
    let lost = matches!(c.row.life.standing(v.today), Standing::Unusable(_))
        .then(|| note("risk", t::task::cannot_be_recovered(l)));
    let risky = c.row.threat.as_ref().filter(|_| c.row.urgency(v.today) == Urgency::Risk);
    let risky = risky.map(|threat| note("risk", risk_reason(l, threat, c.row.life.last_day(), v.today)));
    let warnings = f.warnings.iter().map(|w| note("warn", words::warning(l, *w))).collect_view();
    let task = c.row.task.as_ref().map(
        |task| view! { <p class="pad"><a class="btn" href=format!("/tasks/{}", task.id)>{t::task::to_task(l)}</a></p> },
    );
    let successor = c.successor.map(|id| {
        view! { <p class="pad"><a class="link" href=format!("/certificates/{id}")>
        {t::certificate::to_successor(l)}</a></p> }
    });
    let state = view! {
        <div class="pad"><p class="line">{standing(l, &c.row, v.today)}
            {when(dates::end(l, c.row.life.last_day(), v.today, off))}</p>
            {last_whole_day(c.row.life.not_after).map(|day| view! { <p class="mute">{t::certificate::whole_until(l, dates::full(l, day))}</p> })}
            </div>
        {c.row.life.typed.then(|| view! { <div class="pad">{note("warn", t::typed::unconfirmed(l))}</div> })}
        {(!c.row.life.typed).then(|| revocation(v, c, evidence, fault))}
        {task}{successor}{old_key(v, c, typed, fault)}
    };
    view! {
        {lost}{risky}
        <div class="cols">
            <div class="stack">
                {sheet(t::certificate::facts(l), None, ().into_any(), facts(v, c))}
                {sheet(t::certificate::technical(l), None, (!c.row.life.typed).then(|| view! { <a class="btn low" href=format!("/certificates/{}/file", c.row.id) download="">{icon("import")}{t::certificate::download(l)}</a> }).into_any(), technical(v, c))}
            </div>
            <div class="stack">
                {sheet(t::certificate::state(l), None, ().into_any(), state.into_any())}
                {warnings}
                {reminders(v, &c.row, told, &PutOff { until: typed.until.clone(), why: typed.why.clone() }, fault)}
                {sheet(t::certificate::clients(l), None, ().into_any(), clients(v, c, by_hand, choices, (typed, fault)))}
            </div>
        </div>
    }
    .into_any()
}

/// What is known of its revocation, and the way to ask its issuer.
fn revocation(v: &Viewer, c: &Certificate, evidence: &Evidence, fault: &Fault) -> AnyView {
    let l = v.lang;
    let may_ask = v.may(Action::WorkTask) && !c.facts.ocsp_urls.is_empty();
    let ask = may_ask.then(|| {
        view! { <form method="post" action=format!("/certificates/{}/ask", c.row.id)>
        <button class="btn">{t::revocation::ask(l)}</button></form> }
    });
    view! {
        <div class="pad stack"><p class="mute">{crate::pages::certificates::revocation::sentence(v, evidence)}" "<a
            class="link" href="/revocation">{t::revocation::title(l)}</a></p>
            {fault.at(l, "how").map(|wrong| note("risk", &wrong))}{ask}</div>
    }
    .into_any()
}

/// A replaced certificate that is still valid: what somebody has seen of its revocation.
fn old_key(v: &Viewer, c: &Certificate, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    if let Some(at) = c.checked_at {
        return view! { <p class="pad mute">{t::old_keys::checked(l, dates::instant(l, at))}</p> }.into_any();
    }
    let life = &c.row.life;
    if !v.may(Action::WorkTask) || !life.is_replaced(v.today) || life.revoked.is_some() || life.not_after < v.today.now
    {
        return ().into_any();
    }
    let how = Check::SAID_OF_RUNNING.iter().map(|c| (c.code().to_owned(), words::check(l, *c).to_owned())).collect();
    view! {
        <form class="pad form1" method="post" action=format!("/certificates/{}/checked", c.row.id)>
            {note("warn", t::task::old_stays_valid(l))}
            {select(l, "how", t::task::checked_how(l), &typed.how, how, fault)}{field("note", t::task::seen_how(l), typed.note.clone()).show(l, fault)}
            <button class="btn">{t::old_keys::check(l)}</button></form>
    }
    .into_any()
}

fn clients(
    v: &Viewer,
    c: &Certificate,
    by_hand: &[ClientId],
    choices: Option<Clients>,
    (typed, fault): (&Typed, &Fault),
) -> AnyView {
    let l = v.lang;
    let id = c.row.id;
    let rows = c.row.clients.iter().map(|client| {
        let undo = (by_hand.contains(&client.0) && v.may(Action::LinkCertificate)).then(|| {
            view! { <form class="push" method="post" action=format!("/certificates/{id}/unlink")>
            <input type="hidden" name="client" value=client.0.to_string()/><button class="btn low bare">
            {t::certificate::unlink(l)}</button></form> }
        });
        view! { <li class="line">{client_links(std::slice::from_ref(client))}{undo}</li> }
    });
    let form = choices.filter(|choices| !choices.is_empty()).map(|choices| {
        let wrong = fault.at(l, "client");
        let open = wrong.is_some();
        view! {
            <details class="fold" open=open><summary>{icon("plus")}{t::certificate::link(l)}</summary>
                <form class="form1" method="post" action=format!("/certificates/{id}/link")>
                    <div class="field">{client_choice(v, "client".into(), &choices, &typed.client, wrong)}</div>
                    <button class="btn">{t::certificate::link(l)}</button></form></details>
        }
    });
    view! { <div class="pad"><ul class="rows">{rows.collect_view()}</ul>{form}</div> }.into_any()
}
