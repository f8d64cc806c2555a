//! Two workers at one PostgreSQL, one of which is killed again and again while it reminds: nobody is told twice, nothing is
//! lost, and what was told stands in the history. `MERZIM_TEST_KILLS` sets how often.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test has its own clock and settings")]

#[expect(dead_code, reason = "other tests tell it how to behave")]
#[path = "../../tests/it/mail_server.rs"]
mod mail_server;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_of_workers_that_are_killed_arrive_at_least_once_under_one_id_and_say_when_they_may_have_come_twice() {
    let Some(url) = process::postgres("senders").await else { return };
    let kills = std::env::var("MERZIM_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(KILLS);
    let first: NaiveDate = "2026-11-30".parse().unwrap();
    filled(&url, first).await;
    let post_office = mail_server::MailServer::start(mail_server::Manner::default()).await;
    let port = post_office.address.port();
    let named = format!(
        "INSERT INTO mail_server (id, host, port, security, user_name, sealed, sender, changed, fails_at, said) \
        VALUES (1, '127.0.0.1', {port}, 'open', '', '', 'merzim@proba.kz', 0, '', '')"
    );
    done(&url, &named).await;
    // From midnight on, so that the hour of the test does not matter.
    done(&url, "INSERT INTO mail_wish (person_id, digest, urgent, hour) SELECT id, TRUE, TRUE, 0 FROM person").await;
    for n in 0..kills {
        let day = first + Days::new(n.min(59));
        let (mut one, mut two) = (worker(&url, day), worker(&url, day));
        tokio::time::sleep(Duration::from_millis(500 + n * 137 % 1_500)).await;
        one.kill().await.unwrap();
        tokio::time::sleep(Duration::from_millis(n * 53 % 400)).await;
        two.kill().await.unwrap();
    }
    // A later day, so that every lease has ended: what a killed worker held is sent, or too late.
    let last = first + Days::new(kills.min(60));
    let mut whole = worker(&url, last);
    let begun = Instant::now();
    let open = format!(
        "SELECT (SELECT count(*) FROM delivery WHERE state IN ('waits', 'runs')) \
        + (SELECT count(*) FROM job WHERE state <> 'done') + 1 - (SELECT count(*) FROM job WHERE name = 'remind {last}') \
        + (SELECT CASE WHEN count(*) = 0 THEN 1 ELSE 0 END FROM delivery WHERE name LIKE 'digest {last}%')"
    );
    while rows(&url, &open).await != 0 {
        assert!(begun.elapsed() < Duration::from_secs(90), "no message is left over");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    whole.kill().await.unwrap();
    let id = |mail: &String| {
        let line = mail.lines().find(|line| line.starts_with("Message-ID: <")).unwrap();
        line.split(['<', '@']).nth(1).unwrap().to_owned()
    };
    let mut came: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for (_, mail) in post_office.mails() {
        *came.entry(id(&mail)).or_default() += 1;
    }
    assert!(came.len() > 5, "{}", came.len());
    let listed = |state: &str, more: &str| format!("SELECT id FROM delivery WHERE state = '{state}' {more}");
    let sent = list(&url, &listed("sent", "")).await;
    let unsure = list(&url, &listed("sent", "AND uncertain")).await;
    for id in &sent {
        assert!(came.contains_key(id), "{id} is said to be sent and never came");
    }
    for (id, times) in came.iter().filter(|(id, _)| sent.contains(id)) {
        assert!(*times == 1 || unsure.contains(id), "{id} came {times} times and does not say so");
    }
    // A digest ends with its day; nothing else is too late after a day.
    let lost = "SELECT count(*) FROM delivery WHERE state IN ('given_up', 'refused') AND kind <> 'digest'";
    assert_eq!(rows(&url, lost).await, 0, "nothing urgent is lost");
    // What a message does not tell any more when it leaves is no longer its; it was there when the notice was written.
    let unsaid = "SELECT count(*) FROM notice n WHERE n.left <= 0 AND n.kind = 'end' AND NOT EXISTS (SELECT 1 FROM delivery d \
        WHERE d.kind = 'urgent' AND d.person_id = n.person_id AND d.made <= n.at AND coalesce(d.ended, n.at) >= n.at)";
    assert_eq!(rows(&url, unsaid).await, 0, "each that cannot wait has its message, noted with it");
    let twice = "SELECT count(*) FROM (SELECT 1 FROM delivery WHERE kind = 'digest' GROUP BY person_id, \
        to_timestamp(made / 1000.0 + 5 * 3600)::date HAVING count(*) > 1) twice";
    assert_eq!(rows(&url, twice).await, 0, "one digest a person and day");
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

/// Runs a statement.
async fn done(url: &str, sql: &str) {
    let done = Command::new("psql").args([url, "-v", "ON_ERROR_STOP=1", "-qc", sql]).output().await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// The first column of what a statement gives.
async fn list(url: &str, sql: &str) -> Vec<String> {
    let asked = Command::new("psql").args([url, "-Atqc", sql]).output().await.unwrap();
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    String::from_utf8_lossy(&asked.stdout).lines().map(str::to_owned).collect()
}
