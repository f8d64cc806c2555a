//! What this machine has, and bringing up what is missing.

use crate::shell;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whether a program can be found.
pub fn has(program: &str) -> bool {
    std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).any(|dir| dir.join(program).is_file())
}

/// Adds the WASM target where it is missing.
pub fn ensure_wasm_target() -> Result<()> {
    let root =
        shell::command("rustc").args(["--print", "target-libdir", "--target", "wasm32-unknown-unknown"]).output()?;
    let folder = String::from_utf8_lossy(&root.stdout).trim().to_owned();
    if Path::new(&folder).is_dir() {
        return Ok(());
    }
    if !has("rustup") {
        bail!("the WASM target is missing: install rust-std for wasm32-unknown-unknown");
    }
    shell::run("rustup", ["target", "add", "wasm32-unknown-unknown"])
}

/// Chromium and its driver, installed from the distribution's packages when run as root.
pub fn ensure_browser() -> Result<()> {
    ensure(
        &["chromium", "chromedriver"],
        &["chromium", "chromium-driver"],
        "the browser tests need Chromium: apt-get install chromium chromium-driver (or --without browser)",
    )
}

/// Where PostgreSQL's own programs lie.
pub fn ensure_postgres() -> Result<PathBuf> {
    if let Some(found) = postgres_programs() {
        return Ok(found);
    }
    ensure(
        &["initdb"],
        &["postgresql"],
        "the store tests need PostgreSQL: apt-get install postgresql (or --without postgres)",
    )
    .or_else(|e| if postgres_programs().is_some() { Ok(()) } else { Err(e) })?;
    postgres_programs().ok_or_else(|| anyhow::anyhow!("PostgreSQL was installed but initdb was not found"))
}

fn postgres_programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path().join("bin"))
        .collect();
    versions.sort();
    versions
        .into_iter()
        .rev()
        .find(|p| p.join("initdb").is_file())
        .or_else(|| std::env::split_paths(&std::env::var_os("PATH")?).find(|p| p.join("initdb").is_file()))
}

fn ensure(programs: &[&str], packages: &[&str], advice: &str) -> Result<()> {
    if programs.iter().all(|p| has(p)) {
        return Ok(());
    }
    if !is_root() || !has("apt-get") {
        bail!("{advice}");
    }
    let install = || {
        Command::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["install", "-y", "--no-install-recommends"])
            .args(packages)
            .status()
            .is_ok_and(|s| s.success())
    };
    if !install() {
        shell::run("apt-get", ["update"])?;
        if !install() {
            bail!("{advice}");
        }
    }
    if programs.iter().all(|p| has(p)) { Ok(()) } else { bail!("{advice}") }
}

/// Whether this process may install packages.
pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.starts_with(b"0"))
}
