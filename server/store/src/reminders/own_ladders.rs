//! Ladders of single clients and certificates: the nearest one counts, a certificate's before its clients', theirs before the
//! office's.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{certificate, certificate_client, certificate_ladder, client, client_ladder};
use crate::core::whoever::find_whoever_asks;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::id::{CertificateId, ClientId};
use domain::ladder::{Ladder, LadderOf};
use sea_orm::sea_query::{Condition, Query};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _, Set};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Certificates that have the office's ladder.
pub fn none_of_its_own() -> Condition {
    let own =
        Query::select().column(certificate_ladder::Column::CertificateId).from(certificate_ladder::Entity).to_owned();
    let clients = Query::select().column(client_ladder::Column::ClientId).from(client_ladder::Entity).to_owned();
    let of_clients = Query::select()
        .column(certificate_client::Column::CertificateId)
        .from(certificate_client::Entity)
        .and_where(certificate_client::Column::ClientId.in_subquery(clients))
        .to_owned();
    Condition::all()
        .add(certificate::Column::Id.not_in_subquery(own))
        .add(certificate::Column::Id.not_in_subquery(of_clients))
}

/// The days of a ladder before and after it changed.
type FromTo = (Vec<i64>, Vec<i64>);

/// Certificates by their ladder.
pub fn by_ladder(own: HashMap<Uuid, Ladder>) -> Vec<(Ladder, Vec<Uuid>)> {
    let mut out: BTreeMap<Vec<i64>, (Ladder, Vec<Uuid>)> = BTreeMap::new();
    for (id, ladder) in own {
        out.entry(ladder.days().to_vec()).or_insert_with(|| (ladder, Vec::new())).1.push(id);
    }
    out.into_values().collect()
}

impl ScopedStore {
    /// Certificates that have not the office's ladder, with theirs.
    pub(super) async fn own_ladders(&self) -> Result<HashMap<Uuid, Ladder>> {
        let mut out = self.ladders_by_client().await?;
        let own = find_whoever_asks::<certificate_ladder::Entity>().all(&self.rows).await?;
        out.extend(own.into_iter().filter_map(|row| Some((row.certificate_id, Ladder::parse(&row.days).ok()?))));
        Ok(out)
    }

    /// Certificates whose clients have ladders of their own, with these.
    async fn ladders_by_client(&self) -> Result<HashMap<Uuid, Ladder>> {
        let clients: HashMap<Uuid, Ladder> = find_whoever_asks::<client_ladder::Entity>()
            .all(&self.rows)
            .await?
            .into_iter()
            .filter_map(|row| Some((row.client_id, Ladder::parse(&row.days).ok()?)))
            .collect();
        let mut out: HashMap<Uuid, Ladder> = HashMap::new();
        if !clients.is_empty() {
            let office = self.ladder().await?;
            for (id, client) in self.present_clients_with_own().await? {
                // Of several present clients each hears of it on its own days, also one that has the office's.
                let ladder = clients.get(&client).unwrap_or(&office);
                let joined = out.get(&id).map_or_else(|| ladder.clone(), |known| known.joined(ladder));
                out.insert(id, joined);
            }
        }
        Ok(out)
    }

    /// Present clients of each certificate of which one has a ladder of its own.
    async fn present_clients_with_own(&self) -> Result<Vec<(Uuid, Uuid)>> {
        let named = Query::select().column(client_ladder::Column::ClientId).from(client_ladder::Entity).to_owned();
        let theirs = Query::select()
            .column(certificate_client::Column::CertificateId)
            .from(certificate_client::Entity)
            .and_where(certificate_client::Column::ClientId.in_subquery(named))
            .to_owned();
        let gone = Query::select()
            .column(client::Column::Id)
            .from(client::Entity)
            .and_where(client::Column::Archived.is_not_null())
            .to_owned();
        Ok(find_whoever_asks::<certificate_client::Entity>()
            .filter(certificate_client::Column::CertificateId.in_subquery(theirs))
            .filter(certificate_client::Column::ClientId.not_in_subquery(gone))
            .select_only()
            .columns([certificate_client::Column::CertificateId, certificate_client::Column::ClientId])
            .into_tuple()
            .all(&self.rows)
            .await?)
    }

    /// The ladder of a certificate, and whose it is.
    ///
    /// # Errors
    /// `NotFound` for a foreign certificate.
    pub async fn ladder_of(&self, id: CertificateId) -> Result<(Ladder, LadderOf)> {
        self.certificate(Action::See, id).await?;
        self.ladder_of_seen(id).await
    }

