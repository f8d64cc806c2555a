//! One spelling for search: case, composition and invisible signs do not matter.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Characters that reorder or hide text: bidi controls, zero-width signs, soft hyphen.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

/// The form in which names are searched: NFKC, lower case, ё as е, quotes and invisible signs dropped,
/// one blank between words. Kazakh letters stay themselves.
#[must_use]
pub fn fold(text: &str) -> String {
    let once = fold_once(text);
    // A sign that was dropped may have parted a letter from its mark.
    if is_plain(&once) { once } else { fold_once(&once) }
}

/// Whether composing would change nothing, which is so of nearly every name and quick to see.
fn is_plain(text: &str) -> bool {
    text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes
}

fn fold_once(text: &str) -> String {
    if is_plain(text) { folded(text.chars(), text.len()) } else { folded(text.nfkc(), text.len()) }
}

fn folded(chars: impl Iterator<Item = char>, room: usize) -> String {
    let mut out = String::with_capacity(room);
    for c in chars.flat_map(char::to_lowercase) {
        match c {
            'ё' => out.push('е'),
            '«' | '»' | '"' | '“' | '”' | '„' | '\'' | '’' => {}
            c if is_invisible(c) => {}
            c if c.is_whitespace() || c.is_control() => {
                if !out.ends_with(' ') && !out.is_empty() {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The form in which things are found: as [`fold`], with Kazakh letters as their Russian neighbours, for many keyboards
/// have no others.
#[must_use]
pub fn find_fold(text: &str) -> String {
    let alike = |c: char| match c {
        'ә' => 'а',
        'ғ' => 'г',
        'қ' => 'к',
        'ң' => 'н',
        'ө' => 'о',
        'ұ' | 'ү' => 'у',
        'һ' => 'х',
        'і' => 'и',
        c => c,
    };
    fold(text).chars().map(alike).collect()
}

/// The Kazakh alphabet, which holds the Russian one in its order.
const ALPHABET: &str = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя";

/// A text by which names are sorted: comparing its bytes follows the alphabet, in Russian and Kazakh alike.
#[must_use]
pub fn sort_key(text: &str) -> String {
    let place = |c: char| {
        let at = ALPHABET.chars().position(|letter| letter == c).and_then(|n| u32::try_from(n).ok());
        at.and_then(|n| char::from_u32(0xE000 + n)).unwrap_or(c)
    };
    fold(text).chars().map(place).collect()
}

/// Text that is safe to show on one line: controls become blanks, invisible signs vanish, at most
/// `max` characters.
#[must_use]
pub fn shown(text: &str, max: usize) -> String {
    let mut out: String =
        text.nfc().filter(|c| !is_invisible(*c)).map(|c| if c.is_control() { ' ' } else { c }).take(max + 1).collect();
    if out.chars().count() > max {
        out.pop();
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kazakh_letters_are_found_by_russian_ones_and_sorted_by_the_alphabet() {
        assert_eq!(find_fold("ТОО «Ақ жол ҚҰРЫЛЫС»"), find_fold("тоо ак жол курылыс"));
        let mut names = ["Яна", "Қуат", "Кузов", "Ләззат", "Әлем", "Алем", "Бота", "Ель", "Ёлка", "Alpha"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, ["Alpha", "Алем", "Әлем", "Бота", "Ёлка", "Ель", "Кузов", "Қуат", "Ләззат", "Яна"]);
    }

    #[test]
    fn kazakh_and_russian_names_are_found_in_any_case() {
        assert!(fold("ТОО «ӘЛЕМ  Құрылыс»").contains(&fold("әлем құрылыс")));
        assert!(fold("Ёлкин").contains(&fold("елкин")));
        assert_eq!(fold("И\u{306}СА"), fold("йса"));
        assert_eq!(fold("ТЕС\u{200b}ТОВ"), "тестов");
    }

    #[test]
    fn shown_text_has_no_direction_tricks_and_a_length() {
        assert_eq!(shown("a\u{202e}b\nc", 10), "ab c");
        assert_eq!(shown("абвгд", 3), "абв…");
    }

    #[test]
    fn a_quote_between_a_letter_and_its_mark_leaves_one_letter() {
        assert_eq!(fold("a\"\u{306}"), "ă");
        assert_eq!(fold("е\"\u{308}"), "е");
    }

    proptest::proptest! {
        #[test]
        fn folding_twice_is_folding_once(s in ".*") {
            let once = fold(&s);
            proptest::prop_assert_eq!(fold(&once), once.clone());
        }
    }
}
