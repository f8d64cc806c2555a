//! The way of a write: its turn, its transaction, its history, the commit; and again where the fault passes.

use super::admitted::ScopedStore;
use super::areas::{Areas, COLUMNS, Counts, CountsRow};
use super::connection::Store;
use super::deed::{Author, Deed, Done, Inner, Lasting};
use super::entity::{office, write_made};
use super::fresh;
use super::rows::{Rows, writing};
use super::whoever::{exists, find_whoever_asks};
use crate::{Error, Result};
use domain::refusal::Refusal;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QuerySelect as _, Set, SqliteTransactionMode, TransactionOptions,
    TransactionTrait as _,
};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// For how long a write waits for its turn and tries again; then the person is told.
const PATIENCE: Duration = Duration::from_secs(8);
/// Tries at most.
const TRIES: u32 = 6;
/// The first pause between two tries; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(20);

impl ScopedStore {
    /// A write by the actor. The act may be run several times, each time from the beginning in a transaction of its
    /// own; it reads through the write it is given.
    pub(crate) async fn write<T, F, R>(&self, act: F) -> Result<T>
    where
        T: Send,
        F: Fn(Deed) -> R + Sync,
        R: Future<Output = Result<Done<T>>> + Send,
    {
        let person = self.who.system.is_none().then_some(self.who.person);
        self.write_as(Author { person, session: self.who.session }, act).await
    }

    /// The same, told of somebody who is not admitted yet.
    pub(crate) async fn write_as<T, F, R>(&self, author: Author, act: F) -> Result<T>
    where
        T: Send,
        F: Fn(Deed) -> R + Sync,
        R: Future<Output = Result<Done<T>>> + Send,
    {
        if self.who.reads_only {
            return Err(Refusal::NotAllowed.into());
        }
        let (begin, id) = (Instant::now(), fresh::id());
        let mut pause = PAUSE;
        let mut unclear: Option<T> = None;
        let mut tries = 0;
        loop {
            tries += 1;
            let fault = match self.attempt(id, author, begin, &mut unclear, &act).await {
                Ok(value) => return Ok(value),
                Err(fault) => fault,
            };
            let again = fault.passes() || (unclear.is_some() && matches!(fault, Error::Away(_)));
            if !again || tries >= TRIES || begin.elapsed() + pause > PATIENCE {
                // Where a commit may have gone through, the last word must not be that nothing was changed.
                return Err(if unclear.is_some() { Error::Unclear(fault.to_string()) } else { fault });
            }
            tracing::debug!(%fault, tries, "a write begins again");
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }

    async fn attempt<T, F, R>(
        &self,
        id: Uuid,
        author: Author,
        begin: Instant,
        unclear: &mut Option<T>,
        act: &F,
    ) -> Result<T>
    where
        T: Send,
        F: Fn(Deed) -> R + Sync,
        R: Future<Output = Result<Done<T>>> + Send,
    {
        let _turn = self.store.turn(PATIENCE.saturating_sub(begin.elapsed())).await?;
        let inner = Arc::new(self.begin(author).await?);
        if unclear.is_some() {
            if made(&inner, id).await? {
                return unclear.take().ok_or(Error::Broken("a write without its answer"));
            }
            // It had its turn before this one and left no mark: it did not go through.
            *unclear = None;
        }
        // On the heap: an act would stand on the stack as often as it is handed on.
        let done = writing(whole(&inner, Box::pin(act(Deed(inner.clone()))))).await?;
        match done.lasting {
            Lasting::Nothing => return Ok(done.value),
            Lasting::Recorded(entries) => inner.record(entries).await?,
            Lasting::Unrecorded => {}
        }
        let counts = mark(&inner, id).await?;
        match inner.into_transaction()?.commit().await.map_err(Error::from) {
            Ok(()) => {}
            // The connection broke while the answer was on its way.
            Err(Error::Away(told)) => {
                *unclear = Some(done.value);
                return Err(Error::Unclear(told));
            }
            Err(refused) => return Err(refused),
        }
        self.store.memory.forget_before(counts);
        Ok(done.value)
    }

    /// Begins the transaction. PostgreSQL gives one office's writes their turns by its row, so that writers of several
    /// processes follow one another as those of one do.
    async fn begin(&self, author: Author) -> Result<Inner> {
        let mode = Some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() };
        // On a task of its own: where the request is cut off meanwhile, the driver would hand back a connection that is in
        // a transaction without knowing it. Here the transaction is always known, and rolled back when nobody takes it.
        let db = self.store.db.clone();
        let begun = tokio::spawn(async move { db.begin_with_options(options).await });
        let tx = Arc::new(begun.await.map_err(|_| Error::Broken("a transaction that did not begin"))??);
        let scoped = Self { rows: Rows::Write(tx), ..self.clone() };
        let office = find_whoever_asks::<office::Entity>().lock_exclusive().select_only().columns(COLUMNS);
        let before =
            office.into_model::<CountsRow>().one(&scoped.rows).await?.map_or_else(Counts::default, Counts::from);
        let (at, changed) = (scoped.now_ms(), Mutex::new(Areas::NONE));
        Ok(Inner { scoped, author, at, before, changed, rights: AtomicBool::new(false) })
    }
}

impl Store {
    /// The turn of a write within this process: the others wait here, without a connection in their hands.
    async fn turn(&self, patience: Duration) -> Result<tokio::sync::OwnedSemaphorePermit> {
        let turn = tokio::time::timeout(patience, self.writer.clone().acquire_owned()).await;
        let waited = || Error::Busy("other writes took all the time".into());
        turn.map_err(|_| waited())?.map_err(|_| waited())
    }
}

/// An act of a person with what follows from it: where it changed who may work on what, no task stays with somebody who no
/// longer may.
async fn whole<T>(inner: &Arc<Inner>, act: impl Future<Output = Result<Done<T>>>) -> Result<Done<T>> {
    let mut done = act.await?;
    if let Lasting::Recorded(entries) = &mut done.lasting {
        entries.extend(Box::pin(inner.follow()).await?);
    }
    Ok(done)
}

/// Whether this write has gone through already, in a try whose answer was lost.
async fn made(inner: &Inner, id: Uuid) -> Result<bool> {
    exists::<write_made::Entity>(&inner.scoped.rows, write_made::Column::Id.eq(id)).await
}

/// Leaves the mark of a write and counts it in the areas that it changed; the counts from now on.
#[expect(clippy::disallowed_methods, reason = "the bookkeeping of writes themselves")]
async fn mark(inner: &Inner, id: Uuid) -> Result<Counts> {
    let rows = &inner.scoped.rows;
    let mark = write_made::ActiveModel { id: Set(id), at: Set(inner.at) };
    write_made::Entity::insert(mark).exec_without_returning(rows).await?;
    let changed = *inner.changed.lock().unwrap_or_else(PoisonError::into_inner);
    let after = inner.before.after(changed);
    if after != inner.before {
        let mut count = office::Entity::update_many();
        for (column, count_after) in COLUMNS.into_iter().zip(after.0) {
            count = count.col_expr(column, Expr::value(count_after));
        }
        count.exec(rows).await?;
    }
    Ok(after)
}
