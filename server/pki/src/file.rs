//! A file by its content: every certificate in it, or why there is none.

use crate::{Unreadable, cms, pem, read_certificate, xml};
use chrono::{DateTime, Utc};
use domain::certificate::Warning;
use domain::import::{FileError, FileHint, Found};
use domain::sniff::{self, Secret};
use x509_parser::prelude::*;

/// Files above this are refused unread: no certificate or ordinary signature comes near.
pub const MAX_FILE_BYTES: usize = 20 * 1024 * 1024;
/// Texts above this are refused: PEM and XML signatures are small.
const MAX_TEXT_BYTES: usize = 8 * 1024 * 1024;
/// A certificate of the profile has about 1,500 bytes.
const MAX_CERTIFICATE_BYTES: usize = 128 * 1024;
/// More certificates in one file than any firm hands over at once.
const MAX_CERTIFICATES: usize = 1000;

/// How a certificate stood in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Der,
    Pem,
    Base64,
    Pkcs7,
    Cms,
    Xmldsig,
}

/// A certificate of a file.
#[derive(Debug, Clone)]
pub struct Item {
    pub format: Format,
    pub found: Found,
}

type Refused = (FileError, FileHint);

/// Every certificate of a file, each once.
///
/// # Errors
/// Why no certificate could be read; a file that holds a key is refused whole.
pub fn read_file(bytes: &[u8], now: DateTime<Utc>) -> Result<Vec<Item>, Refused> {
    if bytes.is_empty() {
        return Err((FileError::Empty, FileHint::None));
    }
    if bytes.len() > MAX_FILE_BYTES {
        return Err((FileError::TooLarge, FileHint::None));
    }
    match sniff::secret(bytes) {
        Some(Secret::Container) => return Err((FileError::KeyContainer, FileHint::None)),
        Some(Secret::PrivateKey) => return Err((FileError::PrivateKey, FileHint::None)),
        None => {}
    }
    let mut items = by_content(bytes, now)?;
    drop_repeated(&mut items);
    Ok(items)
}

fn by_content(bytes: &[u8], now: DateTime<Utc>) -> Result<Vec<Item>, Refused> {
    let start = bytes.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
    let trimmed = bytes.get(start..).unwrap_or(bytes);
    if trimmed.first() == Some(&0x30) && trimmed.get(1).is_some_and(|b| *b >= 0x80 || !b.is_ascii_digit()) {
        let mut items = binary(trimmed, now)?;
        if start > 0 {
            items.iter_mut().for_each(|i| i.found.facts.warnings.push(Warning::LeadingData));
        }
        return Ok(items);
    }
    match trimmed {
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] | [b'G', b'I', b'F', b'8', ..] => {
            return not(FileHint::Picture);
        }
        [b'P', b'K', 3 | 5, 4 | 6, ..] if is_workbook(trimmed) => return not(FileHint::Workbook),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => return not(FileHint::Zip),
        [b'%', b'P', b'D', b'F', ..] => return not(FileHint::Pdf),
        [_] => return Err((FileError::Truncated, FileHint::None)),
        _ => {}
    }
    if bytes.len() > MAX_TEXT_BYTES && bytes.iter().take(4096).all(|b| *b >= 9) {
        return Err((FileError::TooLarge, FileHint::None));
    }
    match sniff::text(bytes) {
        Some(text) => from_text(&text, now),
        None => not(FileHint::None),
    }
}

/// Whether an archive names the main part of a workbook (ECMA-376): the names stand in it as they are.
fn is_workbook(archive: &[u8]) -> bool {
    const MAIN: &[u8] = b"xl/workbook.xml";
    archive.windows(MAIN.len()).any(|part| part == MAIN)
}

fn not(hint: FileHint) -> Result<Vec<Item>, Refused> {
    Err((FileError::NotACertificate, hint))
}

fn from_text(text: &str, now: DateTime<Utc>) -> Result<Vec<Item>, Refused> {
    let trimmed = text.trim_start();
    if trimmed.starts_with('<') {
        return from_xml(trimmed, now);
    }
    if text.contains("-----BEGIN ") {
        return from_pem(text, now);
    }
    if let Some(bytes) = pem::decode(trimmed).filter(|b| b.first() == Some(&0x30)) {
        return binary(&bytes, now).map(|items| {
            items
                .into_iter()
                .map(|i| Item { format: if i.format == Format::Der { Format::Base64 } else { i.format }, ..i })
                .collect()
        });
    }
    if is_table(text) {
        return not(FileHint::Workbook);
    }
    let words = text.chars().take(2000).filter(|c| c.is_alphabetic() || c.is_whitespace()).count();
    not(if words * 10 > text.chars().take(2000).count() * 6 { FileHint::Text } else { FileHint::None })
}

/// Whether a text is a table: its first lines are cut by the same sign into as many cells, three at least.
fn is_table(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(3).collect();
    let cells = |line: &str, sign: char| line.split(sign).count();
    lines.len() > 1
        && [';', '\t', ','].iter().any(|sign| {
            let first = lines.first().map_or(0, |line| cells(line, *sign));
            first > 2 && lines.iter().all(|line| cells(line, *sign) == first)
        })
}

