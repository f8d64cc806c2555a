//! Texts of the pages, by key, one language at a time.

include!(concat!(env!("OUT_DIR"), "/text.rs"));

/// Plural form of a Russian number (CLDR).
fn plural_ru(n: i64) -> &'static str {
    match (n.abs() % 10, n.abs() % 100) {
        (1, h) if h != 11 => "one",
        (2..=4, h) if !(12..=14).contains(&h) => "few",
        _ => "many",
    }
}

fn plural_en(n: i64) -> &'static str {
    if n.abs() == 1 { "one" } else { "other" }
}

/// A number of five and more digits in groups of three, which do not part at the end of a line: «50 000».
#[must_use]
pub fn spaced(n: i64) -> String {
    if n.abs() < 10_000 {
        return n.to_string();
    }
    let digits: Vec<char> = n.abs().to_string().chars().rev().collect();
    let groups: Vec<String> = digits.chunks(3).rev().map(|group| group.iter().rev().collect()).collect();
    format!("{}{}", if n < 0 { "−" } else { "" }, groups.join("\u{a0}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_read_in_groups() {
        let all = [0, 999, 1_000, 9_999, 10_000, 50_000, 1_234_567, -25_000].map(spaced);
        let shown = ["0", "999", "1000", "9999", "10\u{a0}000", "50\u{a0}000", "1\u{a0}234\u{a0}567", "−25\u{a0}000"];
        assert_eq!(all, shown);
    }

    #[test]
    fn russian_plurals_follow_the_last_digits() {
        let forms: Vec<_> = [1, 2, 5, 11, 12, 21, 22, 25, 111, 114, 121].map(plural_ru).into();
        assert_eq!(forms, ["one", "few", "many", "many", "many", "one", "few", "many", "many", "many", "one"]);
    }
}
