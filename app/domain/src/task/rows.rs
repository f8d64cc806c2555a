//! A task as it is read: in lists, on the board, on its own page.

use super::{Check, Clock, Lane, Route, SeenTask, Stage, StepFact, TaskView};
use crate::certificate::CertificateRow;
use crate::filing::Threat;
use crate::id::{CertificateId, ClientId, MentionId, PersonId, StepId, TaskId};
use crate::reason::Reason;
use chrono::{DateTime, NaiveDate, Utc};

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
    /// The task as this row shows it.
    #[must_use]
    pub const fn seen(&self) -> SeenTask {
        SeenTask { id: self.id, revision: self.revision }
    }

    /// Whether a day that is planned for it lies past the end of a certificate that still runs.
    #[must_use]
    pub fn is_past_end(&self, day: NaiveDate, today: NaiveDate) -> bool {
        self.stage.is_open() && self.last_day >= today && day > self.last_day
    }

    /// Its column of the board.
    #[must_use]
    pub fn lane(&self) -> Lane {
        let stands = if self.stage.is_stuck() { self.stuck_at.unwrap_or(Stage::Planned) } else { self.stage };
        Lane::of(stands).unwrap_or(Lane::Planned)
    }
}

/// What a list of tasks is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskFilter {
    pub view: TaskView,
    /// Words by which a client, a holder or a certificate is known.
    pub text: String,
    pub reason: Option<Reason>,
    pub stage: Option<Stage>,
    pub client: Option<ClientId>,
    pub assignee: Option<PersonId>,
    pub lane: Option<Lane>,
    /// Lines before the first of the list.
    pub skip: u64,
}

impl From<TaskView> for TaskFilter {
    fn from(view: TaskView) -> Self {
        Self { view, text: String::new(), reason: None, stage: None, client: None, assignee: None, lane: None, skip: 0 }
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

/// A comment that calls the reader.
#[derive(Debug, Clone)]
pub struct Mention {
    pub id: MentionId,
    pub task: TaskId,
    /// The task's client, as far as the reader may see one, else its holder.
    pub whose: String,
    pub author: String,
    pub text: String,
    pub at: DateTime<Utc>,
}

/// A step of a task's checklist. Its text is of the template at the time of opening, in ru, kk, en.
#[derive(Debug, Clone)]
pub struct Step {
    pub place: i32,
    pub text: [String; 3],
    /// It is a system of the client to which the new certificate must go.
    pub system: bool,
    /// What ticks it by itself.
    pub fact: Option<StepFact>,
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
    /// What ticks it by itself.
    pub fact: Option<StepFact>,
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
    /// A new certificate stands in for a part of the old ones.
    Renewed,
    /// A loss was reported.
    Lost,
    /// It has another due day.
    Due,
    /// A time was agreed with the owner, or none is any more.
    Agreed,
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
    /// For whom the assignee has it only for a time, and until when.
    pub cover: Option<(String, NaiveDate)>,
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
