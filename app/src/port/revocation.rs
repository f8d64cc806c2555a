//! Revocation lists and what they prove.

use super::relay::port;
use super::words::*;

port! {
    ($)
    /// Revocation lists and what they prove.
    Revocation, answered by revocation_answers {
        fn known_lists() -> Vec<KnownList>;
        fn list_addresses() -> Vec<ListAddress>;
        fn add_list_address(kind: AddressKind, url: &str) -> ();
        fn remove_list_address(id: SourceId) -> ();
        /// Whether the program asks them each day by itself.
        fn lists_daily() -> bool;
        fn set_lists_daily(daily: bool) -> ();
        fn evidence(id: CertificateId) -> Evidence;
    }
}
