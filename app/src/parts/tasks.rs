//! A table of tasks.

use super::{late_badge, past_end_badge, person, risk, when};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::client_name::{holder_short, is_holder};
use domain::person::Lang;
use domain::task::TaskRow;
use leptos::prelude::*;

/// Whether lines can be ticked for an act on many.
#[derive(Clone, Copy)]
pub enum Ticks<'a> {
    Off,
    /// Lines that are only looked at: nothing is offered on them.
    Look,
    /// The form they belong to, and the ids that are ticked already.
    On(&'static str, &'a [String]),
    /// The same, on lines that get no task as well.
    Any(&'static str, &'a [String]),
}

/// The names of a task's clients, or its holder's where it has none; and the holder in short where that is somebody else.
pub fn named(task: &TaskRow) -> (String, Option<String>) {
    let names = task.clients.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
    if names.is_empty() {
        return (task.holder.clone(), None);
    }
    let holder = (!is_holder(&names, &task.holder)).then(|| holder_short(&task.holder));
    (names, holder)
}

/// Lines of tasks: due day, client and holder, stage, assignee.
pub fn task_table(v: &Viewer, rows: &[TaskRow]) -> AnyView {
    task_table_with(v, rows, Ticks::Off)
}

/// The same on the card of their client, whose name is not said again.
pub fn own_task_table(v: &Viewer, rows: &[TaskRow]) -> AnyView {
    table(v, rows, Ticks::Off, true)
}

/// The same, with ticks.
pub fn task_table_with(v: &Viewer, rows: &[TaskRow], ticks: Ticks) -> AnyView {
    table(v, rows, ticks, false)
}

fn table(v: &Viewer, rows: &[TaskRow], ticks: Ticks, own: bool) -> AnyView {
    let l = v.lang;
    let lines = rows.iter().map(|task| line(v, task, ticks, own)).collect_view();
    let whose = if own { t::task::one(l) } else { t::client::one(l) };
    let head = tick_all(l, ticks, "task");
    view! {
        <table class="t flow quiet">
            <thead><tr>{head}
                <th scope="col">{t::task::due(l)}</th><th scope="col">{whose}</th>
                <th scope="col">{t::task::stage(l)}</th><th scope="col">{t::task::assignee(l)}</th>
            </tr></thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

/// The cell in the head of a table that ticks all its lines; none where they have no ticks.
pub fn tick_all(l: Lang, ticks: Ticks, name: &'static str) -> Option<AnyView> {
    let (Ticks::On(..) | Ticks::Any(..)) = ticks else { return None };
    Some(
        view! { <td class="tk"><input class="only-awake" type="checkbox" data-every=name aria-label=t::bulk::every(l)/></td> }
            .into_any(),
    )
}

/// The cell with the tick of a line.
pub fn tick(ticks: Ticks, name: &'static str, id: &str, label: String) -> AnyView {
    let (Ticks::On(form, ticked) | Ticks::Any(form, ticked)) = ticks else { return ().into_any() };
    // What was ticked stays so where the thing has a newer revision by now.
    let thing = |text: &str| text.split_once('.').map_or_else(|| text.to_owned(), |(id, _)| id.to_owned());
    let (id, checked) = (id.to_owned(), ticked.iter().any(|t| thing(t) == thing(id)));
    view! { <td class="tk"><input type="checkbox" form=form name=name value=id checked=checked aria-label=label/></td> }
        .into_any()
}

fn line(v: &Viewer, task: &TaskRow, ticks: Ticks, own: bool) -> AnyView {
    let l = v.lang;
    let overdue = task.clock.overdue_days(v.today.day);
    let mut due = dates::plain(l, task.clock.due, v.today);
    due.past = task.stage.is_open() && overdue > 0;
    let late = due.past.then(|| view! { " "{late_badge(t::task::overdue(l, overdue))} });
    if due.past {
        due.distance.clear();
    }
    let past_end = task.is_past_end(task.clock.due, v.today.day).then(|| view! { " "{past_end_badge(l)} });
    let risky = task.threat.as_ref().map(|threat| view! { " "{risk(l, threat, task.last_day, v.today)} });
    let waits = task.clock.waiting_since.map(|since| t::task::waits_since(l, dates::short(l, since, v.today.day)));
    let href = format!("/tasks/{}", task.id);
    let name = task.assignee.as_ref().map(|(_, n)| n.as_str());
    let reason = words::reason(l, task.reason);
    let (clients, holder) = named(task);
    let whole = format!("{clients}: {}, {reason}", task.holder);
    let (first, more) = if own {
        (reason.to_owned(), holder_short(&task.holder))
    } else {
        let more = [holder, Some(reason.to_lowercase())].into_iter().flatten();
        (clients, more.collect::<Vec<_>>().join(" · "))
    };
    view! {
        <tr>{tick(ticks, "task", &task.seen().to_string(), t::board::pick(l, &task.holder))}
            <td class="p-wide due"><span>{when(due)}{late}</span>{past_end}{risky}</td>
            <th scope="row" class="most" title=whole><a href=href>{first}</a>" "<span class="sub">{more}</span></th>
            <td>{words::stage(l, task.stage)}{waits.map(|w| view! { <span class="sub below">{w}</span> })}</td>
            <td class="p-end">{person(name, t::task::nobody(l))}</td>
        </tr>
    }
    .into_any()
}
