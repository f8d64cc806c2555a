//! One's own account.

use super::relay::port;
use super::words::*;

port! {
    ($)
    /// One's own account.
    Account, answered by account_answers {
        fn sessions() -> Vec<SessionRow>;
        fn end_session(id: Option<SessionId>) -> ();
        fn set_taste(lang: Lang, theme: Theme) -> ();
        /// Since when one has a calendar feed.
        fn feed_made() -> Option<DateTime<Utc>>;
        fn remove_feed() -> ();
        /// The columns of the list of clients that one has chosen.
        fn client_columns() -> Arc<Vec<ClientColumn>>;
        fn set_client_columns(columns: &[ClientColumn]) -> ();
    }
}
