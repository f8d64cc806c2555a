//! Names of clients, short enough for a line and different where they would look alike.

use std::borrow::Cow;

/// Legal forms as certificates write them out, and their usual short forms. A form stands before what it begins with.
const FORMS: [(&str, &str); 14] = [
    ("товарищество с ограниченной ответственностью", "ТОО"),
    ("товарищество с дополнительной ответственностью", "ТДО"),
    ("жауапкершілігі шектеулі серіктестігі", "ЖШС"),
    ("жауапкершілігі шектеулі серіктестік", "ЖШС"),
    ("акционерное общество", "АО"),
    ("акционерлік қоғамы", "АҚ"),
    ("акционерлік қоғам", "АҚ"),
    ("индивидуальный предприниматель", "ИП"),
    ("жеке кәсіпкер", "ЖК"),
    ("крестьянское хозяйство", "КХ"),
    ("шаруа қожалығы", "ШҚ"),
    ("потребительский кооператив", "ПК"),
    ("общественное объединение", "ОО"),
    ("частный фонд", "ЧФ"),
];

/// A name with its legal form in the usual short form, wherever it stands; other names stay as they are.
#[must_use]
pub fn shortened(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    for (long, short) in FORMS {
        let form: Vec<&str> = long.split(' ').collect();
        let Some(at) =
            lower.windows(form.len()).position(|part| part.iter().map(String::as_str).eq(form.iter().copied()))
        else {
            continue;
        };
        let (before, rest) = (words.iter().take(at), words.iter().skip(at + form.len()));
        return before.copied().chain([short]).chain(rest.copied()).collect::<Vec<_>>().join(" ");
    }
    name.to_owned()
}

/// «Иванов Б. С.» for «ИВАНОВ БАУЫРЖАН САПАРОВИЧ», as certificates write people: surname first, in capitals. Other names
/// stay as they are.
#[must_use]
pub fn holder_short(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let capitals = |word: &&str| word.chars().all(|c| c == '-' || (c.is_alphabetic() && !c.is_lowercase()));
    let (Some((surname, given)), true) = (words.split_first(), words.len() <= 4 && words.iter().all(capitals)) else {
        return name.to_owned();
    };
    if given.is_empty() {
        return name.to_owned();
    }
    let parts: Vec<String> = surname.split('-').map(capitalised).collect();
    let initials = given.iter().filter_map(|word| word.chars().next()).map(|c| format!("{c}."));
    std::iter::once(parts.join("-")).chain(initials).collect::<Vec<_>>().join(" ")
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().chain(letters.flat_map(char::to_lowercase)).collect()
}

/// A name that another client bears as well: the last digits of the number stand behind it.
#[must_use]
pub fn told_apart(name: &str, number: &str) -> String {
    let tail = number.chars().skip(number.chars().count().saturating_sub(DIGITS));
    name.chars().chain([' ']).chain(TAIL.chars()).chain(tail).collect()
}

/// A name as [`told_apart`] writes it, taken apart again: the name, and the digits where it has some.
#[must_use]
pub fn untold(said: &str) -> (&str, Option<&str>) {
    match said.trim().rsplit_once(TAIL) {
        Some((name, digits)) if digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_digit()) => {
            (name.trim_end(), Some(digits))
        }
        _ => (said.trim(), None),
    }
}

/// Whether a client bears the holder's own name, told apart from others or not.
#[must_use]
pub fn is_holder(client: &str, holder: &str) -> bool {
    untold(client).0 == holder
}

/// What stands before the digits that tell a name from another.
const TAIL: &str = "··";

/// How many digits.
const DIGITS: usize = 4;

/// A client's name without its legal form and quotes, to fit a cell; digits that tell it from another one stay.
#[must_use]
pub fn short_name(name: &str) -> Cow<'_, str> {
    let between = |open: char, close: char| {
        name.split_once(open)
            .and_then(|(_, rest)| rest.split_once(close))
            .map(|(inner, _)| inner)
            .filter(|s| !s.is_empty())
    };
    match (between('«', '»').or_else(|| between('"', '"')), untold(name).1) {
        (None, _) => Cow::Borrowed(name),
        (Some(inner), None) => Cow::Borrowed(inner),
        (Some(inner), Some(digits)) => Cow::Owned(told_apart(inner, digits)),
    }
}

/// Where a long name may be cut so that its end, by which it differs from others, stays in sight; none for a name that
/// needs no cutting.
#[must_use]
pub fn end_to_keep(name: &str) -> Option<(&str, &str)> {
    let from = |count: usize| name.char_indices().rev().nth(count - 1).map(|(at, _)| at);
    if name.chars().count() <= 16 {
        return None;
    }
    let (least, most) = (from(6)?, from(10)?);
    let word = name.get(most..)?.find(' ').map(|space| most + space).filter(|at| *at <= least);
    name.split_at_checked(word.unwrap_or(least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_out_legal_form_becomes_its_short_one() {
        for (long, short) in [
            ("ТОВАРИЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ \"ТАБИҒАТ\"", "ТОО \"ТАБИҒАТ\""),
            ("\"Дала\" жауапкершілігі шектеулі серіктестігі", "\"Дала\" ЖШС"),
            ("ИНДИВИДУАЛЬНЫЙ  ПРЕДПРИНИМАТЕЛЬ АХМЕТОВ", "ИП АХМЕТОВ"),
            ("Филиал Акционерное общество «Народный»", "Филиал АО «Народный»"),
            ("ТОО «Товарищество»", "ТОО «Товарищество»"),
            ("", ""),
        ] {
            assert_eq!(shortened(long), short);
        }
    }

    #[test]
    fn names_that_read_the_same_are_told_apart_by_their_number() {
        assert_eq!(told_apart("ТОО «Дала»", "940140000385"), "ТОО «Дала» ··0385");
        assert_eq!(short_name("ТОО «Дала» ··0385"), "Дала ··0385");
        assert_eq!(short_name("ТОО «Дала··» (бывш.)"), "Дала··");
        assert_eq!(untold("ТОО «Дала» ··0385"), ("ТОО «Дала»", Some("0385")));
        assert_eq!(untold("ТОО «Дала» ··385"), ("ТОО «Дала» ··385", None));
    }

    #[test]
    fn a_holder_in_capitals_is_shortened_and_any_other_name_stays() {
        assert_eq!(holder_short("ИВАНОВ БАУЫРЖАН"), "Иванов Б.");
        assert_eq!(holder_short("ӘБІЛҚАСЫМОВА-ПЕТРОВА ӘСЕЛ ҚАНАТҚЫЗЫ"), "Әбілқасымова-Петрова Ә. Қ.");
        for kept in ["ИВАНОВ", "Иванов Иван", "ТОО «ДАЛА»", "ОТДЕЛ 7", "", "SERVER EXAMPLE.KZ"]
        {
            assert_eq!(holder_short(kept), kept);
        }
    }

    #[test]
    fn a_long_name_is_cut_before_its_last_word_or_letters() {
        assert_eq!(end_to_keep("Дала"), None);
        assert_eq!(end_to_keep("Агрохолдинг Сарыарқа Запад"), Some(("Агрохолдинг Сарыарқа", " Запад")));
        assert_eq!(end_to_keep("Агрохолдинг Сарыарқа 2 Строй"), Some(("Агрохолдинг Сарыарқа", " 2 Строй")));
        assert_eq!(end_to_keep("Казахстанстройинвестпроект"), Some(("Казахстанстройинвест", "проект")));
        assert_eq!(
            end_to_keep("Западно-Казахстанская энергосистема"),
            Some(("Западно-Казахстанская энергос", "истема"))
        );
    }
}
