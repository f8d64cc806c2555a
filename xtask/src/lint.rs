//! Clippy, as CI runs it.

use crate::{machine, shell};
use anyhow::Result;

/// Clippy for both targets, warnings denied.
pub fn run() -> Result<()> {
    machine::ensure_wasm_target()?;
    let rest = ["--", "-D", "warnings"];
    let host = ["clippy", "--workspace", "--exclude", "frontend", "--all-targets", "--features", "app/ssr"];
    shell::run("cargo", host.into_iter().chain(rest))?;
    shell::run(
        "cargo",
        ["clippy", "-p", "frontend", "-p", "keyfile", "--target", "wasm32-unknown-unknown"].into_iter().chain(rest),
    )
}
