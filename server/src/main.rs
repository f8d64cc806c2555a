//! The program `merzim`.

use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use clap::Parser as _;
use domain::office::Office;
use domain::person::Lang;
use server::clock::Clock;
use server::jobs::Jobs;
use server::settings::{Cli, Command, Data, Inspect, Seed, Serve, Staff, Tls};
use server::state::{AppState, console_link};
use server::{demo, firm, http, tls};
use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use store::Store;

#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Done = Result<ExitCode, Box<dyn Error>>;

fn main() -> ExitCode {
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
    Store::open(&data.database)
        .await
        .map_err(|e| match e {
            store::Error::Away(told) => {
                format!(
                    "the database {} does not answer: is it running, and are its address, name and password right? ({told})",
                    without_password(&data.database)
                )
            }
            e => format!("the database {} cannot be opened: {e}", without_password(&data.database)),
        })
        .map_err(Into::into)
}

/// A database address as it may be printed.
fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => url.to_owned(),
    }
}

async fn serve(settings: Serve) -> Done {
    if !settings.listen.ip().is_loopback() && settings.tls_cert.is_none() && settings.behind_proxy.is_none() {
        return Err("plain HTTP is served on loopback only: give --tls-cert and --tls-key (make them with `merzim tls init NAME`), or name the proxy in front with --behind-proxy".into());
    }
    let store = open(&settings.data).await?;
    let state = Arc::new(AppState::new(store.clone(), &settings));
    if settings.demo {
        demo::fill(&store, state.clock.today("Asia/Almaty")).await?;
        print_demo();
    }
    if store.is_empty().await? {
        println!("The database is empty. Begin here, within one hour:\n  {}", state.start_link().await?);
    }
    let jobs = Jobs::start(&state);
    let handle = axum_server::Handle::new();
    tokio::spawn(stop_on_signal(handle.clone()));
    tokio::spawn(announce(handle.clone(), state.url.clone()));
    let app = http::router(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
    match (settings.tls_cert, settings.tls_key) {
        (Some(cert), Some(key)) => {
            rustls::crypto::ring::default_provider()
                .install_default()
                .map_err(|_| "the TLS provider is set already")?;
            let config = RustlsConfig::from_pem_file(&cert, &key)
                .await
                .map_err(|e| format!("{} and {}: {e}", cert.display(), key.display()))?;
            let secured = RustlsAcceptor::new(config).acceptor(NoDelayAcceptor::new());
            axum_server::bind(settings.listen).acceptor(secured).handle(handle).serve(app).await?;
        }
        // A streamed file goes out in parts: none waits for the browser's word on the one before.
        _ => axum_server::bind(settings.listen)
            .acceptor(NoDelayAcceptor::new())
            .handle(handle)
            .serve(app)
            .await
            .map_err(|e| format!("{}: {e}", settings.listen))?,
    }
    jobs.end(&state).await;
    Ok(ExitCode::SUCCESS)
}

/// Says where the server is found, once it listens there.
async fn announce(handle: axum_server::Handle<SocketAddr>, url: String) {
    if handle.listening().await.is_some() {
        println!("Merzim listens on {url}");
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
    handle.graceful_shutdown(Some(std::time::Duration::from_secs(10)));
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
    firm::load(&store, &settings.from, &settings.password, clock.today("Asia/Almaty")).await?;
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
