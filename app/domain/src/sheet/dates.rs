//! Days as people write them into a spreadsheet.

use crate::coded::coded;
use crate::fold::fold;
use crate::refusal::Rule;
use chrono::{Datelike as _, Days, NaiveDate};

coded! {
    /// Which of two numbers of a date is the day: nothing in 04/05/2027 tells.
    DateOrder { DayFirst = "day_first", MonthFirst = "month_first" }
}

/// Beginnings of month names in Russian, Kazakh and English, from January on.
const MONTHS: [[&str; 4]; 12] = [
    ["янв", "қаң", "jan", "каң"],
    ["фев", "ақп", "feb", "акп"],
    ["мар", "нау", "mar", "наурыз"],
    ["апр", "сәу", "apr", "сау"],
    ["май", "мам", "may", "мая"],
    ["июн", "мау", "jun", "маусым"],
    ["июл", "шіл", "jul", "шил"],
    ["авг", "там", "aug", "тамыз"],
    ["сен", "қыр", "sep", "кыр"],
    ["окт", "қаз", "oct", "каз"],
    ["ноя", "қар", "nov", "кар"],
    ["дек", "жел", "dec", "желтоқсан"],
];

/// Days that a spreadsheet counts since the end of 1899: from 1954 to 2118.
const SERIALS: std::ops::Range<u64> = 20_000..80_000;

/// The order that the cells of a column prove, or that nothing in them leaves open; none where somebody has to say it.
pub fn order_of<'a>(cells: impl Iterator<Item = &'a str>) -> Option<DateOrder> {
    let (mut day, mut month, mut open) = (false, false, false);
    for (first, second, _) in cells.filter_map(parted) {
        day |= first > 12;
        month |= second > 12;
        open |= first <= 12 && second <= 12 && first != second;
    }
    match (day, month) {
        (true, false) => Some(DateOrder::DayFirst),
        (false, true) => Some(DateOrder::MonthFirst),
        (true, true) => None,
        (false, false) => (!open).then_some(DateOrder::DayFirst),
    }
}

/// Two numbers and a year with slashes between; only there the order is not fixed by custom.
fn parted(text: &str) -> Option<(u32, u32, i32)> {
    let mut parts = plain(text).split('/').map(|part| part.trim().parse::<u32>());
    let (first, second, year) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    if parts.next().is_some() || first > 31 {
        return None;
    }
    Some((first, second, i32::try_from(year).ok().map(whole_year)?))
}

fn whole_year(year: i32) -> i32 {
    if year < 100 { 2000 + year } else { year }
}

/// Without the time behind it and the word for "year". What else stands behind a day, such as another day, stays, and makes
/// it no day.
fn plain(text: &str) -> &str {
    let text = text.trim();
    let is_time =
        |time: &str| time.contains(':') && time.bytes().all(|b| b.is_ascii_digit() || b":.Z+ APMapm".contains(&b));
    let day = text.split_once('T').map_or(text, |(day, time)| if is_time(time) { day } else { text });
    let word =
        |rest: &str| matches!(rest.trim().trim_end_matches('.').to_lowercase().as_str(), "г" | "год" | "года" | "ж");
    match day.split_once(' ') {
        Some((day, rest)) if is_time(rest) || (word(rest) && day.contains(['.', '/', '-'])) => day,
        _ => day,
    }
}

/// The day that a cell names.
///
/// # Errors
/// [`Rule::Date`] for none, [`Rule::DateOrder`] where the order of day and month is open.
pub fn date(text: &str, order: Option<DateOrder>) -> Result<NaiveDate, Rule> {
    let found = match parted(text) {
        Some((first, second, year)) => {
            let day_first = || NaiveDate::from_ymd_opt(year, second, first);
            let month_first = || NaiveDate::from_ymd_opt(year, first, second);
            match order {
                Some(DateOrder::DayFirst) => day_first(),
                Some(DateOrder::MonthFirst) => month_first(),
                None if first == second => day_first(),
                None => return Err(Rule::DateOrder),
            }
        }
        None => numeric(text).or_else(|| in_words(text)).or_else(|| serial(text)),
    };
    found.filter(|day| (1990..2200).contains(&day.year())).ok_or(Rule::Date)
}

