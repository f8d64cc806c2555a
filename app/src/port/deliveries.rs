//! Messages that leave the program.

use super::relay::port;
use super::words::*;

port! {
    ($)
    /// Messages that leave the program.
    Delivering, answered by delivery_answers {
        fn mail_settings() -> Option<MailSettings>;
        fn remove_mail_server() -> ();
        /// The last messages to everybody.
        fn deliveries() -> Vec<DeliveryRow>;
        /// The last messages to oneself.
        fn own_deliveries() -> Vec<DeliveryRow>;
        fn delivery_again(id: DeliveryId) -> ();
        /// Whether mail can leave.
        fn mails() -> bool;
        /// Sends a letter to the owner of a key and keeps it on the task. False where the same was written just now.
        fn write_to_owner(task: TaskId, letter: &OwnerLetter) -> bool;
        /// Letters to the owner of a task's key, the last first.
        fn letters_of(task: TaskId) -> Vec<SentLetter>;
        /// Which messages one wants.
        fn wishes() -> Wishes;
        fn set_wishes(to: Wishes) -> ();
    }
}
