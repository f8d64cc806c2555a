//! The finished program at its door: half-sent requests, many connections from one address, files that only the owner
//! reads, an end that leaves no log behind.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

struct Server {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// A server over an empty database, once it listens and has said how to begin.
fn start() -> Server {
    let folder = tempfile::tempdir().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let mut child = Command::new(env!("CARGO_BIN_EXE_merzim"))
        .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
        .args(["--database", &format!("sqlite://{}", folder.path().join("merzim.sqlite").display())])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.contains("listens on"), "it says first that it listens: {first}");
    assert!(lines.next().unwrap().unwrap().contains("database is empty"));
    Server { child, port, folder }
}

async fn from(source: &str, port: u16) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(format!("{source}:0").parse().unwrap())?;
    socket.connect(format!("127.0.0.1:{port}").parse().unwrap()).await
}

/// Whether the other side answers a whole request.
async fn answers(source: &str, port: u16) -> bool {
    let Ok(mut stream) = from(source, port).await else { return false };
    let request = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    if stream.write_all(request).await.is_err() {
        return false;
    }
    let mut text = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut text)).await;
    matches!(read, Ok(Ok(_))) && text.starts_with(b"HTTP/1.1 200")
}

#[tokio::test]
async fn half_sent_heads_of_one_address_close_the_door_for_nobody_else_and_end_by_themselves() {
    let server = start();
    let mut half = Vec::new();
    for _ in 0..400 {
        let mut stream = from("127.0.0.7", server.port).await.unwrap();
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: 127").await;
        half.push(stream);
    }
    assert!(answers("127.0.0.8", server.port).await, "others come in");
    assert!(!answers("127.0.0.7", server.port).await, "the one address has no place left");
    let begin = Instant::now();
    while !answers("127.0.0.7", server.port).await {
        assert!(begin.elapsed() < Duration::from_secs(25), "what is never finished is given up");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

#[cfg(unix)]
#[test]
fn the_database_is_its_owners_and_a_clean_end_leaves_no_log() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut server = start();
    let files = || std::fs::read_dir(server.folder.path()).unwrap().map(|e| e.unwrap().path());
    for file in files() {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.display());
    }
    let stopped = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let begin = Instant::now();
    while server.child.try_wait().unwrap().is_none() {
        assert!(begin.elapsed() < Duration::from_secs(20), "it ends");
        std::thread::sleep(Duration::from_millis(100));
    }
    let left: Vec<_> = files().map(|p| p.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(left, ["merzim.sqlite"]);
}

#[test]
fn a_start_that_fails_leaves_the_link_of_the_running_one() {
    let server = start();
    let second = Command::new(env!("CARGO_BIN_EXE_merzim"))
        .args(["serve", "--listen", &format!("127.0.0.1:{}", server.port)])
        .args(["--database", &format!("sqlite://{}", server.folder.path().join("merzim.sqlite").display())])
        .output()
        .unwrap();
    assert!(!second.status.success());
    let said = String::from_utf8_lossy(&second.stdout);
    assert!(!said.contains("/door/") && !said.contains("listens"), "{said}");
}
