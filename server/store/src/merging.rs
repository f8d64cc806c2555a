//! Two cards of one client become one: everything hangs on the one that stays, nothing is lost but the other's number.

use crate::admitted::Shelf;
use crate::deed::Deed;
use crate::entity::{assignment, audit, certificate_client, client, client_system, custody, ground, import_made};
use crate::scope::find_whoever_asks;
use crate::{Result, clients, filings, held};
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::client::{Client, ClientData};
use domain::id::ClientId;
use domain::merging::MergePlan;
use domain::person::Part;
use domain::refusal::{Refusal, Rule};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, PaginatorTrait as _, QueryFilter as _, Set};
use std::collections::HashSet;
use uuid::Uuid;

impl Shelf {
    /// What would become of a client in another, found by its number.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` where no other client that may be changed has the number.
    pub async fn merge_plan(&self, from: ClientId, number: &str) -> Result<MergePlan> {
        self.client(Action::EditClient, from).await?;
        let into = self.other(from, number).await?;
        let db = &self.store.db;
        let links =
            |id: Uuid| self.find::<certificate_client::Entity>(Action::See).filter(certificate_client::Column::ClientId.eq(id));
        let there: HashSet<Uuid> = links(into.id).all(db).await?.into_iter().map(|l| l.certificate_id).collect();
        let new = links(from.0).all(db).await?.into_iter().filter(|l| !there.contains(&l.certificate_id)).count();
        Ok(MergePlan {
            certificates: u64::try_from(new).unwrap_or(0),
            grounds: self.find::<ground::Entity>(Action::See).filter(ground::Column::ClientId.eq(from.0)).count(db).await?,
            entries: self.find::<custody::Entity>(Action::See).filter(custody::Column::ClientId.eq(from.0)).count(db).await?,
            assignments: self
                .find::<assignment::Entity>(Action::See)
                .filter(assignment::Column::ClientId.eq(from.0))
                .count(db)
                .await?,
            into: (ClientId(into.id), into.name, into.number),
        })
    }

    async fn other(&self, from: ClientId, number: &str) -> Result<client::Model> {
        let named = self.find::<client::Entity>(Action::EditClient).filter(client::Column::Number.eq(number));
        let other = named.one(&self.store.db).await?.filter(|c| c.id != from.0 && c.archived.is_none());
        other.ok_or(Refusal::invalid("number", Rule::NoSuchClient).into())
    }

    /// Merges a client into another; gives the one that stays.
    ///
    /// # Errors
    /// As [`Shelf::merge_plan`]; `Conflict` where somebody changed one of them meanwhile.
    pub async fn merge_client(&self, from: ClientId, number: &str) -> Result<ClientId> {
        let gone = self.client_card(from).await?;
        self.client(Action::EditClient, from).await?;
        let into = self.other(from, number).await?;
        let stays = self.client_card(ClientId(into.id)).await?;
        let deed = self.deed().await?;
        let pair = (from.0, into.id);
        move_certificates(&deed, pair).await?;
        self.move_assignments(&deed, pair).await?;
        deed.run(
            deed.change::<ground::Entity>(ground::Column::ClientId.eq(pair.0))
                .col_expr(ground::Column::ClientId, Expr::value(pair.1)),
        )
        .await?;
        deed.run(
            deed.change::<custody::Entity>(custody::Column::ClientId.eq(pair.0))
                .col_expr(custody::Column::ClientId, Expr::value(pair.1)),
        )
        .await?;
        move_systems(&deed, pair).await?;
        rename_imports(&deed, pair).await?;
        let line = deed
            .change::<audit::Entity>(audit::Column::ClientId.eq(pair.0))
            .col_expr(audit::Column::ClientId, Expr::value(pair.1));
        deed.run(line).await?;
        let page = |id: Uuid| format!("/clients/{id}");
        let link = deed.change::<audit::Entity>(audit::Column::Link.eq(page(pair.0)));
        deed.run(link.col_expr(audit::Column::Link, Expr::value(page(pair.1)))).await?;
        crate::leaving::remove_card(&deed, pair.0).await?;
        let data = joined(&stays, &gone);
        filings::write_codes(&deed, stays.id, &data.filings).await?;
        let row = client::ActiveModel { archived: sea_orm::NotSet, ..clients::row(stays.id, &data, None, stays.revision + 1)? };
        let change = deed.change::<client::Entity>(client::Column::Id.eq(pair.1));
        deed.run_one(change.filter(client::Column::Revision.eq(stays.revision)).set(row)).await?;
        held::write(&deed, client::Column::Id.eq(pair.1)).await?;
        let about = format!("{} → {}", gone.data.name, data.name);
        deed.done(Entry::new(DeedKind::ClientsMerged, about).client(stays.id).link(page(pair.1))).await?;
        Ok(stays.id)
    }

