//! Revocation lists (RFC 5280, 5), full and delta.

use crate::facts::{hex, instant_of, serial};
use crate::{Unreadable, name, pem};
use domain::certificate::SignatureCheck;
use domain::refusal::NoList;
use domain::revocation::{RevocationList, Revoked};
use x509_parser::prelude::*;

/// Entries of a list at most.
const MOST: usize = 1_000_000;
/// Delta CRL indicator (RFC 5280, 5.2.4).
const DELTA: &str = "2.5.29.27";

/// Reads a list in DER or PEM, and gives its DER beside it.
///
/// # Errors
/// [`NoList`], by what is wrong with the bytes.
pub fn read_crl(bytes: &[u8]) -> Result<(RevocationList, Vec<u8>), NoList> {
    let plain = bytes.trim_ascii_start();
    if plain.is_empty() {
        return Err(NoList::Empty);
    }
    if plain.starts_with(b"<") {
        return Err(NoList::WebPage);
    }
    let der = match std::str::from_utf8(bytes) {
        Ok(text) if text.contains("-----BEGIN ") => {
            pem::blocks(text).into_iter().flatten().next().ok_or(NoList::Other)?
        }
        _ => bytes.to_vec(),
    };
    let (_, list) = CertificateRevocationList::from_der(&der).map_err(|error| match error {
        x509_parser::nom::Err::Incomplete(_) => NoList::Cut,
        _ if ends_early(&der) => NoList::Cut,
        _ => NoList::Other,
    })?;
    let base = list.extensions().iter().find(|e| e.oid.to_id_string() == DELTA).map(|e| number(e.value));
    let mut entries = Vec::new();
    for revoked in list.iter_revoked_certificates() {
        if entries.len() >= MOST {
            return Err(NoList::TooMany(MOST));
        }
        entries.push(Revoked {
            serial: serial(revoked.raw_serial()),
            at: instant_of(revoked.revocation_date).map_err(other)?,
            reason: revoked.reason_code().map(|(_, code)| code.0),
        });
    }
    let read = RevocationList {
        issuer: name::common_name(list.issuer()).ok_or(NoList::Other)?,
        number: list.crl_number().map(|n| serial(&n.to_bytes_be())).unwrap_or_default(),
        base,
        this_update: instant_of(list.last_update()).map_err(other)?,
        next_update: list.next_update().map(instant_of).transpose().map_err(other)?,
        entries,
    };
    drop(list);
    Ok((read, der))
}

fn other(_: Unreadable) -> NoList {
    NoList::Other
}

/// Whether the outer SEQUENCE says that it is longer than the bytes (X.690, 8.1.3).
fn ends_early(der: &[u8]) -> bool {
    match der {
        [0x30, length @ 0x81..=0x84, rest @ ..] => {
            let digits = usize::from(length & 0x7f);
            let said = rest.get(..digits).map(|d| d.iter().fold(0usize, |n, byte| (n << 8) | usize::from(*byte)));
            said.is_none_or(|said| rest.len() < digits + said)
        }
        [0x30, length, rest @ ..] if *length < 0x80 => rest.len() < usize::from(*length),
        _ => false,
    }
}

/// The INTEGER in an extension; short form, as numbers of lists are.
fn number(der: &[u8]) -> String {
    match der {
        [0x02, _, digits @ ..] => serial(digits),
        other => hex(other).to_uppercase(),
    }
}

/// Checks a list against its issuer's certificate, both in DER.
#[must_use]
pub fn check_crl(der: &[u8], issuer_der: &[u8]) -> SignatureCheck {
    let (Ok((_, list)), Ok((_, issuer))) =
        (CertificateRevocationList::from_der(der), X509Certificate::from_der(issuer_der))
    else {
        return SignatureCheck::NotChecked;
    };
    if name::common_name(list.issuer()) != name::common_name(issuer.subject()) {
        return SignatureCheck::NotChecked;
    }
    let algorithm = list.signature_algorithm.algorithm.to_id_string();
    if list.issuer().as_raw() != issuer.subject().as_raw() || !crate::signature::is_checked(&algorithm) {
        return crate::signature::of_strange_algorithm(&issuer);
    }
    match list.verify_signature(issuer.public_key()) {
        Ok(()) => SignatureCheck::Holds,
        Err(X509Error::SignatureUnsupportedAlgorithm) => SignatureCheck::NotChecked,
        Err(_) => SignatureCheck::Fails,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(name: &str) -> Vec<u8> {
        std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/crl").join(name)).unwrap()
    }

    #[test]
    fn the_lists_of_the_national_authority_are_read() {
        for (file, entries, number, day) in [
            ("nca_rsa_test.crl", 126, "09", "2022-03-29"),
            ("nca_gost_test.crl", 31, "07", "2022-03-29"),
            ("nca_gost2022_test__5cb0411e.crl", 6, "04", "2022-07-27"),
        ] {
            let (list, _) = read_crl(&data(file)).unwrap();
            assert_eq!(
                (list.entries.len(), list.number.as_str(), list.base.as_deref()),
                (entries, number, None),
                "{file}"
            );
            assert_eq!(list.this_update.date_naive().to_string(), day);
        }
        let (delta, _) = read_crl(&data("nca_d_rsa_test.crl")).unwrap();
        assert_eq!((delta.entries.len(), delta.number.as_str()), (0, "01"));
    }

    #[test]
    fn a_signature_holds_for_its_authority_only_and_a_changed_byte_breaks_it() {
        let (list, issuer) = (data("nca_rsa.crl"), data("nca_rsa.cer"));
        assert_eq!(check_crl(&list, &issuer), SignatureCheck::Holds);
        assert_eq!(check_crl(&data("nca_gost.crl"), &issuer), SignatureCheck::NotChecked);
        let mut changed = list.clone();
        let last = changed.len() - 1;
        changed[last] ^= 1;
        assert_eq!(check_crl(&changed, &issuer), SignatureCheck::Fails);
        let why = |bytes: &[u8]| read_crl(bytes).unwrap_err();
        assert_eq!(why(&list[..list.len() / 2]), NoList::Cut);
        assert_eq!(why(&list[..3]), NoList::Cut);
        assert_eq!(why(b""), NoList::Empty);
        assert_eq!(why(b" \r\n<!DOCTYPE html><html>"), NoList::WebPage);
        assert_eq!(why(b"no list"), NoList::Other);
    }
}
