//! Every container of the test data behaves as its index says.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use keyfile::OpenError::{Damaged, NotAContainer, TooCostly, Unsupported, WrongPassword};
use keyfile::{OpenError, certificates, unprotected_certificates};
use sha1::{Digest as _, Sha1};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn data(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/certs").join(folder)
}

fn table(path: &Path) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines().map(|l| l.split('\t').map(str::to_owned).collect::<Vec<_>>());
    let head = lines.next().unwrap();
    lines.map(|l| head.iter().cloned().zip(l).collect()).collect()
}

fn prints(all: &[Vec<u8>]) -> Vec<String> {
    all.iter().map(|der| Sha1::digest(der).iter().map(|b| format!("{b:02x}")).collect()).collect()
}

fn bad(name: &str, password: &str) -> Result<usize, OpenError> {
    let begin = Instant::now();
    let found = certificates(&std::fs::read(data("bad").join(name)).unwrap(), password);
    assert!(begin.elapsed() < Duration::from_secs(20), "{name}: bounded work, also unoptimised");
    found.map(|all| all.len())
}

#[test]
fn every_container_of_the_national_authority_opens_to_its_certificates() {
    let mut expected: HashMap<String, (String, Vec<String>)> = HashMap::new();
    for row in table(&data("real/index.tsv")).into_iter().filter(|r| r["kind"] == "p12") {
        let entry = expected.entry(row["file"].clone()).or_insert((row["password"].clone(), Vec::new()));
        entry.1.push(row["sha1"].clone());
    }
    assert_eq!(expected.len(), 22);
    for (file, (password, mut wanted)) in expected {
        let bytes = std::fs::read(data("real").join(&file)).unwrap();
        let found = certificates(&bytes, &password).unwrap_or_else(|e| panic!("{file}: {e:?}"));
        let mut found = prints(&found);
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "{file}");
        assert_eq!(certificates(&bytes, "not the password"), Err(WrongPassword), "{file}");
    }
}

#[test]
fn containers_of_other_programs_open_too() {
    for (file, password) in
        [("ber_inside.p12", "Qwerty12"), ("cyrillic_password.p12", "Пароль123"), ("empty_password.p12", "")]
    {
        assert!(bad(file, password).is_ok_and(|n| n > 0), "{file}: {:?}", bad(file, password));
    }
    // Modern protection as OpenSSL writes it: AES-256 and PBKDF2 with HMAC-SHA-256; and PBMAC1.
    for file in ["modern.p12", "aes128_sha1.p12", "pbmac1.p12"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file);
        let bytes = std::fs::read(path).unwrap();
        assert_eq!(certificates(&bytes, "Пароль 123").map(|all| all.len()), Ok(1), "{file}");
        assert_eq!(certificates(&bytes, "Пароль 124"), Err(WrongPassword), "{file}");
    }
}

#[test]
fn a_certificate_that_lies_open_needs_no_password() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/open_certificate.p12");
    let open = std::fs::read(path).unwrap();
    let found = unprotected_certificates(&open).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(certificates(&open, "lost"), Ok(found));
    assert_eq!(certificates(&open, "guessed"), Err(WrongPassword), "a password that is given must fit");
    let closed = std::fs::read_dir(data("real/p12")).unwrap().map(|e| e.unwrap().path());
    for path in closed {
        assert_eq!(unprotected_certificates(&std::fs::read(&path).unwrap()), Ok(Vec::new()), "{path:?}");
    }
    for end in (0..open.len()).step_by(31) {
        let _ = unprotected_certificates(&open[..end]);
    }
}

#[test]
fn what_does_not_open_says_why() {
    assert_eq!(bad("wrong_password.p12", "Qwerty12"), Err(WrongPassword));
    assert!(bad("wrong_password.p12", "OtherPassword1").is_ok(), "the file stays as it is");
    assert_eq!(bad("zip_renamed.p12", "Qwerty12"), Err(NotAContainer));
    assert_eq!(bad("truncated.p12", "Qwerty12"), Err(Damaged));
    assert_eq!(bad("pbkdf2_rounds_600000.p12", "Qwerty12"), Err(Damaged));
    for file in ["mac_iterations_2e9.p12", "mac_iterations_huge.p12", "pbkdf2_rounds_2e9.p12", "pbkdf2_rounds_2e12.p12"]
    {
        assert_eq!(bad(file, "Qwerty12"), Err(TooCostly), "{file}");
    }
    for file in ["nested_in_itself.p12", "key_without_cert.p12"] {
        assert_eq!(bad(file, "Qwerty12"), Ok(0), "{file}");
    }
    assert!(bad("no_mac.p12", "Qwerty12").is_ok_and(|n| n > 0));
}

#[test]
fn whatever_is_broken_in_a_container_nothing_panics_and_no_foreign_bytes_come_out() {
    let path = std::fs::read_dir(data("real/p12")).unwrap().map(|e| e.unwrap().path()).min().unwrap();
    let whole = std::fs::read(path).unwrap();
    let right = certificates(&whole, "Qwerty12").unwrap();
    for end in (0..whole.len()).step_by(97) {
        assert!(matches!(certificates(&whole[..end], "Qwerty12"), Err(NotAContainer | Damaged)), "cut at {end}");
    }
    for at in (0..whole.len()).step_by(61) {
        let mut broken = whole.clone();
        broken[at] ^= 0x55;
        match certificates(&broken, "Qwerty12") {
            // The code covers the content: only bytes around it may change without harm.
            Ok(found) => assert_eq!(found, right, "changed at {at}"),
            Err(Damaged | WrongPassword | Unsupported | TooCostly | NotAContainer) => {}
        }
    }
}

#[test]
fn other_files_are_no_containers() {
    for file in ["one_byte.cer", "html_renamed.cer", "empty.cer", "bundle_der.p7b", "deep_nesting.der"] {
        assert_eq!(bad(file, "Qwerty12"), Err(NotAContainer), "{file}");
    }
}
