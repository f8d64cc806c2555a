//! Clients of the firm.

use crate::calendar::LEVELS;
use crate::coded::coded;
use crate::day::OfficeDay;
use crate::filing::Threat;
use crate::id::{AssignmentId, ClientId, PersonId, SystemId, TeamId};
use crate::person::Part;
use crate::seen_client::SeenClient;
use crate::standing::{Standing, Urgency};
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
    /// Whether it is that of a holder: it is marked so, or has the same words in its name.
    #[must_use]
    pub fn is_of(&self, holder: &str) -> bool {
        let words = |text: &str| {
            let mut words: Vec<String> = crate::fold::fold(text).split_whitespace().map(str::to_owned).collect();
            words.sort_unstable();
            words
        };
        let whose = words(holder);
        !whose.is_empty() && (words(&self.holder) == whose || words(&self.name) == whose)
    }

    /// Whether nothing is written in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.name, &self.phone, &self.email, &self.messenger].iter().all(|s| s.trim().is_empty())
    }
}

/// The contact of a holder: the one that is marked so, the one of the same name, else the first.
#[must_use]
pub fn contact_of<'a>(contacts: &'a [Contact], holder: &str) -> Option<&'a Contact> {
    let marked = |c: &&Contact| !c.holder.is_empty() && c.is_of(holder);
    contacts.iter().find(marked).or_else(|| contacts.iter().find(|c| c.is_of(holder))).or(contacts.first())
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

/// What a form says of a client, checked. A field is added here, in [`ClientData::fields`], [`ClientData::joined`] and
/// in the store's row; the compiler names these, and from [`ClientField`] the field reaches form, card, history and
/// archive.
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
    /// As the register of legal entities gives it.
    pub legal_address: String,
}

coded! {
    /// A field of a client's card, in its order.
    ClientField {
        Name = "name",
        Kind = "kind",
        Number = "number",
        Team = "team",
        LegalAddress = "legal_address",
        Filings = "filings",
        Contacts = "contacts",
        Notes = "notes",
    }
}

impl ClientData {
    /// A client of whom only this is known.
    #[must_use]
    pub fn new(kind: ClientKind, name: String, number: String) -> Self {
        let (filings, contacts) = (Vec::new(), Vec::new());
        Self { kind, name, number, team: None, filings, notes: String::new(), contacts, legal_address: String::new() }
    }

    /// Every field with its value as plain text, in the order of [`ClientField::ALL`].
    #[must_use]
    pub fn fields(&self) -> Vec<(ClientField, String)> {
        // Named one by one: a new field is told here or this does not compile.
        let Self { kind, name, number, team, filings, notes, contacts, legal_address } = self;
        let of = |field: &ClientField| match field {
            ClientField::Name => name.clone(),
            ClientField::Kind => kind.code().to_owned(),
            ClientField::Number => number.clone(),
            ClientField::Team => team.map(|t| t.to_string()).unwrap_or_default(),
            ClientField::LegalAddress => legal_address.clone(),
            ClientField::Filings => filings.join(", "),
            ClientField::Contacts => contacts.iter().map(Contact::words).collect::<Vec<_>>().join("; "),
            ClientField::Notes => notes.clone(),
        };
        ClientField::ALL.iter().map(|field| (*field, of(field))).collect()
    }

    /// Fields in which another card says something else.
    #[must_use]
    pub fn changed(&self, to: &Self) -> Vec<ClientField> {
        let pairs = self.fields().into_iter().zip(to.fields());
        pairs.filter(|((_, before), (_, after))| before != after).map(|((field, _), _)| field).collect()
    }

    /// Words by which a search finds the card: what names the client and how to reach it, not what is noted of it.
    #[must_use]
    pub fn search_words(&self) -> String {
        let contacts = self.contacts.iter().flat_map(|c| {
            [c.name.clone(), c.email.clone(), c.phone.clone(), c.phone.chars().filter(char::is_ascii_digit).collect()]
        });
        let of = |(field, value): (ClientField, String)| match field {
            ClientField::Name | ClientField::Number | ClientField::LegalAddress => Some(value),
            ClientField::Kind
            | ClientField::Team
            | ClientField::Filings
            | ClientField::Contacts
            | ClientField::Notes => None,
        };
        self.fields().into_iter().filter_map(of).chain(contacts).collect::<Vec<_>>().join(" ")
    }

