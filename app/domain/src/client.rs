//! Clients of the firm.

use crate::coded::coded;
use crate::day::OfficeDay;
use crate::filing::Threat;
use crate::id::{AssignmentId, ClientId, PersonId, SystemId, TeamId};
use crate::person::Part;
use crate::standing::Urgency;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

coded! {
    /// Legal form.
    ClientKind {
        LegalEntity = "legal_entity", Branch = "branch", SoleEntrepreneur = "sole_entrepreneur", Individual = "individual",
    }
}

coded! {
    /// A fact that may be unknown.
    Known { Yes = "yes", No = "no", Unknown = "unknown" }
}

/// Contacts of one client at most.
pub const MOST_CONTACTS: usize = 20;

/// Somebody at the client whom the firm calls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub name: String,
    pub phone: String,
    pub email: String,
    pub messenger: String,
    /// Code of the language the contact prefers; empty if unknown.
    pub lang: String,
    /// "Phone is in the mobile citizens base": code of [`Known`]; empty if unknown.
    pub in_mobile_base: String,
    /// The day on which somebody made sure of it, ISO 8601; empty if nobody has.
    #[serde(default)]
    pub base_day: String,
    /// What this person is at the client.
    #[serde(default)]
    pub role: String,
    /// Name of the certificate's holder whom this contact is.
    #[serde(default)]
    pub holder: String,
    /// When to call, and when not.
    #[serde(default)]
    pub wishes: String,
}

impl Contact {
    /// Whether nothing is written in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.name, &self.phone, &self.email, &self.messenger].iter().all(|s| s.trim().is_empty())
    }
}

/// The contact of a holder: the one that is marked so, the one of the same name, else the first.
#[must_use]
pub fn contact_of<'a>(contacts: &'a [Contact], holder: &str) -> Option<&'a Contact> {
    let name = crate::fold::fold(holder);
    let same = |text: &str| !name.is_empty() && crate::fold::fold(text) == name;
    contacts.iter().find(|c| same(&c.holder)).or_else(|| contacts.iter().find(|c| same(&c.name))).or(contacts.first())
}

/// A system in which a client uses its certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// None before it is written.
    pub id: Option<SystemId>,
    pub place: i32,
    /// New clients have it.
    pub usual: bool,
    /// ru, kk, en.
    pub name: [String; 3],
}

/// What a form says of a client, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientData {
    pub kind: ClientKind,
    pub name: String,
    /// Twelve digits. From a certificate they may break the check-digit rule, from a form they may not.
    pub number: String,
    pub team: Option<TeamId>,
    /// Codes of what it files, of the office's table.
    pub filings: Vec<String>,
    pub notes: String,
    pub contacts: Vec<Contact>,
}

/// A client as the card shows it.
#[derive(Debug, Clone)]
pub struct Client {
    pub id: ClientId,
    pub data: ClientData,
    pub archived: bool,
    /// Last day of the contract of one that is put away.
    pub contract_ended: Option<NaiveDate>,
    pub revision: i32,
}

/// A line of the list.
#[derive(Debug, Clone)]
pub struct ClientRow {
    pub id: ClientId,
    pub name: String,
    pub number: String,
    pub archived: bool,
    pub responsible: Option<String>,
    pub certificates: i64,
    /// The worst among certificates that nothing has replaced: its last day and urgency.
    pub next: Option<(NaiveDate, Urgency)>,
    /// The filing that this end breaks.
    pub threat: Option<Threat>,
    pub open_tasks: i64,
}

coded! {
    /// Order of the list.
    ClientSort { Urgency = "urgency", Name = "name" }
}

/// What the list is asked for.
#[derive(Debug, Clone, Default)]
pub struct ClientFilter {
    pub text: String,
    pub team: Option<TeamId>,
    pub responsible: Option<PersonId>,
    pub urgency: Option<Urgency>,
    /// Code of a filing that the client has.
    pub filing: Option<String>,
    /// Only those without a ground that holds.
    pub ungrounded: bool,
    pub archived: bool,
    pub by_name: bool,
    /// Key of the last line of the page before: sort value and id.
    pub after: Option<(String, ClientId)>,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Key of the next page, if there is one.
    pub next: Option<String>,
    pub total: i64,
}

/// Who works on a client, as what, from when until when.
#[derive(Debug, Clone)]
pub struct Assignment {
    pub id: AssignmentId,
    pub person: PersonId,
    pub person_name: String,
    pub part: Part,
    pub from: NaiveDate,
    /// Last day of the assignment.
    pub until: Option<NaiveDate>,
}

impl Assignment {
    /// Whether it holds on this day.
    #[must_use]
    pub fn holds(&self, today: OfficeDay) -> bool {
        self.from <= today.day && self.until.is_none_or(|until| today.day <= until)
    }
}

/// A client's name without its legal form and quotes, to fit a cell.
#[must_use]
pub fn short_name(name: &str) -> &str {
    let between = |open: char, close: char| {
        name.split_once(open).and_then(|(_, rest)| rest.split_once(close)).map(|(inner, _)| inner).filter(|s| !s.is_empty())
    };
    between('«', '»').or_else(|| between('"', '"')).unwrap_or(name)
}
