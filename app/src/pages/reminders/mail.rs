//! The server of outgoing mail: its settings, a test that says which step fails, and how the last messages went.

use super::mail_list;
use crate::form::{Fault, choice, email, field, optional, select};
use crate::parts::{note, sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{dates, text as t, words};
use axum::extract::Form;
use axum::http::StatusCode;
use domain::access::Action;
use domain::mail::{MailServer, MailSettings, MailStep, Security};
use domain::person::Lang;
use domain::refusal::{Refusal, Rule};
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    host: String,
    port: String,
    security: String,
    user: String,
    password: String,
    sender: String,
}

fn owner(seat: &Seat) -> Result<(), Refusal> {
    if seat.viewer.may(Action::Settings) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

pub async fn show(seat: Seat) -> Reply {
    owner(&seat)?;
    view(&seat, StatusCode::OK, None, &Fault::default(), None).await
}

pub async fn set(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    owner(&seat)?;
    let done = async {
        let port = typed.port.trim().parse().map_err(|_| Refusal::invalid("port", Rule::MailPort))?;
        let security = choice("security", &typed.security, Security::parse)?;
        let sender = email("sender", &typed.sender)?;
        let user = optional("user", &typed.user, 200)?;
        let server = MailServer::new(&typed.host, port, security, &user, sender)?;
        seat.desk.set_mail_server(&server, &typed.password).await
    };
    match done.await {
        Ok(()) => Ok(back_to("/office/mail", "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            view(&seat, StatusCode::UNPROCESSABLE_ENTITY, Some(typed), &fault, None).await
        }
    }
}

pub async fn test(seat: Seat) -> Reply {
    match seat.desk.test_mail().await? {
        Ok(()) => Ok(back_to("/office/mail", "mail_sent", None)),
        Err(failure) => {
            let failed = Some((failure.step, failure.said));
            view(&seat, StatusCode::UNPROCESSABLE_ENTITY, None, &Fault::default(), failed).await
        }
    }
}

pub async fn remove(seat: Seat) -> Reply {
    seat.desk.remove_mail_server().await?;
    Ok(back_to("/office/mail", "saved", None))
}

/// `failed`: where a test has just failed, and what was said.
async fn view(
    seat: &Seat,
    status: StatusCode,
    typed: Option<Typed>,
    fault: &Fault,
    failed: Option<(MailStep, String)>,
) -> Reply {
    let (set, sent) = (seat.desk.mail_settings().await?, seat.desk.deliveries().await?);
    let typed = typed.unwrap_or_else(|| set.as_ref().map(as_typed).unwrap_or_default());
    Ok(page_with(status, &seat.viewer, |v| {
        let l = v.lang;
        let form = server_form(l, &typed, set.as_ref().is_some_and(|set| set.has_password), fault);
        let body = view! {
            {failure(v, set.as_ref(), failed)}
            <div class="cols"><div class="stack">{mail_list::list(v, &sent, set.is_some())}</div>
                <div class="stack">{sheet(t::mail::server(l), None, ().into_any(), form)}
                    {set.is_some().then(|| ways(v))}</div></div>
        };
        Sheet {
            room: Room::Other,
            title: t::mail::title(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    }))
}

fn as_typed(set: &MailSettings) -> Typed {
    let server = set.server.clone();
    Typed {
        host: server.host,
        port: server.port.to_string(),
        security: server.security.code().into(),
        user: server.user,
        password: String::new(),
        sender: server.sender,
    }
}

fn server_form(l: Lang, typed: &Typed, kept: bool, fault: &Fault) -> AnyView {
    let securities = Security::ALL.iter().map(|s| (s.code().to_owned(), words::security(l, *s).to_owned())).collect();
    let kept = kept && fault.at(l, "password").is_none();
    let hint = if kept { t::mail::password_kept(l) } else { t::mail::password_hint(l) };
    view! {
        <form class="form1 pad" method="post" action="/office/mail" autocomplete="off">
            {field("host", t::mail::host(l), typed.host.clone()).hint(t::mail::host_hint(l)).required().show(l, fault)}
            {field("port", t::mail::port(l), typed.port.clone()).kind("number").required().show(l, fault)}
            {select(l, "security", t::mail::security(l), &typed.security, securities, fault)}
            {field("user", t::mail::user(l), typed.user.clone()).hint(t::mail::user_hint(l)).show(l, fault)}
            {field("password", t::mail::password(l), "").kind("password").complete("new-password").hint(hint).show(l, fault)}
            {field("sender", t::mail::sender(l), typed.sender.clone()).kind("email").hint(t::mail::sender_hint(l)).required().show(l, fault)}
            <button class="btn main">{t::form::save(l)}</button></form>
    }
    .into_any()
}

/// To try the settings, and to take them away.
fn ways(v: &Viewer) -> AnyView {
    let l = v.lang;
    let me = v.person.as_ref().map(|p| p.email.clone()).unwrap_or_default();
    view! {
        <div class="sheet pad stack"><form method="post" action="/office/mail/test"><button class="btn">{t::mail::test(l)}
            </button><p class="hint">{t::mail::test_hint(l, me)}</p></form>
            <form method="post" action="/office/mail/remove"><button class="btn low bare">{t::mail::remove(l)}</button></form></div>
    }
    .into_any()
}

/// What fails: of the test that was just made, else since when nothing leaves; with the setting that fits better.
fn failure(v: &Viewer, set: Option<&MailSettings>, failed: Option<(MailStep, String)>) -> Option<AnyView> {
    let l = v.lang;
    let set = set?;
    let known = || set.fails.clone().map(|(since, step, said)| (Some(since), step, said));
    let (since, step, said) = failed.map(|(step, said)| (None, step, said)).or_else(known)?;
    let since = since.map(|at| t::mail::fails(l, dates::moment(l, at, v.today.day)));
    let misfit = set.server.misfit().map(|misfit| words::misfit(l, misfit).to_owned());
    let said = (!said.is_empty()).then(|| t::mail::said(l, said));
    let told = [since, Some(words::mail_step(l, step).to_owned()), misfit, said];
    let told = told.into_iter().flatten().collect::<Vec<_>>().join(" ");
    Some(view! { <div role="alert">{note("risk", told)}</div> }.into_any())
}
