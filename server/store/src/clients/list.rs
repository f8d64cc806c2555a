//! The list of clients: one page by key, narrowed in the database, in the order of any of its headings.

use crate::Result;
use crate::clients::cards::{contains, responsible_at_all, responsible_for, responsible_in_team};
use crate::clients::list_order::{Begun, Ordered};
use crate::clients::worst_end::{CALM, Ends, Worst, level};
use crate::core::admitted::ScopedStore;
use crate::core::entity::client;
use crate::core::reach::everywhere;
use crate::core::whoever::FEW;
use domain::access::Action;
use domain::calendar::LEVELS;
use domain::client::{ClientFilter, ClientList, ClientOrder};
use domain::fold::find_fold;
use domain::standing::Urgency;
use sea_orm::sea_query::{Condition, ExprTrait as _};
use sea_orm::{ColumnTrait as _, IntoSimpleExpr as _, QueryFilter as _, QuerySelect as _, QueryTrait, Select};
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
    pub async fn clients(&self, filter: &ClientFilter) -> Result<Arc<ClientList>> {
        let key = format!("clients {} {:?} {} {filter:?}", self.who.person, self.who.team, self.who.today.day);
        self.remembered(key, self.some_clients(filter, PAGE)).await
    }

    /// The same for a file, so many lines at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn some_clients(&self, filter: &ClientFilter, page: u64) -> Result<ClientList> {
        let (matching, few) = self.matching(filter).await?;
        let all =
            async { Ok(matching.select_only().column(client::Column::Id).into_tuple::<Uuid>().all(&self.rows).await?) };
        let wide = few.is_none() && everywhere(&self.who, Action::See);
        // The many calm ends are not looked at where those that need somebody soon say enough.
        let mut soon = wide && !calm_counts(filter, page);
        let looked_at = if soon { Ends::Soon } else { few.map_or(Ends::All, Ends::OfThese) };
        let (all, mut ends) = tokio::try_join!(all, self.worst_ends(looked_at))?;
        let levels = counted(&all, &ends);
        let mut first = self.first_lines(&all, &ends, filter, page, soon).await?;
        let short = first.ids.len() as u64 <= page && filter.urgency.is_none_or(|urgency| urgency == Urgency::Calm);
        if soon && short && filter.order == ClientOrder::State {
            (soon, ends) = (false, self.worst_ends(Ends::All).await?);
            first = self.first_lines(&all, &ends, filter, page, soon).await?;
        }
        let next = first.cut(usize::try_from(page).unwrap_or(usize::MAX));
        if soon {
            ends = self.worst_ends_of(&first.ids).await?;
        }
        let total = match filter.urgency {
            Some(urgency) => Urgency::ALL.iter().zip(levels).filter(|(u, _)| **u == urgency).map(|(_, n)| n).sum(),
            None => i64::try_from(all.len()).unwrap_or(i64::MAX),
        };
        Ok(ClientList { rows: self.client_lines(first.ids, &ends).await?, next, total, levels })
    }

    /// The first of the clients in the order that is asked for, one more than the page has.
    async fn first_lines(
        &self,
        all: &[Uuid],
        ends: &HashMap<Uuid, Worst>,
        filter: &ClientFilter,
        page: u64,
        soon: bool,
    ) -> Result<Ordered> {
        let of = |id: &Uuid| ends.get(id).copied().unwrap_or(Worst::NONE);
        let by_state = filter.order == ClientOrder::State;
        let wanted = all.iter().filter(|id| filter.urgency.is_none_or(|urgency| level(of(id).worst) == urgency));
        let ids: Vec<Uuid> = wanted.filter(|id| !(soon && by_state) || of(id).worst < CALM).copied().collect();
        let keys = self.order_keys(filter.order, &ids, &of).await?;
        let begun = Begun::after(filter);
        Ok(Ordered::first(ids, &keys, filter.descending, begun.as_ref(), page))
    }

    /// The worst ends of a page's clients.
    async fn worst_ends_of(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Worst>> {
        let mut ends = HashMap::new();
        for part in ids.chunks(FEW) {
            ends.extend(self.worst_ends(Ends::OfThese(part.to_vec())).await?);
        }
        Ok(ends)
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

/// How many clients there are of each urgency, in the order of [`Urgency::ALL`].
fn counted(all: &[Uuid], ends: &HashMap<Uuid, Worst>) -> [i64; LEVELS] {
    let mut levels = [0; LEVELS];
    for id in all {
        let of = level(ends.get(id).copied().unwrap_or(Worst::NONE).worst);
        if let Some(n) = Urgency::ALL.iter().position(|u| *u == of).and_then(|n| levels.get_mut(n)) {
            *n += 1;
        }
    }
    levels
}

/// Whether calm ends have to be looked at to know which lines come first.
fn calm_counts(filter: &ClientFilter, page: u64) -> bool {
    match filter.order {
        ClientOrder::End | ClientOrder::Certificates => true,
        ClientOrder::State => {
            let calm = filter.urgency == Some(Urgency::Calm);
            calm || filter.descending || page > PAGE || Begun::after(filter).is_some_and(|begun| begun.is_calm())
        }
        _ => false,
    }
}
