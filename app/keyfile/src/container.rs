//! The way through a container to its certificates (RFC 7292, section 4).

use crate::OpenError;
use crate::ber::{CONTEXT_0, INTEGER, Node, Nodes, OID, SEQUENCE};
use crate::cipher::decrypt;
use crate::derive::{Budget, Password};
use crate::mac::Code;

/// Containers are some kilobytes; one beyond this is nothing that anybody keeps a key in.
const MOST_BYTES: usize = 8 << 20;
/// Bags within bags.
const DEPTH: u8 = 8;

/// pkcs-7 data, encryptedData, envelopedData: the last octet tells them apart.
const PKCS7: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
const DATA: u8 = 1;
const ENVELOPED: u8 = 3;
const ENCRYPTED: u8 = 6;
/// pkcs-12 bag types: the last octet.
const BAGS: [u8; 10] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];
const CERTIFICATE_BAG: u8 = 3;
const NESTED_BAG: u8 = 6;
/// pkcs-9 x509Certificate.
const X509: [u8; 10] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01];

/// Whether bytes begin as a container does: a sequence, version 3, then the content of some PKCS#7 type.
fn begins_as_container(bytes: &[u8]) -> bool {
    let length_bytes = match bytes {
        [SEQUENCE, 0x80, ..] => 1,
        [SEQUENCE, n, ..] if *n < 0x80 => 1,
        [SEQUENCE, n, ..] => 1 + usize::from(n & 0x7f),
        _ => return false,
    };
    let Some([INTEGER, 1, 3, SEQUENCE, rest @ ..]) = bytes.get(1 + length_bytes..) else { return false };
    rest.iter().take(6).copied().collect::<Vec<u8>>().windows(2).any(|w| w == [OID, 9])
}

/// What the container holds, and what follows it: the code, if there is one.
fn safe(container: &[u8]) -> Result<(Vec<u8>, Nodes<'_>), OpenError> {
    if !begins_as_container(container) {
        return Err(OpenError::NotAContainer);
    }
    if container.len() > MOST_BYTES {
        return Err(OpenError::TooCostly);
    }
    let mut pfx = Nodes::of(container).expect(SEQUENCE)?.inside();
    pfx.number()?;
    let (kind, content) = content(pfx.expect(SEQUENCE)?)?;
    if kind != DATA {
        // Signed by a key instead of by a password.
        return Err(OpenError::Unsupported);
    }
    Ok((content.ok_or(OpenError::Damaged)?.octets()?, pfx))
}

pub fn unprotected_certificates(container: &[u8]) -> Result<Vec<Vec<u8>>, OpenError> {
    let (safe, _) = safe(container)?;
    let mut found = Vec::new();
    let mut parts = Nodes::of(&safe).expect(SEQUENCE)?.inside();
    while let Some(part) = parts.next()? {
        match content(part)? {
            (DATA, Some(held)) => bags(&held.octets()?, DEPTH, &mut found)?,
            _ => return Ok(Vec::new()),
        }
    }
    Ok(found)
}

pub fn certificates(container: &[u8], password: &str) -> Result<Vec<Vec<u8>>, OpenError> {
    // The code is over these bytes as they stand.
    let (safe, mut pfx) = safe(container)?;
    let code = pfx.next()?.map(Code::read).transpose()?;
    let mut budget = Budget::new();
    for form in Password::forms(password) {
        match &code {
            Some(code) if !code.fits(&safe, &form, &mut budget)? => {}
            // The password is proven, so text that does not come out whole is the container's fault.
            Some(_) => {
                return walk(&safe, &form, &mut budget)
                    .map_err(|e| if e == OpenError::WrongPassword { OpenError::Damaged } else { e });
            }
            // Without a code, nonsense comes out of a wrong password too.
            None => match walk(&safe, &form, &mut budget) {
                Err(OpenError::Damaged | OpenError::WrongPassword) => {}
                done => return done,
            },
        }
    }
    Err(OpenError::WrongPassword)
}

/// A content: the last octet of its PKCS#7 type, and what it holds.
fn content(node: Node) -> Result<(u8, Option<Node>), OpenError> {
    let mut nodes = node.inside();
    let kind = match nodes.expect(OID)?.body.split_last() {
        Some((last, rest)) if rest == PKCS7 => *last,
        _ => 0,
    };
    let held = match nodes.next()? {
        Some(tagged) if tagged.tag == CONTEXT_0 => tagged.inside().next()?,
        _ => None,
    };
    Ok((kind, held))
}

fn walk(safe: &[u8], password: &Password, budget: &mut Budget) -> Result<Vec<Vec<u8>>, OpenError> {
    let mut found = Vec::new();
    let mut parts = Nodes::of(safe).expect(SEQUENCE)?.inside();
    while let Some(part) = parts.next()? {
        if part.tag != SEQUENCE {
            continue;
        }
        match content(part)? {
            (DATA, Some(held)) => bags(&held.octets()?, DEPTH, &mut found)?,
            (ENCRYPTED, Some(held)) => {
                let mut fields = held.inside();
                fields.number()?;
                let mut fields = fields.expect(SEQUENCE)?.inside();
                fields.expect(OID)?;
                let algorithm = fields.expect(SEQUENCE)?;
                let text = fields.octets()?;
                bags(&decrypt(algorithm, &text, password, budget)?, DEPTH, &mut found)?;
            }
            (ENVELOPED, _) => return Err(OpenError::Unsupported),
            _ => {}
        }
    }
    Ok(found)
}

/// Takes the certificates out of the bags of one part; keys are passed over unread.
fn bags(part: &[u8], depth: u8, found: &mut Vec<Vec<u8>>) -> Result<(), OpenError> {
    let depth = depth.checked_sub(1).ok_or(OpenError::TooCostly)?;
    let mut all = Nodes::of(part).expect(SEQUENCE)?.inside();
    while let Some(bag) = all.next()? {
        if bag.tag != SEQUENCE {
            continue;
        }
        let mut fields = bag.inside();
        let kind = match fields.expect(OID)?.body.split_last() {
            Some((last, rest)) if rest == BAGS => *last,
            _ => continue,
        };
        let held = fields.expect(CONTEXT_0)?;
        match kind {
            CERTIFICATE_BAG => {
                let mut certificate = held.inside().expect(SEQUENCE)?.inside();
                if certificate.expect(OID)?.body == X509 {
                    found.push(certificate.expect(CONTEXT_0)?.inside().octets()?);
                }
            }
            NESTED_BAG => bags(held.body, depth, found)?,
            _ => {}
        }
    }
    Ok(())
}
