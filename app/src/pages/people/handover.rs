//! Handing over what somebody carries: preview, choices, one act.

use crate::form::{Fault, choices, field, optional_day};
use crate::parts::{avatar, icon, note, sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{text as t, words};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum_extra::extract::Form;
use domain::access::Action;
use domain::handover::{Carried, Handover, Plan};
use domain::id::{ClientId, PersonId};
use domain::person::{Load, Person, short_name};
use domain::refusal::{Refusal, Rule};
use leptos::prelude::*;
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    /// `leaves` or `away`.
    mode: String,
    until: String,
    /// Pairs of client and person, parted by a colon.
    to: Vec<String>,
}

impl Typed {
    fn is_away(&self) -> bool {
        self.mode == "away"
    }

    fn pairs(&self) -> HashMap<ClientId, PersonId> {
        let pair = |text: &String| {
            text.split_once(':').and_then(|(client, who)| Some((client.parse().ok()?, who.parse().ok()?)))
        };
        self.to.iter().filter_map(pair).collect()
    }
}

pub async fn show(seat: Seat, Path(id): Path<PersonId>, Query(typed): Query<Mode>) -> Reply {
    // Whether one may hand over is asked first: then an existing colleague answers as a missing one.
    let (plan, person) = (seat.desk.handover_plan(id).await?, seat.desk.person(id).await?);
    let one = typed.all.parse::<PersonId>().ok().filter(|one| plan.colleagues.iter().any(|p| p.person.id == *one));
    let to = one.map(|one| plan.clients.iter().map(|c| format!("{}:{one}", c.id)).collect()).unwrap_or_default();
    let typed = Typed { mode: typed.mode, to, ..Typed::default() };
    Ok(view(&seat.viewer, StatusCode::OK, &person, &plan, &typed, &Fault::default()))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Mode {
    mode: String,
    /// Id of one colleague to whom everything is proposed.
    all: String,
}

pub async fn pass(seat: Seat, Path(id): Path<PersonId>, Form(typed): Form<Typed>) -> Reply {
    let done = async {
        // Whoever leaves is shut out: only who says so passes for good.
        let until = match typed.mode.as_str() {
            "away" => Some(optional_day("until", &typed.until)?.ok_or(Refusal::invalid("until", Rule::Required))?),
            "leaves" => None,
            _ => return Err(Refusal::invalid("mode", Rule::Required)),
        };
        seat.desk.hand_over(id, Handover { clients: typed.pairs(), until }).await
    };
    match done.await {
        Ok(()) => Ok(back_to(&format!("/staff/{id}"), "handed_over", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            let (person, plan) = (seat.desk.person(id).await?, seat.desk.handover_plan(id).await?);
            Ok(view(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, &person, &plan, &typed, &fault))
        }
    }
}

fn view(
    v: &Viewer,
    status: StatusCode,
    person: &Person,
    plan: &Plan,
    typed: &Typed,
    fault: &Fault,
) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let id = person.id;
        let away = typed.is_away();
        let modes = [("leaves", t::handover::leaves(l)), ("away", t::handover::away(l))].map(|(mode, word)| {
            let current = ((mode == "away") == away).then_some("page");
            view! { <a href=format!("/staff/{id}/handover?mode={mode}") aria-current=current>{word}</a> }
        });
        let chosen = typed.pairs();
        let lines = plan.clients.iter().map(|c| {
            let to = chosen.get(&c.id).copied().or(c.to);
            let options = plan.colleagues.iter().map(|p| (format!("{}:{}", c.id, p.person.id), load_of(v, p)));
            let picked = to.map(|to| format!("{}:{to}", c.id)).unwrap_or_default();
            let label = format!("{}: {}", t::share::to(l), c.name);
            view! { <tr><th scope="row" class="most"><a href=format!("/clients/{}", c.id)>{c.name.clone()}</a></th>
            <td class="choice p-wide"><select class="pick" name="to" aria-label=label>
            {choices(&picked, options.collect())}</select></td></tr> }
        });
        let n = i64::try_from(plan.clients.len()).unwrap_or(0);
        let counts = [t::client::count(l, n), t::task::count(l, plan.tasks), t::handover::carriers(l, plan.carriers)]
            .join(" · ");
        let closes = !away && v.may(Action::ManageStaff);
        let what = if away {
            t::handover::away_text(l)
        } else if closes {
            t::handover::leaves_text(l)
        } else {
            t::handover::leaves_lead(l)
        };
        let body = view! {
            {fault.any(l).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
            <nav class="bar" aria-label=t::handover::title(l)><span class="seg">{modes.into_iter().collect_view()}
                </span></nav>
            {note("info", what)}
            {to_one(v, plan).map(|why| note("info", why))}
            <form method="post" action=format!("/staff/{id}/handover") class="cols">
                <input type="hidden" name="mode" value=if away { "away" } else { "leaves" }/>
                <div class="sheet"><header><h2>{t::nav::clients(l)}" "<b>{n}</b></h2></header>
                    <table class="t flow"><thead><tr><th scope="col">{t::client::one(l)}</th><th scope="col">
                        {t::share::to(l)}</th></tr></thead><tbody>{lines.collect_view()}</tbody></table></div>
                <div class="stack">
                    <section class="sheet pad form1"><p>{counts}</p>
                        {away.then(|| field("until", t::handover::until(l), typed.until.clone()).kind("date").required().show(l, fault))}
                        <button class="btn main">{t::handover::pass(l, n)}</button></section>
                    {sheet(t::handover::after(l), None, ().into_any(), after(v, plan, typed))}
                    {(!plan.clients.is_empty()).then(|| all_to_a_colleague(v, person.id, plan, &typed.mode))}
                </div>
            </form>
        };
        let hint = format!("{} · {}", person.name, words::role(l, person.role));
        Sheet {
            room: Room::Staff,
            title: t::handover::title(l).into(),
            hint,
            actions: ().into_any(),
            body: body.into_any(),
        }
    })
}

