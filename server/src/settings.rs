//! Settings: flags or `MERZIM_…` variables. `merzim --help` is their documentation.

use crate::sealed::SecretsKey;
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// Keeps the digital signatures of an accounting firm's clients alive.
#[derive(Debug, Parser)]
#[command(name = "merzim", version, about)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Reads settings from words, as the console gives them.
    ///
    /// # Errors
    /// What is wrong with them, for people.
    pub fn read<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, clap::Error> {
        Self::try_parse_from(words)
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs the server.
    Serve(Box<Serve>),
    /// Prints the facts of certificate files, without a database.
    Inspect(Inspect),
    /// Staff from the server's own console.
    Staff {
        #[command(subcommand)]
        command: Staff,
    },
    /// Fills an empty database with a neutral firm from CSV files.
    Seed(Seed),
    /// Certificates for an office network.
    Tls {
        #[command(subcommand)]
        command: Tls,
    },
    /// Prints who may do what.
    Access,
}

/// Where the data lies.
#[derive(Debug, Clone, Args)]
pub struct Data {
    /// Address of the database: `sqlite://FILE` or `postgres://…`.
    #[arg(long, env = "MERZIM_DATABASE", default_value = "sqlite://merzim.sqlite")]
    pub database: String,
}

#[derive(Debug, Clone, Args)]
pub struct Serve {
    #[command(flatten)]
    pub data: Data,
    /// Address and port to listen on.
    #[arg(long, env = "MERZIM_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Address of the program as people type it, for one-time links.
    #[arg(long, env = "MERZIM_URL")]
    pub url: Option<String>,
    /// TLS certificate chain (PEM).
    #[arg(long, env = "MERZIM_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// TLS key (PEM).
    #[arg(long, env = "MERZIM_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Address of a proxy in front that speaks TLS; its X-Forwarded-For is believed.
    #[arg(long, env = "MERZIM_BEHIND_PROXY")]
    pub behind_proxy: Option<IpAddr>,
    /// Minutes without a request after which a session ends.
    #[arg(long, env = "MERZIM_IDLE_MINUTES", default_value_t = 720)]
    pub idle_minutes: u32,
    /// Hours after which a session ends in any case.
    #[arg(long, env = "MERZIM_SESSION_HOURS", default_value_t = 168)]
    pub session_hours: u32,
    /// The key (32 bytes in Base64) that seals passwords of other servers, such as the mail server's.
    #[arg(long, env = "MERZIM_SECRETS_KEY", hide_env_values = true, conflicts_with = "secrets_key_file")]
    pub secrets_key: Option<SecretsKey>,
    /// File of that key; it is made where it is missing. Beside an SQLite database it need not be named.
    #[arg(long, env = "MERZIM_SECRETS_KEY_FILE")]
    pub secrets_key_file: Option<PathBuf>,
    /// Certificate (PEM) of a private authority that the mail server's own certificate may come from.
    #[arg(long, env = "MERZIM_MAIL_CA")]
    pub mail_ca: Option<PathBuf>,
    /// What this process does: pages, the work that the program does by itself, or both.
    #[arg(long, env = "MERZIM_ROLE", value_enum, default_value_t = ProcessRole::All)]
    pub role: ProcessRole,
    /// Serves this day as today, with a banner: for demonstrations and tests.
    #[arg(long, env = "MERZIM_TODAY")]
    pub today: Option<NaiveDate>,
    /// Fills an empty database with a demo firm first and prints its sign-in names.
    #[arg(long, env = "MERZIM_DEMO")]
    pub demo: bool,
}

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProcessRole {
    All,
    /// Only answers pages.
    Web,
    /// Only does what the program does by itself; it listens nowhere.
    Worker,
}

#[derive(Debug, Args)]
pub struct Inspect {
    /// One JSON object a line for each certificate.
    #[arg(long)]
    pub json: bool,
    /// Files to read.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Staff {
    /// Adds an owner and prints a one-time link that sets the password.
    CreateOwner {
        #[command(flatten)]
        data: Data,
        /// Name of the owner.
        #[arg(long)]
        name: String,
        /// Mail address to sign in with.
        #[arg(long)]
        email: String,
        /// Name of the office, for an empty database.
        #[arg(long, default_value = "Merzim")]
        office: String,
        /// Address of the program as people type it.
        #[arg(long, env = "MERZIM_URL", default_value = "http://127.0.0.1:8080")]
        url: String,
    },
    /// Prints a one-time link for somebody who is locked out.
    Recover {
        #[command(flatten)]
        data: Data,
        /// Mail address of the person.
        email: String,
        /// Address of the program as people type it.
        #[arg(long, env = "MERZIM_URL", default_value = "http://127.0.0.1:8080")]
        url: String,
    },
}

#[derive(Debug, Args)]
pub struct Seed {
    #[command(flatten)]
    pub data: Data,
    /// Folder with people.csv, clients.csv, client_staff.csv, holders.csv, certificates.csv and tasks.csv.
    #[arg(long)]
    pub from: PathBuf,
    /// Password of every seeded person.
    #[arg(long, env = "MERZIM_SEED_PASSWORD", default_value = "merzim-seed-2026", hide_env_values = true)]
    pub password: String,
    /// The firm's day.
    #[arg(long, default_value = "2026-12-15")]
    pub today: NaiveDate,
}

#[derive(Debug, Subcommand)]
pub enum Tls {
    /// Makes an office authority and a certificate for the names and addresses given.
    Init {
        /// Names and addresses that browsers will use, such as merzim.office and 192.168.1.10.
        #[arg(required = true)]
        names: Vec<String>,
        /// Folder for the files.
        #[arg(long, default_value = "tls")]
        out: PathBuf,
    },
}
