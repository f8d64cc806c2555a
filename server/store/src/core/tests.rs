//! What a write does when the database is busy, full, away or breaks off at the worst moment.

use super::admitted::ScopedStore;
use super::connection::Store;
use super::entity::{audit, team};
use super::fresh;
use super::whoever::{exists, find_whoever_asks};
use crate::{Error, NewSession};
use chrono::{DateTime, Duration, Utc};
use domain::access::Action;
use domain::day::OfficeDay;
use domain::id::PersonId;
use domain::office::Office;
use domain::person::Lang;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, PaginatorTrait as _, QueryFilter as _, Set, SqliteTransactionMode,
    TransactionOptions, TransactionTrait as _,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

fn now() -> DateTime<Utc> {
    "2026-11-26T06:00:00Z".parse().unwrap()
}

pub async fn sqlite() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("merzim.sqlite").display());
    (folder, url)
}

/// A database of its own on the tests' server; none only where the run was told to go without.
#[expect(clippy::disallowed_methods, reason = "the tests' server is named by a variable")]
async fn postgres() -> Option<String> {
    if std::env::var_os("MERZIM_TEST_WITHOUT_POSTGRES").is_some() {
        return None;
    }
    let server =
        std::env::var("MERZIM_TEST_POSTGRES").expect("run the tests with `cargo xtask test`, which starts PostgreSQL");
    let name = format!("w{}", fresh::id().simple());
    let admin = sea_orm::Database::connect(&server).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    Some(format!("{}/{name}", server.rsplit_once('/').unwrap().0))
}

/// An office with its owner and the token of a session.
pub async fn office(url: &str) -> (Store, PersonId) {
    let store = Store::open(url).await.unwrap();
    let office = Office { name: "Проба".into(), zone: "Asia/Almaty".into(), lang: Lang::Ru };
    let owner = store.start(None, office, ("А".into(), "a@example.kz".into(), Some("-".into())), now()).await.unwrap();
    (store, owner)
}

async fn session(store: &Store, person: PersonId, token: &str, at: DateTime<Utc>) {
    let new = NewSession {
        person,
        token_hash: token.into(),
        ends: at + Duration::days(1),
        browser: String::new(),
        address: String::new(),
        known: None,
    };
    store.open_session(new, &[], at).await.unwrap();
}

pub async fn scoped(store: &Store, person: PersonId) -> ScopedStore {
    let token = fresh::id().to_string();
    session(store, person, &token, now()).await;
    let admitted =
        store.admit(&token, |_| OfficeDay::at(now()), Duration::hours(1)).await.unwrap().expect("a live session");
    ScopedStore::open(store.clone(), admitted.0)
}

async fn teams(store: &Store) -> u64 {
    find_whoever_asks::<team::Entity>().count(&store.db).await.unwrap()
}

async fn being_admitted_waits_for_no_write(url: &str) {
    let (store, owner) = office(url).await;
    session(&store, owner, "quiet", now() - Duration::minutes(5)).await;
    let immediate =
        TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    let held = Store::open(url).await.unwrap().db.begin_with_options(immediate).await.unwrap();
    held.execute_unprepared("UPDATE session SET browser = 'held by another'").await.unwrap();
    let begin = Instant::now();
    let admitted = store.admit("quiet", |_| OfficeDay::at(now()), Duration::hours(1)).await.unwrap();
    assert!(admitted.is_some() && begin.elapsed() < std::time::Duration::from_secs(1), "{:?}", begin.elapsed());
    held.rollback().await.unwrap();
    assert_eq!(store.write_seen(now()).await.unwrap(), 1);
    let later = now() + Duration::minutes(59);
    let again =
        Store::open(url).await.unwrap().admit("quiet", |_| OfficeDay::at(later), Duration::hours(1)).await.unwrap();
    assert!(again.is_some(), "the other process reads when it was seen");
}

#[tokio::test]
async fn being_admitted_waits_for_no_write_on_sqlite() {
    let (_folder, url) = sqlite().await;
    being_admitted_waits_for_no_write(&url).await;
}

#[tokio::test]
async fn being_admitted_waits_for_no_write_on_postgres() {
    if let Some(url) = postgres().await {
        being_admitted_waits_for_no_write(&url).await;
    }
}

#[tokio::test]
async fn a_write_that_reads_past_itself_is_refused_and_leaves_nothing() {
    let (_folder, url) = sqlite().await;
    let (store, owner) = office(&url).await;
    let outside = scoped(&store, owner).await;
    let outside = &outside;
    let done = outside.write(|deed| async move {
        let deed = deed.require(Action::ManageStaff)?;
        deed.insert(team::ActiveModel { id: Set(fresh::id()), name: Set("Б".into()) }).await?;
        exists::<team::Entity>(&outside.rows, team::Column::Name.eq("Б")).await?;
        Ok(deed.unrecorded())
    });
    assert!(matches!(done.await, Err(Error::Database(_))));
    assert_eq!(teams(&store).await, 0);
    outside.add_team("В").await.unwrap();
}

