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
        /// Which messages one wants.
        fn wishes() -> Wishes;
        fn set_wishes(to: Wishes) -> ();
    }
}
