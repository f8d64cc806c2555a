//! Dates for people: the absolute day first, then the day to act by, then the distance.

use crate::text;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::day::{DaysOff, OfficeDay, days_between, is_endless};
use domain::person::Lang;

const MONTHS: [[&str; 12]; 3] = [
    ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
    ["қаң", "ақп", "нау", "сәу", "мам", "мау", "шіл", "там", "қыр", "қаз", "қар", "жел"],
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
];
const FULL_MONTHS: [[&str; 12]; 3] = [
    [
        "Январь",
        "Февраль",
        "Март",
        "Апрель",
        "Май",
        "Июнь",
        "Июль",
        "Август",
        "Сентябрь",
        "Октябрь",
        "Ноябрь",
        "Декабрь",
    ],
    [
        "Қаңтар",
        "Ақпан",
        "Наурыз",
        "Сәуір",
        "Мамыр",
        "Маусым",
        "Шілде",
        "Тамыз",
        "Қыркүйек",
        "Қазан",
        "Қараша",
        "Желтоқсан",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];
const OF_MONTH: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];
const WEEKDAYS: [[&str; 7]; 3] = [
    ["пн", "вт", "ср", "чт", "пт", "сб", "вс"],
    ["дс", "сс", "ср", "бс", "жм", "сб", "жс"],
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
];
const FULL_WEEKDAYS: [[&str; 7]; 3] = [
    ["Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье"],
    ["Дүйсенбі", "Сейсенбі", "Сәрсенбі", "Бейсенбі", "Жұма", "Сенбі", "Жексенбі"],
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
];

