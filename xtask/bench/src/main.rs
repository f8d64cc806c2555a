//! `cargo xtask bench`: the program, a floor and bare bytes, measured in one run over loopback.

mod database;
mod firm;
mod floor;
mod import;
mod load;
mod program;
mod report;

use anyhow::Result;
use clap::Parser;
use std::path::PathBuf;
use std::time::Duration;

/// The day of the measured firm.
pub const TODAY: &str = "2026-12-15";
/// The month of its peak.
pub const MONTH: &str = "2027-02";
/// Everybody's password in it.
pub const PASSWORD: &str = "belaya roza u dorogi";

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
    /// Only SQLite's or only PostgreSQL's part.
    #[arg(long)]
    only: Option<String>,
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
        report::database(name, &url, &cli.binary, cli.scale, Duration::from_secs(cli.seconds)).await?;
    }
    Ok(())
}
