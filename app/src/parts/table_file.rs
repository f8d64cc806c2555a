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

/// A list as a file: titles, then its parts as they come. `sheet` names the list, `name` the file.
///
/// # Errors
/// Those of the parts, where the file stands in memory.
pub async fn table_file(
    kind: FileKind,
    l: Lang,
    (sheet, name): (&str, &str),
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
            let bytes = workbook(sheet, &titles, &lines).map_err(|e| {
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

/// Days become days that a spreadsheet sorts, columns of counts numbers that it adds up; everything else is text, which it
/// never runs as a formula.
fn workbook(name: &str, titles: &[String], lines: &[Line]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (bold, day_format) = (Format::new().set_bold(), Format::new().set_num_format("dd.mm.yyyy"));
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(name))?;
    let counts: Vec<bool> = (0..titles.len()).map(|column| is_of_counts(lines, column)).collect();
    for (column, title) in (0u16..).zip(titles) {
        sheet.write_string_with_format(0, column, title, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, line) in (1u32..).zip(lines) {
        for (column, cell) in (0u16..).zip(line) {
            match day(cell) {
                Some(day) => sheet.write_datetime_with_format(row, column, &day, &day_format)?,
                None => match count(cell).filter(|_| counts.get(usize::from(column)) == Some(&true)) {
                    Some(n) => sheet.write_number(row, column, n)?,
                    None => sheet.write_string(row, column, cell)?,
                },
            };
        }
    }
    if let (Ok(rows @ 1..), Some(last)) = (u32::try_from(lines.len()), titles.len().checked_sub(1)) {
        sheet.autofilter(0, 0, rows, u16::try_from(last).unwrap_or(u16::MAX))?;
    }
    sheet.autofit();
    book.save_to_buffer()
}

/// A name that a workbook takes: at most 31 letters, none of those that mean something in a formula.
fn sheet_name(name: &str) -> String {
    let plain: String = name.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect();
    if plain.trim().is_empty() { "Merzim".to_owned() } else { plain }
}

/// A plain count; a number with leading zeros or of twelve digits says who somebody is.
fn count(cell: &str) -> Option<f64> {
    let plain = cell.len() <= 6 && cell.bytes().all(|b| b.is_ascii_digit()) && (cell == "0" || !cell.starts_with('0'));
    cell.parse().ok().filter(|_| plain)
}

/// Whether a column has counts and nothing else.
fn is_of_counts(lines: &[Line], column: usize) -> bool {
    let mut said = lines.iter().filter_map(|line| line.get(column)).filter(|cell| !cell.is_empty()).peekable();
    said.peek().is_some() && said.all(|cell| count(cell).is_some())
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
        let line = |cells: [&str; 5]| cells.map(str::to_owned).to_vec();
        let titles = line(["Клиент", "БИН", "Срок", "Задачи", "Код"]);
        let lines = [line(["=1+1", "010940000162", "2027-02-15", "12", "300"]), line(["", "", "", "", "ЭСФ"])];
        let bytes = workbook("Клиенты: [все]", &titles, &lines).unwrap();
        let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        assert_eq!(book.sheet_names(), ["Клиенты все"]);
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        assert_eq!(range.get((1, 3)), Some(&Data::Float(12.0)));
        assert_eq!(range.get((1, 4)), Some(&Data::String("300".into())), "not all of its column are counts");
        assert_eq!(range.get((1, 0)), Some(&Data::String("=1+1".into())));
        assert_eq!(range.get((1, 1)), Some(&Data::String("010940000162".into())), "leading zeros stay");
        let day = range.get((1, 2)).and_then(|c| match c {
            Data::DateTime(at) => at.to_ymd_hms_milli().into(),
            _ => None,
        });
        assert_eq!(day.map(|(y, m, d, ..)| (y, m, d)), Some((2027, 2, 15)));
    }
}
