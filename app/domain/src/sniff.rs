//! What a file is by its content, cheap enough for a browser: above all, whether it holds a key.
//!
//! The server and the page ask the same functions, so both refuse the same files.

mod digits;

use crate::fold::is_invisible;
use digits::{CODED, LEAST_DIGITS, from_base64, in_digits, six_bits};

/// A kind of secret that must not be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// PKCS#12 (RFC 7292), Java key store, or an archive-like container of keys.
    Container,
    /// A private key: PEM of any kind, PKCS#8 or PKCS#1 in DER.
    PrivateKey,
}

/// Whether the bytes hold a key or a container of keys.
#[must_use]
pub fn secret(bytes: &[u8]) -> Option<Secret> {
    if let Some(found) = at_start(bytes).or_else(|| at_start(after_first(bytes))) {
        return Some(found);
    }
    // A key in PEM may follow a certificate in DER, and UTF-16 may come without its mark.
    if holds(bytes, b"PRIVATE KEY-----") || holds(bytes, b"P\0R\0I\0V\0A\0T\0E\0 \0K\0E\0Y\0") {
        return Some(Secret::PrivateKey);
    }
    let text = text(bytes)?;
    if mentions_key(&text) {
        return Some(Secret::PrivateKey);
    }
    text.split("-----BEGIN").find_map(in_base64)
}

/// Whether a key or a container stands anywhere in the bytes, as it is, in Base64 or in hexadecimal digits, coded twice at
/// most: under the coat of a picture, behind a document, in a text. What is compressed cannot be seen.
#[must_use]
pub fn secret_anywhere(bytes: &[u8]) -> Option<Secret> {
    secret(bytes).or_else(|| within(bytes, CODED)).or_else(|| in_loose_text(bytes))
}

/// A text of more bytes is none that somebody has typed or pasted into a field.
const TYPED: usize = 64 * 1024;

/// A key in a text whose digits are parted by what a chat or a program puts between them: invisible signs, blanks of any
/// kind, commas, quotes, the `0x` of a list of bytes; or as JSON (RFC 7517) with its private part.
fn in_loose_text(bytes: &[u8]) -> Option<Secret> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= TYPED)?;
    let between = |c: char| c.is_whitespace() || is_invisible(c) || ",.;|\"'`".contains(c);
    let text = narrow(text);
    let plain: String = text.replace("0x", "").replace("0X", "").chars().filter(|c| !between(*c)).collect();
    let tight: String = text.chars().filter(|c| !c.is_whitespace() && *c != '"').collect();
    if tight.contains("kty:") && [",d:", "{d:"].iter().any(|private| tight.contains(private)) {
        return Some(Secret::PrivateKey);
    }
    in_digits(plain.as_bytes(), CODED).or_else(|| in_decimal(&text))
}

/// Letters and digits of full width (U+FF01 to U+FF5E) as those of ASCII that they look like.
fn narrow(text: &str) -> String {
    let narrow = |c: char| match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(narrow).collect()
}

/// A key as a list of bytes in decimal numbers.
fn in_decimal(text: &str) -> Option<Secret> {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    let bytes: Vec<Option<u8>> = numbers.map(|number| number.parse().ok()).collect();
    let runs = bytes.split(Option::is_none).map(|run| run.iter().copied().flatten().collect::<Vec<u8>>());
    runs.filter(|run| run.len() >= LEAST_DIGITS).find_map(|run| within(&run, CODED))
}

fn within(bytes: &[u8], coded: u8) -> Option<Secret> {
    let begins = |(at, first): (usize, &u8)| {
        let rest = bytes.get(at..).unwrap_or_default();
        match first {
            0x30 | 0xFE | 0xCE => at_start(rest),
            b'P' | b'o' => named(rest),
            _ => None,
        }
    };
    bytes.iter().enumerate().find_map(begins).or_else(|| in_digits(bytes, coded))
}

