//! The page on which tasks are shared out.

use super::share::Data;
use crate::form::{Fault, choices};
use crate::islands::LoadAfter;
use crate::pages::tasks::form::{among_yours, burden};
use crate::parts::{avatar, empty, icon, note, sheet, when};
use crate::seat::Viewer;
use crate::shell::{Room, Sheet, page_with};
use crate::{dates, text as t, words};
use axum::http::StatusCode;
use domain::id::PersonId;
use domain::person::Load;
use domain::task::TaskRow;
use leptos::prelude::*;
use std::collections::HashMap;

pub(super) fn respond(v: &Viewer, status: StatusCode, d: &Data, fault: &Fault) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let n = i64::try_from(d.rows.len()).unwrap_or(0);
        let body = if d.rows.is_empty() {
            let way = view! { <a class="btn" href="/tasks">{t::today::to_board(l)}</a> }.into_any();
            let nothing = empty(t::share::nothing(l), t::share::nothing_text(l), way);
            match fault.any(l) {
                Some(why) => view! { <div role="alert">{note("risk", why)}</div> }.into_any(),
                None => nothing,
            }
        } else {
            let given = d.given();
            let lines = d.rows.iter().map(|row| line(v, d, row)).collect_view();
            view! {
                {fault.any(l).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
                {d.left_over(l).map(|rest| note("info", rest))}
                <form method="post" action="/tasks/by-load/assign" class="cols">
                    <input type="hidden" name="back" value=d.back.clone()/>
                    {d.rows.iter().map(|row| view! { <input type="hidden" name="task" value=row.seen().to_string()/> }).collect_view()}
                    <div class="sheet"><table class="t flow"><thead><tr><th scope="col">{t::task::due(l)}</th>
                        <th scope="col">{t::client::one(l)}</th>{given.then(|| view! { <th scope="col">{t::share::now(l)}</th> })}<th scope="col">
                        {t::share::to(l)}</th></tr></thead><tbody>{lines}</tbody></table>
                        <div class="pad"><button class="btn main">{t::share::assign(l, n)}</button></div></div>
                    <div class="stack">{sheet(t::share::load(l), None, ().into_any(), loads(v, d))}{all_to_a_colleague(v, d)}</div>
                </form>
            }
            .into_any()
        };
        Sheet {
            room: Room::Tasks,
            title: t::share::title(l).into(),
            hint: t::task::count(l, n),
            actions: ().into_any(),
            body,
        }
    })
}

fn line(v: &Viewer, d: &Data, row: &TaskRow) -> AnyView {
    let l = v.lang;
    let who = |id: &PersonId| d.loads.iter().find(|p| p.person.id == *id);
    let own = d.may.get(&row.id).map_or(&[][..], Vec::as_slice);
    let options = own.iter().filter_map(who).map(|p| {
        let carries = t::share::carries(l, &p.person.name, p.tasks.weight());
        let carries = format!("{carries}{}", among_yours(l, p.tasks));
        (format!("{}:{}", row.seen(), p.person.id), carries)
    });
    let options: Vec<(String, String)> = options.collect();
    let chosen = d.chosen.get(&row.id).map(|who| format!("{}:{who}", row.seen())).unwrap_or_default();
    let client = row.clients.first().map_or_else(|| row.holder.clone(), |(_, name)| name.clone());
    let label = format!("{}: {client}", t::share::to(l));
    let pick = if options.is_empty() {
        view! { <span class="mute">{t::share::nobody_may(l)}</span> }.into_any()
    } else {
        let weight = d.weights.get(&row.id).copied().unwrap_or(1);
        let had = row.assignee.as_ref().map(|(who, _)| who.to_string());
        view! { <select class="pick" name="to" aria-label=label data-weight=weight data-had=had>
        {choices(&chosen, options)}</select> }
        .into_any()
    };
    view! {
        <tr><td class="p-wide">{when(dates::plain(l, row.clock.due, v.today))}</td>
            <th scope="row" class="most"><a href=format!("/tasks/{}", row.id)>{client}</a>" "<span class="sub">
                {words::reason(l, row.reason).to_lowercase()}</span></th>
            {d.given().then(|| view! { <td>{row.assignee.as_ref().map(|(_, name)| domain::person::short_name(name))}</td> })}<td class="choice p-wide">
                {pick}</td></tr>
    }
    .into_any()
}

/// Buttons that propose everything to one person; nothing is given before it is confirmed.
fn all_to_a_colleague(v: &Viewer, d: &Data) -> AnyView {
    let l = v.lang;
    let may = |p: &&Load| d.may.values().any(|may| may.contains(&p.person.id));
    let lines = d.loads.iter().filter(|p| p.person.active).filter(may).map(|p| {
        let name = burden(l, &p.person.name, p.tasks);
        view! { <li><button class="btn bare low" name="all" value=p.person.id.to_string() formaction="/tasks/by-load">{name}</button></li> }
    });
    view! { <details class="fold"><summary>{icon("right")}{t::share::all_to_a_colleague(l)}</summary><ul class="rows">
    {lines.collect_view()}</ul></details> }
    .into_any()
}

/// Before and after, by what the tasks weigh.
fn loads(v: &Viewer, d: &Data) -> AnyView {
    let l = v.lang;
    let mut then: HashMap<PersonId, i64> = d.loads.iter().map(|p| (p.person.id, p.tasks.weight())).collect();
    for row in &d.rows {
        let Some(to) = d.chosen.get(&row.id) else { continue };
        let weight = d.weights.get(&row.id).copied().unwrap_or(1);
        if let Some((had, _)) = &row.assignee {
            *then.entry(*had).or_default() -= weight;
        }
        *then.entry(*to).or_default() += weight;
    }
    let after = |p: &Load| then.get(&p.person.id).copied().unwrap_or(0);
    let may = |p: &Load| d.may.values().any(|may| may.contains(&p.person.id));
    let mut shown: Vec<&Load> =
        d.loads.iter().filter(|p| p.person.active && (p.tasks.open > 0 || after(p) > 0 || may(p))).collect();
    shown.sort_by_key(|p| -after(p));
    let most = shown.iter().map(|p| after(p)).max().unwrap_or(1);
    let lines = shown.into_iter().map(|p| {
        let (now, then) = (p.tasks.weight(), after(p));
        let label = burden(l, &p.person.name, p.tasks);
        let who = p.person.id.to_string();
        view! { <li data-who=who data-now=now>{avatar(Some(&p.person.name))}<span class="cut">{domain::person::short_name(&p.person.name)}</span>
        <meter min="0" max=most value=then aria-label=label></meter><span class="end num">{now}<span class="then" hidden={now == then}>" → "<b>{then}</b></span></span></li> }
    });
    view! { <ul class="load">{lines.collect_view()}</ul><LoadAfter/><p class="pad hint">{t::share::weight(l)}</p> }
        .into_any()
}
