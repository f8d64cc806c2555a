//! Opening the database and bringing its schema up to date.

use crate::Result;
use crate::core::many_rows::GATHERED;
use crate::core::memory::Memory;
use crate::core::seen::Seen;
use crate::office::find_index::FindIndex;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, Connection};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection};
use std::path::PathBuf;
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
    /// One writer at a time: the others of this process wait here, without a connection in their hands.
    pub(crate) writer: Arc<Semaphore>,
    pub(crate) seen: Arc<Seen>,
    /// What can be found by words.
    pub(crate) index: Arc<FindIndex>,
}

impl Store {
    /// Opens `sqlite://PATH` or `postgres://…` and migrates.
    ///
    /// # Errors
    /// When the database cannot be reached or migrated.
    pub async fn open(url: &str) -> Result<Self> {
        let sqlite = url.starts_with("sqlite:");
        let address = if sqlite && !url.contains('?') { format!("{url}?mode=rwc") } else { url.to_owned() };
        if sqlite {
            keep_private(url)?;
        }
        migrate(&address, sqlite).await?;
        let mut options = ConnectOptions::new(address);
        options.sqlx_logging(tracing::enabled!(target: "sqlx::query", tracing::Level::DEBUG));
        if sqlite {
            for_sqlite(&mut options)
        } else {
            for_postgres(&mut options)
        };
        let db = Database::connect(options).await?;
        let store = Self {
            db,
            memory: Arc::default(),
            writer: Arc::new(Semaphore::new(1)),
            seen: Arc::default(),
            index: Arc::default(),
        };
        store.ready_days().await?;
        Ok(store)
    }

    /// Closes every connection; the last one of SQLite brings its log into the file.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close(self) -> Result<()> {
        Ok(self.db.close().await?)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.db.ping().await?)
    }
}

/// The file of a SQLite address, as the driver reads it; none of another address, or of a database in memory.
#[must_use]
pub fn file_of(url: &str) -> Option<PathBuf> {
    if !url.starts_with("sqlite:") || url.contains(":memory:") {
        return None;
    }
    let options: SqliteConnectOptions = url.parse().ok()?;
    Some(options.get_filename().to_owned()).filter(|path| !path.as_os_str().is_empty())
}

/// Makes the file of a database readable by its owner alone; what SQLite puts beside it gets the same rights.
fn keep_private(url: &str) -> Result<()> {
    let Some(path) = file_of(url) else { return Ok(()) };
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        if path.exists() {
            let _ = std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600));
        } else {
            let made = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(&path);
            made.map_err(|error| crate::Error::Away(format!("{}: {error}", path.display())))?;
        }
    }
    Ok(())
}

/// Brings the schema up to date over connections of its own, which may take their time.
async fn migrate(address: &str, sqlite: bool) -> Result<()> {
    let mut options = ConnectOptions::new(address);
    options.max_connections(2).acquire_timeout(PATIENCE).sqlx_logging(false);
    let db = Database::connect(options).await?;
    if sqlite {
        migrations::up(&db).await?;
    } else {
        // The lock belongs to a connection, so it is held by a transaction of its own until the end.
        let guard = sea_orm::TransactionTrait::begin(&db).await?;
        guard.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
        migrations::up(&db).await?;
        guard.commit().await?;
    }
    Ok(db.close().await?)
}

/// For how long a page waits for a connection to PostgreSQL before it says that the database does not answer.
const PATIENCE: Duration = Duration::from_millis(2500);

/// A connection to PostgreSQL that was in use so lately is taken without asking whether it still stands.
const UNTESTED: Duration = Duration::from_secs(1);

fn for_sqlite(options: &mut ConnectOptions) {
    options.max_connections(4).acquire_timeout(Duration::from_secs(8)).test_before_acquire(false);
    options.map_sqlx_sqlite_opts(|o| {
        o.journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .row_buffer_size(GATHERED)
            .pragma("cache_size", "-1500")
            .pragma("temp_store", "memory")
    });
    options.map_sqlx_sqlite_pool_opts(|pool| pool.after_release(|connection, _| Box::pin(is_sound(connection))));
}

fn for_postgres(options: &mut ConnectOptions) {
    options.max_connections(16).acquire_timeout(PATIENCE).test_before_acquire_if_idle_for(UNTESTED);
    // Whoever waits for a row longer than this is told that others are busy; nobody holds rows for ever.
    options.map_sqlx_postgres_opts(|o| {
        o.options([
            ("lock_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "60s"),
            ("statement_timeout", "55s"),
        ])
    });
    options.map_sqlx_postgres_pool_opts(|pool| pool.after_release(|connection, _| Box::pin(is_sound(connection))));
}

/// Whether a connection that comes back may be used again. One that still counts an open transaction is thrown away:
/// where the database rolled back by itself, as on a full disk, the next write on it would never last.
async fn is_sound(connection: &mut impl Connection) -> std::result::Result<bool, sqlx::Error> {
    if !connection.is_in_transaction() {
        return Ok(true);
    }
    // Answered after everything that still waits on the connection, such as a rollback.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}
