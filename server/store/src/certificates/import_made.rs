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
}

impl Made {
    pub fn add(&mut self, more: &Self) {
        self.certificates.extend(&more.certificates);
        self.links.extend(&more.links);
        self.clients.extend(&more.clients);
        self.confirmed.extend(&more.confirmed);
    }
}