async fn a_write_that_is_cut_off_leaves_no_open_transaction(url: &str) {
    let (store, owner) = office(url).await;
    let scoped = scoped(&store, owner).await;
    let watch = sea_orm::Database::connect(url).await.unwrap();
    let open = "SELECT 1 AS n FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in tr%'";
    let open = || watch.query_all_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, open));
    let mut whole = false;
    for polls in 1..200 {
        {
            let mut write = std::pin::pin!(scoped.add_team("cut off"));
            for _ in 0..polls {
                let looked = std::future::poll_fn(|cx| std::task::Poll::Ready(write.as_mut().poll(cx))).await;
                whole = looked.is_ready();
                if whole {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_micros(300)).await;
            }
        }
        for _ in 0..40 {
            if open().await.unwrap().is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        assert_eq!(open().await.unwrap().len(), 0, "a transaction that nobody ends, cut off after {polls} looks");
        if whole {
            break;
        }
    }
    assert!(whole, "the last one was not cut off");
}

#[tokio::test]
async fn a_write_that_is_cut_off_leaves_no_open_transaction_on_postgres() {
    if let Some(url) = postgres().await {
        a_write_that_is_cut_off_leaves_no_open_transaction(&url).await;
    }
}

/// SQLite's own limit stands for the end of the disk: it rolls back by itself in the same way.
async fn pages_at_most(store: &Store, pages: u32) {
    let mut all = Vec::new();
    for _ in 0..4 {
        all.push(store.db.begin().await.unwrap());
    }
    for connection in &all {
        connection.execute_unprepared(&format!("PRAGMA max_page_count = {pages}")).await.unwrap();
    }
    for connection in all {
        connection.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn a_full_disk_refuses_and_what_was_acknowledged_stands() {
    let (_folder, url) = sqlite().await;
    let (store, owner) = office(&url).await;
    let scoped = scoped(&store, owner).await;
    pages_at_most(&store, 1).await;
    let (mut acknowledged, mut refused) = (0, 0);
    for n in 0..400 {
        match scoped.add_team(&format!("{n}: {}", "длинное название ".repeat(20))).await {
            Ok(()) => acknowledged += 1,
            Err(Error::Full(_)) => {
                refused += 1;
                // The connection in doubt was thrown away; the limit does not stand on the new one yet.
                pages_at_most(&store, 1).await;
            }
            Err(other) => panic!("{other}"),
        }
        if refused == 12 {
            break;
        }
    }
    assert_eq!(refused, 12);
    assert_eq!(
        teams(&Store::open(&url).await.unwrap()).await,
        acknowledged,
        "another process sees what was acknowledged"
    );
    pages_at_most(&store, 1_000_000).await;
    for n in 0..8 {
        scoped.add_team(&format!("there is room again {n}")).await.unwrap();
    }
    assert_eq!(teams(&Store::open(&url).await.unwrap()).await, acknowledged + 8);
}

/// Stands between the program and PostgreSQL, and breaks a connection off when the database has just committed.
struct Between {
    /// Commits that are still to be broken off after they went through.
    after_commit: AtomicUsize,
    /// Whether nobody is let through any more.
    closed: AtomicUsize,
}

async fn between(url: &str) -> (Arc<Between>, String) {
    let (start, name) = url.rsplit_once('/').unwrap();
    let (who, server) = start.rsplit_once('@').unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("{who}@{}/{name}", listener.local_addr().unwrap());
    let state = Arc::new(Between { after_commit: AtomicUsize::new(0), closed: AtomicUsize::new(0) });
    let (shared, server) = (state.clone(), server.to_owned());
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(&server).await.unwrap();
            tokio::spawn(pass(client, server, shared.clone()));
        }
    });
    (state, address)
}

