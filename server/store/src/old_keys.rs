//! Old keys that are replaced but still valid: counted until somebody has checked each.

use crate::Result;
use crate::admitted::Shelf;
use crate::convert::certificate_row;
use crate::deed::Deed;
use crate::entity::certificate;
use crate::today::Listed;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::certificate::CertificateRow;
use domain::id::CertificateId;
use domain::refusal::{Refusal, Rule};
use domain::task::Check;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};
use uuid::Uuid;

/// Lines of the list; the first to end stand first, so the rest ends later.
const MOST: u64 = 300;

impl Shelf {
    fn unchecked(&self) -> Select<certificate::Entity> {
        let now = self.now_ms();
        let condition = Condition::all()
            .add(certificate::Column::ReplacedFrom.lte(now))
            .add(certificate::Column::NotAfter.gte(now))
            .add(certificate::Column::RevokedAt.is_null())
            .add(certificate::Column::CheckedAt.is_null())
            .add(certificate::Column::Typed.eq(false));
        self.find::<certificate::Entity>(Action::See).filter(condition)
    }

    pub(crate) async fn old_keys_count(&self) -> Result<u64> {
        Ok(self.unchecked().count(&self.store.db).await?)
    }

    /// Replaced certificates that are still valid and that nobody has checked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn old_keys(&self) -> Result<Listed<CertificateRow>> {
        let query = self.unchecked();
        let total = query.clone().count(&self.store.db).await?;
        let rows = query.order_by_asc(certificate::Column::NotAfter).limit(MOST).all(&self.store.db).await?;
        Ok(Listed { rows: self.with_clients_and_tasks(rows.iter().map(certificate_row).collect()).await?, total })
    }

    /// Records how somebody made sure of an old key.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` for one that nothing has replaced.
    pub async fn check_old_key(&self, id: CertificateId, how: Check, note: &str) -> Result<()> {
        let row = self.certificate(Action::WorkTask, id).await?;
        if row.checked_at.is_some() || row.revoked_at.is_some() || row.replaced_from.is_none_or(|from| from > self.now_ms()) {
            return Err(Refusal::invalid("how", Rule::Move).into());
        }
        let clients = self.clients_of(&[row.id]).await?;
        let deed = self.deed().await?;
        checked(&deed, row.id, how, self.now_ms()).await?;
        if how.sees_revoked() {
            crate::revocation::said_by(&deed, row.id, self.who.person.0, how.code(), self.now_ms()).await?;
        }
        let about = format!("{}: {}", row.holder, [how.code(), note.trim()].join(", ").trim_end_matches(", "));
        let mut entry = Entry::new(DeedKind::OldKeyChecked, about).link(format!("/certificates/{id}"));
        entry.client = clients.into_values().flatten().map(|(id, _)| id).next();
        deed.done(entry).await
    }
}

/// Writes that a certificate was checked; one that was seen revoked is revoked from now on.
pub async fn checked(deed: &Deed, certificate: Uuid, how: Check, now_ms: i64) -> Result<()> {
    let change = deed
        .change::<certificate::Entity>(certificate::Column::Id.eq(certificate))
        .col_expr(certificate::Column::CheckedAt, Expr::value(now_ms));
    deed.run_one(change).await?;
    if how.sees_revoked() {
        // The first revocation that was seen stays.
        let first = certificate::Column::Id.eq(certificate).and(certificate::Column::RevokedAt.is_null());
        let change = deed.change::<certificate::Entity>(first).col_expr(certificate::Column::RevokedAt, Expr::value(now_ms));
        deed.run(change).await?;
    }
    Ok(())
}
