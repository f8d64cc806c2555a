//! Running other programs.

use anyhow::{Context as _, Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// A command without what cargo told this process: cargo would rebuild half of the tree otherwise.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in
        std::env::vars().filter(|(n, _)| n.starts_with("CARGO_") && n != "CARGO_TARGET_DIR" && n != "CARGO_HOME")
    {
        command.env_remove(name);
    }
    command.current_dir(root());
    command
}

/// Runs a program and fails if it fails.
pub fn run<'a>(program: &str, arguments: impl IntoIterator<Item = &'a str>) -> Result<()> {
    let arguments: Vec<&str> = arguments.into_iter().collect();
    let status = command(program).args(&arguments).status().with_context(|| format!("{program} cannot be started"))?;
    if status.success() { Ok(()) } else { bail!("{program} {} failed", arguments.join(" ")) }
}

/// The project's folder.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or(here.clone(), std::path::Path::to_path_buf)
}

/// The target directory, wherever cargo was told to put it.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}
