//! A closed loop of requests over kept connections, on the same cores as what it measures.

use anyhow::{Context as _, Result, bail};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Latencies of one measurement, in microseconds, sorted.
pub struct Times {
    micros: Vec<u64>,
    pub per_second: f64,
}

impl Times {
    /// A quantile in milliseconds.
    pub fn at(&self, part: f64) -> f64 {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let n = (part * self.micros.len().saturating_sub(1) as f64) as usize;
        #[allow(clippy::cast_precision_loss)]
        let micros = self.micros.get(n).copied().unwrap_or(0) as f64;
        micros / 1000.0
    }
}

/// An answer: status, head, body.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let line = |l: &str| l.split_once(':').filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(n, _)| n.len());
        self.head.lines().find_map(|l| line(l).and_then(|n| l.get(n + 1..))).map(str::trim)
    }
}

/// A kept connection.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Wire {
    pub async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads its whole answer.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let end = loop {
            if let Some(end) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(self.buffer.get(..end).unwrap_or_default()).into_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).context("a status line")?;
        let mut answer = Answer { status, head, body: Vec::new() };
        let length = answer.header("content-length").and_then(|l| l.parse::<usize>().ok());
        answer.body = match length {
            Some(length) => {
                while self.buffer.len() < end + length {
                    self.more().await?;
                }
                self.buffer.get(end..end + length).unwrap_or_default().to_vec()
            }
            None if answer.header("transfer-encoding") == Some("chunked") => {
                while !self.buffer.ends_with(b"0\r\n\r\n") {
                    self.more().await?;
                }
                unchunked(self.buffer.get(end..).unwrap_or_default())
            }
            None => Vec::new(),
        };
        Ok(answer)
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 { bail!("the other side closed the connection") } else { Ok(()) }
    }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(end) = rest.windows(2).position(|w| w == b"\r\n") {
        let size = std::str::from_utf8(rest.get(..end).unwrap_or_default()).ok().and_then(|s| usize::from_str_radix(s, 16).ok());
        let Some(size) = size.filter(|s| *s > 0) else { break };
        out.extend_from_slice(rest.get(end + 2..end + 2 + size).unwrap_or_default());
        rest = rest.get(end + 4 + size..).unwrap_or_default();
    }
    out
}

/// A GET with a session.
pub fn get(path: &str, cookie: &str, more: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n{more}\r\n").into_bytes()
}

/// Asks the same from several connections for a while; every answer must be 200.
pub async fn measure(address: &str, request: &[u8], connections: usize, time: Duration) -> Result<Times> {
    let mut tasks = Vec::new();
    let start = Instant::now();
    for _ in 0..connections {
        let (address, request) = (address.to_owned(), request.to_vec());
        tasks.push(tokio::spawn(async move {
            let mut wire = Wire::open(&address).await?;
            let mut micros = Vec::new();
            while start.elapsed() < time {
                let one = Instant::now();
                let answer = wire.ask(&request).await?;
                if answer.status != 200 {
                    bail!("status {}: {}", answer.status, answer.head);
                }
                micros.push(u64::try_from(one.elapsed().as_micros())?);
            }
            Ok::<_, anyhow::Error>(micros)
        }));
    }
    let mut micros = Vec::new();
    for task in tasks {
        micros.extend(task.await??);
    }
    let elapsed = start.elapsed().as_secs_f64();
    micros.sort_unstable();
    #[allow(clippy::cast_precision_loss)]
    let per_second = micros.len() as f64 / elapsed;
    Ok(Times { micros, per_second })
}
