//! Two workers at one PostgreSQL, one of which is killed again and again while it reminds: nobody is told twice, nothing is
//! lost, and what was told stands in the history. `MERZIM_TEST_KILLS` sets how often.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test has its own clock and settings")]

mod process;

use chrono::{Days, NaiveDate};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// Kills of an ordinary run.
const KILLS: u64 = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_killed_at_any_moment_tells_nobody_twice_and_loses_nothing() {
    let Some(url) = process::postgres("workers").await else { return };
    let kills = std::env::var("MERZIM_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(KILLS);
    let first: NaiveDate = "2026-11-30".parse().unwrap();
    filled(&url, first).await;
    for n in 0..kills {
        let day = first + Days::new(n % 60);
        let (mut one, mut two) = (worker(&url, day), worker(&url, day));
        // From before it asks for anything to after it is done.
        tokio::time::sleep(Duration::from_millis(n * 37 % 900)).await;
        one.kill().await.unwrap();
        tokio::time::sleep(Duration::from_millis(n * 53 % 400)).await;
        two.kill().await.unwrap();
    }
    // A later day, so that every lease has ended: what a killed worker held is done by the next one.
    let last = first + Days::new(61);
    let mut whole = worker(&url, last);
    let begun = Instant::now();
    // In one question: what is noted between two would be missed.
    let open = format!(
        "SELECT count(*) FILTER (WHERE state <> 'done') + 1 - count(*) FILTER (WHERE name = 'remind {last}') FROM job"
    );
    while rows(&url, &open).await != 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "no job is left over");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    whole.kill().await.unwrap();
    let told = "SELECT DISTINCT c.lineage, c.last_day, r.days, r.at FROM rung r JOIN certificate c \
        ON c.id = r.certificate_id WHERE r.state = 'told'";
    let sets = rows(&url, &format!("SELECT count(*) FROM ({told}) sets")).await;
    assert!(sets > 50, "{sets}");
    let noted = rows(&url, "SELECT count(*) FROM audit WHERE kind = 'reminded'").await;
    assert_eq!(noted, sets, "a line of history for each set that somebody was told of, and for no other");
    let nobody = format!(
        "SELECT count(*) FROM ({told}) sets WHERE NOT EXISTS (SELECT 1 FROM notice n JOIN certificate c \
        ON c.id = n.certificate_id WHERE c.lineage = sets.lineage AND c.last_day = sets.last_day \
        AND n.days = sets.days AND n.at = sets.at)"
    );
    assert_eq!(rows(&url, &nobody).await, 0, "each was told to somebody, in the same write");
    let twice = "SELECT count(*) FROM (SELECT 1 FROM notice n JOIN certificate c ON c.id = n.certificate_id \
        GROUP BY n.person_id, c.lineage, c.last_day, n.days HAVING count(*) > 1) twice";
    assert_eq!(rows(&url, twice).await, 0, "nobody was told twice");
    let lost = format!(
        "SELECT count(*) FROM certificate c WHERE c.last_day BETWEEN DATE '{last}' - 7 AND DATE '{last}' + 60 \
        AND NOT EXISTS (SELECT 1 FROM rung r WHERE r.certificate_id = c.id)"
    );
    assert_eq!(rows(&url, &lost).await, 0, "none was lost");
}

fn worker(url: &str, day: NaiveDate) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_merzim"));
    command.args(["serve", "--role", "worker", "--database", url, "--today", &day.to_string()]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap()
}

/// Fills the database with the demo firm, by a server that only answers pages.
async fn filled(url: &str, day: NaiveDate) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_merzim"));
    command.args(["serve", "--role", "web", "--demo", "--database", url, "--listen", "127.0.0.1:0"]);
    command.args(["--today", &day.to_string()]).stderr(Stdio::null());
    let mut server = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    process::listening(&mut server).await;
    server.kill().await.unwrap();
    assert_eq!(rows(url, "SELECT count(*) FROM job").await, 0, "it does no work by itself");
}

/// The one number that a statement gives.
async fn rows(url: &str, sql: &str) -> i64 {
    let asked = Command::new("psql").args([url, "-Atqc", sql]).output().await.unwrap();
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    String::from_utf8_lossy(&asked.stdout).trim().parse().unwrap()
}
