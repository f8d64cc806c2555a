//! The month: ends of certificates by day, and one day opened beside it.

use crate::dates;
use crate::form::{any_of, filter, picked};
use crate::islands::FilterBar;
use crate::parts::{client_links, icon, person, purposes, standing, task_table};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page};
use crate::{text as t, words};
use axum::extract::Query;
use chrono::{Datelike as _, NaiveDate, Weekday};
use domain::access::Action;
use domain::calendar::{CalendarEntry, CalendarFilter, DayPanel, Month, StandingFilter};
use domain::certificate::{CertificateRow, Purpose};
use domain::client::short_name;
use domain::day::DaysOff;
use domain::id::ClientId;
use domain::person::{Lang, Person, Team};
use domain::standing::Urgency;
use leptos::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Names shown in a cell before "N more".
const NAMES: usize = 3;

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Asked {
    month: String,
    day: String,
    responsible: String,
    team: String,
    client: String,
    purpose: String,
    standing: String,
}

impl Asked {
    fn filter(&self) -> CalendarFilter {
        CalendarFilter {
            responsible: picked(&self.responsible),
            team: picked(&self.team),
            client: picked(&self.client),
            purpose: Purpose::parse(&self.purpose),
            standing: StandingFilter::parse(&self.standing),
        }
    }

    fn opened(&self) -> Option<NaiveDate> {
        self.day.parse().ok().filter(|d: &NaiveDate| (1900..3000).contains(&d.year()))
    }

    /// The same filters at another month or day.
    fn address(&self, month: Month, day: Option<NaiveDate>) -> String {
        let (month, day) = (month.to_string(), day.map(|d| d.to_string()).unwrap_or_default());
        super::address(
            "/calendar",
            &[
                ("month", &month),
                ("day", &day),
                ("responsible", &self.responsible),
                ("team", &self.team),
                ("client", &self.client),
                ("purpose", &self.purpose),
                ("standing", &self.standing),
            ],
        )
    }
}

/// The word of an urgency in a filter.
pub fn urgency_word(l: Lang, urgency: Urgency) -> String {
    match urgency {
        Urgency::Late => t::urgency::late(l),
        Urgency::Week => t::standing::week(l),
        Urgency::Month => t::standing::month(l),
        Urgency::Calm => t::standing::valid(l),
    }
    .into()
}

struct Data {
    month: Month,
    entries: BTreeMap<NaiveDate, Vec<CalendarEntry>>,
    panel: Option<(NaiveDate, DayPanel)>,
    off: DaysOff,
    people: Vec<Person>,
    teams: Vec<Team>,
    client: Option<(ClientId, String)>,
}

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    let desk = &seat.desk;
    let month =
        Month::parse(&asked.month).or_else(|| asked.opened().map(Month::of)).unwrap_or_else(|| Month::of(seat.viewer.today.day));
    let filter = asked.filter();
    let weeks = month.weeks();
    let (from, to) = (weeks.first().and_then(|w| w.first()), weeks.last().and_then(|w| w.last()));
    let mut entries: BTreeMap<NaiveDate, Vec<CalendarEntry>> = BTreeMap::new();
    for entry in desk.ends(*from.unwrap_or(&month.first()), *to.unwrap_or(&month.last()), &filter).await? {
        entries.entry(entry.day).or_default().push(entry);
    }
    let panel = match asked.opened() {
        Some(day) => Some((day, desk.day(day, &filter).await?)),
        None => None,
    };
    let client = match filter.client {
        Some(id) => desk.client(id).await.ok().map(|c| (id, c.data.name)),
        None => None,
    };
    let data = Data {
        month,
        entries,
        panel,
        off: desk.days_off().await?,
        people: desk.people().await?,
        teams: desk.teams().await?,
        client,
    };
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let actions = view! {
            <nav class="monthnav" aria-label=t::calendar::months(l)>
                <a class="btn bare sq" href=asked.address(month.previous(), None) aria-label=t::calendar::previous(l) rel="prev">{icon("left")}</a>
                <a class="btn low" href=asked.address(Month::of(v.today.day), None)>{t::nav::today(l)}</a>
                <a class="btn bare sq" href=asked.address(month.next(), None) aria-label=t::calendar::next(l) rel="next">{icon("right")}</a>
            </nav>
        };
        let body = view! {
            <div class="cal-page">
                <div class="cal">{bar(v, &asked, &data)}{grid(v, &asked, &data)}</div>
                {data.panel.as_ref().map(|(day, panel)| drawer(v, &asked, &data, *day, panel))}
            </div>
        };
        Sheet {
            room: Room::Calendar,
            title: dates::month_title(l, month.first()),
            hint: String::new(),
            actions: actions.into_any(),
            body: body.into_any(),
        }
    }))
}

