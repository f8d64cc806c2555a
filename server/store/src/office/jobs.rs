//! Jobs of the program: noted once, held by one process at a time, tried again, dead after too many tries.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::connection::Store;
use crate::core::convert::instant;
use crate::core::entity::job;
use crate::core::fresh;
use crate::core::whoever::{exists, find_whoever_asks};
use chrono::{DateTime, Utc};
use domain::access::{Action, SystemRight};
use domain::audit::{DeedKind, Entry};
use domain::id::JobId;
use domain::job::{Claim, JobKind, JobRow, JobState, LEASE, TRIES, pause};
use domain::refusal::Refusal;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};

/// Lines of the list.
const LINES: u64 = 100;

/// How a try of a job ended.
pub enum Tried {
    Done,
    /// What went wrong; the chance (0 to 1) spreads the next tries.
    Failed(String, f64),
}

impl Store {
    /// Notes a job, unless one of that name is noted already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plan_job(&self, kind: JobKind, name: &str, now: DateTime<Utc>) -> Result<()> {
        if exists::<job::Entity>(&self.db, job::Column::Name.eq(name)).await? {
            return Ok(());
        }
        let system = self.for_system(SystemRight::RunJobs, now);
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::RunJobs)?;
                // Another process may have noted it meanwhile.
                if exists::<job::Entity>(&deed.rows, job::Column::Name.eq(name)).await? {
                    return Ok(deed.nothing());
                }
                let row = job::ActiveModel {
                    id: Set(fresh::id()),
                    kind: Set(kind.code().into()),
                    name: Set(name.to_owned()),
                    state: Set(JobState::Waits.code().into()),
                    run_at: Set(deed.now_ms()),
                    tries: Set(0),
                    epoch: Set(0),
                    held_until: Set(None),
                    fault: Set(String::new()),
                    made: Set(deed.now_ms()),
                    ended: Set(None),
                };
                deed.insert(row).await?;
                Ok(deed.unrecorded())
            })
            .await
    }

    /// Whether the job of that name is done, or dead.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn job_ended(&self, name: &str) -> Result<bool> {
        let ended = [JobState::Done.code(), JobState::Dead.code()];
        exists::<job::Entity>(&self.db, job::Column::Name.eq(name).and(job::Column::State.is_in(ended))).await
    }

    /// Takes the job that has waited longest, or one whose process has let its lease end. None where nothing is to be done;
    /// then nothing was written.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_job(&self, now: DateTime<Utc>) -> Result<Option<Claim>> {
        let ready = || {
            let at = now.timestamp_millis();
            let waits = job::Column::State.eq(JobState::Waits.code()).and(job::Column::RunAt.lte(at));
            let left = job::Column::State.eq(JobState::Runs.code()).and(job::Column::HeldUntil.lt(at));
            Condition::any().add(waits).add(left)
        };
        let first = find_whoever_asks::<job::Entity>().filter(ready()).order_by_asc(job::Column::RunAt).limit(1);
        let Some(row) = first.one(&self.db).await? else { return Ok(None) };
        let Some(kind) = JobKind::parse(&row.kind) else { return Ok(None) };
        let claim = &Claim { id: JobId(row.id), kind, epoch: row.epoch + 1, tries: row.tries + 1 };
        let system = self.for_system(SystemRight::RunJobs, now);
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::RunJobs)?;
                let same = job::Column::Id.eq(row.id).and(job::Column::Epoch.eq(row.epoch));
                let take = deed
                    .change::<job::Entity>(same)
                    .filter(ready())
                    .col_expr(job::Column::State, Expr::value(JobState::Runs.code()))
                    .col_expr(job::Column::Epoch, Expr::value(claim.epoch))
                    .col_expr(job::Column::Tries, Expr::value(claim.tries))
                    .col_expr(job::Column::HeldUntil, Expr::value((now + LEASE).timestamp_millis()));
                let taken = deed.run(take).await? > 0;
                Ok(if taken { deed.unrecorded() } else { deed.nothing() }.with(taken.then(|| claim.clone())))
            })
            .await
    }

    /// Notes how a turn ended. False where the turn was over already: another process has the job, and nothing is noted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_job(&self, claim: &Claim, how: &Tried, now: DateTime<Utc>) -> Result<bool> {
        let system = self.for_system(SystemRight::RunJobs, now);
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::RunJobs)?;
                let mine = job::Column::Id
                    .eq(claim.id.0)
                    .and(job::Column::Epoch.eq(claim.epoch))
                    .and(job::Column::State.eq(JobState::Runs.code()));
                let change =
                    deed.change::<job::Entity>(mine).col_expr(job::Column::HeldUntil, Expr::value(None::<i64>));
                let change = match how {
                    Tried::Done => change
                        .col_expr(job::Column::State, Expr::value(JobState::Done.code()))
                        .col_expr(job::Column::Fault, Expr::value(""))
                        .col_expr(job::Column::Ended, Expr::value(deed.now_ms())),
                    Tried::Failed(fault, _) if claim.tries >= TRIES => change
                        .col_expr(job::Column::State, Expr::value(JobState::Dead.code()))
                        .col_expr(job::Column::Fault, Expr::value(fault.as_str()))
                        .col_expr(job::Column::Ended, Expr::value(deed.now_ms())),
                    Tried::Failed(fault, chance) => {
                        let again = now + pause(claim.tries, *chance);
                        change
                            .col_expr(job::Column::State, Expr::value(JobState::Waits.code()))
                            .col_expr(job::Column::Fault, Expr::value(fault.as_str()))
                            .col_expr(job::Column::RunAt, Expr::value(again.timestamp_millis()))
                    }
                };
                let noted = deed.run(change).await? > 0;
                Ok(if noted { deed.unrecorded() } else { deed.nothing() }.with(noted))
            })
            .await
    }
}

impl ScopedStore {
    /// What runs, waits, has failed and is done, the last noted first.
    ///
    /// # Errors
    /// `NotAllowed` for others than owners.
    pub async fn jobs(&self) -> Result<Vec<JobRow>> {
        self.require(Action::Settings)?;
        let rows = self.find::<job::Entity>(Action::Settings).order_by_desc(job::Column::Id).limit(LINES);
        let line = |row: job::Model| {
            Some(JobRow {
                id: JobId(row.id),
                kind: JobKind::parse(&row.kind)?,
                name: row.name,
                state: JobState::parse(&row.state)?,
                run_at: instant(row.run_at),
                tries: row.tries,
                fault: row.fault,
                ended: row.ended.map(instant),
            })
        };
        Ok(rows.all(&self.rows).await?.into_iter().filter_map(line).collect())
    }

    /// Lets a dead job run again, at once.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, `Conflict` where it is not dead.
    pub async fn job_again(&self, id: JobId) -> Result<()> {
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            let row = find_whoever_asks::<job::Entity>().filter(job::Column::Id.eq(id.0)).one(&deed.rows).await?;
            let row = row.ok_or(Refusal::NotFound)?;
            let dead = job::Column::Id.eq(id.0).and(job::Column::State.eq(JobState::Dead.code()));
            let change = deed
                .change::<job::Entity>(dead)
                .col_expr(job::Column::State, Expr::value(JobState::Waits.code()))
                .col_expr(job::Column::Tries, Expr::value(0))
                .col_expr(job::Column::RunAt, Expr::value(deed.now_ms()))
                .col_expr(job::Column::Ended, Expr::value(None::<i64>));
            deed.run_one(change).await?;
            Ok(deed.done(Entry::new(DeedKind::JobAgain, row.name).link("/office/jobs")))
        })
        .await
    }
}
