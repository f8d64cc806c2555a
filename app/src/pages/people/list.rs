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
use domain::access::Action;
use domain::id::PersonId;
use domain::person::{Load, PersonField, Team};
use domain::refusal::Refusal;
use leptos::prelude::*;
use serde::Deserialize;

pub async fn show(seat: Seat) -> Reply {
    if !seat.viewer.may(Action::AssignTask) {
        return Err(Refused(Refusal::NotAllowed));
    }
    let (loads, teams) = (seat.desk.loads().await?, seat.desk.teams().await?);
    Ok(view(&seat.viewer, StatusCode::OK, &loads, &teams, &Typed::default(), &Fault::default()))
}

pub async fn invite(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let made = async { seat.desk.invite(&email("email", &typed.email)?, typed.checked()?).await };
    match made.await {
        Ok((id, link)) => Ok(link_page(&seat.viewer, id, &typed.name, &link)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            let (loads, teams) = (seat.desk.loads().await?, seat.desk.teams().await?);
            Ok(view(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, &loads, &teams, &typed, &fault))
        }
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

fn view(
    v: &Viewer,
    status: StatusCode,
    loads: &[Load],
    teams: &[Team],
    typed: &Typed,
    fault: &Fault,
) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let side = v.may(Action::ManageStaff).then(|| {
            view! {
                <div class="stack">
                    {sheet(t::staff::invite(l), None, ().into_any(), view! {
                        <form class="form1 pad" method="post" action="/staff">
                            {inputs(l, PersonField::ALL, typed, teams, None, fault)}
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
        let body = view! { <div class="cols"><div class="sheet">{table(v, loads, teams)}</div>{side}</div> };
        Sheet {
            room: Room::Staff,
            title: t::nav::staff(l).into(),
            hint: String::new(),
            actions: downloads("/staff.csv"),
            body: body.into_any(),
        }
    })
}

fn table(v: &Viewer, loads: &[Load], teams: &[Team]) -> AnyView {
    let l = v.lang;
    let rows = loads.iter().map(|p| {
        let (href, name) = (format!("/staff/{}", p.person.id), p.person.name.clone());
        let team = p.person.team.and_then(|id| teams.iter().find(|t| t.id == id)).map(|t| t.name.clone());
        let state = if !p.person.active {
            Some(t::staff::inactive(l))
        } else {
            (!p.person.joined).then(|| t::staff::not_joined(l))
        };
        view! {
            <tr><th scope="row"><span class="who">{avatar(Some(&name))}<a class="cut" href=href>{name.clone()}</a>
                </span></th>
                <td>{words::role(l, p.person.role)}{state.map(|s| view! { <span class="sub">" · "{s}</span> })}</td><td>
                    {team}</td>
                <td class="num">{p.clients}</td><td class="num">{p.tasks.open}</td><td class="num">
                    {(p.tasks.week > 0).then_some(p.tasks.week)}</td><td class="num">
                    {(p.tasks.overdue > 0).then(|| view! { <span class="over">{p.tasks.overdue}</span> })}</td>
                    <td class="num"><b>{(p.tasks.open > 0).then(|| p.tasks.weight())}</b></td></tr>
        }
    });
    view! {
        <table class="t t-staff"><thead><tr><th scope="col">{t::staff::name(l)}</th><th scope="col">{t::staff::role(l)}
            </th><th scope="col">{t::staff::team(l)}</th>
            <th scope="col">{t::nav::clients(l)}</th><th scope="col">{t::staff::open_tasks(l)}</th><th scope="col">
                {t::share::this_week(l)}</th><th scope="col">{t::task_view::overdue(l)}</th><th scope="col">
                {t::share::weight_short(l)}</th></tr></thead><tbody>{rows.collect_view()}</tbody></table>
    }
    .into_any()
}
