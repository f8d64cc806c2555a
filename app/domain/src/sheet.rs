//! A firm's own spreadsheet: which column holds what, and what a row says.

use crate::client::ClientKind;
use crate::coded::coded;
use crate::fold::fold;
use crate::id::{ClientId, PersonId};
use crate::number::TaxNumber;
use crate::refusal::Rule;
use crate::typed::Typed;
use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

/// Rows that are read at most.
pub const MOST_ROWS: usize = 20_000;
/// Columns that are read at most.
pub const MOST_COLUMNS: usize = 40;

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
    if most(&|c| TaxNumber::parse(&padded(c)).is_ok()) {
        Some(Column::Number)
    } else if most(&|c| date(c).is_some()) {
        Some(Column::LastDay)
    } else if most(&|c| c.contains('@')) {
        Some(Column::Email)
    } else {
        None
    }
}

/// Whether a first row holds titles and not a client already.
#[must_use]
pub fn is_title(row: &[String]) -> bool {
    !row.iter().any(|c| TaxNumber::parse(&padded(c)).is_ok() || date(c).is_some())
}

/// A spreadsheet drops the zeros before a number.
fn padded(typed: &str) -> String {
    let plain: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-' && *c != '\'').collect();
    let plain = plain.strip_suffix(".0").unwrap_or(&plain).to_owned();
    let digits = (9..12).contains(&plain.len()) && plain.bytes().all(|b| b.is_ascii_digit());
    if digits { format!("{plain:0>12}") } else { plain }
}

/// A day as people write it: 31.12.2026, 31/12/26, 2026-12-31.
#[must_use]
pub fn date(typed: &str) -> Option<NaiveDate> {
    let plain = typed.trim().trim_end_matches(['г', 'Г', '.', ' ']);
    let plain = plain.split_once([' ', 'T']).map_or(plain, |(day, _)| day);
    // The two-digit form first: %Y would read 26 as the year 26.
    let short = ["%d.%m.%y", "%d/%m/%y", "%d-%m-%y"];
    let long = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y.%m.%d"];
    let year_has_four = plain.split(['.', '/', '-']).any(|part| part.len() == 4);
    let forms: &[&str] = if year_has_four { &long } else { &short };
    forms.iter().find_map(|f| NaiveDate::parse_from_str(plain, f).ok()).filter(|d| (1990..2200).contains(&d.year()))
}

/// What a row says, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    pub kind: ClientKind,
    pub number: String,
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

/// Reads a row by the mapping. A blank row is none.
///
/// # Errors
/// The first thing that is wrong, in the order of the columns of [`Column`].
pub fn read_row(cells: &[String], mapping: &[Column]) -> Result<Option<SheetRow>, RowFault> {
    let of = |column: Column| {
        let at = mapping.iter().position(|m| *m == column);
        at.and_then(|n| cells.get(n)).map(|c| c.trim().to_owned()).unwrap_or_default()
    };
    if cells.iter().all(|c| c.trim().is_empty()) {
        return Ok(None);
    }
    let number = of(Column::Number);
    if number.is_empty() {
        return Err((Column::Number, Rule::Required));
    }
    let number = TaxNumber::parse(&padded(&number)).map_err(|e| (Column::Number, Rule::Number(e)))?;
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
        typed: typed(&of, &name)?,
        name,
        responsible: of(Column::Responsible),
        phone: of(Column::Phone),
        email: of(Column::Email),
        contact: of(Column::Contact),
    }))
}

fn typed(of: &impl Fn(Column) -> String, name: &str) -> Result<Option<Typed>, RowFault> {
    let iin = match of(Column::HolderIin).as_str() {
        "" => None,
        said => match TaxNumber::parse(&padded(said)).map_err(|e| (Column::HolderIin, Rule::Number(e)))? {
            TaxNumber::Iin(digits) => Some(digits),
            TaxNumber::Bin(_) => return Err((Column::HolderIin, Rule::Unknown)),
        },
    };
    let end = of(Column::LastDay);
    if end.is_empty() {
        return Ok(None);
    }
    let last_day = date(&end).ok_or((Column::LastDay, Rule::Date))?;
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
    /// Nothing is new in it.
    Known(ClientId),
    Changes {
        /// None where the client is to be created.
        client: Option<ClientId>,
        typed: bool,
        responsible: Option<PersonId>,
        contact: bool,
    },
    Fault(RowFault),
    Blank,
}

/// A sheet judged: a plan for each row, in their order.
#[derive(Debug, Clone)]
pub struct SheetPreview {
    pub sheet: Sheet,
    pub mapping: Vec<Column>,
    pub plans: Vec<RowPlan>,
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
        Sheet { file: "a.xlsx".into(), titles: own(titles), first_row: 2, rows: rows.iter().map(|r| own(r)).collect() }
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
        let mapping = [Column::Name, Column::Number, Column::Holder, Column::LastDay];
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
        assert_eq!(read_row(&["020240000555".into()], &[Column::Number]).unwrap().unwrap().number, "020240000555");
        assert_eq!(
            read_row(&["20240000555".into()], &[Column::Number]).unwrap().unwrap().number,
            "020240000555",
            "a dropped zero comes back"
        );
    }

    #[test]
    fn a_first_row_with_a_number_is_no_title() {
        assert!(is_title(&["Клиент".into(), "БИН".into()]));
        assert!(!is_title(&["ТОО Альфа".into(), "971240001315".into()]));
    }
}
