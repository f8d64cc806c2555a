//! Real, generated and bad certificates give the facts and refusals of their indexes.

use chrono::{DateTime, Utc};
use domain::certificate::{Facts, Warning};
use domain::import::FileError;
use pki::{Item, read_file};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub fn data(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/certs").join(part)
}

pub fn now() -> DateTime<Utc> {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

fn table(path: &Path, separator: u8) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).quoting(separator == b',').from_path(path).unwrap();
    let unescaped =
        |row: BTreeMap<String, String>| row.into_iter().map(|(k, v)| (k, v.replace("\\\"", "\""))).collect();
    reader.deserialize().map(|row| unescaped(row.unwrap())).collect()
}

fn read(part: &str, file: &str) -> Result<Vec<Item>, FileError> {
    read_file(&std::fs::read(data(part).join(file)).unwrap(), now()).map_err(|(e, _)| e)
}

fn same(facts: &Facts, row: &BTreeMap<String, String>, at: &str) {
    let text = |o: &Option<String>| o.clone().unwrap_or_default();
    let time = |t: DateTime<Utc>| t.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    assert_eq!(text(&facts.subject.common_name), row["cn"], "{at}: name");
    assert_eq!(text(&facts.subject.iin), row["iin"], "{at}: ИИН");
    assert_eq!(text(&facts.subject.bin), row["bin"], "{at}: БИН");
    assert_eq!(text(&facts.subject.surname), row["surname"], "{at}: surname");
    assert_eq!(text(&facts.subject.organization), row["o"], "{at}: organisation");
    assert_eq!(text(&facts.issuer.common_name), row["issuer_cn"], "{at}: issuer");
    assert_eq!(time(facts.not_before), row["not_before"], "{at}: from");
    assert_eq!(time(facts.not_after), row["not_after"], "{at}: to");
    assert_eq!(facts.serial, row["serial_hex"], "{at}: serial");
    assert_eq!(facts.key_algorithm_oid, row["key_alg_oid"], "{at}: key");
    assert_eq!(facts.signature_algorithm_oid, row["sig_alg_oid"], "{at}: signature");
    assert_eq!(facts.is_ca, row["ca"] == "True", "{at}: authority");
    assert_eq!(facts.subject_key_id.clone().unwrap_or_default(), row["ski"], "{at}: key id");
    assert_eq!(facts.fingerprint_sha256, row["sha256"], "{at}: fingerprint");
}

#[test]
fn real_certificates_give_the_facts_that_two_other_tools_read() {
    let mut checked = 0;
    for row in table(&data("real/index.tsv"), b'\t') {
        let file = &row["file"];
        if file.starts_with("crl/") {
            assert_eq!(read("real", file).unwrap_err(), FileError::NotACertificate, "{file}");
        } else if file.ends_with(".p12") {
            assert_eq!(read("real", file).unwrap_err(), FileError::KeyContainer, "{file}");
        } else if !row["sha256"].is_empty() {
            let items = read("real", file).unwrap_or_else(|e| panic!("{file}: {e:?}"));
            let item = items.iter().find(|i| i.found.facts.fingerprint_sha256 == row["sha256"]);
            same(&item.unwrap_or_else(|| panic!("{file} {}", row["cert_no"])).found.facts, &row, file);
            checked += 1;
        }
    }
    assert!(checked >= 30, "{checked}");
}

#[test]
fn generated_certificates_give_the_facts_of_their_manifest() {
    let mut checked = 0;
    for row in table(&data("generated/manifest.csv"), b',') {
        for file in row["files"].split_whitespace().filter(|f| f.starts_with("certs/")) {
            let facts = read("generated", file).unwrap().remove(0).found.facts;
            assert_eq!(facts.fingerprint_sha256, row["sha256"], "{file}");
            assert_eq!(facts.serial, row["serial_hex"], "{file}");
            assert_eq!(facts.subject.common_name.clone().unwrap_or_default(), row["subject_cn"], "{file}");
            assert_eq!(facts.subject.iin.clone().unwrap_or_default(), row["iin"], "{file}");
            assert_eq!(facts.subject.bin.clone().unwrap_or_default(), row["bin"], "{file}");
            assert_eq!(facts.extended_key_usage.join(" "), row["eku"], "{file}");
            assert_eq!(facts.not_after.format("%Y-%m-%dT%H:%M:%SZ").to_string(), row["not_after"], "{file}");
            checked += 1;
        }
    }
    assert!(checked >= 277, "{checked}");
}

