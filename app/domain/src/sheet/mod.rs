//! A firm's own spreadsheet: which column holds what, and what a row says.

mod columns;
mod dates;
mod number;
mod plan;
mod rows;
mod several;
mod titles;

use crate::coded::coded;
pub use columns::{Column, guess, is_title, leaves_days_open, named};
pub use dates::{DateOrder, date, order_of};
pub use number::{Read, number};
pub use plan::{RowPlan, SheetOutcome, SheetPreview};
pub use rows::{EMPTY_FORMULA, RowFault, SheetRow, read_row};
use serde::{Deserialize, Serialize};
pub use several::{Owner, Owners, SeveralDates};

/// Rows that are read at most.
pub const MOST_ROWS: usize = 50_000;
/// Columns that are read at most.
pub const MOST_COLUMNS: usize = 200;

/// A table as it was read: cells as text, dates as 2026-12-31.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub file: String,
    /// Titles of the columns; empty texts where the table has none.
    pub titles: Vec<String>,
    /// Number of the first row of `rows` in the file, from 1.
    pub first_row: usize,
    pub rows: Vec<Vec<String>>,
    /// How it was read, and what of the file was not.
    #[serde(default, skip_serializing_if = "How::is_plain")]
    pub how: How,
}

coded! {
    /// How the letters of a text are written.
    Encoding { Utf8 = "utf-8", Utf16 = "utf-16", Windows1251 = "windows-1251", Cp866 = "cp866" }
}

/// What somebody has said of how a file is to be read; what is not said is found out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Name of the sheet of a workbook.
    pub sheet: Option<String>,
    /// Row of the titles in the file, from 1; 0 where it has none.
    pub head: Option<usize>,
    pub separator: Option<char>,
    pub encoding: Option<Encoding>,
}

impl Reading {
    /// A name that differs where anything of the reading does.
    #[must_use]
    pub fn name(&self) -> String {
        let Self { sheet, head, separator, encoding } = self;
        format!(
            "{}|{head:?}|{separator:?}|{}",
            sheet.as_deref().unwrap_or_default(),
            encoding.map_or("", Encoding::code)
        )
    }
}

/// How a table was read, and what of the file was left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct How {
    pub reading: Reading,
    /// Sheets of the workbook that are visible.
    pub sheets: Vec<String>,
    /// The first lines of the file, to choose the titles among.
    pub first: Vec<String>,
    /// Rows and columns beyond what is read.
    pub rows_beyond: usize,
    pub columns_beyond: usize,
    /// Rows and columns that are hidden in the workbook, and so not read.
    pub rows_hidden: usize,
    pub columns_hidden: usize,
}

impl How {
    fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// What each column holds, and the order of its dates, as somebody has chosen; what is not chosen is found out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    pub columns: Vec<Column>,
    pub order: Option<DateOrder>,
    /// What of an owner with several last days is taken; none where nobody has chosen.
    pub several: Option<SeveralDates>,
    /// The reading of the file that was shown; empty where none was.
    pub shown: String,
}

impl Mapping {
    /// The same with everything that can be found out.
    #[must_use]
    pub fn found_out(&self, sheet: &Sheet) -> Self {
        let mut columns = if self.columns.is_empty() { guess(sheet) } else { self.columns.clone() };
        columns.resize(sheet.titles.len(), Column::Ignore);
        let days = columns.iter().position(|c| *c == Column::LastDay);
        let cells = |n: usize| sheet.rows.iter().filter_map(move |row| row.get(n)).map(String::as_str);
        // What the column itself proves counts before what was said of it, or of another one.
        let order = days.map_or(Some(DateOrder::DayFirst), |n| order_of(cells(n))).or(self.order);
        Self { columns, order, several: self.several, shown: sheet.how.reading.name() }
    }

    /// A thing that two columns are said to hold.
    #[must_use]
    pub fn doubled(&self) -> Option<Column> {
        let named = || self.columns.iter().filter(|column| **column != Column::Ignore);
        named().find(|column| named().filter(|other| other == column).count() > 1).copied()
    }

    /// The cells of a row that hold something of a column.
    #[must_use]
    pub fn at(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|c| *c == column)
    }
}
