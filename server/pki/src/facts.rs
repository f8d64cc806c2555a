//! One certificate: DER in, facts out (RFC 5280 and the national profile).

use crate::{algorithm, name, oddities, profile};
use chrono::{DateTime, Utc};
use domain::certificate::{Facts, Issuer, Warning};
use sha2::{Digest, Sha256};
use x509_parser::asn1_rs::{Any, FromDer as _, Oid};
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::*;

/// Why bytes are not a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("the bytes end too early")]
    Truncated,
    #[error("a date does not exist")]
    Date,
    #[error("the structure is broken")]
    Malformed,
}

#[derive(Default)]
struct Extensions {
    usages: Vec<String>,
    policies: Vec<String>,
    crl_urls: Vec<String>,
    ocsp_urls: Vec<String>,
    key_id: Option<String>,
    carrier: Option<String>,
    email: Option<String>,
    is_ca: bool,
    duplicate: bool,
}

/// Reads one DER certificate. `now` decides only whether it is said to be not yet valid.
///
/// # Errors
/// [`Unreadable`], by what is wrong with the bytes.
pub fn read_certificate(der: &[u8], now: DateTime<Utc>) -> Result<Facts, Unreadable> {
    let (rest, cert) = X509Certificate::from_der(der).map_err(|e| why(&e))?;
    let whole = der.get(..der.len() - rest.len()).unwrap_or(der);
    let ext = extensions(&cert);
    let issuer_country = cert.issuer().iter_country().next().and_then(|c| c.as_str().ok().map(str::to_owned));
    let national =
        issuer_country.as_deref() == Some("KZ") || profile::is_national(ext.usages.iter().chain(&ext.policies));
    let (mut subject, mut warnings) = name::subject(cert.subject(), national);
    subject.email = subject.email.or(ext.email.clone());
    let roles = profile::roles(&ext.usages);
    let mut facts = Facts {
        issuer: Issuer { common_name: name::common_name(cert.issuer()) },
        serial: serial(cert.raw_serial()),
        fingerprint_sha256: hex(&Sha256::digest(whole)),
        not_before: instant_of(cert.validity().not_before)?,
        not_after: instant_of(cert.validity().not_after)?,
        key_algorithm: algorithm::key_name(cert.public_key()),
        key_algorithm_oid: cert.public_key().algorithm.algorithm.to_id_string(),
        signature_algorithm_oid: cert.signature_algorithm.algorithm.to_id_string(),
        purposes: profile::purposes(&ext.usages),
        holder_kind: profile::holder_kind(ext.is_ca, &ext.usages, &roles, &subject),
        roles,
        extended_key_usage: ext.usages,
        policies: ext.policies,
        crl_urls: ext.crl_urls,
        ocsp_urls: ext.ocsp_urls,
        subject_key_id: ext.key_id,
        carrier_oid: ext.carrier,
        is_ca: ext.is_ca,
        warnings: Vec::new(),
        subject,
    };
    if ext.duplicate {
        warnings.push(Warning::DuplicateExtension);
    }
    if !rest.is_empty() {
        warnings.push(Warning::TrailingData);
    }
    if !national {
        warnings.push(Warning::ForeignIssuer);
    }
    if facts.is_ca && cert.subject().as_raw() == cert.issuer().as_raw() {
        warnings.push(Warning::RootCertificate);
    }
    oddities::collect(&facts, cert.raw_serial(), now, &mut warnings);
    warnings.sort_unstable();
    warnings.dedup();
    facts.warnings = warnings;
    Ok(facts)
}

/// An instant of a structure.
pub(crate) fn instant_of(t: ASN1Time) -> Result<DateTime<Utc>, Unreadable> {
    DateTime::from_timestamp(t.timestamp(), 0).ok_or(Unreadable::Date)
}

fn why(error: &x509_parser::nom::Err<X509Error>) -> Unreadable {
    match error {
        x509_parser::nom::Err::Incomplete(_) => Unreadable::Truncated,
        x509_parser::nom::Err::Error(X509Error::InvalidDate)
        | x509_parser::nom::Err::Failure(X509Error::InvalidDate) => Unreadable::Date,
        x509_parser::nom::Err::Error(X509Error::Der(e)) | x509_parser::nom::Err::Failure(X509Error::Der(e)) => {
            der_why(e)
        }
        _ => Unreadable::Malformed,
    }
}

