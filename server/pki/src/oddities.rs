//! What is odd about a certificate without making it unreadable.

use chrono::{DateTime, Utc};
use domain::certificate::{Facts, Purpose, Warning};
use domain::fold::is_invisible;
use domain::number::check_digit;

/// Names longer than this are shown cut (the national profile allows 64 in CN; some issues write more).
const LONG_NAME: usize = 200;
/// RFC 5280, 4.1.2.2: conforming serial numbers have at most 20 octets.
const LONG_SERIAL: usize = 21;

/// Adds every oddity of the facts.
pub fn collect(facts: &Facts, raw_serial: &[u8], now: DateTime<Utc>, out: &mut Vec<Warning>) {
    names(facts, out);
    numbers(facts, out);
    serial(raw_serial, out);
    if facts.not_after < facts.not_before {
        out.push(Warning::DatesSwapped);
    } else if now < facts.not_before {
        out.push(Warning::NotYetValid);
    }
    if facts.is_ca {
        out.push(Warning::AuthorityCertificate);
    } else if !facts.purposes.iter().any(|p| matches!(p, Purpose::Authentication | Purpose::Signing)) {
        out.push(Warning::NoPurpose);
    }
}

fn names(facts: &Facts, out: &mut Vec<Warning>) {
    let s = &facts.subject;
    let all = [&s.common_name, &s.surname, &s.given_name, &s.organization];
    if all.iter().all(|n| n.is_none()) && s.iin.is_none() && s.bin.is_none() {
        out.push(Warning::NoSubject);
    } else if s.common_name.as_deref().is_none_or(|n| n.trim().is_empty()) {
        out.push(Warning::EmptyName);
    }
    let any = |test: fn(char) -> bool| all.iter().filter_map(|n| n.as_deref()).any(|n| n.chars().any(test));
    if any(is_invisible) {
        out.push(Warning::InvisibleCharacters);
    }
    if any(char::is_control) {
        out.push(Warning::ControlCharacters);
    }
    if all.iter().filter_map(|n| n.as_deref()).any(|n| n.chars().count() > LONG_NAME) {
        out.push(Warning::LongName);
    }
}

fn numbers(facts: &Facts, out: &mut Vec<Warning>) {
    if facts.is_ca {
        return;
    }
    let s = &facts.subject;
    match (&s.iin, &s.bin) {
        (None, None) => out.push(Warning::NoNumbers),
        (None, Some(_)) => out.push(Warning::NoIin),
        (Some(iin), _) if iin.chars().count() != 12 => out.push(Warning::IinLength),
        (Some(iin), _) if !iin.bytes().all(|b| b.is_ascii_digit()) => out.push(Warning::IinLetters),
        (Some(iin), _) if !checks(iin) => out.push(Warning::IinCheck),
        _ => {}
    }
    if s.bin.as_deref().is_some_and(|bin| !bin.split(", ").all(checks)) {
        out.push(Warning::BinCheck);
    }
}

fn checks(number: &str) -> bool {
    let digits: Option<Vec<u8>> = number.chars().map(|c| c.to_digit(10).and_then(|d| u8::try_from(d).ok())).collect();
    digits.is_some_and(|d| d.len() == 12 && check_digit(&d) == d.last().copied())
}

fn serial(raw: &[u8], out: &mut Vec<Warning>) {
    if raw.first().is_some_and(|b| b & 0x80 > 0) {
        out.push(Warning::SerialNegative);
    }
    if raw.iter().all(|b| *b == 0) {
        out.push(Warning::SerialZero);
    }
    if raw.len() > LONG_SERIAL {
        out.push(Warning::SerialLong);
    }
}
