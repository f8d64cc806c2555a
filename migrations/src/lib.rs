//! The schema, for SQLite and PostgreSQL alike: instants as integer milliseconds, days as dates.

mod defaults;
mod m20261122_first;
mod m20261123_work;
mod m20261124_desk;
mod steps;

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::prelude::{DbErr, MigratorTrait};

/// Every migration in order.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m20261122_first::Migration), Box::new(m20261123_work::Migration), Box::new(m20261124_desk::Migration)]
    }
}
