//! The finished program as a process of its own.

use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
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
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let listens = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if line.contains("listens on") {
                    return;
                }
            }
            panic!("the server ended");
        };
        tokio::time::timeout(Duration::from_secs(60), listens).await.expect("the server listens");
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
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

/// A database of its own; none only where the run was told to go without.
pub async fn postgres() -> Option<String> {
    if std::env::var_os("MERZIM_TEST_WITHOUT_POSTGRES").is_some() {
        return None;
    }
    let server =
        std::env::var("MERZIM_TEST_POSTGRES").expect("run the tests with `cargo xtask test`, which starts PostgreSQL");
    let name = format!("storm{}", std::process::id());
    let made = Command::new("psql").args([&server, "-qc", &format!("CREATE DATABASE {name}")]).status().await.unwrap();
    assert!(made.success());
    Some(format!("{}/{name}", server.rsplit_once('/').unwrap().0))
}
