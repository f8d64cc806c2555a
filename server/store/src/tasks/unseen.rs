//! Open tasks with somebody who can no longer work on them: hidden from those who give tasks out, and done by nobody.

use crate::Result;
use crate::clients::cards::holds;
use crate::core::convert::person as to_person;
use crate::core::deed::Permitted;
use crate::core::entity::{assignment, certificate_client, client, person, task, task_certificate};
use crate::core::rows::Rows;
use crate::core::whoever::find_whoever_asks;
use crate::tasks::candidates::Relations;
use chrono::NaiveDate;
use domain::audit::Entry;
use domain::person::Person;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _};
use std::collections::HashMap;
use uuid::Uuid;

impl Permitted {
    /// Takes open tasks from those who have left or may no longer work on their clients: they are nobody's then, and stand
    /// among those that are to be given out. Whoever acts, all tasks of the office are looked at.
    pub(crate) async fn free_unseen(&self) -> Result<Vec<Entry>> {
        Ok(self.free_unseen_with().await?.0)
    }

    /// The same with the tasks as they were.
    pub(crate) async fn free_unseen_with(&self) -> Result<(Vec<Entry>, Vec<task::Model>)> {
        // On the heap: few acts need it, and each would carry its room.
        let freed = Box::pin(unseen(&self.rows, self.who.today.day)).await?;
        if freed.is_empty() {
            return Ok((Vec::new(), freed));
        }
        let given: Vec<_> = freed.iter().cloned().map(|model| (model, None)).collect();
        Ok((Box::pin(self.write_given(&given)).await?, freed))
    }
}

/// A few statements, however many tasks there are.
async fn unseen(rows: &Rows, day: NaiveDate) -> Result<Vec<task::Model>> {
    let given = find_whoever_asks::<task::Entity>()
        .filter(task::Column::Open.eq(true))
        .filter(task::Column::AssigneeId.is_not_null())
        .all(rows)
        .await?;
    if given.is_empty() {
        return Ok(given);
    }
    let people: HashMap<Uuid, Person> = find_whoever_asks::<person::Entity>()
        .all(rows)
        .await?
        .into_iter()
        .map(|row| Ok((row.id, to_person(row)?)))
        .collect::<Result<_>>()?;
    let clients = clients_of_tasks(rows).await?;
    let relations = relations(rows, day, &people).await?;
    let works = |model: &task::Model| {
        let Some(who) = model.assignee_id.and_then(|id| people.get(&id)).filter(|who| who.active) else { return false };
        let of_task = clients.get(&model.id).map_or(&[][..], Vec::as_slice);
        of_task.iter().all(|clients| clients.iter().any(|client| relations.works(who, *client)))
    };
    Ok(given.into_iter().filter(|model| !works(model)).collect())
}

/// Clients of open tasks, a list for each certificate of a task; a certificate of no client has none.
async fn clients_of_tasks(rows: &Rows) -> Result<HashMap<Uuid, Vec<Vec<Uuid>>>> {
    let parts: Vec<(Uuid, Uuid)> = find_whoever_asks::<task_certificate::Entity>()
        .filter(task_certificate::Column::Open.eq(true))
        .select_only()
        .columns([task_certificate::Column::TaskId, task_certificate::Column::CertificateId])
        .into_tuple()
        .all(rows)
        .await?;
    let links: Vec<(Uuid, Uuid)> = find_whoever_asks::<certificate_client::Entity>()
        .filter(certificate_client::Column::CertificateId.in_subquery(worked_on()))
        .select_only()
        .columns([certificate_client::Column::CertificateId, certificate_client::Column::ClientId])
        .into_tuple()
        .all(rows)
        .await?;
    let mut of_certificate: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (certificate, client) in links {
        of_certificate.entry(certificate).or_default().push(client);
    }
    let mut of_task: HashMap<Uuid, Vec<Vec<Uuid>>> = HashMap::new();
    for (task, certificate) in parts {
        of_task.entry(task).or_default().extend(of_certificate.get(&certificate).cloned());
    }
    Ok(of_task)
}

/// How everybody stands to the clients of open tasks on a day.
async fn relations(rows: &Rows, day: NaiveDate, people: &HashMap<Uuid, Person>) -> Result<Relations> {
    let clients = || {
        Query::select()
            .column(certificate_client::Column::ClientId)
            .from(certificate_client::Entity)
            .and_where(certificate_client::Column::CertificateId.in_subquery(worked_on()))
            .to_owned()
    };
    let on = find_whoever_asks::<assignment::Entity>()
        .filter(assignment::Column::ClientId.in_subquery(clients()))
        .filter(holds(day))
        .all(rows)
        .await?;
    let teams: Vec<(Uuid, Option<Uuid>)> = find_whoever_asks::<client::Entity>()
        .filter(client::Column::Id.in_subquery(clients()))
        .select_only()
        .columns([client::Column::Id, client::Column::TeamId])
        .into_tuple()
        .all(rows)
        .await?;
    Ok(Relations::new(on, teams, people.values()))
}

/// Certificates that an open task is about.
fn worked_on() -> SelectStatement {
    Query::select()
        .column(task_certificate::Column::CertificateId)
        .from(task_certificate::Entity)
        .and_where(task_certificate::Column::Open.eq(true))
        .to_owned()
}
