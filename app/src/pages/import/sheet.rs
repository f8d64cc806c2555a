//! The import of a firm's own spreadsheet.

use crate::form::{Fault, choices};
use crate::islands::FilterBar;
use crate::pages::import::sheet_reading;
use crate::pages::import::upload::uploads;
use crate::parts::csv_line;
use crate::parts::{Wanted, empty, field_for, icon, note, sheet as part};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet as Page, back_to, page_with};
use crate::{dates, text as t, words};
use axum::extract::{Multipart, Path};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect};
use axum_extra::extract::{Form, Query};
use domain::access::Action;
use domain::id::DraftId;
use domain::person::Lang;
use domain::refusal::{Refusal, Rule};
use domain::sheet::{
    Column, DateOrder, MOST_ROWS, Mapping, RowFault, RowPlan, SeveralDates, SheetPreview, date, number,
};
use leptos::prelude::*;
use serde::Deserialize;

/// Lines of the preview; those at fault come first, and all of those can be downloaded.
const LINES: usize = 200;

/// The columns as chosen, in their order, and the order of dates; none means that they are found out.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    c: Vec<String>,
    order: String,
    several: String,
    shown: String,
}

impl Asked {
    fn mapping(&self) -> Mapping {
        let columns = self.c.iter().map(|code| Column::parse(code).unwrap_or(Column::Ignore)).collect();
        Mapping {
            columns,
            order: DateOrder::parse(&self.order),
            several: SeveralDates::parse(&self.several),
            shown: self.shown.clone(),
        }
    }
}

fn address(path: &str, mapping: &Mapping) -> String {
    let columns = mapping.columns.iter().map(|c| format!("c={}", c.code()));
    let order = mapping.order.map(|order| format!("order={}", order.code()));
    let several = mapping.several.map(|several| format!("several={}", several.code()));
    format!("{path}?{}", columns.chain(order).chain(several).collect::<Vec<_>>().join("&"))
}

fn may_import(seat: &Seat) -> Result<(), Refusal> {
    if seat.viewer.may(Action::Import) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

pub async fn show(seat: Seat) -> Reply {
    may_import(&seat)?;
    Ok(upload_page(&seat.viewer, StatusCode::OK, &Fault::default()))
}

pub async fn read(seat: Seat, parts: Multipart) -> Reply {
    may_import(&seat)?;
    let (files, _) = uploads(parts).await?;
    let done = async {
        let file = files.into_iter().next().ok_or(Refusal::invalid("files", Rule::Required))?;
        seat.desk.read_sheet(file).await
    };
    match done.await {
        Ok(draft) => Ok(Redirect::to(&format!("/import/sheet/{draft}")).into_response()),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            Ok(upload_page(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, &fault))
        }
    }
}

fn upload_page(v: &Viewer, status: StatusCode, fault: &Fault) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let body = view! {
            {note("info", t::sheet::intro(l))}
            <form class="sheet pad form1 notes-below" method="post" action="/import/sheet"
                enctype="multipart/form-data">
                {field_for(l, &Wanted { drop: t::sheet::drop(l), hint: t::sheet::formats(l, most_rows()) }, fault.at(l, "files"))}<button class="btn main">{t::sheet::read(l)}</button></form>
        };
        Page {
            room: Room::Import,
            title: t::sheet::title(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    })
}

pub async fn preview(seat: Seat, Path(draft): Path<DraftId>, Query(asked): Query<Asked>) -> Reply {
    view(&seat, draft, &asked.mapping(), StatusCode::OK, None).await
}

/// The preview; a refused acceptance says why.
async fn view(
    seat: &Seat,
    draft: DraftId,
    mapping: &Mapping,
    status: StatusCode,
    why: Option<fn(Lang) -> &'static str>,
) -> Reply {
    let preview = seat.desk.judge_sheet(draft, mapping).await?;
    Ok(page_with(status, &seat.viewer, |v| {
        let l = v.lang;
        let why = why.map(|why| view! { <div role="alert">{note("risk", why(l))}</div> });
        let rows = i64::try_from(preview.plans.iter().filter(|p| **p != RowPlan::Blank).count()).unwrap_or(0);
        let body = view! {
            {why}{counts(l, &preview)}
            <div class="stack">
                {sheet_reading::told(l, &preview)}
                {part(t::sheet::reading(l), None, ().into_any(), sheet_reading::form(v, draft, &preview))}
                {part(t::sheet::columns(l), None, ().into_any(), mapping_form(v, draft, &preview))}
                {accept_form(v, draft, &preview)}
                {table(v, draft, &preview)}
            </div>
        };
        Page {
            room: Room::Import,
            title: preview.sheet.file.clone(),
            hint: hint(l, &preview, rows),
            actions: ().into_any(),
            body: body.into_any(),
        }
    }))
}

