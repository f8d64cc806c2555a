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
    fn a_first_row_with_a_number_is_no_title() {
        assert!(is_title(&["Клиент".into(), "БИН".into()]));
        assert!(!is_title(&["ТОО Альфа".into(), "971240001315".into()]));
    }
}
