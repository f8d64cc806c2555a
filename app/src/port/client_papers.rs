//! The owner's part: grounds, carriers, systems, conditions of the routes.

use super::relay::port;
use super::words::*;

port! {
    ($)
    /// The owner's part: grounds, carriers, systems, conditions of the routes.
    ClientPapers, answered by client_paper_answers {
        fn grounds(client: ClientId) -> Vec<Ground>;
        /// Grounds that end between two days.
        fn grounds_ending(from: NaiveDate, to: NaiveDate, of: Option<ClientId>) -> Arc<Vec<Ground>>;
        fn record_ground(client: ClientId, new: NewGround) -> ();
        fn end_ground(id: GroundId) -> ClientId;
        fn attachments(client: ClientId) -> Vec<Attachment>;
        fn task_attachments(task: TaskId) -> Vec<Attachment>;
        /// A file with its bytes.
        fn attachment(id: AttachmentId) -> (Attachment, Vec<u8>);
        /// Removes a file; gives to what it was attached.
        fn remove_attachment(id: AttachmentId) -> AttachTo;
        fn custody(client: ClientId) -> Vec<CarrierEntry>;
        fn custody_entry(id: EntryId) -> CarrierEntry;
        fn record_custody(client: ClientId, new: NewEntry) -> EntryId;
        fn carriers_with_us() -> Vec<CarrierEntry>;
        fn systems() -> Vec<System>;
        fn systems_of(client: ClientId) -> Vec<System>;
        fn set_systems_of(client: ClientId, systems: &[SystemId]) -> ();
        fn set_system(to: System) -> ();
        fn remove_system(id: SystemId) -> ();
        fn route_rules() -> Vec<RouteRule>;
        fn set_route_rule(to: RouteRule) -> ();
    }
}