/// A key by the name with which its text, or the body of its text, begins: OpenSSH, PuTTY, PGP; in UTF-16 too.
fn named(bytes: &[u8]) -> Option<Secret> {
    const NAMES: [&[u8]; 5] = [
        b"openssh-key-v1\0",
        b"PuTTY-User-Key-File",
        b"PGP PRIVATE KEY BLOCK",
        b"P\0u\0T\0T\0Y\0-\0U\0s\0e\0r\0-\0K\0e\0y",
        b"P\0G\0P\0 \0P\0R\0I\0V\0A\0T\0E\0 \0K\0E\0Y",
    ];
    NAMES.iter().any(|name| bytes.starts_with(name)).then_some(Secret::PrivateKey)
}

/// Whether the bytes look like what an import can read: DER of some length, PEM or Base64 of certificates or
/// signatures, signed XML. Of a whole folder nothing else needs to be looked at by anybody.
#[must_use]
pub fn looks_readable(bytes: &[u8]) -> bool {
    if let Some(body) = inside_sequence(bytes) {
        // A certificate begins with a sequence, a signed message with an object identifier; keys with a number.
        return matches!(bytes, [0x30, 0x80..=0xff, ..]) && matches!(body, [0x30 | 6, ..]);
    }
    let Some(text) = text(bytes) else { return false };
    let start = text.trim_start();
    let pem = ["CERTIFICATE", "PKCS7", "CMS", "TRUSTED CERTIFICATE", "X509 CERTIFICATE"];
    pem.iter().any(|kind| text.contains(&format!("-----BEGIN {kind}-----")))
        || start.starts_with("MII")
        || (start.starts_with('<') && text.contains("Signature"))
}

fn at_start(bytes: &[u8]) -> Option<Secret> {
    if is_pkcs12(bytes) || is_java_store(bytes) {
        Some(Secret::Container)
    } else {
        is_bare_key(bytes).then_some(Secret::PrivateKey)
    }
}

/// What follows the first DER element, white space left out; nothing where its length is not definite.
fn after_first(bytes: &[u8]) -> &[u8] {
    let end = match bytes {
        [0x30, short @ ..=0x7f, ..] => usize::from(*short) + 2,
        [0x30, 0x81, a, ..] => usize::from(*a) + 3,
        [0x30, 0x82, a, b, ..] => usize::from(*a) * 256 + usize::from(*b) + 4,
        [0x30, 0x83, a, b, c, ..] => (usize::from(*a) << 16) + usize::from(*b) * 256 + usize::from(*c) + 5,
        _ => bytes.len(),
    };
    bytes.get(end..).unwrap_or_default().trim_ascii_start()
}

fn holds(bytes: &[u8], piece: &[u8]) -> bool {
    let Some(first) = piece.first() else { return true };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|b| b == first) {
        rest = rest.get(at..).unwrap_or_default();
        if rest.starts_with(piece) {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

/// The certificate blocks of a text that also holds other things; none if there is no whole block.
#[must_use]
pub fn certificate_blocks(bytes: &[u8]) -> Option<String> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let text = text(bytes)?;
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((_, after)) = rest.split_once(BEGIN) {
        let (body, tail) = after.split_once(END)?;
        if body.contains("-----BEGIN") {
            return None;
        }
        out.push_str(BEGIN);
        out.push_str(body);
        out.push_str(END);
        out.push('\n');
        rest = tail;
    }
    (!out.is_empty()).then_some(out)
}

/// Text of a file in UTF-8 or UTF-16 with a byte order mark; none for binary content.
#[must_use]
pub fn text(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => std::str::from_utf8(rest).ok().map(str::to_owned),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ if bytes.iter().take(4096).any(|b| *b < 9) => after_stray(bytes),
        _ => Some(String::from_utf8_lossy(bytes).into_owned()),
    }
}

/// The PEM text of a file that begins with a few bytes of something else.
fn after_stray(bytes: &[u8]) -> Option<String> {
    let begin = bytes.windows(11).take(64).position(|w| w == b"-----BEGIN ")?;
    let rest = bytes.get(begin..)?;
    (!rest.iter().take(4096).any(|b| *b < 9)).then(|| String::from_utf8_lossy(rest).into_owned())
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Option<String> {
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(read));
    char::decode_utf16(units).collect::<Result<String, _>>().ok()
}

