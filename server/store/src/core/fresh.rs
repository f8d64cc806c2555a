//! The one place where identifiers are made.

use uuid::Uuid;

/// A new identifier; later ones sort after earlier ones (RFC 9562, version 7).
#[allow(clippy::disallowed_methods)]
pub fn id() -> Uuid {
    Uuid::now_v7()
}