/// The most lines that are read, as it is shown.
pub fn most_rows() -> String {
    text::spaced(i64::try_from(MOST_ROWS).unwrap_or(i64::MAX))
}

/// A number as it is read, with the zeros that the spreadsheet had dropped; one that is none as it stands.
fn whole_number(cell: &str) -> String {
    number(cell).map_or_else(|_| cell.to_owned(), |read| read.number.to_string())
}

/// The sheet that is read, where a workbook has names for them, and how many lines.
fn hint(l: Lang, p: &SheetPreview, rows: i64) -> String {
    let sheet = p.sheet.how.reading.sheet.iter().cloned();
    sheet.chain([t::sheet::rows(l, rows)]).collect::<Vec<_>>().join(" · ")
}

pub async fn accept(seat: Seat, Path(draft): Path<DraftId>, Form(asked): Form<Asked>) -> Reply {
    let mapping = asked.mapping();
    let count = match seat.desk.accept_sheet(draft, &mapping).await {
        Ok(outcome) => outcome.entries(),
        Err(Refusal::Conflict) => {
            return view(&seat, draft, &Mapping::default(), StatusCode::CONFLICT, Some(t::sheet::read_otherwise)).await;
        }
        Err(Refusal::Invalid { rule: Rule::ColumnTwice, .. }) => {
            return view(&seat, draft, &mapping, StatusCode::UNPROCESSABLE_ENTITY, Some(t::rule::column_twice)).await;
        }
        Err(other) => return Err(Refused(other)),
    };
    Ok(back_to(&address(&format!("/import/sheet/{draft}"), &mapping), &format!("sheet.{count}"), None))
}

/// The rows at fault as they came, with the reason after them.
pub async fn failed(seat: Seat, Path(draft): Path<DraftId>, Query(asked): Query<Asked>) -> Reply {
    let l = seat.viewer.lang;
    let preview = seat.desk.judge_sheet(draft, &asked.mapping()).await?;
    let mut head = preview.sheet.titles.clone();
    head.push(t::sheet::reason(l).to_owned());
    let mut out = "\u{feff}".to_owned() + &csv_line(l, &head)?;
    for (cells, plan) in preview.sheet.rows.iter().zip(&preview.plans) {
        if let RowPlan::Fault(fault) = plan {
            let mut line = cells.clone();
            line.resize(preview.sheet.titles.len(), String::new());
            line.push(reason(l, fault));
            out.push_str(&csv_line(l, &line)?);
        }
    }
    let name = "attachment; filename=\"merzim-failed.csv\"";
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, name)], out).into_response())
}

fn reason(l: Lang, (column, rule): &RowFault) -> String {
    t::sheet::at(l, words::column(l, *column), words::rule(l, rule))
}

fn counts(l: Lang, p: &SheetPreview) -> AnyView {
    let n = |fits: &dyn Fn(&RowPlan) -> bool| i64::try_from(p.plans.iter().filter(|p| fits(p)).count()).unwrap_or(0);
    let mut numbers = std::collections::HashSet::new();
    let at = p.mapping.at(Column::Number);
    for (cells, plan) in p.sheet.rows.iter().zip(&p.plans) {
        if let (RowPlan::Changes { client: None, .. }, Some(number)) = (plan, at.and_then(|n| cells.get(n))) {
            numbers.insert(number.trim());
        }
    }
    let new = i64::try_from(numbers.len()).unwrap_or(0);
    let typed = n(&|p| matches!(p, RowPlan::Changes { typed: true, .. }));
    let known = n(&|p| matches!(p, RowPlan::Known(..)));
    let asks = |p: &RowPlan| matches!(p, RowPlan::Fault((_, Rule::SeveralDates | Rule::DateOrder)));
    let failed = n(&|p| matches!(p, RowPlan::Fault(_)) && !asks(p));
    let asked = n(&asks);
    let parts = [
        (asked, t::sheet::n_asked(l, asked)),
        (new, t::sheet::n_new(l, new)),
        (typed, t::sheet::n_typed(l, typed)),
        (known, t::sheet::n_known(l, known)),
        (failed, t::sheet::n_failed(l, failed)),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, said)| said).collect();
    view! { <p class="morning">{parts.join(" · ")}</p> }.into_any()
}

