//! Finding by words: what can be found stands in memory for the whole office, and whoever asks is shown their part.

use super::find_index::Contents;
use crate::Result;
use crate::clients::alike::Alike;
use crate::core::admitted::ScopedStore;
use crate::core::entity::client;
use chrono::NaiveDate;
use domain::access::{Action, Reach};
use domain::day::minus;
use domain::find::{FindKind, Indexed, best, spellings};
use sea_orm::QuerySelect as _;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// Answers of one question.
const MOST: usize = 12;
/// Things of one kind that stand before those of others, and how many of the nearest are looked at for it.
const OF_KIND: usize = 4;
const LOOKED_AT: usize = 200;
/// Certificates that ended longer ago, in days, are found through their client.
const PAST_DAYS: u64 = 60;

/// Clients that somebody may see; all of them where nothing is named.
type Seen = Option<Arc<HashSet<Uuid>>>;

impl ScopedStore {
    /// Clients, certificates, tasks and staff by words, numbers or phones, the nearest first; typing errors are
    /// forgiven.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_anything(&self, asked: &str) -> Result<Vec<Indexed>> {
        let (seen, staff, alike) = tokio::try_join!(self.seen_clients(), self.staff_to_find(), self.alike())?;
        let index = self.store.index.renewed(&self.store.db).await?;
        let all = found_by(&index, &seen, minus(self.who.today.day, PAST_DAYS), self.now_ms()).chain(staff.iter());
        let near = mixed(best(all, asked, LOOKED_AT));
        Ok(near.into_iter().map(|thing| named(&index, &seen, &alike, thing)).collect())
    }

    /// Clients that may be seen and in whose data, or whose certificates', every word stands, as it was typed or as it may
    /// have been meant; with typing errors where nothing else is found. None where no word is said.
    pub(crate) async fn clients_by_words(&self, asked: &str) -> Result<Option<Vec<Uuid>>> {
        let spellings = spellings(asked);
        if spellings.iter().all(|text| text.trim().is_empty()) {
            return Ok(None);
        }
        let seen = self.seen_clients().await?;
        let index = self.store.index.renewed(&self.store.db).await?;
        let mine = || index.clients.iter().filter(|(id, _)| sees(&seen, id));
        for text in spellings.iter().filter(|text| !text.trim().is_empty()) {
            let words: Vec<&str> = text.split_whitespace().collect();
            let fits: Vec<Uuid> = mine().filter(|(_, client)| client.has(&words)).map(|(id, _)| *id).collect();
            if !fits.is_empty() {
                return Ok(Some(fits));
            }
        }
        let near = best(mine().map(|(_, client)| &client.indexed), asked, MOST);
        let meant = |found: &&Indexed| mine().find(|(_, client)| client.indexed.href == found.href).map(|(id, _)| *id);
        Ok(Some(near.iter().filter_map(meant).collect()))
    }

    async fn seen_clients(&self) -> Result<Seen> {
        if self.who.reach(Action::See) == Reach::Everything {
            return Ok(None);
        }
        let key = format!("seen clients {} {:?} {}", self.who.person, self.who.team, self.who.today.day);
        let ask = async {
            let ids = self.find::<client::Entity>(Action::See).select_only().column(client::Column::Id);
            Ok(ids.into_tuple::<Uuid>().all(&self.rows).await?.into_iter().collect())
        };
        self.remembered(key, ask).await.map(Some)
    }

    /// Colleagues, for those who give tasks to them.
    async fn staff_to_find(&self) -> Result<Arc<Vec<Indexed>>> {
        if self.who.reach(Action::AssignTask) == Reach::Nothing {
            return Ok(Arc::default());
        }
        let ask = async {
            let person = |p: &domain::person::Person| {
                let (by, href) = (format!("{} {}", p.name, p.email), format!("/staff/{}", p.id));
                Indexed::new(FindKind::Person, p.name.clone(), p.email.clone(), href, &by)
            };
            Ok(self.people().await?.iter().map(person).collect())
        };
        self.remembered("staff to find".into(), ask).await
    }
}

fn sees(seen: &Seen, client: &Uuid) -> bool {
    seen.as_ref().is_none_or(|seen| seen.contains(client))
}

/// The nearest things, each once. Many of one kind leave room for the others.
fn mixed(nearest: Vec<&Indexed>) -> Vec<&Indexed> {
    let mut once = HashSet::new();
    let nearest: Vec<&Indexed> = nearest.into_iter().filter(|thing| once.insert(thing.href.as_str())).collect();
    let mut of_kind: HashMap<FindKind, usize> = HashMap::new();
    let (mut first, rest): (Vec<_>, Vec<_>) = nearest.into_iter().enumerate().partition(|(_, thing)| {
        let count = of_kind.entry(thing.kind).or_default();
        *count += 1;
        *count <= OF_KIND
    });
    first.truncate(MOST);
    let room = MOST - first.len();
    first.extend(rest.into_iter().take(room));
    first.sort_unstable_by_key(|(place, _)| *place);
    first.into_iter().map(|(_, thing)| thing).collect()
}

/// A thing with the names of clients as the asker reads them: of a certificate the first that may be seen, unless it bears
/// the same name and nobody else does.
fn named(index: &Contents, seen: &Seen, alike: &Alike, thing: &Indexed) -> Indexed {
    let id = thing.href.rsplit('/').next().and_then(|id| id.parse().ok()).unwrap_or_default();
    let told = |client: &Uuid| Some(alike.named(*client, index.clients.get(client)?.indexed.title.clone()));
    let mut thing = thing.clone();
    match thing.kind {
        FindKind::Certificate => {
            let clients = index.certificates.get(&id).map(|c| &c.clients);
            let name = clients.into_iter().flatten().filter(|id| sees(seen, id)).find_map(told);
            thing.whose = name.filter(|name| *name != thing.title).unwrap_or_default();
        }
        FindKind::Task => {
            let mut clients = index.tasks.get(&id).into_iter().flat_map(|t| &t.by_client);
            let client = clients.find(|(client, by)| sees(seen, client) && by.title == thing.title);
            thing.title = client.and_then(|(client, _)| told(client)).unwrap_or(thing.title);
        }
        _ => {}
    }
    thing
}

/// What somebody may find: of certificates those that nothing stands in for and that did not end long ago.
fn found_by<'a>(
    index: &'a Contents,
    seen: &'a Seen,
    from: NaiveDate,
    now_ms: i64,
) -> impl Iterator<Item = &'a Indexed> + Clone {
    let of_seen = move |clients: &[Uuid]| clients.iter().any(|id| sees(seen, id));
    let clients = index.clients.iter().filter(move |(id, _)| sees(seen, id)).map(|(_, client)| &client.indexed);
    let certificates = index.certificates.values().filter(move |c| c.counts(from, now_ms) && of_seen(&c.clients));
    let tasks = index.tasks.values().flat_map(|t| &t.by_client).filter(move |(client, _)| sees(seen, client));
    clients.chain(certificates.map(|c| &c.indexed)).chain(tasks.map(|(_, indexed)| indexed))
}
