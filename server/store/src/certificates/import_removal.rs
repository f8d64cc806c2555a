//! Taking back what an import registered: links, certificates, clients.

use crate::Result;
use crate::certificates::import_made::Made;
use crate::certificates::search_words;
use crate::certificates::succession;
use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{
    assignment, attachment, certificate, certificate_client, certificate_file, client, custody, ground, task,
    task_certificate,
};
use crate::core::joins::task_join;
use crate::core::whoever::find_whoever_asks;
use domain::access::Action;
use domain::id::{CertificateId, ClientId};
use domain::import::{Kept, KeptThing, KeptWhy, Undone};
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{ColumnTrait as _, EntityTrait, JoinType, QueryFilter as _, QuerySelect as _};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Values of one list in a statement.
pub const PART: usize = 400;

impl Permitted {
    /// The links that go: of certificates that go, and of those that were there before and nobody works on.
    pub(crate) async fn links_going(
        &self,
        made: &Made,
        going: &[certificate::Model],
        undone: &mut Undone,
    ) -> Result<Vec<(Uuid, Uuid)>> {
        let ids: HashSet<Uuid> = going.iter().map(|c| c.id).collect();
        let new: HashSet<&Uuid> = made.certificates.iter().collect();
        let old: Vec<Uuid> = made.links.iter().map(|(c, _)| *c).filter(|c| !new.contains(c)).collect();
        let (mine, worked_on) = (self.of_import(&old).await?, worked_on(self, &old).await?);
        let mut links: Vec<(Uuid, Uuid)> = made.links.iter().copied().filter(|(c, _)| ids.contains(c)).collect();
        // The link of an entry that was confirmed is the entry's own.
        for link in made.links.iter().filter(|(c, _)| !new.contains(c) && !made.confirmed.contains(c)) {
            match mine.get(&link.0) {
                Some(row) if worked_on.contains(&link.0) => undone.kept.push(kept_certificate(row, KeptWhy::Task)),
                Some(_) => links.push(*link),
                None => undone.kept.push(HIDDEN),
            }
        }
        Ok(links)
    }
}

impl Permitted {
    pub(crate) async fn remove_certificates(
        &self,
        links: Vec<(Uuid, Uuid)>,
        going: &[certificate::Model],
    ) -> Result<()> {
        let ids: HashSet<Uuid> = going.iter().map(|c| c.id).collect();
        let mut loud = Vec::new();
        for (certificate, client) in &links {
            let this = certificate_client::Column::CertificateId
                .eq(*certificate)
                .and(certificate_client::Column::ClientId.eq(*client));
            self.remove::<certificate_client::Entity>(this).await?;
        }
        let all: Vec<Uuid> = ids.into_iter().collect();
        for part in all.chunks(PART) {
            let one_of = || part.iter().copied();
            let silenced = certificate::Column::SuccessorId.is_in(one_of()).and(certificate::Column::Typed.eq(true));
            loud.extend(find_whoever_asks::<certificate::Entity>().filter(silenced).all(&self.rows).await?);
            let freed = self
                .change::<certificate::Entity>(certificate::Column::SuccessorId.is_in(one_of()))
                .col_expr(certificate::Column::SuccessorId, Expr::value(None::<Uuid>))
                .col_expr(certificate::Column::ReplacedFrom, Expr::value(None::<i64>));
            self.run(freed).await?;
            self.remove::<certificate_file::Entity>(certificate_file::Column::CertificateId.is_in(one_of())).await?;
            self.remove::<certificate::Entity>(certificate::Column::Id.is_in(one_of())).await?;
        }
        let lineages: HashSet<String> = going.iter().map(|c| c.lineage.clone()).collect();
        succession::relink(self, &lineages, self.who.today).await?;
        self.silence_again(loud).await?;
        let clients: HashSet<Uuid> = links.into_iter().map(|(_, client)| client).collect();
        let clients: Vec<Uuid> = clients.into_iter().collect();
        for part in clients.chunks(PART) {
            search_words::write(self, client::Column::Id.is_in(part.iter().copied())).await?;
        }
        Ok(())
    }
}

impl Permitted {
    /// Typed entries whose place another registered certificate takes.
    async fn silence_again(&self, loud: Vec<certificate::Model>) -> Result<()> {
        for entry in succession::with_facts(&self.rows, loud).await? {
            for (_, client) in links(self, &[entry.row.id]).await? {
                self.silenced_already(ClientId(client), CertificateId(entry.row.id), &entry.facts).await?;
            }
        }
        Ok(())
    }
}

