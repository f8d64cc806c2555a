//! Indexes for what counts and for what needs somebody soon: most certificates of an old register are replaced.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let db = m.get_connection();
        for index in [
            "CREATE INDEX idx_certificate_current ON certificate (not_after, id) WHERE replaced_from IS NULL",
            "CREATE INDEX idx_certificate_replaced ON certificate (replaced_from, id) WHERE replaced_from IS NOT NULL",
            "CREATE INDEX idx_certificate_lost ON certificate (lost_at, id) WHERE lost_at IS NOT NULL",
            "CREATE INDEX idx_certificate_revoked ON certificate (revoked_at, id) WHERE revoked_at IS NOT NULL",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}
