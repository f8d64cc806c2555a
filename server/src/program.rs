//! The commands of the program `merzim`.

use crate::clock::Clock;
use crate::connections::Connections;
use crate::jobs::Jobs;
use crate::settings::{Cli, Command, Data, Inspect, ProcessRole, Seed, Serve, Staff, Tls};
use crate::state::{AppState, console_link};
use crate::{demo, demo_whole, firm, http, tls};
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use clap::Parser as _;
use domain::office::Office;
use domain::person::Lang;
use hyper_util::rt::TokioTimer;
use std::error::Error;
use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use store::Store;

/// How long the head of a request may take.
const HEADER_TIME: std::time::Duration = std::time::Duration::from_secs(10);

type Done = Result<ExitCode, Box<dyn Error>>;

/// Runs the command that the program was called with.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Command::Inspect(inspect) = cli.command {
        return inspect_files(&inspect);
    }
    let filter = tracing_subscriber::EnvFilter::try_from_env("MERZIM_LOG")
        .unwrap_or_else(|_| "info,tower_http=warn,sqlx=warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let done = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(run(cli.command)),
        Err(error) => Err(error.into()),
    };
    done.unwrap_or_else(|error| {
        eprintln!("merzim: {error}");
        ExitCode::FAILURE
    })
}

async fn run(command: Command) -> Done {
    match command {
        Command::Serve(settings) => serve(*settings).await,
        Command::Staff { command } => staff(command).await,
        Command::Seed(settings) => seed(settings).await,
        Command::Tls { command: Tls::Init { names, out } } => tls_init(&names, &out),
        Command::Access => {
            print!("{}", domain::access::table());
            Ok(ExitCode::SUCCESS)
        }
        Command::Inspect(inspect) => Ok(inspect_files(&inspect)),
    }
}

