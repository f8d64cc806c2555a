//! Revocation lists: reading files, fetching from the office's addresses.

use super::OfficeDesk;
use crate::lists;
use crate::refusals::of;
use app::port::{Answer, Revocation, Upload};
use async_trait::async_trait;
use domain::certificate::SignatureCheck;
use domain::id::{CertificateId, SourceId};
use domain::refusal::{Refusal, Rule};
use domain::revocation::{Evidence, Fetched, KnownList, ListAddress, ListRead};

impl OfficeDesk {
    async fn read(&self, bytes: &[u8], source: &str, from_table: bool) -> Answer<ListRead> {
        let (list, der) = pki::read_crl(bytes).map_err(|_| Refusal::invalid("files", Rule::NotFetched))?;
        let authorities = self.shelf.authority_certificates().await.map_err(of)?;
        let own = authorities.iter().filter(|(name, _)| *name == list.issuer).map(|(_, issuer)| pki::check_crl(&der, issuer));
        // An authority may have several certificates of one name: one that fits is enough.
        let signature = own.min_by_key(|s| match s {
            SignatureCheck::Holds => 0,
            SignatureCheck::Fails => 1,
            SignatureCheck::NotChecked => 2,
        });
        self.shelf.take_list(list, signature.unwrap_or(SignatureCheck::NotChecked), source, from_table).await.map_err(of)
    }
}

#[async_trait]
impl Revocation for OfficeDesk {
    async fn known_lists(&self) -> Answer<Vec<KnownList>> {
        self.shelf.known_lists().await.map_err(of)
    }

    async fn read_list(&self, file: Upload) -> Answer<ListRead> {
        self.read(&file.bytes, &file.name, false).await
    }

    async fn list_addresses(&self) -> Answer<Vec<ListAddress>> {
        self.shelf.list_addresses().await.map_err(of)
    }

    async fn add_list_address(&self, url: &str) -> Answer<()> {
        self.shelf.add_list_address(url.to_owned()).await.map_err(of)
    }

    async fn remove_list_address(&self, id: SourceId) -> Answer<()> {
        self.shelf.remove_list_address(id).await.map_err(of)
    }

    async fn fetch_lists(&self) -> Answer<Vec<Fetched>> {
        let mut out = Vec::new();
        for address in self.shelf.list_addresses().await.map_err(of)? {
            let outcome = match lists::fetch(&address.url).await {
                Ok(bytes) => self.read(&bytes, &address.url, true).await,
                Err(error) => {
                    tracing::info!(url = address.url, %error, "a revocation list was not fetched");
                    Err(Refusal::invalid("files", Rule::NotFetched))
                }
            };
            // Without the right to take lists in, none of the others is asked either.
            if matches!(outcome, Err(Refusal::NotAllowed)) {
                return Err(Refusal::NotAllowed);
            }
            out.push(Fetched { url: address.url, outcome });
        }
        Ok(out)
    }

    async fn evidence(&self, id: CertificateId) -> Answer<Evidence> {
        self.shelf.evidence(id).await.map_err(of)
    }
}
