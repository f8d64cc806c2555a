//! What accepting a table would do, and what it did.

use super::{Mapping, RowFault, Sheet};
use crate::id::{ClientId, PersonId};

/// What accepting a row would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowPlan {
    /// Nothing is new in it; where it calls the client otherwise, how the card does.
    Known(ClientId, Option<String>),
    Changes {
        /// None where the client is to be created.
        client: Option<ClientId>,
        typed: bool,
        /// Its day is left out: the table has a later one of the same owner.
        older: bool,
        responsible: Option<PersonId>,
        contact: bool,
        /// How the card calls the client, where the row calls it otherwise.
        named: Option<String>,
        /// The phone or address that the card has already, where the row has another.
        reached: Option<String>,
    },
    Fault(RowFault),
    Blank,
}

/// A sheet judged: a plan for each row, in their order.
#[derive(Debug, Clone)]
pub struct SheetPreview {
    pub sheet: Sheet,
    /// With everything that could be found out; an order of dates is missing where somebody has to choose.
    pub mapping: Mapping,
    pub plans: Vec<RowPlan>,
    /// Numbers before which dropped zeros were put back.
    pub zeros: Vec<String>,
}

/// What accepting did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SheetOutcome {
    pub clients: usize,
    pub certificates: usize,
    pub assigned: usize,
    pub contacts: usize,
    pub failed: usize,
}

impl SheetOutcome {
    /// What went in: of a row that failed nothing did.
    #[must_use]
    pub fn entries(&self) -> usize {
        let Self { clients, certificates, assigned, contacts, failed: _ } = self;
        clients + certificates + assigned + contacts
    }
}
