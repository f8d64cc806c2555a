//! An open write: it reads through its own transaction, and changes only what it was permitted to change.

use super::admitted::ScopedStore;
use super::areas::{Areas, Counts};
use super::entity::{audit, certificate, client, task};
use super::rows::Rows;
use crate::{Error, Result};
use domain::access::{Action, Reach, SystemRight, writes};
use domain::audit::Entry;
use domain::id::{CertificateId, ClientId, PersonId, SessionId, TaskId};
use domain::refusal::Refusal;
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait as _, DeleteMany, EntityName, EntityTrait, IntoActiveModel,
    QueryFilter as _, QuerySelect as _, Set, UpdateMany,
};
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::scope::Guarded;

/// Who stands in the history of a write: a person with a session, or nobody where the program itself acts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Author {
    pub person: Option<PersonId>,
    pub session: Option<SessionId>,
}

pub struct Inner {
    pub(super) scoped: ScopedStore,
    pub(super) author: Author,
    pub(super) at: i64,
    /// The counts of writes before this one; nobody else raises them while it lasts.
    pub(super) before: Counts,
    /// Areas that it has changed so far.
    pub(super) changed: Mutex<Areas>,
    /// Whether it has changed who may work on what.
    pub(super) rights: AtomicBool,
}

/// Tables that say who may work on what. A client's team does too, among much else that its row says.
const RIGHTS: [&str; 3] = ["assignment", "certificate_client", "person"];

/// An open write. What it reads, it reads within its transaction; it changes nothing without a permission:
///
/// ```compile_fail
/// async fn past_the_check<A>(deed: store::Deed, row: A) -> store::Result<()>
/// where
///     A: sea_orm::ActiveModelTrait + sea_orm::ActiveModelBehavior + sea_orm::IntoActiveModel<A> + Send,
/// {
///     deed.insert(row).await
/// }
/// ```
///
/// ```
/// async fn permitted<A>(deed: store::Permitted, row: A) -> store::Result<()>
/// where
///     A: sea_orm::ActiveModelTrait + sea_orm::ActiveModelBehavior + sea_orm::IntoActiveModel<A> + Send,
/// {
///     deed.insert(row).await
/// }
/// ```
#[derive(Clone)]
pub struct Deed(pub(super) Arc<Inner>);

impl Deref for Deed {
    type Target = ScopedStore;

    fn deref(&self) -> &ScopedStore {
        &self.0.scoped
    }
}

/// An open write whose check has been made. It cannot be made from a write without one:
///
/// ```compile_fail
/// fn forge(deed: store::Deed) -> store::Permitted {
///     store::Permitted(deed)
/// }
/// ```
#[derive(Clone)]
pub struct Permitted(Deed);

impl Deref for Permitted {
    type Target = Deed;

    fn deref(&self) -> &Deed {
        &self.0
    }
}

/// A row, or rows, that the action is open on and that nobody else changes until this write ends. It is not made by
/// hand:
///
/// ```compile_fail
/// fn forge<M>(row: M, deed: store::Permitted) -> store::Held<M> {
///     store::Held { row, deed }
/// }
/// ```
pub struct Held<M> {
    row: M,
    deed: Permitted,
}

impl<M> Held<M> {
    /// The permission that holding the row gives.
    pub fn permits(&self) -> Permitted {
        self.deed.clone()
    }
}

impl<M> Deref for Held<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.row
    }
}

/// What a write gives and leaves behind; only a write makes it.
pub struct Done<T> {
    pub(super) value: T,
    pub(super) lasting: Lasting,
}

/// How a write ends.
pub(super) enum Lasting {
    /// With these lines of history.
    Recorded(Vec<Entry>),
    /// Without history: drafts and other things of one person's that change nothing of the register.
    Unrecorded,
    /// Nothing was to be changed: rolled back.
    Nothing,
}

