//! A table of certificates.

use super::tasks::{tick, tick_all};
use super::{Ticks, avatar, icon, standing, when};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::access::Action;
use domain::certificate::{CertificateRow, HolderRole, Purpose, Set, in_sets};
use domain::client_name::{holder_short, is_holder, short_name as short_name_of, untold};
use domain::day::DaysOff;
use domain::person::{Lang, short_name};
use domain::standing::Urgency;
use domain::task::Stage;
use leptos::prelude::*;

/// Tags of purposes.
pub fn purposes(l: Lang, all: &[Purpose]) -> AnyView {
    let tags = all.iter().map(|p| view! { <span>{words::purpose(l, *p)}</span> }).collect_view();
    view! { <span class="set">{tags}</span> }.into_any()
}

/// The tags of a set, each leading to its certificate.
pub fn halves(l: Lang, set: &Set) -> AnyView {
    let mut in_order: Vec<&CertificateRow> = set.certificates.iter().collect();
    in_order.sort_by_key(|c| !c.purposes.contains(&Purpose::Signing));
    let tags = in_order
        .into_iter()
        .map(|c| view! { <a href=format!("/certificates/{}", c.id)>{purposes(l, &c.purposes)}</a>" " });
    tags.collect_view().into_any()
}

/// Roles in words.
pub fn roles(l: Lang, all: &[HolderRole]) -> String {
    all.iter().map(|r| words::holder_role(l, *r)).collect::<Vec<_>>().join(", ")
}

/// Lines of sets with state, end, client, holder and what is being done, with ticks on what can get a task.
pub fn certificate_table(v: &Viewer, rows: &[CertificateRow], off: &DaysOff, ticks: Ticks) -> AnyView {
    let l = v.lang;
    // Boxes stand where at least one line has one.
    let any = !matches!(ticks, Ticks::On(..)) || rows.iter().any(|row| row.can_be_reissued(v.today));
    let ticks = if any { ticks } else { Ticks::Off };
    let lines = in_sets(rows, v.today).iter().map(|set| line(v, set, off, ticks)).collect_view();
    let head = tick_all(l, ticks, "certificate");
    view! {
        <table class="t flow quiet t-sets">
            <colgroup>{head.is_some().then(|| view! { <col class="c-tk"/> })}<col class="c-when"/><col class="c-st"/>
                <col/><col class="c-who"/></colgroup>
            <thead><tr>{head}
                <th scope="col">{t::certificate::end(l)}</th><th scope="col">{t::certificate::state(l)}</th>
                <th scope="col">{t::client::one(l)}</th><th scope="col">{t::task::one(l)}</th>
            </tr></thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn line(v: &Viewer, set: &Set, off: &DaysOff, ticks: Ticks) -> AnyView {
    let l = v.lang;
    let Some(c) = set.main() else { return ().into_any() };
    let free = c.can_be_reissued(v.today);
    let first = match ticks {
        Ticks::On(..) if !free => view! { <td class="tk"></td> }.into_any(),
        _ => {
            let whole: Vec<String> = set.certificates.iter().map(|c| c.id.to_string()).collect();
            tick(ticks, "certificate", &whole.join(","), t::board::pick(l, &c.holder))
        }
    };
    view! {
        <tr>{first}
            <td class="p-wide">{when(dates::end(l, c.life.last_day(), v.today, off))}</td>
            <td class="p-end">{standing(l, c, v.today)}</td>
            <th scope="row" class="most">{whose(l, set, c)}</th>
            <td>{act(v, c, ticks)}</td>
        </tr>
    }
    .into_any()
}

/// The client, the holder in short, and the tags of the set; where both are one, their roles.
fn whose(l: Lang, set: &Set, c: &CertificateRow) -> AnyView {
    let href = format!("/certificates/{}", c.id);
    let holder = if c.holder.is_empty() { t::certificate::nameless(l).to_owned() } else { c.holder.clone() };
    let clients = set.clients();
    let names = clients.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
    let tags = view! { <span class="tags">{halves(l, set)}</span> };
    if clients.iter().all(|(_, name)| is_holder(name, &holder)) {
        let told = if names.is_empty() { holder } else { names };
        let (title, roles) = (told.clone(), roles(l, &c.roles));
        let roles = (!roles.is_empty()).then(|| view! { <span class="sub cut">{roles}</span> });
        return view! { <span class="named">{heads_key(l, c)}<a class="cut" href=href title=title>{told}</a>
        {roles}{tags}</span> }
        .into_any();
    }
    let links = clients.iter().enumerate().map(|(i, (id, name))| {
        view! { {(i > 0).then_some(", ")}<a href=format!("/clients/{id}")>{with_form(name)}</a> }
    });
    view! { <span class="named">{heads_key(l, c)}<span class="cut" title=names>{links.collect_view()}</span>
    <a class="sub cut" href=href title=holder.clone()>{holder_short(&holder)}</a>{tags}</span> }
    .into_any()
}

/// Marks the head's signing certificate, which stands first within its level; the place is kept where it is none.
fn heads_key(l: Lang, c: &CertificateRow) -> AnyView {
    let word = t::today::heads_key(l);
    if c.place() == 0 {
        view! { <span class="pen" title=word>{icon("pen")}<span class="sr">{word}</span></span>" " }.into_any()
    } else {
        view! { <span class="pen"></span> }.into_any()
    }
}

/// A client's name whose legal form and quotes are left out where there is little room.
fn with_form(name: &str) -> AnyView {
    let (base, _) = untold(name);
    let (short, tail) = (short_name_of(base), name.strip_prefix(base).unwrap_or_default().to_owned());
    let (before, after) = base.split_once(&*short).unwrap_or((base, ""));
    let form = |text: &str| (!text.is_empty()).then(|| view! { <span class="form">{text.to_owned()}</span> });
    view! { {form(before)}{short.into_owned()}{form(after)}{tail} }.into_any()
}

/// Who works on a reissue and how far it is; of one that only stands there nothing more.
pub fn doing(l: Lang, href: String, assignee: Option<&str>, stage: Stage) -> AnyView {
    let told = assignee.map_or_else(|| t::task::nobody(l).to_owned(), short_name);
    let title = assignee.unwrap_or_default().to_owned();
    let far = (stage != Stage::Planned).then(|| view! { " "<small>{words::stage(l, stage)}</small> });
    view! { <a class="doing" href=href title=title>{avatar(assignee)}
    <span><span class="cut">{told}</span>{far}</span></a> }
    .into_any()
}

/// Who works on its reissue, or the way to begin one.
fn act(v: &Viewer, c: &CertificateRow, ticks: Ticks) -> AnyView {
    let l = v.lang;
    if let Some(task) = &c.task {
        return doing(l, format!("/tasks/{}", task.id), task.assignee.as_deref(), task.stage);
    }
    let offered = !matches!(ticks, Ticks::Look)
        && v.may(Action::WorkTask)
        && c.can_be_reissued(v.today)
        && c.urgency(v.today) != Urgency::Calm;
    if !offered {
        return ().into_any();
    }
    let href = format!("/tasks/new?certificate={}", c.id);
    view! { <a class="btn low" href=href>{icon("plus")}{t::task::reissue(l)}</a> }.into_any()
}
