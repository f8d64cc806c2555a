//! Ends of certificates by day: the month, counts of a year, the first names of each day.

use crate::Result;
use crate::certificates::cards::client_join;
use crate::clients::cards::{not_replaced, responsible_for};
use crate::core::admitted::ScopedStore;
use crate::core::convert::{instant, purposes};
use crate::core::entity::{certificate, certificate_client, client};
use chrono::NaiveDate;
use domain::access::{Action, Reach};
use domain::calendar::{CalendarEntry, CalendarFilter, DayCount, DayEnds, LEVELS, StandingFilter};
use domain::certificate::HolderRole;
use domain::day::plus;
use domain::filing::{RISK_DAYS, Threat};
use domain::id::CertificateId;
use domain::reason::Reason;
use domain::standing::{Life, Urgency};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait as _, Func, Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, FromQueryResult, IntoSimpleExpr as _, JoinType, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// Entries of a day's cell.
const NAMES: usize = 3;
/// More ends than this are counted by the database, and only the first of each day are read.
const CROWD: u64 = 3_000;
/// Lines that are read of a crowded day to find its first sets.
const OF_CROWD: u64 = 24;

/// An end with the first of its clients.
#[derive(FromQueryResult)]
pub(crate) struct End {
    id: Uuid,
    last_day: NaiveDate,
    holder: String,
    purposes: String,
    roles: String,
    lineage: String,
    not_before: i64,
    not_after: i64,
    replaced_from: Option<i64>,
    lost_at: Option<i64>,
    lost_reason: Option<String>,
    revoked_at: Option<i64>,
    typed: bool,
    client: String,
    sort_name: String,
}

#[derive(FromQueryResult)]
struct Counted {
    last_day: NaiveDate,
    level: i32,
    n: i64,
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

