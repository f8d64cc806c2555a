//! The desk: the register as one person may use it, one port a file.

mod account;
mod answers;
mod calendar;
mod certificates;
mod clients;
mod office;
mod practice;
mod revocation;
mod tasks;

use crate::house::House;
use std::sync::Arc;
use store::Shelf;

/// A desk bound to its person.
pub struct OfficeDesk {
    pub shelf: Shelf,
    pub house: Arc<House>,
}

impl app::port::Desk for OfficeDesk {}
