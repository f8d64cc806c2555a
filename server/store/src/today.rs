//! What somebody has to see first in the morning.

use crate::Result;
use crate::admitted::Shelf;
use crate::clients::not_replaced;
use crate::convert::certificate_row;
use crate::entity::{certificate, certificate_client, client, task, task_certificate};
use domain::access::Action;
use domain::certificate::CertificateRow;
use domain::task::TaskRow;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

/// Lines of each list on the page; the rest is behind its link.
const LINES: u64 = 12;

/// A list with its whole length.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    pub rows: Vec<T>,
    pub total: u64,
}

/// The morning's lists.
#[derive(Debug, Clone)]
pub struct Today {
    pub overdue: Listed<TaskRow>,
    pub unassigned: Listed<TaskRow>,
    /// Cannot be used and nobody works on it.
    pub cannot_sign: Listed<CertificateRow>,
    /// Ends within a week, without a task.
    pub week: Listed<CertificateRow>,
    /// Ends within 30 days but not within a week, without a task.
    pub month: Listed<CertificateRow>,
}

impl Shelf {
    /// The morning's lists within the person's reach.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn morning(&self) -> Result<Today> {
        let [late, week, month] = self.bounds();
        let broken =
            Condition::any().add(certificate::Column::LostAt.is_not_null()).add(certificate::Column::RevokedAt.is_not_null());
        let sound = Condition::all().add(certificate::Column::LostAt.is_null()).add(certificate::Column::RevokedAt.is_null());
        let ends = |from: i64, to: i64| {
            sound.clone().add(certificate::Column::NotAfter.gte(from)).add(certificate::Column::NotAfter.lt(to))
        };
        let open = Condition::all().add(task::Column::Open.eq(true)).add(task::Column::AssigneeId.is_null());
        Ok(Today {
            overdue: self.listed_tasks(crate::task_lists::is_overdue(self.who.today.day)).await?,
            unassigned: self.listed_tasks(open).await?,
            cannot_sign: self.listed(Condition::any().add(broken).add(certificate::Column::NotAfter.lt(late))).await?,
            week: self.listed(ends(late, week)).await?,
            month: self.listed(ends(week, month)).await?,
        })
    }

    /// Certificates that nothing replaced and nobody works on.
    fn untended(&self, which: Condition) -> Select<certificate::Entity> {
        let tended = Query::select()
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
            .to_owned();
        self.find::<certificate::Entity>(Action::See)
            .filter(certificate::Column::Id.in_subquery(present))
            .filter(which)
            .filter(not_replaced(self.now_ms()))
            .filter(certificate::Column::Id.not_in_subquery(tended))
    }

    async fn listed(&self, which: Condition) -> Result<Listed<CertificateRow>> {
        let query = self.untended(which);
        let total = query.clone().count(&self.store.db).await?;
        let rows = query.order_by_asc(certificate::Column::NotAfter).limit(LINES).all(&self.store.db).await?;
        Ok(Listed { rows: self.with_clients_and_tasks(rows.iter().map(certificate_row).collect()).await?, total })
    }

    async fn listed_tasks(&self, which: Condition) -> Result<Listed<TaskRow>> {
        let query = self.find::<task::Entity>(Action::See).filter(which);
        let total = query.clone().count(&self.store.db).await?;
        let rows = query.order_by_asc(task::Column::CountsTo).limit(LINES).all(&self.store.db).await?;
        Ok(Listed { rows: self.task_rows(rows).await?, total })
    }
}
