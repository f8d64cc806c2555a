//! Measurements: builds the finished binary and the load generator, brings up PostgreSQL, runs.

use crate::{front, postgres::Cluster, shell};
use anyhow::Result;
use clap::Args;

#[derive(Args)]
pub struct Bench {
    /// Times 1,000 clients and 10,000 certificates.
    #[arg(long, default_value_t = 1)]
    scale: u32,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 4)]
    seconds: u32,
    /// Only this database: sqlite or postgres.
    #[arg(long)]
    only: Option<String>,
    /// Only this part: month, pages, writers or search.
    #[arg(long)]
    part: Option<String>,
    /// Seconds of each measurement in the table of all pages.
    #[arg(long, default_value_t = 1.0)]
    page_seconds: f64,
}

/// Prints the tables of `docs/BENCHMARKS.md`.
pub fn run(bench: &Bench) -> Result<()> {
    let binary = front::build_all(true)?;
    let cluster = if bench.only.as_deref() == Some("sqlite") { None } else { Some(Cluster::start()?) };
    let (scale, seconds) = (bench.scale.to_string(), bench.seconds.to_string());
    let mut command = shell::command("cargo");
    command
        .args(["run", "--quiet", "--release", "-p", "bench", "--", "--scale", &scale, "--seconds", &seconds])
        .args(["--page-seconds", &bench.page_seconds.to_string(), "--binary"])
        .arg(binary);
    if let Some(part) = &bench.part {
        command.args(["--part", part]);
    }
    if let Some(cluster) = &cluster {
        command.args(["--postgres", &cluster.url]);
    }
    if let Some(only) = &bench.only {
        command.args(["--only", only]);
    }
    let passed = command.status()?.success();
    drop(cluster);
    if passed { Ok(()) } else { anyhow::bail!("the measurement broke off") }
}
