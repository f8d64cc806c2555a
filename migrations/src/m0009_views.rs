//! Saved views, and which lines of the history one act wrote.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, string, text, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut view = Table::create();
        view.table(a("saved_view"))
            .col(uuid(a("id")).primary_key())
            .col(uuid(a("person_id")))
            .col(uuid_null(a("team_id")));
        view.col(boolean(a("shared"))).col(string(a("place"))).col(string(a("name"))).col(text(a("query")));
        let person = ForeignKey::create().from(a("saved_view"), a("person_id")).to(a("person"), a("id")).to_owned();
        m.create_table(view.foreign_key(&mut person.clone()).to_owned()).await?;
        m.alter_table(Table::alter().table(a("audit")).add_column(uuid_null(a("act"))).to_owned()).await
    }
}
