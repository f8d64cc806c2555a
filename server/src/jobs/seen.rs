//! Writing when sessions were last seen: noted by requests, written together.

use crate::state::AppState;
use std::sync::Arc;
use std::time::Duration;

pub const EVERY: Duration = Duration::from_secs(60);

/// Writes what has been noted. What cannot be written now stays noted.
pub async fn run(state: Arc<AppState>) {
    if let Err(error) = state.store.write_seen(state.clock.now()).await {
        tracing::info!(%error, "when sessions were last seen could not be written and stays noted");
    }
}
