//! The one place where identifiers are made.

use uuid::Uuid;

/// A new identifier; later ones sort after earlier ones (RFC 9562, version 7).
#[expect(clippy::disallowed_methods, reason = "ids come from here")]
pub fn id() -> Uuid {
    Uuid::now_v7()
}

/// Nobody's id, for comparisons that must fail.
pub const NOBODY: Uuid = Uuid::nil();
