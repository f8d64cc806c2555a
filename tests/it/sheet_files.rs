//! Spreadsheets as firms send them: each is read as its index says, whatever stands around the table.

use chrono::NaiveDate;
use domain::refusal::{Refusal, Rule};
use domain::sheet::{Column, DateOrder, Encoding, Mapping, Reading, RowFault, Sheet, SheetRow, read_row};
use std::path::Path;

const BINS: [&str; 5] = ["971240001315", "940140000385", "010940000162", "000640000279", "151240007771"];

fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sheets").join(file)).unwrap()
}

fn sheet(file: &str) -> Sheet {
    server::sheet::read(file, &bytes(file), &Reading::default()).unwrap_or_else(|e| panic!("{file}: {e:?}"))
}

/// The rows that name a client, with their numbers in the file.
fn rows(sheet: &Sheet, order: Option<DateOrder>) -> Vec<(usize, Result<SheetRow, RowFault>)> {
    let mapping = Mapping { order, ..Mapping::default() }.found_out(sheet);
    let read = sheet.rows.iter().map(|cells| read_row(cells, &mapping)).enumerate();
    read.filter_map(|(n, row)| Some((n + sheet.first_row, row.transpose()?))).collect()
}

fn days(file: &str, order: Option<DateOrder>) -> Vec<Result<String, Rule>> {
    let day = |row: Result<SheetRow, RowFault>| {
        row.map(|row| row.typed.unwrap().last_day.to_string()).map_err(|(_, rule)| rule)
    };
    rows(&sheet(file), order).into_iter().map(|(_, row)| day(row)).collect()
}

fn d(text: &str) -> Result<String, Rule> {
    text.parse::<NaiveDate>().unwrap();
    Ok(text.to_owned())
}

/// The five clients with their day, from this row of the file on.
fn five(file: &str, first_row: usize) -> Sheet {
    let sheet = sheet(file);
    let read = rows(&sheet, None);
    let numbers: Vec<String> = read.iter().map(|(_, row)| row.as_ref().unwrap().number.clone()).collect();
    assert_eq!(numbers, BINS, "{file}");
    assert_eq!(
        read.iter().map(|(n, _)| *n).collect::<Vec<_>>(),
        (first_row..first_row + 5).collect::<Vec<_>>(),
        "{file}"
    );
    for (_, row) in &read {
        assert_eq!(row.as_ref().unwrap().typed.as_ref().unwrap().last_day.to_string(), "2027-03-15", "{file}");
    }
    sheet
}

#[test]
fn the_order_of_days_is_proved_or_asked_for_and_never_swapped_silently() {
    assert_eq!(
        days("month-first.csv", None),
        [d("2026-12-31"), d("2026-11-30"), d("2027-04-05"), d("2026-12-01"), d("2027-01-02")]
    );
    assert!(days("ambiguous.csv", None).iter().take(4).all(|day| *day == Err(Rule::DateOrder)));
    assert_eq!(days("ambiguous.csv", Some(DateOrder::DayFirst))[0], d("2027-05-04"));
    assert_eq!(days("ambiguous.csv", Some(DateOrder::MonthFirst))[0], d("2027-04-05"));
    assert_eq!(
        days("words.csv", None),
        [d("2027-03-15"), d("2026-12-31"), d("2026-12-31"), d("2026-12-31"), Err(Rule::Date)]
    );
}

#[test]
fn a_table_is_found_below_a_title_in_any_file() {
    let titles = five("title.csv", 4).titles;
    assert_eq!(titles, ["БИН", "Клиент", "Действует до"]);
    five("title.xlsx", 4);
    five("sep.csv", 3);
    five("commas-in-title.csv", 3);
    let text = five("unicode-text.txt", 2);
    assert_eq!((text.how.reading.encoding, text.how.reading.separator), (Some(Encoding::Utf16), Some('\t')));
    let book = five("hidden-sheet.xlsx", 2);
    assert_eq!(
        (book.how.reading.sheet.as_deref(), book.how.sheets.len()),
        (Some("Клиенты"), 1),
        "the hidden one is no choice"
    );
    five("wide.xlsx", 2);
}

#[test]
fn letters_of_dos_are_seen_and_one_broken_byte_breaks_one_cell() {
    let dos = five("cp866.csv", 2);
    assert_eq!((dos.rows[0][1].as_str(), dos.how.reading.encoding), ("ООО Проба", Some(Encoding::Cp866)));
    let broken = rows(&sheet("broken-byte.csv"), None);
    let faults: Vec<_> =
        broken.iter().filter_map(|(n, row)| row.as_ref().err().map(|fault| (*n, fault.clone()))).collect();
    assert_eq!(faults, [(4, (Column::Name, Rule::BrokenLetters))]);
    let windows = encoding_rs::WINDOWS_1251.encode("Клиент;БИН\nТОО «Проба»;971240001315\n").0.into_owned();
    let read = server::sheet::read("a.csv", &windows, &Reading::default()).unwrap();
    assert_eq!(read.how.reading.encoding, Some(Encoding::Windows1251));
    let chosen = Reading { encoding: Some(Encoding::Cp866), ..Reading::default() };
    assert_ne!(server::sheet::read("a.csv", &windows, &chosen).unwrap().rows, read.rows, "and it can be chosen");
}

#[test]
fn dropped_zeros_come_back_and_a_number_of_days_is_a_day() {
    let numbers = five("numbers.xlsx", 2);
    let zeros: Vec<bool> = rows(&numbers, None).into_iter().map(|(_, row)| row.unwrap().zeros).collect();
    assert_eq!(zeros, [false, false, true, true, false]);
}