fn inspect_files(inspect: &Inspect) -> ExitCode {
    let (now, mut all_read) = (Clock::default().now(), true);
    for file in &inspect.files {
        let (lines, read) = pki::inspect(file, inspect.json, now);
        lines.iter().for_each(|line| println!("{line}"));
        all_read &= read;
    }
    if all_read { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn open(data: &Data) -> Result<Store, Box<dyn Error>> {
    Store::open(&data.database).await.map_err(|e| unopened(data, &e).into())
}

/// Why the database could not be used at the start.
fn unopened(data: &Data, error: &store::Error) -> String {
    let address = without_password(&data.database);
    match error {
        store::Error::Away(told) => format!(
            "the database {address} does not answer: is it running, and are its address, name and password right? ({told})"
        ),
        e => format!("the database {address} cannot be opened: {}", plain_words(&e.to_string())),
    }
}

/// Why a database does not open, in words that say the way out.
fn plain_words(told: &str) -> String {
    let known = [
        (
            "is missing, this migration has been applied",
            "a newer Merzim has written it: start that version, or restore a copy from before",
        ),
        ("not a database", "it is damaged or no database of Merzim: restore a copy"),
        ("malformed", "it is damaged: restore a copy"),
        ("readonly", "it may only be read: give the user that runs Merzim the right to write the file and its folder"),
        ("read-only", "it may only be read: give the user that runs Merzim the right to write the file and its folder"),
        ("is full", "the disk is full: make room and start again"),
        ("unable to open", "its folder does not exist or may not be entered"),
    ];
    let words = known.iter().find(|(sign, _)| told.contains(sign)).map(|(_, words)| *words);
    words.map_or_else(|| told.to_owned(), |words| format!("{words} ({told})"))
}

/// A database address as it may be printed: a password stands before its host or among its parameters.
fn without_password(url: &str) -> String {
    let plain = url.split_once('?').map_or(url, |(plain, _)| plain);
    match (plain.split_once("://"), plain.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        // A password with a question mark of its own: where it ends is anybody's guess.
        (Some((scheme, _)), None) if url.contains('@') => format!("{scheme}://…"),
        _ => plain.to_owned(),
    }
}

async fn serve(settings: Serve) -> Done {
    if !settings.listen.ip().is_loopback() && settings.tls_cert.is_none() && settings.behind_proxy.is_none() {
        return Err("plain HTTP is served on loopback only: give --tls-cert and --tls-key (make them with `merzim tls init NAME`), or name the proxy in front with --behind-proxy".into());
    }
    let today = Clock { pretended: settings.today }.today("Asia/Almaty");
    let made = settings.demo
        && demo_whole::make(&settings.data.database, today).await.map_err(|e| match e.downcast::<store::Error>() {
            Ok(e) => unopened(&settings.data, &e).into(),
            Err(e) => e,
        })?;
    let store = open(&settings.data).await?;
    let state = Arc::new(AppState::new(store.clone(), &settings));
    if settings.demo && !made {
        demo::fill(&store, today).await?;
    }
    if settings.demo {
        print_demo();
    }
    let jobs = Jobs::start(&state, settings.role);
    if settings.role == ProcessRole::Worker {
        if settings.url.is_none() {
            tracing::warn!("letters lead to {}: name the address that people type with --url", state.url);
        }
        println!("Merzim works beside the servers of {}", without_password(&settings.data.database));
        stopped().await;
        jobs.end(&state).await;
        store.close().await?;
        return Ok(ExitCode::SUCCESS);
    }
    let handle = axum_server::Handle::new();
    tokio::spawn(stop_on_signal(handle.clone()));
    tokio::spawn(announce(handle.clone(), state.clone()));
    let door = Connections::new(state.proxy);
    let app = http::router(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
    match (settings.tls_cert, settings.tls_key) {
        (Some(cert), Some(key)) => {
            rustls::crypto::ring::default_provider()
                .install_default()
                .map_err(|_| "the TLS provider is set already")?;
            let config = RustlsConfig::from_pem_file(&cert, &key)
                .await
                .map_err(|e| format!("{} and {}: {e}", cert.display(), key.display()))?;
            let secured = RustlsAcceptor::new(config).acceptor(door);
            patient(axum_server::bind(settings.listen).acceptor(secured).handle(handle)).serve(app).await?;
        }
        _ => patient(axum_server::bind(settings.listen).acceptor(door).handle(handle))
            .serve(app)
            .await
            .map_err(|e| format!("{}: {e}", settings.listen))?,
    }
    jobs.end(&state).await;
    store.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// A server that does not wait for ever for the head of a request.
fn patient<A>(mut server: axum_server::Server<SocketAddr, A>) -> axum_server::Server<SocketAddr, A> {
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIME);
    server
}

/// Says where the server is found, once it listens there; and how to begin, which makes earlier links void.
async fn announce(handle: axum_server::Handle<SocketAddr>, state: Arc<AppState>) {
    if handle.listening().await.is_none() {
        return;
    }
    // Nobody may be reading any more: then the server goes on without a word.
    let _ = writeln!(std::io::stdout(), "Merzim listens on {}", state.url);
    match state.store.is_empty().await {
        Ok(true) => match state.start_link().await {
            Ok(link) => {
                let _ = writeln!(std::io::stdout(), "The database is empty. Begin here, within one hour:\n  {link}");
            }
            Err(error) => eprintln!("no link to begin with could be made: {error}"),
        },
        Ok(false) => {}
        Err(error) => eprintln!("the database does not answer: {error}"),
    }
}

fn print_demo() {
    println!("A demo firm is ready. Everybody's password: {}", demo::PASSWORD);
    for (email, name, role, _) in demo::PEOPLE {
        println!("  {email:<24} {:<11} {name}", role.code());
    }
}

/// Ends the server softly on Ctrl-C and SIGTERM.
async fn stop_on_signal(handle: axum_server::Handle<SocketAddr>) {
    stopped().await;
    handle.graceful_shutdown(Some(std::time::Duration::from_secs(10)));
}

/// Waits for Ctrl-C or SIGTERM.
async fn stopped() {
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

async fn staff(command: Staff) -> Done {
    let now = Clock::default().now();
    match command {
        Staff::CreateOwner { data, name, email, office, url } => {
            let (store, email) = (open(&data).await?, email.trim().to_lowercase());
            if store.is_empty().await? {
                let office = Office { name: office, zone: "Asia/Almaty".into(), lang: Lang::Ru };
                store.start(None, office, (name, email.clone(), None), now).await?;
            } else {
                store.add_owner(name, email.clone(), now).await?;
            }
            println!("Set the password here, within one hour:\n  {}", console_link(&store, &email, &url, now).await?);
        }
        Staff::Recover { data, email, url } => {
            let (store, email) = (open(&data).await?, email.trim().to_lowercase());
            let link = console_link(&store, &email, &url, now)
                .await
                .map_err(|_| format!("no active person has the address {email}"))?;
            println!("Set a new password here, within one hour:\n  {link}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn seed(settings: Seed) -> Done {
    let store = open(&settings.data).await?;
    let clock = Clock { pretended: Some(settings.today) };
    let left_out = firm::load(&store, &settings.from, &settings.password, clock.today("Asia/Almaty")).await?;
    if left_out > 0 {
        println!("Tasks left out, because their certificate has an open task already: {left_out}");
    }
    println!("The firm is loaded. Serve it with --today {}", settings.today);
    Ok(ExitCode::SUCCESS)
}

fn tls_init(names: &[String], out: &std::path::Path) -> Done {
    let made = tls::init(names, out, Clock::default().now())?;
    println!(
        "Certificate: {}\nKey:         {}\nServe with:  merzim serve --listen 0.0.0.0:443 --tls-cert {} --tls-key {}\n",
        made.certificate.display(),
        made.key.display(),
        made.certificate.display(),
        made.key.display()
    );
    println!("Trust {} on each computer once:", made.authority.display());
    println!(
        "  Windows: double-click, Install, Local Machine, «Trusted Root Certification Authorities» (by group policy for all)."
    );
    println!("  macOS:   open in Keychain Access, System, then «Always Trust».");
    println!("  Linux:   copy to /usr/local/share/ca-certificates and run update-ca-certificates.");
    println!("  Firefox: Settings, Certificates, Authorities, Import.");
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn an_address_is_printed_without_its_password_wherever_it_stands() {
        for (url, printed) in [
            ("postgres://merzim:secret@db:5432/merzim", "postgres://…@db:5432/merzim"),
            ("postgres://db/merzim?user=merzim&password=secret", "postgres://db/merzim"),
            ("postgres://merzim:se?cret@db/merzim", "postgres://…"),
            ("sqlite:///var/lib/merzim.sqlite?mode=rwc", "sqlite:///var/lib/merzim.sqlite"),
        ] {
            assert_eq!(without_password(url), printed);
        }
    }
}
