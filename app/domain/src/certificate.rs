//! Facts of a certificate, public part only (RFC 5280 and the national profile).

use crate::coded::coded;
use crate::day::{OfficeDay, day_in_kazakhstan};
use crate::filing::Threat;
use crate::fold::{fold, shown};
use crate::id::{CertificateId, ClientId, TaskId};
use crate::standing::{Life, Urgency};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

coded! {
    /// Extended key usage in words.
    Purpose { Authentication = "authentication", Signing = "signing", Timestamping = "timestamping", Ocsp = "ocsp" }
}

coded! {
    /// What the holder is.
    HolderKind {
        Individual = "individual", Organisation = "organisation", InformationSystem = "information_system",
        Authority = "authority", Other = "other",
    }
}

coded! {
    /// Role of the holder in the organisation, from the national extended key usages.
    HolderRole {
        Head = "head", RightToSign = "right_to_sign", Finance = "finance", Hr = "hr", Employee = "employee",
        InformationSystem = "information_system",
    }
}

coded! {
    /// Something odd about a certificate or its file that does not stop reading it.
    Warning {
        TrailingData = "trailing_data", LeadingData = "leading_data",
        OthersDamaged = "others_damaged", RepeatedInFile = "repeated_in_file",
        SignatureMismatch = "signature_mismatch", DatesSwapped = "dates_swapped", NotYetValid = "not_yet_valid",
        LegacyEncoding = "legacy_encoding", InvalidCharacters = "invalid_characters",
        InvisibleCharacters = "invisible_characters", ControlCharacters = "control_characters",
        LongName = "long_name", EmptyName = "empty_name", NoSubject = "no_subject",
        SerialNegative = "serial_negative", SerialZero = "serial_zero", SerialLong = "serial_long",
        SerialRepeated = "serial_repeated",
        NoIin = "no_iin", NoNumbers = "no_iin_no_bin", IinCheck = "iin_check_digit", BinCheck = "bin_check_digit",
        IinLength = "iin_length", IinLetters = "iin_letters",
        NoPurpose = "no_purpose", DuplicateExtension = "duplicate_extension",
        AuthorityCertificate = "authority_certificate", RootCertificate = "root_certificate", ForeignIssuer = "foreign_issuer",
    }
}

coded! {
    /// Whether the issuer's signature was checked when the certificate was registered.
    SignatureCheck {
        /// The issuer is not known, or signs with an algorithm that is not checked here.
        NotChecked = "not_checked",
        Holds = "holds",
        Fails = "fails",
    }
}

/// Subject as it stands in the certificate; numbers without their prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    pub common_name: Option<String>,
    pub surname: Option<String>,
    /// In the national profile this attribute holds the patronymic.
    pub given_name: Option<String>,
    pub organization: Option<String>,
    pub iin: Option<String>,
    pub bin: Option<String>,
    pub country: Option<String>,
    pub email: Option<String>,
}

/// Issuer as it stands in the certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuer {
    pub common_name: Option<String>,
}

/// Everything the program reads from a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub subject: Subject,
    pub issuer: Issuer,
    /// Upper-case hexadecimal magnitude without leading zero bytes.
    pub serial: String,
    /// SHA-256 of the DER bytes, lower-case hexadecimal.
    pub fingerprint_sha256: String,
    pub not_before: DateTime<Utc>,
    pub not_after: DateTime<Utc>,
    pub key_algorithm: String,
    pub key_algorithm_oid: String,
    pub signature_algorithm_oid: String,
    pub purposes: Vec<Purpose>,
    pub holder_kind: HolderKind,
    pub roles: Vec<HolderRole>,
    pub extended_key_usage: Vec<String>,
    pub policies: Vec<String>,
    pub crl_urls: Vec<String>,
    pub ocsp_urls: Vec<String>,
    /// Lower-case hexadecimal.
    pub subject_key_id: Option<String>,
    pub carrier_oid: Option<String>,
    pub is_ca: bool,
    pub warnings: Vec<Warning>,
}

