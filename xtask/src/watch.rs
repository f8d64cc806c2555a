//! `cargo xtask dev`: builds and serves again when a source file changes.

use crate::{front, shell};
use anyhow::Result;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, SystemTime};

const FOLDERS: [&str; 4] = ["app", "server", "migrations", "style"];

/// Runs until it is stopped.
pub fn run(arguments: &[String]) -> Result<()> {
    let mut child: Option<Child> = None;
    let mut built = SystemTime::UNIX_EPOCH;
    loop {
        let newest = FOLDERS.iter().map(|f| newest(&shell::root().join(f))).max().unwrap_or(SystemTime::UNIX_EPOCH);
        if newest > built {
            built = newest;
            match front::build_all(false) {
                Ok(binary) => {
                    stop(&mut child);
                    child = Some(shell::command(&binary.to_string_lossy()).args(arguments).spawn()?);
                }
                Err(error) => eprintln!("{error:#}"),
            }
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

fn stop(child: &mut Option<Child>) {
    if let Some(mut running) = child.take() {
        let _ = running.kill();
        let _ = running.wait();
    }
}

fn newest(folder: &Path) -> SystemTime {
    std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| {
            let path = e.path();
            if path.is_dir() { Some(newest(&path)) } else { e.metadata().ok()?.modified().ok() }
        })
        .max()
        .unwrap_or(SystemTime::UNIX_EPOCH)
}
