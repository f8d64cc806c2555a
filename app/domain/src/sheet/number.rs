//! Numbers as they come out of spreadsheets.

use crate::number::TaxNumber;
use crate::refusal::Rule;

/// A number, and whether zeros that a spreadsheet had dropped were put back before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub number: TaxNumber,
    pub zeros: bool,
}

/// Reads «БИН 971240001315», `="971240001315"`, «971240001315,0», and numbers without their first zeros.
///
/// # Errors
/// [`Rule::Rounded`] where a spreadsheet kept only some digits, [`Rule::Number`] otherwise.
pub fn number(text: &str) -> Result<Read, Rule> {
    let plain = text.trim().trim_start_matches('=').trim_matches(['"', '\'', ' ']);
    let plain = plain.trim_start_matches(|c: char| c.is_alphabetic() || matches!(c, ':' | '№' | '/' | ' '));
    let digits: String = plain.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if is_rounded(&digits) {
        return Err(Rule::Rounded);
    }
    let digits =
        [".0", ",0", ".00", ",00"].iter().find_map(|end| digits.strip_suffix(end)).unwrap_or(&digits).to_owned();
    let zeros = (9..12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let whole = if zeros { format!("{digits:0>12}") } else { digits };
    TaxNumber::parse(&whole).map(|number| Read { number, zeros }).map_err(Rule::Number)
}

/// 9,71E+11: the last digits are lost.
fn is_rounded(text: &str) -> bool {
    let Some((digits, power)) = text.split_once(['E', 'e', 'Е', 'е']) else { return false };
    let number =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '+'));
    number(digits) && number(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_spreadsheets_leave_it() {
        for text in [
            "971240001315",
            "БИН 971240001315",
            "=\"971240001315\"",
            "971240001315,0",
            "971240001315.0",
            "'971240001315",
            "9712 4000 1315",
            "БИН: 971240001315",
            "ИИН/БИН 971240001315",
        ] {
            let read = number(text).unwrap_or_else(|rule| panic!("{text}: {rule:?}"));
            assert_eq!((read.number.digits(), read.zeros), ("971240001315", false), "{text}");
        }
        let read = number("640000279").unwrap();
        assert_eq!((read.number.digits(), read.zeros), ("000640000279", true), "dropped zeros come back and are told");
        for text in ["9,71E+11", "9.7124E11"] {
            assert_eq!(number(text), Err(Rule::Rounded), "{text}");
        }
        assert!(matches!(number("971240001316"), Err(Rule::Number(_))));
    }
}
