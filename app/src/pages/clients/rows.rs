//! The table of the list of clients.

use super::asked::Asked;
use super::columns;
use crate::parts::{Ticks, bin, fault, person, risk, tick, tick_all, urgency, when};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::access::Action;
use domain::client::{ClientColumn, ClientList, ClientOrder, ClientRow};
use domain::day::DaysOff;
use domain::filing::Filing;
use domain::standing::Urgency;
use leptos::prelude::*;

/// The class of a column's cells and the order of its heading.
fn of(column: ClientColumn) -> (&'static str, Option<ClientOrder>) {
    match column {
        ClientColumn::Number => ("c-bin", Some(ClientOrder::Number)),
        ClientColumn::State => ("c-st", Some(ClientOrder::State)),
        ClientColumn::Certificates => ("c-n", Some(ClientOrder::Certificates)),
        ClientColumn::Responsible => ("c-who", Some(ClientOrder::Responsible)),
        ClientColumn::Tasks => ("c-t", Some(ClientOrder::Tasks)),
        ClientColumn::Team => ("c-who", Some(ClientOrder::Team)),
        ClientColumn::Filings => ("c-set", None),
    }
}

pub fn table(
    v: &Viewer,
    a: &Asked,
    list: &ClientList,
    (chosen, ticked): (&[ClientColumn], &[String]),
    around: (&DaysOff, &[Filing]),
) -> AnyView {
    let l = v.lang;
    let next = list.next.as_ref().map(|n| a.page(n));
    let lines = list.rows.iter().map(|c| line(v, c, ticked, chosen, around)).collect_view();
    let (before, behind): (Vec<_>, Vec<_>) = chosen.iter().partition(|c| **c == ClientColumn::Number);
    let heads = |columns: Vec<&ClientColumn>| {
        let head = |c: &&ClientColumn| {
            let (class, order) = of(**c);
            let short =
                if **c == ClientColumn::Certificates { t::certificate::short(l) } else { columns::title(l, **c) };
            heading(a, class, order, short, columns::title(l, **c))
        };
        columns.iter().map(head).collect_view()
    };
    let around_it = if chosen.len() > ClientColumn::USUAL.len() { "scroll" } else { "whole" };
    view! {
        <div class=around_it>
        <table class="t fix t-clients">
            <thead><tr>{tick_all(l, ticks(v, ticked), "client")}
                {heading(a, "c-name", Some(ClientOrder::Name), t::client::one(l), "")}{heads(before)}
                {heading(a, "c-next", Some(ClientOrder::End), t::client::next_end(l), "")}{heads(behind)}
            </tr></thead>
            <tbody>{lines}</tbody>
        </table></div>
        {next.map(|href| view! { <p class="pad"><a class="btn" href=href rel="next">{t::nav::next_page(l)}</a></p> })}
    }
    .into_any()
}

fn heading(
    a: &Asked,
    class: &'static str,
    order: Option<ClientOrder>,
    word: &'static str,
    title: &'static str,
) -> AnyView {
    let Some(order) = order else {
        return view! { <th scope="col" class=class title=title>{word}</th> }.into_any();
    };
    let (now, descending) = a.order();
    let sort = (now == order).then_some(if descending { "descending" } else { "ascending" });
    view! { <th scope="col" class=class title=title aria-sort=sort><a class="sort" href=a.sorted(order)>{word}</a></th> }
        .into_any()
}

fn ticks<'a>(v: &Viewer, ticked: &'a [String]) -> Ticks<'a> {
    if v.may(Action::EditClient) { Ticks::On("bulk", ticked) } else { Ticks::Off }
}

fn line(
    v: &Viewer,
    c: &ClientRow,
    ticked: &[String],
    chosen: &[ClientColumn],
    (off, filings): (&DaysOff, &[Filing]),
) -> AnyView {
    let l = v.lang;
    let (href, name) = (format!("/clients/{}", c.id), c.name.clone());
    let title = name.clone();
    let (before, behind): (Vec<_>, Vec<_>) = chosen.iter().partition(|c| **c == ClientColumn::Number);
    let cells =
        |columns: Vec<&ClientColumn>| columns.into_iter().map(|column| cell(v, c, *column, filings)).collect_view();
    view! {
        <tr>{tick(ticks(v, ticked), "client", &c.seen().to_string(), t::board::pick(l, &c.name))}
            <th scope="row"><a href=href title=title>{name}</a>{c.archived.then(|| view! { " "<span class="sub">{t::client::put_away(l)}</span> })}</th>
            {cells(before)}
            <td class="p-wide">{c.next.map(|(day, _)| when(dates::end(l, day, v.today, off)))}</td>
            {cells(behind)}
        </tr>
    }
    .into_any()
}

fn cell(v: &Viewer, c: &ClientRow, column: ClientColumn, filings: &[Filing]) -> AnyView {
    let l = v.lang;
    match column {
        ClientColumn::Number => view! { <td class="p-hide">{bin(&c.number)}</td> }.into_any(),
        ClientColumn::State => view! { <td class="p-end">{state(v, c)}</td> }.into_any(),
        ClientColumn::Certificates => view! { <td class="num p-hide">{c.certificates}</td> }.into_any(),
        ClientColumn::Responsible => {
            view! { <td class="p-who">{person(c.responsible.as_ref().map(|(_, name)| name.as_str()), t::task::nobody(l))}</td> }.into_any()
        }
        ClientColumn::Tasks => {
            view! { <td class="num p-hide">{(c.open_tasks > 0).then_some(c.open_tasks)}</td> }.into_any()
        }
        ClientColumn::Team => view! { <td class="p-hide">{c.team.clone()}</td> }.into_any(),
        ClientColumn::Filings => {
            let codes = c.filings.iter().map(|code| words::filing_label(l, filings, code));
            let codes = codes.collect::<Vec<_>>().join(", ");
            view! { <td class="p-hide" title=codes.clone()>{codes.clone()}</td> }.into_any()
        }
    }
}

/// What is wrong, where something is; else how soon it ends.
fn state(v: &Viewer, c: &ClientRow) -> Option<AnyView> {
    let l = v.lang;
    c.next.map(|(day, level)| match (&c.threat, c.fault) {
        (Some(threat), _) if level == Urgency::Risk => risk(l, threat, day, v.today),
        (_, Some(standing)) => fault(l, standing),
        _ => urgency(l, level),
    })
}
