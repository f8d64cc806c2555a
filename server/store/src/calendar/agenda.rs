//! Days as lists: one day opened, the agenda of any days, due tasks.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::convert::certificate_row;
use crate::core::entity::{certificate, certificate_client, client, task, task_certificate};
use crate::core::reach::within;
use chrono::NaiveDate;
use domain::access::Action;
use domain::calendar::{AgendaRow, CalendarFilter, DayPanel};
use domain::id::ClientId;
use sea_orm::sea_query::{Condition, ExprTrait as _, Query, SelectStatement};
use sea_orm::{ColumnTrait as _, IntoSimpleExpr as _, QueryFilter as _, QuerySelect as _};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// Lines of a day beside the month; the rest is in its agenda.
const DAY_LINES: u64 = 100;

impl ScopedStore {
    /// One day opened: its ends and the tasks that are due or agreed for it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn day(&self, day: NaiveDate, filter: &CalendarFilter) -> Result<DayPanel> {
        let all = self.agenda(day, day, filter, 0, DAY_LINES + 1).await?;
        let more = all.len() as u64 > DAY_LINES;
        let certificates = all.iter().take(DAY_LINES as usize).map(|row| row.certificate.clone()).collect();
        let [start, end] = [day, domain::day::plus(day, 1)].map(|d| domain::day::start_of(d).timestamp_millis());
        let agreed = task::Column::AgreedAt.gte(start).and(task::Column::AgreedAt.lt(end));
        let mut due = self
            .find::<task::Entity>(Action::See)
            .filter(task::Column::Open.eq(true))
            .filter(Condition::any().add(task::Column::Due.eq(day)).add(agreed));
        if let Some(client) = filter.client {
            due = due.filter(task::Column::Id.in_subquery(self.tasks_of_client(client)));
        }
        let tasks = self.task_rows(due.limit(DAY_LINES).all(&self.rows).await?).await?;
        Ok(DayPanel { certificates, more, tasks })
    }

    /// Ends between two days in their order, from a line on, with everything a list says of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn agenda(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        filter: &CalendarFilter,
        skip: u64,
        lines: u64,
    ) -> Result<Arc<Vec<AgendaRow>>> {
        let key = format!("{} {skip} {lines}", self.own_key("agenda", from, to, filter));
        let ask = async {
            let order = self.remembered(self.own_key("order", from, to, filter), self.order(from, to, filter)).await?;
            let [skip, lines] = [skip, lines].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
            self.described(order.get(skip..).unwrap_or_default().iter().take(lines).copied().collect()).await
        };
        self.remembered(key, ask).await
    }

    /// Certificates that end between two days, in the order of the calendar. They are sorted here: the database would
    /// work the urgency of each out again for every comparison.
    async fn order(&self, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Result<Vec<Uuid>> {
        let rows = self.ending(from, to, filter).into_model().all(&self.rows).await?;
        Ok(self.entries(rows, filter).await?.into_iter().map(|(_, entry)| entry.certificate.0).collect())
    }

    /// Certificates with everything a list says of them, in the given order.
    async fn described(&self, ids: Vec<Uuid>) -> Result<Vec<AgendaRow>> {
        let place: HashMap<Uuid, usize> = ids.iter().enumerate().map(|(n, id)| (*id, n)).collect();
        let mut rows = Vec::with_capacity(ids.len());
        for part in ids.chunks(500) {
            let these = certificate::Column::Id.is_in(part.iter().copied());
            let found = self.find::<certificate::Entity>(Action::See).filter(these).all(&self.rows).await?;
            rows.extend(found.iter().map(certificate_row));
        }
        rows.sort_by_key(|c| place.get(&c.id.0).copied());
        let rows = self.with_clients_and_tasks(rows).await?;
        let numbers = self.numbers_of(&rows).await?;
        Ok(rows
            .into_iter()
            .map(|certificate| AgendaRow {
                numbers: certificate.clients.iter().filter_map(|(id, _)| numbers.get(&id.0).cloned()).collect(),
                certificate,
            })
            .collect())
    }

    async fn numbers_of(&self, rows: &[domain::certificate::CertificateRow]) -> Result<HashMap<Uuid, String>> {
        let ids: HashSet<Uuid> = rows.iter().flat_map(|r| r.clients.iter().map(|(id, _)| id.0)).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let mut out = HashMap::new();
        for part in ids.chunks(500) {
            let found: Vec<(Uuid, String)> = self
                .find::<client::Entity>(Action::See)
                .filter(client::Column::Id.is_in(part.iter().copied()))
                .select_only()
                .columns([client::Column::Id, client::Column::Number])
                .into_tuple()
                .all(&self.rows)
                .await?;
            out.extend(found);
        }
        Ok(out)
    }

    /// Ids of tasks on certificates of one client.
    pub(crate) fn tasks_of_client(&self, client: ClientId) -> SelectStatement {
        self.tasks_of_clients(&[client.0])
    }

    /// Tasks of these clients, as far as they may be seen.
    pub(crate) fn tasks_of_clients(&self, clients: &[Uuid]) -> SelectStatement {
        let certificates = Query::select()
            .column(certificate_client::Column::CertificateId)
            .from(certificate_client::Entity)
            .and_where(certificate_client::Column::ClientId.is_in(clients.iter().copied()))
            .cond_where(within(certificate_client::Column::ClientId.into_simple_expr(), &self.who, Action::See))
            .to_owned();
        Query::select()
            .column(task_certificate::Column::TaskId)
            .from(task_certificate::Entity)
            .and_where(task_certificate::Column::CertificateId.in_subquery(certificates))
            .to_owned()
    }
}
