//! Asking an authority about one certificate and reading its answer (OCSP, RFC 6960).

use crate::ber::{Children, element};
use crate::facts::instant_of;
use crate::signature::{check_signature, is_checked, of_strange_algorithm};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use domain::certificate::SignatureCheck;
use domain::revocation::{Status, StatusAnswer};
use sha1::{Digest as _, Sha1};
use x509_parser::asn1_rs::{BitString, FromDer as _, Tag};
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::*;
use x509_parser::verify::verify_signature;

/// AlgorithmIdentifier of SHA-1, which every service must know (RFC 5019, 2.1.1).
const SHA1: &[u8] = &[0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00];
/// id-pkix-ocsp-nonce, 1.3.6.1.5.5.7.48.1.2.
const NONCE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2];
/// An answer of another moment than ours by more than this is not of now: clocks differ a little.
const SKEW: TimeDelta = TimeDelta::minutes(15);
/// An answer that names no end is believed for this long.
const FRESH: TimeDelta = TimeDelta::days(1);

/// Why an answer says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    #[error("the structure is broken")]
    Malformed,
    #[error("the service asks to try later")]
    TryLater,
    #[error("the service refused with status {0}")]
    Refused(u8),
    #[error("the answer is about another certificate or question")]
    NotAboutThis,
    #[error("the answer is too old or from the future")]
    NotOfNow,
}

/// A question about one certificate.
pub struct Question {
    /// Hash of the issuer's name, hash of its key, serial number; each with its header.
    about: [Vec<u8>; 3],
    nonce: Vec<u8>,
}

impl Question {
    /// Asks about a certificate of an issuer, both in DER. The nonce is fresh random bytes, up to 32 (RFC 8954, 2.1).
    /// None where one of them cannot be read or the issuer is another.
    #[must_use]
    pub fn new(der: &[u8], issuer_der: &[u8], nonce: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let (_, issuer) = X509Certificate::from_der(issuer_der).ok()?;
        if certificate.issuer().as_raw() != issuer.subject().as_raw() || names_another_key(&certificate, &issuer) {
            return None;
        }
        let name = Sha1::digest(issuer.subject().as_raw());
        let key = Sha1::digest(&issuer.public_key().subject_public_key.data);
        Some(Self {
            about: [tlv(4, &[&name]), tlv(4, &[&key]), tlv(2, &[certificate.raw_serial()])],
            nonce: tlv(4, &[nonce]),
        })
    }

    /// The request's bytes (RFC 6960, 4.1.1).
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let [name, key, serial] = &self.about;
        let requests = tlv(0x30, &[&tlv(0x30, &[&tlv(0x30, &[SHA1, name, key, serial])])]);
        let nonce = tlv(0x30, &[&tlv(6, &[NONCE]), &tlv(4, &[&self.nonce])]);
        let extensions = tlv(0xa2, &[&tlv(0x30, &[&nonce])]);
        tlv(0x30, &[&tlv(0x30, &[&requests, &extensions])])
    }
}

/// Whether a certificate names a key of its issuer, and this is another (RFC 5280, 4.2.1.1).
fn names_another_key(certificate: &X509Certificate<'_>, issuer: &X509Certificate<'_>) -> bool {
    let named = certificate.extensions().iter().find_map(|e| match e.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(id) => id.key_identifier.as_ref().map(|key| key.0),
        _ => None,
    });
    let own = issuer.extensions().iter().find_map(|e| match e.parsed_extension() {
        ParsedExtension::SubjectKeyIdentifier(key) => Some(key.0),
        _ => None,
    });
    named.zip(own).is_some_and(|(named, own)| named != own)
}

/// Reads the answer to a question and checks who signed it: the issuer, or whom it has named for this (RFC 6960,
/// 4.2.2.2).
///
/// # Errors
/// [`NoAnswer`].
pub fn read_answer(
    bytes: &[u8],
    question: &Question,
    issuer_der: &[u8],
    now: DateTime<Utc>,
) -> Result<(StatusAnswer, SignatureCheck), NoAnswer> {
    let basic = basic(bytes)?;
    let mut parts = Children(basic);
    let mut part = || parts.next().ok_or(NoAnswer::Malformed);
    let ((data, signed), (_, algorithm), (_, signature)) = (part()?, part()?, part()?);
    let certificates =
        parts.next().and_then(|(list, _)| element(list.data).map(|(list, _)| list.data)).unwrap_or_default();
    let answer = answer(data.data, question)?;
    let end = answer.next_update.or(answer.this_update.checked_add_signed(FRESH)).ok_or(NoAnswer::NotOfNow)?;
    let ahead = matches!(answer.status, Status::Revoked(at) if at > now + SKEW);
    if ahead || answer.this_update > now + SKEW || end < now - SKEW {
        return Err(NoAnswer::NotOfNow);
    }
    Ok((answer, check(signed, algorithm, signature, certificates, issuer_der, now)))
}

