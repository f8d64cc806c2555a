//! Names in certificates: strings by their ASN.1 tag (X.680 41, RFC 5280 4.1.2.4), never trusted to be what they claim.

use domain::certificate::{Subject, Warning};
use x509_parser::asn1_rs::{Any, Tag};
use x509_parser::x509::X509Name;

/// A decoded attribute, and whether the decoding had to guess or to replace.
struct Text {
    value: String,
    oddity: Option<Warning>,
}

/// The subject's attributes and what is odd about them. Numbers are read by the national profile: without its prefix a
/// serial number is an ИИН only in a national certificate, for other countries write their own into that attribute.
pub fn subject(name: &X509Name<'_>, national: bool) -> (Subject, Vec<Warning>) {
    let mut out = Subject::default();
    let (mut odd, mut bins) = (Vec::new(), Vec::new());
    for attribute in name.iter_attributes() {
        let text = decode(attribute.attr_value());
        odd.extend(text.oddity);
        let value = text.value;
        let slot = match attribute.attr_type().to_id_string().as_str() {
            "2.5.4.3" => &mut out.common_name,
            "2.5.4.4" => &mut out.surname,
            "2.5.4.42" => &mut out.given_name,
            "2.5.4.10" => &mut out.organization,
            "2.5.4.6" => &mut out.country,
            "1.2.840.113549.1.9.1" => &mut out.email,
            "2.5.4.5" => {
                match strip(&value, "BIN") {
                    Some(bin) => bins.push(bin),
                    None => out.iin = strip(&value, "IIN").or_else(|| national.then_some(value)).or(out.iin),
                }
                continue;
            }
            "2.5.4.11" => {
                bins.extend(strip(&value, "BIN"));
                continue;
            }
            _ => continue,
        };
        // A name goes from the general to the particular: of several values the last is the subject's own (X.501, 9.2).
        *slot = Some(value);
    }
    bins.sort_unstable();
    bins.dedup();
    if bins.len() > 1 {
        odd.push(Warning::SeveralBins);
    }
    out.bin = (!bins.is_empty()).then(|| bins.join(", "));
    (out, odd)
}

/// The common name of an issuer: the last, which is its own.
pub fn common_name(name: &X509Name<'_>) -> Option<String> {
    name.iter_common_name().last().map(|a| decode(a.attr_value()).value)
}

fn strip(value: &str, prefix: &str) -> Option<String> {
    value.trim().strip_prefix(prefix).map(|rest| rest.trim().to_owned())
}

fn decode(any: &Any<'_>) -> Text {
    let data = any.data;
    match any.tag() {
        Tag::BmpString => wide(data, 2),
        Tag::UniversalString => wide(data, 4),
        Tag::T61String if std::str::from_utf8(data).is_err() => {
            let (value, _, _) = encoding_rs::WINDOWS_1251.decode(data);
            Text { value: value.into_owned(), oddity: Some(Warning::LegacyEncoding) }
        }
        _ => match std::str::from_utf8(data) {
            Ok(value) => Text { value: value.to_owned(), oddity: None },
            Err(_) => {
                Text { value: String::from_utf8_lossy(data).into_owned(), oddity: Some(Warning::InvalidCharacters) }
            }
        },
    }
}

fn wide(data: &[u8], size: usize) -> Text {
    let chunks = data.chunks_exact(size);
    let mut bad = !chunks.remainder().is_empty();
    let value = if size == 2 {
        let units = chunks.filter_map(|c| c.try_into().ok().map(u16::from_be_bytes));
        char::decode_utf16(units)
            .map(|c| {
                c.unwrap_or_else(|_| {
                    bad = true;
                    char::REPLACEMENT_CHARACTER
                })
            })
            .collect()
    } else {
        let units = chunks.filter_map(|c| c.try_into().ok().map(u32::from_be_bytes));
        units
            .map(|u| {
                char::from_u32(u).unwrap_or_else(|| {
                    bad = true;
                    char::REPLACEMENT_CHARACTER
                })
            })
            .collect()
    };
    Text { value, oddity: bad.then_some(Warning::InvalidCharacters) }
}
