//! Certificates inside PKCS#7 and CMS SignedData (RFC 5652, 5.1), in DER or BER.

use crate::ber::{Children, element};
use x509_parser::asn1_rs::{Class, Tag};

/// OID 1.2.840.113549.1.7.2 in its encoding.
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
/// More certificates than this in one signature is no signature that people make.
const MAX_CERTIFICATES: usize = 1000;

/// What a CMS file holds.
pub struct Signed<'a> {
    pub certificates: Vec<&'a [u8]>,
    /// Somebody signed; a plain bundle of certificates has no signers.
    pub has_signers: bool,
}

/// Whether the bytes begin as a CMS content info.
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.get(..32).unwrap_or(bytes).windows(SIGNED_DATA.len()).any(|w| w == SIGNED_DATA)
}

/// The certificates of a SignedData; none where the structure is not one.
pub fn read(bytes: &[u8]) -> Option<Signed<'_>> {
    let info = element(bytes)?.0;
    let mut parts = Children(info.data);
    let kind = parts.next()?.0;
    if kind.tag() != Tag::Oid || kind.data != SIGNED_DATA {
        return None;
    }
    let wrapped = parts.next()?.0;
    let signed = element(wrapped.data)?.0;
    let mut out = Signed { certificates: Vec::new(), has_signers: false };
    for (part, _) in Children(signed.data).take(8) {
        if part.class() == Class::ContextSpecific && part.tag() == Tag(0) {
            let found = Children(part.data).take(MAX_CERTIFICATES).filter(|(c, _)| c.tag() == Tag::Sequence);
            out.certificates.extend(found.map(|(_, raw)| raw));
        }
    }
    let last = Children(signed.data).take(8).last();
    out.has_signers = last.is_some_and(|(part, _)| part.tag() == Tag::Set && Children(part.data).next().is_some());
    Some(out)
}
