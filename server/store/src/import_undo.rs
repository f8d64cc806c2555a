//! Undoing a whole import within a day: what nobody has worked with since goes, the rest stays and is named.

use crate::admitted::Shelf;
use crate::convert::{instant, json, to_json};
use crate::deed::Deed;
use crate::entity::{assignment, certificate, certificate_client, certificate_file, client, import_made, task, task_certificate};
use crate::scope::find_whoever_asks;
use crate::{Result, held, succession};
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::id::{CertificateId, ClientId, DraftId};
use domain::import::{KeptWhy, RecentImport, UNDO_HOURS, Undone};
use domain::refusal::Refusal;
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{ColumnTrait as _, EntityTrait, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

const DAY_MS: i64 = UNDO_HOURS * 3_600_000;
/// Values of one list in a statement.
const PART: usize = 400;

/// What an import made.
#[derive(Default, Serialize, Deserialize)]
pub struct Made {
    pub certificates: Vec<Uuid>,
    /// Certificate and client.
    pub links: Vec<(Uuid, Uuid)>,
    pub clients: Vec<Uuid>,
    /// Entries by hearsay that it confirmed.
    pub confirmed: Vec<Uuid>,
}

impl Made {
    fn add(&mut self, more: &Self) {
        self.certificates.extend(&more.certificates);
        self.links.extend(&more.links);
        self.clients.extend(&more.clients);
        self.confirmed.extend(&more.confirmed);
    }
}

impl Shelf {
    pub(crate) async fn remember_import(&self, deed: &Deed, draft: DraftId, made: &Made) -> Result<()> {
        let this = || import_made::Column::DraftId.eq(draft.0);
        // The same draft may have been accepted before, for other rows.
        let before = self.find::<import_made::Entity>(Action::Import).filter(this()).one(&deed.tx).await?;
        let mut whole: Made = before.map_or_else(|| Ok(Made::default()), |row| json(&row.body, "import"))?;
        whole.add(made);
        deed.remove::<import_made::Entity>(import_made::Column::Made.lt(self.now_ms() - DAY_MS).or(this())).await?;
        deed.insert(import_made::ActiveModel {
            draft_id: Set(draft.0),
            person_id: Set(self.who.person.0),
            made: Set(self.now_ms()),
            body: Set(to_json(&whole)?),
        })
        .await
    }

    /// Own imports that can still be undone, the last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recent_imports(&self) -> Result<Vec<RecentImport>> {
        let rows = self
            .find::<import_made::Entity>(Action::Import)
            .filter(import_made::Column::Made.gte(self.now_ms() - DAY_MS))
            .order_by_desc(import_made::Column::Made)
            .all(&self.store.db)
            .await?;
        rows.into_iter()
            .map(|row| {
                let made: Made = json(&row.body, "import")?;
                Ok(RecentImport { draft: DraftId(row.draft_id), made: instant(row.made), certificates: made.certificates.len() })
            })
            .collect()
    }

    /// Undoes an import, all in one transaction.
    ///
    /// # Errors
    /// `NotFound` for somebody else's, an undone or an old one.
    pub async fn undo_import(&self, draft: DraftId) -> Result<Undone> {
        self.require(Action::Import)?;
        let row = self.one::<import_made::Entity>(Action::See, import_made::Column::DraftId.eq(draft.0)).await?;
        if row.made < self.now_ms() - DAY_MS {
            return Err(Refusal::NotFound.into());
        }
        let made: Made = json(&row.body, "import")?;
        let deed = self.deed().await?;
        if deed.remove::<import_made::Entity>(import_made::Column::DraftId.eq(draft.0)).await? == 0 {
            return Err(Refusal::NotFound.into());
        }
        let mut undone = Undone::default();
        let going = self.sort_out(&deed, &made, &mut undone).await?;
        let links = self.links_going(&deed, &made, &going, &mut undone).await?;
        self.remove_certificates(&deed, links, &going).await?;
        undone.certificates = going.len();
        self.remove_clients(&deed, &made.clients, &mut undone).await?;
        let about = format!("{} + {}", undone.certificates, undone.clients);
        deed.done(Entry::new(DeedKind::ImportUndone, about).link(format!("/import/{draft}"))).await?;
        Ok(undone)
    }

    /// Certificates of an import that the person may still work with.
    async fn of_import(&self, deed: &Deed, ids: &[Uuid]) -> Result<HashMap<Uuid, certificate::Model>> {
        let mut out = HashMap::new();
        for part in ids.chunks(PART) {
            let named = certificate::Column::Id.is_in(part.iter().copied());
            let rows = self.find::<certificate::Entity>(Action::Import).filter(named).all(&deed.tx).await?;
            out.extend(rows.into_iter().map(|c| (c.id, c)));
        }
        Ok(out)
    }

    /// The certificates that go; the others are named with their reason.
    async fn sort_out(&self, deed: &Deed, made: &Made, undone: &mut Undone) -> Result<Vec<certificate::Model>> {
        let mine = self.of_import(deed, &made.certificates).await?;
        let tended = tended(deed, &made.certificates).await?;
        let own: HashSet<(Uuid, Uuid)> = made.links.iter().copied().collect();
        let linked = links(deed, &made.certificates).await?.into_iter().filter(|link| !own.contains(link));
        let elsewhere: HashSet<Uuid> = linked.map(|(certificate, _)| certificate).collect();
        let mut going = Vec::new();
        for id in &made.certificates {
            let Some(row) = mine.get(id) else {
                undone.kept.push((String::new(), KeptWhy::Hidden));
                continue;
            };
            let why = if tended.contains(id) {
                KeptWhy::Task
            } else if row.lost_at.or(row.revoked_at).or(row.checked_at).is_some() {
                KeptWhy::Reported
            } else if elsewhere.contains(id) {
                KeptWhy::Linked
            } else {
                going.push(row.clone());
                continue;
            };
            undone.kept.push((row.holder.clone(), why));
        }
        for row in self.of_import(deed, &made.confirmed).await?.into_values() {
            undone.kept.push((row.holder, KeptWhy::Confirmed));
        }
        Ok(going)
    }

    /// The links that go: of certificates that go, and of those that were there before and nobody works on.
    async fn links_going(
        &self,
        deed: &Deed,
        made: &Made,
        going: &[certificate::Model],
        undone: &mut Undone,
    ) -> Result<Vec<(Uuid, Uuid)>> {
        let ids: HashSet<Uuid> = going.iter().map(|c| c.id).collect();
        let new: HashSet<&Uuid> = made.certificates.iter().collect();
        let old: Vec<Uuid> = made.links.iter().map(|(c, _)| *c).filter(|c| !new.contains(c)).collect();
        let (mine, tended) = (self.of_import(deed, &old).await?, tended(deed, &old).await?);
        let mut links: Vec<(Uuid, Uuid)> = made.links.iter().copied().filter(|(c, _)| ids.contains(c)).collect();
        // The link of an entry that was confirmed is the entry's own.
        for link in made.links.iter().filter(|(c, _)| !new.contains(c) && !made.confirmed.contains(c)) {
            match mine.get(&link.0) {
                Some(row) if tended.contains(&link.0) => undone.kept.push((row.holder.clone(), KeptWhy::Task)),
                Some(_) => links.push(*link),
                None => undone.kept.push((String::new(), KeptWhy::Hidden)),
            }
        }
        Ok(links)
    }

    async fn remove_certificates(&self, deed: &Deed, links: Vec<(Uuid, Uuid)>, going: &[certificate::Model]) -> Result<()> {
        let ids: HashSet<Uuid> = going.iter().map(|c| c.id).collect();
        let mut loud = Vec::new();
        for (certificate, client) in &links {
            let this =
                certificate_client::Column::CertificateId.eq(*certificate).and(certificate_client::Column::ClientId.eq(*client));
            deed.remove::<certificate_client::Entity>(this).await?;
        }
        let all: Vec<Uuid> = ids.into_iter().collect();
        for part in all.chunks(PART) {
            let one_of = || part.iter().copied();
            let silenced = certificate::Column::SuccessorId.is_in(one_of()).and(certificate::Column::Typed.eq(true));
            loud.extend(find_whoever_asks::<certificate::Entity>().filter(silenced).all(&deed.tx).await?);
            let freed = deed
                .change::<certificate::Entity>(certificate::Column::SuccessorId.is_in(one_of()))
                .col_expr(certificate::Column::SuccessorId, Expr::value(None::<Uuid>))
                .col_expr(certificate::Column::ReplacedFrom, Expr::value(None::<i64>));
            deed.run(freed).await?;
            deed.remove::<certificate_file::Entity>(certificate_file::Column::CertificateId.is_in(one_of())).await?;
            deed.remove::<certificate::Entity>(certificate::Column::Id.is_in(one_of())).await?;
        }
        let lineages: HashSet<String> = going.iter().map(|c| c.lineage.clone()).collect();
        succession::relink(deed, &lineages, self.who.today).await?;
        self.silence_again(deed, loud).await?;
        let clients: HashSet<Uuid> = links.into_iter().map(|(_, client)| client).collect();
        let clients: Vec<Uuid> = clients.into_iter().collect();
        for part in clients.chunks(PART) {
            held::write(deed, client::Column::Id.is_in(part.iter().copied())).await?;
        }
        Ok(())
    }

    /// Entries by hearsay whose place another registered certificate takes.
    async fn silence_again(&self, deed: &Deed, loud: Vec<certificate::Model>) -> Result<()> {
        for entry in succession::with_facts(&deed.tx, loud).await? {
            for (_, client) in links(deed, &[entry.row.id]).await? {
                self.silenced_already(deed, ClientId(client), CertificateId(entry.row.id), &entry.facts).await?;
            }
        }
        Ok(())
    }

    /// Clients that the import made go where nothing hangs on them and nobody has changed them.
    async fn remove_clients(&self, deed: &Deed, ids: &[Uuid], undone: &mut Undone) -> Result<()> {
        for part in ids.chunks(PART) {
            let named = client::Column::Id.is_in(part.iter().copied());
            let mine = self.find::<client::Entity>(Action::EditClient).filter(named).all(&deed.tx).await?;
            undone.kept.extend((mine.len()..part.len()).map(|_| (String::new(), KeptWhy::Hidden)));
            for row in mine {
                let held = count::<certificate_client::Entity>(deed, certificate_client::Column::ClientId.eq(row.id)).await? > 0;
                let others = assignment::Column::ClientId.eq(row.id).and(assignment::Column::PersonId.ne(self.who.person.0));
                if held || row.revision != 1 || count::<assignment::Entity>(deed, others).await? > 0 {
                    undone.kept.push((row.name, KeptWhy::Changed));
                    continue;
                }
                deed.remove::<assignment::Entity>(assignment::Column::ClientId.eq(row.id)).await?;
                deed.remove::<client::Entity>(client::Column::Id.eq(row.id)).await?;
                undone.clients += 1;
            }
        }
        Ok(())
    }
}