fn der_why(error: &x509_parser::asn1_rs::Error) -> Unreadable {
    use x509_parser::asn1_rs::Error;
    match error {
        Error::InvalidDateTime => Unreadable::Date,
        Error::Incomplete(_) => Unreadable::Truncated,
        _ => Unreadable::Malformed,
    }
}

fn extensions(cert: &X509Certificate<'_>) -> Extensions {
    let mut out = Extensions::default();
    let mut seen: Vec<&Oid<'_>> = Vec::new();
    for ext in cert.extensions() {
        out.duplicate |= seen.contains(&&ext.oid);
        seen.push(&ext.oid);
        match ext.parsed_extension() {
            ParsedExtension::BasicConstraints(b) => out.is_ca |= b.ca,
            ParsedExtension::ExtendedKeyUsage(eku) => out.usages.extend(usages(eku)),
            ParsedExtension::CertificatePolicies(p) => {
                out.policies.extend(p.iter().map(|i| i.policy_id.to_id_string()))
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                for point in points.points.iter().filter_map(|p| p.distribution_point.as_ref()) {
                    if let DistributionPointName::FullName(names) = point {
                        out.crl_urls.extend(names.iter().filter_map(uri));
                    }
                }
            }
            ParsedExtension::AuthorityInfoAccess(aia) => {
                let ocsp = aia.accessdescs.iter().filter(|d| d.access_method.to_id_string() == "1.3.6.1.5.5.7.48.1");
                out.ocsp_urls.extend(ocsp.filter_map(|d| uri(&d.access_location)));
            }
            ParsedExtension::SubjectKeyIdentifier(id) => out.key_id = Some(hex(id.0)),
            ParsedExtension::SubjectAlternativeName(san) => {
                out.email = san.general_names.iter().find_map(|n| match n {
                    GeneralName::RFC822Name(mail) => Some((*mail).to_owned()),
                    _ => None,
                });
            }
            _ if ext.oid.to_id_string() == profile::CARRIER_EXTENSION => out.carrier = carrier(ext.value),
            _ => {}
        }
    }
    out
}

/// Usages in the order of the certificate, the well-known ones included.
fn usages(eku: &x509_parser::extensions::ExtendedKeyUsage<'_>) -> Vec<String> {
    let known = [
        (eku.any, "2.5.29.37.0"),
        (eku.server_auth, "1.3.6.1.5.5.7.3.1"),
        (eku.client_auth, "1.3.6.1.5.5.7.3.2"),
        (eku.code_signing, "1.3.6.1.5.5.7.3.3"),
        (eku.email_protection, "1.3.6.1.5.5.7.3.4"),
        (eku.time_stamping, "1.3.6.1.5.5.7.3.8"),
        (eku.ocsp_signing, "1.3.6.1.5.5.7.3.9"),
    ];
    let mut out: Vec<String> = known.into_iter().filter(|(set, _)| *set).map(|(_, oid)| oid.to_owned()).collect();
    out.extend(eku.other.iter().map(Oid::to_id_string));
    out
}

fn uri(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::URI(u) => Some((*u).to_owned()),
        _ => None,
    }
}

/// The first object identifier inside the key-store extension.
fn carrier(value: &[u8]) -> Option<String> {
    let mut at = value;
    for _ in 0..8 {
        let (_, any) = Any::from_der(at).ok()?;
        if let Ok(oid) = any.clone().oid() {
            return Some(oid.to_id_string());
        }
        at = any.data;
    }
    None
}

/// Magnitude in upper-case hexadecimal without leading zero bytes.
pub(crate) fn serial(raw: &[u8]) -> String {
    let start = raw.iter().position(|b| *b != 0).unwrap_or(raw.len().saturating_sub(1));
    hex(raw.get(start..).unwrap_or(raw)).to_uppercase()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}
