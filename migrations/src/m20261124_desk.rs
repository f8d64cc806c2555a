//! What the certificates of a client say, kept with the client for searching.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        held_words(m).await
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