    /// The days of a month that have ends, counted by sets, with the first names of each.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn month(&self, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Result<Arc<Vec<DayEnds>>> {
        self.remembered(self.own_key("month", from, to, filter), self.month_beyond(CROWD, from, to, filter)).await
    }

    /// Names what an answer about days depends on; whoever sees everything sees the same.
    pub(crate) fn own_key(&self, what: &str, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> String {
        let whose = if self.who.reach(Action::See) == Reach::Everything {
            None
        } else {
            Some((self.who.person, self.who.team))
        };
        format!("{what} {whose:?} {} {from} {to} {filter:?}", self.who.today.day)
    }

    /// The same with another limit beyond which the database counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn month_beyond(
        &self,
        crowd: u64,
        from: NaiveDate,
        to: NaiveDate,
        filter: &CalendarFilter,
    ) -> Result<Vec<DayEnds>> {
        if self.sees_all(filter) && self.many(2 * crowd, from, to, filter).await? {
            return self.crowded(from, to, filter).await;
        }
        let rows = self.ending(from, to, filter).limit(crowd + 1).into_model::<End>().all(&self.rows).await?;
        if rows.len() as u64 > crowd {
            return self.crowded(from, to, filter).await;
        }
        Ok(by_day(self.entries(rows, filter).await?))
    }

    /// The same where there are more ends than anybody reads: counted by the database, the first of each day read.
    async fn crowded(&self, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Result<Vec<DayEnds>> {
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
                .limit(OF_CROWD);
            let rows = first.into_model::<End>().all(&self.rows).await?;
            day.first =
                by_day(self.entries(rows, filter).await?).into_iter().next().map(|d| d.first).unwrap_or_default();
        }
        Ok(out.into_values().collect())
    }

    /// Sets by day and level between two days.
    async fn counted(&self, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Result<Vec<Counted>> {
        let (mut all, mut linked) =
            (self.of_all(from, to, filter).select_only(), self.ending(from, to, filter).select_only());
        let (distinct, day): (&mut SelectStatement, SimpleExpr) = if self.sees_all(filter) {
            (sea_orm::QueryTrait::query(&mut all), certificate::Column::LastDay.into_simple_expr())
        } else {
            (sea_orm::QueryTrait::query(&mut linked), certificate_client::Column::LastDay.into_simple_expr())
        };
        distinct
            .distinct()
            .expr_as(day, Alias::new("last_day"))
            .expr_as(self.level(), Alias::new("level"))
            .expr_as(certificate::Column::Lineage.into_simple_expr(), Alias::new("lineage"));
        let column = |name: &'static str| Expr::col((Alias::new("sets"), Alias::new(name)));
        let outer = Query::select()
            .expr_as(column("last_day"), Alias::new("last_day"))
            .expr_as(column("level"), Alias::new("level"))
            .expr_as(Func::count(Expr::col(sea_orm::sea_query::Asterisk)), Alias::new("n"))
            .from_subquery(distinct.to_owned(), Alias::new("sets"))
            .add_group_by([column("last_day"), column("level")])
            .to_owned();
        let rows = self.rows_of::<Counted>(&outer).await?;
        let wanted = filter.standing.and_then(level_of);
        Ok(rows.into_iter().filter(|r| wanted.is_none_or(|level| level == r.level)).collect())
    }

    /// How many sets end on each day, for the year strip and the heat map.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn day_counts(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        filter: &CalendarFilter,
    ) -> Result<Arc<Vec<DayCount>>> {
        let ask = async {
            let mut out: BTreeMap<NaiveDate, DayCount> = BTreeMap::new();
            for row in self.counted(from, to, filter).await? {
                let n = u32::try_from(row.n).unwrap_or(u32::MAX);
                let day = out.entry(row.last_day).or_insert(DayCount { day: row.last_day, total: 0, late: 0, risk: 0 });
                day.total += n;
                day.late += if row.level == 0 { n } else { 0 };
                day.risk += if row.level == 1 { n } else { 0 };
            }
            Ok(out.into_values().collect())
        };
        self.remembered(self.own_key("counts", from, to, filter), ask).await
    }

    /// Certificates that end between two days and are narrowed to, with the first of their clients that is seen.
    pub(crate) fn ending(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        filter: &CalendarFilter,
    ) -> Select<certificate_client::Entity> {
        self.find::<certificate_client::Entity>(Action::See)
            .join(JoinType::InnerJoin, client_join())
            .join(JoinType::InnerJoin, crate::core::joins::link_join().rev())
            .filter(certificate_client::Column::LastDay.between(from, to))
            .filter(client::Column::Archived.is_null())
            .filter(self.narrowed(filter))
            .select_only()
            .column_as(certificate::Column::Id, "id")
            .columns([certificate_client::Column::LastDay])
            .columns([certificate::Column::Holder, certificate::Column::Lineage, certificate::Column::Typed])
            .columns([certificate::Column::Purposes, certificate::Column::Roles])
            .columns([certificate::Column::NotBefore, certificate::Column::NotAfter, certificate::Column::ReplacedFrom])
            .columns([certificate::Column::LostAt, certificate::Column::LostReason, certificate::Column::RevokedAt])
            .column_as(client::Column::Name, "client")
            .column_as(client::Column::SortName, "sort_name")
    }

    /// Whether every certificate of present clients is meant: then none has to be looked up through its links.
    fn sees_all(&self, filter: &CalendarFilter) -> bool {
        let whole = filter.client.is_none() && filter.team.is_none() && filter.responsible.is_none();
        whole && self.who.reach(Action::See) == Reach::Everything
    }

    /// The same ends for whoever sees all, read along one index; certificates of archived clients alone are left out.
    fn of_all(&self, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Select<certificate::Entity> {
        let clients = |archived: bool| {
            let state = client::Column::Archived;
            let which = if archived { state.is_not_null() } else { state.is_null() };
            Query::select().column(client::Column::Id).from(client::Entity).and_where(which).to_owned()
        };
        let away = Query::select()
            .column(certificate_client::Column::CertificateId)
            .from(certificate_client::Entity)
            .and_where(certificate_client::Column::ClientId.in_subquery(clients(true)))
            .to_owned();
        let also_here = Query::select()
            .column(certificate_client::Column::CertificateId)
            .from(certificate_client::Entity)
            .and_where(certificate_client::Column::CertificateId.in_subquery(away.clone()))
            .and_where(certificate_client::Column::ClientId.in_subquery(clients(false)))
            .to_owned();
        let here = Condition::any()
            .add(certificate::Column::Id.not_in_subquery(away))
            .add(certificate::Column::Id.in_subquery(also_here));
        self.find::<certificate::Entity>(Action::See)
            .filter(certificate::Column::LastDay.between(from, to))
            .filter(self.narrowed(filter))
            .filter(here)
    }

    /// Whether there are more than this, counted no further.
    async fn many(&self, limit: u64, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Result<bool> {
        let some = self.of_all(from, to, filter).select_only().column(certificate::Column::Id).limit(limit + 1);
        Ok(some.count(&self.rows).await? > limit)
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
        let mut threats = self.threats(&near).await?;
        let mut out: Vec<_> = rows
            .into_iter()
            .map(|r| {
                let (threat, daily) = threats.remove(&r.id).unwrap_or_default();
                self.entry_of(r, threat, daily)
            })
            .collect();
        if let Some(wanted) = filter.standing.filter(|s| *s != StandingFilter::Replaced) {
            out.retain(|(_, _, e)| e.urgency.code() == wanted.code());
        }
        out.sort_by_key(|(place, _, e)| (e.day, e.urgency, *place));
        Ok(out.into_iter().map(|(_, lineage, e)| (lineage, e)).collect())
    }

    /// An end with its place within its level and its lineage.
    fn entry_of(&self, r: End, threat: Option<Threat>, daily: bool) -> (u8, String, CalendarEntry) {
        let life = Life {
            not_before: instant(r.not_before),
            not_after: instant(r.not_after),
            replaced_from: r.replaced_from.map(instant),
            lost: r.lost_at.zip(r.lost_reason.as_deref().and_then(Reason::parse)).map(|(at, why)| (instant(at), why)),
            revoked: r.revoked_at.map(instant),
            typed: r.typed,
        };
        let entry = CalendarEntry {
            certificate: CertificateId(r.id),
            day: r.last_day,
            client: r.client,
            holder: r.holder,
            urgency: life.urgency(self.who.today, threat.is_some()),
            threat,
            replaced: life.is_replaced(self.who.today),
            typed: r.typed,
        };
        let roles: Vec<_> = r.roles.split_whitespace().filter_map(HolderRole::parse).collect();
        (domain::certificate::place(&purposes(&r.purposes), &roles, daily), r.lineage, entry)
    }

    fn narrowed(&self, filter: &CalendarFilter) -> Condition {
        let now = self.now_ms();
        let mut all = Condition::all();
        all = all.add(if filter.standing == Some(StandingFilter::Replaced) {
            not_replaced(now).not()
        } else {
            not_replaced(now)
        });
        if let Some(client) = filter.client {
            all = all.add(certificate_client::Column::ClientId.eq(client.0));
        }
        if let Some(team) = filter.team {
            all = all.add(client::Column::TeamId.eq(team.0));
        }
        if let Some(purpose) = filter.purpose {
            all = all.add(certificate::Column::Purposes.contains(purpose.code()));
        }
        if let Some(who) = filter.responsible {
            all = all.add(certificate_client::Column::ClientId.in_subquery(responsible_for(who, self.who.today.day)));
        }
        all
    }

    pub(crate) fn of_standing(&self, standing: Option<StandingFilter>) -> Condition {
        match standing.and_then(level_of) {
            Some(level) => Condition::all().add(self.level().eq(level)),
            None => Condition::all(),
        }
    }
}

/// The place of a wanted standing in [`Urgency::ALL`].
fn level_of(standing: StandingFilter) -> Option<i32> {
    Urgency::ALL.iter().position(|u| u.code() == standing.code()).and_then(|n| i32::try_from(n).ok())
}

/// Entries in their order by day, a set once.
fn by_day(entries: Vec<(String, CalendarEntry)>) -> Vec<DayEnds> {
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
        if day.first.len() < NAMES {
            day.first.push(entry);
        }
    }
    out
}
