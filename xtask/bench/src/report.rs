//! What is measured, and the tables that are printed.

use crate::floor::Floor;
use crate::load::{Times, Wire, get, measure};
use crate::program::Server;
use crate::{Cli, Part, pages, search, writers};
use anyhow::{Context as _, Result};
use std::path::Path;
use std::time::{Duration, Instant};

/// The machine in a line.
pub fn machine() -> Result<String> {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|l| l.strip_prefix("model name"))
        .map(|l| l.trim_start_matches([' ', '\t', ':']))
        .unwrap_or("unknown");
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kb: u64 = memory
        .lines()
        .find_map(|l| l.strip_prefix("MemTotal:"))
        .and_then(|l| l.split_whitespace().next())
        .unwrap_or("0")
        .parse()?;
    let cores = std::thread::available_parallelism()?;
    Ok(format!("machine: {model}, {cores} cores, {} MB; load generator on the same cores", kb / 1024))
}

const CONNECTIONS: [usize; 3] = [1, 8, 32];

fn line(name: &str, connections: usize, t: &Times, of: Option<(&str, f64)>) {
    let ratio = of.map(|(what, rate)| format!("{:.2} of {what}", t.per_second / rate)).unwrap_or_default();
    println!(
        "| {name} | {connections} | {:.0} | {:.2} | {:.2} | {:.2} | {ratio} |",
        t.per_second,
        t.at(0.5),
        t.at(0.95),
        t.at(0.99)
    );
}

/// The wanted parts on one database.
pub async fn database(name: &str, url: &str, cli: &Cli) -> Result<()> {
    let server = Server::start(&cli.binary, url, None).await?;
    let start = server.start.as_secs_f64() * 1000.0;
    println!("\n## {name}, scale {}\n\nstart to first answer: {start:.0} ms", cli.scale);
    let time = Duration::from_secs(cli.seconds);
    if cli.wants(Part::Month) {
        month(&server, url, &cli.binary, time).await?;
    }
    if cli.wants(Part::Pages) {
        pages::measure(&server, Duration::try_from_secs_f64(cli.page_seconds)?).await?;
    }
    if cli.wants(Part::Writers) {
        writers::measure(&server, time).await?;
    }
    if cli.wants(Part::Search) {
        search::measure(&server, time).await?;
    }
    let (now, peak) = server.memory()?;
    println!("\nmemory at the end: {now:.0} MB, at its peak {peak:.0} MB");
    Ok(())
}

/// The month of each role, what is looked at most besides, sizes, statements, the import.
async fn month(server: &Server, url: &str, binary: &Path, time: Duration) -> Result<()> {
    let month = format!("/calendar?month={}", crate::MONTH);
    println!("\n| page | connections | requests/s | p50 ms | p95 ms | p99 ms | ratio |\n|---|---|---|---|---|---|---|");
    let mut cookies = Vec::new();
    for (role, login) in crate::PEOPLE {
        let cookie = server.sign_in(login).await?;
        roles_month(server, url, role, &cookie, &month, time).await?;
        cookies.push((role, cookie));
    }
    let search = format!("/clients?q={}", crate::WORD);
    let owner = cookies.last().map(|(_, c)| c.clone()).context("an owner")?;
    for (role, cookie) in &cookies {
        for (what, path) in [("today", "/"), ("client search", search.as_str())] {
            for connections in [1, 8] {
                let times = measure(&server.address, &get(path, cookie, ""), connections, time).await?;
                line(&format!("{what}, {role}"), connections, &times, None);
            }
        }
    }
    let (now, peak) = server.memory()?;
    println!("\nmemory after load: {now:.0} MB, at its peak {peak:.0} MB");
    sizes(server, &cookies, &month).await?;
    statements(binary, url, &month).await?;
    let (preview, confirm) = crate::import::measure(server, &owner).await?;
    let (p, c) = (preview.as_secs_f64(), confirm.as_secs_f64());
    println!("\nimport of 300 files: preview {p:.2} s, confirmation {c:.2} s, together {:.2} s", p + c);
    Ok(())
}