    /// The same of one that is known to be seen.
    pub(super) async fn ladder_of_seen(&self, id: CertificateId) -> Result<(Ladder, LadderOf)> {
        let own = certificate_ladder::Column::CertificateId.eq(id.0);
        let own = self.find::<certificate_ladder::Entity>(Action::See).filter(own).one(&self.rows).await?;
        if let Some(ladder) = own.and_then(|row| Ladder::parse(&row.days).ok()) {
            return Ok((ladder, LadderOf::Certificate));
        }
        // Whoever sees the certificate sees when it is told of, by whichever client.
        Ok(match self.ladders_by_client().await?.remove(&id.0) {
            Some(ladder) => (ladder, LadderOf::Client),
            None => (self.ladder().await?, LadderOf::Office),
        })
    }

    /// A client's own ladder, if it has one.
    ///
    /// # Errors
    /// `NotFound` for a foreign client.
    pub async fn client_ladder(&self, id: ClientId) -> Result<Option<Ladder>> {
        self.client(Action::See, id).await?;
        let own = self.find::<client_ladder::Entity>(Action::See).filter(client_ladder::Column::ClientId.eq(id.0));
        Ok(own.one(&self.rows).await?.and_then(|row| Ladder::parse(&row.days).ok()))
    }

    /// Gives a client a ladder of its own; none takes it away. Nobody is told of days that are past already by it.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`.
    pub async fn set_client_ladder(&self, id: ClientId, to: Option<&Ladder>) -> Result<()> {
        self.write(|deed| async move {
            let row = deed.client(Action::EditClient, id).await?;
            let permit = row.permits();
            let links = find_whoever_asks::<certificate_client::Entity>()
                .filter(certificate_client::Column::ClientId.eq(id.0))
                .select_only()
                .column(certificate_client::Column::CertificateId)
                .into_tuple::<Uuid>()
                .all(&deed.rows)
                .await?;
            let before = permit.ladders(&links).await?;
            permit.remove::<client_ladder::Entity>(client_ladder::Column::ClientId.eq(id.0)).await?;
            if let Some(to) = to {
                permit.insert(client_ladder::ActiveModel { client_id: Set(id.0), days: Set(to.text()) }).await?;
            }
            permit.pass_over_changed(&links, before).await?;
            let about = format!("{}: {}", row.name, to.map_or_else(|| "—".to_owned(), Ladder::text));
            Ok(permit.done(Entry::new(DeedKind::OwnLadderChanged, about).client(id).link(format!("/clients/{id}"))))
        })
        .await
    }

    /// The same for one certificate.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`.
    pub async fn set_certificate_ladder(&self, id: CertificateId, to: Option<&Ladder>) -> Result<()> {
        self.write(|deed| async move {
            let row = deed.certificate(Action::WorkTask, id).await?;
            let client = deed.client_of_certificate(id.0).await?;
            let permit = row.permits();
            let before = permit.ladders(&[id.0]).await?;
            permit.remove::<certificate_ladder::Entity>(certificate_ladder::Column::CertificateId.eq(id.0)).await?;
            if let Some(to) = to {
                permit
                    .insert(certificate_ladder::ActiveModel { certificate_id: Set(id.0), days: Set(to.text()) })
                    .await?;
            }
            permit.pass_over_changed(&[id.0], before).await?;
            let about = format!("{}: {}", row.holder, to.map_or_else(|| "—".to_owned(), Ladder::text));
            let line = Entry::new(DeedKind::OwnLadderChanged, about).link(format!("/certificates/{id}"));
            Ok(permit.done(Entry { client, ..line }))
        })
        .await
    }
}

impl Permitted {
    /// The ladder of each of these certificates.
    async fn ladders(&self, of: &[Uuid]) -> Result<HashMap<Uuid, Ladder>> {
        let (own, office) = (self.own_ladders().await?, self.ladder().await?);
        Ok(of.iter().map(|id| (*id, own.get(id).cloned().unwrap_or_else(|| office.clone()))).collect())
    }

    /// Of rungs that these certificates have got anew and reached already, nobody is told.
    async fn pass_over_changed(&self, of: &[Uuid], before: HashMap<Uuid, Ladder>) -> Result<()> {
        let mut changed: BTreeMap<FromTo, (Ladder, Vec<Uuid>)> = BTreeMap::new();
        for (id, now) in self.ladders(of).await? {
            let Some(was) = before.get(&id).filter(|was| **was != now) else { continue };
            let key = (was.days().to_vec(), now.days().to_vec());
            changed.entry(key).or_insert_with(|| (now, Vec::new())).1.push(id);
        }
        for ((was, _), (now, ids)) in changed {
            for (days, span) in now.spans().into_iter().filter(|(days, _)| !was.contains(days)) {
                for some in ids.chunks(crate::core::whoever::FEW) {
                    let these = Condition::all().add(certificate::Column::Id.is_in(some.iter().copied()));
                    self.pass_over(days, &span, these).await?;
                }
            }
        }
        Ok(())
    }
}
