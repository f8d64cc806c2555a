//! Answers of authorities about single certificates (OCSP), and the addresses that may be asked.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, string, text, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let kind = string(a("kind")).default("lists").take();
        m.alter_table(Table::alter().table(a("list_source")).add_column(kind).to_owned()).await?;
        let certificate = ForeignKey::create()
            .from(a("good_answer"), a("certificate_id"))
            .to(a("certificate"), a("id"))
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let mut answer = Table::create();
        answer.table(a("good_answer")).col(uuid(a("certificate_id")).primary_key()).col(big_integer(a("at")));
        answer.col(text(a("source"))).col(string(a("signature"))).foreign_key(&mut certificate.clone());
        m.create_table(answer).await
    }
}
