//! Persistence, and the one place where access is decided.
//!
//! A [`ScopedStore`] is opened only for an [`Admitted`] person, and an `Admitted` comes only from a live session:
//!
//! ```compile_fail
//! fn forge(real: store::Admitted) -> store::Admitted {
//!     store::Admitted { role: domain::person::Role::Owner, ..real }
//! }
//! ```

mod calendar;
mod certificates;
mod clients;
mod core;
mod deliveries;
mod office;
mod people;
mod reminders;
mod tasks;

pub use certificates::drafts::DraftItem;
pub use core::admitted::{Admitted, ScopedStore};
pub use core::apart::Apart;
pub use core::connection::{Store, file_of};
pub use core::deed::{Deed, Held, Permitted};
pub use core::error::Error;
pub use core::rows::counted;
pub use deliveries::carrying::Ended;
pub use office::jobs::Tried;
pub use office::seed::{SeedAssignment, SeedCertificate, SeedClient, SeedPerson, SeedTask, SeedWork};
pub use people::brake::{Counted, Turn};
pub use people::door::{Credentials, LinkFor, NewSession};

/// What the methods of the store give.
pub type Result<T> = std::result::Result<T, Error>;