#[test]
fn bad_inputs_do_what_their_index_says() {
    for row in table(&data("bad/index.tsv"), b'\t') {
        let file = &row["file"];
        let started = std::time::Instant::now();
        let result = read("bad", file);
        assert!(started.elapsed().as_millis() < 2000, "{file} took {:?}", started.elapsed());
        if file.ends_with(".p12") && file != "zip_renamed.p12" {
            assert_eq!(result.unwrap_err(), FileError::KeyContainer, "{file}");
            continue;
        }
        match (file.as_str(), row["expect"].as_str()) {
            ("key_and_cert.pem", _) => assert_eq!(result.unwrap_err(), FileError::PrivateKey),
            ("zip_renamed.p12", _) => assert_eq!(result.unwrap_err(), FileError::NotACertificate),
            (_, "accept") => {
                result.unwrap_or_else(|e| panic!("{file}: {e:?}"));
            }
            (_, "split") => assert!(result.unwrap().len() > 1, "{file}"),
            (_, "reject") => assert!(result.is_err(), "{file}"),
            ("flipped_bit_signature.cer" | "serial_duplicate_b.cer", "warn") => {
                result.unwrap();
            }
            (_, "warn") => {
                let items = result.unwrap_or_else(|e| panic!("{file}: {e:?}"));
                assert!(items.iter().all(|i| !i.found.facts.warnings.is_empty()), "{file} has no warning");
            }
            _ => {}
        }
    }
}

#[test]
fn odd_names_are_decoded_by_their_tag() {
    let name = |file: &str| read("bad", file).unwrap().remove(0).found.facts.subject.common_name.unwrap();
    assert_eq!(name("dn_bmpstring.cer"), "ТЕСТОВ АСҚАР");
    assert_eq!(name("dn_universalstring.cer"), "ТЕСТОВ АСҚАР");
    let old = read("bad", "dn_t61string_cp1251.cer").unwrap().remove(0).found.facts;
    assert!(old.warnings.contains(&Warning::LegacyEncoding));
}

#[test]
fn odd_certificates_are_read_by_their_profile() {
    let facts = |file: &str| read("odd", file).unwrap_or_else(|e| panic!("{file}: {e:?}")).remove(0).found.facts;
    for file in ["foreign-d11.cer", "foreign-pnoee.cer"] {
        assert_eq!(facts(file).subject.iin, None, "{file}: another country's number is no ИИН");
    }
    let two = facts("two-bin.cer");
    assert!(two.warnings.contains(&Warning::SeveralBins));
    let bins: Vec<&str> = two.subject.bin.as_deref().unwrap().split(", ").collect();
    assert!(bins.len() == 2 && bins.iter().all(|bin| bin.len() == 12), "{bins:?}");
    assert_eq!(facts("two-cn.cer").subject.common_name.as_deref(), Some("ПРОБА ИВАН"));
    assert_eq!(facts("9999.cer").last_day().to_string(), "9999-12-31");
    assert_eq!(facts("stray.pem").fingerprint_sha256, facts("cdata.xml").fingerprint_sha256);
}

#[test]
fn xml_with_a_document_type_is_refused_and_nothing_is_expanded() {
    let text = std::fs::read_to_string(data("odd").join("cdata.xml")).unwrap();
    let evil = text.replacen("<doc>", "<!DOCTYPE doc [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><doc>&a;", 1);
    let refused = read_file(evil.as_bytes(), now()).unwrap_err();
    assert_eq!(refused, (FileError::Unsupported, domain::import::FileHint::DocumentType));
}
