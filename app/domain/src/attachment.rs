//! Files attached to a client or to one of its tasks: the scan of an application, a power of attorney.
//!
//! The server and the page ask the same functions, so both refuse the same files.

use crate::coded::coded;
use crate::fold::shown;
use crate::id::{AttachmentId, ClientId, TaskId};
use crate::import::{FileError, FileHint};
use crate::sniff::{Secret, secret_anywhere};
use chrono::{DateTime, Utc};

coded! {
    /// What may be attached, told by its content.
    AttachmentKind { Pdf = "pdf", Jpeg = "jpg", Png = "png", Word = "docx", Sheet = "xlsx" }
}

/// Bytes of a file at most.
pub const LARGEST: usize = 10 * 1024 * 1024;
/// Files of one client at most.
pub const MOST: u64 = 200;
/// Bytes of all files of one client at most: its archive holds them all at once.
pub const MOST_BYTES: i64 = 100 * 1024 * 1024;
/// Letters of a file's name at most.
const NAME: usize = 120;

impl AttachmentKind {
    /// Its media type (IANA).
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Word => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Sheet => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The name under which such a file is kept: without folders, and with an ending that says what it is, whatever it was
    /// called.
    #[must_use]
    pub fn name(self, given: &str) -> String {
        let plain = shown(given, 1_000).replace(['/', '\\'], "_");
        let (stem, ending) = plain.rsplit_once('.').unwrap_or((&plain, ""));
        let own =
            ending.eq_ignore_ascii_case(self.code()) || (self == Self::Jpeg && ending.eq_ignore_ascii_case("jpeg"));
        let stem = if own { stem } else { plain.as_str() };
        let stem: String = stem.trim().chars().take(NAME).collect();
        let stem = if stem.is_empty() { "file" } else { &stem };
        format!("{stem}.{}", if own { ending } else { self.code() })
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        let names = |name: &[u8]| bytes.windows(name.len()).any(|part| part == name);
        match bytes {
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            // A document that brings programs along is none that a scan or a letter needs.
            [b'P', b'K', 3, 4, ..] if names(b"[Content_Types].xml") && !names(b"vbaProject.bin") => {
                if names(b"word/document.xml") {
                    Some(Self::Word)
                } else {
                    names(b"xl/workbook.xml").then_some(Self::Sheet)
                }
            }
            _ => None,
        }
    }
}

/// What a file is, if it may be attached.
///
/// # Errors
/// Why not: it is empty, too large, holds a key, or is of another kind.
pub fn look(bytes: &[u8]) -> Result<AttachmentKind, (FileError, FileHint)> {
    if bytes.is_empty() {
        return Err((FileError::Empty, FileHint::None));
    }
    if bytes.len() > LARGEST {
        return Err((FileError::TooLarge, FileHint::Attachment));
    }
    match secret_anywhere(bytes) {
        Some(Secret::Container) => Err((FileError::KeyContainer, FileHint::None)),
        Some(Secret::PrivateKey) => Err((FileError::PrivateKey, FileHint::None)),
        None => AttachmentKind::of(bytes).ok_or((FileError::Unsupported, FileHint::Attachment)),
    }
}

/// To what a file is attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachTo {
    Client(ClientId),
    Task(TaskId),
}

/// A file that was looked at, on its way in.
#[derive(Debug, Clone)]
pub struct NewAttachment {
    pub name: String,
    pub kind: AttachmentKind,
    pub bytes: Vec<u8>,
}

/// An attached file, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub id: AttachmentId,
    pub client: ClientId,
    /// The task it was attached to.
    pub task: Option<TaskId>,
    pub name: String,
    pub kind: AttachmentKind,
    /// In bytes.
    pub size: i64,
    /// Who attached it, and when.
    pub made: (String, DateTime<Utc>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_as_its_content_says() {
        let pdf = |given: &str| AttachmentKind::Pdf.name(given);
        assert_eq!((pdf("a.pdf").as_str(), pdf("счёт.hta").as_str()), ("a.pdf", "счёт.hta.pdf"));
        assert_eq!((pdf("../../etc/passwd").as_str(), pdf("  ").as_str()), (".._.._etc_passwd.pdf", "file.pdf"));
        assert_eq!(AttachmentKind::Jpeg.name("скан.JPEG"), "скан.JPEG");
        assert!(pdf(&format!("{}.pdf", "я".repeat(1000))).ends_with("я.pdf"));
    }

    #[test]
    fn a_file_is_told_by_its_content_and_keys_by_theirs() {
        assert_eq!(look(b"%PDF-1.7 ..."), Ok(AttachmentKind::Pdf));
        assert_eq!(look(&[0xff, 0xd8, 0xff, 0xe0, 0]), Ok(AttachmentKind::Jpeg));
        assert_eq!(look(b"\x89PNG\r\n\x1a\n...."), Ok(AttachmentKind::Png));
        let word = [b"PK\x03\x04..[Content_Types].xml".as_slice(), b"..word/document.xml.."].concat();
        assert_eq!(look(&word), Ok(AttachmentKind::Word));
        let other = Err((FileError::Unsupported, FileHint::Attachment));
        assert_eq!(look(&[word.as_slice(), b"word/vbaProject.bin"].concat()), other, "it brings a program along");
        assert_eq!(look(b"PK\x03\x04 key.p12"), other);
        assert_eq!(look(b"<html>"), other);
        assert_eq!(look(b""), Err((FileError::Empty, FileHint::None)));
        assert_eq!(look(&vec![b'%'; LARGEST + 1]), Err((FileError::TooLarge, FileHint::Attachment)));
        let hidden = b"%PDF-1.7\n-----BEGIN PRIVATE KEY-----\nMIIE";
        assert_eq!(look(hidden), Err((FileError::PrivateKey, FileHint::None)), "under the coat of another file");
    }
}
