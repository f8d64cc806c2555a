//! Revocation lists: reading files, fetching from the office's addresses.

use super::OfficeDesk;
use crate::jobs;
use crate::refusals::{internal, of};
use app::port::{Answer, Revocation, Upload};
use async_trait::async_trait;
use domain::id::{CertificateId, SourceId};
use domain::revocation::{AddressKind, Evidence, Fetched, KnownList, ListAddress, ListRead};
use std::time::Duration;

/// For how long a page waits for a round of all addresses; after it the round goes on by itself.
const PATIENCE: Duration = Duration::from_secs(10);

#[async_trait]
impl Revocation for OfficeDesk {
    async fn known_lists(&self) -> Answer<Vec<KnownList>> {
        self.scoped.known_lists().await.map_err(of)
    }

    async fn read_list(&self, file: Upload) -> Answer<ListRead> {
        jobs::read_list(&self.scoped, file.bytes.to_vec(), &file.name).await
    }

    async fn list_addresses(&self) -> Answer<Vec<ListAddress>> {
        self.scoped.list_addresses().await.map_err(of)
    }

    async fn add_list_address(&self, kind: AddressKind, url: &str) -> Answer<()> {
        self.scoped.add_list_address(kind, url.to_owned()).await.map_err(of)
    }

    async fn remove_list_address(&self, id: SourceId) -> Answer<()> {
        self.scoped.remove_list_address(id).await.map_err(of)
    }

    async fn fetch_lists(&self) -> Answer<Option<Vec<Fetched>>> {
        let scoped = self.scoped.clone();
        let round = tokio::spawn(async move { jobs::fetch_all(&scoped).await });
        match tokio::time::timeout(PATIENCE, round).await {
            Ok(done) => done.map_err(|e| internal(&e))?.map(Some),
            Err(_) => Ok(None),
        }
    }

    async fn lists_daily(&self) -> Answer<bool> {
        self.scoped.lists_daily().await.map_err(of)
    }

    async fn set_lists_daily(&self, daily: bool) -> Answer<()> {
        self.scoped.set_lists_daily(daily).await.map_err(of)
    }

    async fn ask_issuer(&self, id: CertificateId) -> Answer<bool> {
        self.ask(id).await
    }

    async fn evidence(&self, id: CertificateId) -> Answer<Evidence> {
        self.scoped.evidence(id).await.map_err(of)
    }
}
