//! Tables as text: the encoding and the separator are found out by several lines, or chosen.

use super::{Table, refused};
use domain::import::FileError;
use domain::refusal::Refusal;
use domain::sheet::{Encoding, How, MOST_ROWS, Reading};

const SEPARATORS: [char; 4] = [';', '\t', ',', '|'];
/// Lines by which a separator is judged.
const JUDGED: usize = 20;
/// Broken bytes up to which a text that is otherwise UTF-8 stays so.
const BROKEN: usize = 3;

pub(super) fn read(bytes: &[u8], reading: &Reading) -> Result<Table, Refusal> {
    let encoding = reading.encoding.or_else(|| encoding_of(bytes)).ok_or_else(|| refused(FileError::Unsupported))?;
    let plain = decode(bytes, encoding);
    let (said, plain) = match plain.split_once('\n').and_then(|(first, rest)| Some((said(first)?, rest))) {
        Some((separator, rest)) => (Some(separator), rest),
        None => (None, plain.as_str()),
    };
    let separator = reading.separator.or(said).unwrap_or_else(|| separator_of(plain));
    let delimiter = u8::try_from(separator).unwrap_or(b';');
    let mut builder = csv::ReaderBuilder::new();
    let reader = builder.delimiter(delimiter).has_headers(false).flexible(true);
    // The line that names the separator is a row of the file too.
    let mut rows: Vec<Vec<String>> = said.map(|_| Vec::new()).into_iter().collect();
    let mut beyond = 0;
    for record in reader.from_reader(with_blanks(plain).as_bytes()).records() {
        let record = record.map_err(|_| refused(FileError::Malformed))?;
        if rows.len() > MOST_ROWS {
            beyond += 1;
            continue;
        }
        rows.push(record.iter().map(own).collect());
    }
    let reading = Reading { separator: Some(separator), encoding: Some(encoding), ..Reading::default() };
    Ok(Table { rows, how: How { reading, rows_beyond: beyond, ..How::default() } })
}

/// The text with an empty cell in each blank line: the reader passes blank lines over, but they are rows of the file.
fn with_blanks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quoted = false;
    for line in text.lines() {
        out.push_str(if line.trim().is_empty() && !quoted { "\"\"" } else { line });
        out.push('\n');
        quoted ^= line.matches('"').count() % 2 == 1;
    }
    out
}

/// The apostrophe that made a cell harmless goes again: `'+7 701` came from «+7 701».
fn own(cell: &str) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest.to_owned(),
        _ => cell.to_owned(),
    }
}

/// Excel's own line «sep=;».
fn said(line: &str) -> Option<char> {
    let line = line.trim().trim_start_matches('\u{feff}').trim_matches('"');
    let mut rest = line.strip_prefix("sep=").or_else(|| line.strip_prefix("SEP="))?.chars();
    rest.next().filter(|c| c.is_ascii() && rest.next().is_none())
}

/// The separator that parts most lines into the same number of cells.
fn separator_of(text: &str) -> char {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(JUDGED).collect();
    let score = |separator: char| {
        let counts: Vec<usize> = lines.iter().map(|line| outside_quotes(line, separator)).collect();
        let same = |n: usize| counts.iter().filter(|count| **count == n).count();
        counts.iter().filter(|n| **n > 0).map(|n| (same(*n), *n)).max().unwrap_or((0, 0))
    };
    let best = SEPARATORS.into_iter().rev().max_by_key(|separator| score(*separator));
    best.filter(|separator| score(*separator) > (0, 0)).unwrap_or(';')
}

fn outside_quotes(line: &str, separator: char) -> usize {
    let mut quoted = false;
    line.chars()
        .filter(|c| {
            quoted ^= *c == '"';
            *c == separator && !quoted
        })
        .count()
}

fn decode(bytes: &[u8], encoding: Encoding) -> String {
    let text = match encoding {
        Encoding::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
        Encoding::Utf16 if bytes.starts_with(&[0xFE, 0xFF]) => encoding_rs::UTF_16BE.decode(bytes).0.into_owned(),
        Encoding::Utf16 => encoding_rs::UTF_16LE.decode(bytes).0.into_owned(),
        Encoding::Windows1251 => encoding_rs::WINDOWS_1251.decode(bytes).0.into_owned(),
        Encoding::Cp866 => encoding_rs::IBM866.decode(bytes).0.into_owned(),
    };
    text.trim_start_matches('\u{feff}').to_owned()
}

/// How a text is written; none for what is no text.
fn encoding_of(bytes: &[u8]) -> Option<Encoding> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Some(Encoding::Utf16);
    }
    if bytes.contains(&0) {
        return None;
    }
    let lossy = String::from_utf8_lossy(bytes);
    let broken = lossy.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    let wide = lossy.chars().filter(|c| !c.is_ascii() && *c != char::REPLACEMENT_CHARACTER).count();
    if broken == 0 || (broken <= BROKEN && wide > broken * 10) {
        return Some(Encoding::Utf8);
    }
    let of_windows = likely_letters(&decode(bytes, Encoding::Windows1251));
    let of_dos = likely_letters(&decode(bytes, Encoding::Cp866));
    Some(if of_dos > of_windows { Encoding::Cp866 } else { Encoding::Windows1251 })
}

/// How much a text looks like Russian or Kazakh: its most frequent letters, less what no table holds.
fn likely_letters(text: &str) -> i64 {
    let of = |c: char| match c {
        'о' | 'е' | 'а' | 'и' | 'н' | 'т' | 'с' | 'р' | 'в' | 'л' | 'О' | 'А' | 'И' | 'Н' | 'Т' | 'С' | 'К' | 'Б' => {
            2
        }
        'а'..='я' | 'А'..='Я' => 1,
        '\u{2500}'..='\u{259f}' | 'ђ' | 'ѓ' | '‚' | '„' | '…' | '†' | '‡' | '€' | '‰' | '¤' | '¦' => {
            -3
        }
        _ => 0,
    };
    text.chars().map(of).sum()
}
