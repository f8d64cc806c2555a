//! Ends counted by the database: by day and level.

use crate::Result;
use crate::calendar::ends::levels_of;
use crate::core::admitted::ScopedStore;
use crate::core::entity::{certificate, certificate_client, client};
use chrono::NaiveDate;
use domain::access::{Action, Reach};
use domain::calendar::{CalendarFilter, DayCount};
use sea_orm::sea_query::{Alias, Condition, Expr, Func, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, FromQueryResult, IntoSimpleExpr as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _,
    Select,
};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(FromQueryResult)]
pub(super) struct Counted {
    pub(super) last_day: NaiveDate,
    pub(super) level: i32,
    pub(super) n: i64,
}

impl ScopedStore {
    /// Sets by day and level between two days.
    pub(super) async fn counted(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        filter: &CalendarFilter,
    ) -> Result<Vec<Counted>> {
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
        let wanted = filter.standing.map(levels_of);
        Ok(rows.into_iter().filter(|r| wanted.as_ref().is_none_or(|levels| levels.contains(&r.level))).collect())
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

    /// Whether every certificate of present clients is meant: then none has to be looked up through its links.
    pub(super) fn sees_all(&self, filter: &CalendarFilter) -> bool {
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
    pub(super) async fn many(
        &self,
        limit: u64,
        from: NaiveDate,
        to: NaiveDate,
        filter: &CalendarFilter,
    ) -> Result<bool> {
        let some = self.of_all(from, to, filter).select_only().column(certificate::Column::Id).limit(limit + 1);
        Ok(some.count(&self.rows).await? > limit)
    }
}
