//! Opening the database and bringing its schema up to date.

use crate::Result;
use crate::memory::Memory;
use migrations::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Key of the advisory lock that lets one node migrate at a time: "merzim" in ASCII.
const MIGRATION_LOCK: i64 = 0x6d65_727a_696d;

/// The database. What it can do without an admitted person is the little that sign-in and start need.
#[derive(Clone)]
pub struct Store {
    pub(crate) db: DatabaseConnection,
    pub(crate) memory: Arc<Memory>,
    /// SQLite has one writer at a time: the others wait here, without a connection in their hands.
    pub(crate) writer: Option<Arc<Semaphore>>,
}

impl Store {
    /// Opens `sqlite://PATH` or `postgres://…` and migrates.
    ///
    /// # Errors
    /// When the database cannot be reached or migrated.
    pub async fn open(url: &str) -> Result<Self> {
        let sqlite = url.starts_with("sqlite:");
        let address = if sqlite && !url.contains('?') { format!("{url}?mode=rwc") } else { url.to_owned() };
        let mut options = ConnectOptions::new(address);
        options
            .max_connections(if sqlite { 4 } else { 16 })
            .sqlx_logging(tracing::enabled!(target: "sqlx::query", tracing::Level::DEBUG))
            .acquire_timeout(Duration::from_secs(15));
        if sqlite {
            options.map_sqlx_sqlite_opts(|o| {
                o.journal_mode(sea_orm::sqlx::sqlite::SqliteJournalMode::Wal)
                    .synchronous(sea_orm::sqlx::sqlite::SqliteSynchronous::Normal)
                    .foreign_keys(true)
                    .busy_timeout(Duration::from_secs(10))
                    // A row handed over at a time would cost more than reading it.
                    .row_buffer_size(256)
                    .pragma("cache_size", "-1500")
                    .pragma("temp_store", "memory")
            });
        }
        let db = Database::connect(options).await?;
        let store = Self { db, memory: Arc::default(), writer: sqlite.then(|| Arc::new(Semaphore::new(1))) };
        store.migrate().await?;
        Ok(store)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.db.ping().await?)
    }

    async fn migrate(&self) -> Result<()> {
        if self.db.get_database_backend() != DbBackend::Postgres {
            Migrator::up(&self.db, None).await?;
            return self.ready_days().await;
        }
        // The lock belongs to a connection, so it is held by a transaction of its own until the end.
        let guard = sea_orm::TransactionTrait::begin(&self.db).await?;
        guard.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
        Migrator::up(&self.db, None).await?;
        self.ready_days().await?;
        Ok(guard.commit().await?)
    }
}
