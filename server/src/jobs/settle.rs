//! Tasks that go on by themselves: their new certificates have come in without them or have begun to be valid, or the
//! cover of their assignee is over.

use crate::state::AppState;
use std::sync::Arc;
use std::time::Duration;

pub const EVERY: Duration = Duration::from_secs(3600);

/// Looks once.
pub async fn run(state: Arc<AppState>) {
    match state.store.settle(state.clock.now()).await {
        Ok(0) => {}
        Ok(settled) => tracing::info!(settled, "tasks have gone on by themselves"),
        Err(error) => {
            tracing::info!(%error, "tasks that go on by themselves could not be looked at and wait for the next time")
        }
    }
}
