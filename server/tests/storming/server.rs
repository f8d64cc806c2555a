//! The finished program as a process of its own.

use crate::process::listening;
use std::process::Stdio;
use tokio::process::{Child, Command};

/// A running process.
pub struct Server {
    process: Child,
    pub address: String,
}

impl Server {
    pub async fn start(url: &str, demo: bool) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::start_at(url, format!("127.0.0.1:{port}"), demo).await
    }

    async fn start_at(url: &str, address: String, demo: bool) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_merzim"));
        command.args(["serve", "--database", url, "--listen", &address]).args(demo.then_some("--demo"));
        let mut process = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        listening(&mut process).await;
        Self { process, address }
    }

    /// Ends it as a power cut does.
    pub async fn kill(&mut self) {
        self.process.kill().await.unwrap();
    }

    /// The same address serves again.
    pub async fn start_again(&mut self, url: &str) {
        *self = Self::start_at(url, self.address.clone(), false).await;
    }
}
