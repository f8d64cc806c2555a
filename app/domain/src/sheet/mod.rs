//! A firm's own spreadsheet: which column holds what, and what a row says.

mod dates;
mod number;

use crate::client::ClientKind;
use crate::coded::coded;
use crate::fold::fold;
use crate::id::{ClientId, PersonId};
use crate::number::TaxNumber;
use crate::refusal::Rule;
use crate::typed::Typed;
pub use dates::{DateOrder, date, order_of};
pub use number::{Read, number};
use serde::{Deserialize, Serialize};

/// Rows that are read at most.
pub const MOST_ROWS: usize = 50_000;
/// Columns that are read at most.
pub const MOST_COLUMNS: usize = 200;

coded! {
    /// What a column holds.
    Column {
        Ignore = "ignore", Name = "name", Number = "number", Holder = "holder", HolderIin = "holder_iin",
        LastDay = "last_day", Responsible = "responsible", Phone = "phone", Email = "email", Contact = "contact",
    }
}

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
}

impl Mapping {
    /// The same with everything that can be found out.
    #[must_use]
    pub fn found_out(&self, sheet: &Sheet) -> Self {
        let mut columns = if self.columns.is_empty() { guess(sheet) } else { self.columns.clone() };
        columns.resize(sheet.titles.len(), Column::Ignore);
        let days = columns.iter().position(|c| *c == Column::LastDay);
        let cells = |n: usize| sheet.rows.iter().filter_map(move |row| row.get(n)).map(String::as_str);
        let order = self.order.or_else(|| days.map_or(Some(DateOrder::DayFirst), |n| order_of(cells(n))));
        Self { columns, order }
    }

    /// The cells of a row that hold something of a column.
    #[must_use]
    pub fn at(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|c| *c == column)
    }
}

/// Words of titles, folded; the longer ones first, so that «ИИН владельца» is not «ИИН».
const WORDS: &[(&str, Column)] = &[
    ("иин владел", Column::HolderIin),
    ("иин сотруд", Column::HolderIin),
    ("иин рук", Column::HolderIin),
    ("holder iin", Column::HolderIin),
    ("жсн иес", Column::HolderIin),
    ("иесінің жсн", Column::HolderIin),
    ("ответствен", Column::Responsible),
    ("бухгалтер", Column::Responsible),
    ("жауапты", Column::Responsible),
    ("responsible", Column::Responsible),
    ("accountant", Column::Responsible),
    ("бин", Column::Number),
    ("бсн", Column::Number),
    ("иин", Column::Number),
    ("жсн", Column::Number),
    ("bin", Column::Number),
    ("iin", Column::Number),
    ("владел", Column::Holder),
    ("директор", Column::Holder),
    ("руковод", Column::Holder),
    ("фио", Column::Holder),
    ("на кого", Column::Holder),
    ("иесі", Column::Holder),
    ("holder", Column::Holder),
    ("director", Column::Holder),
    ("срок", Column::LastDay),
    ("действ", Column::LastDay),
    ("оконч", Column::LastDay),
    ("истек", Column::LastDay),
    ("эцп до", Column::LastDay),
    ("мерзім", Column::LastDay),
    ("аяқтал", Column::LastDay),
    ("expir", Column::LastDay),
    ("valid", Column::LastDay),
    ("телефон", Column::Phone),
    ("моб", Column::Phone),
    ("тел", Column::Phone),
    ("phone", Column::Phone),
    ("почта", Column::Email),
    ("пошта", Column::Email),
    ("mail", Column::Email),
    ("контакт", Column::Contact),
    ("байланыс", Column::Contact),
    ("contact", Column::Contact),
    ("клиент", Column::Name),
    ("наимен", Column::Name),
    ("назван", Column::Name),
    ("компан", Column::Name),
    ("организ", Column::Name),
    ("атау", Column::Name),
    ("client", Column::Name),
    ("company", Column::Name),
    ("name", Column::Name),
];

/// Guesses each column by its title, or by what stands in it; a thing is guessed once.
#[must_use]
pub fn guess(sheet: &Sheet) -> Vec<Column> {
    let mut out: Vec<Column> = Vec::new();
    for (n, title) in sheet.titles.iter().enumerate() {
        let title = fold(title);
        let by_title = WORDS.iter().find(|(word, _)| title.contains(&fold(word))).map(|(_, column)| *column);
        let found = by_title.or_else(|| by_content(sheet, n)).unwrap_or(Column::Ignore);
        out.push(if found != Column::Ignore && out.contains(&found) { Column::Ignore } else { found });
    }
    out
}

fn by_content(sheet: &Sheet, n: usize) -> Option<Column> {
    let cells: Vec<&str> =
        sheet.rows.iter().take(20).filter_map(|r| r.get(n)).map(|c| c.trim()).filter(|c| !c.is_empty()).collect();
    let most =
        |fits: &dyn Fn(&str) -> bool| !cells.is_empty() && cells.iter().filter(|c| fits(c)).count() * 2 > cells.len();
    let day = |c: &str| matches!(date(c, None), Ok(_) | Err(Rule::DateOrder));
    if most(&|c| number(c).is_ok()) {
        Some(Column::Number)
    } else if most(&day) {
        Some(Column::LastDay)
    } else if most(&|c| c.contains('@')) {
        Some(Column::Email)
    } else {
        None
    }
}