    /// This card with what only the other of the same client knew. What cannot stand beside its own goes to the notes:
    /// contacts beyond the card's room, another address.
    #[must_use]
    pub fn joined(&self, gone: &Self) -> Self {
        let Self { kind, name, number, team, mut filings, notes, mut contacts, mut legal_address } = self.clone();
        contacts.extend(gone.contacts.iter().filter(|c| !self.contacts.contains(c)).cloned());
        filings.extend(gone.filings.iter().filter(|code| !self.filings.contains(code)).cloned());
        let mut lines = vec![notes];
        if gone.notes != self.notes {
            lines.push(gone.notes.clone());
        }
        if legal_address.is_empty() {
            legal_address.clone_from(&gone.legal_address);
        } else if gone.legal_address != legal_address {
            lines.push(gone.legal_address.clone());
        }
        let spare = contacts.split_off(contacts.len().min(MOST_CONTACTS));
        lines.extend(spare.iter().map(|c| [c.name.as_str(), &c.phone, &c.email].join(" ")));
        lines.retain(|line| !line.trim().is_empty());
        Self { kind, name, number, team, filings, notes: lines.join("\n"), contacts, legal_address }
    }
}

impl Contact {
    /// Everything that is said of it, in one line.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { name, phone, email, messenger, lang, in_mobile_base, base_day, role, holder, wishes } = self;
        let all = [name, phone, email, messenger, lang, in_mobile_base, base_day, role, holder, wishes];
        all.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ")
    }
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
    pub responsible: Option<(PersonId, String)>,
    /// Sets that nothing has replaced: halves of one issue are one.
    pub certificates: i64,
    /// The worst among certificates that nothing has replaced: its last day and urgency.
    pub next: Option<(NaiveDate, Urgency)>,
    /// What is wrong with it, where it cannot be used.
    pub fault: Option<Standing>,
    /// The filing that this end breaks.
    pub threat: Option<Threat>,
    pub open_tasks: i64,
    pub team: Option<String>,
    /// Codes of what it files.
    pub filings: Vec<String>,
}

impl ClientRow {
    /// The client as the list shows it.
    #[must_use]
    pub fn seen(&self) -> SeenClient {
        SeenClient { id: self.id, responsible: self.responsible.as_ref().map(|(who, _)| *who) }
    }
}

coded! {
    /// What the list is sorted by: each of its headings.
    #[derive(Default)]
    ClientOrder {
        #[default] State = "state", End = "end", Name = "name", Number = "number", Certificates = "certificates",
        Responsible = "responsible", Tasks = "tasks", Team = "team",
    }
}

coded! {
    /// A column of the list that can be left out; the name and the next end always stand there.
    ClientColumn {
        Number = "number", State = "state", Certificates = "certificates", Responsible = "responsible", Tasks = "tasks",
        Team = "team", Filings = "filings",
    }
}

impl ClientColumn {
    /// Those of whoever has chosen none.
    pub const USUAL: [Self; 5] = [Self::Number, Self::State, Self::Certificates, Self::Responsible, Self::Tasks];
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
    /// Only those for whom nobody is responsible today.
    pub unassigned: bool,
    /// Only those without a ground that holds.
    pub ungrounded: bool,
    pub archived: bool,
    pub order: ClientOrder,
    pub descending: bool,
    /// Key of the last line of the page before: sort value and id.
    pub after: Option<(String, ClientId)>,
}

/// The list of clients: one page, and how many clients of each urgency there are, whichever of them it shows.
#[derive(Debug, Clone)]
pub struct ClientList {
    pub rows: Vec<ClientRow>,
    /// Key of the next page, if there is one.
    pub next: Option<String>,
    pub total: i64,
    /// In the order of [`Urgency::ALL`].
    pub levels: [i64; LEVELS],
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

/// What a form says of an assignment, checked.
#[derive(Debug, Clone, Copy)]
pub struct NewAssignment {
    pub person: PersonId,
    pub part: Part,
    pub from: NaiveDate,
    pub until: Option<NaiveDate>,
}
