//! Certificates: bytes in, facts out. Nothing here writes, logs or keeps what it reads.

mod algorithm;
mod ber;
mod cms;
mod crl;
mod facts;
mod file;
mod inspect;
mod name;
mod ocsp;
mod oddities;
mod pem;
mod profile;
mod signature;
mod xml;

pub use crl::{check_crl, read_crl};
pub use facts::{Unreadable, read_certificate};
pub use file::{Format, Item, MAX_FILE_BYTES, read_file};
pub use inspect::inspect;
pub use ocsp::{NoAnswer, Question, read_answer};
pub use signature::{check_signature, self_signed};