/// Whether a row holds titles and not a client already.
#[must_use]
pub fn is_title(row: &[String]) -> bool {
    !row.iter().any(|c| number(c).is_ok() || !matches!(date(c, None), Err(Rule::Date)))
}

/// How many different columns the titles of a row name.
#[must_use]
pub fn named(row: &[String]) -> usize {
    let titles = Sheet { titles: row.to_vec(), ..Sheet::default() };
    guess(&titles).into_iter().filter(|column| *column != Column::Ignore).count()
}

/// What a row says, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    pub kind: ClientKind,
    pub number: String,
    /// Zeros that the spreadsheet had dropped were put back before the number.
    pub zeros: bool,
    pub name: String,
    /// Holder and end, where the row names an end.
    pub typed: Option<Typed>,
    pub responsible: String,
    pub phone: String,
    pub email: String,
    pub contact: String,
}

/// What is wrong with a row: the column and the rule.
pub type RowFault = (Column, Rule);

/// Reads a row by the mapping. A blank row and the total below a table are none.
///
/// # Errors
/// The first thing that is wrong, in the order of the columns of [`Column`].
pub fn read_row(cells: &[String], mapping: &Mapping) -> Result<Option<SheetRow>, RowFault> {
    let of =
        |column: Column| mapping.at(column).and_then(|n| cells.get(n)).map(|c| c.trim().to_owned()).unwrap_or_default();
    if cells.iter().all(|c| c.trim().is_empty()) || is_total(cells, &of(Column::Number)) {
        return Ok(None);
    }
    for column in mapping.columns.iter().filter(|column| **column != Column::Ignore) {
        sound(&of(*column)).map_err(|rule| (*column, rule))?;
    }
    let said = of(Column::Number);
    if said.is_empty() {
        return Err((Column::Number, Rule::Required));
    }
    let Read { number, zeros } = number(&said).map_err(|rule| (Column::Number, rule))?;
    let name = of(Column::Name);
    if name.chars().count() > 200 {
        return Err((Column::Name, Rule::TooLong));
    }
    let kind = match &number {
        TaxNumber::Bin(digits) if digits.as_bytes().get(5).is_some_and(|b| matches!(b, b'1' | b'2')) => {
            ClientKind::Branch
        }
        TaxNumber::Bin(_) => ClientKind::LegalEntity,
        TaxNumber::Iin(_) => ClientKind::SoleEntrepreneur,
    };
    Ok(Some(SheetRow {
        kind,
        number: number.digits().to_owned(),
        zeros,
        typed: typed(&of, &name, mapping.order)?,
        name,
        responsible: of(Column::Responsible),
        phone: of(Column::Phone),
        email: of(Column::Email),
        contact: of(Column::Contact),
    }))
}

/// «Итого: 5» below a table, which names no client.
fn is_total(cells: &[String], number: &str) -> bool {
    let first = cells.iter().map(|c| fold(c)).find(|c| !c.is_empty()).unwrap_or_default();
    number.bytes().filter(u8::is_ascii_digit).count() < 9
        && ["итого", "всего", "барлығы", "жиыны", "total"].iter().any(|word| first.starts_with(word))
}

/// Whether a cell is what somebody has written: no error of the spreadsheet, no broken letter.
fn sound(cell: &str) -> Result<(), Rule> {
    const ERRORS: [&str; 14] = [
        "#N/A",
        "#Н/Д",
        "#REF!",
        "#ССЫЛКА!",
        "#VALUE!",
        "#ЗНАЧ!",
        "#DIV/0!",
        "#ДЕЛ/0!",
        "#NAME?",
        "#ИМЯ?",
        "#NULL!",
        "#ПУСТО!",
        "#NUM!",
        "#ЧИСЛО!",
    ];
    if ERRORS.contains(&cell) {
        Err(Rule::CellError)
    } else if cell.contains(char::REPLACEMENT_CHARACTER) {
        Err(Rule::BrokenLetters)
    } else {
        Ok(())
    }
}

fn typed(of: &impl Fn(Column) -> String, name: &str, order: Option<DateOrder>) -> Result<Option<Typed>, RowFault> {
    let iin = match of(Column::HolderIin).as_str() {
        "" => None,
        said => match number(said).map_err(|rule| (Column::HolderIin, rule))?.number {
            TaxNumber::Iin(digits) => Some(digits),
            TaxNumber::Bin(_) => return Err((Column::HolderIin, Rule::Unknown)),
        },
    };
    let end = of(Column::LastDay);
    if end.is_empty() {
        return Ok(None);
    }
    let last_day = date(&end, order).map_err(|rule| (Column::LastDay, rule))?;
    let holder = Some(of(Column::Holder)).filter(|h| !h.is_empty()).unwrap_or_else(|| name.to_owned());
    if holder.is_empty() {
        return Err((Column::Holder, Rule::Required));
    }
    if holder.chars().count() > 120 {
        return Err((Column::Holder, Rule::TooLong));
    }
    Ok(Some(Typed { holder, iin, role: None, purposes: Vec::new(), first_day: None, last_day }))
}

