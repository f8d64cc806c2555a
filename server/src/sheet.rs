//! Reading spreadsheets: XLSX, and CSV in UTF-8 or Windows-1251 with any usual separator.

use calamine::{Data, Reader as _, Xlsx};
use domain::import::{FileError, FileHint};
use domain::refusal::{Refusal, Rule};
use domain::sheet::{MOST_COLUMNS, MOST_ROWS, Sheet, is_title};
use std::io::Cursor;

/// Largest file.
const MOST_BYTES: usize = 10 * 1024 * 1024;
/// Largest content of a packed file: a small file must not unpack without end.
const MOST_UNPACKED: u64 = 200 * 1024 * 1024;

fn refused(error: FileError) -> Refusal {
    Refusal::invalid("files", Rule::File(error, FileHint::None))
}

/// Reads the first sheet that has rows.
///
/// # Errors
/// `Invalid` for what is too large, empty or no table.
pub fn read(name: &str, bytes: &[u8]) -> Result<Sheet, Refusal> {
    if bytes.is_empty() {
        return Err(refused(FileError::Empty));
    }
    if bytes.len() > MOST_BYTES {
        return Err(refused(FileError::TooLarge));
    }
    let mut rows = if bytes.starts_with(b"PK\x03\x04") { workbook(bytes)? } else { text(bytes)? };
    rows.truncate(MOST_ROWS + 1);
    for row in &mut rows {
        row.truncate(MOST_COLUMNS);
    }
    let blank = rows.iter().take_while(|r| r.iter().all(|c| c.trim().is_empty())).count();
    rows.drain(..blank);
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let titled = rows.first().is_some_and(|r| is_title(r));
    let titles = if titled { rows.remove(0) } else { Vec::new() };
    if rows.is_empty() || width < 2 {
        return Err(refused(FileError::Malformed));
    }
    let titles = (0..width).map(|n| titles.get(n).map(|t| t.trim().to_owned()).unwrap_or_default()).collect();
    Ok(Sheet { file: domain::fold::shown(name, 160), titles, first_row: blank + 1 + usize::from(titled), rows })
}

fn workbook(bytes: &[u8]) -> Result<Vec<Vec<String>>, Refusal> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| refused(FileError::Malformed))?;
    let mut unpacked = 0u64;
    for n in 0..archive.len() {
        unpacked = unpacked.saturating_add(archive.by_index_raw(n).map_err(|_| refused(FileError::Malformed))?.size());
    }
    if unpacked > MOST_UNPACKED {
        return Err(refused(FileError::TooLarge));
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| refused(FileError::Malformed))?;
    for name in book.sheet_names() {
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
        let mut rows: Vec<Vec<String>> = Vec::new();
        // Cell by cell: a table that claims a far corner must not be laid out whole.
        while let Some(found) = cells.next_cell().map_err(|_| refused(FileError::Malformed))? {
            let (row, column) = found.get_position();
            let (Ok(row), Ok(column)) = (usize::try_from(row), usize::try_from(column)) else { continue };
            if row > MOST_ROWS {
                break;
            }
            let text = cell(&found.get_value().clone().into());
            if column >= MOST_COLUMNS || text.is_empty() {
                continue;
            }
            if rows.len() <= row {
                rows.resize(row + 1, Vec::new());
            }
            let Some(line) = rows.get_mut(row) else { continue };
            if line.len() <= column {
                line.resize(column + 1, String::new());
            }
            if let Some(place) = line.get_mut(column) {
                *place = text;
            }
        }
        if !rows.is_empty() {
            return Ok(rows);
        }
    }
    Err(refused(FileError::Empty))
}

/// A cell as text: dates as 2026-12-31, whole numbers without a fraction.
fn cell(data: &Data) -> String {
    match data {
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTimeIso(text) => text.clone(),
        Data::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.0}"),
        Data::Error(_) => String::new(),
        other => other.to_string(),
    }
}

fn text(bytes: &[u8]) -> Result<Vec<Vec<String>>, Refusal> {
    if bytes.contains(&0) {
        return Err(refused(FileError::Unsupported));
    }
    let plain = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::WINDOWS_1251.decode(bytes).0.into_owned(),
    };
    let first = plain.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let separator =
        [b';', b'\t', b','].into_iter().max_by_key(|s| first.bytes().filter(|b| b == s).count()).unwrap_or(b';');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(plain.as_bytes());
    let mut out = Vec::new();
    for record in reader.records().take(MOST_ROWS + 1) {
        let record = record.map_err(|_| refused(FileError::Malformed))?;
        out.push(record.iter().map(str::to_owned).collect());
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_windows_is_read_with_its_letters() {
        let (bytes, _, _) =
            encoding_rs::WINDOWS_1251.encode("Клиент;БИН;ЭЦП до\nТОО «Альфа»;971240001315;31.12.2026\n");
        let sheet = read("список.csv", &bytes).unwrap();
        assert_eq!(sheet.titles, ["Клиент", "БИН", "ЭЦП до"]);
        assert_eq!((sheet.first_row, sheet.rows[0][0].as_str()), (2, "ТОО «Альфа»"));
    }

    #[test]
    fn a_table_without_titles_keeps_its_first_row() {
        let sheet = read("a.csv", "ТОО Альфа,971240001315\nТОО Бета,940140000385\n".as_bytes()).unwrap();
        assert_eq!((sheet.first_row, sheet.rows.len()), (1, 2));
    }

    /// The least workbook that Excel opens, with these cells.
    fn workbook_of(cells: &str) -> Vec<u8> {
        use std::io::Write as _;
        let parts = [
            ("[Content_Types].xml", r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#.to_owned()),
            ("_rels/.rels", r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.to_owned()),
            ("xl/workbook.xml", r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>"#.to_owned()),
            ("xl/_rels/workbook.xml.rels", r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#.to_owned()),
            ("xl/worksheets/sheet1.xml", format!(r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>"#)),
        ];
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let plain = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for (name, text) in parts {
            zip.start_file(name, plain).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn a_workbook_is_read_and_a_far_corner_costs_nothing() {
        let text = |at: &str, said: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{said}</t></is></c>"#);
        let cells = format!(
            r#"<row r="1">{}{}</row><row r="2">{}<c r="B2"><v>971240001315</v></c></row><row r="1048576">{}</row>"#,
            text("A1", "Клиент"),
            text("B1", "БИН"),
            text("A2", "ТОО «Альфа»"),
            text("XFD1048576", "далеко")
        );
        let sheet = read("a.xlsx", &workbook_of(&cells)).unwrap();
        assert_eq!(
            (sheet.titles, sheet.rows),
            (vec!["Клиент".into(), "БИН".into()], vec![vec!["ТОО «Альфа»".to_owned(), "971240001315".into()]])
        );
    }

    #[test]
    fn what_is_no_table_is_refused_and_nothing_panics() {
        for bytes in [&b""[..], b"PK\x03\x04 no archive", b"\x00\x01\x02", b"one line only"] {
            assert!(read("a.xlsx", bytes).is_err());
        }
    }
}
