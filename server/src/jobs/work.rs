//! Jobs that are noted in the database: noted once when they are due, done by whichever process takes them first.

use crate::secret::chance;
use crate::state::AppState;
use chrono::{DateTime, Utc};
use domain::job::{Claim, JobKind};
use std::sync::Arc;
use std::time::Duration;
use store::Tried;

pub const EVERY: Duration = Duration::from_secs(15);

/// Notes what is due today, and does what waits until nothing does.
pub async fn run(state: Arc<AppState>) {
    if let Err(error) = plan(&state).await {
        tracing::info!(%error, "what is due today could not be noted and waits for the next time");
        return;
    }
    loop {
        let claim = match state.store.claim_job(state.clock.now()).await {
            Ok(Some(claim)) => claim,
            Ok(None) => return,
            Err(error) => {
                tracing::info!(%error, "jobs could not be asked for and wait for the next time");
                return;
            }
        };
        let how = done(&state, &claim, state.clock.now()).await;
        match state.store.end_job(&claim, &how, state.clock.now()).await {
            Ok(true) => {}
            Ok(false) => tracing::warn!(job = %claim.id, "a job took longer than its lease; another process has it"),
            // Its lease ends, and it is done again.
            Err(error) => tracing::info!(%error, job = %claim.id, "how a job ended could not be noted"),
        }
    }
}

/// Whether the day's reminders are made, or have failed for good.
pub async fn reminded(state: &AppState) -> store::Result<bool> {
    let Some(office) = state.store.office().await? else { return Ok(false) };
    let today = state.clock.today(&office.zone).day;
    state.store.job_ended(&format!("remind {today}")).await
}

/// Each day has one look at the ends that come for each of what is done about them, however many processes run and whenever they start.
async fn plan(state: &AppState) -> store::Result<()> {
    let Some(office) = state.store.office().await? else { return Ok(()) };
    let today = state.clock.today(&office.zone).day;
    state.store.plan_job(JobKind::Remind, &format!("remind {today}"), state.clock.now()).await?;
    // Another number of days is looked through at once.
    let Some(days) = state.store.plans_ahead().await? else { return Ok(()) };
    state.store.plan_job(JobKind::Plan, &format!("plan {today} {days}"), state.clock.now()).await
}

async fn done(state: &AppState, claim: &Claim, now: DateTime<Utc>) -> Tried {
    let ended = match claim.kind {
        JobKind::Remind => state.store.remind(now).await,
        JobKind::Plan => state.store.open_planned(now).await,
    };
    match ended {
        Ok(count) => {
            tracing::info!(count, job = claim.kind.code(), "a job of the day is done");
            Tried::Done
        }
        Err(error) => {
            tracing::warn!(%error, job = %claim.id, tries = claim.tries, "a job failed and is tried again");
            Tried::Failed(error.to_string(), chance())
        }
    }
}
