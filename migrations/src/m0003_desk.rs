//! What the certificates of a client say, kept with the client for searching; the key identifier, by which containers
//! are named; what an import made, so that it can be undone.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, string_null, text, uuid};
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        held_words(m).await?;
        key_ids(m).await?;
        imports(m).await
    }
}

async fn held_words(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let held = text(Alias::new("held")).default("").to_owned();
    m.alter_table(Table::alter().table(Alias::new("client")).add_column(held).to_owned()).await?;
    let fill = "UPDATE client SET held = COALESCE((SELECT string_agg(c.search, ' ') FROM certificate_client l \
        JOIN certificate c ON c.id = l.certificate_id WHERE l.client_id = client.id), '')";
    m.get_connection().execute_unprepared(fill).await?;
    Ok(())
}

async fn key_ids(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let column = string_null(Alias::new("key_id"));
    m.alter_table(Table::alter().table(Alias::new("certificate")).add_column(column).to_owned()).await?;
    let of_facts = match m.get_database_backend() {
        // As text: a name with a NUL in it would stop the reading of the whole document.
        DbBackend::Postgres => r#"substring(facts from '"subject_key_id":"([0-9a-fA-F]+)"')"#,
        _ => "json_extract(facts, '$.subject_key_id')",
    };
    let db = m.get_connection();
    let fill = "UPDATE certificate SET key_id = (SELECT FROM_FACTS FROM certificate_file WHERE certificate_id = certificate.id)";
    db.execute_unprepared(&fill.replace("FROM_FACTS", of_facts)).await?;
    db.execute_unprepared("CREATE INDEX idx_certificate_key ON certificate (key_id)").await?;
    // Everything that a count of ends by day and level asks of a certificate.
    let counted = "last_day, replaced_from, not_before, not_after, lost_at, revoked_at, lineage, id";
    db.execute_unprepared(&format!("CREATE INDEX idx_certificate_count ON certificate ({counted})")).await?;
    db.execute_unprepared("CREATE INDEX idx_client_archived ON client (archived) WHERE archived IS NOT NULL").await?;
    Ok(())
}

async fn imports(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let a = Alias::new;
    m.create_table(
        Table::create()
            .table(a("import_made"))
            .col(uuid(a("draft_id")).primary_key())
            .col(uuid(a("person_id")))
            .col(big_integer(a("made")))
            .col(text(a("body")))
            .foreign_key(ForeignKey::create().from(a("import_made"), a("person_id")).to(a("person"), a("id")))
            .to_owned(),
    )
    .await
}
