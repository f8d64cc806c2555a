//! The office: its name, place and language.

use crate::person::Lang;

/// Settings asked at the first start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    pub name: String,
    /// IANA name of the zone, such as `Asia/Almaty`.
    pub zone: String,
    pub lang: Lang,
}

/// Zones of Kazakhstan, all UTC+5 since 2024-03-01.
pub const ZONES: &[&str] =
    &["Asia/Almaty", "Asia/Aqtau", "Asia/Aqtobe", "Asia/Atyrau", "Asia/Oral", "Asia/Qostanay", "Asia/Qyzylorda"];

/// An authority whose certificates may silence an older one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Common name of the issuer, as it stands in the certificates.
    pub common_name: String,
    /// Its own certificate is known, so RSA and ECDSA signatures are checked.
    pub has_certificate: bool,
}
