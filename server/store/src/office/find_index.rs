//! What can be found, of the whole office: read once, then renewed by what the database says has changed.

use crate::Result;
use crate::core::entity::{certificate, certificate_client, change, client, task, task_certificate};
use crate::core::joins::link_join;
use crate::core::joins::task_join;
use crate::core::rows::Rows;
use crate::core::whoever::find_whoever_asks;
use chrono::NaiveDate;
use domain::find::{FindKind, Indexed};
use sea_orm::sea_query::{Condition, Expr, Func};
use sea_orm::{
    ColumnTrait as _, DatabaseConnection, EntityTrait as _, JoinType, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, RelationDef,
};
use std::collections::{BTreeSet, HashMap};
use tokio::sync::{RwLock, RwLockReadGuard};
use uuid::Uuid;

/// More changes than this are not followed one by one: everything is read anew.
const FOLLOWED: u64 = 2_000;
/// Ids of one statement.
const PART: usize = 400;

/// What can be found, shared by everybody who asks.
#[derive(Default)]
pub struct FindIndex(RwLock<Contents>);

/// The things by their ids.
#[derive(Default)]
pub struct Contents {
    /// The last change that is in it; none before the first reading.
    upto: Option<i64>,
    pub clients: HashMap<Uuid, FoundClient>,
    pub certificates: HashMap<Uuid, FoundCertificate>,
    pub tasks: HashMap<Uuid, FoundTask>,
}

/// A client with the folded words of its card and of its certificates.
pub struct FoundClient {
    pub indexed: Indexed,
    own: String,
    held: String,
}

impl FoundClient {
    /// Whether each word stands somewhere in its words.
    pub fn has(&self, words: &[&str]) -> bool {
        words.iter().all(|word| self.own.contains(word) || self.held.contains(word))
    }
}

pub struct FoundCertificate {
    pub indexed: Indexed,
    pub clients: Vec<Uuid>,
    last_day: NaiveDate,
    replaced_from: Option<i64>,
}

impl FoundCertificate {
    /// Whether nothing stands in for it at an instant and it ends on a day or later.
    pub fn counts(&self, from: NaiveDate, now_ms: i64) -> bool {
        self.last_day >= from && self.replaced_from.is_none_or(|replaced| replaced > now_ms)
    }
}

/// An open task: found by the holder of one of its certificates and, by whoever sees that client, by each of its clients.
pub struct FoundTask {
    pub by_client: Vec<(Uuid, Indexed)>,
}

impl FindIndex {
    /// The things as they stand now.
    pub async fn renewed(&self, db: &DatabaseConnection) -> Result<RwLockReadGuard<'_, Contents>> {
        // Never the rows of an open write: what it has not committed is not to be found.
        let rows = &Rows::Pool(db.clone());
        let index = self.0.read().await;
        if index.upto.is_some() && index.changes(rows).await?.is_empty() {
            return Ok(index);
        }
        drop(index);
        let mut index = self.0.write().await;
        // Somebody may have renewed it while this one waited.
        let changes = index.changes(rows).await?;
        if index.is_far_behind(&changes) {
            *index = Contents::read(rows).await?;
        } else {
            index.follow(rows, changes).await?;
        }
        Ok(index.downgrade())
    }
}

/// The things of one statement: all, or these.
#[derive(Clone, Copy)]
enum Which<'a> {
    All,
    These(&'a [Uuid]),
}

impl Which<'_> {
    fn of(self, column: impl sea_orm::ColumnTrait) -> Condition {
        match self {
            Self::All => Condition::all(),
            Self::These(ids) => Condition::all().add(column.is_in(ids.iter().copied())),
        }
    }
}

impl Contents {
    async fn changes(&self, rows: &Rows) -> Result<Vec<change::Model>> {
        let Some(upto) = self.upto else { return Ok(Vec::new()) };
        let changes = find_whoever_asks::<change::Entity>().filter(change::Column::Id.gt(upto));
        Ok(changes.order_by_asc(change::Column::Id).limit(FOLLOWED + 1).all(rows).await?)
    }

    /// Whether there is nothing to follow on: changes far behind may have been swept out, so the distance counts too.
    fn is_far_behind(&self, changes: &[change::Model]) -> bool {
        let Some(upto) = self.upto else { return true };
        let far = |last: &change::Model| last.id - upto > i64::try_from(FOLLOWED).unwrap_or(i64::MAX);
        changes.len() as u64 > FOLLOWED || changes.last().is_some_and(far)
    }

    async fn read(rows: &Rows) -> Result<Self> {
        let last: Option<Option<i64>> = find_whoever_asks::<change::Entity>()
            .select_only()
            .expr(Func::max(Expr::col(change::Column::Id)))
            .into_tuple()
            .one(rows)
            .await?;
        // What changes while this is read is followed the next time.
        let mut contents = Self { upto: Some(last.flatten().unwrap_or(0)), ..Self::default() };
        contents.read_clients(rows, Which::All).await?;
        contents.read_certificates(rows, Which::All).await?;
        contents.read_tasks(rows, Which::All).await?;
        Ok(contents)
    }

