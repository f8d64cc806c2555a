//! What has had its time: swept out by the program itself, so that no request has to.

use crate::Result;
use crate::certificates::drafts::DRAFT_LIFE_MS;
use crate::certificates::import_undo::DAY_MS;
use crate::core::admitted::ScopedStore;
use crate::core::connection::Store;
use crate::core::entity::{
    change, crl, crl_entry, draft, import_made, job, known_browser, link, session, throttle, undo, write_made,
};
use crate::core::rows::Rows;
use crate::core::whoever::find_whoever_asks;
use crate::tasks::undo::WINDOW_MS;
use chrono::{DateTime, Utc};
use domain::access::SystemRight;
use domain::job::KEPT_DAYS;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use std::collections::HashSet;
use uuid::Uuid;

/// The mark of a write serves only while the write may still be tried again.
const MARK_LIFE_MS: i64 = 3_600_000;
/// A revocation list that is longer than this on its way in does not arrive any more.
const LIST_LIFE_MS: i64 = 24 * 3_600_000;
/// Changes that are kept: a process that is further behind reads everything anew.
const KEPT_CHANGES: i64 = 10_000;
/// A browser from which nobody has signed in for a year is not known any more.
const BROWSER_LIFE_MS: i64 = 365 * 24 * 3_600_000;
/// Failures of guessing are forgotten long before this.
const BRAKE_LIFE_MS: i64 = 24 * 3_600_000;

impl Store {
    /// Sweeps out ended sessions and links, drafts that nobody confirmed, ways back that are closed, marks of writes
    /// and parts of revocation lists that never became whole. Tells how many rows went.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep(&self, now: DateTime<Utc>) -> Result<u64> {
        let at = now.timestamp_millis();
        let system = self.for_system(SystemRight::Sweep, now);
        let mut gone = system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::Sweep)?;
                let gone = deed.remove::<session::Entity>(session::Column::Ends.lt(at)).await?
                    + deed.remove::<link::Entity>(link::Column::Ends.lt(at)).await?
                    + deed.remove::<draft::Entity>(draft::Column::Made.lt(at - DRAFT_LIFE_MS)).await?
                    + deed.remove::<import_made::Entity>(import_made::Column::Made.lt(at - DAY_MS)).await?
                    + deed.remove::<job::Entity>(job::Column::Ended.lt(at - KEPT_DAYS * DAY_MS)).await?
                    + deed.remove::<undo::Entity>(undo::Column::Made.lt(at - WINDOW_MS)).await?
                    + deed.remove::<throttle::Entity>(throttle::Column::Last.lt(at - BRAKE_LIFE_MS)).await?
                    + deed
                        .remove::<known_browser::Entity>(known_browser::Column::Seen.lt(at - BROWSER_LIFE_MS))
                        .await?
                    + deed.remove::<write_made::Entity>(write_made::Column::At.lt(at - MARK_LIFE_MS)).await?;
                Ok(deed.unrecorded().with(gone))
            })
            .await?;
        gone += self.sweep_changes(&system).await?;
        for list in self.stranded_lists(at).await? {
            loop {
                let part = system
                    .write(|deed| async move { deed.remove_part(deed.by_system(SystemRight::Sweep)?, list).await });
                match part.await? {
                    0 => break,
                    part => gone += part,
                }
            }
        }
        Ok(gone)
    }

    /// Changes that every process has long followed, or reads everything anew for.
    async fn sweep_changes(&self, system: &ScopedStore) -> Result<u64> {
        let last = find_whoever_asks::<change::Entity>().order_by_desc(change::Column::Id).one(&system.rows).await?;
        let Some(old) = last.map(|c| c.id - KEPT_CHANGES) else { return Ok(0) };
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::Sweep)?;
                let gone = deed.remove::<change::Entity>(change::Column::Id.lt(old)).await?;
                Ok(deed.unrecorded().with(gone))
            })
            .await
    }

    /// Lists that no issuer's row names and that began long ago: their ids bear the instant (RFC 9562, 5.7).
    async fn stranded_lists(&self, at: i64) -> Result<Vec<Uuid>> {
        let rows = Rows::Pool(self.db.clone());
        let known: HashSet<Uuid> =
            find_whoever_asks::<crl::Entity>().all(&rows).await?.into_iter().filter_map(|list| list.list_id).collect();
        let all: Vec<Uuid> = find_whoever_asks::<crl_entry::Entity>()
            .filter(crl_entry::Column::ListId.is_not_in(known.iter().copied()))
            .select_only()
            .column(crl_entry::Column::ListId)
            .distinct()
            .into_tuple()
            .all(&rows)
            .await?;
        let began = |id: &Uuid| id.get_timestamp().map_or(0, |t| i64::try_from(t.to_unix().0).unwrap_or(0) * 1000);
        Ok(all.into_iter().filter(|id| began(id) < at - LIST_LIFE_MS).collect())
    }
}
