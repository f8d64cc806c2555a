//! Revocation lists: reading files, fetching from the office's addresses.

use super::OfficeDesk;
use crate::lists;
use crate::refusals::of;
use app::port::{Answer, Revocation, Upload};
use async_trait::async_trait;
use domain::certificate::SignatureCheck;
use domain::id::{CertificateId, SourceId};
use domain::refusal::{Refusal, Rule};
use domain::revocation::{AddressKind, Evidence, Fetched, KnownList, ListAddress, ListRead};

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

    async fn add_list_address(&self, kind: AddressKind, url: &str) -> Answer<()> {
        self.shelf.add_list_address(kind, url.to_owned()).await.map_err(of)
    }

    async fn remove_list_address(&self, id: SourceId) -> Answer<()> {
        self.shelf.remove_list_address(id).await.map_err(of)
    }

    async fn fetch_lists(&self) -> Answer<Vec<Fetched>> {
        let mut got = Vec::new();
        let addresses = self.shelf.list_addresses().await.map_err(of)?;
        for address in addresses.into_iter().filter(|a| a.kind == AddressKind::Lists) {
            let bytes = lists::fetch(&address.url).await.inspect_err(|error| {
                tracing::info!(url = address.url, %error, "a revocation list was not fetched");
            });
            let delta = bytes.as_ref().is_ok_and(|b| pki::read_crl(b).is_ok_and(|(list, _)| list.base.is_some()));
            got.push((delta, address.url, bytes));
        }
        // A delta list goes on from a full one.
        got.sort_by_key(|(delta, ..)| *delta);
        let mut out = Vec::new();
        for (_, url, bytes) in got {
            let outcome = match bytes {
                Ok(bytes) => self.read(&bytes, &url, true).await,
                Err(_) => Err(Refusal::invalid("files", Rule::NotFetched)),
            };
            if matches!(outcome, Err(Refusal::NotAllowed)) {
                return Err(Refusal::NotAllowed);
            }
            // A full list that brings nothing new is no fault.
            let nothing_new = matches!(outcome, Err(Refusal::Invalid { rule: Rule::OldList, .. }));
            out.push(Fetched { url, outcome: if nothing_new { Ok(ListRead::default()) } else { outcome } });
        }
        Ok(out)
    }

    async fn ask_issuer(&self, id: CertificateId) -> Answer<bool> {
        self.ask(id).await
    }

    async fn evidence(&self, id: CertificateId) -> Answer<Evidence> {
        self.shelf.evidence(id).await.map_err(of)
    }
}
