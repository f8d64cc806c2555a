//! The national certificate profile: purposes, roles and carriers by object identifier.

use domain::certificate::{HolderKind, HolderRole, Purpose, Subject};

/// Extension that names the key store (НУЦ РК test data).
pub const CARRIER_EXTENSION: &str = "1.2.398.3.3.5";
const ARC: &str = "1.2.398.";
const INDIVIDUAL: &str = "1.2.398.3.3.4.1.1";
const ORGANISATION: &str = "1.2.398.3.3.4.1.2";

/// Purposes in a fixed order.
pub fn purposes(usages: &[String]) -> Vec<Purpose> {
    let has = |oid: &str| usages.iter().any(|u| u == oid);
    let all = [
        ("1.3.6.1.5.5.7.3.2", Purpose::Authentication),
        ("1.3.6.1.5.5.7.3.4", Purpose::Signing),
        ("1.3.6.1.5.5.7.3.8", Purpose::Timestamping),
        ("1.3.6.1.5.5.7.3.9", Purpose::Ocsp),
    ];
    all.into_iter().filter_map(|(oid, purpose)| has(oid).then_some(purpose)).collect()
}

/// Roles in the order of the profile.
pub fn roles(usages: &[String]) -> Vec<HolderRole> {
    let role = |n: usize| usages.iter().any(|u| u.strip_prefix(ORGANISATION) == Some(&format!(".{n}")));
    HolderRole::ALL.iter().enumerate().filter_map(|(i, r)| role(i + 1).then_some(*r)).collect()
}

/// What the holder is: by usages first, because newer certificates carry one policy for all.
pub fn holder_kind(is_ca: bool, usages: &[String], roles: &[HolderRole], subject: &Subject) -> HolderKind {
    let under = |arc: &str| usages.iter().any(|u| u == arc || u.strip_prefix(arc).is_some_and(|r| r.starts_with('.')));
    if is_ca {
        HolderKind::Authority
    } else if roles.contains(&HolderRole::InformationSystem) {
        HolderKind::InformationSystem
    } else if under(ORGANISATION) {
        HolderKind::Organisation
    } else if under(INDIVIDUAL) {
        HolderKind::Individual
    } else if subject.bin.is_some() {
        HolderKind::Organisation
    } else if subject.iin.is_some() {
        HolderKind::Individual
    } else {
        HolderKind::Other
    }
}

/// Whether any identifier is of the country's arc.
pub fn is_national<'a>(mut oids: impl Iterator<Item = &'a String>) -> bool {
    oids.any(|o| o.starts_with(ARC))
}
