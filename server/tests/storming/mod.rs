//! Servers of their own, people who read and write, what they were told, and what is written.

mod books;
mod people;
mod server;

pub use books::Books;
pub use people::{Report, Storm, THE_NUMBER};
pub use server::Server;
