//! Tries of signing in that are being looked at, and browsers from which somebody has signed in.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, integer, string, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut pending = integer(a("pending"));
        m.alter_table(Table::alter().table(a("throttle")).add_column(pending.default(0)).to_owned()).await?;
        let known = Table::create()
            .table(a("known_browser"))
            .col(string(a("token_hash")).primary_key())
            .col(uuid(a("person_id")))
            .col(big_integer(a("seen")))
            .foreign_key(ForeignKey::create().from(a("known_browser"), a("person_id")).to(a("person"), a("id")))
            .to_owned();
        m.create_table(known).await
    }
}
