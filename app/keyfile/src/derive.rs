//! From the password to keys: the way of PKCS#12 (RFC 7292, appendix B) and PBKDF2 (RFC 8018, 5.2).

use crate::OpenError;
use crate::ber::{INTEGER, Node, Nodes, OID, SEQUENCE};
use digest::core_api::BlockSizeUser;
use digest::{Digest, FixedOutputReset};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::{Zeroize as _, Zeroizing};

/// Rounds that a whole container may ask for: several times what the most careful programs write today.
const ROUNDS: u64 = 4_000_000;

/// What a key is for (RFC 7292, B.3).
#[derive(Clone, Copy)]
pub enum Purpose {
    Key = 1,
    Vector = 2,
    Mac = 3,
}

/// Digests that containers name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// The password in the forms in which it goes into a derivation.
pub struct Password {
    /// Two bytes a letter, the greater first, ended by two zeros (RFC 7292, B.1).
    pub wide: Zeroizing<Vec<u8>>,
    pub plain: Zeroizing<Vec<u8>>,
}

impl Password {
    /// The forms in which programs have written the same password, the standard's first.
    pub fn forms(password: &str) -> Vec<Self> {
        let plain = || Zeroizing::new(password.as_bytes().to_vec());
        let ended = |units: &mut dyn Iterator<Item = u16>| {
            // Room for all of it, so that no copy is left behind by growing.
            let mut wide = Zeroizing::new(Vec::with_capacity(password.len() * 2 + 2));
            for unit in units.chain([0]) {
                wide.extend_from_slice(&unit.to_be_bytes());
            }
            wide
        };
        let mut all = vec![Self { wide: ended(&mut password.encode_utf16()), plain: plain() }];
        if !password.is_ascii() {
            // Old OpenSSL widened the bytes of UTF-8 one by one.
            all.push(Self { wide: ended(&mut password.bytes().map(u16::from)), plain: plain() });
        }
        if password.is_empty() {
            // Some write no password as no bytes at all.
            all.push(Self { wide: Zeroizing::new(Vec::new()), plain: plain() });
        }
        all
    }
}

/// What is left of the work that a container may ask for.
pub struct Budget(u64);

impl Budget {
    pub fn new() -> Self {
        Self(ROUNDS)
    }

    /// Takes rounds before they are run.
    pub fn take(&mut self, rounds: u64) -> Result<(), OpenError> {
        if rounds == 0 {
            return Err(OpenError::Damaged);
        }
        self.0 = self.0.checked_sub(rounds).ok_or(OpenError::TooCostly)?;
        Ok(())
    }
}

impl Hash {
    /// A digest by the content of its object identifier.
    pub fn named(oid: &[u8]) -> Result<Self, OpenError> {
        Ok(match oid {
            [0x2b, 0x0e, 0x03, 0x02, 0x1a] => Self::Sha1,
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, n] => match n {
                1 => Self::Sha256,
                2 => Self::Sha384,
                3 => Self::Sha512,
                4 => Self::Sha224,
                _ => return Err(OpenError::Unsupported),
            },
            _ => return Err(OpenError::Unsupported),
        })
    }

    /// The digest inside an HMAC (RFC 8018, B.1.1 and B.1.2).
    pub fn of_hmac(oid: &[u8]) -> Result<Self, OpenError> {
        match oid {
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, n] => Ok(match n {
                7 => Self::Sha1,
                8 => Self::Sha224,
                9 => Self::Sha256,
                10 => Self::Sha384,
                11 => Self::Sha512,
                _ => return Err(OpenError::Unsupported),
            }),
            _ => Err(OpenError::Unsupported),
        }
    }

    /// Bytes of the digest.
    pub fn size(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// A key by the way of PKCS#12.
    pub fn derive(self, wide: &[u8], salt: &[u8], purpose: Purpose, rounds: u64, size: usize) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Sha1 => derive::<Sha1>(wide, salt, purpose, rounds, size),
            Self::Sha224 => derive::<Sha224>(wide, salt, purpose, rounds, size),
            Self::Sha256 => derive::<Sha256>(wide, salt, purpose, rounds, size),
            Self::Sha384 => derive::<Sha384>(wide, salt, purpose, rounds, size),
            Self::Sha512 => derive::<Sha512>(wide, salt, purpose, rounds, size),
        }
    }
}

