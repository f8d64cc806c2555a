//! Certificates that were typed by hand, and what an import does with them.

use crate::Result;
use crate::certificates::rows::{certificate_model, file_model};
use crate::certificates::search_words;
use crate::certificates::succession;
use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{certificate, certificate_client, certificate_file};
use crate::core::fresh;
use crate::core::whoever::find_whoever_asks;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::certificate::{Facts, SignatureCheck};
use domain::client::ClientData;
use domain::id::{CertificateId, ClientId};
use domain::refusal::{Refusal, Rule};
use domain::typed::{Typed, confirms, silences};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ActiveValue, ColumnTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

impl ScopedStore {
    /// Writes a typed certificate under a client.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` where the days are the wrong way round.
    pub async fn type_certificate(&self, client: ClientId, typed: &Typed) -> Result<CertificateId> {
        self.write(|deed| async move {
            let row = deed.client(Action::Import, client).await?;
            let deed = row.permits();
            let id = deed.add_typed(&row, typed).await?;
            let id = id.ok_or_else(|| Refusal::invalid("last_day", Rule::Registered))?;
            let entry = Entry::new(DeedKind::CertificateTyped, typed.holder.clone()).client(client);
            Ok(deed.done(entry.link(format!("/certificates/{id}"))).with(id))
        })
        .await
    }
}

/// A typed entry that is ready to be written.
pub struct Entering {
    pub id: CertificateId,
    certificate: certificate::ActiveModel,
    file: certificate_file::ActiveModel,
    link: certificate_client::ActiveModel,
    /// The registered certificate that has taken its place already, and from when it counts, in milliseconds.
    replaced: Option<(Uuid, i64)>,
}

impl Permitted {
    /// Writes a typed entry; nothing where the certificate that it speaks of is registered from its file.
    pub(crate) async fn add_typed(
        &self,
        client: &crate::core::entity::client::Model,
        typed: &Typed,
    ) -> Result<Option<CertificateId>> {
        let data = crate::clients::cards::to_client(client.clone(), Vec::new())?.data;
        let registered = registered_of(self, ClientId(client.id), false).await?;
        let Some(entering) = self.entering(ClientId(client.id), &data, typed, &registered).await? else {
            return Ok(None);
        };
        let id = entering.id;
        self.enter(vec![entering]).await?;
        Ok(Some(id))
    }

    /// A typed entry of a client that has these certificates from their files; none where it speaks of one of them.
    pub(crate) async fn entering(
        &self,
        client: ClientId,
        data: &ClientData,
        typed: &Typed,
        registered: &[succession::Known],
    ) -> Result<Option<Entering>> {
        if typed.first_day.is_some_and(|first| first > typed.last_day) {
            return Err(Refusal::invalid("last_day", Rule::Order).into());
        }
        let id = CertificateId(fresh::id());
        let facts = typed.facts(data, &id.to_string(), self.who.today);
        if registered.iter().any(|known| confirms(&facts, &known.facts)) {
            return Ok(None);
        }
        let mut certificate = certificate_model(id, &facts, SignatureCheck::NotChecked, self.now_ms())?;
        certificate.typed = Set(true);
        let link = certificate_client::ActiveModel {
            certificate_id: Set(id.0),
            client_id: Set(client.0),
            by_hand: Set(false),
            last_day: Set(facts.last_day()),
        };
        let replaced = self.taken_by(registered, &facts).await?;
        Ok(Some(Entering { id, certificate, file: file_model(id, &facts, Vec::new())?, link, replaced }))
    }

    /// Writes typed entries: a few statements for all of them.
    pub(crate) async fn enter(&self, all: Vec<Entering>) -> Result<()> {
        let ids: Vec<Uuid> = all.iter().map(|entry| entry.id.0).collect();
        let replaced: Vec<_> = all.iter().filter_map(|entry| Some((entry.id.0, entry.replaced?))).collect();
        let (mut certificates, mut files, mut links) = (Vec::new(), Vec::new(), Vec::new());
        for entry in all {
            certificates.push(entry.certificate);
            files.push(entry.file);
            links.push(entry.link);
        }
        self.insert_all(certificates).await?;
        self.insert_all(files).await?;
        self.insert_all(links).await?;
        for (entry, (next, from)) in replaced {
            succession::set_successor(self, entry, next, from).await?;
        }
        search_words::refresh(self, ids).await
    }

    /// The certificate of a known issuer that has taken the place of an entry.
    async fn taken_by(&self, registered: &[succession::Known], said: &Facts) -> Result<Option<(Uuid, i64)>> {
        let sound = |k: &&succession::Known| k.row.signature != SignatureCheck::Fails.code();
        let later: Vec<_> = registered.iter().filter(sound).filter(|k| silences(said, &k.facts)).collect();
        if later.is_empty() {
            return Ok(None);
        }
        let known = succession::known_issuers(&self.rows).await?;
        let next = later.into_iter().filter(|k| known.contains(&k.row.issuer)).min_by_key(|k| k.row.not_before);
        Ok(next.map(|next| (next.row.id, next.row.not_before)))
    }

