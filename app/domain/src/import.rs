//! Import: what the program understood from each file, before anything is saved.

use crate::certificate::{CertificateRow, Facts, SignatureCheck};
use crate::coded::coded;
use crate::id::{CertificateId, ClientId, DraftId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

coded! {
    /// Why a file was not read.
    FileError {
        Empty = "empty", TooLarge = "too_large", KeyContainer = "key_container", PrivateKey = "private_key",
        NotACertificate = "not_a_certificate", Truncated = "truncated", Unsupported = "unsupported", Malformed = "malformed",
    }
}

coded! {
    /// What more is known of a file that was not read, for the way out.
    FileHint {
        None = "none", Text = "text", Html = "html", Picture = "picture", Zip = "zip", Pdf = "pdf",
        Request = "request", Crl = "crl", Pem = "pem", Date = "date",
        DocumentType = "document_type", OldWorkbook = "old_workbook", NoTable = "no_table", Workbook = "workbook", Attachment = "attachment",
    }
}

/// A certificate found in a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Found {
    pub der: Vec<u8>,
    pub facts: Facts,
}

/// What reading a file gave.
#[derive(Debug, Clone)]
pub struct ReadFile {
    pub name: String,
    pub result: Result<Vec<Found>, (FileError, FileHint)>,
}

/// What will happen with a certificate if the import is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Will be registered for the client.
    New,
    /// The same fingerprint is registered already.
    Known,
    /// A newer generation of a registered certificate.
    Newer { of: String },
    /// An older generation of a registered certificate.
    Older { of: String },
    /// Will be registered together with a new client.
    NewClient,
    /// No client that the person may use has this number.
    NoClient,
    /// Neither БИН nor ИИН: the client has to be chosen.
    NoNumber,
    /// A certificate of an authority is no client's.
    Authority,
    /// The same certificate stands earlier in this import.
    Repeated,
}

impl Verdict {
    /// Whether confirming registers the certificate.
    #[must_use]
    pub fn registers(&self) -> bool {
        matches!(self, Self::New | Self::Newer { .. } | Self::Older { .. } | Self::NewClient)
    }
}

/// One line of the preview.
#[derive(Debug, Clone)]
pub struct PreviewRow {
    pub no: i32,
    pub file: String,
    pub content: Result<PreviewCertificate, (FileError, FileHint)>,
}

/// A readable line of the preview.
#[derive(Debug, Clone)]
pub struct PreviewCertificate {
    pub facts: Facts,
    pub signature: SignatureCheck,
    pub verdict: Verdict,
    /// The client it belongs to, if the person may see it.
    pub client: Option<(ClientId, String)>,
    /// Name for the client that would be created.
    pub proposed_name: String,
    /// Another certificate with the same serial number of the same issuer.
    pub twin: Option<Twin>,
}

/// A certificate that has the number of another: one of the two is not what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    pub holder: String,
    pub last_day: NaiveDate,
    pub at: TwinAt,
}

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TwinAt {
    Register(CertificateId),
    /// In the same batch, in the file of this name.
    File(String),
}

/// The preview of an import.
#[derive(Debug, Clone)]
pub struct Preview {
    pub draft: DraftId,
    pub rows: Vec<PreviewRow>,
}

impl Preview {
    /// How many certificates confirming registers.
    #[must_use]
    pub fn registers(&self) -> usize {
        self.found().filter(|(_, c)| c.verdict.registers()).count()
    }

    /// Lines that were read, by their numbers.
    pub fn found(&self) -> impl Iterator<Item = (i32, &PreviewCertificate)> {
        self.rows.iter().filter_map(|row| Some((row.no, row.content.as_ref().ok()?)))
    }

    /// Numbers of the lines whose client is to be chosen.
    pub fn open(&self) -> impl Iterator<Item = i32> {
        self.found().filter(|(_, c)| c.verdict == Verdict::NoNumber).map(|(no, _)| no)
    }

    /// Whether everything that was read is registered already, or stands in another line.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.found().all(|(_, c)| matches!(c.verdict, Verdict::Known | Verdict::Repeated))
    }
}

/// What a person decides about the lines of a preview when accepting it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// The client of a line whose certificate names none.
    pub clients: HashMap<i32, ClientId>,
    /// Lines that are not taken.
    pub left_out: HashSet<i32>,
    /// Names of new clients, by their number.
    pub names: HashMap<String, String>,
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    pub registered: usize,
    pub new_clients: usize,
}

/// Hours in which an import can be undone by whoever made it.
pub const UNDO_HOURS: i64 = 24;

/// An import that can still be undone.
#[derive(Debug, Clone)]
pub struct RecentImport {
    pub draft: DraftId,
    pub made: DateTime<Utc>,
    pub certificates: usize,
    pub clients: usize,
    /// Contacts and responsibles that a spreadsheet set.
    pub changes: usize,
    /// The name of the spreadsheet, if it was one.
    pub sheet: Option<String>,
}

/// What goes when an import is undone, and what stays, as far as its maker still sees it.
#[derive(Debug, Clone, Default)]
pub struct ImportContents {
    /// Certificates that go.
    pub certificates: Vec<CertificateRow>,
    /// All that go, those beyond the listed ones too.
    pub total: usize,
    /// New clients that go, by name.
    pub clients: Vec<(ClientId, String)>,
    pub kept: Vec<Kept>,
}

/// Something that stays when its import is undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// None of what its maker does not see any more.
    pub what: Option<KeptThing>,
    pub why: KeptWhy,
}

/// What stays, with the holder or the client's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptThing {
    Certificate(CertificateId, String),
    Client(ClientId, String),
}

/// Why something stays when its import is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptWhy {
    Task,
    Reported,
    Linked,
    /// It confirmed an typed entry, which was there before.
    Confirmed,
    Changed,
    /// The client still has a certificate.
    Holds,
    /// The client has papers, files, carriers or people that the import did not give it.
    Papers,
    Hidden,
}

/// What undoing an import did.
#[derive(Debug, Clone, Default)]
pub struct Undone {
    pub certificates: usize,
    pub clients: usize,
    /// Contacts and responsibles that a spreadsheet had set.
    pub changes: usize,
    pub kept: Vec<Kept>,
}
