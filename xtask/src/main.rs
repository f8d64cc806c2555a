//! Builds, runs and tests the program. Nothing has to be installed first but Rust and a C compiler.

mod bench;
mod deny;
mod front;
mod lint;
mod machine;
mod postgres;
mod shell;
mod test;
mod watch;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

/// Builds, runs and tests Merzim.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds everything and runs the server on the embedded SQLite default.
    Serve(Serve),
    /// Builds the finished binary.
    Build {
        /// The final build instead of the quick one.
        #[arg(long)]
        release: bool,
    },
    /// Runs `serve` again whenever a source file changes.
    Dev(Serve),
    /// Brings up what the tests need and runs all of them.
    Test(test::Test),
    /// Measures the finished binary on a neutral firm, on both databases.
    Bench(bench::Bench),
    /// Clippy for the server and for the browser, warnings denied.
    Lint,
    /// Licences, banned crates and sources of all that is built in.
    Deny(deny::Deny),
}

#[derive(Args, Clone)]
struct Serve {
    /// The final build instead of the quick one.
    #[arg(long)]
    release: bool,
    /// Fills an empty database with a demo firm.
    #[arg(long)]
    demo: bool,
    /// Everything else goes to `merzim serve`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

impl Serve {
    fn arguments(&self) -> Vec<String> {
        let demo = self.demo.then(|| "--demo".to_owned());
        ["serve".to_owned()].into_iter().chain(demo).chain(self.rest.iter().filter(|a| *a != "--").cloned()).collect()
    }
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Serve(serve) => {
            let binary = front::build_all(serve.release)?;
            let arguments = serve.arguments();
            shell::run(&binary.to_string_lossy(), arguments.iter().map(String::as_str))
        }
        Command::Build { release } => {
            let binary = front::build_all(release)?;
            println!("{}", binary.display());
            Ok(())
        }
        Command::Dev(serve) => watch::run(&serve.arguments()),
        Command::Test(test) => test::run(&test),
        Command::Bench(bench) => bench::run(&bench),
        Command::Lint => lint::run(),
        Command::Deny(deny) => deny::run(&deny),
    }
}
