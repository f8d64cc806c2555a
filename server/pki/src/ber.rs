//! Elements of BER and DER, one after another, without knowing what they mean.

use x509_parser::asn1_rs::{Any, FromBer as _};

/// The elements of a constructed value, each with its raw bytes; stops at the end or at what is broken.
pub struct Children<'a>(pub &'a [u8]);

impl<'a> Iterator for Children<'a> {
    type Item = (Any<'a>, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() || self.0.starts_with(&[0, 0]) {
            return None;
        }
        let (any, rest) = element(self.0)?;
        let raw = self.0.get(..self.0.len() - rest.len())?;
        self.0 = rest;
        Some((any, raw))
    }
}

/// The first element and what follows it.
pub fn element(bytes: &[u8]) -> Option<(Any<'_>, &[u8])> {
    Any::from_ber(bytes).ok().map(|(rest, any)| (any, rest))
}
