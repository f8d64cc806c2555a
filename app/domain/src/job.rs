//! What the program does by itself, with its tries and its turns.

use crate::coded::coded;
use crate::id::JobId;
use chrono::{DateTime, Duration, Utc};

coded! {
    /// What a job does.
    JobKind {
        /// Looks through the ends that come and tells people.
        Remind = "remind",
        /// Opens a task for each end that comes near and has none.
        Plan = "plan",
    }
}

coded! {
    /// How far a job is.
    JobState {
        Waits = "waits",
        /// A process works on it, until its lease ends.
        Runs = "runs",
        Done = "done",
        /// It failed as often as it may; somebody can let it run again.
        Dead = "dead",
    }
}

/// Tries before a job is dead.
pub const TRIES: i32 = 8;
/// For how long a process holds a job before another one may take it.
pub const LEASE: Duration = Duration::minutes(5);
/// Jobs that ended are kept for so many days.
pub const KEPT_DAYS: i64 = 30;

/// The pause after a failed try: half a minute, doubled with each further one up to an hour, and up to a quarter more by
/// `chance` (0 to 1), so that jobs that failed together do not come back together.
#[must_use]
pub fn pause(tries: i32, chance: f64) -> Duration {
    let doubled = 30_i64 << (tries.clamp(1, 8) - 1);
    let base = Ord::min(doubled, 3_600) * 1_000;
    let more = base as f64 / 4.0 * chance.clamp(0.0, 1.0);
    Duration::milliseconds(base + more as i64)
}

/// A job as its list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    pub id: JobId,
    pub kind: JobKind,
    /// What tells it from others of its kind, such as a day.
    pub name: String,
    pub state: JobState,
    pub run_at: DateTime<Utc>,
    pub tries: i32,
    /// What went wrong the last time.
    pub fault: String,
    pub ended: Option<DateTime<Utc>>,
}

/// A job that a process holds. The epoch tells its turn from every other one: what a process says of a turn that is over is
/// not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub id: JobId,
    pub kind: JobKind,
    pub epoch: i32,
    pub tries: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour_and_differ_by_chance() {
        let seconds = |tries, chance| pause(tries, chance).num_seconds();
        assert_eq!([1, 2, 3, 7, 8, 99].map(|tries| seconds(tries, 0.0)), [30, 60, 120, 1_920, 3_600, 3_600]);
        assert_eq!([seconds(1, 1.0), seconds(8, 1.0), seconds(1, 9.0)], [37, 4_500, 37]);
    }
}
