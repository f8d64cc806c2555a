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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_plurals_follow_the_last_digits() {
        let forms: Vec<_> = [1, 2, 5, 11, 12, 21, 22, 25, 111, 114, 121].map(plural_ru).into();
        assert_eq!(forms, ["one", "few", "many", "many", "many", "one", "few", "many", "many", "many", "one"]);
    }
}
