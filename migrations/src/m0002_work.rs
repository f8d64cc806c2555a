//! Work on tasks: where one got stuck, the agreed time, checklists, what can be taken back; certificates typed by hand.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, boolean, date, integer, string_null, text, uuid, uuid_null,
};

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
        m.alter_table(table("certificate").add_column(big_integer_null(a("checked_at"))).to_owned()).await?;
        m.alter_table(table("office").add_column(big_integer(a("writes")).default(0)).to_owned()).await?;
        checklists(m).await?;
        files(m).await?;
        days_of_links(m).await?;
        m.create_table(
            Table::create()
                .table(a("sheet_draft"))
                .col(uuid(a("draft_id")).primary_key())
                .col(text(a("sheet")))
                .foreign_key(
                    ForeignKey::create()
                        .from(a("sheet_draft"), a("draft_id"))
                        .to(a("draft"), a("id"))
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
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
        .await
    }
}

/// The bytes and whole facts of a certificate leave the row that every list reads.
async fn files(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table(a("certificate_file"))
            .col(uuid(a("certificate_id")).primary_key())
            .col(blob(a("der")))
            .col(text(a("facts")))
            .foreign_key(
                ForeignKey::create().from(a("certificate_file"), a("certificate_id")).to(a("certificate"), a("id")),
            )
            .to_owned(),
    )
    .await?;
    let db = m.get_connection();
    db.execute_unprepared(
        "INSERT INTO certificate_file (certificate_id, der, facts) SELECT id, der, facts FROM certificate",
    )
    .await?;
    m.alter_table(table("certificate").drop_column(a("der")).to_owned()).await?;
    m.alter_table(table("certificate").drop_column(a("facts")).to_owned()).await
}

/// The last day stands with the link to the client, so that a month of some clients is read without their past.
async fn days_of_links(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.alter_table(table("certificate_client").add_column(date(a("last_day")).default("1970-01-01")).to_owned()).await?;
    let db = m.get_connection();
    for statement in [
        "UPDATE certificate_client SET last_day = (SELECT last_day FROM certificate WHERE id = certificate_id)",
        "CREATE INDEX idx_link_client_day ON certificate_client (client_id, last_day, certificate_id)",
        "CREATE INDEX idx_link_day ON certificate_client (last_day, client_id, certificate_id)",
        "CREATE INDEX idx_certificate_typed ON certificate (typed)",
        "DROP INDEX idx_certificate_client_8",
    ] {
        db.execute_unprepared(statement).await?;
    }
    Ok(())
}

fn table(name: &str) -> TableAlterStatement {
    Table::alter().table(a(name)).to_owned()
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
