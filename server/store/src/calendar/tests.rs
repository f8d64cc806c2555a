//! How the database goes about what the calendar asks.

use crate::core::entity::certificate;
use crate::core::tests::{office, scoped, sqlite};
use sea_orm::sea_query::{Query, SqliteQueryBuilder};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

/// Inside a question that is put again for every certificate, SQLite would gather the reader's clients for each anew.
#[tokio::test]
async fn what_breaks_filings_is_asked_once_for_all_certificates() {
    let (_folder, url) = sqlite().await;
    let (store, owner) = office(&url).await;
    let scoped = scoped(&store, owner).await;
    let mut ask = Query::select();
    ask.column(certificate::Column::Id).from(certificate::Entity).and_where(scoped.breaks());
    let plan = format!("EXPLAIN QUERY PLAN {}", ask.to_string(SqliteQueryBuilder));
    let steps = store.db.query_all_raw(Statement::from_string(DbBackend::Sqlite, plan)).await.unwrap();
    let steps: Vec<String> = steps.iter().map(|step| step.try_get("", "detail").unwrap()).collect();
    assert!(!steps.is_empty() && !steps.iter().any(|step| step.contains("CORRELATED")), "{steps:#?}");
}