/// Says why everything is proposed to one colleague.
fn to_one(v: &Viewer, plan: &Plan) -> Option<&'static str> {
    let first = plan.clients.first()?.to?;
    let all = plan.clients.len() > 1 && plan.clients.iter().all(|c| c.to == Some(first));
    let others = plan.colleagues.len() > 1;
    all.then(|| if others { t::handover::one_of_the_team(v.lang) } else { t::handover::nobody_else(v.lang) })
}

fn load_of(v: &Viewer, p: &Load) -> String {
    format!("{} · {}", short_name(&p.person.name), t::client::count(v.lang, p.clients))
}

/// Links that propose everything to one colleague.
fn all_to_a_colleague(v: &Viewer, from: PersonId, plan: &Plan, mode: &str) -> AnyView {
    let lines = plan.colleagues.iter().map(|p| {
        let one = p.person.id.to_string();
        let href = crate::pages::address(&format!("/staff/{from}/handover"), &[("mode", mode), ("all", &one)]);
        view! { <li><a class="link" href=href>{load_of(v, p)}</a></li> }
    });
    view! { <details class="fold"><summary>{icon("right")}{t::handover::all_to_a_colleague(v.lang)}</summary><ul class="rows">
    {lines.collect_view()}</ul></details> }
    .into_any()
}

/// Clients of each colleague, before and as proposed.
fn after(v: &Viewer, plan: &Plan, typed: &Typed) -> AnyView {
    let chosen = typed.pairs();
    let to = |c: &Carried| chosen.get(&c.id).copied().or(c.to);
    let gets =
        |p: &Load| i64::try_from(plan.clients.iter().filter(|c| to(c) == Some(p.person.id)).count()).unwrap_or(0);
    let most = plan.colleagues.iter().map(|p| p.clients + gets(p)).max().unwrap_or(1);
    let lines = plan.colleagues.iter().map(|p| {
        let more = gets(p);
        let change = (more > 0).then(|| view! { " → "<b>{p.clients + more}</b> });
        view! { <li>{avatar(Some(&p.person.name))}<span class="cut">{short_name(&p.person.name)}</span>
        <meter min="0" max=most value=p.clients + more aria-label=load_of(v, p)></meter><span class="end num">
        {p.clients}{change}</span></li> }
    });
    view! { <ul class="load">{lines.collect_view()}</ul> }.into_any()
}
