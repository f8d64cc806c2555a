//! A table of tasks.

use super::{client_links, late_badge, person, when};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::task::TaskRow;
use leptos::prelude::*;

/// Lines of tasks: due day, client and holder, stage, assignee.
pub fn task_table(v: &Viewer, rows: &[TaskRow]) -> AnyView {
    let l = v.lang;
    let lines = rows.iter().map(|task| line(v, task)).collect_view();
    view! {
        <table class="t flow">
            <thead><tr>
                <th scope="col">{t::task::due(l)}</th><th scope="col">{t::client::one(l)}</th>
                <th scope="col">{t::task::stage(l)}</th><th scope="col">{t::task::assignee(l)}</th>
            </tr></thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn line(v: &Viewer, task: &TaskRow) -> AnyView {
    let l = v.lang;
    let overdue = task.clock.overdue_days(v.today.day);
    let mut due = dates::plain(l, task.clock.due, v.today);
    due.past = task.stage.is_open() && overdue > 0;
    let waits = task.clock.waiting_since.map(|since| t::task::waits_since(l, dates::short(l, since, v.today.day)));
    let (href, holder) = (format!("/tasks/{}", task.id), task.holder.clone());
    let name = task.assignee.as_ref().map(|(_, n)| n.as_str());
    view! {
        <tr>
            <td class="p-wide">{when(due)}{(task.stage.is_open() && overdue > 0).then(|| view! { " "{late_badge(t::task::overdue(l, overdue))} })}</td>
            <th scope="row"><a href=href>{words::reason(l, task.reason)}": "{holder}</a>" "<span class="sub">{client_links(&task.clients)}</span></th>
            <td>{words::stage(l, task.stage)}{waits.map(|w| view! { <span class="sub">" "{w}</span> })}</td>
            <td class="p-end">{person(name, t::task::nobody(l))}</td>
        </tr>
    }
    .into_any()
}
