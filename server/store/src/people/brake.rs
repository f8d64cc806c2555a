//! The brake on guessing: tries are counted before they are looked at, in one write, so that many at one moment and in
//! several processes count as many.

use crate::Result;
use crate::core::connection::Store;
use crate::core::convert::instant;
use crate::core::deed::Permitted;
use crate::core::entity::throttle;
use crate::core::whoever::find_whoever_asks;
use chrono::{DateTime, Duration, Utc};
use domain::access::SystemRight;
use domain::refusal::Refusal;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};

/// Something that tries are counted for: an account or an address, hashed.
#[derive(Debug, Clone)]
pub struct Counted {
    pub name: String,
    /// Seconds to wait after this many tries that failed.
    pub wait: fn(i32) -> i64,
}

impl Store {
    /// Counts a try under each name.
    ///
    /// # Errors
    /// `Wait` where a name has to wait; then nothing is counted.
    pub async fn count_try(&self, names: &[Counted], forgotten_after: Duration, now: DateTime<Utc>) -> Result<()> {
        let system = self.for_system(SystemRight::Enter, now);
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::Enter)?;
                let mut before = Vec::new();
                for counted in names {
                    let row = find_whoever_asks::<throttle::Entity>()
                        .filter(throttle::Column::Name.eq(counted.name.as_str()));
                    let row = row.one(&deed.rows).await?;
                    if let Some(until) = row.as_ref().map(|t| instant(t.until)).filter(|until| now < *until) {
                        return Err(Refusal::Wait((until - now).num_seconds() + 1).into());
                    }
                    before.push(row.filter(|t| now - instant(t.last) <= forgotten_after).map_or(0, |t| t.failures));
                }
                for (counted, before) in names.iter().zip(before) {
                    let until = now + Duration::seconds((counted.wait)(before + 1));
                    deed.set_failures(&counted.name, before + 1, until, now).await?;
                }
                Ok(deed.unrecorded())
            })
            .await
    }
}

impl Permitted {
    async fn set_failures(&self, name: &str, failures: i32, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        self.remove::<throttle::Entity>(throttle::Column::Name.eq(name)).await?;
        self.insert(throttle::ActiveModel {
            name: Set(name.to_owned()),
            failures: Set(failures),
            until: Set(until.timestamp_millis()),
            last: Set(now.timestamp_millis()),
        })
        .await
    }

    /// A success forgets the failures of the account, and takes its own try back from the address, not those of others
    /// behind it.
    pub(crate) async fn count_success(&self, account: &str, address: &str, now: DateTime<Utc>) -> Result<()> {
        self.remove::<throttle::Entity>(throttle::Column::Name.eq(account)).await?;
        let one_less = self
            .change::<throttle::Entity>(throttle::Column::Name.eq(address).and(throttle::Column::Failures.gt(0)))
            .col_expr(throttle::Column::Failures, Expr::col(throttle::Column::Failures).sub(1))
            .col_expr(throttle::Column::Until, Expr::value(now.timestamp_millis()));
        self.run(one_less).await?;
        Ok(())
    }
}
