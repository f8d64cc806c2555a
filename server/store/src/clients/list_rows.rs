//! What stands in the lines of the list of clients beside their own row.

use crate::Result;
use crate::clients::cards::{holds, not_replaced, person_join, task_join};
use crate::clients::worst_end::{NEVER, Worst, read};
use crate::core::admitted::ScopedStore;
use crate::core::entity::{assignment, certificate_client, client, person, task_certificate};
use crate::core::joins::link_join;
use crate::core::whoever::FEW;
use chrono::NaiveDate;
use domain::access::Action;
use domain::client::ClientRow;
use domain::filing::{StoppingDays, Threat};
use domain::id::ClientId;
use domain::person::Part;
use domain::standing::Urgency;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, IntoSimpleExpr as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use std::collections::HashMap;
use uuid::Uuid;

/// A client of the list with its worst end and the number of its certificates that nothing stands in for.
pub struct Line {
    pub id: Uuid,
    pub sort_name: String,
    pub worst: i64,
    name: String,
    number: String,
    archived: bool,
    certificates: i64,
}

impl ScopedStore {
    /// The clients as lines, in their order.
    pub(super) async fn client_lines(&self, ids: Vec<Uuid>, ends: &HashMap<Uuid, Worst>) -> Result<Vec<Line>> {
        use client::Column as C;
        let mut found = HashMap::new();
        for part in ids.chunks(FEW) {
            let these = self.find::<client::Entity>(Action::See).filter(C::Id.is_in(part.iter().copied()));
            let these = these.select_only().columns([C::Id, C::SortName, C::Name, C::Number, C::Archived]);
            let rows: Vec<(Uuid, String, String, String, Option<i64>)> = these.into_tuple().all(&self.rows).await?;
            found.extend(rows.into_iter().map(|row| (row.0, row)));
        }
        let line = |id| {
            let (id, sort_name, name, number, archived) = found.remove(&id)?;
            let (worst, certificates) = ends.get(&id).map_or((NEVER, 0), |end| (end.worst, end.n));
            Some(Line { id, sort_name, worst, name, number, archived: archived.is_some(), certificates })
        };
        Ok(ids.into_iter().filter_map(line).collect())
    }

    /// What the worst end of each client breaks, where it is at risk.
    async fn threats_of(&self, lines: &[Line]) -> Result<HashMap<Uuid, Threat>> {
        let at_risk: Vec<(Uuid, NaiveDate)> = lines
            .iter()
            .filter_map(|l| read(l.worst).filter(|(_, u)| *u == Urgency::Risk).map(|(day, _)| (l.id, day)))
            .collect();
        let days = || at_risk.iter().map(|(_, day)| *day);
        let Some(span) = days().min().zip(days().max()) else { return Ok(HashMap::new()) };
        let (filings, off) = (self.filings().await?, self.days_off().await?);
        let codes = self.codes_of(&at_risk.iter().map(|(id, _)| *id).collect::<Vec<_>>()).await?;
        let stopping = StoppingDays::for_ends(&filings, span, &off);
        let of = |(id, day): (Uuid, NaiveDate)| Some((id, stopping.threat(codes.get(&id)?, day)?));
        Ok(at_risk.into_iter().filter_map(of).collect())
    }

    /// Adds the responsible and the open tasks to the lines of one page, a statement each.
    pub(super) async fn filled(&self, lines: Vec<Line>) -> Result<Vec<ClientRow>> {
        let ids: Vec<Uuid> = lines.iter().map(|l| l.id).collect();
        let responsible = self.responsible_of(&ids).await?;
        let mut threats = self.threats_of(&lines).await?;
        let open: HashMap<Uuid, i64> = self
            .find::<certificate_client::Entity>(Action::See)
            .filter(certificate_client::Column::ClientId.is_in(ids))
            .join(JoinType::InnerJoin, task_join())
            .filter(task_certificate::Column::Open.eq(true))
            .select_only()
            .column(certificate_client::Column::ClientId)
            .expr(Expr::col((task_certificate::Entity, task_certificate::Column::TaskId)).count_distinct())
            .group_by(certificate_client::Column::ClientId)
            .into_tuple::<(Uuid, i64)>()
            .all(&self.rows)
            .await?
            .into_iter()
            .collect();
        Ok(lines
            .into_iter()
            .map(|l| ClientRow {
                id: ClientId(l.id),
                responsible: responsible.get(&l.id).map(|(_, name)| name.clone()),
                open_tasks: open.get(&l.id).copied().unwrap_or(0),
                next: read(l.worst),
                threat: threats.remove(&l.id),
                name: l.name,
                number: l.number,
                archived: l.archived,
                certificates: l.certificates,
            })
            .collect())
    }

    /// Counts for lines of which only some ends were looked at: certificates that nothing stands in for.
    pub(super) async fn count_certificates(&self, lines: &mut [Line]) -> Result<()> {
        let rows = self
            .find::<certificate_client::Entity>(Action::See)
            .filter(certificate_client::Column::ClientId.is_in(lines.iter().map(|l| l.id)))
            .join(JoinType::InnerJoin, link_join().rev())
            .filter(not_replaced(self.now_ms()))
            .select_only()
            .column(certificate_client::Column::ClientId)
            .expr(certificate_client::Column::CertificateId.into_simple_expr().count())
            .group_by(certificate_client::Column::ClientId);
        let counts: HashMap<Uuid, i64> = rows.into_tuple().all(&self.rows).await?.into_iter().collect();
        for line in lines {
            line.certificates = counts.get(&line.id).copied().unwrap_or(0);
        }
        Ok(())
    }

    /// Today's responsible of each client.
    pub(crate) async fn responsible_of(&self, clients: &[Uuid]) -> Result<HashMap<Uuid, (Uuid, String)>> {
        let rows: Vec<(Uuid, Uuid, String)> = self
            .find::<assignment::Entity>(Action::See)
            .filter(assignment::Column::ClientId.is_in(clients.iter().copied()))
            .filter(assignment::Column::Part.eq(Part::Responsible.code()))
            .filter(holds(self.who.today.day))
            .join(JoinType::InnerJoin, person_join())
            .filter(person::Column::Active.eq(true))
            // Cover that began later stands in for who was there before.
            .order_by_asc(assignment::Column::FromDay)
            .select_only()
            .column(assignment::Column::ClientId)
            .column_as(person::Column::Id, "person_id")
            .column_as(person::Column::Name, "name")
            .into_tuple()
            .all(&self.rows)
            .await?;
        Ok(rows.into_iter().map(|(client, id, name)| (client, (id, name))).collect())
    }
}
