//! The register and its import: files are read here, and wiped as soon as they are read.

use super::OfficeDesk;
use crate::refusals::{internal, of};
use app::port::{Answer, Certificates, Listed, Upload};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::certificate::{Certificate, CertificateRow, SignatureCheck};
use domain::id::{CertificateId, ClientId, DraftId, UndoId};
use domain::import::{FileError, FileHint, Outcome, Preview, RecentImport, Undone};
use domain::refusal::{Refusal, Rule};
use domain::sheet::{Column, SheetOutcome, SheetPreview};
use domain::task::Check;
use domain::typed::Typed;
use std::collections::HashMap;
use store::DraftItem;

#[async_trait]
impl Certificates for OfficeDesk {
    async fn certificates_of(&self, client: ClientId) -> Answer<Vec<CertificateRow>> {
        self.scoped.certificates_of(client).await.map_err(of)
    }

    async fn certificates_by_id(&self, ids: &[CertificateId]) -> Answer<Vec<CertificateRow>> {
        self.scoped.certificates_by_id(ids).await.map_err(of)
    }

    async fn certificate(&self, id: CertificateId) -> Answer<Certificate> {
        self.scoped.certificate_card(id).await.map_err(of)
    }

    async fn type_certificate(&self, client: ClientId, typed: &Typed) -> Answer<CertificateId> {
        self.scoped.type_certificate(client, typed).await.map_err(of)
    }

    async fn old_keys(&self, skip: u64) -> Answer<Listed<CertificateRow>> {
        self.scoped.old_keys(skip).await.map(super::calendar::listed).map_err(of)
    }

    async fn check_old_keys(&self, ids: &[CertificateId], how: Check, note: &str) -> Answer<UndoId> {
        self.scoped.check_old_keys(ids, how, note).await.map_err(of)
    }

    async fn certificate_file(&self, id: CertificateId) -> Answer<Vec<u8>> {
        self.scoped.certificate_der(id).await.map_err(of)
    }

    async fn link_certificate(&self, id: CertificateId, to: ClientId) -> Answer<()> {
        self.scoped.link_certificate(id, to).await.map_err(of)
    }

    async fn unlink_certificate(&self, id: CertificateId, from: ClientId) -> Answer<()> {
        self.scoped.unlink_certificate(id, from).await.map_err(of)
    }

    async fn links_by_hand(&self, id: CertificateId) -> Answer<Vec<ClientId>> {
        self.scoped.links_by_hand(id).await.map_err(of)
    }

    async fn read_files(&self, files: Vec<Upload>) -> Answer<DraftId> {
        let authorities = self.scoped.authority_certificates().await.map_err(of)?;
        let now = self.scoped.who().today().now;
        let items = tokio::task::spawn_blocking(move || files.into_iter().flat_map(|f| read(&f, &authorities, now)).collect());
        let items: Vec<DraftItem> = items.await.map_err(|e| internal(&e))?;
        self.scoped.draft(items).await.map_err(of)
    }

    async fn read_sheet(&self, file: Upload) -> Answer<DraftId> {
        let sheet = tokio::task::spawn_blocking(move || match domain::sniff::secret(&file.bytes) {
            Some(_) => Err(Refusal::invalid("files", Rule::File(FileError::KeyContainer, FileHint::None))),
            None => crate::sheet::read(&file.name, &file.bytes),
        });
        let sheet = sheet.await.map_err(|e| internal(&e))??;
        self.scoped.keep_sheet(&sheet).await.map_err(of)
    }

    async fn judge_sheet(&self, draft: DraftId, mapping: &[Column]) -> Answer<SheetPreview> {
        self.scoped.judge_sheet(draft, mapping).await.map_err(of)
    }

    async fn accept_sheet(&self, draft: DraftId, mapping: &[Column]) -> Answer<SheetOutcome> {
        self.scoped.accept_sheet(draft, mapping).await.map_err(of)
    }

    async fn preview(&self, draft: DraftId) -> Answer<Preview> {
        self.scoped.preview(draft).await.map_err(of)
    }

    async fn accept(&self, draft: DraftId, chosen: &HashMap<i32, ClientId>) -> Answer<Outcome> {
        self.scoped.accept(draft, chosen).await.map(|(outcome, _)| outcome).map_err(of)
    }

    async fn recent_imports(&self) -> Answer<Vec<RecentImport>> {
        self.scoped.recent_imports().await.map_err(of)
    }

    async fn undo_import(&self, draft: DraftId) -> Answer<Undone> {
        self.scoped.undo_import(draft).await.map_err(of)
    }

    async fn by_key_ids(&self, ids: &[String]) -> Answer<Vec<(String, String, NaiveDate)>> {
        self.scoped.by_key_ids(ids).await.map_err(of)
    }
}

/// The lines of one file: each certificate, or why there is none.
fn read(file: &Upload, authorities: &[(String, Vec<u8>)], now: DateTime<Utc>) -> Vec<DraftItem> {
    match pki::read_file(&file.bytes, now) {
        Err(refused) => vec![DraftItem { file: file.name.clone(), content: Err(refused) }],
        Ok(items) => items
            .into_iter()
            .map(|item| {
                let signature = checked(&item.found.der, authorities);
                DraftItem { file: file.name.clone(), content: Ok((item.found.der, item.found.facts, signature)) }
            })
            .collect(),
    }
}

/// The check against the known authorities: one that holds is enough, one that fails counts only if none holds.
fn checked(der: &[u8], authorities: &[(String, Vec<u8>)]) -> SignatureCheck {
    let results: Vec<SignatureCheck> = authorities.iter().map(|(_, issuer)| pki::check_signature(der, issuer)).collect();
    if results.contains(&SignatureCheck::Holds) {
        SignatureCheck::Holds
    } else if results.contains(&SignatureCheck::Fails) {
        SignatureCheck::Fails
    } else {
        SignatureCheck::NotChecked
    }
}
