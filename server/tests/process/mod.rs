//! What tests of whole processes share: waiting until one listens, and a database of their own.

use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Waits until a process whose output is piped says that it listens; what it says later is read and forgotten.
pub async fn listening(process: &mut Child) {
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
}

/// A database of its own; none only where the run was told to go without.
pub async fn postgres(name: &str) -> Option<String> {
    if std::env::var_os("MERZIM_TEST_WITHOUT_POSTGRES").is_some() {
        return None;
    }
    let server =
        std::env::var("MERZIM_TEST_POSTGRES").expect("run the tests with `cargo xtask test`, which starts PostgreSQL");
    let name = format!("{name}{}", std::process::id());
    let made = Command::new("psql").args([&server, "-qc", &format!("CREATE DATABASE {name}")]).status().await.unwrap();
    assert!(made.success());
    Some(format!("{}/{name}", server.rsplit_once('/').unwrap().0))
}
