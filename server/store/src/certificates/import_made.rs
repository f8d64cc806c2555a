//! What an import made, kept to be taken back.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What an import made.
#[derive(Default, Serialize, Deserialize)]
pub struct Made {
    pub certificates: Vec<Uuid>,
    /// Certificate and client.
    pub links: Vec<(Uuid, Uuid)>,
    pub clients: Vec<Uuid>,
    /// Typed entries that it confirmed.
    pub confirmed: Vec<Uuid>,
    /// Contacts that a spreadsheet added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contacted>,
    /// Assignments that a spreadsheet made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assignments: Vec<Uuid>,
    /// The name of the spreadsheet; empty for certificates from files.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sheet: String,
}

/// A client that got a contact.
#[derive(Serialize, Deserialize)]
pub struct Contacted {
    pub client: Uuid,
    /// Its contacts before, as they were stored.
    pub before: String,
    /// Its revision since.
    pub revision: i32,
}

impl Made {
    /// The revision in which the import left a client that it made.
    pub fn revision_of(&self, client: Uuid) -> i32 {
        self.contacts.iter().filter(|c| c.client == client).map(|c| c.revision).max().unwrap_or(1)
    }

    pub fn add(&mut self, more: Self) {
        self.certificates.extend(more.certificates);
        self.links.extend(more.links);
        self.clients.extend(more.clients);
        self.confirmed.extend(more.confirmed);
        self.contacts.extend(more.contacts);
        self.assignments.extend(more.assignments);
        self.sheet = more.sheet;
    }
}
