//! What a page may ask for. Every port is bound to its person already: no method names an actor.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::audit::{AuditFilter, AuditRow};
use domain::calendar::{AgendaRow, CalendarFilter, DayCount, DayEnds, DayPanel};
use domain::certificate::{Certificate, CertificateRow};
use domain::client::{Assignment, Client, ClientData, ClientFilter, ClientRow, Page, System};
use domain::custody::{Entry as CarrierEntry, NewEntry};
use domain::day::DaysOff;
use domain::filing::Filing;
use domain::find::Indexed;
use domain::ground::{Ground, NewGround};
use domain::handover::{Handover, Plan};
use domain::id::{
    AssignmentId, CertificateId, ClientId, DraftId, EntryId, FilingId, GroundId, PersonId, SessionId, SourceId, StepId, SystemId,
    TaskId, TeamId, UndoId, ViewId,
};
use domain::import::{Outcome, Preview, RecentImport, Undone};
use domain::leaving::Erased;
use domain::merging::MergePlan;
use domain::office::{Authority, Office as OfficeData};
use domain::person::{Candidate, Lang, Load, Part, Person, Role, SessionRow, Team, Theme};
use domain::refusal::Refusal;
use domain::revocation::{AddressKind, Evidence, Fetched, KnownList, ListAddress, ListRead};
use domain::route::RouteRule;
use domain::sheet::{Column, SheetOutcome, SheetPreview};
use domain::succession::Failure;
use domain::task::{BoardLane, Check, NewTask, Stage, StepLine, StepTemplate, Task, TaskFilter, TaskRow};
use domain::typed::Typed;
use domain::view::{NewView, Place, SavedView};
use std::collections::HashMap;
use std::sync::Arc;
use zeroize::Zeroize as _;

/// What every method gives.
pub type Answer<T> = Result<T, Refusal>;

