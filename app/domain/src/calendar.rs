//! What the calendar shows: ends by day, narrowed.

use crate::certificate::{CertificateRow, Purpose};
use crate::coded::coded;
use crate::filing::Threat;
use crate::id::{CertificateId, ClientId, PersonId, TaskId, TeamId};
use crate::standing::Urgency;
use crate::task::TaskRow;
use chrono::{DateTime, NaiveDate, Utc};

coded! {
    /// Standing by which the calendar is narrowed.
    StandingFilter { Late = "late", Risk = "risk", Week = "week", Month = "month", Calm = "calm", Replaced = "replaced" }
}

impl StandingFilter {
    /// Whether an urgency is meant. Within 30 days is what ends within seven, too; what is replaced has any.
    #[must_use]
    pub fn takes(self, urgency: Urgency) -> bool {
        match self {
            Self::Late => urgency == Urgency::Late,
            Self::Risk => urgency == Urgency::Risk,
            Self::Week => urgency == Urgency::Week,
            Self::Month => matches!(urgency, Urgency::Week | Urgency::Month),
            Self::Calm => urgency == Urgency::Calm,
            Self::Replaced => true,
        }
    }
}

/// What the calendar is narrowed to; all of it stands in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CalendarFilter {
    pub responsible: Option<PersonId>,
    pub team: Option<TeamId>,
    pub client: Option<ClientId>,
    pub purpose: Option<Purpose>,
    pub standing: Option<StandingFilter>,
}

/// A set's end in the grid: halves that were issued together end on one day and are one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEntry {
    /// The certificate, or one of the set's.
    pub certificate: CertificateId,
    pub day: NaiveDate,
    /// Name of the first client that the asking person may see.
    pub client: String,
    pub holder: String,
    pub urgency: Urgency,
    /// The filing that the end breaks.
    pub threat: Option<Threat>,
    pub replaced: bool,
    /// The dates were typed and no certificate has confirmed them.
    pub typed: bool,
}

/// Levels of urgency.
pub const LEVELS: usize = Urgency::ALL.len();

/// A day of the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayEnds {
    pub day: NaiveDate,
    /// Sets by urgency, in the order of [`Urgency::ALL`].
    pub counts: [u32; LEVELS],
    /// The first of them: the most urgent, then by client.
    pub first: Vec<CalendarEntry>,
}

impl DayEnds {
    /// Sets that end on this day.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.counts.iter().sum()
    }
}

/// A task on a day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayTask {
    pub task: TaskId,
    /// Name of the first client that the asking person may see.
    pub client: String,
    /// The instant that is agreed with the owner; none where the task is due on the day.
    pub at: Option<DateTime<Utc>>,
    pub revision: i32,
}

/// The open tasks of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayTasks {
    pub day: NaiveDate,
    pub total: u32,
    /// The first of them: agreed ones by their time, then by client.
    pub first: Vec<DayTask>,
}

/// How many sets end on a day, and how many of them cannot be used now or would break a filing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    pub day: NaiveDate,
    pub total: u32,
    pub late: u32,
    /// Of them, how many would break a filing.
    pub risk: u32,
}

/// A line of the agenda: a certificate that ends.
#[derive(Debug, Clone)]
pub struct AgendaRow {
    pub certificate: CertificateRow,
    /// Numbers of its clients, in their order.
    pub numbers: Vec<String>,
}

/// Lines of the agenda at most, for a page and for a file.
pub const AGENDA_LINES: u64 = 100;

/// One day opened.
#[derive(Debug, Clone)]
pub struct DayPanel {
    pub certificates: Vec<CertificateRow>,
    /// There are more than stand here.
    pub more: bool,
    pub tasks: Vec<TaskRow>,
}
