//! What somebody has to see first in the morning.

use crate::Result;
use crate::calendar::linked_ends::LinkedEnd;
use crate::core::admitted::ScopedStore;
use crate::core::convert::certificate_row;
use crate::core::entity::{certificate, client, task, task_certificate};
use chrono::{DateTime, Utc};
use domain::access::{Action, Reach};
use domain::certificate::CertificateRow;
use domain::morning::{Listed, Morning};
use domain::standing::Urgency;
use domain::task::{Stage, TaskRow};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// Lines of each list on the page; the rest is behind its link.
const LINES: u64 = 10;

impl ScopedStore {
    /// The morning's lists within the person's reach.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn morning(&self) -> Result<Arc<Morning>> {
        let key = format!("morning {} {:?} {}", self.who.person, self.who.team, self.who.today.day);
        self.remembered(key, self.ask_morning()).await
    }

    async fn ask_morning(&self) -> Result<Morning> {
        let open = || Condition::all().add(task::Column::Open.eq(true));
        let waiting = open().add(task::Column::Stage.eq(Stage::WaitingOwner.code()));
        let [cannot_sign, breaking, ending] = self.ends_without_task().await?;
        Ok(Morning {
            overdue: self
                .listed_tasks(crate::tasks::lists::is_overdue(self.who.today.day), task::Column::CountsTo)
                .await?,
            unassigned: self
                .listed_tasks(open().add(task::Column::AssigneeId.is_null()), task::Column::CountsTo)
                .await?,
            waiting: self.listed_tasks(waiting, task::Column::WaitingSince).await?,
            cannot_sign,
            breaking,
            ending,
            old_keys: self.old_keys_count().await?,
            ungrounded: self.ungrounded_count().await?,
            grounds: self.grounds_that_matter().await?,
            carriers: self.carriers_with_us().await?,
            loads: if self.who.reach(Action::AssignTask) == Reach::Nothing {
                Vec::new()
            } else {
                self.loads().await?.to_vec()
            },
        })
    }

    /// What nobody works on: certificates that cannot be used, that would break a filing, that end within a month.
    async fn ends_without_task(&self) -> Result<[Listed<CertificateRow>; 3]> {
        let (ends, not_meant) = (self.soon_ends().await?, self.not_meant().await?);
        let filers = self.filers(ends.iter().map(|end| end.client_id)).await?;
        // The worst that a certificate is to any of its clients.
        let mut worst: HashMap<Uuid, (Urgency, u8, DateTime<Utc>)> = HashMap::new();
        let meant = |end: &&LinkedEnd| {
            !not_meant.contains(&end.certificate_id) && !not_meant.contains(&end.client_id) && end.counts(self)
        };
        for end in ends.iter().filter(meant) {
            let (urgency, place) = end.judged(self, &filers);
            let here = (urgency, place, end.life().not_after);
            worst.entry(end.certificate_id).and_modify(|there| *there = here.min(*there)).or_insert(here);
        }
        let mut order: Vec<_> = worst.into_iter().map(|(id, place)| (place, id)).collect();
        order.sort_unstable();
        let of = |levels: &[Urgency]| -> Vec<Uuid> {
            order.iter().filter(|((urgency, ..), _)| levels.contains(urgency)).map(|(_, id)| *id).collect()
        };
        let lists = [of(&[Urgency::Late]), of(&[Urgency::Risk]), of(&[Urgency::Week, Urgency::Month])];
        self.described_lists(lists).await
    }

    /// The first lines of each list, read together.
    async fn described_lists(&self, lists: [Vec<Uuid>; 3]) -> Result<[Listed<CertificateRow>; 3]> {
        let first = || lists.iter().flat_map(|ids| ids.iter().take(LINES as usize).copied());
        let these = certificate::Column::Id.is_in(first());
        let rows = self.find::<certificate::Entity>(Action::See).filter(these).all(&self.rows).await?;
        let rows = self.with_clients_and_tasks(rows.iter().map(certificate_row).collect()).await?;
        let mut rows: HashMap<Uuid, CertificateRow> = rows.into_iter().map(|row| (row.id.0, row)).collect();
        Ok(lists.map(|ids| Listed {
            rows: ids.iter().take(LINES as usize).filter_map(|id| rows.remove(id)).collect(),
            total: ids.len() as u64,
        }))
    }

    /// Certificates that somebody works on, and clients that are put away.
    async fn not_meant(&self) -> Result<HashSet<Uuid>> {
        let worked_on = self
            .find::<task_certificate::Entity>(Action::See)
            .filter(task_certificate::Column::Open.eq(true))
            .select_only()
            .column(task_certificate::Column::CertificateId);
        let away = self
            .find::<client::Entity>(Action::See)
            .filter(client::Column::Archived.is_not_null())
            .select_only()
            .column(client::Column::Id);
        let mut ids: HashSet<Uuid> = worked_on.into_tuple().all(&self.rows).await?.into_iter().collect();
        ids.extend(away.into_tuple::<Uuid>().all(&self.rows).await?);
        Ok(ids)
    }

    async fn listed_tasks(&self, which: Condition, first: task::Column) -> Result<Listed<TaskRow>> {
        let query = self.find::<task::Entity>(Action::See).filter(which);
        let mut rows = query.clone().order_by_asc(first).limit(LINES + 1).all(&self.rows).await?;
        let total = if rows.len() as u64 > LINES { query.count(&self.rows).await? } else { rows.len() as u64 };
        rows.truncate(LINES as usize);
        Ok(Listed { rows: self.task_rows(rows).await?, total })
    }
}
