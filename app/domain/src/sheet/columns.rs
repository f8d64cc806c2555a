//! What the columns of a table hold, by their titles or by what stands in them.

use super::{Sheet, date, number};
use crate::coded::coded;
use crate::fold::fold;
use crate::refusal::Rule;

coded! {
    /// What a column holds.
    Column {
        Ignore = "ignore", Name = "name", Number = "number", Holder = "holder", HolderIin = "holder_iin",
        LastDay = "last_day", Responsible = "responsible", Phone = "phone", Email = "email", Contact = "contact",
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

/// Words of titles over days that are no end: of issue, beginning, birth, a contract.
const OTHER_DAYS: &[&str] = &[
    "выда",
    "выпу",
    "получ",
    "начал",
    "рожд",
    "регистр",
    "договор",
    "создан",
    "берілген",
    "берілді",
    "шығарыл",
    "доверен",
    "сенімхат",
    "бастал",
    "туған",
    "шарт",
    "issue",
    "start",
    "from",
    "birth",
    "contract",
    "created",
];

/// Whether a title, folded, is over another day than the end: «Дата выдачи», «Действует с».
fn is_other_day(title: &str) -> bool {
    let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).collect();
    let since = words.contains(&"с") && !words.iter().any(|word| ["до", "по"].contains(word));
    since || OTHER_DAYS.iter().any(|word| title.contains(&fold(word)))
}

/// Guesses each column by its title, and what no title names by what stands in it. A thing is guessed once; of several
/// columns with days none is guessed to be the end.
#[must_use]
pub fn guess(sheet: &Sheet) -> Vec<Column> {
    let mut out = vec![Column::Ignore; sheet.titles.len()];
    let titles: Vec<String> = sheet.titles.iter().map(|title| fold(title)).collect();
    for (n, title) in titles.iter().enumerate() {
        let named = WORDS.iter().find(|(word, _)| title.contains(&fold(word))).map(|(_, column)| *column);
        let named = named.filter(|column| *column != Column::LastDay || !is_other_day(title));
        claim(&mut out, n, named);
    }
    let free = |(n, title): &(usize, &String)| out.get(*n) == Some(&Column::Ignore) && !is_other_day(title);
    let seen: Vec<(usize, Column)> =
        titles.iter().enumerate().filter(free).filter_map(|(n, _)| Some((n, by_content(sheet, n)?))).collect();
    let days = seen.iter().filter(|(_, column)| *column == Column::LastDay).count();
    for (n, column) in seen {
        claim(&mut out, n, Some(column).filter(|column| *column != Column::LastDay || days == 1));
    }
    out
}

/// Gives a column what it is guessed to hold, unless another one holds it already.
fn claim(out: &mut [Column], n: usize, found: Option<Column>) {
    let Some(found) = found.filter(|found| !out.contains(found)) else { return };
    if let Some(column) = out.get_mut(n) {
        *column = found;
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::How;

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
    fn a_day_of_issue_is_never_guessed_to_be_the_end() {
        let rows: &[&[&str]] = &[&["ТОО Альфа", "971240001315", "05.03.2026", "05.03.2027"]];
        for (issue, end) in [
            ("Выдана", "Действует до"),
            ("Дата выдачи", "Срок"),
            ("Действует с", "Действует по"),
            ("Issued", "Expires"),
            ("Valid from", "Valid to"),
            ("Берілген күні", "Мерзімі"),
            ("Дата рождения", "ЭЦП до"),
        ] {
            let guessed = guess(&sheet(&["Клиент", "БИН", issue, end], rows));
            assert_eq!(guessed, [Column::Name, Column::Number, Column::Ignore, Column::LastDay], "{issue}, {end}");
            let turned = guess(&sheet(&["Клиент", "БИН", end, issue], rows));
            assert_eq!(turned, [Column::Name, Column::Number, Column::LastDay, Column::Ignore], "{end}, {issue}");
        }
        let alone =
            guess(&sheet(&["Клиент", "БИН", "Выдана", ""], &[&["ТОО Альфа", "971240001315", "05.03.2026", ""]]));
        assert_eq!(alone, [Column::Name, Column::Number, Column::Ignore, Column::Ignore]);
        let both = guess(&sheet(&["Клиент", "БИН", "Дата 1", "Дата 2"], rows));
        assert_eq!(
            both,
            [Column::Name, Column::Number, Column::Ignore, Column::Ignore],
            "which is the end, nobody knows"
        );
        let range = guess(&sheet(&["Клиент", "БИН", "Срок действия (с – по)"], &[]));
        assert_eq!(range, [Column::Name, Column::Number, Column::LastDay]);
    }

    #[test]
    fn a_first_row_with_a_number_is_no_title() {
        assert!(is_title(&["Клиент".into(), "БИН".into()]));
        assert!(!is_title(&["ТОО Альфа".into(), "971240001315".into()]));
    }
}
