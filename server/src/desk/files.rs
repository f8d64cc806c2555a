//! What files bring in: they are read here, and wiped as soon as they are read.

use super::OfficeDesk;
use crate::jobs;
use crate::refusals::{internal, of};
use app::port::{Answer, Brought, Files, Upload};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::attachment::{AttachTo, AttachmentKind, NewAttachment};
use domain::certificate::SignatureCheck;
use domain::fold::shown;
use domain::id::{DraftId, TaskId};
use domain::import::{FileError, FileHint};
use domain::refusal::{Refusal, Rule};
use domain::revocation::ListRead;
use domain::sheet::Reading;
use domain::task::Stage;
use std::io::{Cursor, Read as _};
use store::DraftItem;
use zip::ZipArchive;

#[async_trait]
impl Files for OfficeDesk {
    async fn read_files(&self, files: Vec<Upload>) -> Answer<DraftId> {
        let authorities = self.scoped.authority_certificates().await.map_err(of)?;
        let now = self.scoped.who().today().now;
        let items =
            tokio::task::spawn_blocking(move || files.into_iter().flat_map(|f| read(&f, &authorities, now)).collect());
        let items: Vec<DraftItem> = items.await.map_err(|e| internal(&e))?;
        self.scoped.draft(items).await.map_err(of)
    }

    async fn read_sheet(&self, file: Upload) -> Answer<DraftId> {
        let sheet = tokio::task::spawn_blocking(move || {
            no_key_in_table(&file.bytes)?;
            crate::sheet::read(&file.name, &file.bytes, &Reading::default()).map(|sheet| (sheet, file))
        });
        let (sheet, file) = sheet.await.map_err(|e| damaged(&e))??;
        self.scoped.keep_sheet(&sheet, &file.bytes).await.map_err(of)
    }

    async fn read_sheet_anew(&self, draft: DraftId, reading: Reading) -> Answer<()> {
        let (name, bytes) = self.scoped.sheet_file(draft).await.map_err(of)?;
        let sheet = tokio::task::spawn_blocking(move || crate::sheet::read(&name, &bytes, &reading));
        let sheet = sheet.await.map_err(|e| damaged(&e))??;
        self.scoped.read_sheet_anew(draft, &sheet).await.map_err(of)
    }

    async fn import_successor(&self, id: TaskId, files: Vec<Upload>, why: &str, revision: i32) -> Answer<Brought> {
        self.scoped.may_move(id, Stage::Issued, revision).await.map_err(of)?;
        let draft = self.read_files(files).await?;
        let preview = self.scoped.preview(draft).await.map_err(of)?;
        if preview.rows.iter().all(|row| row.content.is_err()) {
            let each = preview.rows.into_iter().filter_map(|row| {
                let (error, hint) = row.content.err()?;
                Some((shown(&row.file, 80), error, hint))
            });
            return Err(Refusal::invalid("files", Rule::Unread(each.take(NAMED).collect())));
        }
        let reissued = self.scoped.register_successor(id, draft, why, revision).await.map_err(of);
        let (mut read, mut unread) = (Vec::new(), Vec::new());
        for row in preview.rows {
            match row.content {
                Ok(_) => read.push(row.file),
                Err((error, hint)) => unread.push((row.file, Rule::File(error, hint))),
            }
        }
        read.dedup();
        Ok(Brought { draft, read, unread, reissued })
    }

    async fn attach_files(&self, to: AttachTo, files: Vec<Upload>) -> Answer<Vec<(String, Rule)>> {
        let looked = tokio::task::spawn_blocking(move || files.iter().map(looked_at).collect::<Vec<_>>());
        let (mut fit, mut refused) = (Vec::new(), Vec::new());
        for file in looked.await.map_err(|e| internal(&e))? {
            match file {
                Ok(new) => fit.push(new),
                Err(why) => refused.push(why),
            }
        }
        if !fit.is_empty() {
            self.scoped.attach(to, &fit).await.map_err(of)?;
        }
        Ok(refused)
    }

    async fn read_list(&self, file: Upload) -> Answer<ListRead> {
        jobs::read_list(&self.scoped, file.bytes.to_vec(), &file.name).await
    }

    async fn add_authority(&self, file: Upload) -> Answer<()> {
        let now = self.scoped.who().today().now;
        let items = pki::read_file(&file.bytes, now)
            .map_err(|(error, hint)| Refusal::invalid("files", Rule::File(error, hint)))?;
        let found = items
            .into_iter()
            .map(|i| i.found)
            .find(|f| f.facts.is_ca)
            .ok_or(Refusal::invalid("files", Rule::Unknown))?;
        let name = found.facts.subject.common_name.as_deref().map(|n| shown(n, 200)).unwrap_or_default();
        self.scoped.add_authority(name, found.der).await.map_err(of)
    }
}

