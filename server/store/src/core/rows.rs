//! Where a question reads: from the pool, or within an open write.

use super::areas::note_statement;
use super::many_rows::gathered;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
};
use std::cell::Cell;
use std::sync::Arc;

tokio::task_local! {
    /// Set while a write is open in this task.
    static WRITING: ();
    /// Statements of whoever counts them.
    static STATEMENTS: Cell<u64>;
}

/// The answer of something, and how many statements it cost in this task.
pub async fn counted<R>(act: impl Future<Output = R>) -> (R, u64) {
    let counting = async {
        let answer = act.await;
        (answer, STATEMENTS.with(Cell::get))
    };
    STATEMENTS.scope(Cell::new(0), counting).await
}

/// Runs a write. Until it ends, the pool refuses every question of this task: a write that read past itself would
/// decide by rows that it does not hold, and would wait for a connection while it keeps one.
pub async fn writing<R>(act: impl Future<Output = R>) -> R {
    WRITING.scope((), act).await
}

/// The rows of the database, as a question reaches them.
#[derive(Clone)]
pub enum Rows {
    /// Any connection of the pool.
    Pool(DatabaseConnection),
    /// The transaction of an open write.
    Write(Arc<DatabaseTransaction>),
}

impl Rows {
    /// Whether these are the rows of an open write.
    pub fn of_write(&self) -> bool {
        matches!(self, Self::Write(_))
    }

    /// The rows at a statement, which is counted; what it reads is noted.
    fn one_more(&self, sql: &str) -> Result<&Self, DbErr> {
        note_statement(sql);
        let _ = STATEMENTS.try_with(|n| n.set(n.get() + 1));
        let reads_past = matches!(self, Self::Pool(_)) && WRITING.try_with(|()| ()).is_ok();
        if reads_past {
            return Err(DbErr::Custom("a write reads through itself, not through the pool".into()));
        }
        Ok(self)
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Rows {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Pool(pool) => pool.get_database_backend(),
            Self::Write(tx) => tx.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self.one_more(&statement.sql)? {
            Self::Pool(pool) => pool.execute_raw(statement).await,
            Self::Write(tx) => tx.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self.one_more(sql)? {
            Self::Pool(pool) => pool.execute_unprepared(sql).await,
            Self::Write(tx) => tx.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self.one_more(&statement.sql)? {
            Self::Pool(pool) => pool.query_one_raw(statement).await,
            Self::Write(tx) => tx.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let rows = match self.one_more(&statement.sql)? {
            Self::Pool(pool) => pool.query_all_raw(statement),
            Self::Write(tx) => tx.query_all_raw(statement),
        };
        if self.get_database_backend() == DbBackend::Sqlite { gathered(rows).await } else { rows.await }
    }
}
