//! Tables of a workbook: the visible sheet that was chosen, or the first that has rows.

use super::{Table, hidden, refused};
use calamine::{Data, Reader as _, SheetVisible, Xlsx};
use domain::import::FileError;
use domain::refusal::Refusal;
use domain::sheet::{EMPTY_FORMULA, How, MOST_COLUMNS, MOST_ROWS, Reading};
use std::io::{Cursor, Read as _};

/// Largest content of a packed file: a small file must not unpack without end.
const MOST_UNPACKED: u64 = 200 * 1024 * 1024;
/// Text that is kept of a table at most, in bytes: one text may stand in many cells.
const MOST_TEXT: usize = 32 * 1024 * 1024;

pub(super) fn read(bytes: &[u8], reading: &Reading) -> Result<Table, Refusal> {
    let broken = || refused(FileError::Malformed);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    // Unpacked to nowhere: the sizes that a file declares may be false.
    let mut room = MOST_UNPACKED;
    for n in 0..archive.len() {
        let mut part = archive.by_index(n).map_err(|_| broken())?.take(room + 1);
        let size = std::io::copy(&mut part, &mut std::io::sink()).map_err(|_| broken())?;
        room = room.checked_sub(size).ok_or_else(|| refused(FileError::TooLarge))?;
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let visible = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let sheets: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    let chosen = reading.sheet.as_ref().filter(|name| sheets.contains(name));
    for name in chosen.map_or(sheets.as_slice(), std::slice::from_ref) {
        let mut table = sheet(&mut book, name)?;
        if table.rows.is_empty() && chosen.is_none() {
            continue;
        }
        leave_out(&mut table, &hidden::of(bytes, name));
        table.how.reading.sheet = Some(name.clone());
        table.how.sheets = sheets;
        return Ok(table);
    }
    Err(refused(FileError::Empty))
}

fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Table, Refusal> {
    let broken = || refused(FileError::Malformed);
    let mut table = Table { rows: Vec::new(), how: How::default() };
    let Ok(mut cells) = book.worksheet_cells_reader(name) else { return Ok(table) };
    let mut last = 0;
    let mut kept = 0usize;
    // Cell by cell: a table that claims a far corner must not be laid out whole. Formulas are not worked out: a small
    // file could ask for any amount of memory.
    while let Some(found) = cells.next_cell_with_formula_metadata().map_err(|_| broken())? {
        let (Ok(row), Ok(column)) = (usize::try_from(found.pos.0), usize::try_from(found.pos.1)) else { continue };
        let text = match cell(&found.value.into()) {
            text if !text.trim().is_empty() => text,
            _ if found.formula.is_some() => EMPTY_FORMULA.to_owned(),
            _ => continue,
        };
        if row > MOST_ROWS {
            table.how.rows_beyond += usize::from(row != last);
            last = row;
            continue;
        }
        if column >= MOST_COLUMNS {
            table.how.columns_beyond = table.how.columns_beyond.max(column + 1 - MOST_COLUMNS);
            continue;
        }
        kept = kept.saturating_add(text.len());
        if kept > MOST_TEXT {
            return Err(refused(FileError::TooLarge));
        }
        if table.rows.len() <= row {
            table.rows.resize(row + 1, Vec::new());
        }
        let Some(line) = table.rows.get_mut(row) else { continue };
        if line.len() <= column {
            line.resize(column + 1, String::new());
        }
        if let Some(place) = line.get_mut(column) {
            *place = text;
        }
    }
    // Formulas that were drawn further down than the table goes are no rows of it.
    let nothing = |row: &mut Vec<String>| row.iter().all(|cell| cell.is_empty() || cell == EMPTY_FORMULA);
    while table.rows.pop_if(nothing).is_some() {}
    Ok(table)
}

/// Blanks what is hidden, so that every row keeps its number.
fn leave_out(table: &mut Table, hidden: &hidden::Hidden) {
    for (n, row) in table.rows.iter_mut().enumerate() {
        if hidden.rows.contains(&n) {
            table.how.rows_hidden += usize::from(row.iter().any(|cell| !cell.is_empty()));
            row.clear();
        }
        for (column, cell) in row.iter_mut().enumerate() {
            if hidden.columns.contains(&column) {
                cell.clear();
            }
        }
    }
    table.how.columns_hidden = hidden.columns.iter().filter(|column| **column < MOST_COLUMNS).count();
}

/// A cell as text: dates as 2026-12-31, whole numbers without a fraction, errors as they stand.
fn cell(data: &Data) -> String {
    match data {
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTimeIso(text) => text.clone(),
        Data::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.0}"),
        other => other.to_string(),
    }
}
