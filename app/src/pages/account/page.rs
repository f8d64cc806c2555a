//! My account: language, theme, password, sessions.

use crate::form::{Fault, choice, field, select};
use crate::pages::feeds::account as feeds;
use crate::pages::reminders::wishes;
use crate::parts::sheet;
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page_with};
use crate::{dates, text as t, words};
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use chrono::{DateTime, Utc};
use domain::access::Action;
use domain::browser::browser_name;
use domain::fold::shown;
use domain::id::SessionId;
use domain::person::{Lang, SessionRow, Theme};
use domain::refusal::{Refusal, Rule};
use leptos::prelude::*;
use serde::Deserialize;

pub async fn show(seat: Seat) -> Reply {
    view(&seat, StatusCode::OK, None, &Fault::default()).await
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Taste {
    lang: String,
    theme: String,
}

pub async fn taste(seat: Seat, Form(typed): Form<Taste>) -> Reply {
    seat.desk
        .set_taste(choice("lang", &typed.lang, Lang::parse)?, choice("theme", &typed.theme, Theme::parse)?)
        .await?;
    Ok(Redirect::to("/account?done=saved").into_response())
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Password {
    old: String,
    password: String,
    again: String,
}

pub async fn password(seat: Seat, Form(typed): Form<Password>) -> Reply {
    let done = async {
        if typed.password != typed.again {
            return Err(Refusal::invalid("again", Rule::PasswordWrong));
        }
        seat.desk.change_password(&typed.old, &typed.password).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to("/account?done=saved").into_response()),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            view(&seat, StatusCode::UNPROCESSABLE_ENTITY, None, &fault).await
        }
    }
}

pub async fn end(seat: Seat, Path(id): Path<SessionId>) -> Reply {
    seat.desk.end_session(Some(id)).await?;
    Ok(Redirect::to("/account?done=ended").into_response())
}

/// The page where the choice of messages is refused, with what was typed.
pub async fn wishes_refused(seat: &Seat, typed: &wishes::Typed, fault: &Fault) -> Reply {
    view(seat, StatusCode::UNPROCESSABLE_ENTITY, Some(typed), fault).await
}

async fn view(seat: &Seat, status: StatusCode, typed: Option<&wishes::Typed>, fault: &Fault) -> Reply {
    let sessions = seat.desk.sessions().await?;
    let (wanted, sent) = (seat.desk.wishes().await?, seat.desk.own_deliveries().await?);
    let wanted = wishes::Shown { wanted, sent: &sent, mails: seat.desk.mails().await?, typed };
    let feed = seat.desk.feed_made().await?;
    Ok(whole(&seat.viewer, status, &sessions, &wanted, feed, fault))
}

fn whole(
    v: &Viewer,
    status: StatusCode,
    sessions: &[SessionRow],
    wanted: &wishes::Shown<'_>,
    feed: Option<DateTime<Utc>>,
    fault: &Fault,
) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let langs = Lang::ALL.iter().map(|x| (x.code().to_owned(), words::lang(*x).to_owned())).collect();
        let themes = Theme::ALL.iter().map(|x| (x.code().to_owned(), words::theme(l, *x).to_owned())).collect();
        let taste = view! {
            <form class="form1 pad" method="post" action="/account">
                {select(l, "lang", t::account::language(l), v.lang.code(), langs, &Fault::default())}
                {select(l, "theme", t::account::theme(l), v.theme.code(), themes, &Fault::default())}
                <button class="btn main">{t::form::save(l)}</button>
            </form>
        };
        let mail = v.person.as_ref().map(|p| p.email.clone()).unwrap_or_default();
        let password = view! {
            <form class="form1 pad" method="post" action="/account/password">
                <input type="email" name="username" autocomplete="username" value=mail hidden=true/>
                {field("old", t::account::old_password(l), "").kind("password").complete("current-password").required().show(l, fault)}
                {field("password", t::door::password(l), "").kind("password").complete("new-password").hint(t::door::password_hint(l)).required().show(l, fault)}
                {field("again", t::door::again(l), "").kind("password").complete("new-password").required().show(l, fault)}
                <p class="hint">{t::account::ends_others(l)}</p>
                <button class="btn">{t::account::change_password(l)}</button>
            </form>
        };
        let rows = sessions.iter().map(|s| session(v, s)).collect_view();
        let office = v.may(Action::Settings).then(|| view! { <a class="btn" href="/office">{t::nav::office(l)}</a> });
        let body = view! {
            <div class="cols"><div class="stack">
                {sheet(t::account::sessions(l), Some(sessions.len()), ().into_any(), view! { <ul class="rows pad">{rows}</ul> }.into_any())}
                {sheet(t::account::password(l), None, ().into_any(), password.into_any())}
            </div><div class="stack">
                {sheet(t::account::taste(l), None, ().into_any(), taste.into_any())}
                {wishes::form(v, wanted, fault)}
                {feeds::section(v, feed)}
            </div></div>
        };
        let out = view! { {office}<form method="post" action="/sign-out"><button class="btn">{t::account::sign_out(l)}
        </button></form> };
        let hint = v
            .person
            .as_ref()
            .map(|p| format!("{} · {} · {}", p.name, words::role(l, p.role), p.email))
            .unwrap_or_default();
        Sheet {
            room: Room::Other,
            title: t::nav::account(l).into(),
            hint,
            actions: out.into_any(),
            body: body.into_any(),
        }
    })
}

fn session(v: &Viewer, s: &SessionRow) -> AnyView {
    let l = v.lang;
    let days = t::account::seen(l, dates::instant(l, s.seen), &s.address);
    let end = if s.current {
        view! { <span class="push mute">{t::account::present(l)}</span> }.into_any()
    } else {
        view! { <form class="push" method="post" action=format!("/account/sessions/{}/end", s.id)>
        <button class="btn low">{t::account::end(l)}</button></form> }
        .into_any()
    };
    let browser = browser_name(&s.browser).unwrap_or_else(|| shown(&s.browser, 80));
    view! { <li class="line"><span class="cut" title=shown(&s.browser, 200)>{browser}<br/><small class="mute">{days}</small></span>
    {end}</li> }
    .into_any()
}
