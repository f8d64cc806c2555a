//! What every write and question stands on: the database, the actor, the policy, the write.

pub mod admitted;
pub mod apart;
pub mod areas;
pub mod connection;
pub mod convert;
pub mod deed;
pub mod entity;
pub mod error;
pub mod fresh;
mod guarded;
pub mod joins;
mod many_rows;
pub mod memory;
pub mod reach;
pub mod remembered;
pub mod rows;
pub mod scope;
pub mod seen;
pub mod stored;
pub mod weights;
pub mod whoever;
pub mod writing;

#[cfg(test)]
pub mod tests;