impl<T> Done<T> {
    /// The same with something to give.
    pub fn with<V>(self, value: V) -> Done<V> {
        Done { value, lasting: self.lasting }
    }
}

impl Deed {
    /// The client, held.
    pub(crate) async fn client(&self, action: Action, id: ClientId) -> Result<Held<client::Model>> {
        self.held::<client::Entity>(action, client::Column::Id.eq(id.0)).await
    }

    /// The certificate, held.
    pub(crate) async fn certificate(&self, action: Action, id: CertificateId) -> Result<Held<certificate::Model>> {
        self.held::<certificate::Entity>(action, certificate::Column::Id.eq(id.0)).await
    }

    /// The task, held.
    pub(crate) async fn task(&self, action: Action, id: TaskId) -> Result<Held<task::Model>> {
        self.held::<task::Entity>(action, task::Column::Id.eq(id.0)).await
    }

    /// One row by the policy, as [`ScopedStore::one`], and held.
    pub(crate) async fn held<E: Guarded>(&self, action: Action, which: SimpleExpr) -> Result<Held<E::Model>> {
        if !writes(action) {
            return Err(Error::Broken("a row held for reading only"));
        }
        let row = self.one::<E>(action, which.clone()).await?;
        super::whoever::find_whoever_asks::<E>()
            .filter(which)
            .lock_exclusive()
            .one(&self.rows)
            .await?
            .ok_or(Refusal::NotFound)?;
        Ok(Held { row, deed: Permitted(self.clone()) })
    }

    /// Those of the rows that the action is open on, held with one statement.
    pub(crate) async fn held_all<E: Guarded>(&self, action: Action, which: SimpleExpr) -> Result<Held<Vec<E::Model>>> {
        if !writes(action) {
            return Err(Error::Broken("rows held for reading only"));
        }
        let rows = self.find::<E>(action).filter(which).lock_exclusive().all(&self.rows).await?;
        Ok(Held { row: rows, deed: Permitted(self.clone()) })
    }

    /// Permission by an action that is not about one client.
    pub(crate) fn require(&self, action: Action) -> Result<Permitted> {
        if self.who.reach(action) == Reach::Nothing {
            return Err(Error::Refused(Refusal::NotAllowed));
        }
        Ok(Permitted(self.clone()))
    }

    /// Permission over what is the acting person's alone: account, sessions, views, drafts, ways back.
    pub(crate) fn own(&self) -> Result<Permitted> {
        if self.who.system.is_some() { Err(Refusal::NotAllowed.into()) } else { Ok(Permitted(self.clone())) }
    }

    /// Permission of the program itself, by the right with which the store was opened.
    pub(crate) fn by_system(&self, right: SystemRight) -> Result<Permitted> {
        if self.who.system == Some(right) { Ok(Permitted(self.clone())) } else { Err(Refusal::NotAllowed.into()) }
    }

    /// Ends the write with its line of history.
    pub(crate) fn done(&self, entry: Entry) -> Done<()> {
        self.done_with([entry])
    }

    /// The same with several lines, which the history shows as one act with its list.
    pub(crate) fn done_with(&self, entries: impl IntoIterator<Item = Entry>) -> Done<()> {
        Done { value: (), lasting: Lasting::Recorded(entries.into_iter().collect()) }
    }

    /// Ends the write without history.
    pub(crate) fn unrecorded(&self) -> Done<()> {
        Done { value: (), lasting: Lasting::Unrecorded }
    }

