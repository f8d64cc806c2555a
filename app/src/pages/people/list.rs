//! The staff: who carries how much; inviting and teams for owners.

use crate::form::{Fault, email, text};
use crate::pages::people::fields::{Typed, inputs};
use crate::parts::{avatar, downloads, note, sheet};
use crate::port::OneTimeLink;
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page, page_with};
use crate::{dates, text as t, words};
use axum::extract::Form;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use chrono::{DateTime, Utc};
use domain::access::Action;
use domain::day::day_in_kazakhstan;
use domain::id::PersonId;
use domain::lookalike::as_it_looks;
use domain::person::{Lang, Load, PersonField, Team};
use domain::refusal::{MailFault, Refusal, Rule};
use leptos::prelude::*;
use serde::Deserialize;
use std::collections::HashMap;

pub async fn show(seat: Seat) -> Reply {
    if !seat.viewer.may(Action::AssignTask) {
        return Err(Refused(Refusal::NotAllowed));
    }
    respond(&seat, StatusCode::OK, &Typed::default(), &Fault::default()).await
}

pub async fn invite(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let made = async {
        let (address, form) = (email("email", &typed.email)?, typed.checked()?);
        if typed.sure.is_empty() {
            unlike_others(&seat, &address).await?;
        }
        seat.desk.invite(&address, form).await
    };
    match made.await {
        Ok((id, link)) => Ok(link_page(&seat.viewer, id, &typed.name, &link)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            respond(&seat, StatusCode::UNPROCESSABLE_ENTITY, &typed, &fault).await
        }
    }
}

/// Refuses an address that is easily taken for a colleague's, until somebody says that it is meant.
async fn unlike_others(seat: &Seat, address: &str) -> Result<(), Refusal> {
    if !seat.viewer.may(Action::ManageStaff) {
        return Ok(());
    }
    let looks = as_it_looks(address);
    let people = seat.desk.people().await?;
    match people.iter().find(|p| p.email != address && as_it_looks(&p.email) == looks) {
        Some(other) => Err(Refusal::invalid("email", Rule::Mail(MailFault::LooksLike(other.name.clone())))),
        None => Ok(()),
    }
}

