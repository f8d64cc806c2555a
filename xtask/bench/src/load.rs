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
    /// Of latencies in any order, gathered in some time.
    pub fn of(mut micros: Vec<u64>, elapsed: Duration) -> Self {
        micros.sort_unstable();
        let per_second = micros.len() as f64 / elapsed.as_secs_f64();
        Self { micros, per_second }
    }

    /// How many were gathered.
    pub fn count(&self) -> usize {
        self.micros.len()
    }

    /// A quantile in milliseconds.
    pub fn at(&self, part: f64) -> f64 {
        let n = (part * self.micros.len().saturating_sub(1) as f64) as usize;
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
            None if answer.header("transfer-encoding") == Some("chunked") => self.chunks(end).await?,
            None => Vec::new(),
        };
        Ok(answer)
    }

    /// The body in chunks that begins at a place of the buffer, read up to its last chunk.
    async fn chunks(&mut self, mut at: usize) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        loop {
            let rest = self.buffer.get(at..).unwrap_or_default();
            let Some(line) = rest.windows(2).position(|w| w == b"\r\n") else {
                self.more().await?;
                continue;
            };
            let size = usize::from_str_radix(std::str::from_utf8(rest.get(..line).unwrap_or_default())?, 16)?;
            let (from, to) = (at + line + 2, at + line + 2 + size);
            while self.buffer.len() < to + 2 {
                self.more().await?;
            }
            if size == 0 {
                return Ok(out);
            }
            out.extend_from_slice(self.buffer.get(from..to).unwrap_or_default());
            at = to + 2;
        }
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the other side closed the connection")
        } else {
            Ok(())
        }
    }
}

/// A request that is sent again and again; a connection that broke is opened anew.
pub struct Caller {
    address: String,
    request: Vec<u8>,
    wire: Option<Wire>,
}

impl Caller {
    pub fn new(address: &str, request: &[u8]) -> Self {
        Self { address: address.to_owned(), request: request.to_vec(), wire: None }
    }

    /// The status of the whole answer.
    pub async fn call(&mut self) -> Result<u16> {
        let mut wire = match self.wire.take() {
            Some(wire) => wire,
            None => Wire::open(&self.address).await?,
        };
        let answer = wire.ask(&self.request).await?;
        self.wire = Some(wire);
        Ok(answer.status)
    }
}

/// Microseconds since a moment.
pub fn micros_since(from: Instant) -> u64 {
    u64::try_from(from.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// A GET with a session.
pub fn get(path: &str, cookie: &str, more: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n{more}\r\n").into_bytes()
}

/// A page that must open, as text.
pub async fn page(address: &str, path: &str, cookie: &str) -> Result<String> {
    let answer = Wire::open(address).await?.ask(&get(path, cookie, "")).await?;
    if answer.status != 200 {
        bail!("{path} answers {}", answer.status);
    }
    Ok(String::from_utf8(answer.body)?)
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
                micros.push(micros_since(one));
            }
            Ok::<_, anyhow::Error>(micros)
        }));
    }
    let mut micros = Vec::new();
    for task in tasks {
        micros.extend(task.await??);
    }
    Ok(Times::of(micros, start.elapsed()))
}
