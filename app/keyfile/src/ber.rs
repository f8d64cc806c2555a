//! Reading BER (ITU-T X.690): definite and indefinite lengths alike, since the national authority writes both.

use crate::OpenError;

/// Levels of nesting that any container needs, and then some.
const DEPTH: u8 = 24;

pub const INTEGER: u8 = 0x02;
pub const OCTETS: u8 = 0x04;
pub const OID: u8 = 0x06;
pub const SEQUENCE: u8 = 0x30;
/// `[0]`, constructed.
pub const CONTEXT_0: u8 = 0xa0;

const CONSTRUCTED: u8 = 0x20;
const INDEFINITE: u8 = 0x80;

/// An element: its identifier octet and what it holds, without the end mark of an indefinite length.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    pub tag: u8,
    pub body: &'a [u8],
    depth: u8,
}

/// The elements of a stretch of bytes, one after the other.
pub struct Nodes<'a> {
    rest: &'a [u8],
    depth: u8,
}

impl<'a> Nodes<'a> {
    /// Begins at the outermost level.
    pub fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, depth: DEPTH }
    }

    /// The next element; none at the end.
    pub fn next(&mut self) -> Result<Option<Node<'a>>, OpenError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let depth = self.depth.checked_sub(1).ok_or(OpenError::Damaged)?;
        let (tag, body, rest) = split(self.rest, depth)?;
        self.rest = rest;
        Ok(Some(Node { tag, body, depth }))
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next element, which must have this tag.
    pub fn expect(&mut self, tag: u8) -> Result<Node<'a>, OpenError> {
        self.next()?.filter(|node| node.tag == tag).ok_or(OpenError::Damaged)
    }

    /// An unsigned number; one beyond 64 bits counts as the largest.
    pub fn number(&mut self) -> Result<u64, OpenError> {
        let node = self.expect(INTEGER)?;
        match node.body {
            [] => Err(OpenError::Damaged),
            [first, ..] if *first & 0x80 != 0 => Err(OpenError::Damaged),
            all => {
                let digits = all.iter().skip_while(|b| **b == 0);
                if digits.clone().count() > 8 {
                    return Ok(u64::MAX);
                }
                Ok(digits.fold(0, |n, b| n << 8 | u64::from(*b)))
            }
        }
    }

    /// The bytes of an octet string, put together where it is written in pieces.
    pub fn octets(&mut self) -> Result<Vec<u8>, OpenError> {
        self.next()?.ok_or(OpenError::Damaged)?.octets()
    }
}

impl<'a> Node<'a> {
    /// The elements inside.
    pub fn inside(self) -> Nodes<'a> {
        Nodes { rest: self.body, depth: self.depth }
    }

    /// The bytes of an octet string, whichever tag it goes under.
    pub fn octets(self) -> Result<Vec<u8>, OpenError> {
        if self.tag & CONSTRUCTED == 0 {
            return Ok(self.body.to_vec());
        }
        let (mut all, mut parts) = (Vec::with_capacity(self.body.len()), self.inside());
        while let Some(part) = parts.next()? {
            if part.tag & !CONSTRUCTED != OCTETS {
                return Err(OpenError::Damaged);
            }
            all.extend(part.octets()?);
        }
        Ok(all)
    }
}

/// Identifier octet, content and what comes after.
fn split(bytes: &[u8], depth: u8) -> Result<(u8, &[u8], &[u8]), OpenError> {
    let (tag, rest) = bytes.split_first().ok_or(OpenError::Damaged)?;
    if tag & 0x1f == 0x1f {
        // Containers have no tags above 30.
        return Err(OpenError::Damaged);
    }
    let (first, rest) = rest.split_first().ok_or(OpenError::Damaged)?;
    if *first == INDEFINITE {
        if tag & CONSTRUCTED == 0 {
            return Err(OpenError::Damaged);
        }
        let length = until_end(rest, depth)?;
        let (body, after) = rest.split_at_checked(length).ok_or(OpenError::Damaged)?;
        return Ok((*tag, body, after.get(2..).ok_or(OpenError::Damaged)?));
    }
    let (length, rest) = if *first < INDEFINITE {
        (usize::from(*first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f)).ok_or(OpenError::Damaged)?;
        if digits.len() > 4 {
            return Err(OpenError::Damaged);
        }
        (digits.iter().fold(0usize, |n, b| n << 8 | usize::from(*b)), rest)
    };
    let (body, after) = rest.split_at_checked(length).ok_or(OpenError::Damaged)?;
    Ok((*tag, body, after))
}

/// Bytes before the two zeros that end an indefinite length.
fn until_end(bytes: &[u8], depth: u8) -> Result<usize, OpenError> {
    let depth = depth.checked_sub(1).ok_or(OpenError::Damaged)?;
    let mut rest = bytes;
    while !rest.starts_with(&[0, 0]) {
        (_, _, rest) = split(rest, depth)?;
    }
    Ok(bytes.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_are_read_at_every_level() {
        let bytes = [0x30, 0x80, 0x24, 0x80, 0x04, 2, 1, 2, 0x04, 1, 3, 0, 0, 0x02, 1, 5, 0, 0, 0x30, 0];
        let mut outer = Nodes::of(&bytes);
        let mut inner = outer.expect(SEQUENCE).unwrap().inside();
        assert_eq!(inner.octets().unwrap(), [1, 2, 3]);
        assert_eq!(inner.number().unwrap(), 5);
        assert!(inner.next().unwrap().is_none());
        assert!(outer.next().unwrap().is_some());
    }

    #[test]
    fn what_is_cut_off_or_too_deep_is_damaged() {
        assert_eq!(Nodes::of(&[0x30, 5, 1]).next().unwrap_err(), OpenError::Damaged);
        assert_eq!(Nodes::of(&[0x30, 0x80, 0x04, 1, 1]).next().unwrap_err(), OpenError::Damaged);
        assert_eq!(Nodes::of(&[0x04, 0x80, 0, 0]).next().unwrap_err(), OpenError::Damaged);
        assert_eq!(Nodes::of(&[0x30, 0x85, 1, 1, 1, 1, 1]).next().unwrap_err(), OpenError::Damaged);
        assert_eq!(Nodes::of(&[0x24, 0x80].repeat(1000)).next().unwrap_err(), OpenError::Damaged);
    }

    #[test]
    fn a_number_beyond_64_bits_is_the_largest() {
        let number = |bytes: &[u8]| Nodes::of(bytes).number();
        assert_eq!(number(&[2, 2, 4, 0]), Ok(1024));
        assert_eq!(number(&[2, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0]), Ok(u64::MAX));
        assert_eq!(number(&[2, 1, 0x80]), Err(OpenError::Damaged), "no count is negative");
    }
}
