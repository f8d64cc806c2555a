//! The lines of a spreadsheet, each with what it would change.

use super::sheet::reason;
use crate::parts::{empty, icon};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::id::DraftId;
use domain::person::Lang;
use domain::sheet::{Column, RowPlan, SheetPreview, date, number};
use leptos::prelude::*;

/// Lines of the preview; those at fault come first, and all of those can be downloaded.
const LINES: usize = 200;

/// A number as it is read, with the zeros that the spreadsheet had dropped; one that is none as it stands.
fn whole_number(cell: &str) -> String {
    number(cell).map_or_else(|_| cell.to_owned(), |read| read.number.to_string())
}

pub(super) fn table(v: &Viewer, draft: DraftId, p: &SheetPreview) -> AnyView {
    let l = v.lang;
    let mut all: Vec<(usize, &Vec<String>, &RowPlan)> = p
        .sheet
        .rows
        .iter()
        .zip(&p.plans)
        .enumerate()
        .map(|(n, (cells, plan))| (n + p.sheet.first_row, cells, plan))
        .collect();
    all.retain(|(_, _, plan)| **plan != RowPlan::Blank);
    all.sort_by_key(|(n, _, plan)| (!matches!(plan, RowPlan::Fault(_)), matches!(plan, RowPlan::Known(..)), *n));
    if all.is_empty() {
        let way = view! { <a class="btn" href="/import/sheet">{t::sheet::title(l)}</a> }.into_any();
        return empty(t::sheet::nothing(l), t::sheet::intro(l), way);
    }
    let shown = i64::try_from(LINES.min(all.len())).unwrap_or(0);
    let more = (all.len() > LINES).then(|| view! { <p class="hint">{t::sheet::shown(l, shown)}</p> });
    let show: Vec<(usize, Column)> =
        p.mapping.columns.iter().copied().enumerate().filter(|(_, c)| *c != Column::Ignore).collect();
    let heads = show.iter().map(|(_, c)| view! { <th scope="col">{words::column(l, *c)}</th> }).collect_view();
    let lines = all.iter().take(LINES).map(|(n, cells, plan)| {
        let of = |(at, column): &(usize, Column)| {
            let cell = cells.get(*at).cloned().unwrap_or_default();
            match date(&cell, p.mapping.order).ok().filter(|_| *column == Column::LastDay) {
                // In words, so that a swapped day is seen.
                Some(day) => view! { <td title=cell>{dates::full(l, day)}</td> }.into_any(),
                None if matches!(column, Column::Number | Column::HolderIin) => {
                    view! { <td class="num">{whole_number(&cell)}</td> }.into_any()
                }
                None => view! { <td>{cell}</td> }.into_any(),
            }
        };
        let cells = show.iter().map(of).collect_view();
        view! { <tr><th scope="row" class="num">{*n}</th><td class="p-wide">{what(l, plan)}</td>{cells}</tr> }
    });
    view! {
        {more}
        <div class="sheet scroll" data-draft=draft.to_string()><table class="t flow"><thead><tr><th scope="col">
            {t::sheet::row(l)}</th><th scope="col">{t::sheet::what(l)}</th>{heads}</tr></thead>
            <tbody>{lines.collect_view()}</tbody></table></div>
    }
    .into_any()
}

/// The name of the card where the row has another: it stays.
fn other_name(l: Lang, named: Option<&str>) -> Option<AnyView> {
    named.map(|name| view! { " "<span class="mute">{t::sheet::named(l, name)}</span> }.into_any())
}

fn what(l: Lang, plan: &RowPlan) -> AnyView {
    match plan {
        RowPlan::Fault(fault) => view! { <span class="wrong">{icon("x")}{reason(l, fault)}</span> }.into_any(),
        RowPlan::Known(_, named) => {
            view! { <span class="mute">{t::sheet::nothing_new(l)}</span>{other_name(l, named.as_deref())} }.into_any()
        }
        RowPlan::Blank => ().into_any(),
        RowPlan::Changes { client, typed, older, responsible, contact, named, reached } => {
            let first = if client.is_some() { t::sheet::known_client(l) } else { t::sheet::new_client(l) };
            let parts = [
                (true, first),
                (*typed, t::sheet::adds_typed(l)),
                (responsible.is_some(), t::sheet::adds_responsible(l)),
                (*contact, t::sheet::adds_contact(l)),
            ];
            let text: Vec<&str> = parts.into_iter().filter(|(on, _)| *on).map(|(_, word)| word).collect();
            let reached =
                reached.as_deref().map(|old| view! { " "<span class="mute">{t::sheet::reached(l, old)}</span> });
            let older = older.then(|| view! { " "<span class="mute">{t::sheet::older(l)}</span> });
            view! { <b>{text.join(" + ")}</b>{older}{reached}{other_name(l, named.as_deref())} }.into_any()
        }
    }
}
