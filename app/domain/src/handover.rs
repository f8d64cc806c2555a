//! Handing over what somebody carries.

use crate::id::{ClientId, PersonId};
use crate::person::Load;
use chrono::NaiveDate;
use std::collections::HashMap;

/// A client that passes, and to whom.
#[derive(Debug, Clone)]
pub struct Carried {
    pub id: ClientId,
    pub name: String,
    /// Who carries least of those who may; none where nobody may.
    pub to: Option<PersonId>,
}

/// The preview: what would pass, and who may take it.
#[derive(Debug, Clone)]
pub struct Plan {
    pub clients: Vec<Carried>,
    /// Open tasks of the person.
    pub tasks: i64,
    /// Carriers that the person has.
    pub carriers: i64,
    pub colleagues: Vec<Load>,
}

/// Somebody stands in for somebody for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    pub covered: (PersonId, String),
    pub by: (PersonId, String),
    /// The last day of it.
    pub until: NaiveDate,
    pub clients: i64,
}

/// What is decided.
#[derive(Debug, Clone)]
pub struct Handover {
    pub clients: HashMap<ClientId, PersonId>,
    /// Last day of the cover; none for good.
    pub until: Option<NaiveDate>,
}
