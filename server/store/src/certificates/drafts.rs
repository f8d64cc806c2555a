//! Import: drafts and what they would do.

use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{draft, draft_item};
use crate::core::fresh;
use crate::core::stored::{json, to_json};
use crate::{Error, Result};
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

impl ScopedStore {
    /// Keeps what was read until it is confirmed. Only public certificates get here.
    ///
    /// # Errors
    /// `NotAllowed` for those who may not import.
    pub async fn draft(&self, items: Vec<DraftItem>) -> Result<DraftId> {
        let items = &items;
        self.write(|deed| async move {
            let deed = deed.require(Action::Import)?;
            let id = deed.add_draft(items).await?;
            // A draft changes nothing of the register, so it has no line of history.
            Ok(deed.unrecorded().with(id))
        })
        .await
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
            .all(&self.rows)
            .await?;
        let read = items.iter().map(read_item).collect::<Result<Vec<Read>>>()?;
        let facts: Vec<&Facts> = read.iter().filter_map(|r| r.as_ref().ok()).map(|(facts, _)| facts).collect();
        let mut around = self.around(&facts).await?;
        let batch = items.iter().zip(&read).filter_map(|(item, read)| Some((item.file.as_str(), read.as_ref().ok()?)));
        around.learn_batch(batch.map(|(file, (facts, _))| (file, facts)));
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

impl Permitted {
    pub(crate) async fn add_draft(&self, items: &[DraftItem]) -> Result<DraftId> {
        let id = DraftId(fresh::id());
        self.insert(draft::ActiveModel {
            id: Set(id.0),
            person_id: Set(self.who.person.0),
            task_id: Set(None),
            made: Set(self.now_ms()),
        })
        .await?;
        let rows = (0..).zip(items).map(|(no, item)| item_row(id, no, item)).collect::<Result<Vec<_>>>()?;
        self.insert_all(rows).await?;
        Ok(id)
    }
}

fn item_row(id: DraftId, no: i32, item: &DraftItem) -> Result<draft_item::ActiveModel> {
    let (der, facts, error, hint) = match &item.content {
        Ok((der, facts, signature)) => (Some(der.clone()), Some(to_json(&(facts, signature))?), None, None),
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
