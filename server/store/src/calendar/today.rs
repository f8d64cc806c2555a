//! What somebody has to see first in the morning.

use crate::Result;
use crate::calendar::linked_ends::LinkedEnd;
use crate::core::admitted::ScopedStore;
use crate::core::convert::certificate_row;
use crate::core::entity::{certificate, client, task, task_certificate};
use domain::access::{Action, Reach};
use domain::certificate::{CertificateRow, LONG_DAYS};
use domain::day::{minus, plus, start_of};
use domain::morning::{Listed, Morning};
use domain::standing::{Urgency, WEEK_DAYS};
use domain::task::{Stage, TaskRow};
use sea_orm::sea_query::{Condition, ExprTrait as _};
use sea_orm::{ColumnTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// Urgency, place within it, and the end in milliseconds: the smaller, the higher it stands.
type Place = (Urgency, u8, i64);

/// The list in which an urgency stands.
fn list_of(urgency: Urgency) -> Option<usize> {
    match urgency {
        Urgency::Late => Some(0),
        Urgency::Risk => Some(1),
        Urgency::Week | Urgency::Month => Some(2),
        Urgency::Calm => None,
    }
}

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
        let mine = || task::Column::AssigneeId.eq(self.who.person.0);
        let week = task::Column::CountsTo.lte(plus(self.who.today.day, WEEK_DAYS.unsigned_abs()));
        let others = Condition::any().add(task::Column::AssigneeId.is_null()).add(mine().not());
        let [cannot_sign, breaking, ending] = self.near_sets().await?;
        let late = || Condition::all().add(crate::tasks::lists::is_overdue(self.who.today.day));
        Ok(Morning {
            mine: self.listed_tasks(open().add(mine()).add(week), task::Column::CountsTo).await?,
            mine_late: self.find::<task::Entity>(Action::See).filter(late().add(mine())).count(&self.rows).await?,
            overdue: self.listed_tasks(late().add(others), task::Column::CountsTo).await?,
            unassigned: self
                .listed_tasks(open().add(task::Column::AssigneeId.is_null()), task::Column::CountsTo)
                .await?,
            waiting: self.listed_tasks(waiting, task::Column::WaitingSince).await?,
            cannot_sign,
            breaking,
            ending,
            long_ended: self.long_ended_count().await?,
            without_responsible: self.without_responsible().await?,
            old_keys: self.old_sets().await?,
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

    async fn without_responsible(&self) -> Result<u64> {
        if self.who.reach(Action::AssignClient) == Reach::Nothing {
            return Ok(0);
        }
        let led = crate::clients::cards::responsible_at_all(self.who.today.day);
        let present = self.find::<client::Entity>(Action::AssignClient).filter(client::Column::Archived.is_null());
        Ok(present.filter(client::Column::Id.not_in_subquery(led)).count(&self.rows).await?)
    }

    /// What cannot be used, what would break a filing, what ends within a month: sets, with whoever works on them.
    async fn near_sets(&self) -> Result<[Listed<CertificateRow>; 3]> {
        let (ends, away, tasks) = (self.soon_ends().await?, self.put_away().await?, self.tasks_by_certificate().await?);
        let filers = self.filers(ends.iter().map(|end| end.client_id)).await?;
        let long_ago = start_of(minus(self.who.today.day, LONG_DAYS)).timestamp_millis();
        // The worst that a certificate is to any of its clients.
        let mut worst: HashMap<Uuid, (Place, &LinkedEnd)> = HashMap::new();
        for end in ends.iter().filter(|end| !away.contains(&end.client_id) && end.counts(self)) {
            let (urgency, place) = end.judged(self, &filers);
            let ends = end.life().not_after.timestamp_millis();
            let here = match urgency {
                // What ended long ago stands below all that has just ended.
                Urgency::Late if ends < long_ago => (urgency, u8::MAX, ends),
                _ => (urgency, place, ends),
            };
            worst.entry(end.certificate_id).and_modify(|(there, _)| *there = here.min(*there)).or_insert((here, end));
        }
        let mut order: Vec<_> = worst.into_iter().map(|(id, (place, end))| (place, id, end)).collect();
        order.sort_unstable_by_key(|(place, id, _)| (*place, *id));
        let mut lists: [Vec<Vec<Uuid>>; 3] = Default::default();
        let mut there: HashMap<_, usize> = HashMap::new();
        for ((urgency, ..), id, end) in order {
            let Some(list) = list_of(urgency).and_then(|n| lists.get_mut(n)) else { continue };
            // Halves that differ in what has to be done about them stand apart, as the page shows them.
            let standing = format!("{:?}", end.life().standing(self.who.today));
            let at = there.entry((end.set(), urgency, tasks.get(&id), standing)).or_insert_with(|| {
                list.push(Vec::new());
                list.len() - 1
            });
            if let Some(set) = list.get_mut(*at) {
                set.push(id);
            }
        }
        self.described_lists(lists).await
    }

    /// The first lines of each list, read together.
    async fn described_lists(&self, lists: [Vec<Vec<Uuid>>; 3]) -> Result<[Listed<CertificateRow>; 3]> {
        let first = || lists.iter().flat_map(|sets| sets.iter().take(LINES as usize).flatten().copied());
        let these = certificate::Column::Id.is_in(first());
        let rows = self.find::<certificate::Entity>(Action::See).filter(these).all(&self.rows).await?;
        let rows = self.with_clients_and_tasks(rows.iter().map(certificate_row).collect()).await?;
        let mut rows: HashMap<Uuid, CertificateRow> = rows.into_iter().map(|row| (row.id.0, row)).collect();
        Ok(lists.map(|sets| Listed {
            rows: sets.iter().take(LINES as usize).flatten().filter_map(|id| rows.remove(id)).collect(),
            total: sets.len() as u64,
        }))
    }

    /// The open task of each certificate that has one.
    async fn tasks_by_certificate(&self) -> Result<HashMap<Uuid, Uuid>> {
        let worked_on = self
            .find::<task_certificate::Entity>(Action::See)
            .filter(task_certificate::Column::Open.eq(true))
            .select_only()
            .columns([task_certificate::Column::CertificateId, task_certificate::Column::TaskId]);
        Ok(worked_on.into_tuple::<(Uuid, Uuid)>().all(&self.rows).await?.into_iter().collect())
    }

    /// Clients that are put away.
    async fn put_away(&self) -> Result<HashSet<Uuid>> {
        let away = self
            .find::<client::Entity>(Action::See)
            .filter(client::Column::Archived.is_not_null())
            .select_only()
            .column(client::Column::Id);
        Ok(away.into_tuple::<Uuid>().all(&self.rows).await?.into_iter().collect())
    }

    async fn listed_tasks(&self, which: Condition, first: task::Column) -> Result<Listed<TaskRow>> {
        let query = self.find::<task::Entity>(Action::See).filter(which);
        let mut rows = query.clone().order_by_asc(first).limit(LINES + 1).all(&self.rows).await?;
        let total = if rows.len() as u64 > LINES { query.count(&self.rows).await? } else { rows.len() as u64 };
        rows.truncate(LINES as usize);
        Ok(Listed { rows: self.task_rows(rows).await?, total })
    }
}