/// The BasicOCSPResponse inside an answer (RFC 6960, 4.2.1).
fn basic(bytes: &[u8]) -> Result<&[u8], NoAnswer> {
    let whole = element(bytes).ok_or(NoAnswer::Malformed)?.0;
    let mut parts = Children(whole.data);
    match parts.next().ok_or(NoAnswer::Malformed)?.0.data {
        [0] => {}
        [3] => return Err(NoAnswer::TryLater),
        [code] => return Err(NoAnswer::Refused(*code)),
        _ => return Err(NoAnswer::Malformed),
    }
    let mut inner = || {
        let wrapped = parts.next()?.0;
        let octets = Children(element(wrapped.data)?.0.data).nth(1)?.0;
        Some(element(octets.data)?.0.data)
    };
    inner().ok_or(NoAnswer::Malformed)
}

/// The single answer to the question in a ResponseData.
fn answer(data: &[u8], question: &Question) -> Result<StatusAnswer, NoAnswer> {
    let mut parts = Children(data).map(|(part, _)| part).skip_while(|p| p.tag() != Tag::GeneralizedTime);
    let _produced = parts.next().ok_or(NoAnswer::Malformed)?;
    let answers = parts.next().ok_or(NoAnswer::Malformed)?;
    let extensions = parts.next().and_then(|e| element(e.data).map(|(list, _)| list.data)).unwrap_or_default();
    for (extension, _) in Children(extensions) {
        let mut fields = Children(extension.data).map(|(field, _)| field);
        // A service that repeats no nonce answers from its store; then the moment alone says how fresh it is.
        if fields.next().is_some_and(|id| id.data == NONCE) && fields.last().is_none_or(|n| n.data != question.nonce) {
            return Err(NoAnswer::NotAboutThis);
        }
    }
    for (single, _) in Children(answers.data) {
        let mut fields = Children(single.data);
        let id = fields.next().ok_or(NoAnswer::Malformed)?.0;
        if !Children(id.data).skip(1).map(|(_, raw)| raw).eq(question.about.iter().map(Vec::as_slice)) {
            continue;
        }
        let (status, this) = (fields.next().ok_or(NoAnswer::Malformed)?.0, fields.next().ok_or(NoAnswer::Malformed)?.0);
        let next = fields.next().filter(|(f, _)| f.tag() == Tag(0)).and_then(|(f, _)| element(f.data));
        return Ok(StatusAnswer {
            status: match status.tag() {
                Tag(0) => Status::Good,
                Tag(1) => Status::Revoked(moment(element(status.data).ok_or(NoAnswer::Malformed)?.0.data)?),
                _ => Status::Unknown,
            },
            this_update: moment(this.data)?,
            next_update: next.map(|(at, _)| moment(at.data)).transpose()?,
        });
    }
    Err(NoAnswer::NotAboutThis)
}

/// GeneralizedTime as DER writes it: fourteen digits and Z (RFC 5280, 4.1.2.5.2).
fn moment(text: &[u8]) -> Result<DateTime<Utc>, NoAnswer> {
    let digits = text
        .strip_suffix(b"Z")
        .filter(|d| d.len() == 14 && d.iter().all(u8::is_ascii_digit))
        .ok_or(NoAnswer::Malformed)?;
    let digits = std::str::from_utf8(digits).map_err(|_| NoAnswer::Malformed)?;
    NaiveDateTime::parse_from_str(digits, "%Y%m%d%H%M%S").map(|at| at.and_utc()).map_err(|_| NoAnswer::Malformed)
}

fn check(
    signed: &[u8],
    algorithm: &[u8],
    signature: &[u8],
    certificates: &[u8],
    issuer_der: &[u8],
    now: DateTime<Utc>,
) -> SignatureCheck {
    let Ok((_, issuer)) = X509Certificate::from_der(issuer_der) else { return SignatureCheck::NotChecked };
    let (Ok((_, algorithm)), Ok((_, signature))) =
        (AlgorithmIdentifier::from_der(algorithm), BitString::from_der(signature))
    else {
        return of_strange_algorithm(&issuer);
    };
    if !is_checked(&algorithm.algorithm.to_id_string()) {
        return of_strange_algorithm(&issuer);
    }
    let holds = |by: &X509Certificate<'_>| verify_signature(by.public_key(), &algorithm, &signature, signed).is_ok();
    if holds(&issuer) {
        return SignatureCheck::Holds;
    }
    let named = |der: &[u8]| {
        X509Certificate::from_der(der).is_ok_and(|(_, named)| holds(&named) && answers_for(&named, now))
            && check_signature(der, issuer_der) == SignatureCheck::Holds
    };
    if Children(certificates).any(|(_, der)| named(der)) {
        SignatureCheck::Holds
    } else {
        of_strange_algorithm(&issuer)
    }
}