fn bar(v: &Viewer, a: &Asked, d: &Data) -> AnyView {
    let l = v.lang;
    let mut who = vec![(String::new(), t::client::any_responsible(l).to_owned())];
    who.extend(d.people.iter().filter(|p| p.active).map(|p| (p.id.to_string(), p.name.clone())));
    let mut team = vec![(String::new(), t::client::any_team(l).to_owned())];
    team.extend(d.teams.iter().map(|t| (t.id.to_string(), t.name.clone())));
    let purposes = any_of(t::calendar::any_purpose(l), Purpose::ALL, Purpose::code, |p| words::purpose(l, p).into());
    let standings = any_of(t::client::any_standing(l), StandingFilter::ALL, StandingFilter::code, |s| match s {
        StandingFilter::Late => t::urgency::late(l).into(),
        StandingFilter::Week => t::standing::week(l).into(),
        StandingFilter::Month => t::standing::month(l).into(),
        StandingFilter::Calm => t::standing::valid(l).into(),
        StandingFilter::Replaced => t::standing::replaced(l).into(),
    });
    let month = d.month.to_string();
    let client = d.client.as_ref().map(|(id, name)| {
        let off = Asked { client: String::new(), ..a.clone() }.address(d.month, None);
        view! { <span class="btn low set">{name.clone()}<input type="hidden" name="client" value=id.to_string()/><a href=off aria-label=t::calendar::all_clients(l)>{icon("x")}</a></span> }
    });
    view! {
        <form class="bar" action="/calendar" aria-label=t::nav::filter(l)>
            <input type="hidden" name="month" value=month/>
            {filter("responsible", t::client::responsible(l), &a.responsible, who)}
            {filter("team", t::staff::team(l), &a.team, team)}
            {filter("purpose", t::calendar::purpose(l), &a.purpose, purposes)}
            {filter("standing", t::certificate::state(l), &a.standing, standings)}
            {client}
            <FilterBar label=t::nav::show(l).to_owned()/>
        </form>
    }
    .into_any()
}

