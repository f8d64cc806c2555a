//! The demo firm takes its place whole, whatever happened to an earlier try.

use crate::support::{Base, today};
use server::{demo, demo_whole};
use store::{Apart, Store};

/// A database of PostgreSQL in which nothing was made yet.
async fn new_database() -> Option<String> {
    let base = Base::postgres().await?;
    let emptied = tokio::process::Command::new("psql")
        .args([&base.url, "-qc", "DROP SCHEMA public CASCADE; CREATE SCHEMA public"])
        .status()
        .await
        .unwrap();
    assert!(emptied.success());
    Some(base.url)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_that_died_half_way_on_postgresql_can_be_made_again() {
    let Some(url) = new_database().await else { return };
    let apart = Apart::begin(&url).await.unwrap().unwrap();
    let half = Store::open(&apart.url()).await.unwrap();
    let filling = demo::fill(&half, today());
    assert!(tokio::time::timeout(std::time::Duration::from_millis(600), filling).await.is_err(), "it dies half-way");
    assert!(!half.is_empty().await.unwrap());
    half.close().await.unwrap();
    drop(apart);
    assert!(demo_whole::make(&url, today()).await.unwrap());
    let whole = Store::open(&url).await.unwrap();
    assert!(matches!(demo::fill(&whole, today()).await, Err(server::firm::FirmError::NotEmpty)));
    assert!(!demo_whole::make(&url, today()).await.unwrap(), "what is there is not made again");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_starts_with_a_demo_one_makes_it() {
    let Some(url) = new_database().await else { return };
    let (a, b) = tokio::join!(demo_whole::make(&url, today()), demo_whole::make(&url, today()));
    assert!(a.unwrap() ^ b.unwrap());
}
