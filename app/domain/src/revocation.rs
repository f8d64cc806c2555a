//! Revocation as a fact with a source: somebody's word, a list that an authority signed (RFC 5280, 5), or its answer
//! about one certificate (OCSP, RFC 6960).

use crate::certificate::SignatureCheck;
use crate::coded::coded;
use crate::day::OfficeDay;
use crate::id::SourceId;
use crate::task::Check;
use chrono::{DateTime, Utc};

coded! {
    /// Where a revocation is known from.
    RevocationSource { Person = "person", List = "list", Answer = "answer" }
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// Upper-case hexadecimal without leading zero bytes, as in certificates.
    pub serial: String,
    pub at: DateTime<Utc>,
    /// Reason code of RFC 5280, 5.3.1; 8 takes an entry of a full list back.
    pub reason: Option<u8>,
}

/// Reason code of a delta list that takes an entry back (a hold that was released).
pub const REMOVED: u8 = 8;

/// A list as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationList {
    /// Common name of the issuer.
    pub issuer: String,
    /// Number of the list, upper-case hexadecimal; empty where it has none.
    pub number: String,
    /// Number of the full list that a delta list goes on from.
    pub base: Option<String>,
    pub this_update: DateTime<Utc>,
    pub next_update: Option<DateTime<Utc>>,
    pub entries: Vec<Revoked>,
}

/// Numbers of lists in their order: longer is later.
#[must_use]
pub fn later(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    (a.len(), a) > (b.len(), b)
}

/// What is known of an issuer's lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownList {
    pub issuer: String,
    pub number: String,
    pub this_update: DateTime<Utc>,
    pub next_update: Option<DateTime<Utc>>,
    pub signature: SignatureCheck,
    /// File name or address.
    pub source: String,
    pub read_at: DateTime<Utc>,
    pub entries: i64,
}

impl KnownList {
    /// Whether the authority should have published a newer one by now.
    #[must_use]
    pub fn is_stale(&self, today: OfficeDay) -> bool {
        self.next_update.is_some_and(|next| next < today.now)
    }
}

/// What an authority answers about a certificate (RFC 6960, 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Good,
    Revoked(DateTime<Utc>),
    /// The service does not know the certificate.
    Unknown,
}

/// An answer about one certificate as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusAnswer {
    pub status: Status,
    /// The moment at which the status was so.
    pub this_update: DateTime<Utc>,
    pub next_update: Option<DateTime<Utc>>,
}

/// The last answer "good" that is known of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodAnswer {
    pub at: DateTime<Utc>,
    /// Address of the service.
    pub source: String,
    pub signature: SignatureCheck,
}

/// What is known of the revocation of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// No list of its issuer was ever read.
    NoList,
    /// It does not stand in the issuer's list.
    NotListed(KnownList),
    /// The authority answered later than its list that it is not revoked.
    Good(GoodAnswer),
    Revoked {
        at: DateTime<Utc>,
        source: RevocationSource,
        detail: String,
        signature: SignatureCheck,
    },
}

/// What reading a list changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ListRead {
    pub entries: i64,
    /// Registered certificates that are known to be revoked now.
    pub revoked: u64,
    /// Holds that were released.
    pub released: u64,
}

coded! {
    /// What an address of the office's table gives.
    AddressKind { Lists = "lists", Answers = "answers" }
}

impl Evidence {
    fn is_by(&self, sources: &[RevocationSource]) -> bool {
        matches!(self, Self::Revoked { source, .. } if sources.contains(source))
    }
}

/// What of the authority proves that all of these certificates are revoked.
#[must_use]
pub fn proof_of_all(evidence: &[Evidence]) -> Option<Check> {
    use RevocationSource::{Answer, List};
    let all_by = |sources: &[RevocationSource]| !evidence.is_empty() && evidence.iter().all(|e| e.is_by(sources));
    match (all_by(&[Answer]), all_by(&[Answer, List])) {
        (true, _) => Some(Check::Ocsp),
        (false, true) => Some(Check::Crl),
        (false, false) => None,
    }
}

/// An address which may be asked for lists or for answers about certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListAddress {
    pub id: SourceId,
    pub kind: AddressKind,
    pub url: String,
}

/// How fetching from an address ended.
#[derive(Debug, Clone)]
pub struct Fetched {
    pub url: String,
    pub outcome: Result<ListRead, crate::refusal::Refusal>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_number_is_later_whatever_its_first_digit() {
        assert!(later("0100", "FF") && later("0A", "9") && !later("09", "9") && later("1", ""));
    }
}
