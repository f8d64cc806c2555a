//! A write: one transaction holding the change and its line of history. Dropped means rolled back.

use crate::admitted::Shelf;
use crate::entity::{audit, office};
use crate::memory::Memory;
use crate::{Result, Store};
use domain::audit::Entry;
use domain::id::{PersonId, SessionId};
use domain::refusal::Refusal;
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, DatabaseTransaction, DeleteMany, EntityTrait, IntoActiveModel, QueryFilter as _, Set,
    SqliteTransactionMode, TransactionOptions, TransactionTrait as _, UpdateMany,
};
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

/// An open write. Only [`Deed::done`] makes it last, and that asks for its history.
pub struct Deed {
    pub(crate) tx: DatabaseTransaction,
    person: Option<PersonId>,
    session: Option<SessionId>,
    at: i64,
    memory: Arc<Memory>,
    _turn: Option<OwnedSemaphorePermit>,
}

impl Store {
    /// A write by nobody who is signed in: the first start, signing in, seeding.
    pub(crate) async fn deed_by(&self, person: Option<PersonId>, session: Option<SessionId>, at: i64) -> Result<Deed> {
        let options =
            TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
        let turn = match &self.writer {
            Some(writer) => writer.clone().acquire_owned().await.ok(),
            None => None,
        };
        let tx = self.db.begin_with_options(options).await?;
        Ok(Deed { tx, person, session, at, memory: self.memory.clone(), _turn: turn })
    }
}

impl Shelf {
    /// A write by the admitted person.
    pub(crate) async fn deed(&self) -> Result<Deed> {
        self.store.deed_by(Some(self.who.person), self.who.session, self.now_ms()).await
    }
}

#[allow(clippy::disallowed_methods)]
impl Deed {
    /// Writes a new row.
    pub async fn insert<M, A>(&self, row: M) -> Result<()>
    where
        M: IntoActiveModel<A>,
        A: ActiveModelTrait + ActiveModelBehavior + Send,
    {
        A::Entity::insert(row.into_active_model()).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    /// Writes many new rows, a bounded number a statement.
    pub async fn insert_all<A>(&self, rows: Vec<A>) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
    {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let part: Vec<A> = rows.by_ref().take(200).collect();
            A::Entity::insert_many(part).exec_without_returning(&self.tx).await?;
        }
        Ok(())
    }

    /// Starts a change of the rows that satisfy the condition.
    pub fn change<E: EntityTrait>(&self, which: SimpleExpr) -> UpdateMany<E> {
        E::update_many().filter(which)
    }

    /// Runs a change and tells how many rows it met.
    pub async fn run<E: EntityTrait>(&self, change: UpdateMany<E>) -> Result<u64> {
        Ok(change.exec(&self.tx).await?.rows_affected)
    }

    /// Runs a change that must meet a row: none means that somebody changed it meanwhile.
    pub async fn run_one<E: EntityTrait>(&self, change: UpdateMany<E>) -> Result<()> {
        if self.run(change).await? == 0 { Err(Refusal::Conflict.into()) } else { Ok(()) }
    }

    /// Removes the rows that satisfy the condition.
    pub async fn remove<E: EntityTrait>(&self, which: SimpleExpr) -> Result<u64> {
        let remove: DeleteMany<E> = E::delete_many();
        Ok(remove.filter(which).exec(&self.tx).await?.rows_affected)
    }

    /// Writes the history and makes the change last.
    pub async fn done(self, entry: Entry) -> Result<()> {
        self.done_with([entry]).await
    }

    /// The same with several lines, which the history shows as one act with its list.
    pub async fn done_with(self, entries: impl IntoIterator<Item = Entry>) -> Result<()> {
        let entries: Vec<Entry> = entries.into_iter().collect();
        let act = (entries.len() > 1).then(crate::fresh::id);
        for entry in entries {
            let line = audit::ActiveModel {
                id: sea_orm::NotSet,
                at: Set(self.at),
                person_id: Set(self.person.map(|p| p.0)),
                session_id: Set(self.session.map(|s| s.0)),
                kind: Set(entry.kind.code().into()),
                client_id: Set(entry.client.map(|c| c.0)),
                about: Set(entry.about),
                link: Set(entry.link),
                act: Set(act),
            };
            self.insert(line).await?;
        }
        // Last, so that writers on several nodes wait for each other as briefly as can be.
        let count = office::Entity::update_many().col_expr(office::Column::Writes, Expr::col(office::Column::Writes).add(1));
        count.exec(&self.tx).await?;
        self.tx.commit().await?;
        self.memory.forget();
        Ok(())
    }
}