/// A file as it arrived. Its bytes are wiped once it has been read.
pub struct Upload {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

/// A part of a list with its whole length.
pub struct Listed<T> {
    pub rows: Vec<T>,
    pub total: u64,
}

/// The morning's lists.
pub struct Morning {
    pub overdue: Listed<TaskRow>,
    pub unassigned: Listed<TaskRow>,
    pub waiting: Listed<TaskRow>,
    pub cannot_sign: Listed<CertificateRow>,
    /// Would break a filing, without a task.
    pub breaking: Listed<CertificateRow>,
    /// Ends within 30 days, without a task.
    pub ending: Listed<CertificateRow>,
    /// Replaced, still valid, unchecked.
    pub old_keys: u64,
    /// Clients without a ground.
    pub ungrounded: u64,
    /// Powers of attorney about to end, or just ended.
    pub grounds: Vec<Ground>,
    /// Carriers of keys that are with the firm.
    pub carriers: Vec<CarrierEntry>,
    /// Everybody's load; empty for those who give out no tasks.
    pub loads: Vec<Load>,
}

/// What a form says of one of the staff, checked.
pub struct PersonForm {
    pub name: String,
    pub role: Role,
    pub team: Option<TeamId>,
    pub sees_all: bool,
}

/// A one-time link: where it leads and until when.
pub struct OneTimeLink {
    pub url: String,
    pub ends: DateTime<Utc>,
}

/// Clients and who works on them.
#[async_trait]
pub trait Clients {
    async fn clients(&self, filter: &ClientFilter) -> Answer<Page<ClientRow>>;
    /// The same for a file: so many lines at once.
    async fn some_clients(&self, filter: &ClientFilter, lines: u64) -> Answer<Page<ClientRow>>;
    async fn client(&self, id: ClientId) -> Answer<Client>;
    async fn may_edit(&self, id: ClientId) -> Answer<bool>;
    /// Whether its tasks and journals are the person's to work on.
    async fn may_work(&self, id: ClientId) -> Answer<bool>;
    async fn may_assign(&self, id: ClientId) -> Answer<bool>;
    /// Begins to read what can be found, for somebody who is about to ask.
    fn prepare_finding(&self);
    /// Anything that may be seen, by words, numbers or phones; the nearest first.
    async fn find_anything(&self, asked: &str) -> Answer<Vec<Indexed>>;
    async fn client_choices(&self) -> Answer<Vec<(ClientId, String)>>;
    async fn create_client(&self, data: ClientData) -> Answer<ClientId>;
    async fn change_client(&self, id: ClientId, data: ClientData, revision: i32) -> Answer<()>;
    /// Adds a filing to clients that lack it.
    async fn add_filing_to(&self, ids: &[ClientId], code: &str) -> Answer<UndoId>;
    /// Makes somebody responsible for clients from today on.
    async fn assign_many(&self, ids: &[ClientId], to: PersonId) -> Answer<UndoId>;
    /// Puts a client away with the last day of its contract, or brings it back.
    async fn archive_client(&self, id: ClientId, ended: Option<NaiveDate>) -> Answer<()>;
    /// For how many months the data of a client is kept after its contract.
    async fn keep_months(&self) -> Answer<i32>;
    async fn merge_plan(&self, from: ClientId, number: &str) -> Answer<MergePlan>;
    /// Merges a client into another, found by its number; gives the one that stays.
    async fn merge_client(&self, from: ClientId, number: &str) -> Answer<ClientId>;
    /// Erases a client whose term has passed; its number is typed again.
    async fn erase_client(&self, id: ClientId, number: &str) -> Answer<Erased>;
    async fn assignments(&self, id: ClientId) -> Answer<Vec<Assignment>>;
    async fn assign(&self, id: ClientId, who: PersonId, part: Part, days: (NaiveDate, Option<NaiveDate>)) -> Answer<()>;
    async fn end_assignment(&self, id: ClientId, assignment: AssignmentId) -> Answer<()>;
    async fn client_history(&self, id: ClientId) -> Answer<Vec<AuditRow>>;
}

/// The register of certificates and its import.
#[async_trait]
pub trait Certificates {
    async fn certificates_of(&self, client: ClientId) -> Answer<Vec<CertificateRow>>;
    /// Certificates in lists; one that may not be seen refuses all.
    async fn certificates_by_id(&self, ids: &[CertificateId]) -> Answer<Vec<CertificateRow>>;
    async fn certificate(&self, id: CertificateId) -> Answer<Certificate>;
    async fn type_certificate(&self, client: ClientId, typed: &Typed) -> Answer<CertificateId>;
    /// Replaced certificates that are still valid and unchecked, from one on, the first to end first.
    async fn old_keys(&self, skip: u64) -> Answer<Listed<CertificateRow>>;
    async fn check_old_keys(&self, ids: &[CertificateId], how: Check, note: &str) -> Answer<UndoId>;
    async fn certificate_file(&self, id: CertificateId) -> Answer<Vec<u8>>;
    async fn link_certificate(&self, id: CertificateId, to: ClientId) -> Answer<()>;
    async fn unlink_certificate(&self, id: CertificateId, from: ClientId) -> Answer<()>;
    async fn links_by_hand(&self, id: CertificateId) -> Answer<Vec<ClientId>>;
    async fn read_files(&self, files: Vec<Upload>) -> Answer<DraftId>;
    async fn preview(&self, draft: DraftId) -> Answer<Preview>;
    /// Keeps a spreadsheet until it is accepted.
    async fn read_sheet(&self, file: Upload) -> Answer<DraftId>;
    /// Judges it afresh; an empty mapping is guessed.
    async fn judge_sheet(&self, draft: DraftId, mapping: &[Column]) -> Answer<SheetPreview>;
    async fn accept_sheet(&self, draft: DraftId, mapping: &[Column]) -> Answer<SheetOutcome>;
    async fn accept(&self, draft: DraftId, chosen: &HashMap<i32, ClientId>) -> Answer<Outcome>;
    /// Own imports that can still be undone.
    async fn recent_imports(&self) -> Answer<Vec<RecentImport>>;
    async fn undo_import(&self, draft: DraftId) -> Answer<Undone>;
    /// Of these key identifiers those that are registered, with holder and last day.
    async fn by_key_ids(&self, ids: &[String]) -> Answer<Vec<(String, String, NaiveDate)>>;
}

/// The calendar and the morning.
#[async_trait]
pub trait Calendar {
    async fn month(&self, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Answer<Arc<Vec<DayEnds>>>;
    async fn day_counts(&self, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Answer<Arc<Vec<DayCount>>>;
    /// Lines of the days from `from` to `to`, `skip` of them left out, at most `lines`.
    async fn agenda(
        &self,
        days: (NaiveDate, NaiveDate),
        filter: &CalendarFilter,
        skip: u64,
        lines: u64,
    ) -> Answer<Vec<AgendaRow>>;
    async fn day(&self, day: NaiveDate, filter: &CalendarFilter) -> Answer<DayPanel>;
    async fn days_off(&self) -> Answer<Arc<DaysOff>>;
    /// The office's filings and payments, by code.
    async fn filings(&self) -> Answer<Arc<Vec<Filing>>>;
    async fn set_filing(&self, line: Filing) -> Answer<()>;
    async fn remove_filing(&self, id: FilingId) -> Answer<()>;
    /// How many clients have each code.
    async fn filing_counts(&self, of: Option<ClientId>) -> Answer<Arc<HashMap<String, i64>>>;
    /// Open tasks by due day.
    async fn due_counts(&self, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Answer<Arc<Vec<(NaiveDate, i64)>>>;
    async fn morning(&self) -> Answer<Morning>;
}

/// Reissue tasks.
#[async_trait]
pub trait Tasks {
    async fn tasks(&self, filter: &TaskFilter) -> Answer<Vec<TaskRow>>;
    /// The same for a file: so many lines at once.
    async fn some_tasks(&self, filter: &TaskFilter, lines: u64) -> Answer<Vec<TaskRow>>;
    async fn board(&self, filter: &TaskFilter) -> Answer<Vec<BoardLane>>;
    async fn task(&self, id: TaskId) -> Answer<Task>;
    async fn candidates(&self, certificates: &[CertificateId]) -> Answer<Vec<Candidate>>;
    async fn default_assignee(&self, certificates: &[CertificateId]) -> Answer<Option<PersonId>>;
    async fn successor_candidates(&self, id: TaskId) -> Answer<Vec<(CertificateRow, Vec<Failure>)>>;
    async fn candidates_for(&self, tasks: &[TaskId]) -> Answer<Vec<Candidate>>;
    async fn open_task(&self, new: NewTask) -> Answer<TaskId>;
    async fn open_tasks(&self, all: Vec<NewTask>) -> Answer<UndoId>;
    async fn move_task(&self, id: TaskId, to: Stage, why: &str, revision: i32) -> Answer<Option<UndoId>>;
    /// Who may be given each task, whoever carries least first.
    async fn candidates_each(&self, tasks: &[TaskId]) -> Answer<Vec<(TaskId, Vec<PersonId>)>>;
    async fn assign_each(&self, pairs: &HashMap<TaskId, PersonId>) -> Answer<UndoId>;
    async fn assign_tasks(&self, ids: &[TaskId], to: Option<PersonId>) -> Answer<UndoId>;
    /// Takes back what was just done; gives how many things had moved on and stay.
    async fn take_back(&self, id: UndoId) -> Answer<u64>;
    async fn tick_steps(&self, id: TaskId, ticked: &[i32], were: &[i32]) -> Answer<()>;
    async fn set_agreed(&self, id: TaskId, at: Option<DateTime<Utc>>, revision: i32) -> Answer<()>;
    async fn step_templates(&self) -> Answer<Vec<StepTemplate>>;
    async fn set_step_template(&self, id: Option<StepId>, line: StepLine) -> Answer<()>;
    async fn remove_step_template(&self, id: StepId) -> Answer<()>;
    async fn comment(&self, id: TaskId, text: &str) -> Answer<()>;
    async fn set_due(&self, id: TaskId, due: NaiveDate, revision: i32) -> Answer<()>;
    /// Registers what the files hold, then tries the best of it as the successor.
    async fn import_successor(&self, id: TaskId, files: Vec<Upload>, why: &str, revision: i32) -> Answer<()>;
    async fn accept_successor(&self, id: TaskId, new: CertificateId, why: &str, revision: i32) -> Answer<()>;
    async fn record_revocation(&self, id: TaskId, how: Check, note: &str, revision: i32) -> Answer<()>;
}

/// The owner's part: grounds, carriers, systems, conditions of the routes.
#[async_trait]
pub trait ClientPapers {
    async fn grounds(&self, client: ClientId) -> Answer<Vec<Ground>>;
    /// Grounds that end between two days.
    async fn grounds_ending(&self, from: NaiveDate, to: NaiveDate, of: Option<ClientId>) -> Answer<Arc<Vec<Ground>>>;
    async fn record_ground(&self, client: ClientId, new: NewGround) -> Answer<()>;
    async fn end_ground(&self, id: GroundId) -> Answer<ClientId>;
    async fn custody(&self, client: ClientId) -> Answer<Vec<CarrierEntry>>;
    async fn custody_entry(&self, id: EntryId) -> Answer<CarrierEntry>;
    async fn record_custody(&self, client: ClientId, new: NewEntry) -> Answer<EntryId>;
    async fn carriers_with_us(&self) -> Answer<Vec<CarrierEntry>>;
    async fn systems(&self) -> Answer<Vec<System>>;
    async fn systems_of(&self, client: ClientId) -> Answer<Vec<System>>;
    async fn set_systems_of(&self, client: ClientId, systems: &[SystemId]) -> Answer<()>;
    async fn set_system(&self, to: System) -> Answer<()>;
    async fn remove_system(&self, id: SystemId) -> Answer<()>;
    async fn route_rules(&self) -> Answer<Vec<RouteRule>>;
    async fn set_route_rule(&self, to: RouteRule) -> Answer<()>;
}

/// Revocation lists and what they prove.
#[async_trait]
pub trait Revocation {
    async fn known_lists(&self) -> Answer<Vec<KnownList>>;
    async fn read_list(&self, file: Upload) -> Answer<ListRead>;
    async fn list_addresses(&self) -> Answer<Vec<ListAddress>>;
    async fn add_list_address(&self, kind: AddressKind, url: &str) -> Answer<()>;
    async fn remove_list_address(&self, id: SourceId) -> Answer<()>;
    /// Asks every address of the office's table; how each ended, or nothing yet where it takes long and goes on by itself.
    async fn fetch_lists(&self) -> Answer<Option<Vec<Fetched>>>;
    /// Whether the program asks them each day by itself.
    async fn lists_daily(&self) -> Answer<bool>;
    async fn set_lists_daily(&self, daily: bool) -> Answer<()>;
    /// Asks the authority about a certificate (OCSP) and keeps its answer: whether it is revoked.
    async fn ask_issuer(&self, id: CertificateId) -> Answer<bool>;
    async fn evidence(&self, id: CertificateId) -> Answer<Evidence>;
}

/// Staff, settings, history.
#[async_trait]
pub trait Office {
    async fn people(&self) -> Answer<Arc<Vec<Person>>>;
    /// Who is responsible for the clients that may be seen, and their teams.
    async fn narrowings(&self) -> Answer<Arc<(Vec<Person>, Vec<Team>)>>;
    async fn person(&self, id: PersonId) -> Answer<Person>;
    async fn teams(&self) -> Answer<Arc<Vec<Team>>>;
    async fn loads(&self) -> Answer<Vec<Load>>;
    async fn handover_plan(&self, from: PersonId) -> Answer<Plan>;
    async fn hand_over(&self, from: PersonId, how: Handover) -> Answer<()>;
    async fn invite(&self, email: &str, form: PersonForm) -> Answer<(PersonId, OneTimeLink)>;
    async fn change_person(&self, id: PersonId, form: PersonForm, revision: i32) -> Answer<()>;
    async fn set_active(&self, id: PersonId, active: bool) -> Answer<()>;
    async fn make_link(&self, id: PersonId) -> Answer<OneTimeLink>;
    async fn add_team(&self, name: &str) -> Answer<()>;
    async fn set_day_off(&self, day: NaiveDate, name: [String; 3]) -> Answer<()>;
    async fn remove_day_off(&self, day: NaiveDate) -> Answer<()>;
    async fn set_office(&self, office: OfficeData) -> Answer<()>;
    async fn set_keep_months(&self, months: i32) -> Answer<()>;
    async fn authorities(&self) -> Answer<Vec<Authority>>;
    async fn add_authority(&self, file: Upload) -> Answer<()>;
    async fn remove_authority(&self, name: &str) -> Answer<()>;
    async fn audit(&self, filter: &AuditFilter) -> Answer<Page<AuditRow>>;
    /// Saved views of every list.
    async fn saved_views(&self) -> Answer<Arc<Vec<SavedView>>>;
    async fn save_view(&self, new: NewView) -> Answer<()>;
    /// Removes a view; gives the list it was of.
    async fn remove_view(&self, id: ViewId) -> Answer<Place>;
}

/// One's own account.
#[async_trait]
pub trait Account {
    async fn sessions(&self) -> Answer<Vec<SessionRow>>;
    async fn end_session(&self, id: Option<SessionId>) -> Answer<()>;
    async fn set_taste(&self, lang: Lang, theme: Theme) -> Answer<()>;
    async fn change_password(&self, old: &str, new: &str) -> Answer<()>;
}

/// Everything a signed-in person's pages may ask for.
pub trait Desk: Clients + Certificates + Calendar + Tasks + ClientPapers + Revocation + Office + Account + Send + Sync {}

/// What a one-time link opens.
pub enum Door {
    /// The set-up of an empty database.
    Start,
    /// A password for somebody: name and address.
    Join { name: String, email: String },
}

/// What anybody may ask for.
#[async_trait]
pub trait Entrance: Send + Sync {
    /// Opens a session and gives its cookie.
    async fn sign_in(&self, email: &str, password: &str, browser: &str, address: &str) -> Answer<String>;
    async fn door(&self, token: &str) -> Answer<Door>;
    async fn start(&self, token: &str, office: OfficeData, name: &str, email: &str, password: &str) -> Answer<()>;
    async fn join(&self, token: &str, password: &str) -> Answer<()>;
    async fn healthy(&self) -> bool;
    /// The cookie that ends a session in the browser.
    fn no_cookie(&self) -> String;
}