/// A file that may be attached, or why it may not.
fn looked_at(file: &Upload) -> Result<NewAttachment, (String, Rule)> {
    let kind = domain::attachment::look(&file.bytes).and_then(|kind| no_keys_inside(kind, &file.bytes));
    let kind = kind.map_err(|(error, hint)| (shown(&file.name, 120), Rule::File(error, hint)))?;
    Ok(NewAttachment { name: kind.name(&file.name), kind, bytes: file.bytes.to_vec() })
}

/// Files of a refused pile that are named.
const NAMED: usize = 10;

/// Bytes of a document's parts that are looked at; a larger one is refused.
const UNPACKED: u64 = 64 * 1024 * 1024;

/// Parts of a document at most.
const PARTS: usize = 2_000;
/// What may stand between two parts: the descriptor of the one before (APPNOTE 4.3.9).
const DESCRIPTOR: u64 = 24;

/// Whether the parts that an archive names follow one another and are all that is in it: nothing lies between them unnamed,
/// and none is named twice.
fn is_whole(archive: &mut ZipArchive<Cursor<&[u8]>>) -> bool {
    let mut parts = Vec::with_capacity(archive.len());
    for n in 0..archive.len() {
        let Ok(part) = archive.by_index_raw(n) else { return false };
        let Some(data) = part.data_start() else { return false };
        parts.push((part.header_start(), data + part.compressed_size()));
    }
    parts.sort_unstable();
    let mut end = 0;
    for (start, until) in parts {
        if start < end || start - end > DESCRIPTOR {
            return false;
        }
        end = until;
    }
    archive.central_directory_start().checked_sub(end).is_some_and(|gap| gap <= DESCRIPTOR)
}

/// A document is an archive: none of its parts may be a key.
fn no_keys_inside(kind: AttachmentKind, bytes: &[u8]) -> Result<AttachmentKind, (FileError, FileHint)> {
    if !matches!(kind, AttachmentKind::Word | AttachmentKind::Sheet) {
        return Ok(kind);
    }
    let broken = (FileError::Malformed, FileHint::Zip);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken)?;
    if archive.len() > PARTS || !is_whole(&mut archive) {
        return Err(broken);
    }
    let mut left = UNPACKED;
    for n in 0..archive.len() {
        let mut part = Vec::new();
        let read =
            archive.by_index(n).map_err(|_| broken)?.take(left + 1).read_to_end(&mut part).map_err(|_| broken)?;
        left = left.checked_sub(read as u64).ok_or((FileError::TooLarge, FileHint::Attachment))?;
        if domain::sniff::secret_anywhere(&part).is_some() {
            return Err((FileError::KeyContainer, FileHint::None));
        }
        // What lies in an archive inside is not looked for, so none is taken.
        if part.windows(4).any(|sign| sign == b"PK\x03\x04") {
            return Err((FileError::Unsupported, FileHint::Attachment));
        }
    }
    Ok(kind)
}

/// Refuses a table in which a key stands: the file is kept until its draft is forgotten, so all of it is looked at, and a
/// workbook that cannot be looked at whole is not kept.
fn no_key_in_table(bytes: &[u8]) -> Result<(), Refusal> {
    let refused = |error, hint| Err(Refusal::invalid("files", Rule::File(error, hint)));
    if domain::sniff::secret_anywhere(bytes).is_some() {
        return refused(FileError::KeyContainer, FileHint::None);
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return Ok(());
    }
    match no_keys_inside(AttachmentKind::Sheet, bytes) {
        Ok(_) => Ok(()),
        Err((FileError::KeyContainer, hint)) => refused(FileError::KeyContainer, hint),
        Err(_) => refused(FileError::Malformed, FileHint::NoTable),
    }
}

/// A reader that gave up on a file: the file is damaged, and the reader's fault is in the log.
fn damaged(fault: &tokio::task::JoinError) -> Refusal {
    tracing::warn!(%fault, "a spreadsheet could not be read");
    Refusal::invalid("files", Rule::File(FileError::Malformed, FileHint::NoTable))
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
    let results: Vec<SignatureCheck> =
        authorities.iter().map(|(_, issuer)| pki::check_signature(der, issuer)).collect();
    if results.contains(&SignatureCheck::Holds) {
        SignatureCheck::Holds
    } else if results.contains(&SignatureCheck::Fails) {
        SignatureCheck::Fails
    } else {
        SignatureCheck::NotChecked
    }
}
