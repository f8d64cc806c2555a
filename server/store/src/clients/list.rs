//! The list of clients: one page by key, filtered and sorted in the database.

use crate::Result;
use crate::clients::cards::{contains, responsible_at_all, responsible_for, responsible_in_team};
use crate::clients::list_rows::Line;
use crate::clients::worst_end::{CALM, Ends, NEVER, Worst, level};
use crate::core::admitted::ScopedStore;
use crate::core::entity::client;
use crate::core::reach::everywhere;
use crate::core::whoever::FEW;
use domain::access::Action;
use domain::client::{ClientFilter, ClientRow, Page};
use domain::fold::find_fold;
use domain::standing::Urgency;
use sea_orm::sea_query::{Condition, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, IntoSimpleExpr as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait, Select,
};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Lines of one page.
const PAGE: u64 = 100;

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
        let (matching, few) = self.matching(filter).await?;
        let (mut lines, total) = if filter.by_name && filter.urgency.is_none() {
            self.lines_by_name(matching, filter, page).await?
        } else {
            self.lines_by_end(matching, few, filter, page).await?
        };
        let page = usize::try_from(page).unwrap_or(usize::MAX);
        let more = lines.len() > page;
        lines.truncate(page);
        let next = lines.last().filter(|_| more).map(|l| {
            let key = if filter.by_name { l.sort_name.clone() } else { l.worst.to_string() };
            format!("{}~{}", l.id, key)
        });
        Ok(Page { rows: self.filled(lines).await?, next, total })
    }

    /// Clients that are narrowed to, but for their urgency; named one by one where words leave only a few.
    async fn matching(&self, filter: &ClientFilter) -> Result<(Select<client::Entity>, Option<Vec<Uuid>>)> {
        let all = self.find::<client::Entity>(Action::See).filter(self.matches(filter));
        Ok(match self.clients_by_words(&filter.text).await? {
            Some(few) if few.len() <= FEW => (all.filter(client::Column::Id.is_in(few.iter().copied())), Some(few)),
            Some(_) => (all.filter(has_words(&filter.text)), None),
            None => (all, None),
        })
    }

    /// Lines in the order of names, one more than the page, and how many there are in all. Only of these lines are the
    /// ends looked at.
    async fn lines_by_name(
        &self,
        matching: Select<client::Entity>,
        filter: &ClientFilter,
        page: u64,
    ) -> Result<(Vec<Line>, i64)> {
        let ids = self.ids(behind(matching.clone(), filter).limit(page + 1), true).await?;
        let total = if ids.len() as u64 > page || filter.after.is_some() {
            matching.count(&self.rows).await?
        } else {
            ids.len() as u64
        };
        let mut ends = HashMap::new();
        for part in ids.chunks(FEW) {
            ends.extend(self.worst_ends(Ends::OfThese(part.to_vec())).await?);
        }
        Ok((self.client_lines(ids, &ends).await?, i64::try_from(total).unwrap_or(i64::MAX)))
    }

    /// Lines of an urgency, or in the order of their worst ends. The ends are asked for alone and put to their clients
    /// here: the database joins what it has counted badly while it does not know how much that is. Where those that need
    /// somebody soon fill the page, the many calm ends are not looked at.
    async fn lines_by_end(
        &self,
        matching: Select<client::Entity>,
        few: Option<Vec<Uuid>>,
        filter: &ClientFilter,
        page: u64,
    ) -> Result<(Vec<Line>, i64)> {
        let all = self.ids(matching.clone(), filter.by_name).await?;
        let calm_too = filter.urgency == Some(Urgency::Calm) || page > PAGE || begins_calm(filter);
        if few.is_none() && !calm_too && everywhere(&self.who, Action::See) {
            let ends = self.worst_ends(Ends::Soon).await?;
            let soon = Ordered { ends: &ends, filter, below: CALM };
            let lines = soon.first(&self.begun(&all, matching.clone(), filter).await?, page);
            if lines.len() as u64 > page || filter.urgency.is_some() {
                let mut lines = self.client_lines(lines, &ends).await?;
                self.count_certificates(&mut lines).await?;
                return Ok((lines, soon.total(&all)));
            }
        }
        let ends = self.worst_ends(few.map_or(Ends::All, Ends::OfThese)).await?;
        let every = Ordered { ends: &ends, filter, below: i64::MAX };
        let lines = every.first(&self.begun(&all, matching, filter).await?, page);
        Ok((self.client_lines(lines, &ends).await?, every.total(&all)))
    }

    /// Those of the clients from which a page goes on by name.
    async fn begun(&self, all: &[Uuid], matching: Select<client::Entity>, filter: &ClientFilter) -> Result<Vec<Uuid>> {
        if filter.by_name && filter.after.is_some() {
            self.ids(behind(matching, filter), true).await
        } else {
            Ok(all.to_vec())
        }
    }

    async fn ids(&self, clients: Select<client::Entity>, by_name: bool) -> Result<Vec<Uuid>> {
        let clients = if by_name {
            clients.order_by_asc(client::Column::SortName).order_by_asc(client::Column::Id)
        } else {
            clients
        };
        Ok(clients.select_only().column(client::Column::Id).into_tuple().all(&self.rows).await?)
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
            // Of the team are also the clients that one of it is responsible for.
            let led = responsible_in_team(team, self.who.today.day);
            all = all.add(client::Column::TeamId.eq(team.0).or(client::Column::Id.in_subquery(led)));
        }
        if filter.unassigned {
            all = all.add(client::Column::Id.not_in_subquery(responsible_at_all(self.who.today.day)));
        }
        if let Some(who) = filter.responsible {
            all = all.add(client::Column::Id.in_subquery(responsible_for(who, self.who.today.day)));
        }
        all
    }
}

