//! Pages, parts and islands; and the port through which pages reach the register.

pub mod islands;

#[cfg(feature = "ssr")]
mod dates;
#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
pub mod letters;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod parts;
#[cfg(feature = "ssr")]
pub mod port;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod seat;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub use text;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use pages::problem::{Attempt, show as show_problem};
