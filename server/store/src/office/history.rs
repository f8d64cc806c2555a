//! Reading the history.

use crate::core::admitted::ScopedStore;
use crate::core::convert::instant;
use crate::core::entity::{audit, client, person};
use crate::core::whoever::find_whoever_asks;
use crate::{Error, Result};
use domain::access::Action;
use domain::audit::{AuditFilter, AuditRow, DeedKind};
use domain::client::Page;
use domain::day::{plus, start_of};
use domain::id::{ActId, ClientId, SessionId};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use std::collections::HashMap;
use uuid::Uuid;

const PAGE: u64 = 100;

impl ScopedStore {
    /// One page of the history, the newest first: an owner's whole, a lead's of the lead's clients.
    ///
    /// # Errors
    /// `NotAllowed` for other roles.
    pub async fn audit(&self, filter: &AuditFilter) -> Result<Page<AuditRow>> {
        self.require(Action::ReadAudit)?;
        self.lines(filter, PAGE).await
    }

    /// The last lines about one client, for its card; only for those who read the history.
    ///
    /// # Errors
    /// `NotFound` for a foreign client.
    pub async fn client_history(&self, client: ClientId) -> Result<Vec<AuditRow>> {
        self.client(Action::See, client).await?;
        Ok(self.lines(&AuditFilter { client: Some(client), ..AuditFilter::default() }, 20).await?.rows)
    }

    async fn lines(&self, filter: &AuditFilter, page: u64) -> Result<Page<AuditRow>> {
        let db = &self.rows;
        let mut query = self.find::<audit::Entity>(Action::ReadAudit);
        if let Some(who) = filter.person {
            query = query.filter(audit::Column::PersonId.eq(who.0));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(audit::Column::Kind.eq(kind.code()));
        }
        if let Some(client) = filter.client {
            query = query.filter(audit::Column::ClientId.eq(client.0));
        }
        if let Some(clients) = self.clients_by_words(&filter.text).await? {
            query = query.filter(audit::Column::ClientId.is_in(clients));
        }
        if let Some(from) = filter.from {
            query = query.filter(audit::Column::At.gte(start_of(from).timestamp_millis()));
        }
        if let Some(until) = filter.until {
            query = query.filter(audit::Column::At.lt(start_of(plus(until, 1)).timestamp_millis()));
        }
        if let Some(before) = filter.before {
            query = query.filter(audit::Column::Id.lt(before));
        }
        let mut rows = query.order_by_desc(audit::Column::Id).limit(page + 1).all(db).await?;
        let more = rows.len() as u64 > page;
        rows.truncate(usize::try_from(page).unwrap_or(usize::MAX));
        let next = rows.last().filter(|_| more).map(|r| r.id.to_string());
        let people: HashMap<Uuid, String> =
            find_whoever_asks::<person::Entity>().all(db).await?.into_iter().map(|p| (p.id, p.name)).collect();
        let ids: Vec<Uuid> = rows.iter().filter_map(|r| r.client_id).collect();
        let clients: HashMap<Uuid, String> = self
            .find::<client::Entity>(Action::See)
            .filter(client::Column::Id.is_in(ids))
            .all(db)
            .await?
            .into_iter()
            .map(|c| (c.id, c.name))
            .collect();
        let rows = rows.into_iter().map(|r| {
            Ok(AuditRow {
                id: r.id,
                act: r.act.map(ActId),
                at: instant(r.at),
                person: r.person_id.and_then(|p| people.get(&p).cloned()).unwrap_or_default(),
                session: r.session_id.map(SessionId),
                kind: DeedKind::parse(&r.kind).ok_or(Error::Broken("deed"))?,
                client: r.client_id.and_then(|c| clients.get(&c).map(|n| (ClientId(c), n.clone()))),
                about: r.about,
                link: r.link,
            })
        });
        Ok(Page { rows: rows.collect::<Result<_>>()?, next, total: 0 })
    }
}
