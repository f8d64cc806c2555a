//! What an owner asks for first after somebody changed a client, and the same again.

use crate::load::{Caller, Times, get, micros_since};
use crate::program::Server;
use crate::writers::carrier;
use anyhow::{Result, bail};
use std::time::{Duration, Instant};

/// Writes at least, where each question takes long.
const LEAST: usize = 20;

/// Prints a line for each question.
pub async fn measure(server: &Server, time: Duration) -> Result<()> {
    let owner = server.sign_in("m01").await?;
    let mut writer = Caller::new(&server.address, &carrier(server, "a02").await?);
    println!("\n### The owner's first question after a write to a client\n");
    println!("| question | writes | p50 ms | p95 ms | again: p50 ms | p95 ms |\n|---|---|---|---|---|---|");
    for (what, path) in [
        ("client search", format!("/clients?q={}", crate::WORD)),
        ("palette", format!("/find?q={}&part=1", crate::WORD)),
        ("clients", "/clients".to_owned()),
        ("month", format!("/calendar?month={}", crate::MONTH)),
        ("today", "/".to_owned()),
    ] {
        let mut reader = Caller::new(&server.address, &get(&path, &owner, ""));
        let (first, again) = after_writes(&mut writer, &mut reader, time).await?;
        println!(
            "| {what} | {} | {:.2} | {:.2} | {:.2} | {:.2} |",
            first.count(),
            first.at(0.5),
            first.at(0.95),
            again.at(0.5),
            again.at(0.95)
        );
    }
    Ok(())
}

/// Writes, asks, asks again, over and over.
async fn after_writes(writer: &mut Caller, reader: &mut Caller, time: Duration) -> Result<(Times, Times)> {
    timed(reader).await?;
    let (mut first, mut again) = (Vec::new(), Vec::new());
    let start = Instant::now();
    while start.elapsed() < time || first.len() < LEAST {
        let written = writer.call().await?;
        if written != 303 {
            bail!("the journal of carriers answers {written}");
        }
        first.push(timed(reader).await?);
        again.push(timed(reader).await?);
    }
    Ok((Times::of(first, start.elapsed()), Times::of(again, start.elapsed())))
}

async fn timed(reader: &mut Caller) -> Result<u64> {
    let from = Instant::now();
    let status = reader.call().await?;
    if status != 200 {
        bail!("status {status}");
    }
    Ok(micros_since(from))
}
