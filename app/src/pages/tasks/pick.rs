//! A new task that nobody has said the certificate of: what ends soon without a task, or what is found by words.

use super::form::Opening;
use crate::parts::{client_links, empty, icon, purposes, sheet, standing, task_table, when};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page};
use crate::{dates, text as t};
use axum::response::{IntoResponse as _, Redirect};
use domain::certificate::{Set, in_sets};
use domain::client::ClientFilter;
use domain::client_name::is_holder;
use domain::day::DaysOff;
use domain::find::is_called;
use domain::id::{ClientId, TaskId};
use domain::reason::Reason;
use domain::refusal::Refusal;
use domain::task::{TaskFilter, TaskRow, TaskView};
use leptos::prelude::*;
use std::sync::Arc;

/// A task that is open, at the place where what was wished can be said of it.
pub fn task_href(asked: &Opening, task: TaskId) -> String {
    // A loss can be reported on the task that is open.
    let lost = Reason::parse(&asked.reason).filter(|reason| reason.takes_access());
    lost.map_or_else(|| format!("/tasks/{task}"), |reason| format!("/tasks/{task}?loss={}#loss", reason.code()))
}

/// Clients that are looked through for words.
const CLIENTS: u64 = 30;

pub async fn show(seat: &Seat, asked: &Opening) -> Reply {
    let text: String = asked.q.chars().filter(|c| *c != '\0').take(100).collect();
    let soon = text.trim().is_empty();
    let (mut sets, open) = meant(seat, &text, soon).await?;
    let off = seat.desk.days_off().await?;
    let one_number = text.trim().len() == 12 && text.trim().bytes().all(|b| b.is_ascii_digit());
    if one_number && let Some(only) = only(asked, &sets, &open) {
        return Ok(Redirect::to(&only).into_response());
    }
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        // Who is called so comes before whose contact or serial number is found.
        sets.sort_by_key(|set| set.main().map(|c| (!is_meant(set, &text), c.urgency(v.today), c.life.not_after)));
        let lines = sets.iter().filter_map(|set| line(v, asked, set, &off)).collect_view();
        let list = if sets.is_empty() && !open.is_empty() {
            ().into_any()
        } else if sets.is_empty() {
            empty(t::pick::none(l), t::pick::none_text(l), ().into_any())
        } else {
            let title = if soon { t::pick::soon(l) } else { t::pick::found(l) };
            let table = view! { <table class="t flow"><tbody>{lines}</tbody></table> };
            sheet(title, Some(sets.len()), ().into_any(), table.into_any())
        };
        let body = view! {
            <form class="bar" action="/tasks/new" role="search">
                <input type="hidden" name="due" value=asked.due.clone()/>
                <input type="hidden" name="reason" value=asked.reason.clone()/>
                <input class="in find-in" type="search" name="q" value=text.clone() aria-label=t::pick::whose(l)
                    placeholder=t::nav::search_hint(l)/>
                <button class="btn">{t::nav::show(l)}</button>
            </form>
            <div class="stack">{running(v, asked, &open)}{list}</div>
        };
        Sheet {
            room: Room::Tasks,
            title: t::task::new_title(l).into(),
            hint: asked.due.parse().map_or_else(
                |_| t::pick::whose(l).to_owned(),
                |due| {
                    format!(
                        "{} {}: {}",
                        t::pick::whose(l),
                        t::task::due(l).to_lowercase(),
                        dates::near(l, due, v.today.day)
                    )
                },
            ),
            actions: ().into_any(),
            body: body.into_any(),
        }
    }))
}

/// Reissues that are under way: a loss is reported on them, so they come first and each has its way there.
fn running(v: &Viewer, asked: &Opening, open: &[TaskRow]) -> Option<AnyView> {
    let l = v.lang;
    if open.is_empty() {
        return None;
    }
    let lost = Reason::parse(&asked.reason).is_some_and(Reason::takes_access);
    let lines = open.iter().map(|task| {
        let href = task_href(asked, task.id);
        let alone = task.clients.iter().all(|(_, name)| is_holder(name, &task.holder));
        view! {
            <tr><th scope="row" class="most">{client_links(&task.clients)}" "
                {(!alone).then(|| view! { <span class="sub">{task.holder.clone()}</span> })}</th>
                <td class="p-wide">{when(dates::plain(l, task.clock.due, v.today))}</td>
                <td><a class="btn low" href=href>{icon("keyoff")}{t::task::report_loss(l)}</a></td></tr>
        }
    });
    let table = if lost {
        view! { <table class="t flow"><tbody>{lines.collect_view()}</tbody></table> }.into_any()
    } else {
        task_table(v, open)
    };
    Some(sheet(t::pick::open(l), Some(open.len()), ().into_any(), table))
}

/// Whether the words name a client or the holder of a set.
fn is_meant(set: &Set, words: &str) -> bool {
    let clients = set.clients();
    let names = clients.iter().map(|(_, name)| name).chain(set.main().map(|c| &c.holder));
    names.into_iter().any(|name| is_called(name, words))
}

/// What can be reissued of the clients that the words mean, or soon has to be; and what is under way for them.
async fn meant(seat: &Seat, text: &str, soon: bool) -> Result<(Vec<Set>, Arc<Vec<TaskRow>>), Refusal> {
    let clients = if soon {
        seat.desk.clients(&ClientFilter::default()).await?.rows.iter().map(|c| c.id).collect::<Vec<ClientId>>()
    } else {
        let found = ClientFilter { text: text.to_owned(), ..ClientFilter::default() };
        seat.desk.some_clients(&found, CLIENTS).await?.rows.iter().map(|c| c.id).collect()
    };
    let open = if soon {
        Arc::default()
    } else {
        seat.desk.tasks(&TaskFilter { text: text.to_owned(), ..TaskView::All.into() }).await?
    };
    Ok((in_sets(&seat.desk.to_reissue(&clients, soon).await?, seat.viewer.today), open))
}

/// The form for a certificate, with what was said of the task so far.
fn href(asked: &Opening, certificate: &str) -> String {
    let pairs = [("certificate", certificate), ("due", asked.due.as_str()), ("reason", &asked.reason)];
    crate::pages::address("/tasks/new", &pairs)
}

/// The one thing that can be meant: a set to reissue, or a task that is open already.
fn only(asked: &Opening, sets: &[Set], open: &[TaskRow]) -> Option<String> {
    match (sets, open) {
        ([set], []) => Some(href(asked, &set.main()?.id.to_string())),
        ([], [task]) => Some(task_href(asked, task.id)),
        _ => None,
    }
}

fn line(v: &Viewer, asked: &Opening, set: &Set, off: &DaysOff) -> Option<AnyView> {
    let (l, c) = (v.lang, set.main()?);
    let id = c.id.to_string();
    let href = href(asked, &id);
    let clients = set.clients();
    let alone = clients.iter().all(|(_, name)| is_holder(name, &c.holder));
    Some(
        view! {
            <tr><th scope="row" class="most">{client_links(&clients)}" "
                {(!alone).then(|| view! { <span class="sub">{c.holder.clone()}</span> })}" "{purposes(l, &c.purposes)}</th>
                <td class="p-wide">{when(dates::end(l, c.life.last_day(), v.today, off))}</td>
                <td class="p-end">{standing(l, c, v.today)}</td>
                <td><a class="btn low" href=href>{icon("plus")}{t::task::reissue(l)}</a></td></tr>
        }
        .into_any(),
    )
}