impl ScopedStore {
    /// Clients that an import made and that the person may still change; the others are named.
    pub(crate) async fn clients_of_import(&self, made: &Made, kept: &mut Vec<Kept>) -> Result<Vec<client::Model>> {
        let mut mine = Vec::new();
        for part in made.clients.chunks(PART) {
            let named = client::Column::Id.is_in(part.iter().copied());
            mine.extend(self.find::<client::Entity>(Action::EditClient).filter(named).all(&self.rows).await?);
        }
        kept.extend((mine.len()..made.clients.len()).map(|_| HIDDEN));
        Ok(mine)
    }

    /// Those of the clients of an import that stay although its certificates go, each with its reason.
    pub(crate) async fn why_kept(
        &self,
        clients: &[client::Model],
        made: &Made,
        going: &HashSet<Uuid>,
    ) -> Result<HashMap<Uuid, KeptWhy>> {
        let mut out = HashMap::new();
        for part in clients.chunks(PART) {
            let ids: Vec<Uuid> = part.iter().map(|c| c.id).collect();
            let links = find_whoever_asks::<certificate_client::Entity>()
                .filter(certificate_client::Column::ClientId.is_in(ids.iter().copied()))
                .all(&self.rows)
                .await?;
            let held: HashSet<Uuid> =
                links.iter().filter(|link| !going.contains(&link.certificate_id)).map(|link| link.client_id).collect();
            let papers = self.with_papers(&ids).await?;
            for row in part {
                let changed = row.revision != made.revision_of(row.id);
                let whys = [
                    (changed, KeptWhy::Changed),
                    (papers.contains(&row.id), KeptWhy::Papers),
                    (held.contains(&row.id), KeptWhy::Holds),
                ];
                out.extend(whys.into_iter().find(|(so, _)| *so).map(|(_, why)| (row.id, why)));
            }
        }
        Ok(out)
    }

    /// Those of the clients that have grounds, files, carriers or other people on them.
    async fn with_papers(&self, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
        let of = || ids.iter().copied();
        let others = assignment::Column::PersonId.ne(self.who.person.0);
        let mut out = clients_in::<ground::Entity>(self, ground::Column::ClientId, of().collect(), None).await?;
        out.extend(clients_in::<attachment::Entity>(self, attachment::Column::ClientId, of().collect(), None).await?);
        out.extend(clients_in::<custody::Entity>(self, custody::Column::ClientId, of().collect(), None).await?);
        let staffed =
            clients_in::<assignment::Entity>(self, assignment::Column::ClientId, of().collect(), Some(others));
        out.extend(staffed.await?);
        Ok(out)
    }
}

/// Those of the clients that stand in the rows of a table.
async fn clients_in<E: EntityTrait>(
    of: &ScopedStore,
    column: E::Column,
    ids: Vec<Uuid>,
    which: Option<SimpleExpr>,
) -> Result<HashSet<Uuid>> {
    let mut rows = find_whoever_asks::<E>().filter(column.is_in(ids));
    if let Some(which) = which {
        rows = rows.filter(which);
    }
    // Of a file of a task the client is none.
    let found = rows.select_only().column(column).distinct().into_tuple::<Option<Uuid>>().all(&of.rows).await?;
    Ok(found.into_iter().flatten().collect())
}

/// Something that the person does not see any more.
pub const HIDDEN: Kept = Kept { what: None, why: KeptWhy::Hidden };

pub fn kept_certificate(row: &certificate::Model, why: KeptWhy) -> Kept {
    Kept { what: Some(KeptThing::Certificate(CertificateId(row.id), row.holder.clone())), why }
}

pub fn kept_client(row: &client::Model, why: KeptWhy) -> Kept {
    Kept { what: Some(KeptThing::Client(ClientId(row.id), row.name.clone())), why }
}

impl Permitted {
    /// Clients that the import made go where nothing hangs on them and nobody has changed them.
    pub(crate) async fn remove_clients(&self, made: &Made, undone: &mut Undone) -> Result<()> {
        let clients = self.clients_of_import(made, &mut undone.kept).await?;
        // Their certificates have gone already.
        let whys = self.why_kept(&clients, made, &HashSet::new()).await?;
        for row in clients {
            if let Some(why) = whys.get(&row.id) {
                undone.kept.push(kept_client(&row, *why));
                continue;
            }
            crate::clients::leaving::remove_card(self, row.id).await?;
            undone.clients += 1;
        }
        Ok(())
    }
}

