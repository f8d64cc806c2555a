//! Lists as files: CSV, written part by part, or XLSX.

use super::csv::{csv_file, csv_line};
use crate::text as t;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use chrono::{Datelike as _, NaiveDate};
use domain::person::Lang;
use domain::refusal::Refusal;
use futures_util::{Stream, StreamExt as _};
use leptos::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};
use std::convert::Infallible;

/// Cells of one line.
pub type Line = Vec<String>;

/// Lines of a list that are asked for at once while it is written.
pub const FILE_LINES: u64 = 1_000;

/// Lines of a workbook at most: it stands in memory while it is written.
const MOST: usize = 200_000;

/// The two forms of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Csv,
    Xlsx,
}

/// The form that the address ends with.
impl<S: Send + Sync> FromRequestParts<S> for FileKind {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(if parts.uri.path().ends_with(".xlsx") { Self::Xlsx } else { Self::Csv })
    }
}

/// A list as a file: titles, then its parts as they come.
///
/// # Errors
/// Those of the parts, where the file stands in memory.
pub async fn table_file(
    kind: FileKind,
    l: Lang,
    name: &str,
    titles: Line,
    parts: impl Stream<Item = Result<Vec<Line>, Refusal>> + Send + 'static,
) -> Result<Response, Refusal> {
    match kind {
        FileKind::Csv => {
            let text = move |part: Result<Vec<Line>, Refusal>| part?.iter().map(|line| csv_line(l, line)).collect();
            Ok(csv_file(name, csv_line(l, &titles)?, parts.map(text)))
        }
        FileKind::Xlsx => {
            let mut lines = Vec::new();
            let mut parts = Box::pin(parts);
            while let Some(part) = parts.next().await {
                lines.extend(part?);
                if lines.len() > MOST {
                    lines.truncate(MOST);
                    lines.push(vec![t::share::cut_short(l, MOST)]);
                    break;
                }
            }
            let bytes = workbook(&titles, &lines).map_err(|e| {
                tracing::error!(error = %e, "a workbook could not be written");
                Refusal::NotFound
            })?;
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            let name = format!("attachment; filename=\"{name}.xlsx\"");
            Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], Body::from(bytes))
                .into_response())
        }
    }
}

/// Days become days that a spreadsheet sorts; everything else is text, which it never runs as a formula.
fn workbook(titles: &[String], lines: &[Line]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (bold, day_format) = (Format::new().set_bold(), Format::new().set_num_format("dd.mm.yyyy"));
    let sheet = book.add_worksheet();
    for (column, title) in (0u16..).zip(titles) {
        sheet.write_string_with_format(0, column, title, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, line) in (1u32..).zip(lines) {
        for (column, cell) in (0u16..).zip(line) {
            match day(cell) {
                Some(day) => sheet.write_datetime_with_format(row, column, &day, &day_format)?,
                None => sheet.write_string(row, column, cell)?,
            };
        }
    }
    sheet.autofit();
    book.save_to_buffer()
}

fn day(cell: &str) -> Option<ExcelDateTime> {
    let day: NaiveDate = cell.parse().ok().filter(|_| cell.len() == 10)?;
    ExcelDateTime::from_ymd(
        u16::try_from(day.year()).ok()?,
        u8::try_from(day.month()).ok()?,
        u8::try_from(day.day()).ok()?,
    )
    .ok()
}

/// The links to both forms of a list; `href` is that of the CSV.
pub fn downloads(href: &str) -> AnyView {
    let xlsx = href.replacen(".csv", ".xlsx", 1);
    view! { <span class="seg p-hide"><a href=href.to_owned() download="">"CSV"</a><a href=xlsx download="">"XLSX"</a>
    </span> }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader as _};

    #[test]
    fn a_workbook_reads_back_with_days_as_days_and_formulas_as_text() {
        let line = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let bytes =
            workbook(&line(["Клиент", "БИН", "Срок"]), &[line(["=1+1", "010940000162", "2027-02-15"])]).unwrap();
        let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        assert_eq!(range.get((1, 0)), Some(&Data::String("=1+1".into())));
        assert_eq!(range.get((1, 1)), Some(&Data::String("010940000162".into())), "leading zeros stay");
        let day = range.get((1, 2)).and_then(|c| match c {
            Data::DateTime(at) => at.to_ymd_hms_milli().into(),
            _ => None,
        });
        assert_eq!(day.map(|(y, m, d, ..)| (y, m, d)), Some((2027, 2, 15)));
    }
}
