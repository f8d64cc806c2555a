//! A PostgreSQL database that is filled apart from where it is read, so that nobody meets a half of it.

use crate::{Error, Result};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction, DbBackend, Statement,
    TransactionTrait as _,
};
use std::time::Duration;

/// The schema that is filled.
const SCHEMA: &str = "merzim_filling";

/// Key of the advisory lock of whoever fills: "filling" in ASCII.
const LOCK: i64 = 0x66_696c_6c69_6e67;

/// What brings every table of the schema to where it is read, with what its triggers call, and leaves nothing behind.
const MOVE: &str = "DO $$ DECLARE it record; BEGIN
  FOR it IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'merzim_filling' LOOP
    EXECUTE format('ALTER TABLE merzim_filling.%I SET SCHEMA %I', it.name, current_schema());
  END LOOP;
  FOR it IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'merzim_filling'::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s SET SCHEMA %I', it.name, current_schema());
  END LOOP;
END $$; DROP SCHEMA merzim_filling";

/// A schema of its own, held by whoever fills it.
pub struct Apart {
    db: DatabaseConnection,
    /// Holds the lock, and moves the tables at the end; others who would fill wait for it.
    held: DatabaseTransaction,
    url: String,
}

impl Apart {
    /// Makes the schema anew; what an earlier try has left in it goes. None where the database has its tables already,
    /// where its user may make no schemas, or where it is not PostgreSQL.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin(url: &str) -> Result<Option<Self>> {
        if !url.starts_with("postgres") {
            return Ok(None);
        }
        let mut options = ConnectOptions::new(url);
        options.max_connections(2).acquire_timeout(Duration::from_millis(2500)).sqlx_logging(false);
        let db = Database::connect(options).await?;
        let held = db.begin().await?;
        // Idle while the schema is filled, which may take longer than the server lets others be.
        held.execute_unprepared("SET LOCAL idle_in_transaction_session_timeout = 0").await?;
        held.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
        let asked =
            "SELECT to_regclass('person') IS NULL AND has_database_privilege(current_database(), 'CREATE') AS fresh";
        let asked = Statement::from_string(DbBackend::Postgres, asked);
        let row = db.query_one_raw(asked).await?.ok_or(Error::Broken("to_regclass"))?;
        if !row.try_get::<bool>("", "fresh")? {
            held.rollback().await?;
            db.close().await?;
            return Ok(None);
        }
        db.execute_unprepared(&format!("DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")).await?;
        Ok(Some(Self { db, held, url: url.to_owned() }))
    }

    /// The address to fill.
    #[must_use]
    pub fn url(&self) -> String {
        let joined = if self.url.contains('?') { '&' } else { '?' };
        format!("{}{joined}options[search_path]={SCHEMA}", self.url)
    }

    /// Everything that was filled takes its place at once.
    ///
    /// # Errors
    /// When the database fails, or others have made its tables meanwhile; then nothing has moved.
    pub async fn take_place(self) -> Result<()> {
        self.held.execute_unprepared(MOVE).await?;
        self.held.commit().await?;
        Ok(self.db.close().await?)
    }
}
