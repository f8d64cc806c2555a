//! What somebody has to see first in the morning.

use crate::Result;
use crate::clients::cards::not_replaced;
use crate::core::admitted::ScopedStore;
use crate::core::convert::certificate_row;
use crate::core::entity::{certificate, certificate_client, client, task, task_certificate};
use crate::core::reach::{everywhere, within};
use domain::access::{Action, Reach};
use domain::certificate::CertificateRow;
use domain::morning::{Listed, Morning};
use domain::task::{Stage, TaskRow};
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait as _, IntoSimpleExpr as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Select,
};
use std::sync::Arc;

/// Lines of each list on the page; the rest is behind its link.
const LINES: u64 = 10;

impl ScopedStore {
    /// The morning's lists within the person's reach.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn morning(&self) -> Result<Arc<Morning>> {
        let key = format!("morning {} {:?} {}", self.who.person, self.who.team, self.who.today.day);
        self.remembered(key, self.ask_morning()).await
    }

    async fn ask_morning(&self) -> Result<Morning> {
        let [late, _, month, risk] = self.bounds();
        let broken = Condition::any()
            .add(certificate::Column::LostAt.is_not_null())
            .add(certificate::Column::RevokedAt.is_not_null());
        let sound = |until: i64| {
            Condition::all()
                .add(certificate::Column::LostAt.is_null())
                .add(certificate::Column::RevokedAt.is_null())
                .add(certificate::Column::NotAfter.between(late, until - 1))
        };
        let started = certificate::Column::NotBefore.lte(self.now_ms());
        let breaking = sound(risk).add(started.clone()).add(self.breaks());
        let ending = sound(month).add(Condition::all().add(started).add(self.breaks()).not());
        let open = || Condition::all().add(task::Column::Open.eq(true));
        let waiting = open().add(task::Column::Stage.eq(Stage::WaitingOwner.code()));
        Ok(Morning {
            overdue: self
                .listed_tasks(crate::tasks::lists::is_overdue(self.who.today.day), task::Column::CountsTo)
                .await?,
            unassigned: self
                .listed_tasks(open().add(task::Column::AssigneeId.is_null()), task::Column::CountsTo)
                .await?,
            waiting: self.listed_tasks(waiting, task::Column::WaitingSince).await?,
            cannot_sign: self.listed(Condition::any().add(broken).add(certificate::Column::NotAfter.lt(late))).await?,
            breaking: self.listed(breaking).await?,
            ending: self.listed(ending).await?,
            old_keys: self.old_keys_count().await?,
            ungrounded: self.ungrounded_count().await?,
            grounds: self.grounds_that_matter().await?,
            carriers: self.carriers_with_us().await?,
            loads: if self.who.reach(Action::AssignTask) == Reach::Nothing {
                Vec::new()
            } else {
                self.loads().await?.to_vec()
            },
        })
    }

    /// Certificates of present clients that nothing replaced and nobody works on.
    fn nobody_works_on(&self, which: Condition) -> Select<certificate::Entity> {
        let worked_on = Query::select()
            .column(task_certificate::Column::CertificateId)
            .from(task_certificate::Entity)
            .and_where(task_certificate::Column::Open.eq(true))
            .to_owned();
        let present = Query::select()
            .column(certificate_client::Column::CertificateId)
            .from(certificate_client::Entity)
            .inner_join(
                client::Entity,
                Expr::col((client::Entity, client::Column::Id))
                    .equals((certificate_client::Entity, certificate_client::Column::ClientId)),
            )
            .and_where(client::Column::Archived.is_null())
            .cond_where(within(certificate_client::Column::ClientId.into_simple_expr(), &self.who, Action::See))
            .to_owned();
        let all = self.find::<certificate::Entity>(Action::See);
        // Whoever sees the whole firm begins with what needs somebody, not with all that is there.
        let all = if everywhere(&self.who, Action::See) {
            all.filter(certificate::Column::Id.in_subquery(self.soon()))
        } else {
            all
        };
        all.filter(certificate::Column::Id.in_subquery(present))
            .filter(which)
            .filter(not_replaced(self.now_ms()))
            .filter(certificate::Column::Id.not_in_subquery(worked_on))
    }

    async fn listed(&self, which: Condition) -> Result<Listed<CertificateRow>> {
        let query = self.nobody_works_on(which);
        let ordered = query
            .clone()
            .order_by(self.level(), sea_orm::Order::Asc)
            .order_by(self.place_of_any(), sea_orm::Order::Asc)
            .order_by_asc(certificate::Column::NotAfter);
        let mut rows = ordered.limit(LINES + 1).all(&self.rows).await?;
        let total = if rows.len() as u64 > LINES { query.count(&self.rows).await? } else { rows.len() as u64 };
        rows.truncate(LINES as usize);
        Ok(Listed { rows: self.with_clients_and_tasks(rows.iter().map(certificate_row).collect()).await?, total })
    }

    async fn listed_tasks(&self, which: Condition, first: task::Column) -> Result<Listed<TaskRow>> {
        let query = self.find::<task::Entity>(Action::See).filter(which);
        let mut rows = query.clone().order_by_asc(first).limit(LINES + 1).all(&self.rows).await?;
        let total = if rows.len() as u64 > LINES { query.count(&self.rows).await? } else { rows.len() as u64 };
        rows.truncate(LINES as usize);
        Ok(Listed { rows: self.task_rows(rows).await?, total })
    }
}
