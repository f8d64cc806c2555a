//! Finding by what somebody remembers: beginnings of words first, then what stands inside, then what is nearly so.

use crate::fold::find_fold;

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindKind {
    Client,
    Certificate,
    Task,
    Person,
    Page,
    /// Something to be done: a verb with its object.
    Act,
}

/// A thing that can be found, with the words that lead to it.
#[derive(Debug, Clone)]
pub struct Indexed {
    pub kind: FindKind,
    pub title: String,
    /// What stands small beside it.
    pub under: String,
    pub href: String,
    /// The client whose certificate or task it is, as far as the asker may see one.
    pub whose: String,
    /// Those of the title first.
    words: Vec<String>,
    /// How many of them are of the title.
    of_title: usize,
    /// A client whose contract has ended.
    pub archived: bool,
}

impl Indexed {
    /// With the texts that somebody may remember it by.
    #[must_use]
    pub fn new(kind: FindKind, title: impl Into<String>, under: impl Into<String>, href: String, by: &str) -> Self {
        let title = title.into();
        let mut all = words(&title);
        let of_title = all.len();
        all.extend(words(by).into_iter().filter(|word| !all.contains(word)).collect::<Vec<_>>());
        Self { kind, title, under: under.into(), href, whose: String::new(), words: all, of_title, archived: false }
    }

    /// The same thing with the client that it is of.
    #[must_use]
    pub fn of(self, whose: String) -> Self {
        Self { whose, ..self }
    }
}

/// Whether every word that was said begins a word of the name, in any spelling.
#[must_use]
pub fn is_called(name: &str, asked: &str) -> bool {
    let own = words(name);
    let said = spellings(asked).map(|text| words(&text));
    let begins = |word: &String| own.iter().any(|own| own.starts_with(word.as_str()));
    said.iter().any(|words| !words.is_empty() && words.iter().all(begins))
}

fn words(text: &str) -> Vec<String> {
    find_fold(text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// Answers without a typing error that are enough: then nobody has mistyped.
const ENOUGH: usize = 5;

/// The best of all, the nearest first; at most `most`. Typing errors are looked for only where little is found without.
#[must_use]
pub fn best<'a>(all: impl Iterator<Item = &'a Indexed> + Clone, asked: &str, most: usize) -> Vec<&'a Indexed> {
    let said = spellings(asked).map(|text| Said::all(&text));
    if said.iter().all(Vec::is_empty) {
        return Vec::new();
    }
    let with = |forgiving: bool| -> Vec<(u32, &'a Indexed)> {
        let cost = |thing: &Indexed| said.iter().filter_map(|words| cost(thing, words, forgiving)).min();
        all.clone().filter_map(|t| Some((cost(t)?, t))).collect()
    };
    let mut found = with(false);
    if found.len() < ENOUGH {
        found = with(true);
    }
    found.sort_by(|(a, x), (b, y)| (a, x.kind, x.title.len(), &x.title).cmp(&(b, y.kind, y.title.len(), &y.title)));
    found.into_iter().take(most).map(|(_, t)| t).collect()
}

/// What somebody may have meant: as it was typed, without the signs of a copied serial number, in Cyrillic letters, on the
/// other keyboard layout, in Latin letters. Empty where that is nothing.
#[must_use]
pub fn spellings(asked: &str) -> [String; 5] {
    let typed = find_fold(asked);
    let latin = to_latin(&typed);
    [typed, joined(asked), from_latin(asked), find_fold(&other_layout(asked)), latin]
}

/// A word that was said, with what is asked of it again and again.
struct Said {
    word: String,
    letters: Vec<char>,
    /// Typing errors that are forgiven: none in a short word or a number, for another number is another client.
    allowed: usize,
}

impl Said {
    fn all(text: &str) -> Vec<Self> {
        let of = |word: String| {
            let letters: Vec<char> = word.chars().collect();
            let allowed = match letters.len() {
                _ if word.bytes().all(|b| b.is_ascii_digit()) => 0,
                0..=3 => 0,
                4..=6 => 1,
                _ => 2,
            };
            Self { word, letters, allowed }
        };
        words(text).into_iter().map(of).collect()
    }
}

/// How far a thing is from all words that were said; none where one of them is nowhere. What a thing is called counts before
/// what else is known of it.
fn cost(thing: &Indexed, said: &[Said], forgiving: bool) -> Option<u32> {
    if said.is_empty() {
        return None;
    }
    let far = |word: &Said| {
        let own = thing.words.iter().enumerate();
        own.filter_map(|(n, own)| Some(2 * distance(own, word, forgiving)? + u32::from(n >= thing.of_title))).min()
    };
    said.iter().map(far).sum()
}

