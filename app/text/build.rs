//! Turns `locales/LANGUAGE/AREA.json` into functions. A file or a key that one language lacks, a group that stands in
//! two files, or a placeholder that differs stops the build.
#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a fault stops the build")]
#![expect(clippy::disallowed_methods, reason = "cargo speaks to a build script through variables")]

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const LANGS: [(&str, &str, &[&str]); 3] =
    [("ru", "Ru", &["one", "few", "many"]), ("kk", "Kk", &["other"]), ("en", "En", &["one", "other"])];

/// Texts of one key in one language: one, or one for each plural form.
#[derive(Debug, Default, Clone)]
struct Texts(BTreeMap<String, String>);

/// Texts of a language by `group.key`.
type Keys = BTreeMap<String, Texts>;

fn main() {
    println!("cargo::rerun-if-changed=locales");
    let areas = areas();
    let mut homes = BTreeMap::new();
    let langs = LANGS.map(|(code, ..)| read(code, &areas, &mut homes));
    check(&langs);
    let mut groups: BTreeMap<String, String> = BTreeMap::new();
    for key in langs[0].keys() {
        let (group, name) = key.split_once('.').expect("group.key");
        let body = function(name, langs.each_ref().map(|lang| &lang[key]));
        groups.entry(group.to_owned()).or_default().push_str(&body);
    }
    let mut out = String::new();
    for (group, body) in groups {
        let _ = write!(out, "pub mod {group} {{\n    use domain::person::Lang;\n{body}}}\n");
    }
    let path = std::path::Path::new(&std::env::var("OUT_DIR").expect("OUT_DIR")).join("text.rs");
    std::fs::write(path, out).expect("write text.rs");
}

/// Names of the files that every language has.
fn areas() -> BTreeSet<String> {
    let langs = LANGS.map(|(code, ..)| (code, files(code)));
    let (first, areas) = &langs[0];
    let mut faults = Vec::new();
    for (code, have) in &langs[1..] {
        faults.extend(areas.difference(have).map(|f| format!("locales/{code} lacks {f}, which {first} has")));
        faults.extend(have.difference(areas).map(|f| format!("locales/{code} has {f}, which {first} lacks")));
    }
    assert!(faults.is_empty(), "locales disagree:\n{}", faults.join("\n"));
    areas.clone()
}

fn files(code: &str) -> BTreeSet<String> {
    let folder = format!("locales/{code}");
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{folder}: {e}"));
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.unwrap_or_else(|e| panic!("{folder}: {e}")).file_name().to_string_lossy().into_owned()
    };
    entries.map(name).filter(|name| name.ends_with(".json")).collect()
}

/// Texts of a language, merged from its files. `homes` holds the file of each group, the same in every language.
fn read<'a>(code: &str, areas: &'a BTreeSet<String>, homes: &mut BTreeMap<String, &'a String>) -> Keys {
    let mut keys = Keys::new();
    for area in areas {
        let path = format!("locales/{code}/{area}");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"));
        let groups = value.as_object().unwrap_or_else(|| panic!("{path} is not an object of groups"));
        for group in groups.keys() {
            let home = *homes.entry(group.clone()).or_insert(area);
            assert!(home == area, "{path}: the group {group} stands in {home} already; a group has one file");
        }
        gather(groups, "", &mut keys);
    }
    keys
}

fn gather(map: &Map<String, Value>, prefix: &str, out: &mut Keys) {
    for (key, value) in map {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Value::Object(inner) => gather(inner, &path, out),
            Value::String(text) => {
                let plural = ["one", "few", "many", "other"]
                    .iter()
                    .find_map(|f| path.strip_suffix(&format!("_{f}")).map(|base| (base.to_owned(), *f)));
                let (base, form) = plural.unwrap_or((path.clone(), ""));
                out.entry(base).or_default().0.insert(form.to_owned(), text.clone());
            }
            _ => panic!("{path} is not a text"),
        }
    }
}

fn check(langs: &[Keys; 3]) {
    let every: BTreeSet<&String> = langs.iter().flat_map(BTreeMap::keys).collect();
    let mut faults = Vec::new();
    for key in every {
        let Some(first) = langs[0].get(key) else {
            faults.push(format!("ru lacks {key}"));
            continue;
        };
        let wanted: BTreeSet<String> = first.0.values().flat_map(|t| holes(t)).collect();
        for (lang, (code, _, forms)) in langs.iter().zip(LANGS) {
            let Some(texts) = lang.get(key) else {
                faults.push(format!("{code} lacks {key}"));
                continue;
            };
            let plural = first.0.keys().any(|f| !f.is_empty());
            let have: Vec<&str> = texts.0.keys().map(String::as_str).collect();
            let need: BTreeSet<&str> = if plural { forms.iter().copied().collect() } else { BTreeSet::from([""]) };
            if have.iter().copied().collect::<BTreeSet<_>>() != need {
                faults.push(format!("{code}: {key} has forms {have:?}, needs {need:?}"));
            }
            let got: BTreeSet<String> = texts.0.values().flat_map(|t| holes(t)).collect();
            if got != wanted {
                faults.push(format!("{code}: {key} has placeholders {got:?}, ru has {wanted:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "locales disagree:\n{}", faults.join("\n"));
}

/// Names in braces, in order of appearance.
fn holes(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for part in text.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or_default().to_owned();
        if !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

/// A plural form as an expression; one without placeholders needs no formatting.
fn said(text: &str) -> String {
    if text.contains("{n}") {
        format!("format!({text:?}, n = crate::spaced(n))")
    } else if text.contains('{') {
        format!("format!({text:?})")
    } else {
        format!("{text:?}.to_owned()")
    }
}

fn function(name: &str, texts: [&Texts; 3]) -> String {
    let plural = texts[0].0.keys().any(|f| !f.is_empty());
    let mut args: Vec<String> = texts[0].0.values().next().map(|t| holes(t)).unwrap_or_default();
    args.retain(|a| !(plural && a == "n"));
    let mut out = String::new();
    let params: String = args.iter().map(|a| format!(", {a}: impl std::fmt::Display")).collect();
    if !plural && args.is_empty() {
        let _ = writeln!(out, "    pub fn {name}(l: Lang) -> &'static str {{\n        match l {{");
        for (texts, (_, lang, _)) in texts.iter().zip(LANGS) {
            let _ = writeln!(out, "            Lang::{lang} => {:?},", texts.0[""]);
        }
    } else {
        let n = if plural { ", n: i64" } else { "" };
        let _ = writeln!(out, "    pub fn {name}(l: Lang{n}{params}) -> String {{\n        match l {{");
        for (texts, (code, lang, forms)) in texts.iter().zip(LANGS) {
            if let (true, [only]) = (plural, forms) {
                let _ = writeln!(out, "            Lang::{lang} => {},", said(&texts.0[*only]));
            } else if plural {
                let arms: String = forms
                    .iter()
                    .map(|f| {
                        let last = f == forms.last().expect("a form");
                        let pattern = if last { "_".to_owned() } else { format!("{f:?}") };
                        format!("                {pattern} => {},\n", said(&texts.0[*f]))
                    })
                    .collect();
                let choice = format!("match crate::plural_{code}(n)");
                let _ = writeln!(out, "            Lang::{lang} => {choice} {{\n{arms}            }},");
            } else {
                let _ = writeln!(out, "            Lang::{lang} => format!({:?}),", texts.0[""]);
            }
        }
    }
    let _ = write!(out, "        }}\n    }}\n\n");
    out
}