impl Permitted {
    /// The contacts and assignments of a spreadsheet go where nobody has changed them since; a client that it made goes
    /// with its contacts.
    pub(crate) async fn take_back_changes(&self, made: &Made, undone: &mut Undone) -> Result<()> {
        for change in made.contacts.iter().rev().filter(|c| !made.clients.contains(&c.client)) {
            let this = client::Column::Id.eq(change.client);
            let Some(row) = self.find::<client::Entity>(Action::Import).filter(this).one(&self.rows).await? else {
                undone.kept.push(HIDDEN);
                continue;
            };
            // Several contacts of one client are taken back one after the other, the last first.
            let later =
                made.contacts.iter().filter(|c| c.client == change.client && c.revision > change.revision).count();
            if row.revision != change.revision + i32::try_from(later * 2).unwrap_or(i32::MAX) {
                undone.kept.push(kept_client(&row, KeptWhy::Changed));
                continue;
            }
            let before = crate::clients::cards::to_client(
                client::Model { contacts: change.before.clone(), ..row.clone() },
                Vec::new(),
            )?;
            let back = self
                .change::<client::Entity>(client::Column::Id.eq(row.id))
                .filter(client::Column::Revision.eq(row.revision))
                .set(crate::clients::cards::row(ClientId(row.id), &before.data, row.archived, row.revision + 1)?);
            self.run_one(back).await?;
            undone.changes += 1;
        }
        for part in made.assignments.chunks(PART) {
            let untouched =
                assignment::Column::Id.is_in(part.iter().copied()).and(assignment::Column::UntilDay.is_null());
            let gone = self.remove::<assignment::Entity>(untouched).await?;
            undone.changes += usize::try_from(gone).unwrap_or(0);
        }
        Ok(())
    }
}

/// Those of the certificates that a task or a ground is or was about.
pub async fn worked_on(deed: &ScopedStore, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let mut out = HashSet::new();
    for part in ids.chunks(PART) {
        let own = task_certificate::Column::CertificateId.is_in(part.iter().copied());
        let rows = find_whoever_asks::<task_certificate::Entity>().filter(own).all(&deed.rows).await?;
        out.extend(rows.into_iter().map(|t| t.certificate_id));
        let closing = task::Column::SuccessorId.is_in(part.iter().copied());
        let rows = find_whoever_asks::<task::Entity>().filter(closing).all(&deed.rows).await?;
        out.extend(rows.into_iter().filter_map(|t| t.successor_id));
        out.extend(reissued_by(deed, part).await?);
        let based = ground::Column::CertificateId.is_in(part.iter().copied());
        let rows = find_whoever_asks::<ground::Entity>().filter(based).all(&deed.rows).await?;
        out.extend(rows.into_iter().filter_map(|g| g.certificate_id));
    }
    Ok(out)
}

/// Those that stand in for a certificate of a task that is issued: each half of a set has its own.
async fn reissued_by(deed: &ScopedStore, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let old = certificate::Column::SuccessorId.is_in(ids.iter().copied());
    let old: Vec<(Uuid, Option<Uuid>)> = find_whoever_asks::<certificate::Entity>()
        .filter(old)
        .select_only()
        .columns([certificate::Column::Id, certificate::Column::SuccessorId])
        .into_tuple()
        .all(&deed.rows)
        .await?;
    let issued: HashSet<Uuid> = find_whoever_asks::<task_certificate::Entity>()
        .join(JoinType::InnerJoin, task_join())
        .filter(task::Column::SuccessorId.is_not_null())
        .filter(task_certificate::Column::CertificateId.is_in(old.iter().map(|(id, _)| *id)))
        .select_only()
        .column(task_certificate::Column::CertificateId)
        .into_tuple::<Uuid>()
        .all(&deed.rows)
        .await?
        .into_iter()
        .collect();
    Ok(old.into_iter().filter(|(id, _)| issued.contains(id)).filter_map(|(_, next)| next).collect())
}

pub async fn links(deed: &ScopedStore, ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    let mut out = Vec::new();
    for part in ids.chunks(PART) {
        let rows = find_whoever_asks::<certificate_client::Entity>()
            .filter(certificate_client::Column::CertificateId.is_in(part.iter().copied()))
            .all(&deed.rows)
            .await?;
        out.extend(rows.into_iter().map(|l| (l.certificate_id, l.client_id)));
    }
    Ok(out)
}
