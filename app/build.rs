//! Turns `locales/*.json` into functions. A key that one language lacks, or a placeholder that differs,
//! stops the build.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a fault stops the build
#![allow(clippy::disallowed_methods)] // cargo speaks to a build script through variables

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const LANGS: [(&str, &str, &[&str]); 3] =
    [("ru", "Ru", &["one", "few", "many"]), ("kk", "Kk", &["other"]), ("en", "En", &["one", "other"])];

/// Texts of one key in one language: one, or one for each plural form.
#[derive(Debug, Default, Clone)]
struct Texts(BTreeMap<String, String>);

fn main() {
    println!("cargo::rerun-if-changed=locales");
    let langs = LANGS.map(|(code, ..)| {
        let text = std::fs::read_to_string(format!("locales/{code}.json")).unwrap_or_else(|e| panic!("locales/{code}.json: {e}"));
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("locales/{code}.json: {e}"));
        let mut keys = BTreeMap::new();
        gather(value.as_object().expect("an object of groups"), "", &mut keys);
        keys
    });
    check(&langs);
    let mut groups: BTreeMap<String, String> = BTreeMap::new();
    for key in langs[0].keys() {
        let (group, name) = key.split_once('.').expect("group.key");
        groups.entry(group.to_owned()).or_default().push_str(&function(name, [&langs[0][key], &langs[1][key], &langs[2][key]]));
    }
    let mut out = String::new();
    for (group, body) in groups {
        let _ = write!(out, "pub mod {group} {{\n    use domain::person::Lang;\n{body}}}\n");
    }
    let path = std::path::Path::new(&std::env::var("OUT_DIR").expect("OUT_DIR")).join("text.rs");
    std::fs::write(path, out).expect("write text.rs");
}

fn gather(map: &Map<String, Value>, prefix: &str, out: &mut BTreeMap<String, Texts>) {
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

fn check(langs: &[BTreeMap<String, Texts>; 3]) {
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
                let _ = writeln!(out, "            Lang::{lang} => format!({:?}),", texts.0[*only]);
            } else if plural {
                let arms: String = forms
                    .iter()
                    .map(|f| {
                        let pattern = if f == forms.last().expect("a form") { "_".to_owned() } else { format!("{f:?}") };
                        format!("                {pattern} => format!({:?}),\n", texts.0[*f])
                    })
                    .collect();
                let _ =
                    writeln!(out, "            Lang::{lang} => match crate::text::plural_{code}(n) {{\n{arms}            }},");
            } else {
                let _ = writeln!(out, "            Lang::{lang} => format!({:?}),", texts.0[""]);
            }
        }
    }
    let _ = write!(out, "        }}\n    }}\n\n");
    out
}
