//! `cargo xtask dev`: builds and serves again when a source file changes.

use crate::{front, shell};
use anyhow::Result;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant, SystemTime};

/// What the server is made of.
const SERVER: &[&str] = &["app/src", "app/text", "server", "migrations"];
/// What the browser gets is made of these too.
const FRONT: &[&str] = &["app/src/islands", "app/src/lib.rs", "app/domain", "app/frontend", "app/keyfile", "style"];

/// Runs until it is stopped.
pub fn run(arguments: &[String]) -> Result<()> {
    let mut child: Option<Child> = None;
    let mut built = [SystemTime::UNIX_EPOCH; 2];
    loop {
        let newest = [SERVER, FRONT].map(|all| all.iter().map(|f| newest(&shell::root().join(f))).max());
        let newest = newest.map(|time| time.unwrap_or(SystemTime::UNIX_EPOCH));
        if newest != built {
            let began = Instant::now();
            let front = if newest[1] == built[1] { Ok(()) } else { front::build(false) };
            built = newest;
            match front.and_then(|()| front::build_server(false)) {
                Ok(binary) => {
                    stop(&mut child);
                    child = Some(shell::command(&binary.to_string_lossy()).args(arguments).spawn()?);
                    println!("built and started in {:.1} s", began.elapsed().as_secs_f32());
                }
                Err(error) => eprintln!("{error:#}"),
            }
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn stop(child: &mut Option<Child>) {
    if let Some(mut running) = child.take() {
        let _ = running.kill();
        let _ = running.wait();
    }
}

fn newest(folder: &Path) -> SystemTime {
    if folder.is_file() {
        return folder.metadata().and_then(|m| m.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    }
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
