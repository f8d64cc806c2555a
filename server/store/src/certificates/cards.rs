//! Registered certificates: lists, cards, links to clients.

use crate::certificates::search_words;
use crate::clients::cards::not_replaced;
use crate::core::admitted::ScopedStore;
use crate::core::convert::{certificate_row, facts, instant};
use crate::core::entity::{certificate, certificate_client, client, person, task, task_certificate};
use crate::core::joins::{link_join, task_join};
use crate::{Error, Result};
use chrono::NaiveDate;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::certificate::{Certificate, CertificateRow, OpenTask, Set as CertificateSet, SignatureCheck, generations};
use domain::day::plus;
use domain::filing::RISK_DAYS;
use domain::id::{CertificateId, ClientId, TaskId};
use domain::refusal::{Refusal, Rule};
use domain::standing::Urgency;
use domain::task::Stage;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ColumnTrait as _, JoinType, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationDef,
    Set,
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

impl ScopedStore {
    /// One certificate with all its facts.
    ///
    /// # Errors
    /// `NotFound` for a foreign one.
    pub async fn certificate_card(&self, id: CertificateId) -> Result<Certificate> {
        let row = self.certificate(Action::See, id).await?;
        let list = self.with_clients_and_tasks(vec![certificate_row(&row)]).await?;
        let shown = list.into_iter().next().ok_or(Refusal::NotFound)?;
        let successor = match row.successor_id {
            Some(next) => {
                self.find::<certificate::Entity>(Action::See)
                    .filter(certificate::Column::Id.eq(next))
                    .one(&self.rows)
                    .await?
            }
            None => None,
        };
        Ok(Certificate {
            facts: facts(&self.file(id).await?)?,
            signature: SignatureCheck::parse(&row.signature).ok_or(Error::Broken("signature"))?,
            successor: successor.map(|s| CertificateId(s.id)),
            imported_at: instant(row.imported_at),
            checked_at: row.checked_at.map(instant),
            row: shown,
        })
    }

    /// Every certificate of a client.
    ///
    /// # Errors
    /// `NotFound` for a foreign client.
    pub async fn certificates_of(&self, client: ClientId) -> Result<Vec<CertificateRow>> {
        self.client(Action::See, client).await?;
        let rows = self
            .find::<certificate::Entity>(Action::See)
            .join(JoinType::InnerJoin, link_join())
            .filter(certificate_client::Column::ClientId.eq(client.0))
            .order_by_desc(certificate::Column::NotAfter)
            .all(&self.rows)
            .await?;
        self.with_clients_and_tasks(rows.iter().map(certificate_row).collect()).await
    }

    /// What can be reissued for clients, at most 500 of them: their current sets without a task, whole; only those that
    /// call for somebody where `soon` says so.
    ///
    /// # Errors
    /// `NotFound` where a client may not be seen, `Invalid` for too many.
    pub async fn to_reissue(&self, clients: &[ClientId], soon: bool) -> Result<Vec<CertificateRow>> {
        let clients: BTreeSet<Uuid> = clients.iter().map(|c| c.0).collect();
        if clients.len() > 500 {
            return Err(Refusal::invalid("client", Rule::TooLong).into());
        }
        let seen = self.find::<client::Entity>(Action::See).filter(client::Column::Id.is_in(clients.iter().copied()));
        if seen.count(&self.rows).await? != clients.len() as u64 {
            return Err(Refusal::NotFound.into());
        }
        let rows = self
            .find::<certificate::Entity>(Action::See)
            .join(JoinType::InnerJoin, link_join())
            .filter(certificate_client::Column::ClientId.is_in(clients))
            .filter(not_replaced(self.now_ms()))
            .distinct()
            .all(&self.rows)
            .await?;
        let rows = self.with_clients_and_tasks(rows.iter().map(certificate_row).collect()).await?;
        let today = self.who.today;
        let wanted = |set: &CertificateSet| {
            set.certificates.iter().all(|c| c.can_be_reissued(today))
                && (!soon || set.certificates.iter().any(|c| c.urgency(today) != Urgency::Calm))
        };
        Ok(generations(rows).into_iter().flatten().filter(wanted).flat_map(|set| set.certificates).collect())
    }

    /// Certificates for an act on many, at most 500.
    ///
    /// # Errors
    /// `NotFound` where one may not be seen, `Invalid` for too many.
    pub async fn certificates_by_id(&self, ids: &[CertificateId]) -> Result<Vec<CertificateRow>> {
        let mut ids: Vec<Uuid> = ids.iter().map(|c| c.0).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.len() > 500 {
            return Err(Refusal::invalid("certificate", Rule::TooLong).into());
        }
        let rows = self
            .find::<certificate::Entity>(Action::See)
            .filter(certificate::Column::Id.is_in(ids.iter().copied()))
            .order_by_asc(certificate::Column::NotAfter)
            .all(&self.rows)
            .await?;
        if rows.len() != ids.len() {
            return Err(Refusal::NotFound.into());
        }
        self.with_clients_and_tasks(rows.iter().map(certificate_row).collect()).await
    }

