//! The words in which ports ask and answer, for those who declare and for those who answer them.

pub use super::Answer;
pub use async_trait::async_trait;
pub use chrono::{DateTime, NaiveDate, Utc};
pub use domain::access::Action;
pub use domain::attachment::{AttachTo, Attachment};
pub use domain::audit::{AuditFilter, AuditRow};
pub use domain::calendar::{AgendaRow, CalendarFilter, DayCount, DayEnds, DayPanel, DayTasks};
pub use domain::certificate::{Aside, Certificate, CertificateFile, CertificateRow};
pub use domain::client::{
    Assignment, Client, ClientColumn, ClientData, ClientFilter, ClientList, NewAssignment, Page, System,
};
pub use domain::custody::{Entry as CarrierEntry, NewEntry};
pub use domain::day::DaysOff;
pub use domain::delivery::{DeliveryRow, OwnerLetter, SentLetter, Wishes};
pub use domain::filing::Filing;
pub use domain::find::Indexed;
pub use domain::ground::{Ground, NewGround};
pub use domain::handover::{Cover, Handover, Plan};
pub use domain::id::{
    AssignmentId, AttachmentId, CertificateId, ClientId, DeliveryId, DraftId, EntryId, FilingId, GroundId, JobId,
    MentionId, NoticeId, PersonId, SessionId, SourceId, StepId, SystemId, TaskId, TeamId, UndoId, ViewId,
};
pub use domain::import::{Choices, ImportContents, Outcome, Preview, RecentImport, Undone};
pub use domain::job::JobRow;
pub use domain::ladder::{Ladder, LadderOf};
pub use domain::leaving::Erased;
pub use domain::mail::MailSettings;
pub use domain::merging::MergePlan;
pub use domain::morning::{Listed, Morning};
pub use domain::office::{Authority, Office as OfficeData};
pub use domain::person::{Candidate, Lang, Load, Part, Person, PersonChange, Role, SessionRow, Team, Theme};
pub use domain::reason::Reason;
pub use domain::refusal::Refusal;
pub use domain::reminder::{Notice, Reminders};
pub use domain::revocation::{AddressKind, Evidence, Fetched, KnownList, ListAddress, ListRead};
pub use domain::route::RouteRule;
pub use domain::seen_client::SeenClient;
pub use domain::sheet::{Mapping, SheetOutcome, SheetPreview};
pub use domain::succession::{Failure, Reissued};
pub use domain::task::{
    BoardLane, Check, Mention, Move, NewTask, Route as TaskRoute, SeenTask, Stage, StepLine, StepTemplate, Task,
    TaskFilter, TaskRow, Ticks,
};
pub use domain::typed::Typed;
pub use domain::view::{NewView, Place, SavedView};
pub use std::collections::HashMap;
pub use std::sync::Arc;
