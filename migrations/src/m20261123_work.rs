//! Work on tasks: where one got stuck, the agreed time, checklists, what can be taken back; certificates typed by hand.

use crate::steps;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, boolean, integer, string_null, text, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.alter_table(table("task").add_column(string_null(a("stuck_at"))).to_owned()).await?;
        m.alter_table(table("task").add_column(big_integer_null(a("agreed_at"))).to_owned()).await?;
        m.alter_table(table("certificate").add_column(boolean(a("typed")).default(false)).to_owned()).await?;
        checklists(m).await?;
        m.create_table(
            Table::create()
                .table(a("undo"))
                .col(uuid(a("id")).primary_key())
                .col(uuid(a("person_id")))
                .col(big_integer(a("made")))
                .col(text(a("body")))
                .foreign_key(ForeignKey::create().from(a("undo"), a("person_id")).to(a("person"), a("id")))
                .to_owned(),
        )
        .await?;
        steps::fill(m).await
    }
}

fn table(name: &str) -> TableAlterStatement {
    Table::alter().table(a(name)).to_owned()
}

fn a(name: &str) -> Alias {
    Alias::new(name)
}

async fn checklists(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table(a("step_template"))
            .col(uuid(a("id")).primary_key())
            .col(string_null(a("reason")))
            .col(string_null(a("route")))
            .col(integer(a("place")))
            .col(text(a("text_ru")))
            .col(text(a("text_kk")))
            .col(text(a("text_en")))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table(a("task_step"))
            .col(uuid(a("task_id")))
            .col(integer(a("place")))
            .col(text(a("text_ru")))
            .col(text(a("text_kk")))
            .col(text(a("text_en")))
            .col(uuid_null(a("done_by")))
            .col(big_integer_null(a("done_at")))
            .primary_key(Index::create().col(a("task_id")).col(a("place")))
            .foreign_key(ForeignKey::create().from(a("task_step"), a("task_id")).to(a("task"), a("id")))
            .to_owned(),
    )
    .await
}
