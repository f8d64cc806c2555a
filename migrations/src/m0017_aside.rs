//! Certificates that ended long ago and are set aside: with who said so, when and why.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, text, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut why = text(a("aside_why"));
        for column in [&mut big_integer_null(a("aside_at")), &mut uuid_null(a("aside_by")), why.default("")] {
            m.alter_table(Table::alter().table(a("certificate")).add_column(column.take()).to_owned()).await?;
        }
        Ok(())
    }
}
