//! Names of key algorithms, the national ones included (`domain.md` of the design, register root.gov.kz/oid).

use x509_parser::prelude::*;
use x509_parser::public_key::PublicKey;

/// The plain name of a public key's algorithm with its size or curve.
pub fn key_name(key: &SubjectPublicKeyInfo<'_>) -> String {
    let oid = key.algorithm.algorithm.to_id_string();
    match oid.as_str() {
        "1.2.840.113549.1.1.1" => match key.parsed() {
            Ok(PublicKey::RSA(rsa)) => format!("rsa-{}", rsa.key_size()),
            _ => "rsa".into(),
        },
        "1.2.840.10045.2.1" => curve(key).into(),
        "1.2.398.3.10.1.1.1.1" | "1.3.6.1.4.1.6801.1.5.8" => "gost-34.310-2004".into(),
        "1.2.398.3.10.1.1.2.1" => "gost-34.10-2015-256".into(),
        "1.2.398.3.10.1.1.2.2" => "gost-34.10-2015-512".into(),
        _ => "other".into(),
    }
}

fn curve(key: &SubjectPublicKeyInfo<'_>) -> &'static str {
    let oid = key.algorithm.parameters.as_ref().and_then(|p| p.as_oid().ok()).map(|o| o.to_id_string());
    match oid.as_deref() {
        Some("1.2.840.10045.3.1.7") => "ec-p256",
        Some("1.3.132.0.34") => "ec-p384",
        Some("1.3.132.0.35") => "ec-p521",
        _ => "ec",
    }
}
