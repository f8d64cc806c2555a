//! The one file where a query starts: it adds what the person may see.

use crate::core::admitted::{Admitted, ScopedStore};
use crate::core::entity::{certificate, certificate_client, client, task};
use crate::core::reach::{Asked, compared, within};
use crate::{Error, Result};
use domain::access::{Action, Reach, is_of_the_firm, writes};
use domain::id::{CertificateId, ClientId, TaskId};
use domain::refusal::Refusal;
use sea_orm::sea_query::{Condition, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait, FromQueryResult, QueryFilter as _, Select};

/// An entity with a rule of who may see its rows. One without a rule cannot be asked for.
pub trait Guarded: EntityTrait {
    /// The condition that a row must satisfy for this person and action.
    fn scope(who: &Admitted, action: Action, asked: Asked) -> Condition;
}

impl ScopedStore {
    /// A query that sees only what the action is open for.
    #[expect(clippy::disallowed_methods, reason = "queries start here")]
    pub(crate) fn find<E: Guarded>(&self, action: Action) -> Select<E> {
        E::find().filter(E::scope(&self.who, action, Asked::Rows))
    }

    /// The same rule, asked of one row.
    #[expect(clippy::disallowed_methods, reason = "queries start here")]
    fn find_one<E: Guarded>(&self, action: Action, which: SimpleExpr) -> Select<E> {
        E::find().filter(which).filter(E::scope(&self.who, action, Asked::Row))
    }

    /// The rows of a statement whose inner queries began here.
    #[expect(clippy::disallowed_methods, reason = "queries start here")]
    pub(crate) async fn rows_of<M: FromQueryResult>(&self, statement: &SelectStatement) -> Result<Vec<M>> {
        Ok(M::find_by_statement(self.rows.get_database_backend().build(statement)).all(&self.rows).await?)
    }

    /// Links of certificates that are named; their clients are only compared.
    #[expect(clippy::disallowed_methods, reason = "queries start here")]
    pub(crate) fn links_of_named(&self, action: Action) -> Select<certificate_client::Entity> {
        certificate_client::Entity::find().filter(within(
            compared(certificate_client::Column::ClientId),
            &self.who,
            action,
        ))
    }

    /// The client, if it may be seen; refused as "another role" where the action is not open on it.
    pub(crate) async fn client(&self, action: Action, id: ClientId) -> Result<client::Model> {
        self.one::<client::Entity>(action, client::Column::Id.eq(id.0)).await
    }

    /// The certificate, by the same rule.
    pub(crate) async fn certificate(&self, action: Action, id: CertificateId) -> Result<certificate::Model> {
        self.one::<certificate::Entity>(action, certificate::Column::Id.eq(id.0)).await
    }

    /// The task, by the same rule.
    pub(crate) async fn task(&self, action: Action, id: TaskId) -> Result<task::Model> {
        self.one::<task::Entity>(action, task::Column::Id.eq(id.0)).await
    }

    /// One row: a foreign one is not found, a visible one on which the action is closed is not allowed.
    pub(crate) async fn one<E: Guarded>(&self, action: Action, which: SimpleExpr) -> Result<E::Model> {
        if is_of_the_firm(action) {
            self.require(action)?;
        }
        let db = &self.rows;
        let seen = self.find_one::<E>(Action::See, which.clone()).one(db).await?.ok_or(Refusal::NotFound)?;
        if writes(action) && self.find_one::<E>(action, which).one(db).await?.is_none() {
            return Err(Refusal::NotAllowed.into());
        }
        Ok(seen)
    }

    /// Refuses where an action that is not about one client is closed for the role.
    pub(crate) fn require(&self, action: Action) -> Result<()> {
        if self.who.reach(action) == Reach::Nothing { Err(Error::Refused(Refusal::NotAllowed)) } else { Ok(()) }
    }
}
