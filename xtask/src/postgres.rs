//! A throwaway PostgreSQL cluster on a free port; gone when dropped.

use crate::machine;
use anyhow::{Context as _, Result, bail};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The running cluster.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    /// Address of its first database.
    pub url: String,
}

impl Cluster {
    /// Makes and starts one.
    pub fn start() -> Result<Self> {
        let programs = machine::ensure_postgres()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = std::env::temp_dir().join(format!("merzim-pg-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        if machine::is_root() {
            run(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        let cluster = Self { programs, url: format!("postgres://postgres@127.0.0.1:{port}/postgres"), folder };
        let data = cluster.folder.join("data");
        run(cluster.program("initdb").arg("-D").arg(&data).args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]))?;
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -k {} -c fsync=off -c max_connections=300",
            cluster.folder.display()
        );
        run(cluster
            .program("pg_ctl")
            .arg("-D")
            .arg(&data)
            .arg("-w")
            .arg("-l")
            .arg(cluster.folder.join("log"))
            .args(["-o", &options, "start"]))?;
        Ok(cluster)
    }

    /// One of PostgreSQL's programs; it refuses to run as root, so root runs it as its own user.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        if machine::is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self
            .program("pg_ctl")
            .arg("-D")
            .arg(self.folder.join("data"))
            .args(["-m", "immediate", "stop"])
            .stdout(Stdio::null())
            .status();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn run(command: &mut Command) -> Result<()> {
    let output = command
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{command:?}"))?;
    // pg_ctl's server keeps standard error open, so only the status is waited for.
    let mut child = output;
    let status = child.wait()?;
    if status.success() { Ok(()) } else { bail!("{command:?} failed") }
}
