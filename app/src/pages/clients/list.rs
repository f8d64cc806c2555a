//! The list of clients.

use crate::dates;
use crate::form::{any_of, filter, picked};
use crate::islands::FilterBar;
use crate::parts::{Ticks, bin, downloads, empty, icon, person, risk, tick, urgency, views, when};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page};
use crate::text as t;
use axum::extract::Query;
use domain::access::Action;
use domain::client::{ClientFilter, ClientRow, Page};
use domain::day::DaysOff;
use domain::filing::Filing;
use domain::id::ClientId;
use domain::person::{Person, Team};
use domain::standing::Urgency;
use domain::view::Place;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Asked {
    q: String,
    team: String,
    responsible: String,
    standing: String,
    filing: String,
    ground: String,
    sort: String,
    archived: String,
    after: String,
}

/// In place of a person: nobody.
const NOBODY: &str = "none";

/// The key of the line after which the next page begins.
pub fn after(text: &str) -> Option<(String, ClientId)> {
    text.split_once('~').and_then(|(id, key)| Some((key.replace('\0', ""), id.parse().ok()?)))
}

impl Asked {
    pub fn filter(&self) -> ClientFilter {
        ClientFilter {
            text: self.q.chars().filter(|c| *c != '\0').take(100).collect(),
            team: picked(&self.team),
            responsible: picked(&self.responsible),
            unassigned: self.responsible == NOBODY,
            urgency: Urgency::parse(&self.standing),
            filing: Some(self.filing.chars().filter(|c| *c != '\0').take(16).collect())
                .filter(|f: &String| !f.is_empty()),
            ungrounded: self.ground == "none",
            archived: self.archived == "1",
            by_name: self.sort == "name",
            after: after(&self.after),
        }
    }

    /// The address of the same list as a file.
    fn file(&self) -> String {
        self.address(&self.sort, "").replacen("/clients", "/clients.csv", 1)
    }