    /// Adds to each line the clients that may be seen, the open task and what its end breaks: a statement each, side by
    /// side.
    pub(crate) async fn with_clients_and_tasks(&self, mut rows: Vec<CertificateRow>) -> Result<Vec<CertificateRow>> {
        let ids: Vec<Uuid> = rows.iter().map(|r| r.id.0).collect();
        let until = plus(self.who.today.day, RISK_DAYS.unsigned_abs());
        let near = rows.iter().filter(|r| r.life.last_day() <= until && !r.life.is_replaced(self.who.today));
        let ends: Vec<(Uuid, NaiveDate)> = near.map(|r| (r.id.0, r.life.last_day())).collect();
        let (links, mut tasks, threats) =
            tokio::try_join!(self.client_links(&ids), self.open_tasks_of(&ids), self.threats(&ends))?;
        let mut ended: HashMap<Uuid, bool> = HashMap::new();
        let mut clients: HashMap<Uuid, Vec<(ClientId, String)>> = HashMap::new();
        for (certificate, id, name, archived) in links {
            *ended.entry(certificate).or_insert(true) &= archived;
            clients.entry(certificate).or_default().push((id, name));
        }
        for row in &mut rows {
            row.clients = clients.remove(&row.id.0).unwrap_or_default();
            row.contract_ended = ended.get(&row.id.0).copied().unwrap_or(false);
            row.task = tasks.remove(&row.id.0);
            if let Some((threat, daily)) = threats.get(&row.id.0) {
                (row.threat, row.daily) = (threat.clone(), *daily);
            }
        }
        Ok(rows)
    }

    /// Clients of certificates, only those that may be seen.
    pub(crate) async fn clients_of(&self, certificates: &[Uuid]) -> Result<HashMap<Uuid, Vec<(ClientId, String)>>> {
        let mut out: HashMap<Uuid, Vec<(ClientId, String)>> = HashMap::new();
        for (certificate, id, name, _) in self.client_links(certificates).await? {
            out.entry(certificate).or_default().push((id, name));
        }
        Ok(out)
    }

    /// Clients of certificates that may be seen, by name, told apart, and whether their contract has ended.
    async fn client_links(&self, certificates: &[Uuid]) -> Result<Vec<(Uuid, ClientId, String, bool)>> {
        let (mut out, alike) = (Vec::new(), self.alike().await?);
        for part in certificates.chunks(500) {
            let rows: Vec<(Uuid, Uuid, String, Option<i64>)> = self
                .links_of_named(Action::See)
                .filter(certificate_client::Column::CertificateId.is_in(part.iter().copied()))
                .join(JoinType::InnerJoin, client_join())
                .select_only()
                .column(certificate_client::Column::CertificateId)
                .column_as(client::Column::Id, "id")
                .column_as(client::Column::Name, "name")
                .column_as(client::Column::Archived, "archived")
                .order_by_asc(client::Column::SortName)
                .into_tuple()
                .all(&self.rows)
                .await?;
            out.extend(rows);
        }
        let link = |(certificate, id, name, archived): (Uuid, Uuid, String, Option<i64>)| {
            (certificate, ClientId(id), alike.named(id, name), archived.is_some())
        };
        Ok(out.into_iter().map(link).collect())
    }

    async fn open_tasks_of(&self, certificates: &[Uuid]) -> Result<HashMap<Uuid, OpenTask>> {
        let mut out = HashMap::new();
        for part in certificates.chunks(500) {
            let rows: Vec<(Uuid, Uuid, Option<String>, String)> = self
                .find::<task_certificate::Entity>(Action::See)
                .filter(task_certificate::Column::Open.eq(true))
                .filter(task_certificate::Column::CertificateId.is_in(part.iter().copied()))
                .join(JoinType::InnerJoin, task_join())
                .join(JoinType::LeftJoin, assignee_join())
                .select_only()
                .column(task_certificate::Column::CertificateId)
                .column(task_certificate::Column::TaskId)
                .column_as(person::Column::Name, "name")
                .column(task::Column::Stage)
                .into_tuple()
                .all(&self.rows)
                .await?;
            out.extend(rows.into_iter().map(|(certificate, task, assignee, stage)| {
                let stage = Stage::parse(&stage).unwrap_or(Stage::Planned);
                (certificate, OpenTask { id: TaskId(task), assignee, stage })
            }));
        }
        Ok(out)
    }

