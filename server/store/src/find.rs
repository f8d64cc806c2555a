//! What somebody may find, by words: kept in memory until the next write.

use crate::Result;
use crate::admitted::Shelf;
use crate::entity::{certificate, client, task, task_certificate};
use domain::access::{Action, Reach};
use domain::day::minus;
use domain::find::{FindKind, Indexed, best};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _};
use std::collections::HashMap;
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
        let mut out = Vec::new();
        let clients: Vec<(Uuid, String, String, String)> = self
            .find::<client::Entity>(Action::See)
            .select_only()
            .columns([client::Column::Id, client::Column::Name, client::Column::Number, client::Column::Search])
            .into_tuple()
            .all(&self.store.db)
            .await?;
        for (id, name, number, search) in clients {
            out.push(Indexed::new(FindKind::Client, name, number, format!("/clients/{id}"), &search));
        }
        let certificates: Vec<(Uuid, String, String, String)> = self
            .find::<certificate::Entity>(Action::See)
            .filter(crate::clients::not_replaced(self.now_ms()))
            .filter(certificate::Column::LastDay.gte(minus(self.who.today.day, PAST_DAYS)))
            .select_only()
            .columns([certificate::Column::Id, certificate::Column::Holder, certificate::Column::Serial])
            .column_as(certificate::Column::LastDay, "last_day")
            .into_tuple::<(Uuid, String, String, chrono::NaiveDate)>()
            .all(&self.store.db)
            .await?
            .into_iter()
            .map(|(id, holder, serial, day)| (id, holder, serial, day.to_string()))
            .collect();
        for (id, holder, serial, day) in certificates {
            let by = format!("{holder} {serial}");
            out.push(Indexed::new(FindKind::Certificate, holder, day, format!("/certificates/{id}"), &by));
        }
        let open: Vec<(Uuid, Uuid)> = self
            .find::<task_certificate::Entity>(Action::See)
            .filter(task_certificate::Column::Open.eq(true))
            .select_only()
            .columns([task_certificate::Column::TaskId, task_certificate::Column::CertificateId])
            .into_tuple()
            .all(&self.store.db)
            .await?;
        let mut holders: HashMap<Uuid, String> = HashMap::new();
        for part in open.chunks(500) {
            let rows: Vec<(Uuid, String)> = self
                .find::<certificate::Entity>(Action::See)
                .filter(certificate::Column::Id.is_in(part.iter().map(|(_, id)| *id)))
                .select_only()
                .columns([certificate::Column::Id, certificate::Column::Holder])
                .into_tuple()
                .all(&self.store.db)
                .await?;
            holders.extend(rows);
        }
        let due: HashMap<Uuid, String> = self
            .find::<task::Entity>(Action::See)
            .filter(task::Column::Open.eq(true))
            .select_only()
            .columns([task::Column::Id, task::Column::Due])
            .into_tuple::<(Uuid, chrono::NaiveDate)>()
            .all(&self.store.db)
            .await?
            .into_iter()
            .map(|(id, due)| (id, due.to_string()))
            .collect();
        let mut seen = std::collections::HashSet::new();
        for (id, certificate) in open {
            let (Some(holder), Some(due)) = (holders.get(&certificate), due.get(&id)) else { continue };
            if seen.insert(id) {
                out.push(Indexed::new(FindKind::Task, holder.clone(), due.clone(), format!("/tasks/{id}"), holder));
            }
        }
        if self.who.reach(Action::AssignTask) != Reach::Nothing {
            for person in self.people().await?.iter() {
                let by = format!("{} {}", person.name, person.email);
                out.push(Indexed::new(
                    FindKind::Person,
                    person.name.clone(),
                    person.email.clone(),
                    format!("/staff/{}", person.id),
                    &by,
                ));
            }
        }
        Ok(out)
    }
}
