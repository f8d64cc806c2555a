//! The history of changes.

use crate::form::{any_of, filter, picked};
use crate::islands::FilterBar;
use crate::parts::{downloads, empty, icon, person, views};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page};
use crate::{dates, text as t, words};
use axum::extract::Query;
use chrono::Datelike as _;
use domain::audit::{AuditFilter, AuditRow, DeedKind};
use domain::client::Page;
use domain::day::day_in_kazakhstan;
use domain::person::{Lang, Person};
use domain::view::Place;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    person: String,
    kind: String,
    client: String,
    q: String,
    from: String,
    until: String,
    before: String,
}

impl Asked {
    pub fn filter(&self) -> AuditFilter {
        AuditFilter {
            person: picked(&self.person),
            kind: DeedKind::parse(&self.kind),
            client: picked(&self.client),
            text: self.q.chars().filter(|c| *c != '\0').take(100).collect(),
            from: crate::form::optional_day("from", &self.from).unwrap_or_default(),
            until: crate::form::optional_day("until", &self.until).unwrap_or_default(),
            before: picked(&self.before),
        }
    }

    /// The address of the same list on another path, from a line on.
    fn address(&self, path: &str, before: &str) -> String {
        let pairs = [
            ("person", self.person.as_str()),
            ("kind", &self.kind),
            ("client", &self.client),
            ("q", &self.q),
            ("from", &self.from),
            ("until", &self.until),
            ("before", before),
        ];
        crate::pages::address(path, &pairs)
    }
}

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    let filter = asked.filter();
    let (rows, people) = (seat.desk.audit(&filter).await?, seat.desk.people().await?);
    let saved = seat.desk.saved_views().await?;
    let client = match filter.client {
        Some(id) => Some(seat.desk.client_card(id).await?.data.name),
        None => None,
    };
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let body = view! { {bar(v, &asked, &people, client.clone())}{views(v, Place::Audit, &saved)}{table(v, &asked, &rows)} };
        Sheet {
            room: Room::Audit,
            title: t::nav::audit(l).into(),
            hint: String::new(),
            actions: downloads(&asked.address("/audit.csv", "")),
            body: body.into_any(),
        }
    }))
}

fn bar(v: &Viewer, a: &Asked, people: &[Person], client: Option<String>) -> AnyView {
    let l = v.lang;
    let mut who = vec![(String::new(), t::audit::anybody(l).to_owned())];
    who.extend(people.iter().map(|p| (p.id.to_string(), p.name.clone())));
    let kinds = any_of(t::audit::anything(l), DeedKind::ALL, DeedKind::code, |k| words::deed(l, k).into());
    view! {
        <form class="bar" action="/audit" aria-label=t::nav::filter(l)>
            <input class="in find-in" type="search" name="q" value=a.q.clone() aria-label=t::nav::search(l)
                placeholder=t::nav::search_here(l)/>
            {client.map(|name| view! { <span class="btn low set">{name}<input type="hidden" name="client" value=a.client.clone()/>
            <a href="/audit" aria-label=t::calendar::all_clients(l)>{icon("x")}</a></span> })}
            {filter("person", t::audit::who(l), &a.person, who)}
            {filter("kind", t::audit::what(l), &a.kind, kinds)}
            <div class="field"><label for="f-from">{t::client::from(l)}</label>
                <input class="in pick-date" type="date" id="f-from" name="from" value=a.from.clone()/></div>
            <div class="field"><label for="f-until">{t::client::until(l)}</label>
                <input class="in pick-date" type="date" id="f-until" name="until" value=a.until.clone()/></div>
            <FilterBar label=t::nav::show(l).to_owned()/>
        </form>
    }
    .into_any()
}

