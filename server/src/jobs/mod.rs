//! Background work: what the program does by itself, each job with one narrow right of the system actor.

mod deliver;
mod lists;
mod seen;
mod settle;
mod sweep;
mod work;

pub use deliver::send;
pub use lists::{Round, fetch_all, read_list};

use crate::settings::ProcessRole;
use crate::state::AppState;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long a stopping server waits for a job.
const GRACE: Duration = Duration::from_secs(10);

/// The jobs of a running server.
pub struct Jobs {
    stop: watch::Sender<bool>,
    running: JoinSet<()>,
}

impl Jobs {
    /// Starts the jobs of a process. Each one writes down what its own pages have noted; the rest is for those that work.
    #[must_use]
    pub fn start(state: &Arc<AppState>, role: ProcessRole) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut running = JoinSet::new();
        running.spawn(every(seen::EVERY, stopped.clone(), state.clone(), seen::run));
        if role == ProcessRole::Web {
            return Self { stop, running };
        }
        running.spawn(every(sweep::EVERY, stopped.clone(), state.clone(), sweep::run));
        running.spawn(every(settle::EVERY, stopped.clone(), state.clone(), settle::run));
        running.spawn(every(lists::EVERY, stopped.clone(), state.clone(), lists::run));
        running.spawn(every(work::EVERY, stopped.clone(), state.clone(), work::run));
        running.spawn(every(deliver::EVERY, stopped, state.clone(), deliver::run));
        Self { stop, running }
    }

    /// Ends the jobs softly: each finishes what it has begun, within the grace, and the last sights are written.
    pub async fn end(mut self, state: &Arc<AppState>) {
        self.stop.send_replace(true);
        let all = async { while self.running.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, all).await.is_err() {
            tracing::warn!("a job of the background did not end in time and is broken off");
        }
        seen::run(state.clone()).await;
    }
}

/// Runs a job now and then again each time the pause has passed. A job logs its own faults: they stop nothing, nor does
/// one that breaks off.
async fn every<R>(
    pause: Duration,
    mut stopped: watch::Receiver<bool>,
    state: Arc<AppState>,
    job: impl Fn(Arc<AppState>) -> R,
) where
    R: Future<Output = ()> + Send + 'static,
{
    while !*stopped.borrow() {
        // Dropped with this loop, the job ends too.
        let mut one = JoinSet::new();
        one.spawn(job(state.clone()));
        if let Some(Err(error)) = one.join_next().await {
            tracing::error!(%error, "a job of the background broke off and begins again at its next time");
        }
        let _ = tokio::time::timeout(pause, stopped.changed()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Cli, Command};
    use std::sync::atomic::{AtomicU32, Ordering};
    use store::Store;

    async fn state(folder: &tempfile::TempDir) -> Arc<AppState> {
        let url = format!("sqlite://{}", folder.path().join("merzim.sqlite").display());
        let Command::Serve(settings) = Cli::read(["merzim", "serve"]).unwrap().command else {
            panic!("serve is asked for")
        };
        Arc::new(AppState::new(Store::open(&url).await.unwrap(), &settings))
    }

    #[tokio::test]
    async fn a_job_that_breaks_off_runs_again() {
        let folder = tempfile::tempdir().unwrap();
        let (stop, stopped) = watch::channel(false);
        let runs = Arc::new(AtomicU32::new(0));
        let counted = runs.clone();
        let job = move |_| {
            let counted = counted.clone();
            async move { assert!(counted.fetch_add(1, Ordering::SeqCst) > 0, "the first run breaks off") }
        };
        let running = tokio::spawn(every(Duration::from_millis(1), stopped, state(&folder).await, job));
        while runs.load(Ordering::SeqCst) < 3 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        stop.send_replace(true);
        running.await.unwrap();
    }

    #[tokio::test]
    async fn a_job_that_does_not_end_is_broken_off() {
        let folder = tempfile::tempdir().unwrap();
        let (stop, _) = watch::channel(false);
        let mut running = JoinSet::new();
        running.spawn(std::future::pending());
        let state = state(&folder).await;
        tokio::time::pause();
        Jobs { stop, running }.end(&state).await;
    }
}
