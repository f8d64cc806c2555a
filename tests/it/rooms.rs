//! The state keeps its rooms: only the store and the migrations know the ORM; circles do not exist.

use std::process::Command;

fn packages() -> Vec<serde_json::Value> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let whole: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    whole["packages"].as_array().unwrap().clone()
}

fn needs(package: &serde_json::Value) -> Vec<(String, bool)> {
    let all = package["dependencies"].as_array().unwrap();
    all.iter().map(|d| (d["name"].as_str().unwrap().to_owned(), d["kind"].is_null())).collect()
}

#[test]
fn only_store_and_migrations_list_the_orm() {
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        let orm = needs(&package).iter().any(|(d, _)| d.starts_with("sea-") || d.starts_with("sqlx"));
        assert_eq!(orm, matches!(name, "store" | "migrations"), "{name}");
    }
}

#[test]
fn arrows_between_rooms_are_those_of_the_plan() {
    let own = ["app", "text", "domain", "frontend", "server", "pki", "store", "migrations"];
    let allowed = |from: &str| -> &[&str] {
        match from {
            "frontend" => &["app"],
            "app" => &["domain", "text"],
            "text" | "pki" => &["domain"],
            "store" => &["domain", "migrations"],
            "server" => &["app", "domain", "pki", "store"],
            _ => &[],
        }
    };
    for package in packages() {
        let name = package["name"].as_str().unwrap().to_owned();
        if !own.contains(&name.as_str()) {
            continue;
        }
        for (to, _) in needs(&package).into_iter().filter(|(d, plain)| *plain && own.contains(&d.as_str())) {
            assert!(allowed(&name).contains(&to.as_str()), "{name} → {to}");
        }
    }
}

#[test]
fn the_printed_access_table_is_the_policy() {
    let docs =
        std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ACCESS.md")).unwrap();
    assert!(docs.contains(&domain::access::table()), "print it again: merzim access\n{}", domain::access::table());
}
