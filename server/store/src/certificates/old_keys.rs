//! Old keys that are replaced but still valid: counted until somebody has checked each.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::convert::certificate_row;
use crate::core::deed::Permitted;
use crate::core::entity::certificate;
use crate::tasks::undo::Body;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::certificate::CertificateRow;
use domain::id::{CertificateId, UndoId};
use domain::morning::Listed;
use domain::refusal::{Refusal, Rule};
use domain::revocation::{Evidence, RevocationSource};
use domain::task::Check;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};
use uuid::Uuid;

/// Lines of the list; the first to end stand first, so the rest ends later.
const MOST: u64 = 300;

impl ScopedStore {
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

    /// How many sets the list of old keys has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn old_sets(&self) -> Result<u64> {
        let sets = self.unchecked().select_only().column(certificate::Column::Lineage);
        Ok(sets.column(certificate::Column::LastDay).distinct().count(&self.rows).await?)
    }

    /// Replaced certificates that are still valid and that nobody has checked, from one on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn old_keys(&self, skip: u64) -> Result<Listed<CertificateRow>> {
        let query = self.unchecked();
        let total = query.clone().count(&self.rows).await?;
        let rows = query
            .order_by_asc(certificate::Column::NotAfter)
            .order_by_asc(certificate::Column::Id)
            .offset(crate::core::whoever::passed_over(skip))
            .limit(MOST)
            .all(&self.rows)
            .await?;
        Ok(Listed { rows: self.with_clients_and_tasks(rows.iter().map(certificate_row).collect()).await?, total })
    }

    /// Records how somebody made sure of old keys; can be taken back.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` for one that nothing has replaced, for none or too many, and where the
    /// authority has said otherwise.
    pub async fn check_old_keys(&self, ids: &[CertificateId], how: Check, note: &str) -> Result<UndoId> {
        self.write(|deed| async move {
            if ids.is_empty() {
                return Err(Refusal::invalid("certificate", Rule::Required).into());
            }
            if ids.len() as u64 > MOST {
                return Err(Refusal::invalid("certificate", Rule::TooMany).into());
            }
            let these = certificate::Column::Id.is_in(ids.iter().map(|id| id.0));
            let rows = deed.held_all::<certificate::Entity>(Action::WorkTask, these).await?;
            for id in ids {
                let row = match rows.iter().find(|row| row.id == id.0) {
                    Some(row) => row,
                    // Says whether it is foreign or only closed to the role.
                    None => &*deed.certificate(Action::WorkTask, *id).await?,
                };
                let replaced = row.replaced_from.is_some_and(|from| from <= deed.now_ms());
                if row.checked_at.is_some() || row.revoked_at.is_some() || !replaced {
                    return Err(Refusal::invalid("how", Rule::Move).into());
                }
                deed.seen_so(row, how, note).await?;
            }
            let clients = deed.clients_of(&rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
            let deed = rows.permits();
            checked(&deed, &rows, how).await?;
            let line = |row: &certificate::Model| {
                let about = format!("{}: {}", row.holder, [how.code(), note.trim()].join(", ").trim_end_matches(", "));
                let line = Entry::new(DeedKind::OldKeyChecked, about).link(format!("/certificates/{}", row.id));
                Entry { client: clients.get(&row.id).and_then(|all| all.first()).map(|(id, _)| *id), ..line }
            };
            let lines: Vec<Entry> = rows.iter().map(line).collect();
            let undo = deed.remember(&Body::Checked(rows.iter().map(|row| row.id).collect(), deed.now_ms())).await?;
            Ok(deed.done_with(lines).with(undo))
        })
        .await
    }

    /// Refuses what is not so: a proof of the authority that is not here, a revocation of which nobody says where it was
    /// seen, an end that has not come.
    pub(crate) async fn seen_so(&self, row: &certificate::Model, how: Check, note: &str) -> Result<()> {
        use RevocationSource::{Answer, List};
        let rule = match how {
            Check::StillValid => return Ok(()),
            Check::Cabinet if note.trim().is_empty() => return Err(Refusal::invalid("note", Rule::SeenWhere).into()),
            Check::Cabinet => return Ok(()),
            Check::EndedItself if row.not_after < self.now_ms() => return Ok(()),
            Check::EndedItself => Rule::NotEnded,
            Check::Crl | Check::Ocsp => match self.evidence(CertificateId(row.id)).await? {
                Evidence::Revoked { source: Answer, .. } => return Ok(()),
                Evidence::Revoked { source: List, .. } if how == Check::Crl => return Ok(()),
                Evidence::NotListed(_) => Rule::NotListed,
                Evidence::Good(_) => Rule::StillGood,
                Evidence::Revoked { .. } | Evidence::NoList => Rule::NoProof,
            },
        };
        Err(Refusal::invalid("how", rule).into())
    }
}

impl Permitted {
    /// Takes the checks of an instant back; what an authority has said since stays.
    pub(crate) async fn take_checks_back(&self, ids: &[Uuid], at: i64) -> Result<Vec<Entry>> {
        let these = certificate::Column::Id.is_in(ids.iter().copied()).and(certificate::Column::CheckedAt.eq(at));
        let mine = self.held_all::<certificate::Entity>(Action::WorkTask, these).await?;
        let clients = self.clients_of(ids).await?;
        let mut lines = Vec::new();
        for row in mine.iter() {
            if row.revoked_at == Some(at) {
                crate::certificates::ocsp::released(self, row.id).await?;
            } else {
                let back = self.change::<certificate::Entity>(certificate::Column::Id.eq(row.id));
                self.run(back.col_expr(certificate::Column::CheckedAt, Expr::value(None::<i64>))).await?;
            }
            let mut entry = Entry::new(DeedKind::Undone, row.holder.clone()).link(format!("/certificates/{}", row.id));
            entry.client = clients.get(&row.id).and_then(|all| all.first()).map(|(id, _)| *id);
            lines.push(entry);
        }
        Ok(lines)
    }
}

/// Writes that certificates were checked; those that were seen revoked are revoked from now on, by the word of whoever
/// saw it.
pub async fn checked(deed: &Permitted, rows: &[certificate::Model], how: Check) -> Result<()> {
    let (now, ids) = (deed.now_ms(), || rows.iter().map(|c| c.id));
    let change = deed
        .change::<certificate::Entity>(certificate::Column::Id.is_in(ids()))
        .col_expr(certificate::Column::CheckedAt, Expr::value(now));
    deed.run_one(change).await?;
    if how.sees_revoked() {
        // The first revocation that was seen stays.
        let first = certificate::Column::Id.is_in(ids()).and(certificate::Column::RevokedAt.is_null());
        let change =
            deed.change::<certificate::Entity>(first).col_expr(certificate::Column::RevokedAt, Expr::value(now));
        deed.run(change).await?;
        crate::certificates::revocation::said_by(deed, ids(), how.code()).await?;
    }
    Ok(())
}
