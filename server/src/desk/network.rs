//! Asking authorities: their revocation lists, and about one certificate (OCSP).

use super::OfficeDesk;
use crate::refusals::{internal, of};
use crate::{jobs, lists};
use app::port::{Answer, Network};
use async_trait::async_trait;
use domain::certificate::SignatureCheck;
use domain::id::CertificateId;
use domain::refusal::{Refusal, Rule};
use domain::revocation::{AddressKind, Fetched, Status};
use pki::Question;
use std::time::Duration;

/// For how long a page waits for a round of all addresses; after it the round goes on by itself.
const PATIENCE: Duration = Duration::from_secs(10);

#[async_trait]
impl Network for OfficeDesk {
    async fn fetch_lists(&self) -> Answer<Option<Vec<Fetched>>> {
        let scoped = self.scoped.clone();
        let round = tokio::spawn(async move { jobs::fetch_all(&scoped).await });
        match tokio::time::timeout(PATIENCE, round).await {
            Ok(done) => done.map_err(|e| internal(&e))?.map(Some),
            Err(_) => Ok(None),
        }
    }

    async fn ask_issuer(&self, id: CertificateId) -> Answer<bool> {
        self.ask(id).await
    }
}

impl OfficeDesk {
    /// Asks the service that the certificate names, if the office allows its address, and keeps what it says.
    async fn ask(&self, id: CertificateId) -> Answer<bool> {
        let refused = |rule| Refusal::invalid("how", rule);
        let (der, issuer_name) = self.scoped.certificate_to_ask(id).await.map_err(of)?;
        let url = self.service(&der).await?.ok_or(refused(Rule::NoService))?;
        let nonce = crate::secret::nonce().map_err(|_| Refusal::Internal { reference: "random".into() })?;
        let authorities = self.scoped.authority_certificates().await.map_err(of)?;
        // An authority may have several certificates of one name: the one that signed this certificate is asked with.
        let issuers = authorities.iter().filter(|(name, _)| *name == issuer_name).filter_map(|(_, issuer)| {
            let signature = pki::check_signature(&der, issuer);
            Question::new(&der, issuer, &nonce).map(|question| (signature, question, issuer))
        });
        let issuer = issuers.filter(|(signature, ..)| *signature != SignatureCheck::Fails);
        let issuer = issuer.min_by_key(|(signature, ..)| *signature != SignatureCheck::Holds);
        let (_, question, issuer) = issuer.ok_or(refused(Rule::NoIssuer))?;
        let bytes = lists::ask(&url, question.to_der()).await.map_err(|error| {
            tracing::info!(url, %error, "an OCSP service was not reached");
            refused(Rule::NoAnswer)
        })?;
        let now = self.state.clock.now();
        let (answer, signature) = pki::read_answer(&bytes, &question, issuer, now).map_err(|error| {
            tracing::info!(url, %error, "an OCSP answer says nothing");
            refused(if error == pki::NoAnswer::TryLater { Rule::TryLater } else { Rule::NoAnswer })
        })?;
        self.scoped.take_answer(id, &answer, signature, &url).await.map_err(of)?;
        Ok(matches!(answer.status, Status::Revoked(_)))
    }

    /// The first address that the certificate names and the office allows.
    async fn service(&self, der: &[u8]) -> Answer<Option<String>> {
        let named = pki::read_certificate(der, self.state.clock.now()).map(|facts| facts.ocsp_urls).unwrap_or_default();
        let same = |a: &str, b: &str| a.trim_end_matches('/').eq_ignore_ascii_case(b.trim_end_matches('/'));
        let allowed = self.scoped.list_addresses().await.map_err(of)?;
        let mut services = allowed.into_iter().filter(|a| a.kind == AddressKind::Answers);
        Ok(services.find(|a| named.iter().any(|n| same(n, &a.url))).map(|a| a.url))
    }
}
