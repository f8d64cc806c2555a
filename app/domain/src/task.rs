//! Reissue tasks: reasons, routes, stages and the moves between them.

use crate::certificate::CertificateRow;
use crate::coded::coded;
use crate::day::{DaysOff, OfficeDay, days_between, plus};
use crate::filing::Threat;
use crate::id::{CertificateId, ClientId, PersonId, StepId, TaskId};
use crate::reason::Reason;
use chrono::{DateTime, NaiveDate, Utc};

coded! {
    /// How the owner gets the new keys.
    Route { Online = "online", ServiceCentre = "service_centre" }
}

coded! {
    /// Where a task stands.
    Stage {
        Planned = "planned", WaitingOwner = "waiting_owner", Filed = "filed", WaitingConfirmation = "waiting_confirmation",
        Issued = "issued", SystemsUpdated = "systems_updated", OldChecked = "old_checked", Done = "done",
        Refused = "refused", Lapsed = "lapsed", Blocked = "blocked", Cancelled = "cancelled",
    }
}

coded! {
    /// How somebody made sure that the old certificate is revoked or may stay.
    Check { Ocsp = "ocsp", Crl = "crl", Cabinet = "cabinet", StillValid = "still_valid", EndedItself = "ended_itself" }
}

impl Check {
    /// Whether somebody saw the certificate revoked.
    #[must_use]
    pub const fn sees_revoked(self) -> bool {
        matches!(self, Self::Ocsp | Self::Crl | Self::Cabinet)
    }
}

/// What a move asks for besides the wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Nothing,
    /// A sentence why.
    Why,
    /// A certificate that satisfies the successor rule, or a lead's reason.
    Successor,
    /// Who checked the old certificate, how and when.
    Revocation,
}

impl Stage {
    /// The moves that are allowed from here.
    #[must_use]
    pub const fn moves(self) -> &'static [Self] {
        use Stage::{
            Blocked, Cancelled, Done, Filed, Issued, Lapsed, OldChecked, Planned, Refused, SystemsUpdated,
            WaitingConfirmation, WaitingOwner,
        };
        match self {
            Planned => &[WaitingOwner, Filed, Issued, Blocked, Cancelled],
            WaitingOwner => &[Planned, Filed, Issued, Blocked, Cancelled],
            Filed => &[WaitingConfirmation, WaitingOwner, Issued, Refused, Lapsed, Blocked, Cancelled],
            WaitingConfirmation => &[WaitingOwner, Issued, Refused, Lapsed, Blocked, Cancelled],
            Refused | Lapsed => &[Planned, WaitingOwner, Filed, Issued, Blocked, Cancelled],
            Blocked => &[Planned, WaitingOwner, Filed, WaitingConfirmation, Issued, Cancelled],
            Issued => &[SystemsUpdated],
            SystemsUpdated => &[OldChecked],
            OldChecked => &[Done],
            Done | Cancelled => &[],
        }
    }

    /// Whether it stands beside the way: the task keeps the column where it got stuck.
    #[must_use]
    pub const fn is_stuck(self) -> bool {
        matches!(self, Self::Refused | Self::Lapsed | Self::Blocked)
    }

    /// The first move from here into a column.
    #[must_use]
    pub fn way_to(self, lane: Lane) -> Option<Self> {
        self.moves().iter().copied().find(|to| *to != Self::Cancelled && Lane::of(*to) == Some(lane))
    }

    /// What a move to here asks for.
    #[must_use]
    pub const fn need(self) -> Need {
        match self {
            Self::Issued => Need::Successor,
            Self::OldChecked => Need::Revocation,
            Self::Refused | Self::Lapsed | Self::Blocked | Self::Cancelled => Need::Why,
            _ => Need::Nothing,
        }
    }

    /// Whether the task is still worked.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Done | Self::Cancelled)
    }

    /// Whether the new certificate is there already.
    #[must_use]
    pub const fn has_successor(self) -> bool {
        matches!(self, Self::Issued | Self::SystemsUpdated | Self::OldChecked | Self::Done)
    }

    /// Step of the straight way, 1 to 8; none for the side states.
    #[must_use]
    pub fn step(self) -> Option<usize> {
        Self::ALL.iter().take(8).position(|s| *s == self).map(|i| i + 1)
    }
}

coded! {
    /// A column of the board.
    Lane {
        Planned = "planned", WaitingOwner = "waiting_owner", Authority = "authority", Issued = "issued", Old = "old", Done = "done",
    }
}

