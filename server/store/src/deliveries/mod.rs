//! Messages that leave the program: what is to be sent to whom, what becomes of it, and by which server.

pub mod at_once;
pub mod carrying;
pub mod digests;
pub mod lists;
pub mod mail_server;
pub mod owner_letters;
pub mod reading;
pub mod wishes;