    /// An entry whose place a registered certificate has taken already is silent.
    pub(crate) async fn silenced_already(&self, client: ClientId, id: CertificateId, said: &Facts) -> Result<()> {
        let registered = registered_of(self, client, false).await?;
        match self.taken_by(&registered, said).await? {
            Some((next, from)) => succession::set_successor(self, id.0, next, from).await,
            None => Ok(()),
        }
    }
}

/// The certificates of a client that were registered from their files.
pub async fn from_files(deed: &Permitted, client: ClientId) -> Result<Vec<succession::Known>> {
    registered_of(deed, client, false).await
}

/// Typed entries of a client, with what was said.
pub async fn of_client(deed: &Permitted, client: ClientId) -> Result<Vec<succession::Known>> {
    registered_of(deed, client, true).await
}

async fn registered_of(deed: &Permitted, client: ClientId, typed: bool) -> Result<Vec<succession::Known>> {
    let linked = Query::select()
        .column(certificate_client::Column::CertificateId)
        .from(certificate_client::Entity)
        .and_where(certificate_client::Column::ClientId.eq(client.0))
        .to_owned();
    let mut rows = find_whoever_asks::<certificate::Entity>()
        .filter(certificate::Column::Id.in_subquery(linked))
        .all(&deed.rows)
        .await?;
    // A client has few certificates; the database would go through all that are of this kind.
    rows.retain(|row| row.typed == typed);
    succession::with_facts(&deed.rows, rows).await
}

/// The entry that an imported certificate confirms: it becomes that certificate and keeps its tasks and reports.
pub async fn confirm(
    deed: &Permitted,
    entries: &[succession::Known],
    real: &Facts,
    signature: SignatureCheck,
    der: &[u8],
    now_ms: i64,
) -> Result<Option<CertificateId>> {
    let Some(entry) = entries.iter().find(|e| confirms(&e.facts, real)) else { return Ok(None) };
    let id = CertificateId(entry.row.id);
    // Somebody may have confirmed it a moment ago with the other half of the set.
    let still = certificate::Column::Id.eq(id.0).and(certificate::Column::Typed.eq(true));
    let mut change = deed.change::<certificate::Entity>(still);
    for (column, value) in columns(certificate_model(id, real, signature, now_ms)?) {
        change = change.col_expr(column, value);
    }
    if deed.run(change).await? == 0 {
        return Ok(None);
    }
    deed.remove::<certificate_file::Entity>(certificate_file::Column::CertificateId.eq(id.0)).await?;
    deed.insert(file_model(id, real, der.to_vec())?).await?;
    Ok(Some(id))
}

/// What the certificate itself says; reports of loss, tasks and successors stay the entry's.
fn columns(model: certificate::ActiveModel) -> Vec<(certificate::Column, sea_orm::sea_query::SimpleExpr)> {
    use certificate::Column as C;
    fn value<T: Into<sea_orm::Value>>(set: ActiveValue<T>) -> sea_orm::sea_query::SimpleExpr {
        match set {
            ActiveValue::Set(v) | ActiveValue::Unchanged(v) => Expr::value(v),
            ActiveValue::NotSet => Expr::value(None::<String>),
        }
    }
    vec![
        (C::Fingerprint, value(model.fingerprint)),
        (C::Holder, value(model.holder)),
        (C::Purposes, value(model.purposes)),
        (C::Roles, value(model.roles)),
        (C::Serial, value(model.serial)),
        (C::Issuer, value(model.issuer)),
        (C::OwnerNumber, value(model.owner_number)),
        (C::Lineage, value(model.lineage)),
        (C::Search, value(model.search)),
        (C::KeyId, value(model.key_id)),
        (C::NotBefore, value(model.not_before)),
        (C::NotAfter, value(model.not_after)),
        (C::Signature, value(model.signature)),
        (C::ImportedAt, value(model.imported_at)),
        (C::Typed, Expr::value(false)),
    ]
}

/// Entries whose place a later certificate of a known issuer takes.
pub async fn silence(
    deed: &Permitted,
    entries: &[succession::Known],
    real: &Facts,
    id: Uuid,
    known_issuer: bool,
) -> Result<()> {
    if !known_issuer {
        return Ok(());
    }
    for entry in entries.iter().filter(|e| e.row.successor_id.is_none() && e.row.id != id && silences(&e.facts, real)) {
        succession::set_successor(deed, entry.row.id, id, real.not_before.timestamp_millis()).await?;
    }
    Ok(())
}
