//! БИН and ИИН: twelve digits with a check digit.
//!
//! Rule: government decree 2003 № 565 and 2007 № 406. A БИН has 4, 5 or 6 as its fifth digit, an
//! ИИН begins with a birth date, so the fifth digit is 0 to 3: the two sets do not overlap.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is wrong with a number that a person typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum NumberError {
    #[error("not twelve digits")]
    Length,
    #[error("not only digits")]
    Digits,
    #[error("the month is not 01 to 12")]
    Month,
    #[error("the birth date does not exist")]
    Date,
    #[error("the type digit is unknown")]
    Kind,
    #[error("the century digit is unknown")]
    Century,
    #[error("the check digit should be {expected}")]
    Check { expected: u8 },
    #[error("a number with these digits is never given out")]
    Unassignable,
}

/// A БИН or an ИИН that satisfies every rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TaxNumber {
    /// Business identification number: legal entity, branch, joint entrepreneurship.
    Bin(String),
    /// Individual identification number: a person, also as a sole entrepreneur.
    Iin(String),
}

impl TaxNumber {
    /// Reads what a person typed; blanks and hyphens between digits are allowed.
    ///
    /// # Errors
    /// The first rule that does not hold.
    pub fn parse(typed: &str) -> Result<Self, NumberError> {
        let plain: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let digits = digits(&plain)?;
        let is_bin = digits.get(4).is_some_and(|d| *d >= 4);
        if is_bin {
            bin_sense(&digits)?
        } else {
            iin_sense(&plain, &digits)?
        }
        match check_digit(&digits) {
            None => Err(NumberError::Unassignable),
            Some(expected) if digits.last() != Some(&expected) => Err(NumberError::Check { expected }),
            Some(_) if is_bin => Ok(Self::Bin(plain)),
            Some(_) => Ok(Self::Iin(plain)),
        }
    }

    /// The twelve digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        match self {
            Self::Bin(d) | Self::Iin(d) => d,
        }
    }
}

impl fmt::Display for TaxNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.digits())
    }
}

/// Groups of four with non-breaking blanks, for people.
#[must_use]
pub fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + 4);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && i % 4 == 0 {
            out.push('\u{a0}');
        }
        out.push(c);
    }
    out
}

fn digits(plain: &str) -> Result<Vec<u8>, NumberError> {
    let digits: Option<Vec<u8>> = plain.chars().map(|c| c.to_digit(10).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits.ok_or(NumberError::Digits)?;
    if digits.len() == 12 { Ok(digits) } else { Err(NumberError::Length) }
}

fn bin_sense(digits: &[u8]) -> Result<(), NumberError> {
    match digits {
        [_, _, m1, m2, kind, part, ..] => {
            if !(1..=12).contains(&(m1 * 10 + m2)) {
                Err(NumberError::Month)
            } else if *kind > 6 || *part > 4 {
                Err(NumberError::Kind)
            } else {
                Ok(())
            }
        }
        _ => Err(NumberError::Length),
    }
}

fn iin_sense(plain: &str, digits: &[u8]) -> Result<(), NumberError> {
    let century = match digits.get(6) {
        Some(1 | 2) => "18",
        Some(3 | 4) => "19",
        Some(0 | 5 | 6) => "20",
        _ => return Err(NumberError::Century),
    };
    let born = format!("{century}{}", plain.get(..6).unwrap_or_default());
    NaiveDate::parse_from_str(&born, "%Y%m%d").map(|_| ()).map_err(|_| NumberError::Date)
}

/// The check digit of the first eleven digits; none where the number may not be given out.
#[must_use]
pub fn check_digit(digits: &[u8]) -> Option<u8> {
    const FIRST: [u32; 11] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    const SECOND: [u32; 11] = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2];
    let sum = |weights: &[u32]| digits.iter().zip(weights).map(|(d, w)| u32::from(*d) * w).sum::<u32>() % 11;
    let rest = match sum(&FIRST) {
        10 => sum(&SECOND),
        rest => rest,
    };
    u8::try_from(rest).ok().filter(|d| *d < 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_and_invented_numbers_pass() {
        for n in [
            "971240001315",
            "940140000385",
            "020240000555",
            "260540000129",
            "240541007772",
            "251152003333",
            "260360000458",
            "260540000000",
            "990130399000",
            "851231499000",
            "050401699017",
        ] {
            assert!(TaxNumber::parse(n).is_ok(), "{n}: {:?}", TaxNumber::parse(n));
        }
    }

    #[test]
    fn each_rule_refuses_with_its_reason() {
        assert_eq!(TaxNumber::parse("260540000128"), Err(NumberError::Check { expected: 9 }));
        assert_eq!(TaxNumber::parse("971340001315"), Err(NumberError::Month));
        assert_eq!(TaxNumber::parse("000230599002"), Err(NumberError::Date));
        assert_eq!(TaxNumber::parse("12345"), Err(NumberError::Length));
        assert_eq!(TaxNumber::parse("99013O399000"), Err(NumberError::Digits));
        for last in 0..10 {
            assert_eq!(TaxNumber::parse(&format!("26054000005{last}")), Err(NumberError::Unassignable));
        }
    }

    #[test]
    fn blanks_as_people_type_them_are_read() {
        assert_eq!(TaxNumber::parse(" 9712 4000-1315 "), Ok(TaxNumber::Bin("971240001315".into())));
        assert_eq!(grouped("971240001315"), "9712\u{a0}4000\u{a0}1315");
    }

    proptest::proptest! {
        #[test]
        fn a_wrong_check_digit_never_passes(body in 0u32..100_000, add in 1u8..10) {
            let stem = format!("260540{body:05}");
            let d: Vec<u8> = stem.bytes().map(|b| b - b'0').collect();
            if let Some(check) = check_digit(&d) {
                let right = TaxNumber::parse(&format!("{stem}{check}"));
                proptest::prop_assert!(right.is_ok());
                let wrong = TaxNumber::parse(&format!("{stem}{}", (check + add) % 10));
                proptest::prop_assert_eq!(wrong, Err(NumberError::Check { expected: check }));
            }
        }

        #[test]
        fn nothing_typed_panics(s in ".*") { let _ = TaxNumber::parse(&s); }
    }
}
