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

impl Permitted {
    /// Writes a typed entry; nothing where the certificate that it speaks of is registered from its file.
    pub(crate) async fn add_typed(
        &self,
        client: &crate::core::entity::client::Model,
        typed: &Typed,
    ) -> Result<Option<CertificateId>> {
        if typed.first_day.is_some_and(|first| first > typed.last_day) {
            return Err(Refusal::invalid("last_day", Rule::Order).into());
        }
        let id = CertificateId(fresh::id());
        let data = crate::clients::cards::to_client(client.clone(), Vec::new())?.data;
        let facts = typed.facts(&data, &id.to_string(), self.who.today);
        if registered_of(self, ClientId(client.id), false).await?.iter().any(|k| confirms(&facts, &k.facts)) {
            return Ok(None);
        }
        let mut row = certificate_model(id, &facts, SignatureCheck::NotChecked, self.now_ms())?;
        row.typed = Set(true);
        self.insert(row).await?;
        self.insert(file_model(id, &facts, Vec::new())?).await?;
        self.insert(certificate_client::ActiveModel {
            certificate_id: Set(id.0),
            client_id: Set(client.id),
            by_hand: Set(false),
            last_day: Set(facts.last_day()),
        })
        .await?;
        self.silenced_already(ClientId(client.id), id, &facts).await?;
        search_words::refresh(self, [id.0]).await?;
        Ok(Some(id))
    }
}

impl Permitted {
    /// An entry whose place a registered certificate has taken already is silent from the start.
    pub(crate) async fn silenced_already(&self, client: ClientId, id: CertificateId, said: &Facts) -> Result<()> {
        let known = succession::known_issuers(&self.rows).await?;
        let mut later: Vec<_> = registered_of(self, client, false).await?;
        later.retain(|k| k.row.signature != SignatureCheck::Fails.code() && known.contains(&k.row.issuer));
        later.retain(|k| silences(said, &k.facts));
        match later.iter().min_by_key(|k| k.row.not_before) {
            Some(next) => succession::set_successor(self, id.0, next.row.id, next.row.not_before).await,
            None => Ok(()),
        }
    }
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
    let rows = find_whoever_asks::<certificate::Entity>()
        .filter(certificate::Column::Typed.eq(typed))
        .filter(certificate::Column::Id.in_subquery(linked))
        .all(&deed.rows)
        .await?;
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