/// Those of the certificates that a task is or was about.
async fn tended(deed: &Deed, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let mut out = HashSet::new();
    for part in ids.chunks(PART) {
        let own = task_certificate::Column::CertificateId.is_in(part.iter().copied());
        let rows = find_whoever_asks::<task_certificate::Entity>().filter(own).all(&deed.tx).await?;
        out.extend(rows.into_iter().map(|t| t.certificate_id));
        let closing = task::Column::SuccessorId.is_in(part.iter().copied());
        let rows = find_whoever_asks::<task::Entity>().filter(closing).all(&deed.tx).await?;
        out.extend(rows.into_iter().filter_map(|t| t.successor_id));
    }
    Ok(out)
}

async fn links(deed: &Deed, ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    let mut out = Vec::new();
    for part in ids.chunks(PART) {
        let rows = find_whoever_asks::<certificate_client::Entity>()
            .filter(certificate_client::Column::CertificateId.is_in(part.iter().copied()))
            .all(&deed.tx)
            .await?;
        out.extend(rows.into_iter().map(|l| (l.certificate_id, l.client_id)));
    }
    Ok(out)
}

async fn count<E: EntityTrait>(deed: &Deed, which: SimpleExpr) -> Result<u64>
where
    E::Model: Sync,
{
    use sea_orm::PaginatorTrait as _;
    Ok(find_whoever_asks::<E>().filter(which).limit(1).count(&deed.tx).await?)
}