impl Facts {
    /// First day of validity in Kazakhstan.
    #[must_use]
    pub fn first_day(&self) -> NaiveDate {
        day_in_kazakhstan(self.not_before)
    }

    /// Last day of validity in Kazakhstan.
    #[must_use]
    pub fn last_day(&self) -> NaiveDate {
        day_in_kazakhstan(self.not_after)
    }

    /// The number that says whose certificate it is: БИН if there is one, else ИИН.
    #[must_use]
    pub fn owner_number(&self) -> Option<&str> {
        self.subject.bin.as_deref().or(self.subject.iin.as_deref())
    }

    /// The holder's name, safe to show on one line.
    #[must_use]
    pub fn holder(&self) -> String {
        shown(self.subject.common_name.as_deref().unwrap_or_default(), 120).trim().to_owned()
    }

    /// Whether it signs documents. A certificate without a stated purpose may.
    #[must_use]
    pub fn signs(&self) -> bool {
        self.purposes.contains(&Purpose::Signing) || self.purposes.is_empty()
    }

    /// Who the person is, for comparing generations: ИИН, else the folded name.
    #[must_use]
    pub fn person_key(&self) -> String {
        self.subject.iin.clone().unwrap_or_else(|| fold(self.subject.common_name.as_deref().unwrap_or_default()))
    }

    /// Certificates of one holder for one organisation in one role: the generations of a line.
    #[must_use]
    pub fn lineage(&self) -> String {
        let mut roles: Vec<&str> = self.roles.iter().map(|r| r.code()).collect();
        roles.sort_unstable();
        format!("{}|{}|{}", self.owner_number().unwrap_or_default(), self.person_key(), roles.join("+"))
    }

    /// What search looks through: names, numbers, serial, key identifier.
    #[must_use]
    pub fn search_text(&self) -> String {
        let s = &self.subject;
        let parts = [
            &s.common_name,
            &s.surname,
            &s.given_name,
            &s.organization,
            &s.iin,
            &s.bin,
            &s.email,
            &self.subject_key_id,
        ];
        let mut text: String = parts.iter().filter_map(|p| p.as_deref()).collect::<Vec<_>>().join(" ");
        text.push(' ');
        text.push_str(&self.serial);
        fold(&text).chars().take(600).collect()
    }
}

/// Two certificates of one issue are at most this far apart.
const SET_MINUTES: i64 = 10;

/// Whether two certificates of one lineage were issued together: one for signing, one for authentication.
#[must_use]
pub fn one_set(a: &Facts, b: &Facts) -> bool {
    a.lineage() == b.lineage()
        && a.purposes != b.purposes
        && (a.not_before - b.not_before).num_minutes().abs() <= SET_MINUTES
        && a.last_day() == b.last_day()
}

/// A registered certificate as lists and cards show it.
#[derive(Debug, Clone)]
pub struct CertificateRow {
    pub id: CertificateId,
    /// The clients of it that the asking person may see.
    pub clients: Vec<(ClientId, String)>,
    pub holder: String,
    pub purposes: Vec<Purpose>,
    pub roles: Vec<HolderRole>,
    pub life: Life,
    pub lineage: String,
    pub serial: String,
    /// The open task on it.
    pub task: Option<(TaskId, Option<String>)>,
    /// What its end breaks, of the filings of the clients that the asking person may see.
    pub threat: Option<Threat>,
    /// One of them issues e-invoices or the like all the year round.
    pub daily: bool,
}

impl CertificateRow {
    /// Urgency at the instant of `today`: [`Life::urgency`] with what the end breaks.
    #[must_use]
    pub fn urgency(&self, today: OfficeDay) -> Urgency {
        self.life.urgency(today, self.threat.is_some())
    }

