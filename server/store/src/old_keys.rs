//! Old keys that are replaced but still valid: counted until somebody has checked each.

use crate::Result;
use crate::admitted::Shelf;
use crate::convert::certificate_row;
use crate::deed::Deed;
use crate::entity::certificate;
use crate::today::Listed;
use crate::undo::Body;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::certificate::CertificateRow;
use domain::id::{CertificateId, UndoId};
use domain::refusal::{Refusal, Rule};
use domain::revocation::Evidence;
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

    /// Replaced certificates that are still valid and that nobody has checked, from one on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn old_keys(&self, skip: u64) -> Result<Listed<CertificateRow>> {
        let query = self.unchecked();
        let total = query.clone().count(&self.store.db).await?;
        let rows = query
            .order_by_asc(certificate::Column::NotAfter)
            .order_by_asc(certificate::Column::Id)
            .offset(skip)
            .limit(MOST)
            .all(&self.store.db)
            .await?;
        Ok(Listed { rows: self.with_clients_and_tasks(rows.iter().map(certificate_row).collect()).await?, total })
    }

    /// Records how somebody made sure of old keys; can be taken back.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` for one that nothing has replaced, for none or too many, and where the authority
    /// has said otherwise.
    pub async fn check_old_keys(&self, ids: &[CertificateId], how: Check, note: &str) -> Result<UndoId> {
        if ids.is_empty() || ids.len() as u64 > MOST {
            return Err(Refusal::invalid("certificate", Rule::Required).into());
        }
        let mut rows = Vec::new();
        for id in ids {
            let row = self.certificate(Action::WorkTask, *id).await?;
            let replaced = row.replaced_from.is_some_and(|from| from <= self.now_ms());
            if row.checked_at.is_some() || row.revoked_at.is_some() || !replaced {
                return Err(Refusal::invalid("how", Rule::Move).into());
            }
            self.not_against_proof(*id, how).await?;
            rows.push(row);
        }
        let clients = self.clients_of(&rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
        let deed = self.deed().await?;
        let mut lines = Vec::new();
        for row in &rows {
            checked(&deed, row.id, how, self.now_ms()).await?;
            if how.sees_revoked() {
                crate::revocation::said_by(&deed, row.id, self.who.person.0, how.code(), self.now_ms()).await?;
            }
            let about = format!("{}: {}", row.holder, [how.code(), note.trim()].join(", ").trim_end_matches(", "));
            let mut entry = Entry::new(DeedKind::OldKeyChecked, about).link(format!("/certificates/{}", row.id));
            entry.client = clients.get(&row.id).and_then(|all| all.first()).map(|(id, _)| *id);
            lines.push(entry);
        }
        let undo = self.remember(&deed, &Body::Checked(rows.iter().map(|row| row.id).collect(), self.now_ms())).await?;
        deed.done_with(lines).await?;
        Ok(undo)
    }

    /// Takes the checks of an instant back; what an authority has said since stays.
    pub(crate) async fn take_checks_back(&self, id: UndoId, ids: &[Uuid], at: i64) -> Result<u64> {
        let these = certificate::Column::Id.is_in(ids.iter().copied()).and(certificate::Column::CheckedAt.eq(at));
        let clients = self.clients_of(ids).await?;
        let deed = self.taking_back(id).await?;
        let mine = self.find::<certificate::Entity>(Action::WorkTask).filter(these).all(&deed.tx).await?;
        let mut lines = Vec::new();
        for row in &mine {
            if row.revoked_at == Some(at) {
                crate::answers::released(&deed, row.id).await?;
            } else {
                let back = deed.change::<certificate::Entity>(certificate::Column::Id.eq(row.id));
                deed.run(back.col_expr(certificate::Column::CheckedAt, Expr::value(None::<i64>))).await?;
            }
            let mut entry = Entry::new(DeedKind::Undone, row.holder.clone()).link(format!("/certificates/{}", row.id));
            entry.client = clients.get(&row.id).and_then(|all| all.first()).map(|(id, _)| *id);
            lines.push(entry);
        }
        self.taken_back(deed, ids.len(), lines).await
    }

    /// What the authority has said answers for itself.
    pub(crate) async fn not_against_proof(&self, id: CertificateId, how: Check) -> Result<()> {
        let rule = match (how, self.evidence(id).await?) {
            (Check::Crl, Evidence::NotListed(_)) => Rule::NotListed,
            (Check::Crl | Check::Ocsp, Evidence::Good(_)) => Rule::StillGood,
            _ => return Ok(()),
        };
        Err(Refusal::invalid("how", rule).into())
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
