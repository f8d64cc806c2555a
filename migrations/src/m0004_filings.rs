//! Filings as data: what is due when, who files what, and the days that stop a client, kept for the queries of urgency.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, date, date_null, integer, string, text, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        tables(m).await?;
        let db = m.get_connection();
        db.execute_unprepared("CREATE INDEX idx_filing_day ON filing_day (day, code)").await?;
        db.execute_unprepared("CREATE INDEX idx_client_filing_code ON client_filing (code, client_id)").await?;
        // What stood in a text of codes beside the client.
        for code in ["910", "200", "300", "100", "220", "240", "328", "esf", "social"] {
            let fill = format!(
                "INSERT INTO client_filing (client_id, code) SELECT id, '{code}' FROM client WHERE ' ' || filings || ' ' LIKE '% {code} %'"
            );
            db.execute_unprepared(&fill).await?;
        }
        m.alter_table(Table::alter().table(a("client")).drop_column(a("filings")).to_owned()).await
    }
}

async fn tables(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut filing = Table::create();
    filing.table(a("filing")).col(uuid(a("id")).primary_key()).col(string(a("code"))).col(string(a("kind")));
    filing.col(text(a("months"))).col(integer(a("day"))).col(boolean(a("shifts"))).col(boolean(a("stops")));
    for name in ["name_ru", "name_kk", "name_en", "whom_ru", "whom_kk", "whom_en"] {
        filing.col(text(a(name)));
    }
    m.create_table(filing.col(date_null(a("valid_from"))).col(date_null(a("valid_to"))).to_owned()).await?;
    m.create_table(
        Table::create()
            .table(a("client_filing"))
            .col(uuid(a("client_id")))
            .col(string(a("code")))
            .primary_key(Index::create().col(a("client_id")).col(a("code")))
            .foreign_key(ForeignKey::create().from(a("client_filing"), a("client_id")).to(a("client"), a("id")))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table(a("filing_day"))
            .col(string(a("code")))
            .col(date(a("day")))
            .col(date(a("from_day")))
            .primary_key(Index::create().col(a("code")).col(a("day")))
            .to_owned(),
    )
    .await
}