    /// Place within a level of urgency, the first first.
    #[must_use]
    pub fn place(&self) -> u8 {
        place(&self.purposes, &self.roles, self.daily)
    }
}

/// Place within a level: the head's signing certificate first (a second one would have replaced it), then those of
/// clients that issue e-invoices daily, those that only authenticate last.
#[must_use]
pub fn place(purposes: &[Purpose], roles: &[HolderRole], daily: bool) -> u8 {
    let signs = purposes.contains(&Purpose::Signing) || purposes.is_empty();
    match (signs, roles.contains(&HolderRole::Head)) {
        (true, true) => 0,
        (true, false) if daily => 1,
        (true, false) => 2,
        (false, _) => 3,
    }
}

/// A certificate with all its facts.
#[derive(Debug, Clone)]
pub struct Certificate {
    pub row: CertificateRow,
    pub facts: Facts,
    pub signature: SignatureCheck,
    pub successor: Option<CertificateId>,
    pub imported_at: DateTime<Utc>,
    /// When somebody made sure of it after it was replaced.
    pub checked_at: Option<DateTime<Utc>>,
}

/// Certificates issued together, newest first among the sets of their lineage.
#[derive(Debug, Clone)]
pub struct Set {
    pub certificates: Vec<CertificateRow>,
}

impl Set {
    /// The certificate the set is worked by: the signing one.
    #[must_use]
    pub fn main(&self) -> Option<&CertificateRow> {
        self.certificates.iter().find(|c| c.purposes.contains(&Purpose::Signing)).or(self.certificates.first())
    }

    /// Whether a certificate is its other half.
    fn takes(&self, row: &CertificateRow) -> bool {
        let Some(first) = self.certificates.first() else { return false };
        first.lineage == row.lineage
            && self.certificates.iter().all(|other| other.purposes != row.purposes)
            && (first.life.not_before - row.life.not_before).num_minutes().abs() <= SET_MINUTES
            && first.life.last_day() == row.life.last_day()
    }
}

/// Certificates as sets, in the order in which the first of each stands. Halves that differ in what has to be done
/// about them stand apart.
#[must_use]
pub fn in_sets(rows: &[CertificateRow], today: OfficeDay) -> Vec<Set> {
    let mut out: Vec<Set> = Vec::new();
    let task = |row: &CertificateRow| row.task.as_ref().map(|(id, _)| *id);
    let alike = |a: &CertificateRow, b: &CertificateRow| {
        task(a) == task(b) && a.life.standing(today) == b.life.standing(today) && a.clients == b.clients
    };
    for row in rows {
        let whole = out.iter_mut().find(|set| set.takes(row) && set.certificates.iter().all(|other| alike(other, row)));
        match whole {
            Some(set) => set.certificates.push(row.clone()),
            None => out.push(Set { certificates: vec![row.clone()] }),
        }
    }
    out
}

/// Groups certificates into lineages, each a list of sets from the newest generation to the oldest.
#[must_use]
pub fn generations(mut rows: Vec<CertificateRow>) -> Vec<Vec<Set>> {
    rows.sort_by(|a, b| {
        a.lineage.cmp(&b.lineage).then(b.life.not_before.cmp(&a.life.not_before)).then(a.purposes.cmp(&b.purposes))
    });
    let mut out: Vec<Vec<Set>> = Vec::new();
    for row in rows {
        let same_line = out
            .last()
            .and_then(|l| l.last())
            .and_then(|s| s.certificates.first())
            .is_some_and(|f| f.lineage == row.lineage);
        if !same_line {
            out.push(Vec::new());
        }
        let Some(line) = out.last_mut() else { continue };
        match line.last_mut() {
            Some(set) if set.takes(&row) => set.certificates.push(row),
            _ => line.push(Set { certificates: vec![row] }),
        }
    }
    out.sort_by_key(|line| {
        line.first().and_then(Set::main).map(|c| (c.life.replaced_from.is_some(), c.life.not_after))
    });
    out
}
