//! Ends of certificates by day: the month with the first names of each day.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::convert::{LifeRow, purposes, roles};
use crate::core::entity::{certificate, client};
use chrono::NaiveDate;
use domain::calendar::{CalendarEntry, CalendarFilter, DayEnds, LEVELS, StandingFilter};
use domain::day::plus;
use domain::filing::{RISK_DAYS, Threat};
use domain::id::CertificateId;
use domain::standing::Urgency;
use sea_orm::sea_query::Order;
use sea_orm::{FromQueryResult, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// More ends than this are counted by the database, and only the first of each day are read.
const CROWD: u64 = 3_000;
/// Lines that are read of a crowded day to find each of its first sets.
const OF_CROWD: u64 = 8;

/// An end with the first of its clients.
#[derive(FromQueryResult)]
pub(crate) struct End {
    id: Uuid,
    last_day: NaiveDate,
    holder: String,
    purposes: String,
    roles: String,
    lineage: String,
    #[sea_orm(nested)]
    life: LifeRow,
    client: String,
    client_id: Uuid,
    sort_name: String,
}

impl ScopedStore {
    /// Ends between two days, both included: every certificate; of each day the most urgent first, then by client.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ends(&self, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Result<Vec<CalendarEntry>> {
        let rows = self.ending(from, to, filter).into_model::<End>().all(&self.rows).await?;
        Ok(self.entries(rows, filter).await?.into_iter().map(|(_, e)| e).collect())
    }

    /// The days between two that have ends, counted by sets, with the first `names` of each.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ends_by_day(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        filter: &CalendarFilter,
        names: usize,
    ) -> Result<Arc<Vec<DayEnds>>> {
        let key = format!("{} {names}", self.own_key("month", from, to, filter));
        self.remembered(key, self.ends_beyond(CROWD, from, to, filter, names)).await
    }

    /// The same with another limit beyond which the database counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ends_beyond(
        &self,
        crowd: u64,
        from: NaiveDate,
        to: NaiveDate,
        filter: &CalendarFilter,
        names: usize,
    ) -> Result<Vec<DayEnds>> {
        if self.sees_all(filter) && self.many(2 * crowd, from, to, filter).await? {
            return self.crowded(from, to, filter, names).await;
        }
        let rows = self.ending(from, to, filter).limit(crowd + 1).into_model::<End>().all(&self.rows).await?;
        if rows.len() as u64 > crowd {
            return self.crowded(from, to, filter, names).await;
        }
        Ok(by_day(self.entries(rows, filter).await?, names))
    }

    /// The same where there are more ends than anybody reads: counted by the database, the first of each day read.
    async fn crowded(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        filter: &CalendarFilter,
        names: usize,
    ) -> Result<Vec<DayEnds>> {
        let mut out: BTreeMap<NaiveDate, DayEnds> = BTreeMap::new();
        for row in self.counted(from, to, filter).await? {
            let day = out.entry(row.last_day).or_insert(DayEnds {
                day: row.last_day,
                counts: [0; LEVELS],
                first: Vec::new(),
            });
            if let Some(count) = usize::try_from(row.level).ok().and_then(|level| day.counts.get_mut(level)) {
                *count = u32::try_from(row.n).unwrap_or(u32::MAX);
            }
        }
        for day in out.values_mut() {
            let first = self
                .ending(day.day, day.day, filter)
                .filter(self.of_standing(filter.standing))
                .order_by(self.level(), Order::Asc)
                .order_by(crate::calendar::urgency::place(), Order::Asc)
                .order_by_asc(client::Column::SortName)
                .order_by_asc(certificate::Column::Id)
                .limit(OF_CROWD * names as u64);
            let rows = first.into_model::<End>().all(&self.rows).await?;
            day.first = by_day(self.entries(rows, filter).await?, names)
                .into_iter()
                .next()
                .map(|d| d.first)
                .unwrap_or_default();
        }
        Ok(out.into_values().collect())
    }

    /// Rows as entries with their lineage, each certificate once, in the order of the calendar.
    pub(crate) async fn entries(
        &self,
        mut rows: Vec<End>,
        filter: &CalendarFilter,
    ) -> Result<Vec<(String, CalendarEntry)>> {
        rows.sort_by(|a, b| (a.last_day, &a.sort_name, a.id).cmp(&(b.last_day, &b.sort_name, b.id)));
        let mut seen = HashSet::new();
        rows.retain(|r| seen.insert(r.id));
        let until = plus(self.who.today.day, RISK_DAYS.unsigned_abs());
        let near: Vec<(Uuid, NaiveDate)> = match filter.standing {
            Some(StandingFilter::Replaced) => Vec::new(),
            _ => rows.iter().filter(|r| r.last_day <= until).map(|r| (r.id, r.last_day)).collect(),
        };
        let (mut threats, alike) = tokio::try_join!(self.threats(&near), self.alike())?;
        let mut out: Vec<_> = rows
            .into_iter()
            .map(|mut r| {
                r.client = alike.named(r.client_id, r.client);
                let (threat, daily) = threats.remove(&r.id).unwrap_or_default();
                self.entry_of(r, threat, daily)
            })
            .collect();
        out.retain(|(_, _, e)| filter.standing.is_none_or(|wanted| wanted.takes(e.urgency)));
        out.sort_by_key(|(place, _, e)| (e.day, e.urgency, *place));
        Ok(out.into_iter().map(|(_, lineage, e)| (lineage, e)).collect())
    }

    /// An end with its place within its level and its lineage.
    fn entry_of(&self, r: End, threat: Option<Threat>, daily: bool) -> (u8, String, CalendarEntry) {
        let life = r.life.life();
        let entry = CalendarEntry {
            certificate: CertificateId(r.id),
            day: r.last_day,
            client: r.client,
            holder: r.holder,
            urgency: life.urgency(self.who.today, threat.is_some()),
            threat,
            replaced: life.is_replaced(self.who.today),
            typed: life.typed,
        };
        (domain::certificate::place(&purposes(&r.purposes), &roles(&r.roles), daily), r.lineage, entry)
    }
}

/// Entries in their order by day, a set once.
fn by_day(entries: Vec<(String, CalendarEntry)>, names: usize) -> Vec<DayEnds> {
    let mut out: Vec<DayEnds> = Vec::new();
    let mut seen = HashSet::new();
    for (lineage, entry) in entries {
        if !seen.insert((entry.day, lineage, entry.urgency)) {
            continue;
        }
        if out.last().is_none_or(|d| d.day != entry.day) {
            out.push(DayEnds { day: entry.day, counts: [0; LEVELS], first: Vec::new() });
        }
        let Some(day) = out.last_mut() else { continue };
        let level = Urgency::ALL.iter().position(|u| *u == entry.urgency).unwrap_or(LEVELS - 1);
        if let Some(count) = day.counts.get_mut(level) {
            *count += 1;
        }
        if day.first.len() < names {
            day.first.push(entry);
        }
    }
    out
}
