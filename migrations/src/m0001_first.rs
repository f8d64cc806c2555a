//! The first schema.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, big_pk_auto, blob, boolean, date, date_null, integer, string, string_null, text,
    text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        office(m).await?;
        people(m).await?;
        clients(m).await?;
        certificates(m).await?;
        tasks(m).await?;
        history(m).await?;
        indexes(m).await
    }
}

/// A table whose first column is its key.
fn table(name: &str) -> TableCreateStatement {
    Table::create().table(Alias::new(name)).to_owned()
}

fn id(name: &str) -> ColumnDef {
    uuid(Alias::new(name)).primary_key().to_owned()
}

async fn office(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        table("office")
            .col(integer(a("id")).primary_key())
            .col(string(a("name")))
            .col(string(a("zone")))
            .col(string(a("lang")))
            .to_owned(),
    )
    .await?;
    m.create_table(
        table("day_off")
            .col(date(a("day")).primary_key())
            .col(string(a("name_ru")))
            .col(string(a("name_kk")))
            .col(string(a("name_en")))
            .to_owned(),
    )
    .await?;
    m.create_table(
        table("authority").col(id("id")).col(string(a("common_name"))).col(ColumnDef::new(a("der")).blob()).to_owned(),
    )
    .await
}

async fn people(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(table("team").col(id("id")).col(string(a("name")).unique_key()).to_owned()).await?;
    m.create_table(
        table("person")
            .col(id("id"))
            .col(string(a("name")))
            .col(string(a("email")).unique_key())
            .col(string_null(a("password")))
            .col(string(a("role")))
            .col(uuid_null(a("team_id")))
            .col(boolean(a("sees_all")))
            .col(boolean(a("active")))
            .col(string(a("lang")))
            .col(string(a("theme")))
            .col(integer(a("revision")))
            .foreign_key(ForeignKey::create().from(a("person"), a("team_id")).to(a("team"), a("id")))
            .to_owned(),
    )
    .await?;
    m.create_table(
        table("session")
            .col(id("id"))
            .col(uuid(a("person_id")))
            .col(string(a("token_hash")).unique_key())
            .col(big_integer(a("started")))
            .col(big_integer(a("seen")))
            .col(big_integer(a("ends")))
            .col(string(a("browser")))
            .col(string(a("address")))
            .foreign_key(ForeignKey::create().from(a("session"), a("person_id")).to(a("person"), a("id")))
            .to_owned(),
    )
    .await?;
    m.create_table(
        table("link")
            .col(id("id"))
            .col(string(a("token_hash")).unique_key())
            .col(uuid_null(a("person_id")))
            .col(big_integer(a("ends")))
            .col(big_integer_null(a("used")))
            .foreign_key(ForeignKey::create().from(a("link"), a("person_id")).to(a("person"), a("id")))
            .to_owned(),
    )
    .await?;
    m.create_table(
        table("throttle")
            .col(string(a("name")).primary_key())
            .col(integer(a("failures")))
            .col(big_integer(a("until")))
            .col(big_integer(a("last")))
            .to_owned(),
    )
    .await
}

async fn clients(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        table("client")
            .col(id("id"))
            .col(string(a("kind")))
            .col(string(a("name")))
            .col(string(a("number")).unique_key())
            .col(uuid_null(a("team_id")))
            .col(text(a("filings")))
            .col(text(a("notes")))
            .col(text(a("contacts")))
            .col(text(a("search")))
            .col(string(a("sort_name")))
            .col(big_integer_null(a("archived")))
            .col(integer(a("revision")))
            .foreign_key(ForeignKey::create().from(a("client"), a("team_id")).to(a("team"), a("id")))
            .to_owned(),
    )
    .await?;
    m.create_table(
        table("assignment")
            .col(id("id"))
            .col(uuid(a("client_id")))
            .col(uuid(a("person_id")))
            .col(string(a("part")))
            .col(date(a("from_day")))
            .col(date_null(a("until_day")))
            .foreign_key(ForeignKey::create().from(a("assignment"), a("client_id")).to(a("client"), a("id")))
            .foreign_key(ForeignKey::create().from(a("assignment"), a("person_id")).to(a("person"), a("id")))
            .to_owned(),
    )
    .await
}