#[test]
fn what_is_not_read_is_said_in_numbers() {
    let mut long = String::from("БИН;Клиент\n");
    (0..60_000).for_each(|n| long.push_str(&format!("971240001315;К {n}\n")));
    let read = server::sheet::read("long.csv", long.as_bytes(), &Reading::default()).unwrap();
    assert_eq!(read.rows.len() + read.how.rows_beyond, 60_000);
    assert!(read.how.rows_beyond > 0 && read.rows.len() >= 25_000);
    let hidden = sheet("hidden-cells.xlsx");
    assert_eq!((hidden.how.rows_hidden, hidden.how.columns_hidden), (1, 1));
    let numbers: Vec<String> = rows(&hidden, None).into_iter().map(|(_, row)| row.unwrap().number).collect();
    assert_eq!(numbers, BINS[..2], "the visible column counts, and nothing that is hidden comes in");
}

#[test]
fn a_formula_that_gives_nothing_is_a_fault_where_a_value_is_needed_and_no_row_below_the_table() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    let nothing = || rust_xlsxwriter::Formula::new("=IF(TRUE,\"\",1)").set_result(" ");
    page.write_row(0, 0, ["Клиент", "БИН", "Срок до", "Телефон"]).unwrap();
    for row in 1..200 {
        page.write_formula(row, 2, nothing()).unwrap();
        page.write_formula(row, 3, nothing()).unwrap();
    }
    page.write_row(1, 0, ["ТОО Альфа", BINS[0]]).unwrap();
    page.write_row(2, 0, ["ТОО Бета", BINS[1], "15.03.2027"]).unwrap();
    let sheet = server::sheet::read("a.xlsx", &book.save_to_buffer().unwrap(), &Reading::default()).unwrap();
    assert_eq!(sheet.rows.len(), 2, "{:?}", sheet.rows.last());
    let read: Vec<_> = rows(&sheet, None).into_iter().map(|(_, row)| row).collect();
    assert_eq!(read[0], Err((Column::LastDay, Rule::CellError)));
    assert_eq!(read[1].as_ref().unwrap().phone, "");
}

/// A workbook whose only sheet is this XML.
fn book_of(sheet: &str) -> Vec<u8> {
    use std::io::{Read as _, Write as _};
    let mut made = rust_xlsxwriter::Workbook::new();
    made.add_worksheet().write(0, 0, "x".repeat(30_000)).unwrap();
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(made.save_to_buffer().unwrap())).unwrap();
    let mut to = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for n in 0..from.len() {
        let mut part = from.by_index(n).unwrap();
        let (name, mut bytes) = (part.name().to_owned(), Vec::new());
        part.read_to_end(&mut bytes).unwrap();
        to.start_file(&name, zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(if name == "xl/worksheets/sheet1.xml" { sheet.as_bytes() } else { &bytes }).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[test]
fn a_small_workbook_cannot_ask_for_memory_or_time_without_end() {
    let read = |inside: &str| {
        let xml = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{inside}</worksheet>"
        );
        server::sheet::read("a.xlsx", &book_of(&xml), &Reading::default())
    };
    let row = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>БИН</t></is></c></row>";
    let shared = "<row r=\"2\"><c r=\"A2\"><f t=\"shared\" ref=\"A2:A9\" si=\"1099511627776\">A1</f><v>971240001315</v></c></row>";
    let found = read(&format!("<sheetData>{row}{shared}</sheetData>")).unwrap();
    assert_eq!(found.rows, [["971240001315"]], "the index of a shared formula asks for nothing");
    let one_text_in_many: String =
        (2..1_500).map(|r| format!("<row r=\"{r}\"><c r=\"A{r}\" t=\"s\"><v>0</v></c></row>")).collect();
    let refused = read(&format!("<sheetData>{row}{one_text_in_many}</sheetData>")).unwrap_err();
    let hint = domain::import::FileHint::None;
    assert_eq!(refused, Refusal::invalid("files", Rule::File(domain::import::FileError::TooLarge, hint)));
    let columns =
        "<col min=\"1\" max=\"16384\" hidden=\"0\"/><col min=\"2\" max=\"16384\" hidden=\"1\"/>".repeat(20_000);
    let begin = std::time::Instant::now();
    read(&format!("<cols>{columns}</cols><sheetData>{row}{shared}</sheetData>")).unwrap();
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
}

#[test]
fn other_separators_one_column_and_old_files_are_answered() {
    let read = |text: &str| server::sheet::read("a.csv", text.as_bytes(), &Reading::default());
    assert_eq!(read("БИН|Клиент\n971240001315|ТОО\n").unwrap().titles, ["БИН", "Клиент"]);
    assert_eq!(read("БИН\n971240001315\n940140000385\n").unwrap().rows.len(), 2);
    let old = server::sheet::read("a.xls", &[0xD0, 0xCF, 0x11, 0xE0, 0, 0], &Reading::default());
    let hint = domain::import::FileHint::OldWorkbook;
    assert_eq!(old.unwrap_err(), Refusal::invalid("files", Rule::File(domain::import::FileError::Unsupported, hint)));
}

#[test]
fn a_list_of_faults_that_was_mended_comes_back_as_it_was() {
    let harmless = "Клиент;БИН;Телефон\n\"ТОО\";971240001315;'+7 701 000 00 00\n";
    let read = server::sheet::read("failed.csv", harmless.as_bytes(), &Reading::default()).unwrap();
    assert_eq!(read.rows[0][2], "+7 701 000 00 00");
}
