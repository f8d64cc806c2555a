//! The order of the list of clients, and where a page of it begins.

use crate::Result;
use crate::clients::worst_end::{CALM, Worst};
use crate::core::admitted::ScopedStore;
use crate::core::entity::client;
use crate::core::whoever::FEW;
use domain::access::Action;
use domain::client::{ClientFilter, ClientOrder};
use domain::fold::sort_key;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _};
use std::cmp::Ordering;
use std::collections::HashMap;
use uuid::Uuid;

/// The last line of the page before: what it is sorted by, and its client. No text: it has nothing to be sorted by.
pub struct Begun(String, Uuid);

impl Begun {
    pub fn after(filter: &ClientFilter) -> Option<Self> {
        filter.after.as_ref().map(|(key, id)| Self(key.clone(), id.0))
    }

    /// Whether, in the order of states, nobody has to do anything about what comes after it.
    pub fn is_calm(&self) -> bool {
        self.0.parse().map_or(true, |worst: i64| worst >= CALM)
    }
}

/// Clients in their order, with the last line's key.
pub struct Ordered {
    pub ids: Vec<Uuid>,
    keys: Vec<String>,
}

impl Ordered {
    /// The first lines behind `begun`, one more than a page has. What has nothing to be sorted by stands last, whichever
    /// way the rest is sorted.
    pub fn first(
        ids: Vec<Uuid>,
        keys: &HashMap<Uuid, String>,
        descending: bool,
        begun: Option<&Begun>,
        page: u64,
    ) -> Self {
        let order = |(a, x): &(&str, Uuid), (b, y): &(&str, Uuid)| {
            let by_key = if descending { b.cmp(a) } else { a.cmp(b) };
            let key = match (a.is_empty(), b.is_empty()) {
                (false, false) => by_key,
                (a, b) => a.cmp(&b),
            };
            key.then(x.cmp(y))
        };
        let of = |id: Uuid| (keys.get(&id).map_or("", String::as_str), id);
        let mut lines: Vec<(&str, Uuid)> = ids.into_iter().map(of).collect();
        if let Some(Begun(key, id)) = begun {
            lines.retain(|line| order(line, &(key, *id)) == Ordering::Greater);
        }
        lines.sort_unstable_by(order);
        lines.truncate(usize::try_from(page).map_or(usize::MAX, |page| page.saturating_add(1)));
        let (keys, ids) = lines.into_iter().map(|(key, id)| (key.to_owned(), id)).unzip();
        Self { ids, keys }
    }

    /// Cuts what is over the page; gives the key of the next one if there was something.
    pub fn cut(&mut self, page: usize) -> Option<String> {
        if self.ids.len() <= page {
            return None;
        }
        self.ids.truncate(page);
        let last = page.checked_sub(1)?;
        Some(format!("{}~{}", self.ids.get(last)?, self.keys.get(last)?))
    }
}

impl ScopedStore {
    /// What each client is sorted by, as a text that sorts so; none for a client that has nothing of the kind.
    pub(super) async fn order_keys(
        &self,
        order: ClientOrder,
        ids: &[Uuid],
        end: &impl Fn(&Uuid) -> Worst,
    ) -> Result<HashMap<Uuid, String>> {
        let padded = |n: i64| format!("{n:020}");
        let by_end = |key: fn(Worst) -> Option<i64>| {
            ids.iter().filter_map(|id| Some((*id, padded(key(end(id))?)))).collect::<HashMap<_, _>>()
        };
        Ok(match order {
            ClientOrder::State => by_end(|end| end.instant().map(|_| end.worst)),
            ClientOrder::End => by_end(Worst::instant),
            ClientOrder::Certificates => by_end(|end| Some(end.n)),
            ClientOrder::Name => self.client_texts(client::Column::SortName).await?,
            ClientOrder::Number => self.client_texts(client::Column::Number).await?,
            ClientOrder::Team => self.names_of_teams(ids).await?.into_iter().map(by_name).collect(),
            ClientOrder::Tasks => {
                let open = self.count_open_tasks(ids).await?;
                ids.iter().map(|id| (*id, padded(open.get(id).copied().unwrap_or(0)))).collect()
            }
            ClientOrder::Responsible => {
                self.responsible_of(ids).await?.into_iter().map(|(id, (_, name))| by_name((id, name))).collect()
            }
        })
    }

    async fn client_texts(&self, column: client::Column) -> Result<HashMap<Uuid, String>> {
        let rows = self.find::<client::Entity>(Action::See).select_only().columns([client::Column::Id, column]);
        Ok(rows.into_tuple::<(Uuid, String)>().all(&self.rows).await?.into_iter().collect())
    }

    /// The team of each client that has one.
    pub(super) async fn names_of_teams(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
        let teams: HashMap<Uuid, String> = self.teams().await?.iter().map(|t| (t.id.0, t.name.clone())).collect();
        let mut out = HashMap::new();
        for part in ids.chunks(FEW) {
            let rows = self
                .find::<client::Entity>(Action::See)
                .filter(client::Column::Id.is_in(part.iter().copied()))
                .filter(client::Column::TeamId.is_not_null())
                .select_only()
                .columns([client::Column::Id, client::Column::TeamId])
                .into_tuple::<(Uuid, Uuid)>()
                .all(&self.rows)
                .await?;
            out.extend(rows.into_iter().filter_map(|(id, team)| Some((id, teams.get(&team)?.clone()))));
        }
        Ok(out)
    }
}

fn by_name((id, name): (Uuid, String)) -> (Uuid, String) {
    (id, sort_key(&name))
}
