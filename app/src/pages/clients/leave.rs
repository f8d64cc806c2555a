//! The end of a client's contract: what is still open, its last day, the bundle to hand over, and the erasure.

use crate::form::{Fault, day, field, text};
use crate::parts::{bin, icon, note, sheet, whole_sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{dates, text as t};
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use chrono::NaiveDate;
use domain::access::Action;
use domain::client::Client;
use domain::custody::places;
use domain::id::ClientId;
use domain::leaving::kept_until;
use domain::refusal::Refusal;
use domain::task::{TaskFilter, TaskView};
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    ended: String,
    number: String,
}

/// What somebody should settle before a contract ends.
struct Open {
    client: Client,
    tasks: usize,
    carriers: usize,
    grounds: usize,
    keep_months: i32,
}

async fn open(seat: &Seat, id: ClientId) -> Result<Open, Refusal> {
    let (desk, today) = (&seat.desk, seat.viewer.today);
    let client = desk.client_card(id).await?;
    if !desk.may(Action::EditClient, id).await? {
        return Err(Refusal::NotAllowed);
    }
    let journal = desk.custody(id).await?;
    Ok(Open {
        tasks: desk.tasks(&TaskFilter { client: Some(id), ..TaskView::All.into() }).await?.len(),
        carriers: places(&journal).iter().filter(|e| e.with_us()).count(),
        grounds: desk.grounds(id).await?.iter().filter(|g| g.holds(today)).count(),
        keep_months: desk.keep_months().await?,
        client,
    })
}

pub async fn show(seat: Seat, Path(id): Path<ClientId>) -> Reply {
    let open = open(&seat, id).await?;
    Ok(view(&seat.viewer, StatusCode::OK, &open, &Typed::default(), &Fault::default()))
}

pub async fn end(seat: Seat, Path(id): Path<ClientId>, Form(typed): Form<Typed>) -> Reply {
    let done = async { seat.desk.archive_client(id, Some(day("ended", &typed.ended)?)).await };
    answer(&seat, id, &typed, done.await, &format!("/clients/{id}"), "saved").await
}

pub async fn erase(seat: Seat, Path(id): Path<ClientId>, Form(typed): Form<Typed>) -> Reply {
    seat.desk.client_card(id).await?;
    if !seat.viewer.may(Action::Settings) {
        return Err(Refused(Refusal::NotAllowed));
    }
    let done = async { seat.desk.erase_client(id, &text("number", &typed.number, 20)?).await.map(|_| ()) };
    answer(&seat, id, &typed, done.await, "/clients?archived=1", "erased").await
}

async fn answer(seat: &Seat, id: ClientId, typed: &Typed, done: Result<(), Refusal>, to: &str, code: &str) -> Reply {
    match done {
        Ok(()) => Ok(back_to(to, code, None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            Ok(view(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, &open(seat, id).await?, typed, &fault))
        }
    }
}

fn view(v: &Viewer, status: StatusCode, o: &Open, typed: &Typed, fault: &Fault) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let id = o.client.id;
        let bundle = view! {
            <div class="pad stack"><p>{t::leaving::bundle_text(l)}</p>
                <div><a class="btn" href=format!("/clients/{id}/bundle.zip") download="">{icon("import")}
                    {t::leaving::download(l)}</a></div></div>
        };
        let body = view! {
            {fault.any(l).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
            <div class="cols"><div class="stack">{match o.client.contract_ended.filter(|_| o.client.archived) {
                Some(ended) => erasing(v, o, ended, typed, fault),
                None => ending(v, o, typed, fault),
            }}</div><div class="stack">{sheet(t::leaving::bundle(l), None, ().into_any(), bundle.into_any())}</div>
                </div>
        };
        Sheet {
            room: Room::Clients,
            title: t::leaving::title(l).into(),
            hint: o.client.data.name.clone(),
            actions: view! { <a class="btn" href=format!("/clients/{id}")>{t::client::one(l)}</a> }.into_any(),
            body: body.into_any(),
        }
    })
}

fn ending(v: &Viewer, o: &Open, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let id = o.client.id;
    let count = |n: usize| i64::try_from(n).unwrap_or(0);
    let left = [
        (o.tasks, t::leaving::tasks(l, count(o.tasks))),
        (o.carriers, t::leaving::carriers(l, count(o.carriers))),
        (o.grounds, t::leaving::grounds(l, count(o.grounds))),
    ];
    let left: Vec<String> = left.into_iter().filter_map(|(n, words)| (n > 0).then_some(words)).collect();
    let settled = if left.is_empty() {
        note("info", t::leaving::settled(l))
    } else {
        let rows = left.into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
        view! { {note("warn", t::leaving::unsettled(l))}<ul class="rows">{rows}</ul> }.into_any()
    };
    let ended = if typed.ended.is_empty() { v.today.day.to_string() } else { typed.ended.clone() };
    let body = view! {
        <div class="pad stack">{settled}<p>{t::leaving::text(l, i64::from(o.keep_months))}</p>
            <form class="form1" method="post" action=format!("/clients/{id}/leave")>
                {field("ended", t::leaving::ended(l), ended).kind("date").required().show(l, fault)}
                <button class="btn main">{t::leaving::end(l)}</button></form></div>
    };
    whole_sheet(body.into_any())
}

fn erasing(v: &Viewer, o: &Open, ended: NaiveDate, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let until = kept_until(ended, o.keep_months);
    let kept = t::leaving::kept(l, dates::full(l, ended), dates::full(l, until));
    let passed = until < v.today.day;
    let form = (passed && v.may(Action::Settings)).then(|| {
        view! {
            {note("risk", t::leaving::erase_text(l))}
            <form class="form1" method="post" action=format!("/clients/{}/erase", o.client.id)>
                <p>{t::client::number(l)}": "{bin(&o.client.data.number)}</p>
                {field("number", t::leaving::again(l), typed.number.clone()).required().show(l, fault)}
                <button class="btn risk">{t::leaving::erase(l)}</button></form>
        }
    });
    let only_owner = (passed && !v.may(Action::Settings)).then(|| note("info", t::leaving::owner_erases(l)));
    let back = view! { <form method="post" action=format!("/clients/{}/restore", o.client.id)><button class="btn">
    {t::client::restore(l)}</button></form> };
    let body = view! { <div class="pad stack"><p>{kept}</p>{back}{only_owner}{form}</div> };
    whole_sheet(body.into_any())
}
