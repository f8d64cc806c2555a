//! What a browser says of itself, as people name it.

/// Browsers by what their `User-Agent` holds; one that pretends to be another stands before it.
const BROWSERS: [(&str, &str); 9] = [
    ("YaBrowser/", "Yandex"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Systems in the same way: a phone with Android also says Linux, an iPhone also Mac.
const SYSTEMS: [(&str, &str); 7] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// «Chrome, Windows»; what is known of the two, or nothing of either.
#[must_use]
pub fn browser_name(user_agent: &str) -> Option<String> {
    let of = |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, n)| *n);
    let known: Vec<&str> = [of(&BROWSERS), of(&SYSTEMS)].into_iter().flatten().collect();
    (!known.is_empty()).then(|| known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_that_pretends_to_be_another_is_named_by_its_own_name() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";
        let named = |tail: &str| browser_name(&format!("{windows} {tail}")).unwrap();
        assert_eq!(named("Chrome/148.0.0.0 Safari/537.36"), "Chrome, Windows");
        assert_eq!(named("Chrome/148.0.0.0 Safari/537.36 Edg/148.0"), "Edge, Windows");
        assert_eq!(named("Chrome/146.0.0.0 YaBrowser/26.4.0 Safari/537.36"), "Yandex, Windows");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) Version/19.1 Mobile/15E148 Safari/604.1";
        assert_eq!(browser_name(phone).unwrap(), "Safari, iPhone");
        assert_eq!(
            browser_name("Mozilla/5.0 (Android 16; Mobile; rv:141.0) Firefox/141.0").unwrap(),
            "Firefox, Android"
        );
        assert_eq!(browser_name("curl/8.9"), None);
    }
}
