//! The list of clients.

use super::asked::{Asked, NOBODY};
use super::columns;
use super::rows::table;
use crate::form::{Fault, filter};
use crate::islands::FilterBar;
use crate::pages::clients::bulk;
use crate::parts::{downloads, empty, icon, note, views};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page_with};
use crate::text as t;
use axum::extract::Query;
use axum::http::StatusCode;
use domain::access::Action;
use domain::client::{ClientColumn, ClientFilter, ClientList};
use domain::filing::Filing;
use domain::person::{Lang, Person, Team};
use domain::refusal::Refusal;
use domain::standing::Urgency;
use domain::view::Place;
use leptos::prelude::*;

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    respond(&seat, StatusCode::OK, &asked, &bulk::Typed::default(), &Fault::default()).await
}

/// The page; a refused act on many keeps what was ticked and chosen.
pub async fn respond(seat: &Seat, status: StatusCode, asked: &Asked, typed: &bulk::Typed, fault: &Fault) -> Reply {
    let list = seat.desk.clients(&asked.filter()).await?;
    let past = if list.rows.is_empty() { archived(seat, asked).await? } else { 0 };
    let (narrowings, off, filings) =
        (seat.desk.narrowings().await?, seat.desk.days_off().await?, seat.desk.filings().await?);
    let (people, saved) = (seat.desk.people().await?, seat.desk.saved_views().await?);
    let columns = seat.desk.client_columns().await?;
    Ok(page_with(status, &seat.viewer, |v| {
        let l = v.lang;
        let new = v
            .may(Action::EditClient)
            .then(|| view! { <a class="btn main" href="/clients/new">{icon("plus")}{t::client::one(l)}</a> });
        let body = view! {
            {bar(v, asked, &narrowings.0, &narrowings.1, &filings)}
            {views(v, Place::Clients, &saved)}
            {levels(v, asked, &list, &columns)}
            {fault.named(l, &[("person", t::client::responsible(l)), ("filing", t::client::filings(l))]).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
            {if list.rows.is_empty() {
                none(l, asked, past)
            } else {
                table(v, asked, &list, (&columns, &typed.client), (&off, &filings))
            }}
            {(!list.rows.is_empty()).then(|| bulk::bar(v, &people, &filings, typed))}
        };
        Sheet {
            room: Room::Clients,
            title: t::nav::clients(l).into(),
            hint: t::client::count(l, list.total),
            actions: view! { {downloads(&asked.file())}{new} }.into_any(),
            body: body.into_any(),
        }
    }))
}

/// How many clients of the archive are meant where nobody else is.
async fn archived(seat: &Seat, asked: &Asked) -> Result<i64, Refusal> {
    let filter = asked.filter();
    if filter.archived || filter.text.is_empty() {
        return Ok(0);
    }
    Ok(seat.desk.clients(&ClientFilter { archived: true, ..filter }).await?.total)
}

/// Nobody is found; `past` are found in the archive.
fn none(l: Lang, a: &Asked, past: i64) -> AnyView {
    let archive =
        (past > 0).then(|| view! { <a class="btn main" href=a.in_archive()>{t::client::in_archive(l, past)}</a>" " });
    let way = view! { {archive}<a class="btn" href="/clients">{t::client::show_all(l)}</a> };
    empty(t::client::none(l), t::client::none_text(l), way.into_any())
}

/// All clients and those of each urgency, with how many they are; beside them the choice of columns.
fn levels(v: &Viewer, a: &Asked, list: &ClientList, columns: &[ClientColumn]) -> AnyView {
    let l = v.lang;
    let now = a.filter().urgency;
    let tab = |level: Option<Urgency>, word: &'static str, n: i64| {
        view! { <a href=a.with_level(level) aria-current=(now == level).then_some("page")>{word}<b>{n}</b></a> }
    };
    let levels = Urgency::ALL.iter().zip(list.levels).filter(|(u, n)| *n > 0 || now == Some(**u));
    let tabs = levels
        .map(|(u, n)| {
            // Among the calm are those that have no certificate yet.
            let word = if *u == Urgency::Calm { t::client::the_rest(l) } else { crate::words::urgency(l, *u) };
            tab(Some(*u), word, n)
        })
        .collect_view();
    view! {
        <div class="bar tabs"><nav class="seg" aria-label=t::client::by_state(l)>
            {tab(None, t::client::every(l), list.levels.iter().sum())}{tabs}</nav>{columns::choice(v, columns)}</div>
    }
    .into_any()
}

fn bar(v: &Viewer, a: &Asked, people: &[Person], teams: &[Team], filings: &[Filing]) -> AnyView {
    let l = v.lang;
    let mut team = vec![(String::new(), t::client::any_team(l).to_owned())];
    team.extend(teams.iter().map(|t| (t.id.to_string(), t.name.clone())));
    let mut who = vec![(String::new(), t::client::any_responsible(l).to_owned())];
    who.push((NOBODY.to_owned(), t::client::no_responsible(l).to_owned()));
    who.extend(people.iter().filter(|p| p.active).map(|p| (p.id.to_string(), p.name.clone())));
    let mut filing = vec![(String::new(), t::filing::any(l).to_owned())];
    filing.extend(crate::pages::clients::bulk::codes(l, filings));
    let archived =
        vec![(String::new(), t::client::present(l).to_owned()), ("1".into(), t::client::archived(l).to_owned())];
    let q = a.q.clone();
    view! {
        <form class="bar" action="/clients" aria-label=t::nav::filter(l)>
            <input class="in find-in" type="search" name="q" value=q aria-label=t::nav::search(l)
                placeholder=t::nav::search_here(l)/>
            {filter("team", t::staff::team(l), &a.team, team)}
            {filter("responsible", t::client::responsible(l), &a.responsible, who)}
            {filter("filing", t::client::filings(l), &a.filing, filing)}
            {(a.ground == "none").then(|| view! { <span class="btn low set">{t::ground::none(l)}<input type="hidden" name="ground" value="none"/><a href="/clients" aria-label=t::client::show_all(l)>{icon("x")}</a></span> })}
            {filter("archived", t::client::archived(l), &a.archived, archived)}
            <input type="hidden" name="sort" value=a.sort.clone()/>
            <input type="hidden" name="standing" value=a.standing.clone()/>
            <FilterBar label=t::nav::show(l).to_owned()/>
        </form>
    }
    .into_any()
}
