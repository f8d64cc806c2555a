//! `cargo xtask bench`: the program, a floor and bare bytes, measured in one run over loopback.

mod addresses;
mod database;
mod firm;
mod floor;
mod forms;
mod import;
mod load;
mod pages;
mod program;
mod report;
mod search;
mod seen;
mod writers;

use anyhow::Result;
use clap::{Parser, ValueEnum};
use std::path::PathBuf;

/// The day of the measured firm.
pub const TODAY: &str = "2026-12-15";
/// The month of its peak.
pub const MONTH: &str = "2027-02";
/// Everybody's password in it.
pub const PASSWORD: &str = "belaya roza u dorogi";
/// A name that many clients share, as an address writes it.
pub const WORD: &str = "%D0%90%D1%85%D0%BC%D0%B5%D1%82";
/// Roles with the login of somebody, the owner last.
pub const PEOPLE: [(&str, &str); 3] = [("accountant", "a01"), ("lead", "l01"), ("owner", "m01")];

/// Measures pages of the finished binary on a neutral firm.
#[derive(Parser)]
struct Cli {
    /// The finished binary.
    #[arg(long)]
    binary: PathBuf,
    /// Times 1,000 clients and 10,000 certificates.
    #[arg(long, default_value_t = 1)]
    scale: u32,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Address of a throwaway PostgreSQL database, measured besides SQLite.
    #[arg(long)]
    postgres: Option<String>,
    /// Only SQLite or only PostgreSQL.
    #[arg(long)]
    only: Option<String>,
    /// Only this part.
    #[arg(long, value_enum)]
    part: Option<Part>,
    /// Seconds of each measurement in the table of all pages.
    #[arg(long, default_value_t = 1.0)]
    page_seconds: f64,
}

/// What can be measured alone.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The month beside its floor, today, the client search, sizes, statements, the import.
    Month,
    /// Every page and every file, for each role.
    Pages,
    /// Readers beside writers.
    Writers,
    /// An owner's first question after a write.
    Search,
}

impl Cli {
    fn wants(&self, part: Part) -> bool {
        self.part.is_none_or(|only| only == part)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let cli = Cli::parse();
    let folder = tempfile::tempdir()?;
    let files = folder.path().join("firm");
    firm::write(&files, cli.scale)?;
    let sqlite = format!("sqlite://{}", folder.path().join("merzim.sqlite").display());
    let wanted = |name: &str| cli.only.as_deref().is_none_or(|only| only == name);
    let all = [("sqlite", Some(sqlite)), ("postgres", cli.postgres.clone())];
    println!("{}", report::machine()?);
    for (name, url) in all.into_iter().filter(|(name, _)| wanted(name)) {
        let Some(url) = url else { continue };
        program::seed(&cli.binary, &files, &url)?;
        report::database(name, &url, &cli).await?;
    }
    Ok(())
}
