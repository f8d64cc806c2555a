//! What two writers at one moment must not do to each other, and revocation lists that come in parts.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, integer_null, string, uuid, uuid_null};
use sea_orm_migration::sea_orm::prelude::Uuid;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut made = Table::create();
        made.table(a("write_made")).col(uuid(a("id")).primary_key()).col(big_integer(a("at")));
        m.create_table(made.to_owned()).await?;
        one_responsible(m).await?;
        for column in [boolean(a("lists_daily")).default(false), big_integer(a("lists_asked")).default(0)] {
            m.alter_table(Table::alter().table(a("office")).add_column(column).to_owned()).await?;
        }
        lists_by_id(m).await
    }
}

/// Where two were responsible for good, who began last stays; the others keep their access as deputies.
async fn one_responsible(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = m.get_connection();
    db.execute_unprepared(
        "UPDATE assignment SET part = 'deputy' WHERE part = 'responsible' AND until_day IS NULL AND EXISTS (SELECT 1 FROM \
         assignment later WHERE later.client_id = assignment.client_id AND later.part = 'responsible' AND later.until_day IS \
         NULL AND (later.from_day > assignment.from_day OR (later.from_day = assignment.from_day AND later.id > \
         assignment.id)))",
    )
    .await?;
    db.execute_unprepared(
        "CREATE UNIQUE INDEX idx_one_responsible ON assignment (client_id) WHERE part = 'responsible' AND until_day IS NULL",
    )
    .await?;
    Ok(())
}

/// The entries of a list bear its id, so that a new list stands beside the old one until it is whole.
async fn lists_by_id(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = m.get_connection();
    m.alter_table(Table::alter().table(a("crl")).add_column(uuid_null(a("list_id"))).to_owned()).await?;
    m.rename_table(Table::rename().table(a("crl_entry"), a("crl_entry_before")).to_owned()).await?;
    let mut entry = Table::create();
    entry.table(a("crl_entry")).col(uuid(a("list_id"))).col(string(a("serial"))).col(big_integer(a("at")));
    entry
        .col(integer_null(a("reason")))
        .primary_key(Index::create().name("crl_entry_of_list").col(a("list_id")).col(a("serial")));
    m.create_table(entry.to_owned()).await?;
    let mut all = Query::select();
    all.column(a("issuer")).from(a("crl"));
    for (n, row) in db.query_all(&all).await?.into_iter().enumerate() {
        let issuer: String = row.try_get("", "issuer")?;
        let id = Uuid::from_u128(0xc71_1000 + n as u128);
        let mut told = Query::update();
        told.table(a("crl")).value(a("list_id"), id).and_where(Expr::col(a("issuer")).eq(issuer.as_str()));
        m.exec_stmt(told).await?;
        let mut rows = Query::select();
        rows.expr(Expr::val(id)).columns([a("serial"), a("at"), a("reason")]).from(a("crl_entry_before"));
        rows.and_where(Expr::col(a("issuer")).eq(issuer));
        let mut copy = Query::insert();
        copy.into_table(a("crl_entry")).columns([a("list_id"), a("serial"), a("at"), a("reason")]);
        copy.select_from(rows).map_err(|e| DbErr::Custom(e.to_string()))?;
        m.exec_stmt(copy).await?;
    }
    m.drop_table(Table::drop().table(a("crl_entry_before")).to_owned()).await
}
