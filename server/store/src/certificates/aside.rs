//! Certificates that ended long ago: set aside with a reason, so that they do not bury what matters, and brought back.

use crate::Result;
use crate::clients::cards::{not_replaced, of_present};
use crate::core::admitted::ScopedStore;
use crate::core::convert::{certificate_row, instant};
use crate::core::entity::{certificate, task_certificate};
use crate::core::whoever::exists;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::certificate::{Aside, CertificateRow, LONG_DAYS};
use domain::day::{minus, start_of};
use domain::id::CertificateId;
use domain::morning::Listed;
use domain::refusal::{Refusal, Rule};
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};
use std::collections::HashMap;
use uuid::Uuid;

/// Lines of the list, and certificates of one act.
const MOST: u64 = 1_000;

impl ScopedStore {
    fn long_ended_ones(&self) -> Select<certificate::Entity> {
        let bound = start_of(minus(self.who.today.day, LONG_DAYS)).timestamp_millis();
        let worked_on = Query::select()
            .column(task_certificate::Column::CertificateId)
            .from(task_certificate::Entity)
            .and_where(task_certificate::Column::Open.eq(true))
            .to_owned();
        let condition = Condition::all()
            .add(certificate::Column::NotAfter.lt(bound))
            .add(certificate::Column::AsideAt.is_null())
            .add(not_replaced(self.now_ms()))
            .add(certificate::Column::Id.in_subquery(of_present()))
            .add(certificate::Column::Id.not_in_subquery(worked_on));
        self.find::<certificate::Entity>(Action::See).filter(condition)
    }

    /// What ended long ago, that nothing has replaced and nobody works on; the last ends first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn long_ended(&self) -> Result<Listed<CertificateRow>> {
        let query = self.long_ended_ones();
        let total = query.clone().count(&self.rows).await?;
        let rows = query.order_by_desc(certificate::Column::NotAfter).order_by_asc(certificate::Column::Id).limit(MOST);
        let rows = rows.all(&self.rows).await?;
        Ok(Listed { rows: self.with_clients_and_tasks(rows.iter().map(certificate_row).collect()).await?, total })
    }

    pub(crate) async fn long_ended_count(&self) -> Result<u64> {
        Ok(self.long_ended_ones().count(&self.rows).await?)
    }

    /// What is set aside, the last first, each with who said so and why.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_asides(&self) -> Result<Vec<(CertificateRow, Aside)>> {
        let rows = self
            .find::<certificate::Entity>(Action::See)
            .filter(certificate::Column::AsideAt.is_not_null())
            .order_by_desc(certificate::Column::AsideAt)
            .order_by_asc(certificate::Column::Id)
            .limit(MOST)
            .all(&self.rows)
            .await?;
        let people: HashMap<Uuid, String> = self.people().await?.iter().map(|p| (p.id.0, p.name.clone())).collect();
        let said = |row: &certificate::Model| Aside {
            at: instant(row.aside_at.unwrap_or_default()),
            by: row.aside_by.and_then(|by| people.get(&by).cloned()).unwrap_or_default(),
            why: row.aside_why.clone(),
        };
        let all: Vec<Aside> = rows.iter().map(said).collect();
        let lines = self.with_clients_and_tasks(rows.iter().map(certificate_row).collect()).await?;
        Ok(lines.into_iter().zip(all).collect())
    }

    /// Sets ended certificates aside: they call for nobody any more. Gives how many.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or `Invalid` without a reason, for none or too many, or for one that has not ended or
    /// is being reissued.
    pub async fn set_aside(&self, ids: &[CertificateId], why: &str) -> Result<usize> {
        let why = why.trim();
        self.write(|deed| async move {
            if ids.is_empty() {
                return Err(Refusal::invalid("certificate", Rule::Required).into());
            }
            if ids.len() as u64 > MOST {
                return Err(Refusal::invalid("certificate", Rule::TooMany).into());
            }
            if why.is_empty() {
                return Err(Refusal::invalid("why", Rule::Required).into());
            }
            let these = certificate::Column::Id.is_in(ids.iter().map(|id| id.0));
            let rows = deed.held_all::<certificate::Entity>(Action::WorkTask, these).await?;
            for id in ids.iter().filter(|id| !rows.iter().any(|row| row.id == id.0)) {
                // Says whether it is foreign or only closed to the role.
                deed.certificate(Action::WorkTask, *id).await?;
            }
            if rows.iter().any(|row| row.not_after >= deed.now_ms()) {
                return Err(Refusal::invalid("certificate", Rule::NotEnded).into());
            }
            let ids = || rows.iter().map(|row| row.id);
            let worked_on =
                task_certificate::Column::CertificateId.is_in(ids()).and(task_certificate::Column::Open.eq(true));
            if exists::<task_certificate::Entity>(&deed.rows, worked_on).await? {
                return Err(Refusal::invalid("certificate", Rule::TaskOpen).into());
            }
            let clients = deed.clients_of(&rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
            let (permit, now) = (rows.permits(), deed.now_ms());
            let open = certificate::Column::Id.is_in(rows.iter().map(|row| row.id));
            let change = permit
                .change::<certificate::Entity>(open.and(certificate::Column::AsideAt.is_null()))
                .col_expr(certificate::Column::AsideAt, Expr::value(now))
                .col_expr(certificate::Column::AsideBy, Expr::value(permit.who.person.0))
                .col_expr(certificate::Column::AsideWhy, Expr::value(why));
            permit.run(change).await?;
            let new = rows.iter().filter(|row| row.aside_at.is_none());
            let line = |row: &certificate::Model| {
                let about = format!("{}: {why}", row.holder);
                let line = Entry::new(DeedKind::SetAside, about).link(format!("/certificates/{}", row.id));
                Entry { client: clients.get(&row.id).and_then(|all| all.first()).map(|(id, _)| *id), ..line }
            };
            let lines: Vec<Entry> = new.map(line).collect();
            let count = lines.len();
            Ok(if count == 0 { deed.nothing() } else { permit.done_with(lines) }.with(count))
        })
        .await
    }

    /// Brings a certificate back that was set aside.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`.
    pub async fn bring_back(&self, id: CertificateId) -> Result<()> {
        self.write(|deed| async move {
            let row = deed.certificate(Action::WorkTask, id).await?;
            let client = deed.client_of_certificate(id.0).await?;
            let permit = row.permits();
            let aside = certificate::Column::Id.eq(id.0).and(certificate::Column::AsideAt.is_not_null());
            let change = permit
                .change::<certificate::Entity>(aside)
                .col_expr(certificate::Column::AsideAt, Expr::value(None::<i64>))
                .col_expr(certificate::Column::AsideBy, Expr::value(None::<Uuid>))
                .col_expr(certificate::Column::AsideWhy, Expr::value(""));
            if permit.run(change).await? == 0 {
                return Ok(deed.nothing());
            }
            let line = Entry::new(DeedKind::BroughtBack, row.holder.clone()).link(format!("/certificates/{id}"));
            Ok(permit.done(Entry { client, ..line }))
        })
        .await
    }
}