    async fn follow(&mut self, rows: &Rows, changes: Vec<change::Model>) -> Result<()> {
        let of =
            |what: &str| -> BTreeSet<Uuid> { changes.iter().filter(|c| c.what == what).map(|c| c.row_id).collect() };
        let listed = |ids: BTreeSet<Uuid>| -> Vec<Uuid> { ids.into_iter().collect() };
        let (clients, certificates, mut tasks) = (listed(of("client")), listed(of("certificate")), of("task"));
        // A task is found by the clients and the holder of its certificates.
        for part in certificates.chunks(PART) {
            tasks.extend(tasks_of(rows, part).await?);
        }
        let renamed = of("client");
        let of_renamed = |task: &FoundTask| task.by_client.iter().any(|(client, _)| renamed.contains(client));
        tasks.extend(self.tasks.iter().filter(|(_, task)| of_renamed(task)).map(|(id, _)| *id));
        let tasks = listed(tasks);
        for part in clients.chunks(PART) {
            part.iter().for_each(|id| drop(self.clients.remove(id)));
            self.read_clients(rows, Which::These(part)).await?;
        }
        for part in certificates.chunks(PART) {
            part.iter().for_each(|id| drop(self.certificates.remove(id)));
            self.read_certificates(rows, Which::These(part)).await?;
        }
        for part in tasks.chunks(PART) {
            part.iter().for_each(|id| drop(self.tasks.remove(id)));
            self.read_tasks(rows, Which::These(part)).await?;
        }
        // Last: where the reading broke off, the same is followed again.
        self.upto = changes.last().map(|c| c.id).or(self.upto);
        Ok(())
    }

    async fn read_clients(&mut self, rows: &Rows, which: Which<'_>) -> Result<()> {
        use client::Column as C;
        let query = find_whoever_asks::<client::Entity>().filter(which.of(C::Id)).select_only();
        let columns = [C::Id, C::Name, C::Number, C::Search, C::Held, C::Archived];
        let found: Vec<(Uuid, String, String, String, String, Option<i64>)> =
            query.columns(columns).into_tuple().all(rows).await?;
        for (id, name, number, own, held, archived) in found {
            let mut indexed = Indexed::new(FindKind::Client, name, number, format!("/clients/{id}"), &own);
            indexed.archived = archived.is_some();
            self.clients.insert(id, FoundClient { indexed, own, held });
        }
        Ok(())
    }

    async fn read_certificates(&mut self, rows: &Rows, which: Which<'_>) -> Result<()> {
        use certificate::Column as C;
        let query = find_whoever_asks::<certificate::Entity>().filter(which.of(C::Id));
        let query = query.join(JoinType::InnerJoin, link_join()).select_only();
        let query = query.columns([C::Id, C::Holder, C::Serial, C::LastDay, C::ReplacedFrom]);
        let found: Vec<(Uuid, String, String, NaiveDate, Option<i64>, Uuid)> =
            query.column(certificate_client::Column::ClientId).into_tuple().all(rows).await?;
        for (id, holder, serial, last_day, replaced_from, client) in found {
            let certificate = self.certificates.entry(id).or_insert_with(|| {
                let by = format!("{holder} {serial}");
                let href = format!("/certificates/{id}");
                let indexed = Indexed::new(FindKind::Certificate, holder, last_day.to_string(), href, &by);
                FoundCertificate { indexed, clients: Vec::new(), last_day, replaced_from }
            });
            certificate.clients.push(client);
        }
        Ok(())
    }

    /// Open tasks, each with the holder of one of its certificates.
    async fn read_tasks(&mut self, rows: &Rows, which: Which<'_>) -> Result<()> {
        let found: Vec<(Uuid, String, NaiveDate, Uuid)> = find_whoever_asks::<task_certificate::Entity>()
            .filter(which.of(task_certificate::Column::TaskId))
            .filter(task_certificate::Column::Open.eq(true))
            .join(JoinType::InnerJoin, of_part())
            .join(JoinType::InnerJoin, task_join())
            .join(JoinType::InnerJoin, clients_of_part())
            .select_only()
            .column(task_certificate::Column::TaskId)
            .column_as(certificate::Column::Holder, "holder")
            .column_as(task::Column::Due, "due")
            .column_as(certificate_client::Column::ClientId, "client_id")
            .into_tuple()
            .all(rows)
            .await?;
        for (id, holder, due, client) in found {
            let Some(named) = self.clients.get(&client) else { continue };
            let (name, number) = (named.indexed.title.clone(), &named.indexed.under);
            let by = format!("{name} {number} {holder}");
            let whose = if holder == name { String::new() } else { holder };
            let indexed = Indexed::new(FindKind::Task, name, due.to_string(), format!("/tasks/{id}"), &by).of(whose);
            let task = self.tasks.entry(id).or_insert_with(|| FoundTask { by_client: Vec::new() });
            task.by_client.push((client, indexed));
        }
        Ok(())
    }
}

async fn tasks_of(rows: &Rows, certificates: &[Uuid]) -> Result<Vec<Uuid>> {
    use task_certificate::Column as C;
    let query =
        find_whoever_asks::<task_certificate::Entity>().filter(C::CertificateId.is_in(certificates.iter().copied()));
    Ok(query.select_only().column(C::TaskId).into_tuple().all(rows).await?)
}

fn of_part() -> RelationDef {
    task_certificate::Entity::belongs_to(certificate::Entity)
        .from(task_certificate::Column::CertificateId)
        .to(certificate::Column::Id)
        .into()
}

fn clients_of_part() -> RelationDef {
    task_certificate::Entity::belongs_to(certificate_client::Entity)
        .from(task_certificate::Column::CertificateId)
        .to(certificate_client::Column::CertificateId)
        .into()
}