fn table(v: &Viewer, a: &Asked, page: &Page<AuditRow>) -> AnyView {
    let l = v.lang;
    if page.rows.is_empty() {
        return empty(t::audit::none(l), t::audit::none_text(l), ().into_any());
    }
    let mut day = None;
    let rows = acts(&page.rows).into_iter().map(|lines| {
        let of = lines.first().map(|r| day_in_kazakhstan(r.at));
        let head = of.filter(|of| day.replace(*of) != Some(*of)).map(|of| {
            let this_year = of.year() == v.today.day.year();
            let name = if this_year { dates::day_title(l, of) } else { dates::full(l, of) };
            view! { <tr class="day"><th colspan="5" scope="rowgroup">{name}</th></tr> }
        });
        view! { {head}{line(v, &lines)} }
    });
    let rows = rows.collect_view();
    let next = page.next.as_ref().map(|before| a.address("/audit", before));
    view! {
        <table class="t fix t-audit"><thead><tr><th scope="col" class="c-time">{t::audit::when(l)}</th>
            <th scope="col" class="c-who">{t::audit::who(l)}</th><th scope="col" class="c-what">{t::audit::what(l)}</th>
            <th scope="col">{t::audit::about(l)}</th><th scope="col" class="c-session">{t::audit::session(l)}</th></tr>
            </thead><tbody>{rows}</tbody></table>
        {next.map(|href| view! { <p class="pad"><a class="btn" href=href rel="next">{t::nav::next_page(l)}</a></p> })}
    }
    .into_any()
}

/// Lines of one act and one kind together, in the order of the first of each.
fn acts(rows: &[AuditRow]) -> Vec<Vec<&AuditRow>> {
    let mut out: Vec<Vec<&AuditRow>> = Vec::new();
    for row in rows {
        let same = |lines: &&mut Vec<&AuditRow>| {
            lines.first().is_some_and(|r| row.act.is_some() && (r.act, r.kind) == (row.act, row.kind))
        };
        match out.iter_mut().rev().find(same) {
            Some(lines) => lines.push(row),
            None => out.push(vec![row]),
        }
    }
    out
}

/// One act: its only line, or how many with their list.
fn line(v: &Viewer, lines: &[&AuditRow]) -> AnyView {
    let l = v.lang;
    let Some(r) = lines.first() else { return ().into_any() };
    let session: Option<String> =
        r.session.map(|s| s.to_string()).and_then(|s| s.get(s.len().saturating_sub(6)..).map(str::to_owned));
    let about = if lines.len() == 1 {
        about(l, r)
    } else {
        let count = t::audit::several(l, i64::try_from(lines.len()).unwrap_or(0));
        let each = lines.iter().map(|r| view! { <li>{about(l, r)}</li> }).collect_view();
        view! { <details class="fold"><summary>{count}</summary><ul class="rows">{each}</ul></details> }.into_any()
    };
    let who = if r.person.is_empty() {
        view! { <span class="who mute"><span class="ava" aria-hidden="true">"M"</span>{t::audit::program(l)}</span> }
            .into_any()
    } else {
        person(Some(&r.person), "")
    };
    view! {
        <tr><td><time datetime=r.at.to_rfc3339()>{dates::time(r.at)}</time></td><td>{who}</td>
            <th scope="row">{words::deed(l, r.kind)}</th><td class="p-wide">{about}</td><td class="mute p-hide">
                {session}</td></tr>
    }
    .into_any()
}

fn about(l: Lang, r: &AuditRow) -> AnyView {
    let text = words::history::about(l, r);
    let what = if r.link.is_empty() {
        view! { <span>{text}</span> }.into_any()
    } else {
        let text = if text.is_empty() { t::audit::open(l).to_owned() } else { text };
        view! { <a href=r.link.clone()>{text}</a> }.into_any()
    };
    // A line that begins with the client's name leads to the client already.
    let client = r.client.as_ref().filter(|(_, name)| r.link.is_empty() || !r.about.starts_with(name));
    view! { {what}{client.map(|(id, name)| view! { " · "<a href=format!("/clients/{id}")>{name.clone()}</a> })} }
        .into_any()
}
