//! Writing when sessions were last seen: noted by requests, written together.

use crate::house::House;
use std::sync::Arc;
use std::time::Duration;

pub const EVERY: Duration = Duration::from_secs(60);

/// Writes what has been noted. What cannot be written now stays noted.
pub async fn run(house: Arc<House>) {
    if let Err(error) = house.store.write_seen(house.clock.now()).await {
        tracing::info!(%error, "when sessions were last seen could not be written and stays noted");
    }
}
