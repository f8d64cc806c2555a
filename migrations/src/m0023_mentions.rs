//! Comments that call a colleague.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, text, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let of =
            |column: &str, to: &str| ForeignKey::create().from(a("mention"), a(column)).to(a(to), a("id")).to_owned();
        m.create_table(
            Table::create()
                .table(a("mention"))
                .col(uuid(a("id")).primary_key())
                .col(uuid(a("task_id")))
                .col(uuid(a("person_id")))
                .col(uuid(a("author_id")))
                .col(big_integer(a("at")))
                .col(text(a("body")))
                .col(big_integer_null(a("seen")))
                .foreign_key(&mut of("task_id", "task"))
                .foreign_key(&mut of("person_id", "person"))
                .foreign_key(&mut of("author_id", "person"))
                .to_owned(),
        )
        .await?;
        let db = m.get_connection();
        db.execute_unprepared("CREATE INDEX idx_mention_person ON mention (person_id, seen)").await?;
        db.execute_unprepared("CREATE INDEX idx_mention_task ON mention (task_id)").await?;
        Ok(())
    }
}