fn grid(v: &Viewer, a: &Asked, d: &Data) -> AnyView {
    let l = v.lang;
    let heads = (0..7).map(|n| view! { <th scope="col">{dates::weekday_name(l, n)}</th> }).collect_view();
    let weeks = d.month.weeks().into_iter().map(|week| {
        let number = week.first().map_or(0, |monday| monday.iso_week().week());
        let days = week.into_iter().map(|day| cell(v, a, d, day)).collect_view();
        view! { <tr><th class="wk" scope="row" aria-label=t::today::week(l, number)>{number}</th>{days}</tr> }
    });
    let caption = t::calendar::caption(l, dates::month_title(l, d.month.first()));
    view! {
        <table class="month"><caption class="sr">{caption}</caption>
            <colgroup><col class="wk"/><col span="5"/><col class="we" span="2"/></colgroup>
            <thead><tr><th class="wk" scope="col"><span class="sr">{t::calendar::week(l)}</span></th>{heads}</tr></thead>
            <tbody>{weeks.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn cell(v: &Viewer, a: &Asked, d: &Data, day: NaiveDate) -> AnyView {
    let l = v.lang;
    let entries = sets(d.entries.get(&day).map_or(&[][..], Vec::as_slice));
    let name_of_holiday = d.off.0.get(&day).map(|[ru, kk, en]| match l {
        Lang::Ru => ru.clone(),
        Lang::Kk => kk.clone(),
        Lang::En => en.clone(),
    });
    let off = name_of_holiday.is_some() || matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let mut class = String::new();
    for (on, name) in
        [(off, "off "), (Month::of(day) != d.month, "out "), (day == v.today.day, "now "), (a.opened() == Some(day), "sel ")]
    {
        if on {
            class.push_str(name);
        }
    }
    let href = a.address(d.month, Some(day));
    let label = match day.day() {
        1 if Month::of(day) != d.month => dates::short(l, day, v.today.day),
        n => n.to_string(),
    };
    let chips = entries.iter().take(NAMES).map(|e| chip(l, e)).collect_view();
    let more = entries.len().saturating_sub(NAMES);
    let more_href = href.clone();
    let aria =
        format!("{label}, {}: {}", dates::day_title(l, day), t::certificate::sets(l, i64::try_from(entries.len()).unwrap_or(0)));
    view! {
        <td class=class>
            <div class="hd"><a class="n" href=href aria-label=aria aria-current=(day == v.today.day).then_some("date")><time datetime=day.to_string()>{label}</time></a>
                {name_of_holiday.map(|h| view! { <span class="hol">{h}</span> })}{counts(l, &entries)}</div>
            <ul class="chips">{chips}
                {(more > 0).then(|| view! { <li><a class="chip more" href=more_href><span>{t::calendar::more(l, i64::try_from(more).unwrap_or(0))}</span></a></li> })}</ul>
        </td>
    }
    .into_any()
}

/// One entry for each set: its halves end on one day and belong to one holder.
fn sets(entries: &[CalendarEntry]) -> Vec<&CalendarEntry> {
    let mut seen = std::collections::HashSet::new();
    entries.iter().filter(|e| seen.insert((e.client.as_str(), e.holder.as_str(), e.urgency, e.replaced))).collect()
}

/// How many ends of each urgency, where there are more than the names show.
fn counts(l: Lang, entries: &[&CalendarEntry]) -> AnyView {
    if entries.len() <= NAMES {
        return ().into_any();
    }
    let parts = Urgency::ALL.iter().filter_map(|u| {
        let n = entries.iter().filter(|e| e.urgency == *u).count();
        (n > 0).then(|| {
            let (class, title) = (format!("n-{}", u.code()), urgency_word(l, *u));
            view! { <span class=class title=title>{n}</span> }
        })
    });
    view! { <span class="counts">{parts.collect_view()}</span> }.into_any()
}

fn chip(l: Lang, e: &CalendarEntry) -> AnyView {
    let (class, name) = match e.urgency {
        _ if e.replaced => ("chip done", "check"),
        Urgency::Late => ("chip late", "x"),
        Urgency::Week => ("chip week", "hour"),
        Urgency::Month => ("chip mon", "dot"),
        Urgency::Calm => ("chip calm", ""),
    };
    let href = format!("/certificates/{}", e.certificate);
    let title = format!(
        "{}: {} · {}",
        e.client,
        e.holder,
        if e.replaced { t::standing::replaced(l).into() } else { urgency_word(l, e.urgency) }
    );
    let text = short_name(&e.client).to_owned();
    view! { <li><a class=class href=href title=title>{(!name.is_empty()).then(|| icon(name))}<span>{text}</span></a></li> }
        .into_any()
}

fn drawer(v: &Viewer, a: &Asked, d: &Data, day: NaiveDate, panel: &DayPanel) -> AnyView {
    let l = v.lang;
    let close = a.address(d.month, None);
    let to = |day: Option<NaiveDate>| day.map(|day| a.address(Month::of(day), Some(day))).unwrap_or_default();
    let ends = panel.certificates.iter().map(|c| certificate(v, c)).collect_view();
    let n = i64::try_from(panel.certificates.len()).unwrap_or(0);
    view! {
        <aside class="drawer" aria-labelledby="day-title">
            <header><div><h2 id="day-title">{dates::day_title(l, day)}</h2><p>{dates::distance(l, v.today.day, day)}</p></div>
                <span class="push">
                    <a class="btn bare sq" href=to(day.pred_opt()) aria-label=t::calendar::day_before(l)>{icon("left")}</a>
                    <a class="btn bare sq" href=to(day.succ_opt()) aria-label=t::calendar::day_after(l)>{icon("right")}</a>
                    <a class="btn bare sq" href=close aria-label=t::form::close(l)>{icon("x")}</a>
                </span></header>
            <div class="body">
                <div class="sec"><h3>{t::calendar::ends(l)}<b>{t::certificate::count(l, n)}</b></h3><ul class="rows">{ends}</ul>
                    {(n == 0).then(|| view! { <p class="mute">{t::calendar::nothing(l)}</p> })}</div>
                {(!panel.tasks.is_empty()).then(|| view! { <div class="sec"><h3>{t::calendar::tasks_due(l)}</h3>{task_table(v, &panel.tasks)}</div> })}
            </div>
        </aside>
    }
    .into_any()
}

fn certificate(v: &Viewer, c: &CertificateRow) -> AnyView {
    let l = v.lang;
    let (href, holder) = (format!("/certificates/{}", c.id), c.holder.clone());
    let act = match &c.task {
        Some((id, who)) => view! { <a class="push" href=format!("/tasks/{id}")>{person(who.as_deref(), t::task::assign(l))}</a> }.into_any(),
        None if v.may(Action::WorkTask) && !c.life.is_replaced(v.today) => {
            view! { <a class="btn low push" href=format!("/tasks/new?certificate={}", c.id)>{icon("plus")}{t::task::reissue(l)}</a> }.into_any()
        }
        None => ().into_any(),
    };
    view! {
        <li><span class="line"><b class="cut">{client_links(&c.clients)}</b><span class="push">{standing(l, &c.life, v.today)}</span></span>
            <span class="line"><a class="cut" href=href>{holder}</a>{purposes(l, &c.purposes)}{act}</span></li>
    }
    .into_any()
}
