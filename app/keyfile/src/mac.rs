//! Whether a password fits: the code over the container's content (RFC 7292, 5.1; RFC 9579).

use crate::OpenError;
use crate::ber::{Node, OID, SEQUENCE};
use crate::derive::{Budget, Hash, Password, Pbkdf2, Purpose};
use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

enum Way {
    /// The key by the way of PKCS#12.
    Own { salt: Vec<u8>, rounds: u64 },
    /// PBMAC1.
    Pbkdf2(Pbkdf2),
}

/// The code as it stands in the container.
pub struct Code {
    hash: Hash,
    way: Way,
    expected: Vec<u8>,
}

impl Code {
    pub fn read(node: Node) -> Result<Self, OpenError> {
        let mut nodes = node.inside();
        let mut info = nodes.expect(SEQUENCE)?.inside();
        let mut algorithm = info.expect(SEQUENCE)?.inside();
        let expected = info.octets()?;
        let oid = algorithm.expect(OID)?.body;
        if oid == [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0e] {
            let mut given = algorithm.expect(SEQUENCE)?.inside();
            let derivation = Pbkdf2::read(given.expect(SEQUENCE)?)?;
            let hash = Hash::of_hmac(given.expect(SEQUENCE)?.inside().expect(OID)?.body)?;
            return Ok(Self { hash, way: Way::Pbkdf2(derivation), expected });
        }
        let (hash, salt) = (Hash::named(oid)?, nodes.octets()?);
        let rounds = if nodes.is_empty() { 1 } else { nodes.number()? };
        Ok(Self { hash, way: Way::Own { salt, rounds }, expected })
    }

    /// Whether the content was written with this password.
    pub fn fits(&self, content: &[u8], password: &Password, budget: &mut Budget) -> Result<bool, OpenError> {
        let key: Zeroizing<Vec<u8>> = match &self.way {
            Way::Own { salt, rounds } => {
                budget.take(*rounds)?;
                self.hash.derive(&password.wide, salt, Purpose::Mac, *rounds, self.hash.size())
            }
            Way::Pbkdf2(derivation) => {
                let size = derivation.size.and_then(|n| usize::try_from(n).ok()).filter(|n| (1..=64).contains(n));
                derivation.derive(&password.plain, size.unwrap_or_else(|| self.hash.size()), budget)?
            }
        };
        macro_rules! verified {
            ($digest:ty) => {
                Hmac::<$digest>::new_from_slice(&key)
                    .map_err(|_| OpenError::Damaged)?
                    .chain_update(content)
                    .verify_slice(&self.expected)
                    .is_ok()
            };
        }
        Ok(match self.hash {
            Hash::Sha1 => verified!(Sha1),
            Hash::Sha224 => verified!(Sha224),
            Hash::Sha256 => verified!(Sha256),
            Hash::Sha384 => verified!(Sha384),
            Hash::Sha512 => verified!(Sha512),
        })
    }
}