fn mapping_form(v: &Viewer, draft: DraftId, p: &SheetPreview) -> AnyView {
    let l = v.lang;
    let fields = p.sheet.titles.iter().zip(&p.mapping.columns).enumerate().map(|(n, (title, column))| {
        let label = if title.is_empty() { t::sheet::column(l, n + 1) } else { title.clone() };
        let options = Column::ALL.iter().map(|c| (c.code().to_owned(), words::column(l, *c).to_owned())).collect();
        let example = p.sheet.rows.iter().filter_map(|r| r.get(n)).find(|c| !c.is_empty()).cloned().unwrap_or_default();
        let id = format!("f-c{n}");
        let class = if *column == Column::Ignore { "pick" } else { "pick set" };
        view! { <div class="field"><label for=id.clone()>{label}</label><select class=class id=id name="c">
        {choices(column.code(), options)}</select><span class="hint cut">{example}</span></div> }
    });
    let dated = p.mapping.at(Column::LastDay).is_some();
    let order = dated.then(|| {
        let options =
            DateOrder::ALL.iter().map(|o| (o.code().to_owned(), words::date_order(l, *o).to_owned())).collect();
        let chosen = p.mapping.order.map(DateOrder::code).unwrap_or_default();
        let class = if p.mapping.order.is_some() { "field" } else { "field ask" };
        view! { <div class=class><label for="f-order">{t::sheet::order(l)}</label>
        <select class="pick" id="f-order" name="order">{choices(chosen, options)}</select></div> }
    });
    view! {
        <form class="pad mapping" action=format!("/import/sheet/{draft}")>{fields.collect_view()}{order}{several(l, p)}
            <FilterBar label=t::sheet::again(l).to_owned()/></form>
    }
    .into_any()
}

/// Which days of an owner with several are taken, where the file has such.
fn several(l: Lang, p: &SheetPreview) -> Option<AnyView> {
    let asked = p.plans.iter().any(|plan| matches!(plan, RowPlan::Fault((_, Rule::SeveralDates))));
    if !asked && p.mapping.several.is_none() {
        return None;
    }
    let mut options = vec![(String::new(), "—".to_owned())];
    options.extend(SeveralDates::ALL.iter().map(|s| (s.code().to_owned(), words::several_dates(l, *s).to_owned())));
    let chosen = p.mapping.several.map(SeveralDates::code).unwrap_or_default();
    let class = if p.mapping.several.is_some() { "field" } else { "field ask" };
    Some(
        view! { <div class=class><label for="f-several">{t::sheet::several(l)}</label>
        <select class="pick" id="f-several" name="several">{choices(chosen, options)}</select></div> }
        .into_any(),
    )
}

fn accept_form(v: &Viewer, draft: DraftId, p: &SheetPreview) -> AnyView {
    let l = v.lang;
    let several = p.plans.iter().any(|p| matches!(p, RowPlan::Fault((_, Rule::SeveralDates))));
    // What is asked is answered first.
    let any = !several && p.plans.iter().any(|p| matches!(p, RowPlan::Changes { .. }));
    let failed = p.plans.iter().any(|p| matches!(p, RowPlan::Fault(_)));
    let columns = p.mapping.columns.iter().map(|c| view! { <input type="hidden" name="c" value=c.code()/> });
    let order = p.mapping.order.map(|order| view! { <input type="hidden" name="order" value=order.code()/> });
    let unread = p.plans.iter().any(|p| matches!(p, RowPlan::Fault((_, Rule::DateOrder))));
    let nothing = match (unread, several) {
        (true, _) => t::sheet::order_first(l),
        (false, true) => t::sheet::several_first(l),
        (false, false) => t::sheet::nothing(l),
    };
    let dates = p.mapping.several.map(|dates| view! { <input type="hidden" name="several" value=dates.code()/> });
    let shown = view! { <input type="hidden" name="shown" value=p.mapping.shown.clone()/> };
    let hidden = view! { {columns.collect_view()}{order}{dates}{shown} }.into_any();
    let file = address(&format!("/import/sheet/{draft}/failed.csv"), &p.mapping);
    view! {
        <div class="line wrap">
            {if any {
                view! { <form method="post" action=format!("/import/sheet/{draft}")>{hidden}<button class="btn main">
                    {t::sheet::accept(l)}</button></form> }.into_any()
            } else {
                view! { <span class="mute">{nothing}</span>{further(v, p)} }.into_any()
            }}
            {failed.then(|| view! { <a class="btn" href=file download="">{icon("old")}{t::sheet::failed_file(l)}</a> })}
        </div>
    }
    .into_any()
}

/// Where one goes on to from a sheet whose lines are all in the register.
fn further(v: &Viewer, p: &SheetPreview) -> Option<AnyView> {
    let l = v.lang;
    let known = p.plans.iter().any(|plan| matches!(plan, RowPlan::Known(..)));
    let give = v.may(Action::AssignClient).then(|| {
        view! { <a class="btn" href="/clients?responsible=none">{t::import::give_responsibles(l)}</a> }
    });
    known.then(|| {
        view! { <a class="btn main" href="/calendar">{t::import::to_calendar(l)}</a>{give}
        <a class="btn" href="/import">{t::import::recent(l)}</a> }
        .into_any()
    })
}

fn table(v: &Viewer, draft: DraftId, p: &SheetPreview) -> AnyView {
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
