//! Open tasks by day: those that are agreed with the owner by their time, then those that are due.

use crate::Result;
use crate::certificates::cards::client_join;
use crate::clients::cards::task_join as part_join;
use crate::core::admitted::ScopedStore;
use crate::core::convert::instant;
use crate::core::entity::{certificate_client, client, task};
use crate::core::joins::task_join;
use chrono::NaiveDate;
use domain::access::Action;
use domain::calendar::{CalendarFilter, DayTask, DayTasks};
use domain::day::{day_in_kazakhstan, plus, start_of};
use domain::id::TaskId;
use sea_orm::sea_query::{Condition, ExprTrait as _};
use sea_orm::{ColumnTrait as _, FromQueryResult, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// An open task with the first of its clients that is seen.
#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    due: NaiveDate,
    agreed_at: Option<i64>,
    revision: i32,
    client: String,
    client_id: Uuid,
}

impl ScopedStore {
    /// The days between two that have open tasks, with the first `lines` of each.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tasks_by_day(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        filter: &CalendarFilter,
        lines: usize,
    ) -> Result<Arc<Vec<DayTasks>>> {
        let key = format!("{} {lines}", self.own_key("tasks by day", from, to, filter));
        self.remembered(key, self.ask_tasks_by_day(from, to, filter, lines)).await
    }

    async fn ask_tasks_by_day(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        filter: &CalendarFilter,
        lines: usize,
    ) -> Result<Vec<DayTasks>> {
        let [start, end] = [from, plus(to, 1)].map(|day| start_of(day).timestamp_millis());
        let agreed = task::Column::AgreedAt.gte(start).and(task::Column::AgreedAt.lt(end));
        let mut rows = self
            .find::<certificate_client::Entity>(Action::See)
            .join(JoinType::InnerJoin, client_join())
            .join(JoinType::InnerJoin, part_join())
            .join(JoinType::InnerJoin, task_join())
            .filter(task::Column::Open.eq(true))
            .filter(Condition::any().add(task::Column::Due.between(from, to)).add(agreed));
        if let Some(client) = filter.client {
            rows = rows.filter(certificate_client::Column::ClientId.eq(client.0));
        }
        if let Some(team) = filter.team {
            rows = rows.filter(client::Column::TeamId.eq(team.0));
        }
        if let Some(who) = filter.responsible {
            rows = rows.filter(task::Column::AssigneeId.eq(who.0));
        }
        let mut rows: Vec<Row> = rows
            .select_only()
            .columns([task::Column::Id, task::Column::Due, task::Column::AgreedAt, task::Column::Revision])
            .column_as(client::Column::Name, "client")
            .column_as(client::Column::Id, "client_id")
            .order_by_asc(client::Column::SortName)
            .order_by_asc(client::Column::Id)
            .into_model()
            .all(&self.rows)
            .await?;
        let alike = self.alike().await?;
        for row in &mut rows {
            row.client = alike.named(row.client_id, std::mem::take(&mut row.client));
        }
        Ok(by_day(rows, (from, to), lines))
    }
}

/// Each task on the day that is agreed, and on the day it is due if that is another one.
fn by_day(rows: Vec<Row>, (from, to): (NaiveDate, NaiveDate), lines: usize) -> Vec<DayTasks> {
    let mut days: BTreeMap<NaiveDate, Vec<DayTask>> = BTreeMap::new();
    let mut seen = HashSet::new();
    for row in rows.into_iter().filter(|row| seen.insert(row.id)) {
        let agreed = row.agreed_at.map(instant);
        let agreed_day = agreed.map(day_in_kazakhstan);
        let entry = |at| DayTask { task: TaskId(row.id), client: row.client.clone(), at, revision: row.revision };
        if let Some(day) = agreed_day.filter(|day| (from..=to).contains(day)) {
            days.entry(day).or_default().push(entry(agreed));
        }
        if agreed_day != Some(row.due) && (from..=to).contains(&row.due) {
            days.entry(row.due).or_default().push(entry(None));
        }
    }
    let cut = |(day, mut first): (NaiveDate, Vec<DayTask>)| {
        // What has a time first; the rest stands in the order of clients.
        first.sort_by_key(|task| (task.at.is_none(), task.at));
        let total = u32::try_from(first.len()).unwrap_or(u32::MAX);
        first.truncate(lines);
        DayTasks { day, total, first }
    };
    days.into_iter().map(cut).collect()
}
