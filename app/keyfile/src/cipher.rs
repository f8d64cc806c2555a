//! Decrypting the part of a container in which its certificates lie.

use crate::OpenError;
use crate::ber::{Node, OID, SEQUENCE};
use crate::derive::{Budget, Hash, Password, Pbkdf2, Purpose, salt_and_rounds};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipher, BlockDecrypt, BlockDecryptMut as _, InnerIvInit, KeyInit, KeyIvInit as _};
use zeroize::Zeroizing;

/// Ciphers, all chained by blocks (CBC).
#[derive(Clone, Copy)]
enum Cipher {
    Rc2,
    TripleDes2,
    TripleDes3,
    Aes128,
    Aes192,
    Aes256,
}

/// Decrypts by an algorithm identifier. Text that does not come out whole is [`OpenError::WrongPassword`].
pub fn decrypt(
    algorithm: Node,
    text: &[u8],
    password: &Password,
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let mut nodes = algorithm.inside();
    match nodes.expect(OID)?.body {
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, n] => {
            let (cipher, size) = match n {
                3 => (Cipher::TripleDes3, 24),
                4 => (Cipher::TripleDes2, 16),
                5 => (Cipher::Rc2, 16),
                6 => (Cipher::Rc2, 5),
                _ => return Err(OpenError::Unsupported),
            };
            let (salt, rounds) = salt_and_rounds(nodes.expect(SEQUENCE)?)?;
            budget.take(rounds.saturating_mul(3))?;
            let key = Hash::Sha1.derive(&password.wide, &salt, Purpose::Key, rounds, size);
            let vector = Hash::Sha1.derive(&password.wide, &salt, Purpose::Vector, rounds, 8);
            run(cipher, &key, &vector, text)
        }
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d] => {
            let mut given = nodes.expect(SEQUENCE)?.inside();
            let derivation = Pbkdf2::read(given.expect(SEQUENCE)?)?;
            let mut scheme = given.expect(SEQUENCE)?.inside();
            let (cipher, size) = match scheme.expect(OID)?.body {
                [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x02] => (Cipher::Aes128, 16),
                [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x16] => (Cipher::Aes192, 24),
                [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a] => (Cipher::Aes256, 32),
                [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07] => (Cipher::TripleDes3, 24),
                _ => return Err(OpenError::Unsupported),
            };
            let vector = scheme.octets()?;
            let key = derivation.derive(&password.plain, size, budget)?;
            run(cipher, &key, &vector, text)
        }
        _ => Err(OpenError::Unsupported),
    }
}

fn run(cipher: Cipher, key: &[u8], vector: &[u8], text: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    match cipher {
        Cipher::Rc2 => chained::<rc2::Rc2>(key, vector, text),
        Cipher::TripleDes2 => chained::<des::TdesEde2>(key, vector, text),
        Cipher::TripleDes3 => chained::<des::TdesEde3>(key, vector, text),
        Cipher::Aes128 => chained::<aes::Aes128>(key, vector, text),
        Cipher::Aes192 => chained::<aes::Aes192>(key, vector, text),
        Cipher::Aes256 => chained::<aes::Aes256>(key, vector, text),
    }
}

fn chained<C>(key: &[u8], vector: &[u8], text: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError>
where
    C: BlockCipher + BlockDecrypt + KeyInit,
    Decryptor<C>: InnerIvInit<Inner = C>,
{
    // RC2 takes as many bits of the key as there are (RFC 2268); RC2-40 has five bytes.
    let decryptor = Decryptor::<C>::new_from_slices(key, vector).map_err(|_| OpenError::Damaged)?;
    let plain = decryptor.decrypt_padded_vec_mut::<Pkcs7>(text).map_err(|_| OpenError::WrongPassword)?;
    Ok(Zeroizing::new(plain))
}
