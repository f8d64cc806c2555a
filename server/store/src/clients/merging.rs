//! Two cards of one client become one: everything hangs on the one that stays, nothing is lost but the other's number.

use crate::Result;
use crate::certificates::search_words;
use crate::clients::cards as clients;
use crate::clients::filings;
use crate::clients::merging_moves::{self as moves, Pair};
use crate::core::admitted::ScopedStore;
use crate::core::entity::{assignment, certificate_client, client, custody, ground};
use domain::access::Action;
use domain::audit::{DeedKind, Entry};

use domain::id::ClientId;
use domain::merging::MergePlan;
use domain::refusal::{Refusal, Rule};
use sea_orm::{ColumnTrait as _, PaginatorTrait as _, QueryFilter as _};
use std::collections::HashSet;
use uuid::Uuid;

impl ScopedStore {
    /// What would become of a client in another, found by its number.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` where no other client that may be changed has the number.
    pub async fn merge_plan(&self, from: ClientId, number: &str) -> Result<MergePlan> {
        self.client(Action::EditClient, from).await?;
        let into = self.other(from, number).await?;
        let db = &self.rows;
        let links = |id: Uuid| {
            self.find::<certificate_client::Entity>(Action::See).filter(certificate_client::Column::ClientId.eq(id))
        };
        let there: HashSet<Uuid> = links(into.id).all(db).await?.into_iter().map(|l| l.certificate_id).collect();
        let new = links(from.0).all(db).await?.into_iter().filter(|l| !there.contains(&l.certificate_id)).count();
        Ok(MergePlan {
            certificates: u64::try_from(new).unwrap_or(0),
            grounds: self
                .find::<ground::Entity>(Action::See)
                .filter(ground::Column::ClientId.eq(from.0))
                .count(db)
                .await?,
            entries: self
                .find::<custody::Entity>(Action::See)
                .filter(custody::Column::ClientId.eq(from.0))
                .count(db)
                .await?,
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
        let other = named.one(&self.rows).await?.filter(|c| c.id != from.0 && c.archived.is_none());
        other.ok_or(Refusal::invalid("number", Rule::NoOtherClient).into())
    }

    /// Merges a client into another; gives the one that stays.
    ///
    /// # Errors
    /// As [`ScopedStore::merge_plan`]; `Conflict` where somebody changed one of them meanwhile.
    pub async fn merge_client(&self, from: ClientId, number: &str) -> Result<ClientId> {
        self.write(|deed| async move {
            let gone = deed.client_card(from).await?;
            let card = deed.client(Action::EditClient, from).await?;
            let into = deed.other(from, number).await?;
            let stays = deed.client_card(ClientId(into.id)).await?;
            let pair = Pair { gone: from.0, stays: into.id };
            let deed = card.permits();
            let data = stays.data.joined(&gone.data);
            moves::certificates(&deed, pair).await?;
            moves::assignments(&deed, pair, deed.who.today.day).await?;
            moves::journals(&deed, pair).await?;
            moves::mentions(&deed, pair).await?;
            moves::typed_entries(&deed, &gone.data.number, stays.id, &data).await?;
            crate::clients::leaving::remove_card(&deed, pair.gone).await?;
            filings::write_codes(&deed, stays.id, &data.filings).await?;
            let row = client::ActiveModel {
                archived: sea_orm::NotSet,
                ..clients::row(stays.id, &data, None, stays.revision + 1)?
            };
            deed.run_one(deed.change::<client::Entity>(client::Column::Id.eq(pair.stays)).set(row)).await?;
            search_words::write(&deed, client::Column::Id.eq(pair.stays)).await?;
            let about = format!("{} → {}", gone.data.name, data.name);
            Ok(deed
                .done(
                    Entry::new(DeedKind::ClientsMerged, about).client(stays.id).link(format!("/clients/{}", stays.id)),
                )
                .with(stays.id))
        })
        .await
    }
}