impl Lane {
    /// The stages that stand in it. A refused, lapsed or blocked task stays where it got stuck.
    #[must_use]
    pub const fn stages(self) -> &'static [Stage] {
        match self {
            Self::Planned => &[Stage::Planned],
            Self::WaitingOwner => &[Stage::WaitingOwner],
            Self::Authority => &[Stage::Filed, Stage::WaitingConfirmation],
            Self::Issued => &[Stage::Issued],
            Self::Old => &[Stage::SystemsUpdated, Stage::OldChecked],
            Self::Done => &[Stage::Done, Stage::Cancelled],
        }
    }

    /// The column of a stage; none for the states beside the way.
    #[must_use]
    pub fn of(stage: Stage) -> Option<Self> {
        Self::ALL.iter().copied().find(|lane| lane.stages().contains(&stage))
    }
}

/// When a task is due by default: two working days from today where access is lost or the end has
/// passed, else the last working day before the certificate's end.
#[must_use]
pub fn default_due(reason: Reason, last_day: NaiveDate, today: OfficeDay, off: &DaysOff) -> NaiveDate {
    let soon = off.working_days_after(today.day, 2);
    let before_end = off.last_working(last_day);
    if reason.takes_access() || before_end < today.day { soon } else { before_end }
}

/// The clock of a task's due day. Waiting for the owner stops it; a certificate's urgency never stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// The day that was agreed.
    pub due: NaiveDate,
    /// Days that were spent waiting for the owner before the present wait.
    pub waited: i64,
    /// First day of the present wait.
    pub waiting_since: Option<NaiveDate>,
}

impl Clock {
    /// Days past due that count against the task; negative while there is time.
    #[must_use]
    pub fn overdue_days(&self, today: NaiveDate) -> i64 {
        let until = self.waiting_since.map_or(today, |since| since.min(today));
        days_between(self.due, until) - self.waited
    }

    /// The due day moved by the days of waiting: the day that queries compare with today.
    #[must_use]
    pub fn counts_to(&self) -> NaiveDate {
        plus(self.due, u64::try_from(self.waited).unwrap_or(0))
    }

    /// The clock after a move between stages on a day.
    #[must_use]
    pub fn moved(mut self, to: Stage, today: NaiveDate) -> Self {
        match (self.waiting_since, to == Stage::WaitingOwner) {
            (None, true) => self.waiting_since = Some(today),
            (Some(since), false) => {
                self.waited += days_between(since, today).max(0);
                self.waiting_since = None;
            }
            _ => {}
        }
        self
    }
}

/// A task in lists.
#[derive(Debug, Clone)]
pub struct TaskRow {
    pub id: TaskId,
    /// Clients of its certificates that the asking person may see.
    pub clients: Vec<(ClientId, String)>,
    pub holder: String,
    pub reason: Reason,
    pub route: Route,
    pub stage: Stage,
    pub clock: Clock,
    pub assignee: Option<(PersonId, String)>,
    /// Last day of the certificate.
    pub last_day: NaiveDate,
    /// The filing that this end breaks, while nothing new is issued.
    pub threat: Option<Threat>,
    /// Why it is refused, lapsed, blocked or cancelled.
    pub why: String,
    /// Where it stood when it got stuck.
    pub stuck_at: Option<Stage>,
    /// When the owner has time for it.
    pub agreed: Option<DateTime<Utc>>,
    /// Steps of the checklist: done, all.
    pub steps: (usize, usize),
    pub revision: i32,
}

impl TaskRow {
    /// Its column of the board.
    #[must_use]
    pub fn lane(&self) -> Lane {
        let stands = if self.stage.is_stuck() { self.stuck_at.unwrap_or(Stage::Planned) } else { self.stage };
        Lane::of(stands).unwrap_or(Lane::Planned)
    }
}

/// What a list of tasks is narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskFilter {
    pub view: TaskView,
    pub client: Option<ClientId>,
    pub assignee: Option<PersonId>,
    pub lane: Option<Lane>,
    /// Lines before the first of the list.
    pub skip: u64,
}

impl From<TaskView> for TaskFilter {
    fn from(view: TaskView) -> Self {
        Self { view, client: None, assignee: None, lane: None, skip: 0 }
    }
}

/// Lines of a list of tasks; more are no list that somebody works through.
pub const LIST_LINES: usize = 300;

/// A column of the board with the first of its tasks.
#[derive(Debug, Clone)]
pub struct BoardLane {
    pub lane: Lane,
    pub rows: Vec<TaskRow>,
    pub total: u64,
}

/// A step of a task's checklist. Its text is of the template at the time of opening, in ru, kk, en.
#[derive(Debug, Clone)]
pub struct Step {
    pub place: i32,
    pub text: [String; 3],
    /// It is a system of the client to which the new certificate must go.
    pub system: bool,
    /// Who has ticked it, and when.
    pub done: Option<(String, DateTime<Utc>)>,
}