/// What accepting a row would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowPlan {
    /// Nothing is new in it; where it calls the client otherwise, how the card does.
    Known(ClientId, Option<String>),
    Changes {
        /// None where the client is to be created.
        client: Option<ClientId>,
        typed: bool,
        responsible: Option<PersonId>,
        contact: bool,
        /// How the card calls the client, where the row calls it otherwise.
        named: Option<String>,
        /// The phone or address that the card has already, where the row has another.
        reached: Option<String>,
    },
    Fault(RowFault),
    Blank,
}

/// A sheet judged: a plan for each row, in their order.
#[derive(Debug, Clone)]
pub struct SheetPreview {
    pub sheet: Sheet,
    /// With everything that could be found out; an order of dates is missing where somebody has to choose.
    pub mapping: Mapping,
    pub plans: Vec<RowPlan>,
    /// Numbers before which dropped zeros were put back.
    pub zeros: Vec<String>,
}

/// What accepting did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SheetOutcome {
    pub clients: usize,
    pub certificates: usize,
    pub assigned: usize,
    pub contacts: usize,
    pub failed: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(titles: &[&str], rows: &[&[&str]]) -> Sheet {
        let own = |row: &[&str]| row.iter().map(|c| (*c).to_owned()).collect();
        Sheet {
            file: "a.xlsx".into(),
            titles: own(titles),
            first_row: 2,
            rows: rows.iter().map(|r| own(r)).collect(),
            how: How::default(),
        }
    }

    #[test]
    fn columns_are_known_by_their_titles_or_by_what_stands_in_them() {
        let s = sheet(
            &[
                "Наименование",
                "БИН/ИИН",
                "ФИО директора",
                "ИИН владельца",
                "ЭЦП действует до",
                "Бухгалтер",
                "Телефон",
                "прочее",
            ],
            &[],
        );
        let want = [
            Column::Name,
            Column::Number,
            Column::Holder,
            Column::HolderIin,
            Column::LastDay,
            Column::Responsible,
            Column::Phone,
            Column::Ignore,
        ];
        assert_eq!(guess(&s), want);
        let s = sheet(
            &["", "", ""],
            &[&["ТОО Альфа", "971240001315", "31.12.2026"], &["ТОО Бета", "940140000385", "2027-01-05"]],
        );
        assert_eq!(guess(&s), [Column::Ignore, Column::Number, Column::LastDay]);
        assert_eq!(
            guess(&sheet(&["Клиент атауы", "БСН", "Мерзімі"], &[])),
            [Column::Name, Column::Number, Column::LastDay]
        );
    }

    #[test]
    fn a_row_is_read_or_says_what_is_wrong() {
        let by = |columns: &[Column]| Mapping { columns: columns.to_vec(), order: None };
        let mapping = by(&[Column::Name, Column::Number, Column::Holder, Column::LastDay]);
        let row = |cells: [&str; 4]| read_row(&cells.map(str::to_owned), &mapping);
        let read = row(["ТОО Альфа", "971240001315.0", "Ким Ольга", "31.12.26"]).unwrap().unwrap();
        assert_eq!(
            (read.kind, read.typed.unwrap().last_day.to_string().as_str()),
            (ClientKind::LegalEntity, "2026-12-31")
        );
        assert_eq!(row(["", "", "", ""]), Ok(None));
        assert_eq!(row(["ТОО Альфа", "", "", ""]), Err((Column::Number, Rule::Required)));
        assert!(matches!(row(["ТОО", "971240001316", "", ""]), Err((Column::Number, Rule::Number(_)))));
        assert_eq!(row(["ТОО", "971240001315", "Ким", "скоро"]), Err((Column::LastDay, Rule::Date)));
        assert_eq!(read_row(&["020240000555".into()], &by(&[Column::Number])).unwrap().unwrap().number, "020240000555");
        assert_eq!(
            read_row(&["20240000555".into()], &by(&[Column::Number])).unwrap().unwrap().number,
            "020240000555",
            "a dropped zero comes back"
        );
    }

    #[test]
    fn a_total_is_no_client_and_an_error_of_the_spreadsheet_no_value() {
        let mapping = Mapping { columns: vec![Column::Name, Column::Number, Column::LastDay], order: None };
        let row = |cells: [&str; 3]| read_row(&cells.map(str::to_owned), &mapping);
        assert_eq!(row(["Итого: 5", "", ""]), Ok(None));
        assert_eq!(row(["ТОО Альфа", "971240001315", "#Н/Д"]), Err((Column::LastDay, Rule::CellError)));
        assert_eq!(row(["ТОО Аль\u{fffd}фа", "971240001315", ""]), Err((Column::Name, Rule::BrokenLetters)));
    }

    #[test]
    fn a_first_row_with_a_number_is_no_title() {
        assert!(is_title(&["Клиент".into(), "БИН".into()]));
        assert!(!is_title(&["ТОО Альфа".into(), "971240001315".into()]));
    }
}
