//! Questions of the program itself, whoever asks.

use crate::Result;
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter as _, Select};

/// Rows that hold for the whole firm or for the program's own checks; the frightening name is meant.
///
/// Used where an answer must not depend on who asks: uniqueness, succession, seeding, signing in.
#[expect(clippy::disallowed_methods, reason = "queries start here")]
pub fn find_whoever_asks<E: EntityTrait>() -> Select<E> {
    E::find()
}

/// Whether a row exists, whoever asks.
pub async fn exists<E: EntityTrait>(db: &impl ConnectionTrait, which: SimpleExpr) -> Result<bool> {
    Ok(find_whoever_asks::<E>().filter(which).one(db).await?.is_some())
}

/// Ids that are named one by one in a statement.
pub const FEW: usize = 1_000;

/// Lines to pass over, as far as both databases count.
pub fn passed_over(lines: u64) -> u64 {
    Ord::min(lines, i64::MAX.unsigned_abs())
}
