//! The end of a contract and how long its data is kept.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{date_null, integer};

/// Five years, the longest term in which taxes are checked afresh (Tax Code of Kazakhstan); each office sets its own.
const MONTHS: i32 = 60;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let ended = date_null(a("contract_ended"));
        m.alter_table(Table::alter().table(a("client")).add_column(ended).to_owned()).await?;
        let months = integer(a("keep_months")).default(MONTHS).take();
        m.alter_table(Table::alter().table(a("office")).add_column(months).to_owned()).await?;
        // Clients that were put away before: their day is known as an instant.
        let local = "(archived + 18000000) / 86400000";
        let day = match m.get_database_backend() {
            sea_orm_migration::sea_orm::DbBackend::Postgres => format!("DATE '1970-01-01' + ({local})::integer"),
            _ => format!("date({local} * 86400, 'unixepoch')"),
        };
        let fill = format!("UPDATE client SET contract_ended = {day} WHERE archived IS NOT NULL");
        m.get_connection().execute_unprepared(&fill).await.map(|_| ())
    }
}