/// 0 for the word itself, 1 for its beginning, 2 for a part of it, 4 and more for a typing error.
fn distance(own: &str, said: &Said, forgiving: bool) -> Option<u32> {
    if own.starts_with(said.word.as_str()) {
        return Some(u32::from(own.len() > said.word.len()));
    }
    if said.letters.len() >= 3 && own.contains(said.word.as_str()) {
        return Some(2);
    }
    if !forgiving || said.allowed == 0 || !begins_alike(own, &said.letters) {
        return None;
    }
    let errors = errors(own, &said.letters, said.allowed)?;
    Some(3 + u32::try_from(errors).unwrap_or(9))
}

/// Whether one of the first two letters of both is the same: who errs twice there has meant something else.
fn begins_alike(own: &str, said: &[char]) -> bool {
    own.chars().take(2).any(|letter| said.iter().take(2).any(|s| *s == letter))
}

/// Letters to change, add, drop or swap so that `said` begins `own`; none beyond `allowed` (optimal string alignment).
fn errors(own: &str, a: &[char], allowed: usize) -> Option<usize> {
    let b: Vec<char> = own.chars().take(a.len() + allowed).collect();
    if b.len() + allowed < a.len() {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let mut least = (at(&row, j) + usize::from(x != y)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            next.push(least);
        }
        if next.iter().min().is_some_and(|least| *least > allowed) {
            return None;
        }
        before = std::mem::replace(&mut row, next);
    }
    row.into_iter().min().filter(|errors| *errors <= allowed)
}

const LATIN: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const CYRILLIC: &str = "йцукенгшщзхъфывапролджэячсмитьбюё";

/// The same keys on the other layout: «rfpfr» is «казак», «шзфеф» is "ipata".
fn other_layout(text: &str) -> String {
    let swap = |c: char| {
        let across = |from: &str, to: &str| from.chars().position(|x| x == c).and_then(|n| to.chars().nth(n));
        across(LATIN, CYRILLIC).or_else(|| across(CYRILLIC, LATIN)).unwrap_or(c)
    };
    text.to_lowercase().chars().map(swap).collect()
}

