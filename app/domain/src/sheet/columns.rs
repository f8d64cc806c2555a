//! What the columns of a table hold, by their titles or by what stands in them.

use super::titles::Words;
use super::{Sheet, date, number};
use crate::coded::coded;
use crate::refusal::Rule;

coded! {
    /// What a column holds.
    Column {
        Ignore = "ignore", Name = "name", Number = "number", Holder = "holder", HolderIin = "holder_iin",
        LastDay = "last_day", Responsible = "responsible", Phone = "phone", Email = "email", Contact = "contact",
    }
}

/// Guesses each column by its title, and what no title names by what stands in it. A thing is guessed once; of several
/// columns that may be the end none is guessed, but for one that names the key.
#[must_use]
pub fn guess(sheet: &Sheet) -> Vec<Column> {
    let titles: Vec<Words> = sheet.titles.iter().map(|title| Words::of(title)).collect();
    let named: Vec<Option<Column>> = titles.iter().map(Words::column).collect();
    let mut out = vec![Column::Ignore; titles.len()];
    let ends: Vec<usize> =
        named.iter().enumerate().filter(|(_, c)| **c == Some(Column::LastDay)).map(|(n, _)| n).collect();
    let of_key: Vec<usize> =
        ends.iter().copied().filter(|n| titles.get(*n).is_some_and(|title| title.of_key())).collect();
    let end = match (ends.as_slice(), of_key.as_slice()) {
        ([one], _) | (_, [one]) => Some(*one),
        _ => None,
    };
    for (n, column) in named.iter().enumerate() {
        claim(&mut out, n, column.filter(|column| *column != Column::LastDay || end == Some(n)));
    }
    let free = |n: &usize| named.get(*n) == Some(&None) && titles.get(*n).is_some_and(|title| !title.is_other_day());
    let seen: Vec<(usize, Column)> =
        (0..titles.len()).filter(free).filter_map(|n| Some((n, by_content(sheet, n)?))).collect();
    let silent = |n: usize| titles.get(n).is_some_and(Words::says_nothing);
    let days = seen.iter().filter(|(_, column)| *column == Column::LastDay).count();
    for (n, column) in seen {
        let sure = column != Column::LastDay || (days == 1 && ends.is_empty() && silent(n));
        claim(&mut out, n, Some(column).filter(|_| sure));
    }
    out
}

/// Whether days stand in a table of which none is taken for the end: somebody has to say which.
#[must_use]
pub fn leaves_days_open(sheet: &Sheet, columns: &[Column]) -> bool {
    let days = |n: usize| by_content(sheet, n) == Some(Column::LastDay);
    !columns.contains(&Column::LastDay) && (0..sheet.titles.len()).any(days)
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
    fn another_day_is_never_guessed_to_be_the_end() {
        use Column::{Ignore, LastDay, Name, Number};
        let rows: &[&[&str]] = &[&["ТОО Альфа", "971240001315", "05.03.2026", "05.03.2027"]];
        for (other, end) in [
            ("Выдана", "Действует до"),
            ("Дата выдачи", "Срок"),
            ("Действует с", "Действует по"),
            ("Действует c", "Действует до"),
            ("Действителен от", "Действителен до"),
            ("Issued", "Expires"),
            ("Valid since", "Valid until"),
            ("Not valid before", "Not valid after"),
            ("Берілген күні", "Мерзімі"),
            ("Жарамдылық мерзімінің басы", "Жарамдылық мерзімінің соңы"),
            ("Дата рождения", "ЭЦП до"),
            ("Удостоверение действительно до", "ЭЦП действует до"),
            ("ID card expiry", "EDS expiry"),
            ("Срок аренды", "Срок ЭЦП"),
            ("Срок", "Срок ЭЦП"),
            ("Дата визита", "Дата окончания ЭЦП"),
        ] {
            let guessed = guess(&sheet(&["Клиент", "БИН", other, end], rows));
            assert_eq!(guessed, [Name, Number, Ignore, LastDay], "{other}, {end}");
            let turned = guess(&sheet(&["Клиент", "БИН", end, other], rows));
            assert_eq!(turned, [Name, Number, LastDay, Ignore], "{end}, {other}");
        }
        for alone in [
            "Выдана",
            "Дата формирования",
            "Дата приёма",
            "Дата увольнения",
            "ДР",
            "DOB",
            "Туылған күні",
            "Registered",
            "Срок оплаты",
            "Окончание аренды",
            "Срок доверенности",
            "Что-то",
        ] {
            let s = sheet(&["Клиент", "БИН", alone], &[&["ТОО Альфа", "971240001315", "05.03.2026"]]);
            assert_eq!(guess(&s), [Name, Number, Ignore], "{alone}");
            assert!(leaves_days_open(&s, &guess(&s)), "somebody is asked which it is");
        }
        for (one, two) in [("Дата 1", "Дата 2"), ("Срок", "Срок"), ("", "")] {
            assert_eq!(
                guess(&sheet(&["Клиент", "БИН", one, two], rows)),
                [Name, Number, Ignore, Ignore],
                "{one}, {two}"
            );
        }
        let range = guess(&sheet(&["Клиент", "БИН", "Срок действия (с – по)"], &[]));
        assert_eq!(range, [Name, Number, LastDay]);
    }

    #[test]
    fn what_belongs_to_somebody_else_is_not_the_clients() {
        use Column::{Contact, Email, Holder, HolderIin, Ignore, Name, Number, Phone, Responsible};
        for (title, column) in [
            ("ИИН директора", HolderIin),
            ("ИИН первого лица", HolderIin),
            ("Басшының ЖСН", HolderIin),
            ("Director IIN", HolderIin),
            ("ИИН учредителя", Ignore),
            ("БИН банка", Ignore),
            ("БИН клиента", Number),
            ("ИИН/БИН", Number),
            ("Кабинет", Ignore),
            ("Комбинат", Ignore),
            ("Дата рождения директора", Ignore),
            ("Телефон директора", Phone),
            ("Тел.", Phone),
            ("Исполнитель", Ignore),
            ("Представитель", Ignore),
            ("Код клиента", Ignore),
            ("Форма организации", Ignore),
            ("Клиент с", Ignore),
            ("Эл. почта", Email),
            ("E-mail", Email),
            ("Почтовый адрес", Ignore),
            ("Контактное лицо", Contact),
            ("Ответственный бухгалтер", Responsible),
            ("Руководитель", Holder),
            ("Наименование организации", Name),
            ("Контрагент", Name),
            ("БИН контрагента", Number),
            ("Фирма", Name),
            ("Кәсіпорын", Name),
            ("Подписант", Holder),
            ("Басшының аты-жөні", Holder),
            ("ЭЦП директора до", Column::LastDay),
            ("Директор (ЭЦП до)", Column::LastDay),
        ] {
            assert_eq!(guess(&sheet(&[title], &[])), [column], "{title}");
        }
        let s = sheet(&["Наименование", "ИИН директора", "БИН", "ЭЦП до"], &[]);
        assert_eq!(guess(&s), [Name, HolderIin, Number, Column::LastDay]);
    }

    #[test]
    fn a_first_row_with_a_number_is_no_title() {
        assert!(is_title(&["Клиент".into(), "БИН".into()]));
        assert!(!is_title(&["ТОО Альфа".into(), "971240001315".into()]));
    }
}