    /// The address of the same list with another order or page.
    fn address(&self, sort: &str, after: &str) -> String {
        let pairs = [
            ("q", self.q.as_str()),
            ("team", &self.team),
            ("responsible", &self.responsible),
            ("standing", &self.standing),
            ("filing", &self.filing),
            ("ground", &self.ground),
            ("sort", sort),
            ("archived", &self.archived),
            ("after", after),
        ];
        crate::pages::address("/clients", &pairs)
    }
}

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    let list = seat.desk.clients(&asked.filter()).await?;
    let (narrowings, off, filings) =
        (seat.desk.narrowings().await?, seat.desk.days_off().await?, seat.desk.filings().await?);
    let (people, saved) = (seat.desk.people().await?, seat.desk.saved_views().await?);
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let new = v
            .may(Action::EditClient)
            .then(|| view! { <a class="btn main" href="/clients/new">{icon("plus")}{t::client::one(l)}</a> });
        let body = view! {
            {bar(v, &asked, &narrowings.0, &narrowings.1, &filings)}
            {views(v, Place::Clients, &saved)}
            {table(v, &asked, &list, &off)}
            {(!list.rows.is_empty()).then(|| crate::pages::clients::bulk::bar(v, &people, &filings))}
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

fn bar(v: &Viewer, a: &Asked, people: &[Person], teams: &[Team], filings: &[Filing]) -> AnyView {
    let l = v.lang;
    let mut team = vec![(String::new(), t::client::any_team(l).to_owned())];
    team.extend(teams.iter().map(|t| (t.id.to_string(), t.name.clone())));
    let mut who = vec![(String::new(), t::client::any_responsible(l).to_owned())];
    who.push((NOBODY.to_owned(), t::client::no_responsible(l).to_owned()));
    who.extend(people.iter().filter(|p| p.active).map(|p| (p.id.to_string(), p.name.clone())));
    let standing =
        any_of(t::client::any_standing(l), Urgency::ALL, Urgency::code, |u| crate::words::urgency(l, u).to_owned());
    let mut filing = vec![(String::new(), t::filing::any(l).to_owned())];
    filing.extend(crate::pages::clients::bulk::codes(l, filings));
    let archived =
        vec![(String::new(), t::client::present(l).to_owned()), ("1".into(), t::client::archived(l).to_owned())];
    let q = a.q.clone();
    view! {
        <form class="bar" action="/clients" aria-label=t::nav::filter(l)>
            <input class="in find-in" type="search" name="q" value=q aria-label=t::nav::search(l)
                placeholder=t::nav::search_hint(l)/>
            {filter("standing", t::certificate::state(l), &a.standing, standing)}
            {filter("team", t::staff::team(l), &a.team, team)}
            {filter("responsible", t::client::responsible(l), &a.responsible, who)}
            {filter("filing", t::client::filings(l), &a.filing, filing)}
            {(a.ground == "none").then(|| view! { <span class="btn low set">{t::ground::none(l)}<input type="hidden" name="ground" value="none"/><a href="/clients" aria-label=t::client::show_all(l)>{icon("x")}</a></span> })}
            {filter("archived", t::client::archived(l), &a.archived, archived)}
            <input type="hidden" name="sort" value=a.sort.clone()/>
            <FilterBar label=t::nav::show(l).to_owned()/>
        </form>
    }
    .into_any()
}

fn table(v: &Viewer, a: &Asked, list: &Page<ClientRow>, off: &DaysOff) -> AnyView {
    let l = v.lang;
    if list.rows.is_empty() {
        let way = view! { <a class="btn" href="/clients">{t::client::show_all(l)}</a> }.into_any();
        return empty(t::client::none(l), t::client::none_text(l), way);
    }
    let by_name = a.sort == "name";
    let next = list.next.as_ref().map(|n| a.address(&a.sort, n));
    let lines = list.rows.iter().map(|c| line(v, c, off)).collect_view();
    view! {
        <table class="t fix t-clients">
            <thead><tr>{v.may(Action::EditClient).then(|| view! { <td class="tk"></td> })}
                <th scope="col" class="c-name" aria-sort=by_name.then_some("ascending")>
                    <a class="sort" href=a.address("name", "")>{t::client::one(l)}</a></th>
                <th scope="col" class="c-bin">{t::client::number(l)}</th>
                <th scope="col" class="c-next" aria-sort=(!by_name).then_some("ascending")>
                    <a class="sort" href=a.address("", "")>{t::client::next_end(l)}</a></th>
                <th scope="col" class="c-st">{t::certificate::state(l)}</th>
                <th scope="col" class="c-n" title=t::certificate::many(l)>{t::certificate::short(l)}</th>
                    <th scope="col" class="c-who">{t::client::responsible(l)}</th><th scope="col" class="c-n">
                    {t::task::many(l)}</th>
            </tr></thead>
            <tbody>{lines}</tbody>
        </table>
        {next.map(|href| view! { <p class="pad"><a class="btn" href=href rel="next">{t::nav::next_page(l)}</a></p> })}
    }
    .into_any()
}

fn line(v: &Viewer, c: &ClientRow, off: &DaysOff) -> AnyView {
    let l = v.lang;
    let (href, name) = (format!("/clients/{}", c.id), c.name.clone());
    let title = name.clone();
    let ticks = if v.may(Action::EditClient) { Ticks::On("bulk", &[]) } else { Ticks::Off };
    let state = c.next.map(|(day, level)| match &c.threat {
        Some(threat) if level == Urgency::Risk => risk(l, threat, day, v.today),
        _ => urgency(l, level),
    });
    view! {
        <tr>{tick(ticks, "client", &c.id.to_string(), t::board::pick(l, &c.name))}
            <th scope="row"><a href=href title=title>{name}</a>
                {c.archived.then(|| view! { " "<span class="sub">{t::client::put_away(l)}</span> })}</th>
            <td class="p-hide">{bin(&c.number)}</td>
            <td class="p-wide">{c.next.map(|(day, _)| when(dates::end(l, day, v.today, off)))}</td>
            <td class="p-end">{state}</td>
            <td class="num p-hide">{c.certificates}</td>
            <td>{person(c.responsible.as_deref(), t::task::nobody(l))}</td>
            <td class="num p-hide">{(c.open_tasks > 0).then_some(c.open_tasks)}</td>
        </tr>
    }
    .into_any()
}
