//! Readers of a month beside writers: what the writes of some cost the reading of others.

use crate::load::{Caller, Times, get, micros_since, page};
use crate::program::Server;
use crate::{forms, seen};
use anyhow::{Context as _, Result};
use std::time::{Duration, Instant};

const READERS: usize = 8;
/// Accountants that write; the first of the firm reads.
const WRITERS: [&str; 8] = ["a02", "a03", "a04", "a05", "a06", "a07", "a08", "a09"];
/// Writes a second, the quiet minute first.
const RATES: [u32; 4] = [0, 1, 4, 16];

/// Signs somebody in and gives the request that comments a task of theirs.
pub async fn comment(server: &Server, login: &str) -> Result<Vec<u8>> {
    let cookie = server.sign_in(login).await?;
    let list = page(&server.address, "/tasks?form=list", &cookie).await?;
    let task = seen::id(&list, "/tasks/").with_context(|| format!("a task of {login}"))?;
    Ok(forms::typed(server, &format!("/tasks/{task}/comment"), &cookie, "text=called+the+owner&revision=0"))
}

/// Signs somebody in and gives the request that records a carrier of a client of theirs.
pub async fn carrier(server: &Server, login: &str) -> Result<Vec<u8>> {
    let cookie = server.sign_in(login).await?;
    let list = page(&server.address, "/clients", &cookie).await?;
    let client = seen::id(&list, "/clients/").with_context(|| format!("a client of {login}"))?;
    let fields = format!("kind=token&label=KAZTOKEN+4471&what=taken&day={}", crate::TODAY);
    Ok(forms::typed(server, &format!("/clients/{client}/custody"), &cookie, &fields))
}

/// Answers as they came.
#[derive(Default)]
struct Tally {
    micros: Vec<u64>,
    errors: usize,
    /// What the first error was.
    wrong: Option<String>,
}

impl Tally {
    fn count(&mut self, answer: Result<u16>, wanted: u16, from: Instant) {
        match answer {
            Ok(status) if status == wanted => self.micros.push(micros_since(from)),
            Ok(status) => self.fail(format!("status {status}")),
            Err(error) => self.fail(error.to_string()),
        }
    }

    fn fail(&mut self, wrong: String) {
        self.errors += 1;
        self.wrong.get_or_insert(wrong);
    }

    fn join(&mut self, other: Self) {
        self.micros.extend(other.micros);
        self.errors += other.errors;
        self.wrong = self.wrong.take().or(other.wrong);
    }
}

/// Prints a table for comments, and one where each fourth write changes a client.
pub async fn measure(server: &Server, time: Duration) -> Result<()> {
    let mut writes = Vec::new();
    for login in WRITERS {
        writes.push(comment(server, login).await?);
    }
    table(server, time, "comments of others", &writes).await?;
    for (write, login) in writes.iter_mut().zip(WRITERS).step_by(4) {
        *write = carrier(server, login).await?;
    }
    table(server, time, "comments of others and, a fourth, their journals of carriers", &writes).await
}

/// Prints a line for each rate of writing.
async fn table(server: &Server, time: Duration, beside_what: &str, writes: &[Vec<u8>]) -> Result<()> {
    let reader = server.sign_in("a01").await?;
    let month = get(&format!("/calendar?month={}", crate::MONTH), &reader, "");
    println!("\n### The accountant's month at {READERS} connections, beside {beside_what}\n");
    println!("| writes/s | reads/s | p50 ms | p95 ms | p95 to the quiet | errors | writes done | write p95 ms |");
    println!("|---|---|---|---|---|---|---|---|");
    let mut quiet = None;
    for rate in RATES {
        let [read, written] = beside(&server.address, &month, writes, rate, time).await?;
        let (reads, writes) = (Times::of(read.micros, time), Times::of(written.micros, time));
        let p95 = reads.at(0.95);
        let ratio = p95 / *quiet.get_or_insert(p95);
        let of_writes = if writes.count() > 0 { format!("{:.2}", writes.at(0.95)) } else { String::new() };
        println!(
            "| {rate} | {:.0} | {:.2} | {p95:.2} | {ratio:.2} | {} | {} | {of_writes} |",
            reads.per_second,
            reads.at(0.5),
            read.errors + written.errors,
            writes.count()
        );
        for wrong in [read.wrong, written.wrong].into_iter().flatten() {
            eprintln!("{rate} writes/s: {wrong}");
        }
    }
    Ok(())
}

/// Readers and writers for a while; the answers to both.
async fn beside(address: &str, month: &[u8], comments: &[Vec<u8>], rate: u32, time: Duration) -> Result<[Tally; 2]> {
    let start = Instant::now();
    let (mut readers, mut writers) = (Vec::new(), Vec::new());
    for _ in 0..READERS {
        readers.push(tokio::spawn(read(Caller::new(address, month), start + time)));
    }
    let moments = moments(start, time, rate);
    for (n, comment) in comments.iter().enumerate() {
        let own = moments.iter().skip(n).step_by(comments.len()).copied().collect();
        writers.push(tokio::spawn(write(Caller::new(address, comment), own)));
    }
    let (mut read, mut written) = (Tally::default(), Tally::default());
    for reader in readers {
        read.join(reader.await?);
    }
    for writer in writers {
        written.join(writer.await?);
    }
    Ok([read, written])
}

/// When writes are due: evenly, so many a second.
fn moments(start: Instant, time: Duration, rate: u32) -> Vec<Instant> {
    let Some(every) = Duration::from_secs(1).checked_div(rate) else { return Vec::new() };
    (0u32..).map(|n| every * n).take_while(|after| *after < time).map(|after| start + after).collect()
}

async fn read(mut caller: Caller, end: Instant) -> Tally {
    let mut tally = Tally::default();
    while Instant::now() < end {
        let from = Instant::now();
        tally.count(caller.call().await, 200, from);
    }
    tally
}

/// A write that could not be sent when it was due has waited since then.
async fn write(mut caller: Caller, due: Vec<Instant>) -> Tally {
    let mut tally = Tally::default();
    for due in due {
        let late = Instant::now() > due;
        tokio::time::sleep_until(due.into()).await;
        let from = if late { due } else { Instant::now() };
        tally.count(caller.call().await, 303, from);
    }
    tally
}
