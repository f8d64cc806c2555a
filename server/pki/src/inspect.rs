//! `merzim inspect`: the facts of files, without a database.

use crate::{Format, MAX_FILE_BYTES, read_file};
use chrono::{DateTime, Utc};
use domain::certificate::Facts;
use domain::import::{FileError, FileHint};
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    index: usize,
    format: Format,
    #[serde(flatten)]
    facts: &'a Facts,
}

#[derive(Serialize)]
struct Refusal<'a> {
    file: &'a str,
    error: RefusalBody,
}

#[derive(Serialize)]
struct RefusalBody {
    code: &'static str,
    message: &'static str,
}

/// The lines to print for one file, and whether it was read.
#[must_use]
pub fn inspect(path: &Path, json: bool, now: DateTime<Utc>) -> (Vec<String>, bool) {
    let file = path.to_string_lossy();
    match read(path, now) {
        Ok(items) => {
            let lines = items.iter().enumerate().map(|(index, item)| {
                let line = Line { file: &file, index, format: item.format, facts: &item.found.facts };
                if json { serde_json::to_string(&line).unwrap_or_default() } else { plain(&line) }
            });
            (lines.collect(), true)
        }
        Err((error, hint)) => {
            let body = RefusalBody { code: error.code(), message: message(error, hint) };
            let line = if json {
                serde_json::to_string(&Refusal { file: &file, error: body }).unwrap_or_default()
            } else {
                format!("{file}: {} ({})", body.message, body.code)
            };
            (vec![line], false)
        }
    }
}

fn read(path: &Path, now: DateTime<Utc>) -> Result<Vec<crate::Item>, (FileError, FileHint)> {
    let size = std::fs::metadata(path).map_err(|_| (FileError::Unsupported, FileHint::None))?.len();
    if size > MAX_FILE_BYTES as u64 {
        return Err((FileError::TooLarge, FileHint::None));
    }
    let bytes = std::fs::read(path).map_err(|_| (FileError::Unsupported, FileHint::None))?;
    read_file(&bytes, now)
}

/// One sentence for people who work in a terminal.
const fn message(error: FileError, hint: FileHint) -> &'static str {
    match (error, hint) {
        (FileError::Empty, _) => "the file is empty",
        (FileError::TooLarge, _) => "the file is larger than 20 MB; no certificate is",
        (FileError::KeyContainer, _) => {
            "this is a key container; use the certificate (.cer) instead, keys are never read here"
        }
        (FileError::PrivateKey, _) => {
            "the file holds a private key; use the certificate (.cer) alone, keys are never read here"
        }
        (FileError::Truncated, _) => "the file is damaged or cut off; download it again",
        (FileError::Unsupported, FileHint::DocumentType) => "XML with a document type is not read",
        (FileError::Unsupported, _) => "the file cannot be opened or holds no certificate",
        (FileError::Malformed, FileHint::Date) => "a date in the certificate does not exist",
        (FileError::Malformed, FileHint::Pem) => "the PEM text is damaged",
        (FileError::Malformed, _) => "the file is damaged",
        (FileError::NotACertificate, FileHint::Text) => "this is a text, not a certificate",
        (FileError::NotACertificate, FileHint::Html) => "this is a web page, not a certificate",
        (FileError::NotACertificate, FileHint::Picture) => "this is a picture, not a certificate",
        (FileError::NotACertificate, FileHint::Zip) => "this is a ZIP archive; unpack it first",
        (FileError::NotACertificate, FileHint::Pdf) => "this is a PDF, not a certificate",
        (FileError::NotACertificate, FileHint::Request) => "this is a request for a certificate, not a certificate",
        (FileError::NotACertificate, FileHint::Crl) => "this is a list of revoked certificates, not a certificate",
        (FileError::NotACertificate, _) => "this is not a certificate",
    }
}

fn plain(line: &Line<'_>) -> String {
    let f = line.facts;
    let none = "-";
    let codes = |list: Vec<&str>| if list.is_empty() { none.to_owned() } else { list.join(", ") };
    let shown = |text: &Option<String>| domain::fold::shown(text.as_deref().unwrap_or(none), 120);
    [
        format!("{} [{}]", line.file, line.index),
        format!("  holder       {}", shown(&f.subject.common_name)),
        format!("  organisation {}", shown(&f.subject.organization)),
        format!("  IIN / BIN    {} / {}", shown(&f.subject.iin), shown(&f.subject.bin)),
        format!("  valid        {} to {} (days in Kazakhstan)", f.first_day(), f.last_day()),
        format!("  purposes     {}", codes(f.purposes.iter().map(|p| p.code()).collect())),
        format!("  roles        {}", codes(f.roles.iter().map(|r| r.code()).collect())),
        format!("  issuer       {}", shown(&f.issuer.common_name)),
        format!("  serial       {}", f.serial),
        format!("  algorithm    {} ({})", f.key_algorithm, f.key_algorithm_oid),
        format!("  sha-256      {}", f.fingerprint_sha256),
        format!("  warnings     {}", codes(f.warnings.iter().map(|w| w.code()).collect())),
    ]
    .join("\n")
}
