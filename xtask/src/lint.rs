//! Clippy, as CI runs it.

use crate::{machine, shell};
use anyhow::{Result, bail};

/// Clippy for both targets, warnings denied.
pub fn run() -> Result<()> {
    machine::ensure_wasm_target()?;
    let rest = ["--", "-D", "warnings"];
    let host = ["clippy", "--workspace", "--exclude", "frontend", "--all-targets", "--features", "app/ssr"];
    shell::run("cargo", host.into_iter().chain(rest))?;
    // Crates of the browser lack what the root's list forbids.
    let conf = shell::root().join("app/frontend");
    let browser = ["clippy", "-p", "frontend", "-p", "keyfile", "--target", "wasm32-unknown-unknown"];
    let status = shell::command("cargo").env("CLIPPY_CONF_DIR", conf).args(browser.into_iter().chain(rest)).status()?;
    if status.success() { Ok(()) } else { bail!("clippy found something in what runs in the browser") }
}
