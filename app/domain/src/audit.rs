//! The history: who did what, when, from which session.

use crate::coded::coded;
use crate::id::{ActId, ClientId, PersonId, SessionId};
use chrono::{DateTime, NaiveDate, Utc};

coded! {
    /// What was done.
    DeedKind {
        OfficeStarted = "office_started", OfficeChanged = "office_changed", AuthorityAdded = "authority_added",
        AuthorityRemoved = "authority_removed",
        SignedIn = "signed_in", SignedOut = "signed_out", SessionEnded = "session_ended",
        PasswordChanged = "password_changed", AccountChanged = "account_changed",
        StaffInvited = "staff_invited", StaffJoined = "staff_joined", StaffChanged = "staff_changed",
        StaffDeactivated = "staff_deactivated", StaffActivated = "staff_activated", LinkMade = "link_made",
        TeamAdded = "team_added",
        ClientCreated = "client_created", ClientChanged = "client_changed", ClientArchived = "client_archived",
        ClientRestored = "client_restored", ClientErased = "client_erased", ClientsMerged = "clients_merged", Assigned = "assigned", AssignmentEnded = "assignment_ended",
        Imported = "imported", CertificateLinked = "certificate_linked", CertificateUnlinked = "certificate_unlinked",
        TaskOpened = "task_opened", TaskMoved = "task_moved", TaskAssigned = "task_assigned",
        TaskCommented = "task_commented", TaskChanged = "task_changed", SuccessorAccepted = "successor_accepted",
        RevocationChecked = "revocation_checked", Undone = "undone", StepTicked = "step_ticked",
        StepsChanged = "steps_changed", DaysOffChanged = "days_off_changed", FilingsChanged = "filings_changed",
        GroundRecorded = "ground_recorded", GroundEnded = "ground_ended", CarrierRecorded = "carrier_recorded",
        SystemsChanged = "systems_changed", RoutesChanged = "routes_changed", HandedOver = "handed_over", CoverEnded = "cover_ended", SetAside = "set_aside", BroughtBack = "brought_back", Reminded = "reminded", LadderChanged = "ladder_changed", PutOff = "put_off", PutOffEnded = "put_off_ended", JobAgain = "job_again", MailServerChanged = "mail_server_changed", MailWishesChanged = "mail_wishes_changed", DeliveryAgain = "delivery_again", PlanChanged = "plan_changed", OwnLadderChanged = "own_ladder_changed", FeedMade = "feed_made", FeedRemoved = "feed_removed", OwnerWritten = "owner_written", Escalated = "escalated", EscalationChanged = "escalation_changed",
        RevocationsRead = "revocations_read", RevocationAsked = "revocation_asked", CertificateTyped = "certificate_typed",
        SheetImported = "sheet_imported", ImportUndone = "import_undone", OldKeyChecked = "old_key_checked",
        FileAttached = "file_attached", FileRemoved = "file_removed",
        ViewSaved = "view_saved", ViewRemoved = "view_removed", Seeded = "seeded",
    }
}

/// One line to be written with its change.
#[derive(Debug, Clone)]
pub struct Entry {
    pub kind: DeedKind,
    /// The client that the change is about; a lead reads the lines of their clients.
    pub client: Option<ClientId>,
    /// What changed, in words without personal numbers, keys or passwords.
    pub about: String,
    /// Path of the thing inside the program, such as `/tasks/…`.
    pub link: String,
}

impl Entry {
    /// A line that is not about one client.
    pub fn new(kind: DeedKind, about: impl Into<String>) -> Self {
        Self { kind, client: None, about: about.into(), link: String::new() }
    }

    /// The same line, about a client.
    #[must_use]
    pub fn client(mut self, client: ClientId) -> Self {
        self.client = Some(client);
        self
    }

    /// The same line, leading to a page.
    #[must_use]
    pub fn link(mut self, link: impl Into<String>) -> Self {
        self.link = link.into();
        self
    }
}

/// What the history is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    pub person: Option<PersonId>,
    pub kind: Option<DeedKind>,
    pub client: Option<ClientId>,
    /// Words by which clients are known.
    pub text: String,
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    /// Lines before this one.
    pub before: Option<i64>,
}

/// One line as it is read.
#[derive(Debug, Clone)]
pub struct AuditRow {
    pub id: i64,
    /// The same for all lines of one act on many.
    pub act: Option<ActId>,
    pub at: DateTime<Utc>,
    pub person: String,
    pub session: Option<SessionId>,
    pub kind: DeedKind,
    pub client: Option<(ClientId, String)>,
    pub about: String,
    pub link: String,
}