/// A line of the templates with its id.
#[derive(Debug, Clone)]
pub struct StepTemplate {
    pub id: StepId,
    pub line: StepLine,
}

/// A step for a reason or any, for a route or any.
#[derive(Debug, Clone)]
pub struct StepLine {
    pub reason: Option<Reason>,
    pub route: Option<Route>,
    pub place: i32,
    /// ru, kk, en; an empty one falls back to the first that is not.
    pub text: [String; 3],
}

/// A line of a task's history.
#[derive(Debug, Clone)]
pub struct TaskEvent {
    pub at: DateTime<Utc>,
    pub person: String,
    pub what: EventKind,
    pub text: String,
}

/// What happened in a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    Opened,
    Moved(Stage),
    Assigned,
    Comment,
    Undone,
}

/// A task with everything on its page.
#[derive(Debug, Clone)]
pub struct Task {
    pub row: TaskRow,
    pub note: String,
    pub certificates: Vec<CertificateRow>,
    pub successor: Option<CertificateRow>,
    /// Why a lead accepted a successor against the rule.
    pub override_why: String,
    pub revocation: Option<(String, Check, DateTime<Utc>, String)>,
    pub events: Vec<TaskEvent>,
    pub may_work: bool,
    pub may_assign: bool,
    pub may_override: bool,
    pub steps: Vec<Step>,
}

/// What a form says of a new task, checked.
#[derive(Debug, Clone)]
pub struct NewTask {
    pub certificates: Vec<CertificateId>,
    pub reason: Reason,
    pub route: Route,
    pub assignee: Option<PersonId>,
    pub due: NaiveDate,
    pub note: String,
}

coded! {
    /// Lists of tasks.
    TaskView { Mine = "mine", Team = "team", Unassigned = "unassigned", Overdue = "overdue", All = "all", Closed = "closed" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    #[test]
    fn done_is_reached_only_through_a_successor_and_a_checked_revocation() {
        for from in Stage::ALL {
            for to in from.moves() {
                if *to == Stage::Done {
                    assert_eq!(*from, Stage::OldChecked);
                }
                if *to == Stage::OldChecked {
                    assert!(from.has_successor());
                }
                if to.has_successor() && !from.has_successor() {
                    assert_eq!(to.need(), Need::Successor);
                }
            }
        }
    }

    #[test]
    fn every_stage_of_the_way_stands_in_one_column_and_the_stuck_ones_in_none() {
        for stage in Stage::ALL {
            let lanes = Lane::ALL.iter().filter(|l| l.stages().contains(stage)).count();
            assert_eq!(lanes, usize::from(!stage.is_stuck()));
        }
        assert_eq!(Stage::Planned.way_to(Lane::Authority), Some(Stage::Filed));
        assert_eq!(Stage::Issued.way_to(Lane::Planned), None);
    }

    #[test]
    fn a_closed_task_does_not_move_and_every_open_one_can() {
        for stage in Stage::ALL {
            assert_eq!(stage.is_open(), !stage.moves().is_empty());
        }
    }

    #[test]
    fn a_lost_password_is_due_in_two_working_days() {
        let friday = OfficeDay::noon(d("2026-11-20"));
        let off = DaysOff::default();
        assert_eq!(default_due(Reason::PasswordLost, d("2027-05-01"), friday, &off), d("2026-11-24"));
        assert_eq!(default_due(Reason::Planned, d("2026-12-06"), friday, &off), d("2026-12-04"));
        assert_eq!(default_due(Reason::Expired, d("2026-11-01"), friday, &off), d("2026-11-24"));
    }

    proptest::proptest! {
        #[test]
        fn waiting_for_the_owner_never_adds_overdue_days(before in 0u64..30, wait in 0u64..60, after in 0u64..30) {
            let start = d("2026-01-01");
            let clock = Clock { due: plus(start, 10), waited: 0, waiting_since: None };
            let waits = clock.moved(Stage::WaitingOwner, plus(start, before));
            let at_start = waits.overdue_days(plus(start, before));
            proptest::prop_assert_eq!(waits.overdue_days(plus(start, before + wait)), at_start);
            let goes_on = waits.moved(Stage::Filed, plus(start, before + wait));
            let want = at_start + i64::try_from(after).unwrap();
            proptest::prop_assert_eq!(goes_on.overdue_days(plus(start, before + wait + after)), want);
            proptest::prop_assert_eq!(days_between(goes_on.counts_to(), plus(start, before + wait + after)), want);
        }
    }
}
