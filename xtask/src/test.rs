//! All tests: the front end is built, browser and databases are brought up, nothing is skipped silently.

use crate::{front, machine, postgres::Cluster, shell};
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

#[derive(Args)]
pub struct Test {
    /// Leaves out the tests that need this.
    #[arg(long, value_enum)]
    without: Vec<Need>,
    /// Only tests whose name contains this.
    filter: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Need {
    Browser,
    Postgres,
}

/// Runs the tests.
pub fn run(test: &Test) -> Result<()> {
    let browser = !test.without.contains(&Need::Browser);
    let postgres = !test.without.contains(&Need::Postgres);
    if browser {
        machine::ensure_browser()?;
    }
    let cluster = if postgres { Some(Cluster::start()?) } else { None };
    front::build(false)?;
    let mut command = shell::command("cargo");
    let packages = ["app", "text", "domain", "keyfile", "migrations", "pki", "store", "server", "tests"]
        .into_iter()
        .flat_map(|p| ["-p", p]);
    command.args(["test", "--no-fail-fast", "--features", "app/ssr"]).args(packages);
    if let Some(cluster) = &cluster {
        command.env("MERZIM_TEST_POSTGRES", &cluster.url);
    } else {
        command.env("MERZIM_TEST_WITHOUT_POSTGRES", "1");
    }
    if !browser {
        command.env("MERZIM_TEST_WITHOUT_BROWSER", "1");
    }
    command.args(test.filter.iter());
    let passed = command.status()?.success();
    drop(cluster);
    if passed { Ok(()) } else { bail!("some tests failed") }
}
