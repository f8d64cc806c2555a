//! Ends of certificates by day.

use crate::Result;
use crate::admitted::Shelf;
use crate::certificates::{client_join, link_join};
use crate::clients::{not_replaced, responsible_for};
use crate::convert::{certificate_row, instant};
use crate::entity::{certificate, certificate_client, client, task, task_certificate};
use crate::scope::within;
use chrono::NaiveDate;
use domain::access::Action;
use domain::calendar::{CalendarEntry, CalendarFilter, DayPanel, StandingFilter};
use domain::id::{CertificateId, TaskId};
use domain::standing::Life;
use domain::task::Reason;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait as _, FromQueryResult, IntoSimpleExpr as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct End {
    id: Uuid,
    last_day: NaiveDate,
    holder: String,
    not_before: i64,
    not_after: i64,
    replaced_from: Option<i64>,
    lost_at: Option<i64>,
    lost_reason: Option<String>,
    revoked_at: Option<i64>,
    client: String,
    task_id: Option<Uuid>,
}

impl Shelf {
    /// Ends between two days, both included; of each day the most urgent first, then by client.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ends(&self, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Result<Vec<CalendarEntry>> {
        let rows = self
            .find::<certificate_client::Entity>(Action::See)
            .join(JoinType::InnerJoin, client_join())
            .join(JoinType::InnerJoin, link_join().rev())
            .join(JoinType::LeftJoin, open_task_join())
            .filter(certificate::Column::LastDay.between(from, to))
            .filter(client::Column::Archived.is_null())
            .filter(self.narrowed(filter))
            .select_only()
            .column_as(certificate::Column::Id, "id")
            .columns([
                certificate::Column::LastDay,
                certificate::Column::Holder,
                certificate::Column::NotBefore,
                certificate::Column::NotAfter,
            ])
            .columns([
                certificate::Column::ReplacedFrom,
                certificate::Column::LostAt,
                certificate::Column::LostReason,
                certificate::Column::RevokedAt,
            ])
            .column_as(client::Column::Name, "client")
            .column_as(task_certificate::Column::TaskId, "task_id")
            .order_by_asc(certificate::Column::LastDay)
            .order_by_asc(client::Column::SortName)
            .order_by_asc(certificate::Column::Id)
            .into_model::<End>()
            .all(&self.store.db)
            .await?;
        let mut seen = std::collections::HashSet::new();
        let mut out: Vec<CalendarEntry> =
            rows.into_iter().filter(|r| seen.insert(r.id)).map(|r| self.calendar_entry(r)).collect();
        if let Some(wanted) = filter.standing.filter(|s| *s != StandingFilter::Replaced) {
            out.retain(|e| e.urgency.code() == wanted.code());
        }
        out.sort_by(|a, b| a.day.cmp(&b.day).then(a.urgency.cmp(&b.urgency)));
        Ok(out)
    }

    fn calendar_entry(&self, r: End) -> CalendarEntry {
        let life = Life {
            not_before: instant(r.not_before),
            not_after: instant(r.not_after),
            replaced_from: r.replaced_from.map(instant),
            lost: r.lost_at.zip(r.lost_reason.as_deref().and_then(Reason::parse)).map(|(at, why)| (instant(at), why)),
            revoked: r.revoked_at.map(instant),
        };
        CalendarEntry {
            certificate: CertificateId(r.id),
            day: r.last_day,
            client: r.client,
            holder: r.holder,
            urgency: life.urgency(self.who.today),
            replaced: life.is_replaced(self.who.today),
            task: r.task_id.map(TaskId),
        }
    }

    fn narrowed(&self, filter: &CalendarFilter) -> Condition {
        let now = self.now_ms();
        let mut all = Condition::all();
        all =
            all.add(if filter.standing == Some(StandingFilter::Replaced) { not_replaced(now).not() } else { not_replaced(now) });
        if let Some(client) = filter.client {
            all = all.add(certificate_client::Column::ClientId.eq(client.0));
        }
        if let Some(team) = filter.team {
            all = all.add(client::Column::TeamId.eq(team.0));
        }
        if let Some(purpose) = filter.purpose {
            all = all.add(certificate::Column::Purposes.contains(purpose.code()));
        }
        if let Some(who) = filter.responsible {
            all = all.add(certificate_client::Column::ClientId.in_subquery(responsible_for(who, self.who.today.day)));
        }
        all
    }

    /// One day opened: its ends and the tasks that are due on it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn day(&self, day: NaiveDate, filter: &CalendarFilter) -> Result<DayPanel> {
        let ends = self.ends(day, day, filter).await?;
        let ids: Vec<Uuid> = ends.iter().take(200).map(|e| e.certificate.0).collect();
        let rows = self
            .find::<certificate::Entity>(Action::See)
            .filter(certificate::Column::Id.is_in(ids.clone()))
            .all(&self.store.db)
            .await?;
        let mut certificates = self.with_clients_and_tasks(rows.iter().map(certificate_row).collect()).await?;
        certificates.sort_by_key(|c| ids.iter().position(|id| *id == c.id.0));
        let mut due =
            self.find::<task::Entity>(Action::See).filter(task::Column::Open.eq(true)).filter(task::Column::Due.eq(day));
        if let Some(client) = filter.client {
            due = due.filter(task::Column::Id.in_subquery(self.tasks_of_client(client)));
        }
        let tasks = self.task_rows(due.limit(200).all(&self.store.db).await?).await?;
        Ok(DayPanel { certificates, tasks })
    }

    /// Ids of tasks on certificates of one client.
    pub(crate) fn tasks_of_client(&self, client: domain::id::ClientId) -> sea_orm::sea_query::SelectStatement {
        let certificates = Query::select()
            .column(certificate_client::Column::CertificateId)
            .from(certificate_client::Entity)
            .and_where(certificate_client::Column::ClientId.eq(client.0))
            .cond_where(within(certificate_client::Column::ClientId.into_simple_expr(), &self.who, Action::See))
            .to_owned();
        Query::select()
            .column(task_certificate::Column::TaskId)
            .from(task_certificate::Entity)
            .and_where(task_certificate::Column::CertificateId.in_subquery(certificates))
            .to_owned()
    }
}

fn open_task_join() -> sea_orm::RelationDef {
    use sea_orm::EntityTrait as _;
    let join: sea_orm::RelationDef = certificate_client::Entity::belongs_to(task_certificate::Entity)
        .from(certificate_client::Column::CertificateId)
        .to(task_certificate::Column::CertificateId)
        .into();
    join.on_condition(|_, right| Condition::all().add(Expr::col((right, task_certificate::Column::Open)).eq(true)))
}
