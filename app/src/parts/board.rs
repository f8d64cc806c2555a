//! The columns of the board with their cards.

use super::{avatar, icon, risk};
use crate::islands::{BoardMoves, BoardTexts};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::access::Action;
use domain::client_name::{holder_short, is_holder, short_name};
use domain::day::days_between;
use domain::id::TaskId;
use domain::standing::{MONTH_DAYS, WEEK_DAYS};
use domain::task::{BoardLane, Lane, Need, TaskRow};
use leptos::prelude::*;

/// Where the board leads to.
pub struct Links<'a> {
    /// A column's whole list.
    pub more: &'a dyn Fn(Lane) -> String,
    /// A task beside the board.
    pub open: &'a dyn Fn(TaskId) -> String,
}

/// All columns. `back` is the board's own address, `current` the id of the task that is open beside it.
pub fn lanes(v: &Viewer, all: &[BoardLane], back: &str, current: &str, links: &Links) -> AnyView {
    let l = v.lang;
    let texts = BoardTexts { help: t::board::help(l).into(), no_way: t::board::no_way(l).into() };
    let columns = all.iter().map(|lane| column(v, lane, back, current, links)).collect_view();
    let moves = v.may(Action::WorkTask).then(|| view! { <div class="lanes-help"><BoardMoves texts/></div> });
    view! { <div class="board"><div class="lanes">{columns}</div>{moves}</div> }.into_any()
}

fn column(v: &Viewer, lane: &BoardLane, back: &str, current: &str, links: &Links) -> AnyView {
    let l = v.lang;
    let word = words::lane(l, lane.lane);
    let (code, more) = (lane.lane.code(), (links.more)(lane.lane));
    if lane.lane == Lane::Done {
        return view! { <section class="shut" aria-label=word data-lane=code><h2><a href=more>{word}" "<b>{lane.total}
        </b></a></h2></section> }
        .into_any();
    }
    let cards = lane.rows.iter().map(|task| card(v, task, back, current, links)).collect_view();
    let rest = i64::try_from(lane.total).unwrap_or(0) - i64::try_from(lane.rows.len()).unwrap_or(0);
    view! {
        <section aria-label=word data-lane=code><h2>{word}" "<b>{lane.total}</b>
            {(lane.lane == Lane::WaitingOwner).then(|| view! { <i>{t::board::clock_stands(l)}</i> })}</h2>
            <ol>{cards}{(rest > 0).then(|| view! { <li><a class="btn bare low wide" href=more>{t::board::more(l, rest)}</a></li> })}</ol></section>
    }
    .into_any()
}

fn card(v: &Viewer, task: &TaskRow, back: &str, current: &str, links: &Links) -> AnyView {
    let l = v.lang;
    let (id, href) = (format!("t-{}", task.id), (links.open)(task.id));
    let open = (task.id.to_string() == current).then_some("true");
    let name = task.clients.first().map_or_else(|| task.holder.clone(), |(_, name)| short_name(name).into_owned());
    let clients = task.clients.iter().map(|(_, name)| name.as_str());
    let title = clients.chain([task.holder.as_str()]).collect::<Vec<_>>().join(", ");
    let stuck = task
        .stage
        .is_stuck()
        .then(|| view! { <p class="block">{words::stage(l, task.stage)}": "{task.why.clone()}</p> });
    let works = v.may(Action::WorkTask);
    view! {
        <li id=id data-task="" draggable=works.then_some("true")>
            <a class="card" href=href title=title draggable="false" aria-current=open><b>{name}</b><p>{under(v, task)}
                </p>{stuck}
                <span class="line">{due(v, task)}<span class="push">
                    {avatar(task.assignee.as_ref().map(|(_, n)| n.as_str()))}</span></span></a>
            {works.then(|| ways(v, task, back))}
        </li>
    }
    .into_any()
}

/// Holder, then what matters at this stage: the wait, the agreed time, the reason, the checklist.
fn under(v: &Viewer, task: &TaskRow) -> String {
    let l = v.lang;
    let alone = task.clients.iter().all(|(_, name)| is_holder(name, &task.holder));
    let mut parts = if alone { Vec::new() } else { vec![holder_short(&task.holder)] };
    let waits = task.clock.waiting_since.map_or(0, |since| days_between(since, v.today.day));
    if waits > 0 {
        parts.push(t::board::wait_days(l, waits));
    }
    if let Some(at) = task.agreed.filter(|at| *at >= v.today.now) {
        parts.push(dates::moment(l, at, v.today.day));
    }
    if task.reason.takes_access() {
        parts.push(words::reason(l, task.reason).to_lowercase());
    }
    if task.lane() == Lane::Authority && !task.stage.is_stuck() {
        parts.push(words::stage(l, task.stage).to_lowercase());
    }
    if let (done @ 1.., all) = task.steps {
        parts.push(t::board::steps(l, done, all));
    }
    // The point stays at the end of a line, not at the beginning of the next.
    parts.join("\u{a0}· ")
}

/// The due day in the shape of its nearness, or the filing that the end breaks.
fn due(v: &Viewer, task: &TaskRow) -> AnyView {
    if let Some(threat) = task.threat.as_ref().filter(|_| task.clock.overdue_days(v.today.day) <= 0) {
        return risk(v.lang, threat, task.last_day, v.today);
    }
    let day = task.clock.due;
    let left = days_between(v.today.day, day);
    let text = dates::near(v.lang, day, v.today.day);
    let iso = day.to_string();
    let past_end = task.is_past_end(day, v.today.day);
    let badge = if task.clock.overdue_days(v.today.day) > 0 {
        ("st st-late", "x")
    } else if past_end {
        ("st st-week", "warn")
    } else if left <= WEEK_DAYS {
        ("st st-week", "hour")
    } else if left <= MONTH_DAYS {
        ("st st-month", "dot")
    } else {
        return view! { <time datetime=iso>{text}</time> }.into_any();
    };
    let why = past_end.then(|| t::task::past_end(v.lang));
    view! { <span class=badge.0 title=why>{icon(badge.1)}<time datetime=iso>{text}</time></span> }.into_any()
}

/// The ways out of the card's stage: a button for a plain move, a link where the page asks for more.
fn ways(v: &Viewer, task: &TaskRow, back: &str) -> AnyView {
    let l = v.lang;
    let page = format!("/tasks/{}", task.id);
    let here = task.lane();
    let ways = Lane::ALL.iter().filter_map(|lane| task.stage.way_to(*lane).map(|to| (*lane, to))).map(|(lane, to)| {
        let target = (lane != here).then(|| lane.code());
        match to.need() {
            Need::Nothing => view! { <button class="btn bare low" name="to" value=to.code() data-to=target>
            {words::stage_verb(l, to)}</button> }
            .into_any(),
            _ => view! { <a class="btn bare low" href=page.clone() data-to=target>
            {t::board::to_page(l, words::stage_verb(l, to))}</a> }
            .into_any(),
        }
    });
    let (action, back, label) = (format!("{page}/move"), format!("{back}#t-{}", task.id), t::board::ways(l));
    view! {
        <details class="ways"><summary class="btn bare sq" aria-label=label>{icon("more")}</summary>
            <form class="menu" method="post" action=action><input type="hidden" name="revision" value=task.revision/>
                <input type="hidden" name="back" value=back/>{ways.collect_view()}</form></details>
    }
    .into_any()
}