fn pick<const N: usize>(table: &[[&'static str; N]; 3], l: Lang, n: u32) -> &'static str {
    let [ru, kk, en] = table;
    let row = match l {
        Lang::Ru => ru,
        Lang::Kk => kk,
        Lang::En => en,
    };
    row.get(n as usize).copied().unwrap_or_default()
}

/// «вт», «сс», "Tue"; 0 is Monday.
pub fn weekday_name(l: Lang, n: u32) -> &'static str {
    pick(&WEEKDAYS, l, n)
}

/// «Март 2027».
pub fn month_title(l: Lang, month: NaiveDate) -> String {
    format!("{} {}", pick(&FULL_MONTHS, l, month.month0()), month.year())
}

/// «мар» of «мар 2027».
pub fn month_name(l: Lang, month: NaiveDate) -> &'static str {
    // Of the short names this one alone has another form beside a day.
    if l == Lang::Ru && month.month() == 5 { "май" } else { pick(&MONTHS, l, month.month0()) }
}

/// «марта 2027»: the month after "from".
pub fn of_month(l: Lang, month: NaiveDate) -> String {
    let name = match l {
        Lang::Ru => OF_MONTH.get(month.month0() as usize).copied().unwrap_or_default().to_owned(),
        Lang::Kk => format!("{} ж. {}", month.year(), pick(&FULL_MONTHS, l, month.month0()).to_lowercase()),
        Lang::En => pick(&FULL_MONTHS, l, month.month0()).to_owned(),
    };
    if l == Lang::Kk { name } else { format!("{name} {}", month.year()) }
}

/// «Среда, 3 марта».
pub fn day_title(l: Lang, day: NaiveDate) -> String {
    let (weekday, n) = (pick(&FULL_WEEKDAYS, l, day.weekday().num_days_from_monday()), day.day());
    match l {
        Lang::Ru => format!("{weekday}, {n} {}", OF_MONTH.get(day.month0() as usize).copied().unwrap_or_default()),
        Lang::Kk => format!("{weekday}, {n} {}", pick(&FULL_MONTHS, l, day.month0()).to_lowercase()),
        Lang::En => format!("{weekday}, {n} {}", pick(&FULL_MONTHS, l, day.month0())),
    }
}

/// «14 мар», with the year if it is not this one; «без срока» for no end.
pub fn short(l: Lang, day: NaiveDate, today: NaiveDate) -> String {
    if is_endless(day) {
        return text::date::no_end(l).into();
    }
    let text = format!("{}\u{a0}{}", day.day(), pick(&MONTHS, l, day.month0()));
    if day.year() == today.year() { text } else { format!("{text}\u{a0}{}", day.year()) }
}

/// «15 фев»: a day that comes, with its year only from three hundred days on, where the name alone could mean this year's.
pub fn coming(l: Lang, day: NaiveDate, today: NaiveDate) -> String {
    if (0..300).contains(&days_between(today, day)) { short(l, day, day) } else { short(l, day, today) }
}

/// «14 мар 2027», «без срока».
pub fn full(l: Lang, day: NaiveDate) -> String {
    if is_endless(day) {
        return text::date::no_end(l).into();
    }
    format!("{}\u{a0}{}\u{a0}{}", day.day(), pick(&MONTHS, l, day.month0()), day.year())
}

fn with_weekday(l: Lang, day: NaiveDate, today: NaiveDate) -> String {
    if is_endless(day) {
        return text::date::no_end(l).into();
    }
    format!("{}, {}", short(l, day, today), weekday_name(l, day.weekday().num_days_from_monday()))
}

/// «через 9 дн.», «сегодня», «2 дн. назад»; nothing for no end.
pub fn distance(l: Lang, today: NaiveDate, day: NaiveDate) -> String {
    match days_between(today, day) {
        _ if is_endless(day) => String::new(),
        0 => text::date::today(l).into(),
        1 => text::date::tomorrow(l).into(),
        -1 => text::date::yesterday(l).into(),
        n if n > 0 => text::date::in_days(l, n),
        n => text::date::days_ago(l, -n),
    }
}

/// A day with what is to be said of it: text, day to act by if it differs, distance, whether it is past.
pub struct When {
    pub day: NaiveDate,
    pub text: String,
    pub act_by: Option<String>,
    pub distance: String,
    pub past: bool,
}

/// A certificate's end; it moves back to the last working day.
pub fn end(l: Lang, day: NaiveDate, today: OfficeDay, off: &DaysOff) -> When {
    let act = off.last_working(day);
    let shown = if act >= today.day && !is_endless(day) { act } else { day };
    When {
        day,
        text: with_weekday(l, day, today.day),
        // The year stands before the arrow already.
        act_by: (shown != day).then(|| {
            let weekday = weekday_name(l, act.weekday().num_days_from_monday());
            let base = if act.year() == day.year() { act } else { today.day };
            format!("{weekday} {}", short(l, act, base))
        }),
        distance: distance(l, today.day, shown),
        past: day < today.day,
    }
}

/// A day that does not move.
pub fn plain(l: Lang, day: NaiveDate, today: OfficeDay) -> When {
    When {
        day,
        text: with_weekday(l, day, today.day),
        act_by: None,
        distance: distance(l, today.day, day),
        past: day < today.day,
    }
}

/// «22 ноя 2026, 14:05» in Kazakhstan.
pub fn instant(l: Lang, at: DateTime<Utc>) -> String {
    let local = at + chrono::Duration::hours(5);
    format!("{}, {}", full(l, local.date_naive()), local.format("%H:%M"))
}

/// The same for a file, with plain blanks.
pub fn instant_in_file(l: Lang, at: DateTime<Utc>) -> String {
    instant(l, at).replace('\u{a0}', " ")
}

/// «09:30» in Kazakhstan.
pub fn time(at: DateTime<Utc>) -> String {
    (at + chrono::Duration::hours(5)).format("%H:%M").to_string()
}

/// «сегодня, 11:00», «4 мар, 09:30» in Kazakhstan.
pub fn moment(l: Lang, at: DateTime<Utc>, today: NaiveDate) -> String {
    let local = at + chrono::Duration::hours(5);
    let day = match days_between(today, local.date_naive()) {
        -1..=1 => distance(l, today, local.date_naive()),
        _ => short(l, local.date_naive(), today),
    };
    format!("{day}, {}", local.format("%H:%M"))
}

/// «вчера», «сегодня», «завтра», else «пт 5 мар».
pub fn near(l: Lang, day: NaiveDate, today: NaiveDate) -> String {
    match days_between(today, day) {
        -1..=1 => distance(l, today, day),
        _ => format!("{} {}", weekday_name(l, day.weekday().num_days_from_monday()), short(l, day, today)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    #[test]
    fn an_end_on_sunday_is_to_be_met_on_friday() {
        let today = OfficeDay::noon(d("2027-03-03"));
        let w = end(Lang::Ru, d("2027-03-14"), today, &DaysOff::default());
        assert_eq!(
            (w.text.as_str(), w.act_by.as_deref(), w.distance.as_str()),
            ("14\u{a0}мар, вс", Some("пт 12\u{a0}мар"), "через 9\u{a0}дн.")
        );
        let w = end(Lang::Kk, d("2027-03-14"), today, &DaysOff::default());
        assert_eq!(
            (w.text.as_str(), w.act_by.as_deref(), w.distance.as_str()),
            ("14\u{a0}нау, жс", Some("жм 12\u{a0}нау"), "9\u{a0}күннен кейін")
        );
    }

    #[test]
    fn the_day_to_act_by_repeats_no_year_and_a_filing_soon_has_none() {
        let today = OfficeDay::noon(d("2026-11-30"));
        let act_by = |day: &str| end(Lang::Ru, d(day), today, &DaysOff::default()).act_by;
        assert_eq!(act_by("2027-01-23").as_deref(), Some("пт 22\u{a0}янв"));
        assert_eq!(act_by("2028-01-01").as_deref(), Some("пт 31\u{a0}дек\u{a0}2027"));
        assert_eq!(coming(Lang::Ru, d("2027-02-15"), today.day), "15\u{a0}фев");
        assert_eq!(coming(Lang::Ru, d("2027-11-15"), today.day), "15\u{a0}ноя\u{a0}2027");
        assert_eq!(coming(Lang::Ru, d("2025-12-15"), today.day), "15\u{a0}дек\u{a0}2025");
    }

    #[test]
    fn a_certificate_without_an_end_is_said_to_have_none_and_not_to_end_in_millions_of_days() {
        let today = OfficeDay::noon(d("2027-03-03"));
        let w = end(Lang::Ru, d("9999-12-31"), today, &DaysOff::default());
        assert_eq!((w.text.as_str(), w.act_by, w.distance.as_str(), w.past), ("без срока", None, "", false));
        assert_eq!(full(Lang::En, d("9999-12-31")), "no end date");
    }

    #[test]
    fn the_year_stands_only_where_it_is_another() {
        assert_eq!(short(Lang::En, d("2027-03-14"), d("2027-01-01")), "14\u{a0}Mar");
        assert_eq!(short(Lang::En, d("2028-03-14"), d("2027-01-01")), "14\u{a0}Mar\u{a0}2028");
    }
}
