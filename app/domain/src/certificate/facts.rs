//! Facts of a certificate, public part only (RFC 5280 and the national profile).

use crate::coded::coded;
use crate::day::day_in_kazakhstan;
use crate::fold::{find_fold, fold, shown};
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
        IinLength = "iin_length", IinLetters = "iin_letters", SeveralBins = "several_bins",
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
    /// Several with commas between where the certificate names more than one organisation.
    pub bin: Option<String>,
    pub country: Option<String>,
    pub email: Option<String>,
}

/// Issuer as it stands in the certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuer {
    pub common_name: Option<String>,
}

coded! {
    /// A fact of a certificate, in the order in which its card tells them.
    Fact {
        Holder = "holder", Surname = "surname", Patronymic = "patronymic", Iin = "iin", Bin = "bin",
        Organisation = "organisation", Country = "country", Email = "email", Purposes = "purposes", Roles = "roles",
        HolderKind = "holder_kind", NotBefore = "not_before", NotAfter = "not_after", Issuer = "issuer",
        Serial = "serial", KeyAlgorithm = "key_algorithm", SignatureAlgorithm = "signature_algorithm",
        Carrier = "carrier", Usages = "usages", Policies = "policies", Crl = "crl", Ocsp = "ocsp", KeyId = "key_id",
        Fingerprint = "fingerprint",
    }
}

impl Fact {
    /// Whether it says who the holder is and what the certificate is good for; the others are for whoever checks it.
    #[must_use]
    pub fn is_of_the_holder(self) -> bool {
        self <= Self::NotAfter
    }

    /// Whether a search finds the certificate by it.
    #[must_use]
    pub fn is_searched(self) -> bool {
        match self {
            Self::Holder
            | Self::Surname
            | Self::Patronymic
            | Self::Iin
            | Self::Bin
            | Self::Organisation
            | Self::Email
            | Self::Serial
            | Self::KeyId => true,
            Self::Country
            | Self::Purposes
            | Self::Roles
            | Self::HolderKind
            | Self::NotBefore
            | Self::NotAfter
            | Self::Issuer
            | Self::KeyAlgorithm
            | Self::SignatureAlgorithm
            | Self::Carrier
            | Self::Usages
            | Self::Policies
            | Self::Crl
            | Self::Ocsp
            | Self::Fingerprint => false,
        }
    }
}

/// Begins what stands in place of a fingerprint where somebody typed the facts.
pub(crate) const TYPED: &str = "typed-";

/// Everything the program reads from a certificate. A fact is added here, in [`Facts::each`] and where certificates
/// are read; the compiler names these, and from [`Fact`] it reaches card, search and archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub subject: Subject,
    pub issuer: Issuer,
    /// Upper-case hexadecimal magnitude without leading zero bytes.
    pub serial: String,
    /// SHA-256 of the DER bytes, lower-case hexadecimal; of a typed entry [`TYPED`] and its id.
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

    /// Whether it is stated to authenticate, such as for entering a cabinet.
    #[must_use]
    pub fn enters(&self) -> bool {
        self.purposes.contains(&Purpose::Authentication)
    }

    /// Whether it authenticates. A certificate without a stated purpose may.
    #[must_use]
    pub fn authenticates(&self) -> bool {
        self.enters() || self.purposes.is_empty()
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

    /// Whether somebody typed them instead of a certificate saying them.
    #[must_use]
    pub fn is_typed(&self) -> bool {
        self.fingerprint_sha256.starts_with(TYPED)
    }

    /// Every fact with its value as plain text, empty where the certificate does not say it: codes for what has a
    /// word, instants in UTC, lists parted by spaces. In the order of [`Fact::ALL`].
    #[must_use]
    pub fn each(&self) -> Vec<(Fact, String)> {
        // Named one by one: a new fact is told here or this does not compile.
        let Self {
            subject: Subject { common_name, surname, given_name, organization, iin, bin, country, email },
            issuer: Issuer { common_name: issuer },
            serial,
            fingerprint_sha256,
            not_before,
            not_after,
            key_algorithm,
            key_algorithm_oid,
            signature_algorithm_oid,
            purposes,
            holder_kind,
            roles,
            extended_key_usage,
            policies,
            crl_urls,
            ocsp_urls,
            subject_key_id,
            carrier_oid,
            // These decide what becomes of it; its card says them in sentences.
            is_ca: _,
            warnings: _,
        } = self;
        let text = |of: &Option<String>| of.clone().unwrap_or_default();
        let instant = |of: &DateTime<Utc>| of.format("%Y-%m-%d %H:%M:%S UTC").to_string();
        let of = |fact: Fact| match fact {
            Fact::Holder => text(common_name),
            Fact::Surname => text(surname),
            Fact::Patronymic => text(given_name),
            Fact::Iin => text(iin),
            Fact::Bin => text(bin),
            Fact::Organisation => text(organization),
            Fact::Country => text(country),
            Fact::Email => text(email),
            Fact::Purposes => purposes.iter().map(|p| p.code()).collect::<Vec<_>>().join(" "),
            Fact::Roles => roles.iter().map(|r| r.code()).collect::<Vec<_>>().join(" "),
            Fact::HolderKind => holder_kind.code().to_owned(),
            Fact::NotBefore => instant(not_before),
            Fact::NotAfter => instant(not_after),
            Fact::Issuer => text(issuer),
            Fact::Serial => serial.clone(),
            Fact::KeyAlgorithm if key_algorithm_oid.is_empty() => String::new(),
            Fact::KeyAlgorithm => format!("{key_algorithm} · {key_algorithm_oid}"),
            Fact::SignatureAlgorithm => signature_algorithm_oid.clone(),
            Fact::Carrier => text(carrier_oid),
            Fact::Usages => extended_key_usage.join(" "),
            Fact::Policies => policies.join(" "),
            Fact::Crl => crl_urls.join(" "),
            Fact::Ocsp => ocsp_urls.join(" "),
            Fact::KeyId => text(subject_key_id),
            // A typed entry has no bytes that could have one.
            Fact::Fingerprint if self.is_typed() => String::new(),
            Fact::Fingerprint => fingerprint_sha256.clone(),
        };
        Fact::ALL.iter().map(|fact| (*fact, of(*fact))).collect()
    }

    /// What search looks through.
    #[must_use]
    pub fn search_text(&self) -> String {
        let searched = self.each().into_iter().filter(|(fact, said)| fact.is_searched() && !said.is_empty());
        let text = searched.map(|(_, said)| said).collect::<Vec<_>>().join(" ");
        find_fold(&text).chars().take(600).collect()
    }
}
