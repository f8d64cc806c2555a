//! A certificate as the rows that hold it.

use crate::Result;
use crate::core::convert::codes;
use crate::core::entity::{certificate, certificate_file};
use crate::core::stored::to_json;
use domain::certificate::{Facts, SignatureCheck};
use domain::fold::shown;
use domain::id::CertificateId;
use sea_orm::Set;

/// The bytes of a certificate with its facts as a whole.
pub fn file_model(id: CertificateId, facts: &Facts, der: Vec<u8>) -> Result<certificate_file::ActiveModel> {
    Ok(certificate_file::ActiveModel { certificate_id: Set(id.0), der: Set(der), facts: Set(to_json(facts)?) })
}

/// The row of a certificate: the columns that lists and queries need.
pub fn certificate_model(
    id: CertificateId,
    facts: &Facts,
    signature: SignatureCheck,
    now_ms: i64,
) -> Result<certificate::ActiveModel> {
    Ok(certificate::ActiveModel {
        id: Set(id.0),
        fingerprint: Set(facts.fingerprint_sha256.clone()),
        holder: Set(facts.holder()),
        purposes: Set(codes(facts.purposes.iter().map(|p| p.code()))),
        roles: Set(codes(facts.roles.iter().map(|r| r.code()))),
        serial: Set(facts.serial.clone()),
        issuer: Set(shown(facts.issuer.common_name.as_deref().unwrap_or_default(), 200)),
        owner_number: Set(facts.owner_number().map(|n| shown(n, 40))),
        lineage: Set(shown(&facts.lineage(), 400)),
        search: Set(facts.search_text()),
        not_before: Set(facts.not_before.timestamp_millis()),
        not_after: Set(facts.not_after.timestamp_millis()),
        last_day: Set(facts.last_day()),
        signature: Set(signature.code().into()),
        successor_id: Set(None),
        replaced_from: Set(None),
        lost_at: Set(None),
        lost_reason: Set(None),
        revoked_at: Set(None),
        imported_at: Set(now_ms),
        typed: Set(false),
        checked_at: Set(None),
        aside_at: Set(None),
        aside_by: Set(None),
        aside_why: Set(String::new()),
        key_id: Set(facts.subject_key_id.clone()),
    })
}
