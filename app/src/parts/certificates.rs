//! A table of certificates.

use super::tasks::{tick, tick_all};
use super::{Ticks, client_links, icon, person, standing, when};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::certificate::{CertificateRow, HolderRole, Purpose, Set, in_sets};
use domain::client_name::is_holder;
use domain::day::DaysOff;
use domain::person::Lang;
use leptos::prelude::*;

/// Tags of purposes.
pub fn purposes(l: Lang, all: &[Purpose]) -> AnyView {
    let tags = all.iter().map(|p| view! { <span>{words::purpose(l, *p)}</span> }).collect_view();
    view! { <span class="set">{tags}</span> }.into_any()
}

/// The tags of a set, each leading to its certificate.
pub fn halves(l: Lang, set: &Set) -> AnyView {
    let tags = set
        .certificates
        .iter()
        .map(|c| view! { <a href=format!("/certificates/{}", c.id)>{purposes(l, &c.purposes)}</a>" " });
    tags.collect_view().into_any()
}

/// Roles in words.
pub fn roles(l: Lang, all: &[HolderRole]) -> String {
    all.iter().map(|r| words::holder_role(l, *r)).collect::<Vec<_>>().join(", ")
}

/// Lines of sets with state, end, holder and what is being done, with ticks on what can get a task; `with_client` names
/// whose they are.
pub fn certificate_table(
    v: &Viewer,
    rows: &[CertificateRow],
    off: &DaysOff,
    with_client: bool,
    ticks: Ticks,
) -> AnyView {
    let l = v.lang;
    let lines = in_sets(rows, v.today).iter().map(|set| line(v, set, off, with_client, ticks)).collect_view();
    let head = tick_all(l, ticks, "certificate");
    view! {
        <table class="t flow">
            <thead><tr>{head}
                <th scope="col">{t::certificate::end(l)}</th><th scope="col">{t::certificate::state(l)}</th>
                <th scope="col">{if with_client { t::client::one(l) } else { t::certificate::holder(l) }}</th>
                <th scope="col">{t::task::one(l)}</th>
            </tr></thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn line(v: &Viewer, set: &Set, off: &DaysOff, with_client: bool, ticks: Ticks) -> AnyView {
    let l = v.lang;
    let Some(c) = set.main() else { return ().into_any() };
    let (href, holder) = (format!("/certificates/{}", c.id), c.holder.clone());
    let holder = if holder.is_empty() { t::certificate::nameless(l).to_owned() } else { holder };
    let task = match &c.task {
        Some(task) => {
            let (href, stage) = (format!("/tasks/{}", task.id), words::stage(l, task.stage));
            view! { <a href=href title=stage>{person(task.assignee.as_deref(), t::task::nobody(l))}
            <span class="under">{stage}</span></a> }
            .into_any()
        }
        None if !matches!(ticks, Ticks::Look)
            && v.may(domain::access::Action::WorkTask)
            && c.can_be_reissued(v.today)
            && c.urgency(v.today) != domain::standing::Urgency::Calm =>
        {
            let href = format!("/tasks/new?certificate={}", c.id);
            view! { <a class="btn low" href=href>{icon("plus")}{t::task::reissue(l)}</a> }.into_any()
        }
        None => ().into_any(),
    };
    let clients = set.clients();
    let alone = clients.iter().all(|(_, name)| is_holder(name, &holder));
    let name = if with_client && !alone {
        view! { {client_links(&clients)}" "<a class="sub" href=href>{holder}</a> }.into_any()
    } else {
        let told = clients.first().map(|(_, name)| name.clone()).filter(|_| with_client);
        view! { <a href=href>{told.unwrap_or(holder)}</a>" "<span class="sub">{roles(l, &c.roles)}</span> }.into_any()
    };
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
            <th scope="row" class="most" title=c.holder.clone()>{name}" "{halves(l, set)}</th>
            <td>{task}</td>
        </tr>
    }
    .into_any()
}
