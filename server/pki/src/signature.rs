//! The issuer's signature, for RSA and ECDSA. GOST signatures are read, not checked.

use domain::certificate::SignatureCheck;
use x509_parser::prelude::*;

/// Algorithms that are checked here: RSA with SHA-1/2 and ECDSA with SHA-2.
const CHECKED: &[&str] = &[
    "1.2.840.113549.1.1.5",
    "1.2.840.113549.1.1.11",
    "1.2.840.113549.1.1.12",
    "1.2.840.113549.1.1.13",
    "1.2.840.10045.4.3.2",
    "1.2.840.10045.4.3.3",
];

/// Keys whose signatures are checked: RSA and elliptic curves.
const KEYS: [&str; 2] = ["1.2.840.113549.1.1.1", "1.2.840.10045.2.1"];

/// What an algorithm that is not checked here means: whoever signs in a way that is checked does not sign otherwise.
pub fn of_strange_algorithm(issuer: &X509Certificate<'_>) -> SignatureCheck {
    let key = issuer.public_key().algorithm.algorithm.to_id_string();
    if KEYS.contains(&key.as_str()) { SignatureCheck::Fails } else { SignatureCheck::NotChecked }
}

/// Whether signatures of an algorithm are checked here.
pub fn is_checked(algorithm: &str) -> bool {
    CHECKED.contains(&algorithm)
}

/// Checks a certificate against its issuer's certificate, both in DER.
#[must_use]
pub fn check_signature(der: &[u8], issuer_der: &[u8]) -> SignatureCheck {
    let (Ok((_, cert)), Ok((_, issuer))) = (X509Certificate::from_der(der), X509Certificate::from_der(issuer_der))
    else {
        return SignatureCheck::NotChecked;
    };
    let algorithm = cert.signature_algorithm.algorithm.to_id_string();
    if cert.issuer().as_raw() != issuer.subject().as_raw() || !is_checked(&algorithm) {
        return SignatureCheck::NotChecked;
    }
    match cert.verify_signature(Some(issuer.public_key())) {
        Ok(()) => SignatureCheck::Holds,
        Err(X509Error::SignatureUnsupportedAlgorithm) => SignatureCheck::NotChecked,
        Err(_) => SignatureCheck::Fails,
    }
}

/// Whether a certificate names itself as its issuer.
#[must_use]
pub fn self_signed(der: &[u8]) -> bool {
    X509Certificate::from_der(der).is_ok_and(|(_, c)| c.subject().as_raw() == c.issuer().as_raw())
}
