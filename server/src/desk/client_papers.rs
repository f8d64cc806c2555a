//! The owner's part.

use super::OfficeDesk;
use crate::refusals::of;
use app::port::{Answer, ClientPapers};
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::client::System;
use domain::custody::{Entry, NewEntry};
use domain::ground::{Ground, NewGround};
use domain::id::{ClientId, EntryId, GroundId, SystemId};
use domain::route::RouteRule;
use std::sync::Arc;

#[async_trait]
impl ClientPapers for OfficeDesk {
    async fn grounds(&self, client: ClientId) -> Answer<Vec<Ground>> {
        self.scoped.grounds(client).await.map_err(of)
    }

    async fn grounds_ending(&self, from: NaiveDate, to: NaiveDate, client: Option<ClientId>) -> Answer<Arc<Vec<Ground>>> {
        self.scoped.grounds_ending(from, to, client).await.map_err(of)
    }

    async fn record_ground(&self, client: ClientId, new: NewGround) -> Answer<()> {
        self.scoped.record_ground(client, new).await.map_err(of)
    }

    async fn end_ground(&self, id: GroundId) -> Answer<ClientId> {
        self.scoped.end_ground(id).await.map_err(of)
    }

    async fn custody(&self, client: ClientId) -> Answer<Vec<Entry>> {
        self.scoped.custody(client).await.map_err(of)
    }

    async fn custody_entry(&self, id: EntryId) -> Answer<Entry> {
        self.scoped.custody_entry(id).await.map_err(of)
    }

    async fn record_custody(&self, client: ClientId, new: NewEntry) -> Answer<EntryId> {
        self.scoped.record_custody(client, new).await.map_err(of)
    }

    async fn carriers_with_us(&self) -> Answer<Vec<Entry>> {
        self.scoped.carriers_with_us().await.map_err(of)
    }

    async fn systems(&self) -> Answer<Vec<System>> {
        self.scoped.systems().await.map_err(of)
    }

    async fn systems_of(&self, client: ClientId) -> Answer<Vec<System>> {
        self.scoped.systems_of(client).await.map_err(of)
    }

    async fn set_systems_of(&self, client: ClientId, systems: &[SystemId]) -> Answer<()> {
        self.scoped.set_systems_of(client, systems).await.map_err(of)
    }

    async fn set_system(&self, to: System) -> Answer<()> {
        self.scoped.set_system(to).await.map_err(of)
    }

    async fn remove_system(&self, id: SystemId) -> Answer<()> {
        self.scoped.remove_system(id).await.map_err(of)
    }

    async fn route_rules(&self) -> Answer<Vec<RouteRule>> {
        self.scoped.route_rules().await.map_err(of)
    }

    async fn set_route_rule(&self, to: RouteRule) -> Answer<()> {
        self.scoped.set_route_rule(to).await.map_err(of)
    }
}
