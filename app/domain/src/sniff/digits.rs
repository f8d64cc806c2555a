//! Keys that are written as digits: Base64, Base32, hexadecimal numbers.

use super::{Secret, holds, within};

/// How often what is looked for may have been coded.
pub(super) const CODED: u8 = 2;
/// Digits that may hide a key: fewer hold none.
pub(super) const LEAST_DIGITS: usize = 12;

/// Looks at what runs of digits stand for, wherever in a run the first digit is.
pub(super) fn in_digits(bytes: &[u8], coded: u8) -> Option<Secret> {
    let next = coded.checked_sub(1)?;
    let look = |decoded: Vec<u8>| -> Option<Secret> {
        let text = holds(&decoded, b"PRIVATE KEY").then_some(Secret::PrivateKey);
        text.or_else(|| within(&decoded, next))
    };
    let base64 = |run: &[u8]| (0..4).find_map(|at| look(from_base64(run.get(at..)?)));
    let hex = |run: &[u8]| (0..2).find_map(|at| look(from_hex(run.get(at..)?)));
    let base32 = |run: &[u8]| (0..8).find_map(|at| look(from_base32(run.get(at..)?)));
    runs(bytes, |b| six_bits(b).is_some())
        .filter(|run| is_varied(run, 20))
        .find_map(|run| base64(&run))
        .or_else(|| {
            let varied = |run: &Vec<u8>| is_varied(run, 11);
            runs(bytes, |b| b.is_ascii_hexdigit()).filter(varied).find_map(|run| hex(&run))
        })
        .or_else(|| {
            let long = |run: &Vec<u8>| run.len() >= LEAST_BASE32 && is_varied(run, 16);
            runs(bytes, |b| five_bits(b).is_some()).filter(long).find_map(|run| base32(&run))
        })
}

/// Whether a run is short, or has as many different digits as a key in this coding has at least: numbers in a column and
/// one sign repeated hold none, and there may be megabytes of them.
fn is_varied(run: &[u8], least: usize) -> bool {
    const SHORT: usize = 512;
    run.len() < SHORT || run.iter().collect::<std::collections::HashSet<_>>().len() >= least
}

/// Digits of Base32 (RFC 4648, 6) that may hide a key: 32 bytes of it and more, since many words have only its letters.
const LEAST_BASE32: usize = 52;

/// The number that a digit of Base32 stands for, in capitals or not.
fn five_bits(digit: u8) -> Option<u64> {
    match digit {
        b'A'..=b'Z' => Some(u64::from(digit - b'A')),
        b'a'..=b'z' => Some(u64::from(digit - b'a')),
        b'2'..=b'7' => Some(u64::from(digit - b'2') + 26),
        _ => None,
    }
}

fn from_base32(digits: &[u8]) -> Vec<u8> {
    let eight = |eight: &[u8]| eight.iter().fold(0u64, |n, c| n << 5 | five_bits(*c).unwrap_or(0));
    digits.chunks_exact(8).flat_map(|part| eight(part).to_be_bytes().into_iter().skip(3)).collect()
}

/// Runs of digits; blanks, colons and the empty halves of UTF-16 letters do not part them.
fn runs(bytes: &[u8], digit: fn(u8) -> bool) -> impl Iterator<Item = Vec<u8>> {
    let parts = move |b: &u8| *b != 0 && *b != b':' && !b.is_ascii_whitespace() && !digit(*b);
    let runs = bytes.split(parts).filter(|run| run.len() >= LEAST_DIGITS);
    let runs = runs.map(move |run| run.iter().copied().filter(|b| digit(*b)).collect::<Vec<u8>>());
    runs.filter(|run| run.len() >= LEAST_DIGITS)
}

/// The number that a digit of Base64 stands for, in either of its alphabets (RFC 4648, 4 and 5).
pub(super) fn six_bits(digit: u8) -> Option<u32> {
    match digit {
        b'A'..=b'Z' => Some(u32::from(digit - b'A')),
        b'a'..=b'z' => Some(u32::from(digit - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(digit - b'0') + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

pub(super) fn from_base64(digits: &[u8]) -> Vec<u8> {
    let four = |four: &[u8]| four.iter().fold(0u32, |n, c| n << 6 | six_bits(*c).unwrap_or(0));
    digits.chunks_exact(4).flat_map(|part| four(part).to_be_bytes().into_iter().skip(1)).collect()
}

fn from_hex(digits: &[u8]) -> Vec<u8> {
    let value = |c: &u8| char::from(*c).to_digit(16).and_then(|n| u8::try_from(n).ok()).unwrap_or(0);
    digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |n, c| n << 4 | value(c))).collect()
}
