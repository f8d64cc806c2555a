//! The journal of carriers: rows are added, never changed; where a carrier is follows from its last row.

use crate::core::admitted::ScopedStore;
use crate::core::convert::instant;
use crate::core::deed::Permitted;
use crate::core::entity::{custody, person};
use crate::core::fresh;
use crate::{Error, Result};
use domain::access::Action;
use domain::audit::{DeedKind, Entry as Line};
use domain::custody::{CarrierKind, Entry, NewEntry, Passing};
use domain::id::{CarrierId, ClientId, EntryId, PersonId};
use domain::refusal::{Refusal, Rule};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, Set};
use std::collections::HashMap;
use uuid::Uuid;

/// Carriers of a list at most.
const LINES: u64 = 200;

impl ScopedStore {
    /// The journal of a client in its order.
    ///
    /// # Errors
    /// `NotFound` for a foreign client.
    pub async fn custody(&self, client: ClientId) -> Result<Vec<Entry>> {
        self.client(Action::See, client).await?;
        let rows = self.find::<custody::Entity>(Action::See).filter(custody::Column::ClientId.eq(client.0));
        self.as_entries(rows.order_by_asc(custody::Column::Id).all(&self.rows).await?).await
    }

    /// One entry, for the sheet that two people sign.
    ///
    /// # Errors
    /// `NotFound` for a foreign one.
    pub async fn custody_entry(&self, id: EntryId) -> Result<Entry> {
        let row = self.one::<custody::Entity>(Action::See, custody::Column::Id.eq(id.0)).await?;
        self.as_entries(vec![row]).await?.pop().ok_or(Refusal::NotFound.into())
    }

    /// Carriers that are with the firm, those that are to go back first on top.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn carriers_with_us(&self) -> Result<Vec<Entry>> {
        let rows = self
            .with_us()
            .order_by_asc(Expr::col(custody::Column::BackBy).is_null())
            .order_by_asc(custody::Column::BackBy);
        self.as_entries(rows.order_by_asc(custody::Column::Day).limit(LINES).all(&self.rows).await?).await
    }

    /// Last rows of carriers that are with the firm.
    pub(crate) fn with_us(&self) -> Select<custody::Entity> {
        let later = Alias::new("later");
        let newer = Query::select()
            .expr(Expr::val(1))
            .from_as(custody::Entity, later.clone())
            .and_where(
                Expr::col((later.clone(), custody::Column::CarrierId))
                    .equals((custody::Entity, custody::Column::CarrierId)),
            )
            .and_where(Expr::col((later, custody::Column::Id)).gt(Expr::col((custody::Entity, custody::Column::Id))))
            .to_owned();
        self.find::<custody::Entity>(Action::See)
            .filter(custody::Column::What.eq(Passing::Taken.code()))
            .filter(Condition::all().add(Expr::exists(newer)).not())
    }

    async fn as_entries(&self, rows: Vec<custody::Model>) -> Result<Vec<Entry>> {
        let names: HashMap<Uuid, String> = self.people().await?.iter().map(|p| (p.id.0, p.name.clone())).collect();
        let clients = self.names_of(rows.iter().map(|r| r.client_id)).await?;
        rows.into_iter()
            .map(|r| {
                Ok(Entry {
                    id: EntryId(r.id),
                    carrier: CarrierId(r.carrier_id),
                    client: (ClientId(r.client_id), clients.get(&r.client_id).cloned().unwrap_or_default()),
                    keeper_name: r.keeper_id.and_then(|id| names.get(&id).cloned()),
                    made: (names.get(&r.person_id).cloned().unwrap_or_default(), instant(r.made)),
                    said: NewEntry {
                        carrier: Some(CarrierId(r.carrier_id)),
                        kind: CarrierKind::parse(&r.kind).ok_or(Error::Broken("carrier kind"))?,
                        label: r.label,
                        what: Passing::parse(&r.what).ok_or(Error::Broken("passing"))?,
                        day: r.day,
                        from_whom: r.from_whom,
                        to_whom: r.to_whom,
                        keeper: r.keeper_id.map(PersonId),
                        ground: r.ground,
                        back_by: r.back_by,
                        note: r.note,
                    },
                })
            })
            .collect()
    }

    /// Adds an entry to a client's journal.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` where the carrier is of another client, cannot pass so, or the days do not
    /// fit.
    pub async fn record_custody(&self, client: ClientId, new: NewEntry) -> Result<EntryId> {
        let new = &new;
        self.write(|deed| async move {
            let on = deed.client(Action::WorkTask, client).await?;
            let journal = deed.custody(client).await?;
            let mut new = new.clone();
            if let Some(carrier) = new.carrier {
                let last =
                    journal.iter().rfind(|e| e.carrier == carrier).ok_or(Refusal::invalid("carrier", Rule::Unknown))?;
                if !last.next().contains(&new.what) {
                    return Err(Refusal::invalid("what", Rule::Move).into());
                }
                if new.day < last.said.day {
                    return Err(Refusal::invalid("day", Rule::Order).into());
                }
                (new.kind, new.label) = (last.said.kind, last.said.label.clone());
            } else if new.label.trim().is_empty() {
                return Err(Refusal::invalid("label", Rule::Required).into());
            }
            if new.day > deed.who.today.day {
                return Err(Refusal::invalid("day", Rule::Date).into());
            }
            if new.what != Passing::Taken {
                (new.keeper, new.back_by) = (None, None);
            } else if new.back_by.is_some_and(|back| back < new.day) {
                return Err(Refusal::invalid("back_by", Rule::Order).into());
            }
            if let Some(keeper) = new.keeper {
                let known = deed
                    .find::<person::Entity>(Action::See)
                    .filter(person::Column::Id.eq(keeper.0))
                    .one(&deed.rows)
                    .await?;
                known.filter(|p| p.active).ok_or(Refusal::invalid("keeper", Rule::Unknown))?;
            }
            let about = format!("{} · {}: {}", on.name, new.label, new.what.code());
            let deed = on.permits();
            let id = deed.add_entry(client, new).await?;
            Ok(deed
                .done(Line::new(DeedKind::CarrierRecorded, about).client(client).link(format!("/clients/{client}")))
                .with(id))
        })
        .await
    }
}

impl Permitted {
    pub(crate) async fn add_entry(&self, client: ClientId, new: NewEntry) -> Result<EntryId> {
        let id = EntryId(fresh::id());
        self.insert(custody::ActiveModel {
            id: Set(id.0),
            carrier_id: Set(new.carrier.map_or_else(fresh::id, |c| c.0)),
            client_id: Set(client.0),
            kind: Set(new.kind.code().into()),
            label: Set(new.label),
            what: Set(new.what.code().into()),
            day: Set(new.day),
            from_whom: Set(new.from_whom),
            to_whom: Set(new.to_whom),
            keeper_id: Set(new.keeper.map(|k| k.0)),
            ground: Set(new.ground),
            back_by: Set(new.back_by),
            note: Set(new.note),
            person_id: Set(self.who.person.0),
            made: Set(self.now_ms()),
        })
        .await?;
        Ok(id)
    }
}
