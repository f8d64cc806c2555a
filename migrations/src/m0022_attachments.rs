//! Files attached to clients and their tasks.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, blob, string, text, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let of = |column: &str, to: &str| {
            ForeignKey::create().from(a("attachment"), a(column)).to(a(to), a("id")).to_owned()
        };
        m.create_table(
            Table::create()
                .table(a("attachment"))
                .col(uuid(a("id")).primary_key())
                .col(uuid(a("client_id")))
                .col(uuid_null(a("task_id")))
                .col(text(a("name")))
                .col(string(a("kind")))
                .col(big_integer(a("size")))
                .col(uuid(a("person_id")))
                .col(big_integer(a("made")))
                .col(blob(a("content")))
                .foreign_key(&mut of("client_id", "client"))
                .foreign_key(&mut of("person_id", "person"))
                .to_owned(),
        )
        .await?;
        let db = m.get_connection();
        db.execute_unprepared("CREATE INDEX idx_attachment_client ON attachment (client_id)").await?;
        db.execute_unprepared("CREATE INDEX idx_attachment_task ON attachment (task_id)").await?;
        Ok(())
    }
}
