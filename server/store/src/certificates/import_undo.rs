//! Undoing a whole import within a day: what nobody has worked with since goes, the rest stays and is named.

use crate::Result;
use crate::certificates::import_made::Made;
use crate::certificates::import_removal::{HIDDEN, PART, kept_certificate, kept_client, links, worked_on};
use crate::core::admitted::ScopedStore;
use crate::core::convert::{certificate_row, instant};
use crate::core::deed::Permitted;
use crate::core::entity::{certificate, import_made};
use crate::core::stored::{json, to_json};
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::fold::sort_key;
use domain::id::{ClientId, DraftId};
use domain::import::{ImportContents, Kept, KeptWhy, RecentImport, UNDO_HOURS, Undone};
use domain::refusal::Refusal;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, Set};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Certificates of an import that are listed before it goes.
const SHOWN: usize = 100;

pub const DAY_MS: i64 = UNDO_HOURS * 3_600_000;

impl Permitted {
    pub(crate) async fn remember_import(&self, draft: DraftId, made: Made) -> Result<()> {
        let this = || import_made::Column::DraftId.eq(draft.0);
        // The same draft may have been accepted before, for other rows.
        let before = self.find::<import_made::Entity>(Action::Import).filter(this()).one(&self.rows).await?;
        let mut whole: Made = before.map_or_else(|| Ok(Made::default()), |row| json(&row.body, "import"))?;
        whole.add(made);
        self.remove::<import_made::Entity>(import_made::Column::Made.lt(self.now_ms() - DAY_MS).or(this())).await?;
        self.insert(import_made::ActiveModel {
            draft_id: Set(draft.0),
            person_id: Set(self.who.person.0),
            made: Set(self.now_ms()),
            body: Set(to_json(&whole)?),
        })
        .await
    }
}

impl ScopedStore {
    /// Own imports that can still be undone, the last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recent_imports(&self) -> Result<Vec<RecentImport>> {
        let rows = self
            .find::<import_made::Entity>(Action::Import)
            .filter(import_made::Column::Made.gte(self.now_ms() - DAY_MS))
            .order_by_desc(import_made::Column::Made)
            .all(&self.rows)
            .await?;
        rows.into_iter()
            .map(|row| {
                let made: Made = json(&row.body, "import")?;
                Ok(RecentImport {
                    draft: DraftId(row.draft_id),
                    made: instant(row.made),
                    certificates: made.certificates.len(),
                    clients: made.clients.len(),
                    changes: made.contacts.len() + made.assignments.len(),
                    sheet: (!made.sheet.is_empty()).then_some(made.sheet),
                })
            })
            .collect()
    }

    /// What one of them made, to be looked at before it goes: the certificates that end last, the new clients, and what
    /// stays.
    ///
    /// # Errors
    /// `NotFound` for somebody else's, an undone or an old one.
    pub async fn import_contents(&self, draft: DraftId) -> Result<ImportContents> {
        let row = self.one::<import_made::Entity>(Action::See, import_made::Column::DraftId.eq(draft.0)).await?;
        if row.made < self.now_ms() - DAY_MS {
            return Err(Refusal::NotFound.into());
        }
        let made: Made = json(&row.body, "import")?;
        let mut kept = Vec::new();
        let mut going = self.sort_out(&made, &mut kept).await?;
        let ids: HashSet<Uuid> = going.iter().map(|c| c.id).collect();
        let mine = self.clients_of_import(&made, &mut kept).await?;
        let whys = self.why_kept(&mine, &made, &ids).await?;
        kept.extend(mine.iter().filter_map(|client| Some(kept_client(client, *whys.get(&client.id)?))));
        let clients: Vec<Uuid> = mine.iter().map(|c| c.id).filter(|id| !whys.contains_key(id)).collect();
        let total = going.len();
        going.sort_by_key(|row| (Reverse(row.not_after), row.id));
        let shown = going.iter().take(SHOWN).map(certificate_row).collect();
        let names = self.names_of(clients.into_iter()).await?;
        let mut clients: Vec<_> = names.into_iter().map(|(id, name)| (ClientId(id), name)).collect();
        clients.sort_by_cached_key(|(_, name)| sort_key(name));
        Ok(ImportContents { certificates: self.with_clients_and_tasks(shown).await?, total, clients, kept })
    }

    /// Undoes an import, all in one transaction.
    ///
    /// # Errors
    /// `NotFound` for somebody else's, an undone or an old one.
    pub async fn undo_import(&self, draft: DraftId) -> Result<Undone> {
        self.write(|deed| async move {
            let deed = deed.require(Action::Import)?;
            let row = deed.one::<import_made::Entity>(Action::See, import_made::Column::DraftId.eq(draft.0)).await?;
            if row.made < deed.now_ms() - DAY_MS {
                return Err(Refusal::NotFound.into());
            }
            let made: Made = json(&row.body, "import")?;

            if deed.remove::<import_made::Entity>(import_made::Column::DraftId.eq(draft.0)).await? == 0 {
                return Err(Refusal::NotFound.into());
            }
            let mut undone = Undone::default();
            let going = deed.sort_out(&made, &mut undone.kept).await?;
            let links = deed.links_going(&made, &going, &mut undone).await?;
            deed.remove_certificates(links, &going).await?;
            undone.certificates = going.len();
            deed.take_back_changes(&made, &mut undone).await?;
            deed.remove_clients(&made, &mut undone).await?;
            let about = format!("{} + {}", undone.certificates, undone.clients);
            Ok(deed.done(Entry::new(DeedKind::ImportUndone, about).link(format!("/import/{draft}"))).with(undone))
        })
        .await
    }
}

impl ScopedStore {
    /// Certificates of an import that the person may still work with.
    pub(crate) async fn of_import(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, certificate::Model>> {
        let mut out = HashMap::new();
        for part in ids.chunks(PART) {
            let named = certificate::Column::Id.is_in(part.iter().copied());
            let rows = self.find::<certificate::Entity>(Action::Import).filter(named).all(&self.rows).await?;
            out.extend(rows.into_iter().map(|c| (c.id, c)));
        }
        Ok(out)
    }

    /// The certificates that go; the others are named with their reason.
    async fn sort_out(&self, made: &Made, kept: &mut Vec<Kept>) -> Result<Vec<certificate::Model>> {
        let mine = self.of_import(&made.certificates).await?;
        let worked_on = worked_on(self, &made.certificates).await?;
        let own: HashSet<(Uuid, Uuid)> = made.links.iter().copied().collect();
        let linked = links(self, &made.certificates).await?.into_iter().filter(|link| !own.contains(link));
        let elsewhere: HashSet<Uuid> = linked.map(|(certificate, _)| certificate).collect();
        let mut going = Vec::new();
        for id in &made.certificates {
            let Some(row) = mine.get(id) else {
                kept.push(HIDDEN);
                continue;
            };
            let why = if worked_on.contains(id) {
                KeptWhy::Task
            } else if row.lost_at.or(row.revoked_at).or(row.checked_at).is_some() {
                KeptWhy::Reported
            } else if elsewhere.contains(id) {
                KeptWhy::Linked
            } else {
                going.push(row.clone());
                continue;
            };
            kept.push(kept_certificate(row, why));
        }
        for row in self.of_import(&made.confirmed).await?.into_values() {
            kept.push(kept_certificate(&row, KeptWhy::Confirmed));
        }
        Ok(going)
    }
}
