//! Revocation lists: how old the knowledge is, where it comes from, taking new ones in.

use crate::form::{Fault, choice, field, select, text};
use crate::pages::import::upload::uploads;
use crate::parts::{empty, icon, note, sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{dates, text as t, words};
use axum::extract::{Form, Multipart};
use axum::http::StatusCode;
use domain::access::Action;
use domain::day::{day_in_kazakhstan, days_between};
use domain::person::Lang;
use domain::refusal::{Refusal, Rule};
use domain::revocation::{AddressKind, Evidence, Fetched, KnownList, ListAddress, ListRead, RevocationSource};
use domain::task::Check;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    url: String,
    kind: String,
    id: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Daily {
    daily: Option<String>,
}

pub async fn show(seat: Seat) -> Reply {
    view(&seat, StatusCode::OK, &Typed::default(), &Fault::default(), &[]).await
}

pub async fn read(seat: Seat, body: Multipart) -> Reply {
    if !seat.viewer.may(Action::Settings) {
        return Err(Refused(Refusal::NotAllowed));
    }
    let (files, _) = uploads(body).await?;
    let mut done = Vec::new();
    for file in files {
        let url = file.name.clone();
        done.push(Fetched { url, outcome: seat.desk.read_list(file).await });
    }
    if done.is_empty() {
        let fault = Fault(Some(("files", Rule::Required)));
        return view(&seat, StatusCode::UNPROCESSABLE_ENTITY, &Typed::default(), &fault, &[]).await;
    }
    told(&seat, &done).await
}

pub async fn fetch(seat: Seat) -> Reply {
    if !seat.viewer.may(Action::WorkTask) {
        return Err(Refused(Refusal::NotAllowed));
    }
    match seat.desk.fetch_lists().await? {
        Some(done) => told(&seat, &done).await,
        None => Ok(back_to("/revocation", "lists_on_their_way", None)),
    }
}

pub async fn set_daily(seat: Seat, Form(typed): Form<Daily>) -> Reply {
    seat.desk.set_lists_daily(typed.daily.is_some()).await?;
    Ok(back_to("/revocation", "saved", None))
}

/// Says of each list what it brought; a list that was refused makes the whole answer a refused form.
async fn told(seat: &Seat, done: &[Fetched]) -> Reply {
    let status =
        if done.iter().any(|f| f.outcome.is_err()) { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    view(seat, status, &Typed::default(), &Fault::default(), done).await
}

pub async fn add(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    if !seat.viewer.may(Action::Settings) {
        return Err(Refused(Refusal::NotAllowed));
    }
    let done = async {
        let url = text("url", &typed.url, 300)?;
        if !url.starts_with("http://") {
            return Err(Refusal::invalid("url", Rule::HttpOnly));
        }
        seat.desk.add_list_address(choice("kind", &typed.kind, AddressKind::parse)?, &url).await
    };
    match done.await {
        Ok(()) => Ok(back_to("/revocation", "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            view(&seat, StatusCode::UNPROCESSABLE_ENTITY, &typed, &fault, &[]).await
        }
    }
}

pub async fn remove(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    if !seat.viewer.may(Action::Settings) {
        return Err(Refused(Refusal::NotAllowed));
    }
    seat.desk.remove_list_address(typed.id.parse().map_err(|_| Refusal::NotFound)?).await?;
    Ok(back_to("/revocation", "saved", None))
}

async fn view(seat: &Seat, status: StatusCode, typed: &Typed, fault: &Fault, done: &[Fetched]) -> Reply {
    let (known, addresses) = (seat.desk.known_lists().await?, seat.desk.list_addresses().await?);
    let daily = seat.desk.lists_daily().await?;
    Ok(page_with(status, &seat.viewer, |v| {
        let l = v.lang;
        let settings = v.may(Action::Settings);
        let told = done.iter().map(|f| view! { <li><b class="cut">{f.url.clone()}</b>{outcome(l, &f.outcome)}</li> });
        let told = (!done.is_empty())
            .then(|| view! { <div class="sheet pad" role="status"><ul class="rows">{told.collect_view()}</ul></div> });
        let lists = if known.is_empty() {
            empty(t::revocation::none(l), t::revocation::none_text(l), ().into_any())
        } else {
            let rows = known.iter().map(|k| row(v, k)).collect_view();
            view! { <table class="t flow"><thead><tr><th scope="col">{t::revocation::issuer(l)}</th><th scope="col">
            {t::revocation::of_day(l)}</th><th scope="col">{t::revocation::next(l)}</th><th scope="col">
            {t::revocation::entries(l)}</th></tr></thead><tbody>{rows}</tbody></table> }
            .into_any()
        };
        let file = settings.then(|| {
            let wrong = fault.at(l, "files");
            let body = view! {
                <form class="pad form1" method="post" action="/revocation" enctype="multipart/form-data">
                    <div class="field"><label for="f-crl">{t::revocation::file(l)}</label>
                        <input class="in" id="f-crl" type="file" name="files" accept=".crl,application/pkix-crl"
                        multiple=true/>
                        {wrong.map(|w| view! { <span class="wrong">{icon("x")}{w}</span> })}</div>
                    <button class="btn main">{t::revocation::read(l)}</button></form>
            };
            sheet(t::revocation::from_file(l), None, ().into_any(), body.into_any())
        });
        let body = view! {
            {note("info", t::revocation::hint(l))}{told}
            <div class="cols"><div class="stack">
                {sheet(t::revocation::known(l), Some(known.len()), ().into_any(), lists)}</div>
                <div class="stack">{file}{sheet(t::revocation::addresses(l), Some(addresses.len()), ().into_any(), sources(v, &addresses, daily, typed, fault))}</div></div>
        };
        Sheet {
            room: Room::Other,
            title: t::revocation::title(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    }))
}

fn outcome(l: Lang, outcome: &Result<ListRead, Refusal>) -> AnyView {
    match outcome {
        Ok(read) => {
            let n = i64::try_from(read.revoked).unwrap_or(0);
            view! { <span>{t::revocation::was_read(l, read.entries)}" "{t::revocation::newly(l, n)}</span> }.into_any()
        }
        Err(Refusal::Invalid { rule, .. }) => {
            view! { <span class="wrong">{icon("x")}{words::rule(l, rule)}</span> }.into_any()
        }
        Err(_) => view! { <span class="wrong">{icon("x")}{t::rule::not_fetched(l)}</span> }.into_any(),
    }
}

fn row(v: &Viewer, k: &KnownList) -> AnyView {
    let l = v.lang;
    let day = |at| dates::short(l, day_in_kazakhstan(at), v.today.day);
    let stale = k
        .is_stale(v.today)
        .then(|| view! { " "<span class="st st-none">{icon("what")}{t::revocation::stale(l)}</span> });
    view! {
        <tr><th scope="row" class="most">{k.issuer.clone()}<br/><small class="mute">
            {signature(l, k)}" · № "{k.number.clone()}" · "{k.source.clone()}</small></th>
            <td>{day(k.this_update)}</td><td>{k.next_update.map(day)}{stale}</td><td class="num">{k.entries}</td></tr>
    }
    .into_any()
}

fn signature(l: Lang, k: &KnownList) -> &'static str {
    words::signature(l, k.signature)
}

fn sources(v: &Viewer, all: &[ListAddress], daily: bool, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let settings = v.may(Action::Settings);
    let rows = all.iter().map(|a| {
        let label = format!("{}: {}", t::office::remove(l), a.url);
        let remove = settings.then(|| {
            view! { <form class="push" method="post" action="/revocation/addresses/remove">
            <input type="hidden" name="id" value=a.id.to_string()/><button class="btn bare low sq" aria-label=label>
            {icon("x")}</button></form> }
        });
        view! { <li class="line"><span class="cut"><span class="file">{a.url.clone()}</span><br/><small class="mute">
        {words::address_kind(l, a.kind)}</small></span>{remove}</li> }
    });
    let kinds = AddressKind::ALL.iter().map(|k| (k.code().to_owned(), words::address_kind(l, *k).to_owned())).collect();
    let add = settings.then(|| view! {
        <form class="form1" method="post" action="/revocation/addresses">{field("url", t::revocation::address(l), typed.url.clone()).kind("url").hint(t::revocation::address_hint(l)).required().show(l, fault)}
            {select(l, "kind", t::revocation::kind(l), &typed.kind, kinds, fault)}<button class="btn">
                {t::revocation::add(l)}</button></form>
    });
    let fetch = v.may(Action::WorkTask).then(|| {
        view! { <form method="post" action="/revocation/fetch"><button class="btn">{t::revocation::fetch(l)}</button>
        </form> }
    });
    view! { <div class="pad stack"><ul class="rows">{rows.collect_view()}</ul>{fetch}{by_itself(v, daily)}{add}</div> }
        .into_any()
}

/// Whether the program asks the addresses each day by itself; the owner decides.
fn by_itself(v: &Viewer, daily: bool) -> AnyView {
    let l = v.lang;
    if !v.may(Action::Settings) {
        let told = if daily { t::revocation::daily_on(l) } else { t::revocation::daily_off(l) };
        return view! { <p class="mute">{told}</p> }.into_any();
    }
    view! {
        <form class="form1" method="post" action="/revocation/daily">
            <label class="check"><input type="checkbox" name="daily" value="on" checked=daily/>{t::revocation::daily(l)}
                </label>
            <span class="hint">{t::revocation::daily_hint(l)}</span>
            <button class="btn">{t::revocation::keep(l)}</button>
        </form>
    }
    .into_any()
}

/// What is known of one certificate, in a sentence with its source and age.
pub fn sentence(v: &Viewer, e: &Evidence) -> String {
    let l = v.lang;
    let day = |at| dates::full(l, day_in_kazakhstan(at));
    match e {
        Evidence::NoList => t::revocation::no_list(l).into(),
        Evidence::NotListed(k) => {
            let age = days_between(day_in_kazakhstan(k.this_update), v.today.day).max(0);
            t::revocation::not_listed(l, age, day(k.this_update))
        }
        Evidence::Good(answer) => {
            let signature = words::signed(l, answer.signature);
            t::revocation::good(l, dates::instant(l, answer.at), &answer.source, signature)
        }
        Evidence::Revoked { at, source: RevocationSource::Answer, detail, signature } => {
            t::revocation::by_answer(l, day(*at), detail, words::signed(l, *signature))
        }
        Evidence::Revoked { at, source: RevocationSource::List, detail, signature } => {
            t::revocation::by_list(l, day(*at), detail, words::signed(l, *signature))
        }
        Evidence::Revoked { at, detail, .. } => t::revocation::by_person(l, day(*at), seen(l, detail)),
    }
}

/// How somebody saw it.
fn seen(l: Lang, detail: &str) -> String {
    Check::parse(detail).map_or_else(|| detail.to_owned(), |how| words::check(l, how).to_owned())
}
