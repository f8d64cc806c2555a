//! What somebody may find, by words: kept in memory until the next write.

use crate::Result;
use crate::admitted::Shelf;
use crate::certificates::task_join;
use crate::entity::{certificate, client, task, task_certificate};
use chrono::NaiveDate;
use domain::access::{Action, Reach};
use domain::day::minus;
use domain::find::{FindKind, Indexed, best};
use sea_orm::{ColumnTrait as _, EntityTrait as _, JoinType, QueryFilter as _, QuerySelect as _, RelationDef};
use std::collections::HashSet;
use std::sync::Arc;
use uuid::Uuid;

/// Answers of one question.
const MOST: usize = 12;
/// Certificates that ended longer ago, in days, are found through their client.
const PAST_DAYS: u64 = 60;

impl Shelf {
    /// Clients, certificates, tasks and staff by words, numbers or phones, the nearest first; typing errors are forgiven.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_anything(&self, asked: &str) -> Result<Vec<Indexed>> {
        let whose = if self.who.reach(Action::See) == Reach::Everything { None } else { Some((self.who.person, self.who.team)) };
        let key = format!("index {whose:?} {:?} {}", self.who.reach(Action::AssignTask), self.who.today.day);
        let index: Arc<Vec<Indexed>> = self.remembered(key, self.index()).await?;
        Ok(best(&index, asked, MOST).into_iter().cloned().collect())
    }

    async fn index(&self) -> Result<Vec<Indexed>> {
        let (clients, certificates, tasks) =
            tokio::try_join!(self.clients_to_find(), self.certificates_to_find(), self.tasks_to_find())?;
        let mut out = Vec::with_capacity(clients.len() + certificates.len() + tasks.len());
        for (id, name, number, search) in clients {
            out.push(Indexed::new(FindKind::Client, name, number, format!("/clients/{id}"), &search));
        }
        for (id, holder, serial, day) in certificates {
            let by = format!("{holder} {serial}");
            out.push(Indexed::new(FindKind::Certificate, holder, day.to_string(), format!("/certificates/{id}"), &by));
        }
        for (id, holder, due) in tasks {
            out.push(Indexed::new(FindKind::Task, holder.clone(), due.to_string(), format!("/tasks/{id}"), &holder));
        }
        if self.who.reach(Action::AssignTask) != Reach::Nothing {
            for person in self.people().await?.iter() {
                let (by, href) = (format!("{} {}", person.name, person.email), format!("/staff/{}", person.id));
                out.push(Indexed::new(FindKind::Person, person.name.clone(), person.email.clone(), href, &by));
            }
        }
        Ok(out)
    }

    async fn clients_to_find(&self) -> Result<Vec<(Uuid, String, String, String)>> {
        let query = self.find::<client::Entity>(Action::See).select_only();
        let columns = [client::Column::Id, client::Column::Name, client::Column::Number, client::Column::Search];
        Ok(query.columns(columns).into_tuple().all(&self.store.db).await?)
    }

    async fn certificates_to_find(&self) -> Result<Vec<(Uuid, String, String, NaiveDate)>> {
        let query = self
            .find::<certificate::Entity>(Action::See)
            .filter(crate::clients::not_replaced(self.now_ms()))
            .filter(certificate::Column::LastDay.gte(minus(self.who.today.day, PAST_DAYS)))
            .select_only();
        let columns =
            [certificate::Column::Id, certificate::Column::Holder, certificate::Column::Serial, certificate::Column::LastDay];
        Ok(query.columns(columns).into_tuple().all(&self.store.db).await?)
    }

    /// Open tasks, each with the holder of one of its certificates.
    async fn tasks_to_find(&self) -> Result<Vec<(Uuid, String, NaiveDate)>> {
        let rows: Vec<(Uuid, String, NaiveDate)> = self
            .find::<task_certificate::Entity>(Action::See)
            .filter(task_certificate::Column::Open.eq(true))
            .join(JoinType::InnerJoin, certificates())
            .join(JoinType::InnerJoin, task_join())
            .select_only()
            .column(task_certificate::Column::TaskId)
            .column_as(certificate::Column::Holder, "holder")
            .column_as(task::Column::Due, "due")
            .into_tuple()
            .all(&self.store.db)
            .await?;
        let mut seen = HashSet::new();
        Ok(rows.into_iter().filter(|(id, ..)| seen.insert(*id)).collect())
    }
}

fn certificates() -> RelationDef {
    task_certificate::Entity::belongs_to(certificate::Entity)
        .from(task_certificate::Column::CertificateId)
        .to(certificate::Column::Id)
        .into()
}