fn mentions_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----") || text.contains("PuTTY-User-Key-File") || text.contains("-----BEGIN PGP PRIVATE")
}

/// A container or key as bare Base64, or inside a PEM block whatever its label says.
fn in_base64(text: &str) -> Option<Secret> {
    let body = text.split_once("-----").map_or(text, |(_, body)| body);
    let digits = body.bytes().filter(|b| !b.is_ascii_whitespace()).take(96);
    let digits: Vec<u8> = digits.take_while(|b| six_bits(*b).is_some()).collect();
    at_start(&from_base64(&digits))
}

/// `SEQUENCE { INTEGER 3, SEQUENCE { OID pkcs7 … } }` in DER or BER (RFC 7292, 4).
fn is_pkcs12(bytes: &[u8]) -> bool {
    let Some(body) = inside_sequence(bytes) else { return false };
    match body {
        [2, 1, 3, 0x30, rest @ ..] => {
            let head = rest.get(..24).unwrap_or(rest);
            // OID 1.2.840.113549.1.7.x opens the authenticated safe.
            head.windows(10).any(|w| w == [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7])
        }
        _ => false,
    }
}

/// JKS or JCEKS by their magic numbers and versions, which are 1 and 2.
fn is_java_store(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 1 | 2, ..] | [0xCE, 0xCE, 0xCE, 0xCE, 0, 0, 0, 1 | 2, ..])
}

/// Whether it begins as PKCS#8 (RFC 5958), `{ INTEGER 0/1, SEQUENCE { OID … }`, and no SEQUENCE follows: there a revocation
/// list or an old certificate (RFC 5280) names its issuer.
fn is_pkcs8(body: &[u8]) -> bool {
    let (at, length) = match body {
        [2, 1, 0 | 1, 0x30, 0x82, a, b, 6, ..] => (7, usize::from(*a) * 256 + usize::from(*b)),
        [2, 1, 0 | 1, 0x30, 0x81, a, 6, ..] => (6, usize::from(*a)),
        [2, 1, 0 | 1, 0x30, a @ ..=0x7f, 6, ..] => (5, usize::from(*a)),
        _ => return false,
    };
    body.get(at + length).is_none_or(|next| *next != 0x30)
}

/// PKCS#8, encrypted PKCS#8 `{ SEQUENCE { OID pbes`, PKCS#1 `{ INTEGER 0, INTEGER n`,
/// SEC1 `{ INTEGER 1, OCTET STRING`.
fn is_bare_key(bytes: &[u8]) -> bool {
    let Some(body) = inside_sequence(bytes) else { return false };
    if is_pkcs8(body) {
        return true;
    }
    match body {
        [2, 1, 0, 2, 0x82 | 0x81, ..] | [2, 1, 0, 2, 0x21..=0x7f, 0, 0x80..=0xff, ..] | [2, 1, 1, 4, 14..=66, ..] => {
            true
        }
        [0x30, rest @ ..] => {
            let head = rest.get(..16).unwrap_or(rest);
            // PBES1 and PBES2: 1.2.840.113549.1.5.x; PKCS#12 PBE: 1.2.840.113549.1.12.1.x.
            head.windows(8).any(|w| w == [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5])
                || head.windows(9).any(|w| w == [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1])
        }
        _ => false,
    }
}