/// Shows a one-time link; it is never shown again.
pub fn link_page(v: &Viewer, id: PersonId, name: &str, link: &OneTimeLink) -> axum::response::Response {
    page(v, |v| {
        let l = v.lang;
        let url = link.url.clone();
        let body = view! {
            <div class="sheet pad stack" role="status">
                <p>{t::staff::link_text(l, name, dates::instant(l, link.ends))}</p>
                <p><input class="in file" id="link" readonly=true value=url aria-label=t::staff::link(l)/></p>
                {note("info", t::staff::link_once(l))}
                <p><a class="btn" href=format!("/staff/{id}")>{t::staff::to_person(l)}</a></p>
            </div>
        };
        Sheet {
            room: Room::Staff,
            title: t::staff::link(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    })
}

#[derive(Deserialize)]
pub struct TeamTyped {
    #[serde(default)]
    name: String,
}

pub async fn add_team(seat: Seat, Form(typed): Form<TeamTyped>) -> Reply {
    seat.desk.add_team(&text("name", &typed.name, 80)?).await?;
    Ok(Redirect::to("/staff?done=saved").into_response())
}

/// When people were last seen.
type Seen = HashMap<PersonId, DateTime<Utc>>;

async fn respond(seat: &Seat, status: StatusCode, typed: &Typed, fault: &Fault) -> Reply {
    let (loads, teams) = (seat.desk.loads().await?, seat.desk.teams().await?);
    let seen = seat.desk.last_seen().await?;
    Ok(page_with(status, &seat.viewer, |v| {
        let (l, teams) = (v.lang, &*teams);
        let side = v.may(Action::ManageStaff).then(|| {
            view! {
                <div class="stack">
                    {sheet(t::staff::invite(l), None, ().into_any(), view! {
                        <form class="form1 pad" method="post" action="/staff">
                            {inputs(l, PersonField::ALL, typed, teams, None, fault)}
                            {sure(l, fault)}
                            <button class="btn main">{t::staff::invite(l)}</button>
                        </form>
                    }.into_any())}
                    {sheet(t::staff::teams(l), Some(teams.len()), ().into_any(), view! {
                        <form class="form1 pad" method="post" action="/teams">
                            <ul>{teams.iter().map(|t| view! { <li>{t.name.clone()}</li> }).collect_view()}</ul>
                            <div class="field"><label for="team-name">{t::staff::team_name(l)}</label>
                                <input class="in" id="team-name" name="name" required=true/></div>
                            <button class="btn">{t::staff::add_team(l)}</button>
                        </form>
                    }.into_any())}
                </div>
            }
        });
        let body = view! { <div class="cols"><div class="sheet">{table(v, &loads, teams, &seen)}</div>{side}</div> };
        Sheet {
            room: Room::Staff,
            title: t::nav::staff(l).into(),
            hint: String::new(),
            actions: downloads("/staff.csv"),
            body: body.into_any(),
        }
    }))
}

/// The box by which an address is meant though it looks like another.
fn sure(l: Lang, fault: &Fault) -> Option<AnyView> {
    let alike = matches!(&fault.0, Some(("email", Rule::Mail(MailFault::LooksLike(_)))));
    alike.then(|| {
        view! { <label class="check"><input type="checkbox" name="sure" value="1"/>{t::staff::address_meant(l)}</label> }
            .into_any()
    })
}

/// What somebody carries, as a bar beside the heaviest load.
fn weight(l: Lang, weight: i64, most: i64) -> AnyView {
    let label = format!("{}: {weight}", t::share::weight_short(l));
    view! { <meter min="0" max=most value=weight title=label.clone() aria-label=label></meter> }.into_any()
}

fn table(v: &Viewer, loads: &[Load], teams: &[Team], seen: &Seen) -> AnyView {
    let l = v.lang;
    let most = loads.iter().map(|p| p.tasks.weight()).max().unwrap_or(0).max(1);
    let any_partly = loads.iter().any(|p| p.tasks.partial);
    let rows = loads.iter().map(|p| {
        let (href, name) = (format!("/staff/{}", p.person.id), p.person.name.clone());
        let team = p.person.team.and_then(|id| teams.iter().find(|t| t.id == id)).map(|t| t.name.clone());
        let state = if !p.person.active {
            Some(t::staff::inactive(l))
        } else {
            (!p.person.joined).then(|| t::staff::not_joined(l))
        };
        let partly = || p.tasks.partial.then(|| view! { <span class="sub">"*"</span> });
        let below: Vec<String> = team.into_iter().chain(state.map(str::to_owned)).collect();
        let below = (!below.is_empty()).then(|| below.join(" · "));
        view! {
            <tr><th scope="row"><span class="who">{avatar(Some(&name))}<a class="cut" href=href>{name.clone()}</a>
                </span></th>
                <td>{words::role(l, p.person.role)}{below.map(|below| view! { " "<span class="sub">{below}</span> })}</td>
                <td class="num">{p.clients}{partly()}</td>
                <td class="num c-load">{weight(l, p.tasks.weight(), most)}<b>{p.tasks.open}</b>{partly()}</td><td class="num">
                    {(p.tasks.week > 0).then_some(p.tasks.week)}</td><td class="num">
                    {(p.tasks.overdue > 0).then(|| view! { <span class="over">{p.tasks.overdue}</span> })}</td>
                    <td class="on-phone p-wide">{(p.tasks.open > 0).then(|| weight(l, p.tasks.weight(), most))}
                        " "<span class="mute">{t::client::count(l, p.clients)}" · "{t::task::count(l, p.tasks.open)}</span></td>
                    <td class="mute p-hide">{seen.get(&p.person.id).map_or_else(|| t::staff::never(l).to_owned(), |at| dates::near(l, day_in_kazakhstan(*at), v.today.day))}</td></tr>
        }
    });
    view! {
        <table class="t t-staff"><thead><tr><th scope="col">{t::staff::name(l)}</th><th scope="col">{t::staff::role(l)}
            </th>
            <th scope="col">{t::nav::clients(l)}</th><th scope="col">{t::staff::open_tasks(l)}</th><th scope="col">
                {t::share::this_week(l)}</th><th scope="col">{t::staff::late_tasks(l)}</th><th class="on-phone"></th><th scope="col">{t::staff::last_seen(l)}</th></tr></thead><tbody>{rows.collect_view()}</tbody></table>
        <p class="pad hint">{t::staff::bar(l)}{any_partly.then(|| view! { " "{t::staff::partly(l)} })}</p>
    }
    .into_any()
}
