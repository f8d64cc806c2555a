//! Embeds the built front end, if there is one: `site` of the profile directory, made by `cargo xtask`.
#![expect(clippy::expect_used, reason = "a fault stops the build")]
#![expect(clippy::disallowed_methods, reason = "cargo speaks to a build script through variables")]

use std::fmt::Write as _;
use std::path::PathBuf;

fn main() {
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("OUT_DIR"));
    // target/PROFILE/build/PACKAGE/out
    let site = out.ancestors().nth(3).expect("a profile directory").join("site");
    println!("cargo::rerun-if-changed={}", site.display());
    let mut names: Vec<PathBuf> = std::fs::read_dir(&site).into_iter().flatten().flatten().map(|e| e.path()).collect();
    names.sort();
    let mut table = String::from("&[\n");
    for path in names.iter().filter(|p| p.extension().is_some_and(|e| e != "br" && e != "gz")) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let packed = |end: &str| {
            let packed = PathBuf::from(format!("{}.{end}", path.display()));
            if packed.exists() { format!("Some(include_bytes!({packed:?}))") } else { "None".to_owned() }
        };
        let _ = writeln!(
            table,
            "    File {{ name: {name:?}, plain: include_bytes!({path:?}), br: {}, gz: {} }},",
            packed("br"),
            packed("gz")
        );
    }
    table.push(']');
    std::fs::write(out.join("files.rs"), table).expect("write files.rs");
}