/// Clients in whose own data, or in whose certificates', every word stands: a holder's name, a serial number.
fn has_words(text: &str) -> Condition {
    find_fold(text).split_whitespace().fold(Condition::all(), |all, word| {
        let own = contains(client::Column::Search.into_simple_expr(), word);
        all.add(Condition::any().add(own).add(contains(client::Column::Held.into_simple_expr(), word)))
    })
}

/// Clients that come behind the last line of the page before, in the order of names.
fn behind(clients: Select<client::Entity>, filter: &ClientFilter) -> Select<client::Entity> {
    let Some((name, id)) = &filter.after else { return clients };
    let same = client::Column::SortName.eq(name.as_str()).and(client::Column::Id.gt(id.0));
    clients.filter(client::Column::SortName.gt(name.as_str()).or(same))
}

/// The worst end of the last line of the page before.
fn last_end(filter: &ClientFilter) -> Option<(i64, Uuid)> {
    filter.after.as_ref().filter(|_| !filter.by_name).map(|(key, id)| (key.parse().unwrap_or(0), id.0))
}

fn begins_calm(filter: &ClientFilter) -> bool {
    last_end(filter).is_some_and(|(worst, _)| worst >= CALM)
}

/// Clients by their worst ends, as a list asks for them.
struct Ordered<'a> {
    ends: &'a HashMap<Uuid, Worst>,
    filter: &'a ClientFilter,
    /// Ends from this number on have not been looked at.
    below: i64,
}

impl Ordered<'_> {
    /// The first of the clients with one more than a page has.
    fn first(&self, clients: &[Uuid], page: u64) -> Vec<Uuid> {
        let mut found: Vec<(i64, Uuid)> = self.wanted(clients).filter(|(worst, _)| *worst < self.below).collect();
        if !self.filter.by_name {
            let last = last_end(self.filter);
            found.retain(|line| last.is_none_or(|last| *line > last));
            found.sort_unstable();
        }
        found.truncate(usize::try_from(page).map_or(usize::MAX, |page| page.saturating_add(1)));
        found.into_iter().map(|(_, id)| id).collect()
    }

    fn total(&self, clients: &[Uuid]) -> i64 {
        i64::try_from(self.wanted(clients).count()).unwrap_or(i64::MAX)
    }

    fn wanted(&self, clients: &[Uuid]) -> impl Iterator<Item = (i64, Uuid)> {
        let all = clients.iter().map(|id| (self.ends.get(id).map_or(NEVER, |end| end.worst), *id));
        all.filter(|(worst, _)| self.filter.urgency.is_none_or(|urgency| level(*worst) == urgency))
    }
}