fn inside_sequence(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [0x30, 0x80, rest @ ..] => Some(rest),
        [0x30, long, rest @ ..] if *long > 0x80 => rest.get(usize::from(long & 0x7f)..),
        [0x30, _, rest @ ..] => Some(rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_pem_is_a_secret_whatever_stands_beside_it() {
        let mixed = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n";
        assert_eq!(secret(mixed.as_bytes()), Some(Secret::PrivateKey));
        assert_eq!(
            certificate_blocks(mixed.as_bytes()).unwrap(),
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
        );
    }

    #[test]
    fn containers_are_known_by_content() {
        assert_eq!(secret(&[0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2]), Some(Secret::Container));
        let p12 = [0x30, 0x82, 9, 9, 2, 1, 3, 0x30, 0x80, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
        assert_eq!(secret(&p12), Some(Secret::Container));
        let pkcs8 = [0x30, 0x82, 4, 0xbe, 2, 1, 0, 0x30, 13, 6, 9, 0x2a];
        assert_eq!(secret(&pkcs8), Some(Secret::PrivateKey));
    }

    #[test]
    fn a_revocation_list_and_an_old_certificate_are_no_keys() {
        let algorithm = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11, 5, 0];
        for (next, found) in [(0x30, None), (4, Some(Secret::PrivateKey))] {
            let body = [&[0x30, 0x82, 1, 0, 2, 1, 1][..], &algorithm, &[next, 0x82, 1, 0]].concat();
            assert_eq!(secret(&body), found, "{next}");
            assert_eq!(secret_anywhere(&[b"%PDF-1.7 ", body.as_slice()].concat()), found, "{next}");
        }
    }

    #[test]
    fn megabytes_of_numbers_are_looked_through_at_once() {
        let begun = std::time::Instant::now();
        for digit in [b"2".as_slice(), b"0123456789", b"851231400001\n"] {
            assert_eq!(secret_anywhere(&digit.repeat(4_000_000 / digit.len())), None);
        }
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}", begun.elapsed());
    }

    #[test]
    fn a_key_behind_a_certificate_is_found() {
        let certificate = [0x30, 3, 2, 1, 5];
        let pkcs8 = [0x30, 0x82, 4, 0xbe, 2, 1, 0, 0x30, 13, 6, 9, 0x2a];
        assert_eq!(secret(&[&certificate[..], &pkcs8].concat()), Some(Secret::PrivateKey));
        assert_eq!(
            secret(&[&certificate[..], b"\n-----BEGIN PRIVATE KEY-----\nAA"].concat()),
            Some(Secret::PrivateKey)
        );
        let second = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN DATA-----\nMIIEvgIBADANBgkqhkiG9w0BAQ==\n-----END DATA-----\n";
        assert_eq!(secret(second.as_bytes()), Some(Secret::PrivateKey));
    }

    #[test]
    fn a_key_is_found_behind_anything() {
        let p12 = [0x30, 0x82, 9, 9, 2, 1, 3, 0x30, 0x80, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
        let base64 = b"xx MIIJCQIBAzCABgkqhkiG9w0BBwEA yy";
        for coat in [&b"%PDF-1.7 stream\n"[..], b"\x89PNG\r\n\x1a\n\0\0", b"\n"] {
            assert_eq!(secret_anywhere(&[coat, &p12, b" end"].concat()), Some(Secret::Container));
            assert_eq!(secret_anywhere(&[coat, base64].concat()), Some(Secret::Container));
            assert_eq!(secret_anywhere(coat), None);
        }
        // A Java key store, an OpenSSH and a PuTTY key, a PGP block, short keys of SEC1, Ed25519 and GOST.
        for (found, coded) in [
            (&[0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2, 0][..], "/u3+7QAAAAIA"),
            (&[0xCE, 0xCE, 0xCE, 0xCE, 0, 0, 0, 1, 0], "zs7OzgAAAAEA"),
            (b"openssh-key-v1\0", "b3BlbnNzaC1rZXktdjEA"),
            (b"PuTTY-User-Key-File-3", "UHVUVFktVXNlci1LZXktRmlsZS0z"),
            (b"-----BEGIN PGP PRIVATE KEY BLOCK-----", "LS0tLS1CRUdJTiBQR1AgUFJJVkFURSBLRVkgQkxPQ0stLS0tLQ=="),
            (b"-----BEGIN PRIVATE KEY-----", "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t"),
            (&[0x30, 0x77, 2, 1, 1, 4, 32, 7, 7], "MHcCAQEE\n IAcH"),
            (&[0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3], "MC4CAQAwBQYD"),
            (&[0x30, 0x46, 2, 1, 0, 0x30, 0x1f, 6, 8], "MEYCAQAwHwYI"),
        ] {
            for coat in [&b"%PDF-1.7 stream\n"[..], b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xd8\xff\xe0\0\x10 "] {
                assert!(secret_anywhere(&[coat, found, b" end"].concat()).is_some(), "{found:x?}");
                assert!(secret_anywhere(&[coat, coded.as_bytes(), b" end"].concat()).is_some(), "{coded}");
            }
        }
        // As chats and programs part the digits, and as JSON.
        let parted = |by: &str| "MHcCAQEEIAcHBwcH".chars().map(|c| format!("{c}{by}")).collect::<String>();
        for by in ["\u{200b}", "\u{2060}", "\u{ad}", "\u{a0}", "\u{2009}", ", ", ".", "'"] {
            assert!(secret_anywhere(parted(by).as_bytes()).is_some(), "{by:?}");
        }
        for text in [
            "ключ: 0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20, 0x07, 0x07",
            r#"{"kty":"EC","crv":"P-256","x":"f83O","d":"jpsQ"}"#,
            r#"{ "d": "jpsQ", "kty": "OKP" }"#,
        ] {
            assert!(secret_anywhere(text.as_bytes()).is_some(), "{text}");
        }
        for text in [r#"{"kty":"EC","crv":"P-256","x":"f83O","y":"x_FE"}"#, "звонили, 0x30 раз; ждём"] {
            assert!(secret_anywhere(text.as_bytes()).is_none(), "{text}");
        }
        // Not on a boundary of three bytes, in the other alphabet, in UTF-16, twice, in hexadecimal digits; a short RSA key.
        let wide = "MIIJCQIBAzCABgkqhkiG9w0BBwEA".bytes().flat_map(|b| [b, 0]).collect::<Vec<u8>>();
        let rsa = [0x30, 0x82, 1, 0x3a, 2, 1, 0, 2, 0x41, 0, 0xc3, 1, 1, 1];
        for coded in [
            &b"%PDF AP7t/u0AAAACAAAAAAAAAAAAAAAA"[..],
            b"%PDF AAD+7f7tAAAAAgAAAAAAAAAAAAAA",
            b"%PDF _u3-7QAAAAIAAAAAAAAAAAAAAAAA",
            b"%PDF TUlJSkNRSUJBekNBQmdrcWhraUc5dzBCQndFQUFBQUFBQUFB",
            b"%PDF 30 82 09 09 02 01 03 30 80 06 09 2a 86 48 86 f7 0d 01 07 01",
            b"%PDF 30820909020103308006092A864886F70D010701",
            &[&b"%PDF-1.7 "[..], &wide].concat(),
            &[&b"%PDF-1.7 "[..], &rsa].concat(),
        ] {
            assert!(secret_anywhere(coded).is_some(), "{}", String::from_utf8_lossy(coded));
        }
        let noise: Vec<u8> = (0..200_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert_eq!(secret_anywhere(&noise), None);
    }

    #[test]
    fn a_key_is_found_in_base32_in_decimal_numbers_and_in_wide_letters() {
        let rsa: Vec<u8> = [&[0x30, 0x82, 1, 0x3a, 2, 1, 0, 2, 0x41, 0, 0xc3][..], &[1; 40]].concat();
        let decimal = rsa.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
        let wide: String =
            "MIIJCQIBAzCABgkqhkiG9w0BBwEA".chars().filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0)).collect();
        let base32 = "GCBACOQCAEAAEQIAYMAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQ";
        for coded in [decimal.clone(), format!("[{decimal}]"), wide, base32.to_owned(), base32.to_lowercase()] {
            assert!(secret_anywhere(coded.as_bytes()).is_some(), "{coded}");
        }
        let years = (1900..2030).map(|year| year.to_string()).collect::<Vec<_>>().join(", ");
        let days = (1..=31).map(|day| format!("{day}.11.2026")).collect::<Vec<_>>().join("; ");
        for plain in [years, days, "достопримечательности".repeat(9), "internationalization".repeat(9)]
        {
            assert_eq!(secret_anywhere(plain.as_bytes()), None, "{plain}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic_anywhere(bytes: Vec<u8>) { let _ = secret_anywhere(&bytes); }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) { let _ = secret(&bytes); let _ = certificate_blocks(&bytes); }
    }
}
