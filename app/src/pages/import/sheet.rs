//! The import of a firm's own spreadsheet.

use crate::form::Fault;
use crate::pages::import::sheet_forms::{accept_form, counts, mapping_form};
use crate::pages::import::sheet_reading;
use crate::pages::import::sheet_table::table;
use crate::pages::import::upload::uploads;
use crate::parts::csv_line;
use crate::parts::{Wanted, field_for, note, sheet as part};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet as Page, back_to, page_with};
use crate::{text as t, words};
use axum::extract::{Multipart, Path};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect};
use axum_extra::extract::{Form, Query};
use domain::access::Action;
use domain::id::DraftId;
use domain::person::Lang;
use domain::refusal::{Refusal, Rule};
use domain::sheet::{Column, DateOrder, MOST_ROWS, Mapping, RowFault, RowPlan, SeveralDates, SheetPreview};
use leptos::prelude::*;
use serde::Deserialize;

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

pub(super) fn address(path: &str, mapping: &Mapping) -> String {
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

pub(super) fn reason(l: Lang, (column, rule): &RowFault) -> String {
    t::sheet::at(l, words::column(l, *column), words::rule(l, rule))
}
