//! Each person chooses the columns of the list of clients.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::string;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let column = string(a("client_columns")).default("").to_owned();
        m.alter_table(Table::alter().table(a("person")).add_column(column).to_owned()).await
    }
}
