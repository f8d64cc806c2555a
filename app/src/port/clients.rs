//! Clients and who works on them.

use super::relay::port;
use super::words::*;

port! {
    ($)
    /// Clients and who works on them.
    Clients, answered by client_answers {
        fn clients(filter: &ClientFilter) -> Arc<ClientList>;
        /// The same for a file: so many lines at once.
        fn some_clients(filter: &ClientFilter, lines: u64) -> ClientList;
        fn client_card(id: ClientId) -> Client;
        /// Whether an action is open to the person on the client.
        fn may(action: Action, id: ClientId) -> bool;
        /// Anything that may be seen, by words, numbers or phones; the nearest first.
        fn find_anything(asked: &str) -> Vec<Indexed>;
        /// Clients for choosing one in a form, so many at most.
        fn client_choices(most: usize) -> Vec<(ClientId, String)>;
        fn create_client(data: ClientData) -> ClientId;
        fn change_client(id: ClientId, data: ClientData, revision: i32) -> ();
        /// Adds a filing to clients that lack it.
        fn add_filing_to(ids: &[ClientId], code: &str) -> UndoId;
        /// Makes somebody responsible for clients from today on.
        fn assign_many(shown: &[SeenClient], to: PersonId) -> (UndoId, usize);
        /// Puts a client away with the last day of its contract, or brings it back.
        fn archive_client(id: ClientId, ended: Option<NaiveDate>) -> ();
        /// For how many months the data of a client is kept after its contract.
        fn keep_months() -> i32;
        fn merge_plan(from: ClientId, number: &str) -> MergePlan;
        /// Merges a client into another, found by its number; gives the one that stays.
        fn merge_client(from: ClientId, number: &str) -> ClientId;
        /// Erases a client whose term has passed; its number is typed again.
        fn erase_client(id: ClientId, number: &str) -> Erased;
        fn assignments(id: ClientId) -> Vec<Assignment>;
        fn assign(id: ClientId, new: NewAssignment) -> ();
        fn end_assignment(id: ClientId, assignment: AssignmentId) -> ();
        fn client_history(id: ClientId) -> Vec<AuditRow>;
    }
}