    /// Whoever worked on the one works on the other; a second responsible becomes a deputy, nobody stands there twice.
    async fn move_assignments(&self, deed: &Deed, (from, into): (Uuid, Uuid)) -> Result<()> {
        let of = |id: Uuid| find_whoever_asks::<assignment::Entity>().filter(assignment::Column::ClientId.eq(id));
        let there = of(into).all(&deed.tx).await?;
        let lasts = |a: &&assignment::Model| a.until_day.is_none_or(|until| until >= self.who.today.day);
        let running: HashSet<Uuid> = there.iter().filter(lasts).map(|a| a.person_id).collect();
        let led = there.iter().filter(lasts).any(|a| a.part == Part::Responsible.code());
        for row in of(from).all(&deed.tx).await? {
            let this = assignment::Column::Id.eq(row.id);
            if lasts(&&row) && running.contains(&row.person_id) {
                deed.remove::<assignment::Entity>(this).await?;
                continue;
            }
            let second = lasts(&&row) && led && row.part == Part::Responsible.code();
            let part = if second { Part::Deputy.code() } else { row.part.as_str() };
            let change = deed
                .change::<assignment::Entity>(this)
                .col_expr(assignment::Column::ClientId, Expr::value(into))
                .col_expr(assignment::Column::Part, Expr::value(part));
            deed.run(change).await?;
        }
        Ok(())
    }
}

async fn move_certificates(deed: &Deed, (from, into): (Uuid, Uuid)) -> Result<()> {
    let of = |id: Uuid| find_whoever_asks::<certificate_client::Entity>().filter(certificate_client::Column::ClientId.eq(id));
    let there: HashSet<Uuid> = of(into).all(&deed.tx).await?.into_iter().map(|l| l.certificate_id).collect();
    for row in of(from).all(&deed.tx).await?.into_iter().filter(|l| there.contains(&l.certificate_id)) {
        let twice =
            certificate_client::Column::ClientId.eq(from).and(certificate_client::Column::CertificateId.eq(row.certificate_id));
        deed.remove::<certificate_client::Entity>(twice).await?;
    }
    // What the number alone would not have linked is linked by hand from now on.
    let rest = deed
        .change::<certificate_client::Entity>(certificate_client::Column::ClientId.eq(from))
        .col_expr(certificate_client::Column::ClientId, Expr::value(into))
        .col_expr(certificate_client::Column::ByHand, Expr::value(true));
    deed.run(rest).await.map(|_| ())
}

async fn move_systems(deed: &Deed, (from, into): (Uuid, Uuid)) -> Result<()> {
    let of = |id: Uuid| find_whoever_asks::<client_system::Entity>().filter(client_system::Column::ClientId.eq(id));
    let there: HashSet<Uuid> = of(into).all(&deed.tx).await?.into_iter().map(|s| s.system_id).collect();
    for row in of(from).all(&deed.tx).await?.into_iter().filter(|s| !there.contains(&s.system_id)) {
        deed.insert(client_system::ActiveModel { client_id: Set(into), system_id: Set(row.system_id) }).await?;
    }
    Ok(())
}

/// Imports that can still be undone speak of the client that stays.
async fn rename_imports(deed: &Deed, (from, into): (Uuid, Uuid)) -> Result<()> {
    for row in find_whoever_asks::<import_made::Entity>().all(&deed.tx).await? {
        let body = row.body.replace(&from.to_string(), &into.to_string());
        if body != row.body {
            let change = deed.change::<import_made::Entity>(import_made::Column::DraftId.eq(row.draft_id));
            deed.run(change.col_expr(import_made::Column::Body, Expr::value(body))).await?;
        }
    }
    Ok(())
}

/// The data of the one that stays with what only the other knew.
fn joined(stays: &Client, gone: &Client) -> ClientData {
    let mut data = stays.data.clone();
    data.contacts.extend(gone.data.contacts.iter().filter(|c| !stays.data.contacts.contains(c)).cloned());
    data.filings.extend(gone.data.filings.iter().filter(|code| !stays.data.filings.contains(code)).cloned());
    if !gone.data.notes.is_empty() && gone.data.notes != stays.data.notes {
        data.notes = [data.notes.as_str(), gone.data.notes.as_str()].join("\n").trim().to_owned();
    }
    data
}
