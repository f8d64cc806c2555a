//! Eight people read and eight write for a minute, on both databases; on PostgreSQL two processes serve them, one of
//! which is killed on the way. Afterwards: no fault, no acknowledged change lost, none made twice.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![expect(clippy::disallowed_methods, reason = "a test has its own clock and settings")]

mod process;
mod storming;

use std::time::Duration;
use storming::{Books, Report, Server, Storm};

/// The storm lasts this long.
const LENGTH: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_on_sqlite_loses_nothing_and_does_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("merzim.sqlite").display());
    let server = Server::start(&url, true).await;
    let storm = Storm::prepare(vec![server.address.clone()]).await;
    let report = storm.rage(LENGTH, async {}).await;
    hold(&storm, &report, &url).await;
    drop(server);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_on_postgres_with_a_killed_process_loses_nothing_and_does_nothing_twice() {
    let Some(url) = process::postgres("storm").await else { return };
    let first = Server::start(&url, true).await;
    let mut second = Server::start(&url, false).await;
    let storm = Storm::prepare(vec![first.address.clone(), second.address.clone()]).await;
    let killing = async {
        tokio::time::sleep(LENGTH / 3).await;
        second.kill().await;
        tokio::time::sleep(LENGTH / 6).await;
        second.start_again(&url).await;
    };
    let report = storm.rage(LENGTH, killing).await;
    hold(&storm, &report, &url).await;
    drop((first, second));
}

/// A reader's system acknowledges what little it gets after 40 ms; a server that waits for that sends a short file in no
/// less.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_sent_in_parts_waits_for_no_acknowledgement() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("merzim.sqlite").display());
    let server = Server::start(&url, true).await;
    let storm = Storm::prepare(vec![server.address.clone()]).await;
    let mut rests = Vec::new();
    for _ in 0..40 {
        rests.push(storm.rest_of("/audit.csv").await);
    }
    rests.sort();
    assert!(rests[30] < Duration::from_millis(35), "{rests:?}");
    drop(server);
}

/// What must hold after a storm.
async fn hold(storm: &Storm, report: &Report, url: &str) {
    println!("{report}");
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    assert!(report.read > 200 && report.acknowledged.len() > 100, "too little happened: {report}");
    let books = Books::open(url).await;
    let found = books.comments(&storm.task).await;
    for text in &report.acknowledged {
        assert_eq!(found.get(text).copied().unwrap_or(0), 1, "acknowledged: {text}");
    }
    for (text, times) in &found {
        assert_eq!(*times, 1, "made twice: {text}");
        assert!(!report.refused.contains(text), "told that nothing was changed, and it was: {text}");
    }
    assert_eq!(books.lines_of_comments().await, found.len(), "each comment has its line of history");
    assert!(books.lasting_responsibles(&storm.subject).await == 1, "one is responsible");
    assert_eq!(books.clients_with(storming::THE_NUMBER).await, 1, "one client has the number");
}
