//! Every page and every file, asked for by an accountant, a lead and an owner.

use crate::addresses;
use crate::load::{self, Times, Wire, get, page};
use crate::program::Server;
use crate::seen::Seen;
use anyhow::{Context as _, Result};
use std::time::Duration;

/// Milliseconds from which the median of a page is slow.
const SLOW: f64 = 50.0;

/// How a page answers somebody.
enum Cell {
    /// At one connection and at eight.
    Figures(Times, Times),
    /// Why there are none: the status, or what went wrong.
    Word(String),
}

impl Cell {
    fn print(&self) -> String {
        match self {
            Self::Figures(one, eight) => {
                format!("{:.0} | {:.2} | {:.2} | {:.0}", one.per_second, one.at(0.5), one.at(0.95), eight.per_second)
            }
            Self::Word(word) => format!("{word} | | |"),
        }
    }
}

/// Prints all addresses, then the slow ones again.
pub async fn measure(server: &Server, time: Duration) -> Result<()> {
    let people = Seen::everybody(server).await?;
    let owner = people.last().context("an owner")?;
    let tasks = page(&server.address, "/tasks.csv?view=all", &owner.cookie).await?.lines().count().saturating_sub(1);
    println!("\n### Every page and every file\n\n{tasks} open tasks; a word in place of figures is the status.\n");
    let titles = people.iter().map(|p| format!("{}: requests/s | p50 ms | p95 ms | at 8, requests/s", p.role));
    println!("| address | {} |", titles.collect::<Vec<_>>().join(" | "));
    println!("|---|{}", "---|".repeat(people.len() * 4));
    let mut slow = Vec::new();
    for address in addresses::all() {
        let mut cells = Vec::new();
        for person in &people {
            let cell = ask(server, person, &address, time).await;
            if let Cell::Figures(one, _) = &cell
                && one.at(0.5) > SLOW
            {
                slow.push(format!("| `{address}` | {} | {:.1} | {:.1} |", person.role, one.at(0.5), one.at(0.95)));
            }
            cells.push(cell.print());
        }
        println!("| `{address}` | {} |", cells.join(" | "));
    }
    println!("\nslow, over {SLOW:.0} ms in the median at one connection: {}", slow.len());
    if !slow.is_empty() {
        println!("\n| address | who | p50 ms | p95 ms |\n|---|---|---|---|\n{}", slow.join("\n"));
    }
    Ok(())
}

/// What goes wrong with one page stands in the table and ends nothing.
async fn ask(server: &Server, person: &Seen, address: &str, time: Duration) -> Cell {
    let Some(path) = person.fill(address) else { return Cell::Word("nothing to ask for".into()) };
    match figures(server, &get(&path, &person.cookie, ""), time).await {
        Ok(cell) => cell,
        Err(error) => {
            eprintln!("{path}, {}: {error}", person.role);
            Cell::Word("broke off".into())
        }
    }
}

async fn figures(server: &Server, request: &[u8], time: Duration) -> Result<Cell> {
    let first = Wire::open(&server.address).await?.ask(request).await?;
    if first.status != 200 {
        return Ok(Cell::Word(first.status.to_string()));
    }
    let one = load::measure(&server.address, request, 1, time).await?;
    let eight = load::measure(&server.address, request, 8, time).await?;
    Ok(Cell::Figures(one, eight))
}