#[expect(clippy::too_many_lines, reason = "applied migrations never change")]
async fn certificates(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        table("certificate")
            .col(id("id"))
            .col(string(a("fingerprint")).unique_key())
            .col(blob(a("der")))
            .col(text(a("facts")))
            .col(string(a("holder")))
            .col(string(a("purposes")))
            .col(string(a("roles")))
            .col(string(a("serial")))
            .col(string(a("issuer")))
            .col(string_null(a("owner_number")))
            .col(text(a("lineage")))
            .col(text(a("search")))
            .col(big_integer(a("not_before")))
            .col(big_integer(a("not_after")))
            .col(date(a("last_day")))
            .col(string(a("signature")))
            .col(uuid_null(a("successor_id")))
            .col(big_integer_null(a("replaced_from")))
            .col(big_integer_null(a("lost_at")))
            .col(string_null(a("lost_reason")))
            .col(big_integer_null(a("revoked_at")))
            .col(big_integer(a("imported_at")))
            .to_owned(),
    )
    .await?;
    m.create_table(
        table("certificate_client")
            .col(uuid(a("certificate_id")))
            .col(uuid(a("client_id")))
            .col(boolean(a("by_hand")))
            .primary_key(Index::create().col(a("certificate_id")).col(a("client_id")))
            .foreign_key(
                ForeignKey::create().from(a("certificate_client"), a("certificate_id")).to(a("certificate"), a("id")),
            )
            .foreign_key(ForeignKey::create().from(a("certificate_client"), a("client_id")).to(a("client"), a("id")))
            .to_owned(),
    )
    .await?;
    m.create_table(
        table("draft")
            .col(id("id"))
            .col(uuid(a("person_id")))
            .col(uuid_null(a("task_id")))
            .col(big_integer(a("made")))
            .to_owned(),
    )
    .await?;
    m.create_table(
        table("draft_item")
            .col(uuid(a("draft_id")))
            .col(integer(a("no")))
            .col(string(a("file")))
            .col(ColumnDef::new(a("der")).blob())
            .col(text_null(a("facts")))
            .col(string_null(a("error")))
            .col(string_null(a("hint")))
            .primary_key(Index::create().col(a("draft_id")).col(a("no")))
            .foreign_key(
                ForeignKey::create()
                    .from(a("draft_item"), a("draft_id"))
                    .to(a("draft"), a("id"))
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned(),
    )
    .await
}

async fn tasks(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        table("task")
            .col(id("id"))
            .col(string(a("reason")))
            .col(string(a("route")))
            .col(string(a("stage")))
            .col(boolean(a("open")))
            .col(uuid_null(a("assignee_id")))
            .col(date(a("due")))
            .col(date(a("counts_to")))
            .col(integer(a("waited")))
            .col(date_null(a("waiting_since")))
            .col(text(a("note")))
            .col(text(a("why")))
            .col(uuid_null(a("successor_id")))
            .col(text(a("override_why")))
            .col(uuid_null(a("checked_by")))
            .col(string_null(a("check_how")))
            .col(big_integer_null(a("checked_at")))
            .col(text(a("check_note")))
            .col(big_integer(a("opened_at")))
            .col(integer(a("revision")))
            .foreign_key(ForeignKey::create().from(a("task"), a("assignee_id")).to(a("person"), a("id")))
            .foreign_key(ForeignKey::create().from(a("task"), a("successor_id")).to(a("certificate"), a("id")))
            .to_owned(),
    )
    .await?;
    m.create_table(
        table("task_certificate")
            .col(uuid(a("task_id")))
            .col(uuid(a("certificate_id")))
            .col(boolean(a("open")))
            .primary_key(Index::create().col(a("task_id")).col(a("certificate_id")))
            .foreign_key(ForeignKey::create().from(a("task_certificate"), a("task_id")).to(a("task"), a("id")))
            .foreign_key(
                ForeignKey::create().from(a("task_certificate"), a("certificate_id")).to(a("certificate"), a("id")),
            )
            .to_owned(),
    )
    .await?;
    m.create_table(
        table("task_event")
            .col(id("id"))
            .col(uuid(a("task_id")))
            .col(big_integer(a("at")))
            .col(uuid(a("person_id")))
            .col(string(a("kind")))
            .col(string(a("stage")))
            .col(text(a("body")))
            .foreign_key(ForeignKey::create().from(a("task_event"), a("task_id")).to(a("task"), a("id")))
            .to_owned(),
    )
    .await
}

async fn history(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        table("audit")
            .col(big_pk_auto(a("id")))
            .col(big_integer(a("at")))
            .col(uuid_null(a("person_id")))
            .col(uuid_null(a("session_id")))
            .col(string(a("kind")))
            .col(uuid_null(a("client_id")))
            .col(text(a("about")))
            .col(text(a("link")))
            .to_owned(),
    )
    .await
}

async fn indexes(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let plain = [
        ("assignment", "person_id, client_id"),
        ("assignment", "client_id"),
        ("session", "person_id"),
        ("client", "team_id"),
        ("client", "sort_name, id"),
        ("certificate", "last_day"),
        ("certificate", "lineage"),
        ("certificate", "owner_number"),
        ("certificate_client", "client_id, certificate_id"),
        ("task", "assignee_id"),
        ("task_certificate", "certificate_id"),
        ("task_event", "task_id"),
        ("audit", "client_id"),
    ];
    let db = m.get_connection();
    for (n, (table, columns)) in plain.iter().enumerate() {
        db.execute_unprepared(&format!("CREATE INDEX idx_{table}_{n} ON {table} ({columns})")).await?;
    }
    // One open task for one certificate, whoever asks at the same moment.
    db.execute_unprepared("CREATE UNIQUE INDEX one_open_task ON task_certificate (certificate_id) WHERE open").await?;
    Ok(())
}