fn derive<D: Digest + BlockSizeUser + FixedOutputReset>(
    wide: &[u8],
    salt: &[u8],
    purpose: Purpose,
    rounds: u64,
    size: usize,
) -> Zeroizing<Vec<u8>> {
    let block = D::block_size();
    let size_of = |bytes: &[u8]| bytes.len().div_ceil(block) * block;
    let mut input = Zeroizing::new(Vec::with_capacity(size_of(salt) + size_of(wide)));
    for part in [salt, wide] {
        input.extend(part.iter().copied().cycle().take(size_of(part)));
    }
    let mut out = Zeroizing::new(Vec::with_capacity(size + 64));
    let mut hash = D::new();
    while out.len() < size {
        Digest::update(&mut hash, vec![purpose as u8; block]);
        Digest::update(&mut hash, input.as_slice());
        let mut a = hash.finalize_reset();
        for _ in 1..rounds {
            Digest::update(&mut hash, &a);
            a = hash.finalize_reset();
        }
        out.extend_from_slice(&a);
        let mut b: Vec<u8> = a.iter().copied().cycle().take(block).collect();
        for chunk in input.chunks_mut(block) {
            // chunk + b + 1, as numbers of so many bytes.
            let mut carry = 1u16;
            for (left, right) in chunk.iter_mut().rev().zip(b.iter().rev()) {
                carry += u16::from(*left) + u16::from(*right);
                *left = carry.to_be_bytes()[1];
                carry >>= 8;
            }
        }
        a.as_mut_slice().zeroize();
        b.zeroize();
    }
    out.truncate(size);
    out
}

/// PBKDF2 with its parameters as they stand in the container.
pub struct Pbkdf2 {
    salt: Vec<u8>,
    rounds: u64,
    /// Bytes of the key, where they are said.
    pub size: Option<u64>,
    hash: Hash,
}

impl Pbkdf2 {
    /// Reads an algorithm identifier.
    pub fn read(node: Node) -> Result<Self, OpenError> {
        let mut nodes = node.inside();
        if nodes.expect(OID)?.body != [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c] {
            return Err(OpenError::Unsupported);
        }
        let mut given = nodes.expect(SEQUENCE)?.inside();
        let (salt, rounds) = (given.octets()?, given.number()?);
        let (mut size, mut hash) = (None, Hash::Sha1);
        while let Some(node) = given.next()? {
            match node.tag {
                INTEGER => {
                    let digits = node.body.iter().fold(0u64, |n, b| n << 8 | u64::from(*b));
                    size = Some(digits);
                }
                SEQUENCE => hash = Hash::of_hmac(node.inside().expect(OID)?.body)?,
                _ => return Err(OpenError::Damaged),
            }
        }
        Ok(Self { salt, rounds, size, hash })
    }

    /// A key of so many bytes.
    pub fn derive(&self, plain: &[u8], size: usize, budget: &mut Budget) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let blocks = u64::try_from(size.div_ceil(self.hash.size())).unwrap_or(u64::MAX);
        budget.take(self.rounds.saturating_mul(blocks))?;
        let rounds = u32::try_from(self.rounds).map_err(|_| OpenError::TooCostly)?;
        let mut out = Zeroizing::new(vec![0; size]);
        match self.hash {
            Hash::Sha1 => pbkdf2::pbkdf2_hmac::<Sha1>(plain, &self.salt, rounds, &mut out),
            Hash::Sha224 => pbkdf2::pbkdf2_hmac::<Sha224>(plain, &self.salt, rounds, &mut out),
            Hash::Sha256 => pbkdf2::pbkdf2_hmac::<Sha256>(plain, &self.salt, rounds, &mut out),
            Hash::Sha384 => pbkdf2::pbkdf2_hmac::<Sha384>(plain, &self.salt, rounds, &mut out),
            Hash::Sha512 => pbkdf2::pbkdf2_hmac::<Sha512>(plain, &self.salt, rounds, &mut out),
        }
        Ok(out)
    }
}

/// Salt and rounds of the older ways (RFC 7292, appendix C).
pub fn salt_and_rounds(node: Node) -> Result<(Vec<u8>, u64), OpenError> {
    let mut nodes: Nodes = node.inside();
    Ok((nodes.octets()?, nodes.number()?))
}
