//! What stands in the lines of the list of clients beside their own row.

use crate::Result;
use crate::clients::cards::{holds, person_join, task_join};
use crate::clients::worst_end::{Worst, read};
use crate::core::admitted::ScopedStore;
use crate::core::entity::{assignment, certificate_client, client, person, task_certificate};
use crate::core::whoever::FEW;
use chrono::NaiveDate;
use domain::access::Action;
use domain::client::ClientRow;
use domain::filing::{StoppingDays, Threat};
use domain::id::{ClientId, PersonId};
use domain::person::Part;
use domain::standing::Urgency;
use sea_orm::{ColumnTrait as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Clients that are more than a page shows.
const MANY: usize = 200;

/// Id, name, number, the moment it was put away, team.
type OwnRow = (Uuid, String, String, Option<i64>, Option<Uuid>);

impl ScopedStore {
    /// The clients as lines of one page, in their order; each thing that stands beside a client is asked for once, and
    /// what does not wait for another thing side by side.
    pub(super) async fn client_lines(&self, ids: Vec<Uuid>, ends: &HashMap<Uuid, Worst>) -> Result<Vec<ClientRow>> {
        let end = |id: &Uuid| ends.get(id).copied().unwrap_or(Worst::NONE);
        let (mut found, mut codes, responsible, open, teams) = tokio::try_join!(
            self.own_rows(&ids),
            self.codes_of(&ids),
            self.responsible_of(&ids),
            self.count_open_tasks(&ids),
            self.teams()
        )?;
        let mut threats = self.threats_of(ids.iter().map(|id| (*id, end(id).worst)), &codes).await?;
        let named = |id: Uuid| teams.iter().find(|team| team.id.0 == id).map(|team| team.name.clone());
        let line = |id: Uuid| {
            let (_, name, number, archived, team) = found.remove(&id)?;
            Some(ClientRow {
                id: ClientId(id),
                responsible: responsible.get(&id).map(|(who, name)| (PersonId(*who), name.clone())),
                open_tasks: open.get(&id).copied().unwrap_or(0),
                next: read(end(&id).worst),
                fault: end(&id).fault,
                threat: threats.remove(&id),
                name,
                number,
                archived: archived.is_some(),
                certificates: end(&id).n,
                team: team.and_then(named),
                filings: codes.remove(&id).unwrap_or_default(),
            })
        };
        Ok(ids.into_iter().filter_map(line).collect())
    }

    async fn own_rows(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, OwnRow>> {
        use client::Column as C;
        let mut found = HashMap::new();
        for part in ids.chunks(FEW) {
            let these = self.find::<client::Entity>(Action::See).filter(C::Id.is_in(part.iter().copied()));
            let these = these.select_only().columns([C::Id, C::Name, C::Number, C::Archived, C::TeamId]);
            let rows: Vec<OwnRow> = these.into_tuple().all(&self.rows).await?;
            found.extend(rows.into_iter().map(|row| (row.0, row)));
        }
        Ok(found)
    }

    /// What the worst end of each client breaks, where it is at risk.
    async fn threats_of(
        &self,
        worst: impl Iterator<Item = (Uuid, i64)>,
        codes: &HashMap<Uuid, Vec<String>>,
    ) -> Result<HashMap<Uuid, Threat>> {
        let at_risk = |(id, worst)| read(worst).filter(|(_, u)| *u == Urgency::Risk).map(|(day, _)| (id, day));
        let at_risk: Vec<(Uuid, NaiveDate)> = worst.filter_map(at_risk).collect();
        let days = || at_risk.iter().map(|(_, day)| *day);
        let Some(span) = days().min().zip(days().max()) else { return Ok(HashMap::new()) };
        let (filings, off) = (self.filings().await?, self.days_off().await?);
        let stopping = StoppingDays::for_ends(&filings, span, &off);
        let of = |(id, day): (Uuid, NaiveDate)| Some((id, stopping.threat(codes.get(&id)?, day)?));
        Ok(at_risk.into_iter().filter_map(of).collect())
    }

    /// How many open tasks each client has; none stands for none.
    pub(super) async fn count_open_tasks(&self, clients: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
        if clients.is_empty() {
            return Ok(HashMap::new());
        }
        let of_open = self
            .find::<certificate_client::Entity>(Action::See)
            .join(JoinType::InnerJoin, task_join())
            .filter(task_certificate::Column::Open.eq(true))
            .select_only()
            .column(certificate_client::Column::ClientId)
            .column(task_certificate::Column::TaskId);
        // For a whole file it is shorter to go through the open tasks than through all certificates of its clients.
        let of_open = if clients.len() > MANY {
            of_open
        } else {
            of_open.filter(certificate_client::Column::ClientId.is_in(clients.iter().copied()))
        };
        // A task on both halves of a set is one: told apart here, for a database sorts all of them for it.
        let once: HashSet<(Uuid, Uuid)> = of_open.into_tuple().all(&self.rows).await?.into_iter().collect();
        let mut open: HashMap<Uuid, i64> = HashMap::new();
        for (client, _) in once {
            *open.entry(client).or_default() += 1;
        }
        Ok(open)
    }

    /// Today's responsible of each client.
    pub(crate) async fn responsible_of(&self, clients: &[Uuid]) -> Result<HashMap<Uuid, (Uuid, String)>> {
        let mut responsible = HashMap::new();
        for part in clients.chunks(FEW) {
            let rows: Vec<(Uuid, Uuid, String)> = self
                .find::<assignment::Entity>(Action::See)
                .filter(assignment::Column::ClientId.is_in(part.iter().copied()))
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
            responsible.extend(rows.into_iter().map(|(client, id, name)| (client, (id, name))));
        }
        Ok(responsible)
    }
}
