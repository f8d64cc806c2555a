//! Reading spreadsheets: XLSX, and text with any usual separator and encoding.

mod hidden;
mod text;
mod workbook;

use domain::import::{FileError, FileHint};
use domain::refusal::{Refusal, Rule};
use domain::sheet::{How, MOST_COLUMNS, MOST_ROWS, Reading, Sheet, is_title, named};

/// Largest file.
const MOST_BYTES: usize = 10 * 1024 * 1024;
/// Lines in which the titles are looked for.
const HEAD_LINES: usize = 12;

pub(super) fn refused(error: FileError) -> Refusal {
    hinted(error, FileHint::None)
}

fn hinted(error: FileError, hint: FileHint) -> Refusal {
    Refusal::invalid("files", Rule::File(error, hint))
}

/// A table as it lies in the file: its rows from the first on, blank ones too.
#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
    how: How,
}

/// Reads a table as somebody has said; what is not said is found out.
///
/// # Errors
/// `Invalid` for what is too large, empty or no table.
pub fn read(name: &str, bytes: &[u8], reading: &Reading) -> Result<Sheet, Refusal> {
    if bytes.is_empty() {
        return Err(refused(FileError::Empty));
    }
    if bytes.len() > MOST_BYTES {
        return Err(refused(FileError::TooLarge));
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(hinted(FileError::Unsupported, FileHint::OldWorkbook));
    }
    let table =
        if bytes.starts_with(b"PK\x03\x04") { workbook::read(bytes, reading)? } else { text::read(bytes, reading)? };
    let Table { mut rows, mut how } = table;
    how.rows_beyond += rows.len().saturating_sub(MOST_ROWS + HEAD_LINES);
    rows.truncate(MOST_ROWS + HEAD_LINES);
    for row in &mut rows {
        how.columns_beyond = how.columns_beyond.max(row.len().saturating_sub(MOST_COLUMNS));
        row.truncate(MOST_COLUMNS);
    }
    let head = reading.head.unwrap_or_else(|| head_of(&rows)).min(rows.len());
    how.first = rows.iter().take(HEAD_LINES).map(|row| first_words(row)).collect();
    how.reading.head = Some(head);
    let mut rest = rows.split_off(head);
    let mut titles = rows.pop().unwrap_or_default();
    let under = rest.first().filter(|row| head > 0 && goes_on(row)).cloned();
    let joined = usize::from(under.is_some());
    if let Some(under) = under {
        titles = with_under(&titles, &under);
        rest.remove(0);
    }
    let blank = rest.iter().take_while(|row| is_blank(row)).count();
    rest.drain(..blank);
    let width = rest.iter().map(Vec::len).chain([titles.len()]).max().unwrap_or(0);
    if rest.is_empty() || width == 0 {
        return Err(hinted(FileError::Malformed, FileHint::NoTable));
    }
    let titles = (0..width).map(|n| titles.get(n).map(|t| t.trim().to_owned()).unwrap_or_default()).collect();
    Ok(Sheet { file: domain::fold::shown(name, 160), titles, first_row: head + joined + blank + 1, rows: rest, how })
}

/// Whether a row under the titles goes on with them, as «с | по» under «Срок действия».
fn goes_on(row: &[String]) -> bool {
    const PARTS: [&str; 16] = [
        "с",
        "c",
        "по",
        "до",
        "от",
        "начало",
        "конец",
        "окончание",
        "дата начала",
        "дата окончания",
        "басы",
        "соңы",
        "from",
        "to",
        "start",
        "end",
    ];
    is_title(row) && row.iter().any(|cell| PARTS.contains(&domain::fold::fold(cell.trim()).as_str()))
}

/// Titles of two rows: what stands above several columns is said of each of them.
fn with_under(above: &[String], under: &[String]) -> Vec<String> {
    let mut last = String::new();
    let at = |row: &[String], n: usize| row.get(n).map(|cell| cell.trim().to_owned()).unwrap_or_default();
    let title = |n: usize| {
        let (own, more) = (at(above, n), at(under, n));
        if !own.is_empty() || more.is_empty() {
            last.clone_from(&own);
        }
        let first = if own.is_empty() { last.clone() } else { own };
        format!("{first} {more}").trim().to_owned()
    };
    (0..above.len().max(under.len())).map(title).collect()
}

fn is_blank(row: &[String]) -> bool {
    row.iter().all(|cell| cell.trim().is_empty())
}

/// The row of the titles, from 1: the first that names two columns, else the first that is no client; 0 for none.
fn head_of(rows: &[Vec<String>]) -> usize {
    let first = || rows.iter().take(HEAD_LINES).enumerate().filter(|(_, row)| !is_blank(row));
    let names_two = first().find(|(_, row)| is_title(row) && named(row) >= 2).map(|(n, _)| n + 1);
    let no_client = || first().next().filter(|(_, row)| is_title(row)).map(|(n, _)| n + 1);
    names_two.or_else(no_client).unwrap_or(0)
}

/// A line of the file, to be known by.
fn first_words(row: &[String]) -> String {
    let words = row.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" · ");
    domain::fold::shown(&words, 80)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn a_table_of_windows_is_read_with_its_letters() {
        let (bytes, _, _) =
            encoding_rs::WINDOWS_1251.encode("Клиент;БИН;ЭЦП до\nТОО «Альфа»;971240001315;31.12.2026\n");
        let sheet = read("список.csv", &bytes, &Reading::default()).unwrap();
        assert_eq!(sheet.titles, ["Клиент", "БИН", "ЭЦП до"]);
        assert_eq!((sheet.first_row, sheet.rows[0][0].as_str()), (2, "ТОО «Альфа»"));
    }

    #[test]
    fn titles_in_two_rows_are_read_as_one() {
        let text = "Клиент;БИН;Срок действия ЭЦП;;Телефон\n;;с;по;\nТОО А;971240001315;09.12.2025;09.12.2026;1\n";
        let sheet = read("a.csv", text.as_bytes(), &Reading::default()).unwrap();
        assert_eq!(sheet.titles, ["Клиент", "БИН", "Срок действия ЭЦП с", "Срок действия ЭЦП по", "Телефон"]);
        assert_eq!((sheet.first_row, sheet.rows.len()), (3, 1));
        let columns = domain::sheet::guess(&sheet);
        assert_eq!((columns[2], columns[3]), (domain::sheet::Column::Ignore, domain::sheet::Column::LastDay));
    }

    #[test]
    fn a_table_without_titles_keeps_its_first_row() {
        let sheet =
            read("a.csv", "ТОО Альфа,971240001315\nТОО Бета,940140000385\n".as_bytes(), &Reading::default()).unwrap();
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
        let sheet = read("a.xlsx", &workbook_of(&cells), &Reading::default()).unwrap();
        assert_eq!(
            (sheet.titles, sheet.rows),
            (vec!["Клиент".into(), "БИН".into()], vec![vec!["ТОО «Альфа»".to_owned(), "971240001315".into()]])
        );
    }

    #[test]
    fn what_is_no_table_is_refused_and_nothing_panics() {
        for bytes in [&b""[..], b"PK\x03\x04 no archive", b"\x00\x01\x02", b"one line only"] {
            assert!(read("a.xlsx", bytes, &Reading::default()).is_err());
        }
    }
}
