//! Background work: what the program does by itself, each job with one narrow right of the system actor.

mod lists;
mod seen;
mod sweep;

pub use lists::{Round, fetch_all, read_list};

use crate::state::AppState;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The jobs of a running server.
pub struct Jobs {
    stop: watch::Sender<bool>,
    running: JoinSet<()>,
}

impl Jobs {
    /// Starts every job.
    #[must_use]
    pub fn start(state: &Arc<AppState>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut running = JoinSet::new();
        running.spawn(every(seen::EVERY, stopped.clone(), state.clone(), seen::run));
        running.spawn(every(sweep::EVERY, stopped.clone(), state.clone(), sweep::run));
        running.spawn(every(lists::EVERY, stopped, state.clone(), lists::run));
        Self { stop, running }
    }

    /// Ends the jobs softly: each finishes what it has begun, and the last sights are written.
    pub async fn end(mut self, state: &Arc<AppState>) {
        self.stop.send_replace(true);
        while self.running.join_next().await.is_some() {}
        seen::run(state.clone()).await;
    }
}

/// Runs a job now and then again each time the pause has passed. A job logs its own faults: they stop nothing.
async fn every<R>(pause: Duration, mut stopped: watch::Receiver<bool>, state: Arc<AppState>, job: impl Fn(Arc<AppState>) -> R)
where
    R: Future<Output = ()>,
{
    while !*stopped.borrow() {
        job(state.clone()).await;
        let _ = tokio::time::timeout(pause, stopped.changed()).await;
    }
}
