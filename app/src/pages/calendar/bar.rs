//! The filters and the ways between the calendar's pages.

use super::asked::Asked;
use crate::form::{any_of, filter};
use crate::islands::FilterBar;
use crate::parts::{icon, views};
use crate::seat::{Seat, Viewer};
use crate::{text as t, words};
use domain::calendar::StandingFilter;
use domain::certificate::Purpose;
use domain::id::ClientId;
use domain::month::Month;
use domain::person::{Person, Team};
use domain::refusal::Refusal;
use domain::view::{Place, SavedView};
use leptos::prelude::*;
use std::sync::Arc;

/// What the filters offer.
pub struct Choices {
    narrowings: Arc<(Vec<Person>, Vec<Team>)>,
    client: Option<(ClientId, String)>,
    saved: Arc<Vec<SavedView>>,
}

impl Choices {
    pub async fn of(seat: &Seat, a: &Asked) -> Result<Self, Refusal> {
        let client = match a.filter().client {
            Some(id) => seat.desk.client_card(id).await.ok().map(|c| (id, c.data.name)),
            None => None,
        };
        Ok(Self { narrowings: seat.desk.narrowings().await?, client, saved: seat.desk.saved_views().await? })
    }
}

/// The pages of the calendar.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Month,
    Week,
    Year,
    Agenda,
}

/// Month, year, agenda, with the same filters.
pub fn faces(v: &Viewer, a: &Asked, now: Face) -> AnyView {
    let l = v.lang;
    let month = a.month(v.today.day).to_string();
    let all = [
        (Face::Month, "/calendar", t::calendar::month_view(l)),
        (Face::Week, "/calendar/week", t::calendar::week_view(l)),
        (Face::Year, "/calendar/year", t::calendar::year_view(l)),
        (Face::Agenda, "/calendar/agenda", t::calendar::agenda_view(l)),
    ];
    let links = all.map(|(face, path, word)| {
        let href = if a.month.is_empty() { a.with(path, &[]) } else { a.with(path, &[("month", &month)]) };
        view! { <a href=href aria-current=(face == now).then_some("page")>{word}</a> }
    });
    view! { <nav class="seg" aria-label=t::calendar::views(l)>{links.into_iter().collect_view()}</nav> }.into_any()
}

/// The filter form of a page; `more` are its other fields.
pub fn bar(v: &Viewer, a: &Asked, d: &Choices, path: &'static str, more: AnyView) -> AnyView {
    let l = v.lang;
    let (people, teams) = &*d.narrowings;
    let place = Place::ALL.iter().copied().find(|place| place.path() == path);
    let mut who = vec![(String::new(), t::client::any_responsible(l).to_owned())];
    who.extend(people.iter().filter(|p| p.active).map(|p| (p.id.to_string(), p.name.clone())));
    let mut team = vec![(String::new(), t::client::any_team(l).to_owned())];
    team.extend(teams.iter().map(|t| (t.id.to_string(), t.name.clone())));
    let purposes = any_of(t::calendar::any_purpose(l), Purpose::ALL, Purpose::code, |p| words::purpose(l, p).into());
    let standings = any_of(t::client::any_standing(l), StandingFilter::ALL, StandingFilter::code, |s| match s {
        StandingFilter::Late => t::urgency::late(l).into(),
        StandingFilter::Risk => t::urgency::risk(l).into(),
        StandingFilter::Week => t::standing::week(l).into(),
        StandingFilter::Month => t::standing::month(l).into(),
        StandingFilter::Calm => t::standing::valid(l).into(),
        StandingFilter::Replaced => t::standing::replaced(l).into(),
    });
    let client = d.client.as_ref().map(|(id, name)| {
        let month: Month = a.month(v.today.day);
        let off = Asked { client: String::new(), ..a.clone() }.with(path, &[("month", &month.to_string())]);
        view! { <span class="btn low set">{name.clone()}<input type="hidden" name="client" value=id.to_string()/>
        <a href=off aria-label=t::calendar::all_clients(l)>{icon("x")}</a></span> }
    });
    view! {
        <form class="bar" action=path aria-label=t::nav::filter(l)>
            {more}
            {(people.len() > 1).then(|| filter("responsible", t::client::responsible(l), &a.responsible, who))}
            {(!teams.is_empty()).then(|| filter("team", t::staff::team(l), &a.team, team))}
            {filter("purpose", t::calendar::purpose(l), &a.purpose, purposes)}
            {filter("standing", t::certificate::state(l), &a.standing, standings)}
            {client}
            {(!a.hide.is_empty()).then(|| view! { <input type="hidden" name="hide" value=a.hide.clone()/> })}
            {(!a.whole.is_empty()).then(|| view! { <input type="hidden" name="whole" value="1"/> })}
            <FilterBar label=t::nav::show(l).to_owned()/>
        </form>
        {place.and_then(|place| views(v, place, &d.saved))}
    }
    .into_any()
}