/// The month of a role beside its floor, bare bytes and the query alone.
async fn roles_month(server: &Server, url: &str, role: &str, cookie: &str, month: &str, time: Duration) -> Result<()> {
    let page = Wire::open(&server.address).await?.ask(&get(month, cookie, "")).await?;
    let page = String::from_utf8(page.body)?;
    let floor = Floor::open(url, &page).await?;
    let token = cookie.split_once('=').map(|(_, t)| t.to_owned()).unwrap_or_default();
    let who = floor.who(&token).await?;
    let mut n = 0u32;
    let (begin, rows) = (Instant::now(), floor.ends(&who).await?.len());
    while begin.elapsed() < time / 2 {
        floor.ends(&who).await?;
        n += 1;
    }
    let alone = f64::from(n) / begin.elapsed().as_secs_f64();
    let address = floor.listen().await?;
    for connections in CONNECTIONS {
        let bare = measure(&address, &get("/bytes", cookie, ""), connections, time / 2).await?;
        let below = measure(&address, &get("/month", cookie, ""), connections, time / 2).await?;
        let ours = measure(&server.address, &get(month, cookie, ""), connections, time).await?;
        line(&format!("bare bytes, {role}"), connections, &bare, None);
        line(&format!("floor, {role}"), connections, &below, None);
        line(&format!("**month, {role}** ({rows} ends)"), connections, &ours, Some(("the floor", below.per_second)));
    }
    println!("| query alone, {role} | 1 | {alone:.0} | | | | |");
    Ok(())
}

/// Bytes of pages and of the first visit, compressed as a browser gets them.
async fn sizes(server: &Server, cookies: &[(&str, String)], month: &str) -> Result<()> {
    let mut wire = Wire::open(&server.address).await?;
    let mut fetch = async |path: &str, cookie: &str| -> Result<usize> {
        Ok(wire.ask(&get(path, cookie, "Accept-Encoding: br\r\n")).await?.body.len())
    };
    println!("\n| page, brotli | bytes |\n|---|---|");
    for (role, cookie) in cookies {
        for path in [month, "/", "/clients", "/tasks?view=all", "/calendar/year", "/calendar/agenda"] {
            println!("| {path}, {role} | {} |", fetch(path, cookie).await?);
        }
    }
    let cookie = cookies.first().map(|(_, c)| c.as_str()).unwrap_or_default();
    let page = Wire::open(&server.address).await?.ask(&get(month, cookie, "")).await?;
    let html = String::from_utf8(page.body)?;
    let mut assets: Vec<String> = html
        .split('"')
        .filter(|p| p.starts_with("/assets/"))
        .map(|p| p.split('#').next().unwrap_or(p).to_owned())
        .collect();
    if let Some(boot) = assets.iter().find(|a| a.contains("boot")).cloned() {
        let text = Wire::open(&server.address).await?.ask(&get(&boot, "", "")).await?;
        let text = String::from_utf8(text.body)?;
        let named = text.split('"').filter(|p| p.starts_with("/assets/") || p.starts_with("./"));
        assets
            .extend(named.map(|p| p.strip_prefix("./").map_or_else(|| p.to_owned(), |name| format!("/assets/{name}"))));
    }
    assets.sort();
    assets.dedup();
    let mut total = fetch(month, cookie).await?;
    for asset in &assets {
        let n = fetch(asset, "").await?;
        total += n;
        println!("| {asset} | {n} |");
    }
    println!("| **first visit in all** | {total} |");
    Ok(())
}

/// Statements of each page, counted in the log of a second server.
async fn statements(binary: &Path, url: &str, month: &str) -> Result<()> {
    let log = tempfile::NamedTempFile::new()?;
    let server = Server::start(binary, url, Some(log.path())).await?;
    let search = format!("/clients?q={}", crate::WORD);
    println!("\n| page | statements, first | statements, again |\n|---|---|---|");
    for login in ["a01", "m01"] {
        let cookie = server.sign_in(login).await?;
        let mut wire = Wire::open(&server.address).await?;
        for path in [month, "/", search.as_str(), "/tasks?view=all"] {
            let mut counts = Vec::new();
            for _ in 0..2 {
                let before = count(log.path())?;
                wire.ask(&get(path, &cookie, "")).await?;
                tokio::time::sleep(Duration::from_millis(100)).await;
                counts.push((count(log.path())? - before).to_string());
            }
            println!("| {path}, {login} | {} |", counts.join(" | "));
        }
    }
    Ok(())
}

fn count(log: &Path) -> Result<usize> {
    Ok(std::fs::read_to_string(log)?.lines().filter(|l| l.contains("sqlx::query")).count())
}
