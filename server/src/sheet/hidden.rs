//! Which rows and columns of a workbook's sheet are hidden: what nobody sees is not read, and that is said.

use domain::sheet::MOST_COLUMNS;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashSet;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// Hidden rows, from 0, and columns, from 0.
#[derive(Default)]
pub struct Hidden {
    pub rows: HashSet<usize>,
    pub columns: HashSet<usize>,
}

/// What is hidden in a sheet; nothing where the parts of the workbook cannot be followed.
pub fn of(bytes: &[u8], sheet: &str) -> Hidden {
    let found = || {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let id = tagged(&part(&mut archive, "xl/workbook.xml")?, "sheet", |tag| {
            (value(tag, "name")? == sheet).then(|| value(tag, "r:id")).flatten()
        })?;
        let target = tagged(&part(&mut archive, "xl/_rels/workbook.xml.rels")?, "Relationship", |tag| {
            (value(tag, "Id")? == id).then(|| value(tag, "Target")).flatten()
        })?;
        let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
        Some(scan(&part(&mut archive, &path)?))
    };
    found().unwrap_or_default()
}

fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Option<String> {
    let mut text = String::new();
    archive.by_name(name).ok()?.read_to_string(&mut text).ok()?;
    Some(text)
}

/// What the first fitting element of a name gives.
fn tagged<T>(xml: &str, name: &str, of: impl Fn(&BytesStart) -> Option<T>) -> Option<T> {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == name => {
                if let Some(found) = of(&tag) {
                    return Some(found);
                }
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn value(tag: &BytesStart, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|a| a.key.as_ref() == name)?;
    Some(found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?.into_owned())
}

fn scan(xml: &str) -> Hidden {
    let mut hidden = Hidden::default();
    let mut reader = Reader::from_str(xml);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(tag) | Event::Empty(tag) if is_hidden(&tag) => {
                let number = |name: &str| value(&tag, name)?.parse::<usize>().ok();
                match tag.local_name().as_ref() {
                    "row" => hidden.rows.extend(number("r").and_then(|n| n.checked_sub(1))),
                    "col" => {
                        let (from, to) = (number("min").unwrap_or(0), number("max").unwrap_or(0));
                        hidden.columns.extend((from..=to.min(MOST_COLUMNS)).filter_map(|n| n.checked_sub(1)));
                    }
                    _ => {}
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    hidden
}

fn is_hidden(tag: &BytesStart) -> bool {
    matches!(tag.local_name().as_ref(), "row" | "col")
        && value(tag, "hidden").is_some_and(|hidden| matches!(hidden.as_str(), "1" | "true"))
}
