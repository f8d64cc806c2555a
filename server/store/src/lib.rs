//! Persistence, and the one place where access is decided.
//!
//! A [`Shelf`] is opened only for an [`Admitted`] person, and an `Admitted` comes only from a live session:
//!
//! ```compile_fail
//! fn forge(real: store::Admitted) -> store::Admitted {
//!     store::Admitted { role: domain::person::Role::Owner, ..real }
//! }
//! ```

mod accept;
mod account;
mod admitted;
mod agenda;
mod answers;
mod assignment_undo;
mod assignments;
mod audit;
mod calendar;
mod candidates;
mod certificate_rows;
mod certificates;
mod client_bulk;
mod client_list;
mod clients;
mod connection;
mod convert;
mod custody;
mod deed;
mod door;
mod entity;
mod erasure;
mod error;
mod filings;
mod find;
mod fresh;
mod grounds;
mod handover;
mod held;
mod import;
mod import_removal;
mod import_undo;
mod judge;
mod leaving;
mod memory;
mod merging;
mod merging_moves;
mod office;
mod old_keys;
mod revocation;
mod scope;
mod seed;
mod sheet;
mod staff;
mod steps;
mod succession;
mod systems;
mod task_assign;
mod task_lists;
mod task_moves;
mod task_open;
mod tasks;
mod today;
mod typed;
mod undo;
mod urgency;
mod views;

pub use admitted::{Admitted, Shelf};
pub use assignments::NewAssignment;
pub use connection::Store;
pub use door::{Credentials, LinkFor, NewSession};
pub use error::Error;
pub use import::DraftItem;
pub use seed::{SeedAssignment, SeedCertificate, SeedClient, SeedPerson, SeedTask};
pub use staff::PersonChange;
pub use today::{Listed, Today};

/// What the methods of the store give.
pub type Result<T> = std::result::Result<T, Error>;