    /// Ends the write without a change.
    pub(crate) fn nothing(&self) -> Done<()> {
        Done { value: (), lasting: Lasting::Nothing }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where rows are written")]
impl Permitted {
    /// Writes a new row.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert<M, A>(&self, row: M) -> Result<()>
    where
        M: IntoActiveModel<A>,
        A: ActiveModelTrait + ActiveModelBehavior + Send,
    {
        A::Entity::insert(row.into_active_model()).exec_without_returning(&self.rows).await?;
        self.note_change(&A::Entity::default());
        Ok(())
    }

    /// Writes many new rows, a bounded number a statement.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert_all<A>(&self, rows: Vec<A>) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
    {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let part: Vec<A> = rows.by_ref().take(200).collect();
            A::Entity::insert_many(part).exec_without_returning(&self.rows).await?;
            self.note_change(&A::Entity::default());
        }
        Ok(())
    }

    /// Starts a change of the rows that satisfy the condition.
    pub(crate) fn change<E: EntityTrait>(&self, which: SimpleExpr) -> UpdateMany<E> {
        E::update_many().filter(which)
    }

    /// Runs a change and tells how many rows it met.
    pub(crate) async fn run<E: EntityTrait>(&self, change: UpdateMany<E>) -> Result<u64> {
        Ok(self.met::<E>(change.exec(&self.rows).await?.rows_affected))
    }

    /// Runs a change that must meet a row: none means that somebody changed it meanwhile.
    pub(crate) async fn run_one<E: EntityTrait>(&self, change: UpdateMany<E>) -> Result<()> {
        if self.run(change).await? == 0 { Err(Refusal::Conflict.into()) } else { Ok(()) }
    }

    /// Removes the rows that satisfy the condition.
    pub(crate) async fn remove<E: EntityTrait>(&self, which: SimpleExpr) -> Result<u64> {
        let remove: DeleteMany<E> = E::delete_many();
        Ok(self.met::<E>(remove.filter(which).exec(&self.rows).await?.rows_affected))
    }

    /// The number of rows that a statement met; where it met some, their area has changed.
    fn met<E: EntityTrait>(&self, rows: u64) -> u64 {
        if rows > 0 {
            self.note_change(&E::default());
        }
        rows
    }

    fn note_change(&self, table: &impl EntityName) {
        let mut changed = self.0.0.changed.lock().unwrap_or_else(PoisonError::into_inner);
        *changed = changed.with(Areas::written(table.table_name()));
        if RIGHTS.contains(&table.table_name()) {
            self.rights_change();
        }
    }

    /// Says that this write changes who may work on what: at its end open tasks are taken from those who no longer may.
    pub(crate) fn rights_change(&self) {
        self.0.0.rights.store(true, Ordering::Relaxed);
    }
}

impl Inner {
    /// What follows from an act of a person: where it changed who may work on what, no open task stays with somebody who no
    /// longer may. The lines of history of it.
    pub(super) async fn follow(self: &Arc<Self>) -> Result<Vec<Entry>> {
        if self.author.person.is_none() || !self.rights.load(Ordering::Relaxed) {
            return Ok(Vec::new());
        }
        Permitted(Deed(self.clone())).free_unseen().await
    }

    /// The lines of history of a write. Several of one act bear its number.
    pub(super) async fn record(self: &Arc<Self>, entries: Vec<Entry>) -> Result<()> {
        let act = (entries.len() > 1).then(super::fresh::id);
        let line = |entry: Entry| audit::ActiveModel {
            id: sea_orm::NotSet,
            at: Set(self.at),
            person_id: Set(self.author.person.map(|p| p.0)),
            session_id: Set(self.author.session.map(|s| s.0)),
            kind: Set(entry.kind.code().into()),
            client_id: Set(entry.client.map(|c| c.0)),
            about: Set(entry.about),
            link: Set(entry.link),
            act: Set(act),
        };
        Permitted(Deed(self.clone())).insert_all(entries.into_iter().map(line).collect()).await
    }

    /// The transaction, once nothing of the write refers to it any more.
    pub(super) fn into_transaction(self: Arc<Self>) -> Result<sea_orm::DatabaseTransaction> {
        let left = || Error::Broken("a write outlived its act");
        match Arc::into_inner(self).ok_or_else(left)?.scoped.rows {
            Rows::Write(tx) => Arc::into_inner(tx).ok_or_else(left),
            Rows::Pool(_) => Err(left()),
        }
    }
}
