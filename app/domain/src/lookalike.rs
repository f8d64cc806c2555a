//! Mail addresses that look like others: one letter of another alphabet is enough to write to a stranger.

/// Cyrillic letters that look like Latin ones (Unicode TR39, confusables).
const ALIKE: [(char, char); 18] = [
    ('а', 'a'),
    ('в', 'b'),
    ('с', 'c'),
    ('е', 'e'),
    ('н', 'h'),
    ('і', 'i'),
    ('ј', 'j'),
    ('к', 'k'),
    ('м', 'm'),
    ('о', 'o'),
    ('р', 'p'),
    ('ѕ', 's'),
    ('т', 't'),
    ('у', 'y'),
    ('ү', 'y'),
    ('х', 'x'),
    ('һ', 'h'),
    ('ԛ', 'q'),
];

/// The first sign of an address that cannot be seen, or stands in a part that has Latin letters too.
#[must_use]
pub fn strange_letter(address: &str) -> Option<char> {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let mixed = |part: &str| {
        let latin = part.chars().any(|c| c.is_ascii_alphabetic());
        part.chars().find(|c| latin && !c.is_ascii())
    };
    address.chars().find(|c| hidden(*c)).or_else(|| address.split(['@', '.']).find_map(mixed))
}

/// The address as it looks: letters that are alike are one, and so are `1` and `l`, `0` and `o`, `rn` and `m`.
#[must_use]
pub fn as_it_looks(address: &str) -> String {
    let letter = |c: char| match c {
        '1' | 'i' => 'l',
        '0' => 'o',
        c => ALIKE.iter().find(|(other, _)| *other == c).map_or(c, |(_, latin)| *latin),
    };
    let plain: String = address.to_lowercase().chars().map(letter).collect();
    plain.replace('i', "l").replace("rn", "m")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_of_another_alphabet_and_what_cannot_be_seen_are_found() {
        assert_eq!(strange_letter("aigerim@example.kz"), None);
        assert_eq!(strange_letter("aigeрim@example.kz"), Some('р'));
        assert_eq!(strange_letter("aigerim@examрle.kz"), Some('р'));
        assert_eq!(strange_letter("aigerim\u{200b}@example.kz"), Some('\u{200b}'));
        assert_eq!(strange_letter("пошта@мысал.қаз"), None, "an address may be of one other alphabet");
        assert_eq!(strange_letter("info@мысал.қаз"), None, "each part by itself");
    }

    #[test]
    fn addresses_that_look_alike_are_one() {
        for other in ["aіgerim@example.kz", "a1gerim@example.kz", "aigerirn@example.kz", "AIGERIM@example.kz"] {
            assert_eq!(as_it_looks(other), as_it_looks("aigerim@example.kz"), "{other}");
        }
        assert_ne!(as_it_looks("aigerim2@example.kz"), as_it_looks("aigerim@example.kz"));
    }
}