fn from_xml(text: &str, now: DateTime<Utc>) -> Result<Vec<Item>, Refused> {
    let html = text.get(..200).unwrap_or(text).to_ascii_lowercase();
    if html.contains("<html") || html.contains("<!doctype html") {
        return not(FileHint::Html);
    }
    let bodies = xml::certificates(text).map_err(|why| match why {
        xml::NotRead::DocumentType => (FileError::Unsupported, FileHint::DocumentType),
        xml::NotRead::NotXml => (FileError::Malformed, FileHint::None),
    })?;
    if bodies.len() > MAX_CERTIFICATES {
        return Err((FileError::TooLarge, FileHint::None));
    }
    if bodies.is_empty() {
        return not(FileHint::Text);
    }
    let read = bodies.iter().map(|body| {
        let der = pem::decode(body).ok_or((FileError::Malformed, FileHint::None))?;
        single(&der, Format::Xmldsig, now)
    });
    gather(read)
}

fn from_pem(text: &str, now: DateTime<Utc>) -> Result<Vec<Item>, Refused> {
    let blocks = pem::blocks(text);
    if blocks.len() > MAX_CERTIFICATES {
        return Err((FileError::TooLarge, FileHint::None));
    }
    let read = blocks.into_iter().flat_map(|block| {
        let Some(bytes) = block else { return vec![Err((FileError::Malformed, FileHint::Pem))] };
        match binary(&bytes, now) {
            Ok(items) => items
                .into_iter()
                .map(|i| Ok(Item { format: if i.format == Format::Der { Format::Pem } else { i.format }, ..i }))
                .collect(),
            Err(refused) => vec![Err(refused)],
        }
    });
    gather(read)
}

/// The readable ones; the first refusal where none is, a warning where some are not.
fn gather(read: impl Iterator<Item = Result<Item, Refused>>) -> Result<Vec<Item>, Refused> {
    let (mut items, mut first) = (Vec::new(), None);
    for one in read {
        match one {
            Ok(item) => items.push(item),
            Err(refused) => first = first.or(Some(refused)),
        }
    }
    match (items.is_empty(), first) {
        (true, refused) => Err(refused.unwrap_or((FileError::NotACertificate, FileHint::None))),
        (false, Some(_)) => {
            items.iter_mut().for_each(|i| i.found.facts.warnings.push(Warning::OthersDamaged));
            Ok(items)
        }
        (false, None) => Ok(items),
    }
}

fn binary(bytes: &[u8], now: DateTime<Utc>) -> Result<Vec<Item>, Refused> {
    if cms::looks_like(bytes) {
        return from_cms(bytes, now);
    }
    match single(bytes, Format::Der, now) {
        Ok(item) => Ok(vec![item]),
        Err(_) if X509CertificationRequest::from_der(bytes).is_ok() => not(FileHint::Request),
        Err(_) if CertificateRevocationList::from_der(bytes).is_ok() => not(FileHint::Crl),
        Err(refused) => Err(refused),
    }
}

fn from_cms(bytes: &[u8], now: DateTime<Utc>) -> Result<Vec<Item>, Refused> {
    let signed = cms::read(bytes).ok_or_else(|| (cut_short(bytes), FileHint::None))?;
    let format = if signed.has_signers { Format::Cms } else { Format::Pkcs7 };
    if signed.certificates.is_empty() {
        return Err((FileError::Unsupported, FileHint::None));
    }
    gather(signed.certificates.iter().map(|der| single(der, format, now)))
}

fn single(der: &[u8], format: Format, now: DateTime<Utc>) -> Result<Item, Refused> {
    if der.len() > MAX_CERTIFICATE_BYTES {
        return Err((FileError::Malformed, FileHint::None));
    }
    match read_certificate(der, now) {
        Ok(facts) => {
            let whole = X509Certificate::from_der(der).map_or(der.len(), |(rest, _)| der.len() - rest.len());
            let der = der.get(..whole).unwrap_or(der).to_vec();
            Ok(Item { format, found: Found { der, facts } })
        }
        Err(Unreadable::Date) => Err((FileError::Malformed, FileHint::Date)),
        Err(Unreadable::Truncated) => Err((FileError::Truncated, FileHint::None)),
        Err(Unreadable::Malformed) => Err((cut_short(der), FileHint::None)),
    }
}

/// Whether the outermost length promises more bytes than there are.
fn cut_short(bytes: &[u8]) -> FileError {
    let promised = match bytes {
        [0x30, short, ..] if *short < 0x80 => Some(usize::from(*short) + 2),
        [0x30, 0x81, a, ..] => Some(usize::from(*a) + 3),
        [0x30, 0x82, a, b, ..] => Some(usize::from(*a) * 256 + usize::from(*b) + 4),
        _ => None,
    };
    if promised.is_some_and(|n| n > bytes.len()) { FileError::Truncated } else { FileError::Malformed }
}

fn drop_repeated(items: &mut Vec<Item>) {
    let mut seen = std::collections::HashSet::new();
    let before = items.len();
    items.retain(|i| seen.insert(i.found.facts.fingerprint_sha256.clone()));
    if items.len() < before {
        items.iter_mut().for_each(|i| i.found.facts.warnings.push(Warning::RepeatedInFile));
    }
}
