//! Whose code comes in and under which licences, held against `deny.toml`.

use crate::shell;
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;

/// The release of cargo-deny that is installed where it is missing.
const VERSION: &str = "0.20.2";

#[derive(Args)]
pub struct Deny {
    /// Also known holes and withdrawn versions; reads the advisory database from the network.
    #[arg(long)]
    advisories: bool,
}

pub fn run(deny: &Deny) -> Result<()> {
    let tool = installed()?.to_string_lossy().into_owned();
    let checks = ["bans", "licenses", "sources"].into_iter().chain(deny.advisories.then_some("advisories"));
    shell::run(&tool, ["--log-level", "error", "check"].into_iter().chain(checks))
}

/// The tool inside the target folder, so that nothing of the machine is changed.
fn installed() -> Result<PathBuf> {
    let home = shell::target().join("tools").join(format!("cargo-deny-{VERSION}"));
    let tool = home.join("bin").join("cargo-deny");
    if !tool.is_file() {
        let root = home.to_string_lossy();
        // A quick build: the check reads a few files.
        shell::run("cargo", ["install", "cargo-deny", "--version", VERSION, "--locked", "--debug", "--root", &root])?;
    }
    Ok(tool)
}
