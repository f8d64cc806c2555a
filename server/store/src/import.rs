//! Import: drafts and what they would do.

use crate::admitted::Shelf;
use crate::convert::{json, to_json};
use crate::entity::{draft, draft_item};
use crate::{Error, Result, fresh};
use domain::access::Action;
use domain::certificate::{Facts, SignatureCheck};
use domain::fold::shown;
use domain::id::DraftId;
use domain::import::{FileError, FileHint, Preview, PreviewRow};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, Set};
use std::collections::HashSet;

/// Drafts that nobody confirmed are forgotten after a day.
pub const DRAFT_LIFE_MS: i64 = 24 * 3600 * 1000;

/// A certificate, or a file that was not read, on its way into a draft.
#[derive(Debug, Clone)]
pub struct DraftItem {
    pub file: String,
    /// DER bytes, facts and the check of the issuer's signature.
    pub content: std::result::Result<(Vec<u8>, Facts, SignatureCheck), (FileError, FileHint)>,
}

impl Shelf {
    /// Keeps what was read until it is confirmed. Only public certificates get here.
    ///
    /// # Errors
    /// `NotAllowed` for those who may not import.
    pub async fn draft(&self, items: Vec<DraftItem>) -> Result<DraftId> {
        self.require(Action::Import)?;
        let id = DraftId(fresh::id());
        let deed = self.deed().await?;
        deed.remove::<draft::Entity>(draft::Column::Made.lt(self.now_ms() - DRAFT_LIFE_MS)).await?;
        deed.insert(draft::ActiveModel {
            id: Set(id.0),
            person_id: Set(self.who.person.0),
            task_id: Set(None),
            made: Set(self.now_ms()),
        })
        .await?;
        let mut rows = Vec::with_capacity(items.len());
        for (no, item) in (0..).zip(items) {
            rows.push(item_row(id, no, item)?);
        }
        deed.insert_all(rows).await?;
        // A draft changes nothing of the register, so it has no line of history.
        deed.tx.commit().await?;
        Ok(id)
    }

    /// What confirming a draft would do, judged afresh.
    ///
    /// # Errors
    /// `NotFound` for a foreign or forgotten draft.
    pub async fn preview(&self, id: DraftId) -> Result<Preview> {
        self.one::<draft::Entity>(Action::See, draft::Column::Id.eq(id.0)).await?;
        let items = self
            .find::<draft_item::Entity>(Action::See)
            .filter(draft_item::Column::DraftId.eq(id.0))
            .order_by_asc(draft_item::Column::No)
            .all(&self.store.db)
            .await?;
        let read = items.iter().map(read_item).collect::<Result<Vec<Read>>>()?;
        let facts: Vec<&Facts> = read.iter().filter_map(|r| r.as_ref().ok()).map(|(facts, _)| facts).collect();
        let around = self.around(&facts).await?;
        let mut seen = HashSet::new();
        let rows = items.into_iter().zip(read).map(|(item, read)| {
            let content = read.map(|(facts, signature)| {
                let repeated = !seen.insert(facts.fingerprint_sha256.clone());
                around.judge(facts, signature, repeated)
            });
            PreviewRow { no: item.no, file: item.file, content }
        });
        Ok(Preview { draft: id, rows: rows.collect() })
    }
}

fn item_row(id: DraftId, no: i32, item: DraftItem) -> Result<draft_item::ActiveModel> {
    let (der, facts, error, hint) = match item.content {
        Ok((der, facts, signature)) => (Some(der), Some(to_json(&(facts, signature))?), None, None),
        Err((error, hint)) => (None, None, Some(error.code().to_owned()), Some(hint.code().to_owned())),
    };
    Ok(draft_item::ActiveModel {
        draft_id: Set(id.0),
        no: Set(no),
        file: Set(shown(&item.file, 160)),
        der: Set(der),
        facts: Set(facts),
        error: Set(error),
        hint: Set(hint),
    })
}

type Read = std::result::Result<(Facts, SignatureCheck), (FileError, FileHint)>;

fn read_item(item: &draft_item::Model) -> Result<Read> {
    match &item.facts {
        Some(text) => Ok(Ok(json(text, "draft")?)),
        None => {
            let error = item.error.as_deref().and_then(FileError::parse).ok_or(Error::Broken("draft"))?;
            Ok(Err((error, item.hint.as_deref().and_then(FileHint::parse).unwrap_or(FileHint::None))))
        }
    }
}
