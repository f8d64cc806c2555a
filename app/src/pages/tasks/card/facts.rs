//! What is known of a task, and what can be set: assignee, due day, the agreed time.

use super::view::kept;
use super::{Data, Typed};
use crate::form::{Fault, field, select};
use crate::pages::tasks::bulk::NOBODY;
use crate::pages::tasks::form::burden;
use crate::parts::{client_links, halves, icon, person, standing, when};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::certificate::in_sets;
use domain::task::TaskRow;
use leptos::prelude::*;

/// `named`: the client stands above already.
pub fn facts(v: &Viewer, d: &Data, typed: &Typed, fault: &Fault, named: bool) -> AnyView {
    let l = v.lang;
    let (row, id) = (&d.task.row, d.task.row.id);
    let overdue = row.clock.overdue_days(v.today.day);
    let mut due = dates::plain(l, row.clock.due, v.today);
    due.past = row.stage.is_open() && overdue > 0;
    if due.past {
        due.distance.clear();
    }
    let waits = row.clock.waiting_since.map(
        |since| view! { <small class="mute">{t::task::waits_since(l, dates::short(l, since, v.today.day))}</small> },
    );
    // Halves that stand alike are told of once.
    let sets = in_sets(&d.task.certificates, v.today);
    let certificates = sets.iter().filter_map(|set| {
        let c = set.main()?;
        Some(view! { <li><a class="link" href=format!("/certificates/{}", c.id)>{c.holder.clone()}</a>" "{halves(l, set)}" "{standing(l, c, v.today)}" "{when(dates::end(l, c.life.last_day(), v.today, &d.off))}</li> })
    });
    let certificates = certificates.collect_view();
    let note_text = d.task.note.clone();
    view! {
        <dl class="kv pad">
            {(!named).then(|| view! { <dt>{t::client::one(l)}</dt><dd>{client_links(&row.clients)}</dd> })}
            <dt>{t::certificate::many(l)}</dt><dd><ul>{certificates}</ul></dd>
            <dt>{t::task::due(l)}</dt><dd>{when(due)}" "{waits}
                {row.is_past_end(row.clock.due, v.today.day).then(|| crate::parts::past_end_badge(l))}
                {(overdue > 0 && row.stage.is_open()).then(|| crate::parts::late_badge(t::task::overdue(l, overdue)))}
                </dd>
            {row.agreed.map(|at| view! { <dt>{t::task::agreed(l)}</dt><dd><b>{dates::moment(l, at, v.today.day)}</b></dd> })}
            <dt>{t::task::reason(l)}</dt><dd>{words::reason(l, row.reason)}" · "{words::route(l, row.route)}</dd>
            <dt>{t::task::assignee(l)}</dt><dd>
                {person(row.assignee.as_ref().map(|(_, n)| n.as_str()), t::task::nobody(l))}
                {d.task.cover.as_ref().map(|(name, until)| {
                    let text = t::handover::covers(l, name, dates::short(l, *until, v.today.day));
                    view! { <div><small class="mute">{text}</small></div> }
                })}</dd>
            {(!note_text.is_empty()).then(|| view! { <dt>{t::task::note(l)}</dt><dd>{note_text}</dd> })}
            {d.task.revocation.as_ref().map(|(who, how, at, more)| view! { <dt>{t::stage::old_checked(l)}</dt><dd>{words::check(l, *how)}" · "{who.clone()}" · "{dates::instant(l, *at)}" "{more.clone()}</dd> })}
            {(!d.task.override_why.is_empty()).then(|| view! { <dt>{t::task::override_title(l)}</dt><dd>{d.task.override_why.clone()}</dd> })}
        </dl>
        {row.stage.is_open().then(|| view! {
            <div class="pad stack">
            {assign_form(v, d, typed, fault)}
            {d.task.may_work.then(|| view! {
                <details class="fold" open=!typed.due.is_empty()><summary>{icon("right")}{t::task::change_due(l)}</summary>
                <form class="form1" method="post" action=format!("/tasks/{id}/due")>{kept(d)}
                    {field("due", t::task::due(l), if typed.due.is_empty() { row.clock.due.to_string() } else { typed.due.clone() }).kind("date").required().show(l, fault)}
                        <button class="btn">{t::form::save(l)}</button></form></details>
                <details class="fold" open=fault.at(l, "agreed").is_some()><summary>{icon("right")}{t::task::agreed(l)}
                    </summary>
                <form class="form1" method="post" action=format!("/tasks/{id}/agreed")>{kept(d)}
                    {field("agreed", t::task::agreed_label(l), agreed_value(row, typed)).kind("datetime-local").hint(t::task::agreed_hint(l)).show(l, fault)}<button class="btn">{t::form::save(l)}</button></form></details>
            })}
            </div>
        })}
    }
    .into_any()
}

fn agreed_value(row: &TaskRow, typed: &Typed) -> String {
    let kept = || row.agreed.map(|at| (at + chrono::Duration::hours(5)).format("%Y-%m-%dT%H:%M").to_string());
    if typed.agreed.is_empty() { kept().unwrap_or_default() } else { typed.agreed.clone() }
}

fn assign_form(v: &Viewer, d: &Data, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let action = format!("/tasks/{}/assign", d.task.row.id);
    if d.task.may_assign {
        let now = d.task.row.assignee.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default();
        let mut people: Vec<(String, String)> =
            d.candidates.iter().map(|c| (c.id.to_string(), burden(l, &c.name, c.tasks))).collect();
        if !now.is_empty() {
            people.push((NOBODY.to_owned(), t::task::take_off(l).to_owned()));
        }
        let chosen = if typed.assignee.is_empty() { now } else { typed.assignee.clone() };
        return view! { <form class="form1" method="post" action=action>{kept(d)}
        {select(l, "assignee", t::task::assign_to(l), &chosen, people, fault)}<button class="btn">
        {t::task::assign(l)}</button></form> }
        .into_any();
    }
    let me = v.person.as_ref().map(|p| p.id.to_string()).unwrap_or_default();
    (d.task.may_work && d.task.row.assignee.is_none())
        .then(|| {
            view! { <form method="post" action=action>{kept(d)}<input type="hidden" name="assignee" value=me/>
            <button class="btn">{t::task::take(l)}</button></form> }
        })
        .into_any()
}