/// Latin spellings of Russian and Kazakh letters, the longest first.
const SPELLED: [(&str, &str); 36] = [
    ("shch", "щ"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("yu", "ю"),
    ("ya", "я"),
    ("yo", "е"),
    ("iy", "ий"),
    ("ye", "е"),
    ("a", "а"),
    ("b", "б"),
    ("c", "к"),
    ("d", "д"),
    ("e", "е"),
    ("f", "ф"),
    ("g", "г"),
    ("h", "х"),
    ("i", "и"),
    ("j", "ж"),
    ("k", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("q", "к"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("v", "в"),
    ("w", "в"),
    ("y", "ы"),
    ("z", "з"),
];

/// A Latin spelling in Cyrillic letters: "zhunisov" is «жунисов». Empty where there is nothing to spell.
fn from_latin(text: &str) -> String {
    let text = text.to_lowercase();
    if !text.bytes().any(|b| b.is_ascii_lowercase()) {
        return String::new();
    }
    let (mut out, mut rest) = (String::new(), text.as_str());
    while let Some(first) = rest.chars().next() {
        let (spelled, letter) =
            SPELLED.iter().find(|(spelled, _)| rest.starts_with(spelled)).copied().unwrap_or_default();
        if spelled.is_empty() {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        } else {
            out.push_str(letter);
            rest = rest.get(spelled.len()..).unwrap_or_default();
        }
    }
    out
}

/// Cyrillic letters in their shortest Latin spelling: «дала» is "dala". Empty where there is nothing to spell.
fn to_latin(folded: &str) -> String {
    let latin = |c: char| {
        let spelled = SPELLED.iter().rev().filter(|(_, letter)| letter.chars().eq([c]));
        spelled.map(|(latin, _)| *latin).min_by_key(|latin| latin.len())
    };
    if !folded.chars().any(|c| latin(c).is_some()) {
        return String::new();
    }
    folded.chars().map(|c| latin(c).map_or_else(|| c.to_string(), str::to_owned)).collect()
}

/// A phone without the 8 or 7 before its ten digits, or a serial number that was copied with colons or blanks; empty for
/// what is neither.
fn joined(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let dialled = text.chars().all(|c| c.is_ascii_digit() || "+-() \u{a0}".contains(c));
    if let Some(number) = digits.strip_prefix(['7', '8']).filter(|number| dialled && number.len() == 10) {
        return number.to_owned();
    }
    let parts = |c: char| c == ':' || c == '-' || c.is_whitespace();
    let plain: String = text.chars().filter(|c| !parts(*c)).collect();
    let serial = plain.len() >= 8 && plain.bytes().all(|b| b.is_ascii_hexdigit()) && text.contains(parts);
    if serial { plain } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register() -> Vec<Indexed> {
        let of = |n: usize, name: &str| Indexed::new(FindKind::Client, name, "", format!("/clients/{n}"), name);
        [
            "ТОО «Ертіс Текстиль» 100140010000 +7 700 189 27 81 7001892781",
            "ТОО «Ертыс» 100140010001",
            "ИП Абдрахманов Руслан",
            "ЖШС «Қазақ Жолы»",
        ]
        .into_iter()
        .enumerate()
        .map(|(n, name)| of(n, name))
        .collect()
    }

    fn first(asked: &str) -> Option<String> {
        let all = register();
        best(all.iter(), asked, 5).first().map(|f| f.href.clone())
    }

    #[test]
    fn a_beginning_a_number_a_phone_and_a_typing_error_lead_to_the_client() {
        assert_eq!(first("ертіс").as_deref(), Some("/clients/0"));
        assert_eq!(first("100140010001").as_deref(), Some("/clients/1"));
        for dialled in ["87001892781", "8 700 189 27 81", "+7 (700) 189-27-81", "77001892781", "7001892781"] {
            assert_eq!(first(dialled).as_deref(), Some("/clients/0"), "{dialled}");
        }
        assert_eq!(first("7001892781").as_deref(), Some("/clients/0"));
        assert_eq!(first("189 27 81").as_deref(), Some("/clients/0"));
        assert_eq!(first("абдрахмонов").as_deref(), Some("/clients/2"), "one letter wrong");
        assert_eq!(first("бадрахманов").as_deref(), Some("/clients/2"), "two letters swapped");
        assert_eq!(first("текстил").as_deref(), Some("/clients/0"));
        assert_eq!(first("казак жолы").as_deref(), Some("/clients/3"), "Kazakh letters by Russian ones");
        assert_eq!(first("abdrakhmanov").as_deref(), Some("/clients/2"), "a Latin spelling");
        assert_eq!(first("10:01:40-01 00:01").as_deref(), Some("/clients/1"), "copied with colons");
        assert_eq!(first("heckfy").as_deref(), Some("/clients/2"), "typed on the other layout");
    }

    #[test]
    fn what_is_called_so_stands_before_what_only_knows_somebody_of_that_name() {
        let known = Indexed::new(FindKind::Client, "ЖҮНІСОВ", "", "/clients/1".into(), "ЖҮНІСОВ Касымов Ерлан");
        let called =
            Indexed::new(FindKind::Certificate, "КАСЫМОВ МАДИНА", "", "/certificates/2".into(), "КАСЫМОВ МАДИНА");
        let all = [known, called];
        let order: Vec<&str> = best(all.iter(), "касымов", 5).iter().map(|f| f.href.as_str()).collect();
        assert_eq!(order, ["/certificates/2", "/clients/1"]);
    }

    #[test]
    fn a_name_is_called_by_the_beginnings_of_its_words() {
        assert!(is_called("КАСЫМОВ МАДИНА", "касымов") && is_called("КАСЫМОВ МАДИНА", "kasymov"));
        assert!(!is_called("ӘБІЛҚАСЫМОВ ИВАН", "касымов") && !is_called("КАСЫМОВ МАДИНА", ""));
    }

    #[test]
    fn every_word_must_be_there_and_a_wrong_number_finds_nobody() {
        assert_eq!(first("ертіс абдрахманов"), None);
        assert_eq!(first("100140010009"), None);
        assert_eq!(first(" "), None);
    }

    proptest::proptest! {
        #[test]
        fn a_name_is_found_with_any_one_letter_changed(at in 0usize..11, letter in proptest::char::range('а', 'я')) {
            let mut typed: Vec<char> = "абдрахманов".chars().collect();
            typed[at] = letter;
            proptest::prop_assert_eq!(first(&typed.into_iter().collect::<String>()), Some("/clients/2".to_owned()));
        }

        #[test]
        fn nothing_that_is_typed_breaks_it(text in ".{0,60}") {
            let all = register();
            let _ = best(all.iter(), &text, 5);
        }
    }

    #[test]
    fn a_latin_name_is_found_by_its_sound_in_cyrillic() {
        assert_eq!(to_latin("дала фреш"), "dala fresh");
        let all = [Indexed::new(FindKind::Client, "ТОО «Dala Fresh»", "", "/clients/9".into(), "ТОО «Dala Fresh»")];
        for asked in ["дала", "Дала фреш", "dala", "вфдф"] {
            assert_eq!(best(all.iter(), asked, 5).len(), 1, "{asked}");
        }
    }
}
