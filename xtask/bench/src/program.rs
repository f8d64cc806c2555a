//! The finished binary as a child: seeding, starting, signing in, memory.

use crate::load::{Wire, get};
use anyhow::{Context as _, Result, bail};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Fills an empty database.
pub fn seed(binary: &Path, files: &Path, url: &str) -> Result<()> {
    let start = Instant::now();
    let done = Command::new(binary)
        .args(["seed", "--database", url, "--password", crate::PASSWORD, "--today", crate::TODAY, "--from"])
        .arg(files)
        .stdout(Stdio::null())
        .status()?;
    if !done.success() {
        bail!("seeding {url} failed");
    }
    eprintln!("seeded in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// A running server.
pub struct Server {
    child: Child,
    pub address: String,
    /// From the start to the first answer.
    pub start: Duration,
}

impl Server {
    /// Starts and waits for the first answer.
    pub async fn start(binary: &Path, url: &str, log: Option<&Path>) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let mut command = Command::new(binary);
        command.args(["serve", "--database", url, "--listen", &address, "--today", crate::TODAY]);
        match log {
            Some(path) => {
                let file = std::fs::File::create(path)?;
                command.env("MERZIM_LOG", "sqlx::query=debug").stdout(file.try_clone()?).stderr(file);
            }
            None => {
                command.stdout(Stdio::null()).stderr(Stdio::null());
            }
        }
        let begin = Instant::now();
        let child = command.spawn()?;
        let mut server = Self { child, address, start: Duration::ZERO };
        while begin.elapsed() < Duration::from_secs(60) {
            if let Ok(mut wire) = Wire::open(&server.address).await
                && wire.ask(&get("/health", "", "")).await.is_ok_and(|a| a.status == 200)
            {
                server.start = begin.elapsed();
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        bail!("the server does not start")
    }

    /// Signs somebody in and gives the cookie.
    pub async fn sign_in(&self, login: &str) -> Result<String> {
        let form = format!("email={login}%40example.kz&password={}", crate::PASSWORD.replace(' ', "+"));
        let request = format!(
            "POST /sign-in HTTP/1.1\r\nHost: {}\r\nOrigin: http://{}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.address,
            self.address,
            form.len()
        );
        let answer = Wire::open(&self.address).await?.ask(request.as_bytes()).await?;
        let cookie = answer.header("set-cookie").context("a session")?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    /// Memory in megabytes: now, and at its peak.
    pub fn memory(&self) -> Result<(f64, f64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let of = |name: &str| {
            status
                .lines()
                .find_map(|l| l.strip_prefix(name))
                .and_then(|l| l.split_whitespace().next())
                .and_then(|n| n.parse::<f64>().ok())
        };
        Ok((of("VmRSS:").unwrap_or(0.0) / 1024.0, of("VmHWM:").unwrap_or(0.0) / 1024.0))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
