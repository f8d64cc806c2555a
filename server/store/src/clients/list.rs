//! The list of clients: one page by key, filtered and sorted in the database.

use crate::Result;
use crate::clients::cards::{contains, holds, not_replaced, person_join, responsible_for, task_join};
use crate::clients::worst_end::{NEVER, of_urgency, read, sort_value};
use crate::core::admitted::ScopedStore;
use crate::core::entity::{assignment, certificate, certificate_client, client, person, task_certificate};
use crate::core::reach::within;
use chrono::NaiveDate;
use domain::access::Action;
use domain::calendar::LEVELS;
use domain::client::{ClientFilter, ClientRow, Page};
use domain::day::{plus, start_of};
use domain::filing::{RISK_DAYS, Threat, threat};
use domain::fold::fold;
use domain::id::ClientId;
use domain::person::Part;
use domain::standing::{MONTH_DAYS, Urgency, WEEK_DAYS};
use sea_orm::sea_query::{
    Alias, CaseStatement, Condition, Expr, ExprTrait as _, Func, Order, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{
    ColumnTrait as _, FromQueryResult, IntoSimpleExpr as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait,
};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Lines of one page.
const PAGE: u64 = 100;
/// Clients that are named one by one in a statement.
const FEW: usize = 500;

#[derive(FromQueryResult)]
struct Line {
    id: Uuid,
    name: String,
    number: String,
    archived: Option<i64>,
    sort_name: String,
    worst: i64,
    certificates: i64,
}

impl ScopedStore {
    /// One page of the list.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clients(&self, filter: &ClientFilter) -> Result<Arc<Page<ClientRow>>> {
        let key = format!("clients {} {:?} {} {filter:?}", self.who.person, self.who.team, self.who.today.day);
        self.remembered(key, self.some_clients(filter, PAGE)).await
    }

    /// The same for a file, so many lines at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn some_clients(&self, filter: &ClientFilter, page: u64) -> Result<Page<ClientRow>> {
        let db = &self.rows;
        let mut matching = self.find::<client::Entity>(Action::See).filter(self.matches(filter));
        let mut nearest = self.nearest();
        let by_words = self.clients_by_words(&filter.text).await?;
        match by_words {
            Some(few) if few.len() <= FEW => {
                matching = matching.filter(client::Column::Id.is_in(few.iter().copied()));
                nearest.and_where(certificate_client::Column::ClientId.is_in(few));
            }
            Some(_) => matching = matching.filter(has_words(&filter.text)),
            None => {}
        }
        let worst = || Func::coalesce([Expr::col((Alias::new("nearest"), Alias::new("worst"))), Expr::val(NEVER)]);
        let mut query = matching.clone();
        QueryTrait::query(&mut query).join_subquery(
            sea_orm::JoinType::LeftJoin,
            nearest,
            Alias::new("nearest"),
            Expr::col((Alias::new("nearest"), Alias::new("client_id"))).equals((client::Entity, client::Column::Id)),
        );
        // What is only counted needs no ends, unless it is narrowed by them.
        let mut counted = if filter.urgency.is_some() { query.clone() } else { matching };
        if let Some(urgency) = filter.urgency {
            query = query.filter(of_urgency(worst().into(), urgency));
            counted = counted.filter(of_urgency(worst().into(), urgency));
        }
        if let Some((key, id)) = &filter.after {
            query = query.filter(after(filter.by_name, key, *id, worst().into()));
        }
        let mut query = query
            .select_only()
            .columns([
                client::Column::Id,
                client::Column::Name,
                client::Column::Number,
                client::Column::Archived,
                client::Column::SortName,
            ])
            .expr_as(worst(), "worst")
            .expr_as(
                Func::coalesce([Expr::col((Alias::new("nearest"), Alias::new("n"))), Expr::val(0i64)]),
                "certificates",
            );
        query = if filter.by_name {
            query.order_by_asc(client::Column::SortName)
        } else {
            query.order_by(Expr::from(worst()), Order::Asc)
        };
        let mut lines = query.order_by_asc(client::Column::Id).limit(page + 1).into_model::<Line>().all(db).await?;
        let more = lines.len() as u64 > page;
        let total = if more || filter.after.is_some() { counted.count(db).await? } else { lines.len() as u64 };
        let total = i64::try_from(total).unwrap_or(i64::MAX);
        lines.truncate(usize::try_from(page).unwrap_or(usize::MAX));
        let next = lines.last().filter(|_| more).map(|l| {
            let key = if filter.by_name { l.sort_name.clone() } else { l.worst.to_string() };
            format!("{}~{}", l.id, key)
        });
        Ok(Page { rows: self.filled(lines).await?, next, total })
    }

    /// What the list is narrowed to, besides words and urgency.
    fn matches(&self, filter: &ClientFilter) -> Condition {
        let mut all = Condition::all();
        all = all.add(if filter.archived {
            client::Column::Archived.is_not_null()
        } else {
            client::Column::Archived.is_null()
        });
        if filter.ungrounded {
            let ids = QueryTrait::into_query(self.without_ground().select_only().column(client::Column::Id));
            all = all.add(client::Column::Id.in_subquery(ids));
        }
        if let Some(code) = &filter.filing {
            all = all.add(client::Column::Id.in_subquery(crate::clients::filings::having(code)));
        }
        if let Some(team) = filter.team {
            all = all.add(client::Column::TeamId.eq(team.0));
        }
        if let Some(who) = filter.responsible {
            all = all.add(client::Column::Id.in_subquery(responsible_for(who, self.who.today.day)));
        }
        all
    }

    /// For each client the worst of its certificates that nothing replaced: level, place, instant of the end.
    fn nearest(&self) -> SelectStatement {
        let now = self.now_ms();
        let level = || self.level_with(self.breaks_of_link());
        let [.., risk] = self.bounds();
        let end = || Expr::col((certificate::Entity, certificate::Column::NotAfter));
        let calm = || sort_value(Expr::val(LEVELS as i64 - 1), Expr::val(0), end());
        // Most certificates are sound and far from their end: they need no closer look.
        let worst = CaseStatement::new()
            .case(Condition::all().add(end().gte(risk)).add(crate::calendar::urgency::broken().not()), calm())
            .case(level().eq(LEVELS as i64 - 1), calm())
            .finally(sort_value(level(), crate::calendar::urgency::place(), end()));
        Query::select()
            .column(certificate_client::Column::ClientId)
            .expr_as(Expr::expr(worst).min(), Alias::new("worst"))
            .expr_as(Expr::col((certificate::Entity, certificate::Column::Id)).count(), Alias::new("n"))
            .from(certificate_client::Entity)
            .inner_join(
                certificate::Entity,
                Expr::col((certificate::Entity, certificate::Column::Id))
                    .equals((certificate_client::Entity, certificate_client::Column::CertificateId)),
            )
            .cond_where(not_replaced(now))
            .cond_where(within(certificate_client::Column::ClientId.into_simple_expr(), &self.who, Action::See))
            .group_by_col(certificate_client::Column::ClientId)
            .to_owned()
    }

    /// The first instants (ms) that are no longer late, of the week, of the month, of what a filing can raise.
    pub(crate) fn bounds(&self) -> [i64; 4] {
        let after =
            |days: i64| start_of(plus(self.who.today.day, u64::try_from(days + 1).unwrap_or(0))).timestamp_millis();
        [self.now_ms(), after(WEEK_DAYS), after(MONTH_DAYS), after(RISK_DAYS)]
    }

    /// What the worst end of each client breaks, where it is at risk.
    async fn threats_of(&self, lines: &[Line]) -> Result<HashMap<Uuid, Threat>> {
        let at_risk: Vec<(Uuid, NaiveDate)> = lines
            .iter()
            .filter_map(|l| read(l.worst).filter(|(_, u)| *u == Urgency::Risk).map(|(day, _)| (l.id, day)))
            .collect();
        if at_risk.is_empty() {
            return Ok(HashMap::new());
        }
        let (filings, off) = (self.filings().await?, self.days_off().await?);
        let codes = self.codes_of(&at_risk.iter().map(|(id, _)| *id).collect::<Vec<_>>()).await?;
        let of = |(id, day): (Uuid, NaiveDate)| Some((id, threat(&filings, codes.get(&id)?, day, &off)?));
        Ok(at_risk.into_iter().filter_map(of).collect())
    }

    /// Adds the responsible and the open tasks to the lines of one page, a statement each.
    async fn filled(&self, lines: Vec<Line>) -> Result<Vec<ClientRow>> {
        let ids: Vec<Uuid> = lines.iter().map(|l| l.id).collect();
        let responsible = self.responsible_of(&ids).await?;
        let mut threats = self.threats_of(&lines).await?;
        let open: HashMap<Uuid, i64> = self
            .find::<certificate_client::Entity>(Action::See)
            .filter(certificate_client::Column::ClientId.is_in(ids))
            .join(sea_orm::JoinType::InnerJoin, task_join())
            .filter(task_certificate::Column::Open.eq(true))
            .select_only()
            .column(certificate_client::Column::ClientId)
            .expr(Expr::col((task_certificate::Entity, task_certificate::Column::TaskId)).count_distinct())
            .group_by(certificate_client::Column::ClientId)
            .into_tuple::<(Uuid, i64)>()
            .all(&self.rows)
            .await?
            .into_iter()
            .collect();
        Ok(lines
            .into_iter()
            .map(|l| ClientRow {
                id: ClientId(l.id),
                responsible: responsible.get(&l.id).map(|(_, name)| name.clone()),
                open_tasks: open.get(&l.id).copied().unwrap_or(0),
                next: read(l.worst),
                threat: threats.remove(&l.id),
                name: l.name,
                number: l.number,
                archived: l.archived.is_some(),
                certificates: l.certificates,
            })
            .collect())
    }

    /// Today's responsible of each client.
    pub(crate) async fn responsible_of(&self, clients: &[Uuid]) -> Result<HashMap<Uuid, (Uuid, String)>> {
        let rows: Vec<(Uuid, Uuid, String)> = self
            .find::<assignment::Entity>(Action::See)
            .filter(assignment::Column::ClientId.is_in(clients.iter().copied()))
            .filter(assignment::Column::Part.eq(Part::Responsible.code()))
            .filter(holds(self.who.today.day))
            .join(sea_orm::JoinType::InnerJoin, person_join())
            .filter(person::Column::Active.eq(true))
            // Cover that began later stands in for who was there before.
            .order_by_asc(assignment::Column::FromDay)
            .select_only()
            .column(assignment::Column::ClientId)
            .column_as(person::Column::Id, "person_id")
            .column_as(person::Column::Name, "name")
            .into_tuple()
            .all(&self.rows)
            .await?;
        Ok(rows.into_iter().map(|(client, id, name)| (client, (id, name))).collect())
    }
}

/// Clients in whose own data, or in whose certificates', every word stands: a holder's name, a serial number.
fn has_words(text: &str) -> Condition {
    fold(text).split_whitespace().fold(Condition::all(), |all, word| {
        let own = contains(client::Column::Search.into_simple_expr(), word);
        all.add(Condition::any().add(own).add(contains(client::Column::Held.into_simple_expr(), word)))
    })
}

fn after(by_name: bool, key: &str, id: ClientId, worst: SimpleExpr) -> Condition {
    let (greater, same) = if by_name {
        (client::Column::SortName.gt(key), client::Column::SortName.eq(key))
    } else {
        let key: i64 = key.parse().unwrap_or(0);
        (worst.clone().gt(key), worst.eq(key))
    };
    Condition::any().add(greater).add(Condition::all().add(same).add(client::Column::Id.gt(id.0)))
}
