//! The reminders on the card of a certificate: each rung with who was told, what keeps it silent, and how to put them off.

use crate::form::{Fault, day, field, text};
use crate::parts::{icon, sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::back_to;
use crate::{dates, text as t, words};
use axum::extract::{Form, Path};
use domain::access::Action;
use domain::certificate::CertificateRow;
use domain::day::days_between;
use domain::id::CertificateId;
use domain::ladder::{LadderOf, RungState, Silence};
use domain::person::{Lang, short_name};
use domain::reminder::{Reminders, RungRow, Told};
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    pub until: String,
    pub why: String,
}

pub async fn put_off(seat: Seat, Path(id): Path<CertificateId>, Form(typed): Form<Typed>) -> Reply {
    seat.desk.certificate_card(id).await?;
    let done = async {
        let (until, why) = (day("until", &typed.until)?, text("why", &typed.why, 400)?);
        seat.desk.put_off(id, until, &why).await
    };
    match done.await {
        Ok(()) => Ok(back_to(&format!("/certificates/{id}"), "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            crate::pages::certificates::card::put_off_refused(&seat, id, &typed, &fault).await
        }
    }
}

pub async fn end(seat: Seat, Path(id): Path<CertificateId>) -> Reply {
    seat.desk.end_put_off(id).await?;
    Ok(back_to(&format!("/certificates/{id}"), "saved", None))
}

/// None where the ladder says nothing of the certificate yet.
pub fn reminders(v: &Viewer, c: &CertificateRow, r: &Reminders, typed: &Typed, fault: &Fault) -> Option<AnyView> {
    let l = v.lang;
    let left = days_between(v.today.day, c.life.last_day());
    let to_come =
        r.ladder.days().iter().filter(|days| **days < left && !r.rungs.iter().any(|rung| rung.days == **days));
    let to_come = to_come
        .map(|days| view! { <li><span>{name(l, *days)}</span><span class="mute">{t::remind::to_come(l)}</span></li> });
    let known = r.rungs.iter().filter(|rung| rung.state != RungState::Past).map(|rung| line(v, rung));
    let lines: Vec<AnyView> =
        passed(l, &r.rungs).into_iter().chain(known).chain(to_come.map(IntoAny::into_any)).collect();
    if lines.is_empty() {
        return None;
    }
    let whose = match r.ladder_of {
        LadderOf::Certificate => t::own_ladder::of_certificate(l),
        LadderOf::Client => t::own_ladder::of_client(l),
        LadderOf::Office => t::own_ladder::of_office(l),
    };
    let change = v.may(Action::WorkTask).then(|| {
        view! { " "<a class="link" href=format!("/certificates/{}/ladder", c.id)>{t::own_ladder::change(l)}</a> }
    });
    let body = view! { <ul class="terms rungs">{lines}</ul><p class="pad mute">{whose}{change}</p>
    {putting_off(v, c, r, typed, fault)} };
    Some(
        view! { <div id="reminders">{sheet(t::remind::title(l), None, ().into_any(), body.into_any())}</div> }
            .into_any(),
    )
}

/// «за 7 дней», «в последний день».
pub fn name(l: Lang, days: i64) -> String {
    match days {
        0 => t::remind::on_day(l).to_owned(),
        days if days > 0 => t::remind::before(l, days),
        _ => t::remind::after(l).to_owned(),
    }
}

/// The rungs that had passed before anybody could be told, in one line.
fn passed(l: Lang, rungs: &[RungRow]) -> Option<AnyView> {
    let days: Vec<String> =
        rungs.iter().filter(|rung| rung.state == RungState::Past).map(|rung| rung.days.to_string()).collect();
    (!days.is_empty()).then(|| {
        view! { <li><span>{t::remind::past_days(l, days.join(", "))}</span><span class="mute">{t::remind::past(l)}</span></li> }
            .into_any()
    })
}

fn line(v: &Viewer, rung: &RungRow) -> AnyView {
    let l = v.lang;
    let what = match rung.state {
        RungState::Past => t::remind::past(l).to_owned(),
        RungState::Silent => rung.why.map(|why| silence(l, why).to_owned()).unwrap_or_default(),
        RungState::Told if rung.told.is_empty() => t::remind::nobody(l).to_owned(),
        RungState::Told => {
            let names = rung.told.iter().map(|told| person(v, told)).collect::<Vec<_>>().join("; ");
            format!("{}: {names}", dates::moment(l, rung.at, v.today.day))
        }
    };
    view! { <li><span>{name(l, rung.days)}</span><span class:mute=rung.state != RungState::Told>{what}</span></li> }
        .into_any()
}

/// «А. Жақыпова (прочитано 2 дек, 09:14)».
fn person(v: &Viewer, told: &Told) -> String {
    let l = v.lang;
    let seen = told
        .seen
        .map_or_else(|| t::remind::unseen(l).to_owned(), |at| t::remind::seen(l, dates::moment(l, at, v.today.day)));
    let mail = told.mail.map(|(state, at)| {
        let state = words::delivery_state(l, state);
        format!("; {}", t::remind::mail(l, dates::moment(l, at, v.today.day), state))
    });
    format!("{} ({seen}{})", short_name(&told.name), mail.unwrap_or_default())
}

/// Why nobody was told.
pub fn silence(l: Lang, why: Silence) -> &'static str {
    match why {
        Silence::Replaced => t::silence::replaced(l),
        Silence::Unusable => t::silence::unusable(l),
        Silence::Aside => t::silence::aside(l),
        Silence::PutOff => t::silence::put_off(l),
        Silence::NoClient => t::silence::no_client(l),
    }
}

/// What is put off and the way back, or the form that puts off.
fn putting_off(v: &Viewer, c: &CertificateRow, r: &Reminders, typed: &Typed, fault: &Fault) -> Option<AnyView> {
    let l = v.lang;
    let works = v.may(Action::WorkTask) && c.life.last_day() >= v.today.day;
    let at = format!("/certificates/{}/put-off", c.id);
    if let Some(off) = &r.put_off {
        let said =
            t::remind::is_put_off(l, dates::short(l, off.until, v.today.day), off.why.clone(), short_name(&off.by));
        let end = works.then(|| {
            view! { <form method="post" action=format!("{at}/end")><button class="btn low">{t::remind::end(l)}</button></form> }
        });
        return Some(view! { <div class="pad stack"><p>{said}</p>{end}</div> }.into_any());
    }
    works.then(|| {
        let open = fault.at(l, "until").or(fault.at(l, "why")).is_some();
        view! {
            <details class="fold pad" open=open><summary>{icon("right")}{t::remind::put_off(l)}</summary>
                <form class="form1" method="post" action=at>
                    {field("until", t::remind::until(l), typed.until.clone()).kind("date").required().show(l, fault)}
                    {field("why", t::remind::why(l), typed.why.clone()).hint(t::remind::only_task(l)).required().show(l, fault)}
                    <button class="btn">{t::remind::put_off(l)}</button></form></details>
        }
        .into_any()
    })
}
