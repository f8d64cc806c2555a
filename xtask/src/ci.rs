//! What CI runs.

use crate::{machine, shell, test};
use anyhow::Result;

/// Formatting, clippy for both targets, all tests.
pub fn run() -> Result<()> {
    shell::run("cargo", ["fmt", "--all", "--check"])?;
    machine::ensure_wasm_target()?;
    let rest = ["--", "-D", "warnings"];
    shell::run(
        "cargo",
        ["clippy", "--workspace", "--exclude", "frontend", "--all-targets", "--features", "app/ssr"].into_iter().chain(rest),
    )?;
    shell::run("cargo", ["clippy", "-p", "frontend", "--target", "wasm32-unknown-unknown"].into_iter().chain(rest))?;
    test::run(&test::Test::all())
}
