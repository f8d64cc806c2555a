//! Tasks of the morning, in the columns of the ends below them: due day, what is wrong, whose, who has it.

use super::page::all;
use crate::parts::{doing, late_badge, named, past_end_badge, risk, sheet, when};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::client_name::short_name as short_client;
use domain::morning::Listed;
use domain::task::TaskRow;
use leptos::prelude::*;

pub fn tasks(v: &Viewer, id: &'static str, title: &str, href: &str, list: &Listed<TaskRow>) -> AnyView {
    if list.rows.is_empty() {
        return ().into_any();
    }
    let l = v.lang;
    let way = view! { {all(l, href, list.rows.len(), list.total)}
    <a class="btn bare low" href="/tasks">{t::today::to_board(l)}</a> };
    let count = usize::try_from(list.total).ok();
    view! { <div id=id>{sheet(title, count, way.into_any(), table(v, &list.rows))}</div> }.into_any()
}

fn table(v: &Viewer, rows: &[TaskRow]) -> AnyView {
    let l = v.lang;
    view! {
        <table class="t flow quiet t-sets">
            <colgroup><col class="c-when"/><col class="c-st"/><col/><col class="c-who"/></colgroup>
            <thead><tr><th scope="col">{t::task::due(l)}</th><th scope="col">{t::certificate::state(l)}</th>
                <th scope="col">{t::client::one(l)}</th><th scope="col">{t::task::assignee(l)}</th></tr></thead>
            <tbody>{rows.iter().map(|task| line(v, task)).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn line(v: &Viewer, task: &TaskRow) -> AnyView {
    let l = v.lang;
    let overdue = task.clock.overdue_days(v.today.day);
    let mut due = dates::plain(l, task.clock.due, v.today);
    due.past = overdue > 0;
    let state = if overdue > 0 {
        late_badge(t::today::late_task(l))
    } else if task.is_past_end(task.clock.due, v.today.day) {
        past_end_badge(l)
    } else if let Some(threat) = &task.threat {
        risk(l, threat, task.last_day, v.today)
    } else {
        ().into_any()
    };
    let (name, holder) = named(task);
    let more = [holder, task.reason.takes_access().then(|| words::reason(l, task.reason).to_lowercase())];
    let more = more.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let (short, href) = (short_client(&name).into_owned(), format!("/tasks/{}", task.id));
    let whole = format!("{name}: {}, {}", task.holder, words::reason(l, task.reason));
    view! {
        <tr><td class="p-wide">{when(due)}</td><td class="p-end">{state}</td>
            <th scope="row" class="most" title=whole><span class="named"><span class="pen"></span><a class="cut" href=href.clone()>{short}</a>
                {(!more.is_empty()).then(|| view! { <span class="sub cut">{more}</span> })}</span></th>
            <td>{doing(l, href, task.assignee.as_ref().map(|(_, name)| name.as_str()), task.stage)}</td></tr>
    }
    .into_any()
}