fn numeric(text: &str) -> Option<NaiveDate> {
    let text = plain(text).trim_end_matches(['г', 'Г', '.', ' ']);
    let short = ["%d.%m.%y", "%d-%m-%y"];
    let long = ["%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%Y.%m.%d"];
    // The two-digit form first: %Y would read 26 as the year 26.
    let year_has_four = text.split(['.', '-']).any(|part| part.len() == 4);
    let forms: &[&str] = if year_has_four { &long } else { &short };
    let found = forms.iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok())?;
    // With hyphens the year may stand first: 27-03-05 is not taken for 2005.
    let turned = !year_has_four && text.contains('-') && !(2015..2060).contains(&found.year());
    (!turned).then_some(found)
}

/// «31 декабря 2026 г.», «2026 ж. 31 желтоқсан», «31-дек-26», "Dec 31, 2026".
fn in_words(text: &str) -> Option<NaiveDate> {
    let text = fold(text);
    let words: Vec<&str> = text.split([' ', '-', '.', ',', '/']).filter(|word| !word.is_empty()).collect();
    let mut months = words.iter().filter_map(|word| month(word));
    let month = months.next().filter(|_| months.next().is_none())?;
    let numbers: Vec<&&str> = words.iter().filter(|word| word.bytes().all(|b| b.is_ascii_digit())).collect();
    let [first, second] = numbers.as_slice() else { return None };
    let (year, day) = if first.len() == 4 { (first, second) } else { (second, first) };
    NaiveDate::from_ymd_opt(whole_year(year.parse().ok()?), month, day.parse().ok()?)
}

fn month(word: &str) -> Option<u32> {
    let at = MONTHS.iter().position(|names| names.iter().any(|name| word.starts_with(name)))?;
    u32::try_from(at + 1).ok()
}

/// An unformatted date of a spreadsheet: 46461 is the 15th of March 2027.
fn serial(text: &str) -> Option<NaiveDate> {
    let days: u64 = text.trim().parse().ok().filter(|days| SERIALS.contains(days))?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_read_as_people_write_it() {
        for text in [
            "31.12.2026",
            "31.12.26",
            "2026-12-31",
            "31-12-2026",
            "2026-12-31T00:00:00",
            "31.12.2026 г.",
            "31.12.2026 10:30",
            "31 декабря 2026 г.",
            "2026 ж. 31 желтоқсан",
            "31-дек-26",
            "Dec 31, 2026",
            "31 Желтоқсан 2026",
            "46387",
        ] {
            assert_eq!(date(text, None), Ok(d("2026-12-31")), "{text}");
        }
        for text in [
            "05.03.2026 – 05.03.2027",
            "05.03.2026 05.03.2027",
            "05.03.2026 г. по 05.03.2027 г.",
            "2026-03-05 2027-03-05",
            "05/13/2026 - 05/13/2027",
            "27-03-05",
        ] {
            assert!(date(text, None).is_err() && date(text, Some(DateOrder::MonthFirst)).is_err(), "{text}");
        }
        for text in ["30.02.2026", "скоро", "", "12", "31 числа", "2026", "31.12"] {
            assert_eq!(date(text, None), Err(Rule::Date), "{text}");
        }
        assert_eq!(date("15.03.27", None), Ok(d("2027-03-15")));
        assert_eq!(date("46461", None), Ok(d("2027-03-15")));
    }

    #[test]
    fn the_order_of_day_and_month_is_proved_or_asked_for() {
        let of = |cells: &[&str]| order_of(cells.iter().copied());
        assert_eq!(of(&["12/31/2026", "04/05/2027"]), Some(DateOrder::MonthFirst));
        assert_eq!(of(&["31/12/2026", "04/05/2027"]), Some(DateOrder::DayFirst));
        assert_eq!(of(&["04/05/2027", "12/01/2026"]), None, "nothing proves it");
        assert_eq!(of(&["31/12/2026", "12/31/2026"]), None, "each proves another");
        assert_eq!(of(&["04.05.2027", "05/05/2027"]), Some(DateOrder::DayFirst), "nothing is open");
        assert_eq!(date("04/05/2027", None), Err(Rule::DateOrder));
        assert_eq!(date("04/05/2027", Some(DateOrder::MonthFirst)), Ok(d("2027-04-05")));
        assert_eq!(date("04/05/2027", Some(DateOrder::DayFirst)), Ok(d("2027-05-04")));
        assert_eq!(date("12/31/2026", Some(DateOrder::DayFirst)), Err(Rule::Date), "it is not turned round silently");
    }
}
