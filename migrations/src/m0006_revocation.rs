//! Revocation lists and what they prove.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, integer_null, string, text, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut list = Table::create();
        list.table(a("crl"))
            .col(string(a("issuer")).primary_key())
            .col(string(a("number")))
            .col(big_integer(a("this_update")));
        list.col(big_integer_null(a("next_update"))).col(string(a("signature"))).col(text(a("source")));
        m.create_table(list.col(big_integer(a("read_at"))).col(big_integer(a("entries"))).to_owned()).await?;
        let mut entry = Table::create();
        entry.table(a("crl_entry")).col(string(a("issuer"))).col(string(a("serial"))).col(big_integer(a("at")));
        entry.col(integer_null(a("reason"))).primary_key(Index::create().col(a("issuer")).col(a("serial")));
        m.create_table(entry.to_owned()).await?;
        let mut revocation = Table::create();
        revocation.table(a("revocation")).col(uuid(a("certificate_id")).primary_key()).col(string(a("source")));
        revocation
            .col(text(a("detail")))
            .col(string(a("signature")))
            .col(big_integer(a("seen")))
            .col(uuid_null(a("person_id")));
        let certificate = ForeignKey::create()
            .from(a("revocation"), a("certificate_id"))
            .to(a("certificate"), a("id"))
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        m.create_table(revocation.foreign_key(&mut certificate.clone()).to_owned()).await?;
        let source =
            Table::create().table(a("list_source")).col(uuid(a("id")).primary_key()).col(text(a("url"))).to_owned();
        m.create_table(source).await?;
        m.get_connection()
            .execute_unprepared("CREATE INDEX idx_certificate_issuer ON certificate (issuer, serial)")
            .await?;
        Ok(())
    }
}