async fn pass(mut client: TcpStream, mut server: TcpStream, state: Arc<Between>) {
    let (mut up, mut down, mut commits) = (vec![0; 65536], vec![0; 65536], false);
    loop {
        if state.closed.load(Ordering::SeqCst) > 0 {
            return;
        }
        tokio::select! {
            read = client.read(&mut up) => {
                let Ok(n @ 1..) = read else { return };
                commits = up[..n].windows(6).any(|w| w == b"COMMIT");
                if server.write_all(&up[..n]).await.is_err() { return }
            }
            read = server.read(&mut down) => {
                let Ok(n @ 1..) = read else { return };
                let lost = commits && state.after_commit.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok();
                if lost || client.write_all(&down[..n]).await.is_err() { return }
            }
            () = tokio::time::sleep(std::time::Duration::from_millis(20)) => {}
        }
    }
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_not_done_twice() {
    let Some(url) = postgres().await else { return };
    let (proxy, address) = between(&url).await;
    let (store, owner) = office(&address).await;
    let scoped = scoped(&store, owner).await;
    for n in 0..3 {
        proxy.after_commit.store(1, Ordering::SeqCst);
        scoped.add_team(&format!("{n}")).await.unwrap();
        assert_eq!(proxy.after_commit.load(Ordering::SeqCst), 0, "the answer was lost");
    }
    assert_eq!(teams(&store).await, 3);
    let lines = find_whoever_asks::<audit::Entity>().filter(audit::Column::Kind.eq("team_added"));
    assert_eq!(lines.count(&store.db).await.unwrap(), 3);
}

#[tokio::test]
async fn a_database_that_is_away_is_told_within_three_seconds_and_comes_back() {
    let Some(url) = postgres().await else { return };
    let (proxy, address) = between(&url).await;
    let (store, owner) = office(&address).await;
    let scoped = scoped(&store, owner).await;
    proxy.closed.store(1, Ordering::SeqCst);
    for _ in 0..3 {
        let begin = Instant::now();
        let read = store.admit("nobody", |_| OfficeDay::at(now()), Duration::hours(1)).await;
        assert!(matches!(read, Err(Error::Away(_))), "{:?}", read.err());
        assert!(begin.elapsed() < std::time::Duration::from_secs(3), "{:?}", begin.elapsed());
        let begin = Instant::now();
        let written = scoped.add_team("А").await;
        assert!(matches!(written, Err(Error::Away(_))), "{:?}", written.err());
        assert!(begin.elapsed() < std::time::Duration::from_secs(3), "{:?}", begin.elapsed());
    }
    let begin = Instant::now();
    assert!(matches!(Store::open(&address).await, Err(Error::Away(_))));
    assert!(begin.elapsed() < std::time::Duration::from_secs(3), "{:?}", begin.elapsed());
    proxy.closed.store(0, Ordering::SeqCst);
    // A connection that was cut while it lay in the pool is told of once.
    for _ in 0..20 {
        match scoped.add_team("Б").await {
            Ok(_) => break,
            Err(error) => assert!(matches!(error, Error::Away(_)), "{error:?}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(teams(&store).await, 1);
}

#[tokio::test]
async fn a_database_that_admits_nobody_or_takes_no_writes_is_away_and_comes_back() {
    let Some(url) = postgres().await else { return };
    let (store, owner) = office(&url).await;
    let scoped = scoped(&store, owner).await;
    let (server, name) = url.rsplit_once('/').unwrap();
    let admin = sea_orm::Database::connect(format!("{server}/postgres")).await.unwrap();
    let set = async |how: &str| {
        admin.execute_unprepared(&format!("ALTER DATABASE {name} {how}")).await.unwrap();
        let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        admin.execute_unprepared(&end).await.unwrap();
    };

    set("ALLOW_CONNECTIONS false").await;
    for _ in 0..5 {
        let read = store.admit("nobody", |_| OfficeDay::at(now()), Duration::hours(1)).await;
        assert!(matches!(read, Err(Error::Away(_))), "{:?}", read.err());
        let written = scoped.add_team("А").await;
        assert!(matches!(written, Err(Error::Away(_))), "{:?}", written.err());
    }
    set("ALLOW_CONNECTIONS true").await;
    set("SET default_transaction_read_only = on").await;
    for _ in 0..5 {
        let written = scoped.add_team("А").await;
        assert!(matches!(written, Err(Error::Away(_))), "{:?}", written.err());
    }
    set("SET default_transaction_read_only = off").await;
    let begin = Instant::now();
    while scoped.add_team("Б").await.is_err() {
        assert!(begin.elapsed() < std::time::Duration::from_secs(5), "it does not come back by itself");
    }
    // Other connections of the pool learn of their end when they are used.
    while find_whoever_asks::<team::Entity>().count(&store.db).await.is_err() {
        assert!(begin.elapsed() < std::time::Duration::from_secs(5), "a connection that was ended stays in use");
    }
    assert_eq!(teams(&store).await, 1);
}

#[tokio::test]
async fn a_start_without_a_database_says_so_within_three_seconds() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let begin = Instant::now();
    let opened = Store::open(&format!("postgres://nobody@127.0.0.1:{port}/merzim")).await;
    assert!(matches!(opened, Err(Error::Away(_))), "{:?}", opened.err());
    assert!(begin.elapsed() < std::time::Duration::from_secs(3), "{:?}", begin.elapsed());
}
