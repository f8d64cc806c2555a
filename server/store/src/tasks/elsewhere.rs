//! Tasks whose new certificates came in without them: they go on from there by themselves.

use crate::Result;
use crate::core::connection::Store;
use crate::core::deed::Permitted;
use crate::core::entity::{certificate, task, task_certificate};
use crate::core::whoever::find_whoever_asks;
use chrono::{DateTime, Utc};
use domain::access::SystemRight;
use domain::audit::{DeedKind, Entry};
use domain::id::TaskId;
use domain::task::Stage;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, QueryFilter as _};
use std::collections::HashMap;
use uuid::Uuid;

impl Store {
    /// Moves on the tasks whose certificates have all been replaced by now, and gives back those whose cover is over;
    /// how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle(&self, now: DateTime<Utc>) -> Result<usize> {
        let system = self.for_system(SystemRight::Settle, now);
        system
            .write(|deed| async move {
                let permit = deed.by_system(SystemRight::Settle)?;
                let mut lines = Box::pin(permit.settle_replaced()).await?;
                lines.extend(Box::pin(permit.give_back_covered()).await?);
                lines.extend(permit.free_unseen().await?);
                let count = lines.len();
                Ok(if count == 0 { deed.nothing() } else { deed.done_with(lines) }.with(count))
            })
            .await
    }
}

impl Permitted {
    /// Open tasks that wait for a new certificate while each of theirs has one that is valid: the new one is issued, and
    /// what follows remains to be done. Their lines of history.
    pub(crate) async fn settle_replaced(&self) -> Result<Vec<Entry>> {
        let (now, waiting) = (self.now_ms(), Stage::ALL.iter().filter(|s| s.is_open() && !s.has_successor()));
        let in_force = Query::select()
            .column(certificate::Column::Id)
            .from(certificate::Entity)
            .and_where(certificate::Column::ReplacedFrom.is_null().or(certificate::Column::ReplacedFrom.gt(now)))
            .to_owned();
        let unfinished = Query::select()
            .column(task_certificate::Column::TaskId)
            .from(task_certificate::Entity)
            .and_where(task_certificate::Column::Open.eq(true))
            .and_where(task_certificate::Column::CertificateId.in_subquery(in_force))
            .to_owned();
        let tasks = find_whoever_asks::<task::Entity>()
            .filter(task::Column::Open.eq(true))
            .filter(task::Column::Stage.is_in(waiting.map(|s| s.code())))
            .filter(task::Column::Id.not_in_subquery(unfinished))
            .all(&self.rows)
            .await?;
        let mut serials = HashMap::new();
        for model in &tasks {
            let id = TaskId(model.id);
            let Some(next) = self.signing_successor(id).await? else { continue };
            let issued = |c: sea_orm::UpdateMany<task::Entity>| {
                c.col_expr(task::Column::SuccessorId, Expr::value(next.id)).col_expr(task::Column::Why, Expr::value(""))
            };
            self.staged(model, Stage::Issued, model.revision, issued).await?;
            self.add_system_steps(id).await?;
            self.event(id, "moved", Stage::Issued, &next.serial).await?;
            serials.insert(model.id, next.serial);
        }
        let settled: Vec<task::Model> = tasks.into_iter().filter(|t| serials.contains_key(&t.id)).collect();
        let serial = |model: &task::Model| serials.get(&model.id).cloned().unwrap_or_default();
        self.task_entries(DeedKind::SuccessorAccepted, &settled, serial).await
    }

    /// What stands in for the certificate of a task that signs, else for any.
    async fn signing_successor(&self, id: TaskId) -> Result<Option<certificate::Model>> {
        let of = self.certificates_of_task(id).await?;
        let next: Vec<Uuid> = of.iter().filter_map(|c| c.successor_id).collect();
        let next = find_whoever_asks::<certificate::Entity>().filter(certificate::Column::Id.is_in(next));
        let next = next.all(&self.rows).await?;
        // By their purposes, as `certificates_of_task` orders them.
        Ok(of.iter().filter_map(|c| c.successor_id).find_map(|id| next.iter().find(|n| n.id == id)).cloned())
    }
}