    /// Of these key identifiers those that stand in certificates that may be seen, with holder and last day.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_key_ids(&self, ids: &[String]) -> Result<Vec<(String, String, NaiveDate)>> {
        let mut out = Vec::new();
        for part in ids.chunks(500) {
            let rows: Vec<(String, String, NaiveDate)> = self
                .find::<certificate::Entity>(Action::See)
                .filter(certificate::Column::KeyId.is_in(part))
                .select_only()
                .columns([certificate::Column::KeyId, certificate::Column::Holder, certificate::Column::LastDay])
                .into_tuple()
                .all(&self.rows)
                .await?;
            out.extend(rows);
        }
        Ok(out)
    }

    /// Links a certificate to a further client by hand.
    ///
    /// # Errors
    /// `NotFound` where either may not be seen, `NotAllowed` where the role may not link.
    pub async fn link_certificate(&self, id: CertificateId, to: ClientId) -> Result<()> {
        self.write(|deed| async move {
            // Who only observes the certificate's client gains no right over it through a client of their own.
            let row = deed.certificate(Action::LinkCertificate, id).await?;
            let client = deed.client(Action::LinkCertificate, to).await?;
            let deed = row.permits();
            let linked =
                certificate_client::Column::CertificateId.eq(id.0).and(certificate_client::Column::ClientId.eq(to.0));
            if !crate::core::whoever::exists::<certificate_client::Entity>(&deed.rows, linked).await? {
                deed.insert(certificate_client::ActiveModel {
                    certificate_id: Set(id.0),
                    client_id: Set(to.0),
                    by_hand: Set(true),
                    last_day: Set(row.last_day),
                })
                .await?;
                search_words::refresh(&deed, [id.0]).await?;
            }
            let about = format!("{} → {}", row.holder, client.name);
            Ok(deed.done(Entry::new(DeedKind::CertificateLinked, about).client(to).link(format!("/certificates/{id}"))))
        })
        .await
    }

    /// Takes back a link that was made by hand.
    ///
    /// # Errors
    /// `NotFound` where there is none that may be seen, `NotAllowed` where the role may not.
    pub async fn unlink_certificate(&self, id: CertificateId, from: ClientId) -> Result<()> {
        self.write(|deed| async move {
            let row = deed.one::<certificate::Entity>(Action::See, certificate::Column::Id.eq(id.0)).await?;
            let client = deed.client(Action::LinkCertificate, from).await?;
            let deed = client.permits();
            let elsewhere =
                certificate_client::Column::CertificateId.eq(id.0).and(certificate_client::Column::ClientId.ne(from.0));
            if !crate::core::whoever::exists::<certificate_client::Entity>(&deed.rows, elsewhere).await? {
                return Err(Refusal::invalid("client", domain::refusal::Rule::Unknown).into());
            }
            let linked = certificate_client::Column::CertificateId
                .eq(id.0)
                .and(certificate_client::Column::ClientId.eq(from.0))
                .and(certificate_client::Column::ByHand.eq(true));
            if deed.remove::<certificate_client::Entity>(linked).await? == 0 {
                return Err(Refusal::NotFound.into());
            }
            search_words::write(&deed, client::Column::Id.eq(from.0)).await?;
            let about = format!("{} → {}", row.holder, client.name);
            Ok(deed.done(
                Entry::new(DeedKind::CertificateUnlinked, about).client(from).link(format!("/certificates/{id}")),
            ))
        })
        .await
    }

    /// Links of a certificate made by hand, among those that may be seen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn links_by_hand(&self, id: CertificateId) -> Result<Vec<ClientId>> {
        let rows = self
            .find::<certificate_client::Entity>(Action::See)
            .filter(certificate_client::Column::CertificateId.eq(id.0))
            .filter(certificate_client::Column::ByHand.eq(true))
            .all(&self.rows)
            .await?;
        Ok(rows.into_iter().map(|l| ClientId(l.client_id)).collect())
    }
}

pub fn part_of_task() -> RelationDef {
    use sea_orm::EntityTrait as _;
    certificate::Entity::belongs_to(task_certificate::Entity)
        .from(certificate::Column::Id)
        .to(task_certificate::Column::CertificateId)
        .into()
}

pub fn client_join() -> RelationDef {
    use sea_orm::EntityTrait as _;
    certificate_client::Entity::belongs_to(client::Entity)
        .from(certificate_client::Column::ClientId)
        .to(client::Column::Id)
        .into()
}

fn assignee_join() -> RelationDef {
    use sea_orm::EntityTrait as _;
    task::Entity::belongs_to(person::Entity).from(task::Column::AssigneeId).to(person::Column::Id).into()
}
