//! Sweeping out what has ended: sessions, links, drafts, ways back.

use crate::state::AppState;
use std::sync::Arc;
use std::time::Duration;

pub const EVERY: Duration = Duration::from_secs(3600);

/// Sweeps once.
pub async fn run(state: Arc<AppState>) {
    match state.store.sweep(state.clock.now()).await {
        Ok(gone) => tracing::debug!(gone, "ended rows are swept out"),
        Err(error) => tracing::info!(%error, "ended rows could not be swept out and wait for the next time"),
    }
}