/// Whether an authority let this certificate answer in its place (RFC 6960, 4.2.2.2), and it holds now.
fn answers_for(named: &X509Certificate<'_>, now: DateTime<Utc>) -> bool {
    let purpose = named.extended_key_usage().ok().flatten().is_some_and(|usage| usage.value.ocsp_signing);
    let (first, last) = (instant_of(named.validity().not_before), instant_of(named.validity().not_after));
    purpose && first.is_ok_and(|first| first <= now + SKEW) && last.is_ok_and(|last| last > now)
}

/// A value with its tag and length.
fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|p| p.len()).sum();
    let mut out = vec![tag];
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|b| *b == 0).collect();
            out.push(0x80 | u8::try_from(digits.len()).unwrap_or(0));
            out.extend(digits);
        }
    }
    parts.iter().for_each(|p| out.extend_from_slice(p));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(name: &str) -> Vec<u8> {
        std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/ocsp").join(name))
            .unwrap()
    }

    fn now() -> DateTime<Utc> {
        "2026-11-23T08:00:00Z".parse().unwrap()
    }

    fn asked(certificate: &str) -> Question {
        Question::new(&data(certificate), &data("../crl/nca_rsa.cer"), &[7; 16]).unwrap()
    }

    #[test]
    fn a_signed_answer_says_good_revoked_or_unknown() {
        let read = |certificate: &str, answer: &str| {
            let (answer, signature) =
                read_answer(&data(answer), &asked(certificate), &data("../crl/nca_rsa.cer"), now()).unwrap();
            assert_eq!(signature, SignatureCheck::Holds);
            answer.status
        };
        assert_eq!(read("good.cer", "good.der"), Status::Good);
        assert!(matches!(read("revoked.cer", "revoked.der"), Status::Revoked(at) if at < now()));
    }

    #[test]
    fn an_answer_to_another_question_of_another_day_or_with_a_changed_byte_is_none() {
        let (answer, issuer) = (data("good.der"), data("../crl/nca_rsa.cer"));
        let other = read_answer(&answer, &asked("revoked.cer"), &issuer, now());
        assert_eq!(other.unwrap_err(), NoAnswer::NotAboutThis);
        let replayed = Question::new(&data("good.cer"), &issuer, &[8; 16]).unwrap();
        assert_eq!(
            read_answer(&answer, &replayed, &issuer, now()).unwrap_err(),
            NoAnswer::NotAboutThis,
            "an older nonce"
        );
        for day in ["2026-11-20T08:00:00Z", "2026-11-25T08:00:00Z"] {
            let late = read_answer(&answer, &asked("good.cer"), &issuer, day.parse().unwrap());
            assert_eq!(late.unwrap_err(), NoAnswer::NotOfNow, "{day}");
        }
        assert_eq!(
            read_answer(&[0x30, 3, 0x0a, 1, 3], &asked("good.cer"), &issuer, now()).unwrap_err(),
            NoAnswer::TryLater
        );
        assert_eq!(
            read_answer(&[0x30, 3, 0x0a, 1, 6], &asked("good.cer"), &issuer, now()).unwrap_err(),
            NoAnswer::Refused(6)
        );
        for n in 0..answer.len() {
            let mut changed = answer.clone();
            changed[n] ^= 0x10;
            if let Ok((read, signature)) = read_answer(&changed, &asked("good.cer"), &issuer, now()) {
                let same = read_answer(&answer, &asked("good.cer"), &issuer, now()).unwrap().0;
                assert!(signature == SignatureCheck::Fails || read == same, "byte {n}");
            }
            let _ = read_answer(&answer[..n], &asked("good.cer"), &issuer, now());
        }
    }

    #[test]
    fn an_answer_without_a_readable_signature_is_forged_and_odd_times_are_none() {
        let (answer, issuer) = (data("good.der"), data("../crl/nca_rsa.cer"));
        let mut forged = answer.clone();
        let at = forged.windows(5).rposition(|w| w == [0x03, 0x82, 0x01, 0x01, 0x00]).unwrap();
        // The last signature in the file is that of the responder's certificate; the answer's own stands before it.
        let own = forged[..at].windows(5).rposition(|w| w == [0x03, 0x82, 0x01, 0x01, 0x00]).unwrap();
        forged[own] = 0x04;
        let read = read_answer(&forged, &asked("good.cer"), &issuer, now());
        assert_eq!(read.unwrap().1, SignatureCheck::Fails);
        assert!(moment(b"20261123073043Z").is_ok());
        for odd in
            [&b"+262142123123595Z"[..], b"2026112307304 Z", b"20261123073043", b"202611230730Z", b"20261323073043Z"]
        {
            assert!(moment(odd).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn a_question_needs_the_right_issuer() {
        assert!(Question::new(&data("good.cer"), &data("good.cer"), &[7; 16]).is_none());
        assert!(Question::new(b"no certificate", &data("../crl/nca_rsa.cer"), &[7; 16]).is_none());
    }
}
