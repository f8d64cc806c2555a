//! Writes are counted by area of the register, where one count stood for all.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::big_integer;

#[derive(DeriveMigrationName)]
pub struct Migration;

const AREAS: [&str; 5] = ["office", "people", "clients", "certificates", "tasks"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for area in AREAS {
            let mut count = big_integer(a(&format!("writes_{area}")));
            m.alter_table(Table::alter().table(a("office")).add_column(count.default(0)).to_owned()).await?;
        }
        m.alter_table(Table::alter().table(a("office")).drop_column(a("writes")).to_owned()).await
    }
}
