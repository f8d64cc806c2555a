//! The brake on guessing: tries are counted before they are looked at, in one write, so that many at one moment and in
//! several processes count as many. What is being looked at holds the next one back only until it is known.

use crate::Result;
use crate::core::connection::Store;
use crate::core::convert::instant;
use crate::core::deed::Permitted;
use crate::core::entity::{known_browser, throttle};
use crate::core::whoever::{exists, find_whoever_asks};
use chrono::{DateTime, Duration, Utc};
use domain::access::SystemRight;
use domain::id::PersonId;
use domain::refusal::Refusal;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};

/// A try whose end nobody has written within this time came to none: its process is gone.
const LOST_AFTER: Duration = Duration::seconds(60);

/// Something that tries are counted for, hashed: an account at an address, an address, a browser.
#[derive(Debug, Clone)]
pub struct Counted {
    pub name: String,
    /// Seconds to wait after this many tries that failed.
    pub wait: fn(i32) -> i64,
    /// A success forgets its failures: it is one person's own.
    pub own: bool,
}

/// Whether a try may be looked at now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Now,
    /// Others are being looked at that might be the last free ones.
    Soon,
}

impl Store {
    /// Counts a try under each name, as one that is being looked at.
    ///
    /// # Errors
    /// `Wait` where a name has to wait; then nothing is counted.
    pub async fn begin_try(&self, names: &[Counted], forgotten_after: Duration, now: DateTime<Utc>) -> Result<Turn> {
        let system = self.for_system(SystemRight::Enter, now);
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::Enter)?;
                let mut after = Vec::new();
                for counted in names {
                    let row = deed.tries(&counted.name).await?.filter(|t| now - instant(t.last) <= forgotten_after);
                    if let Some(until) = row.as_ref().map(|t| instant(t.until)).filter(|until| now < *until) {
                        return Err(Refusal::Wait((until - now).num_seconds() + 1).into());
                    }
                    let lost = row.as_ref().is_some_and(|t| now - instant(t.last) > LOST_AFTER);
                    let pending = row.as_ref().map_or(0, |t| if lost { 0 } else { t.pending });
                    let (failures, until) = row.map_or((0, DateTime::UNIX_EPOCH), |t| (t.failures, instant(t.until)));
                    if pending > 0 && (counted.wait)(failures + pending + 1) > 0 {
                        return Ok(deed.nothing().with(Turn::Soon));
                    }
                    after.push((failures, pending + 1, until));
                }
                for (counted, (failures, pending, until)) in names.iter().zip(after) {
                    deed.set_tries(&counted.name, failures, pending, until, now).await?;
                }
                Ok(deed.unrecorded().with(Turn::Now))
            })
            .await
    }

    /// Writes that a try has failed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn failed_try(&self, names: &[Counted], now: DateTime<Utc>) -> Result<()> {
        let system = self.for_system(SystemRight::Enter, now);
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::Enter)?;
                for counted in names {
                    let row = deed.tries(&counted.name).await?;
                    let (failures, pending) = row.map_or((0, 0), |t| (t.failures, t.pending));
                    let until = match (counted.wait)(failures + 1) {
                        0 => DateTime::UNIX_EPOCH,
                        seconds => now + Duration::seconds(seconds),
                    };
                    deed.set_tries(&counted.name, failures + 1, Ord::max(pending - 1, 0), until, now).await?;
                }
                Ok(deed.unrecorded())
            })
            .await
    }

    /// Writes that a try was right.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn right_try(&self, names: &[Counted], now: DateTime<Utc>) -> Result<()> {
        let system = self.for_system(SystemRight::Enter, now);
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::Enter)?;
                deed.count_right(names).await?;
                Ok(deed.unrecorded())
            })
            .await
    }

    /// Whether a person has signed in from a browser before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn knows_browser(&self, token_hash: &str, person: PersonId) -> Result<bool> {
        let this = known_browser::Column::TokenHash.eq(token_hash).and(known_browser::Column::PersonId.eq(person.0));
        exists::<known_browser::Entity>(&self.db, this).await
    }
}

impl Permitted {
    async fn tries(&self, name: &str) -> Result<Option<throttle::Model>> {
        let row = find_whoever_asks::<throttle::Entity>().filter(throttle::Column::Name.eq(name));
        Ok(row.one(&self.rows).await?)
    }

    async fn set_tries(
        &self,
        name: &str,
        failures: i32,
        pending: i32,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.remove::<throttle::Entity>(throttle::Column::Name.eq(name)).await?;
        self.insert(throttle::ActiveModel {
            name: Set(name.to_owned()),
            failures: Set(failures),
            pending: Set(pending),
            until: Set(until.timestamp_millis()),
            last: Set(now.timestamp_millis()),
        })
        .await
    }

    /// A right try forgets the failures of what is one person's own, and takes itself back from the others.
    pub(crate) async fn count_right(&self, names: &[Counted]) -> Result<()> {
        for counted in names {
            let this = throttle::Column::Name.eq(counted.name.as_str()).and(throttle::Column::Pending.gt(0));
            let change = self
                .change::<throttle::Entity>(this)
                .col_expr(throttle::Column::Pending, Expr::col(throttle::Column::Pending).sub(1));
            let change = if counted.own { change.col_expr(throttle::Column::Failures, Expr::value(0)) } else { change };
            self.run(change).await?;
        }
        Ok(())
    }

    /// Remembers that a person has signed in from a browser.
    pub(crate) async fn know_browser(&self, token_hash: &str, person: PersonId, now: DateTime<Utc>) -> Result<()> {
        self.remove::<known_browser::Entity>(known_browser::Column::TokenHash.eq(token_hash)).await?;
        self.insert(known_browser::ActiveModel {
            token_hash: Set(token_hash.to_owned()),
            person_id: Set(person.0),
            seen: Set(now.timestamp_millis()),
        })
        .await
    }
}
