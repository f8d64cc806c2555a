//! Reminders: what became of each rung of a ladder, who was told, what is put off, and the jobs that the program does by itself.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, boolean, date, integer, text, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for table in [jobs(), rungs(), notices(), put_off()] {
            m.create_table(table).await?;
        }
        let db = m.get_connection();
        for sql in [
            "CREATE INDEX idx_job_state ON job (state, run_at)",
            "CREATE UNIQUE INDEX idx_notice_once ON notice (person_id, certificate_id, days)",
            "CREATE INDEX idx_notice_person ON notice (person_id, seen)",
            "CREATE INDEX idx_notice_certificate ON notice (certificate_id)",
            "ALTER TABLE office ADD COLUMN ladder TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE office ADD COLUMN reminds_since DATE",
            "ALTER TABLE office ADD COLUMN writes_notices BIGINT NOT NULL DEFAULT 0",
        ] {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

/// What goes with a certificate or a person when it goes.
fn of(table: &str, column: &str, to: &str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(a(table), a(column)).to(a(to), a("id")).on_delete(ForeignKeyAction::Cascade).to_owned()
}

fn jobs() -> TableCreateStatement {
    Table::create()
        .table(a("job"))
        .col(uuid(a("id")).primary_key())
        .col(text(a("kind")))
        .col(text(a("name")).unique_key())
        .col(text(a("state")))
        .col(big_integer(a("run_at")))
        .col(integer(a("tries")))
        .col(integer(a("epoch")))
        .col(big_integer_null(a("held_until")))
        .col(text(a("fault")))
        .col(big_integer(a("made")))
        .col(big_integer_null(a("ended")))
        .to_owned()
}

fn rungs() -> TableCreateStatement {
    Table::create()
        .table(a("rung"))
        .col(uuid(a("certificate_id")))
        .col(integer(a("days")))
        .col(text(a("state")))
        .col(text(a("why")))
        .col(big_integer(a("at")))
        .primary_key(Index::create().col(a("certificate_id")).col(a("days")))
        .foreign_key(&mut of("rung", "certificate_id", "certificate"))
        .to_owned()
}

fn notices() -> TableCreateStatement {
    Table::create()
        .table(a("notice"))
        .col(uuid(a("id")).primary_key())
        .col(uuid(a("person_id")))
        .col(uuid(a("certificate_id")))
        .col(integer(a("days")))
        .col(integer(a("left")))
        .col(integer(a("late")))
        .col(text(a("again")))
        .col(boolean(a("instead")))
        .col(big_integer(a("at")))
        .col(big_integer_null(a("seen")))
        .foreign_key(&mut of("notice", "person_id", "person"))
        .foreign_key(&mut of("notice", "certificate_id", "certificate"))
        .to_owned()
}

fn put_off() -> TableCreateStatement {
    Table::create()
        .table(a("put_off"))
        .col(uuid(a("certificate_id")).primary_key())
        .col(date(a("until")))
        .col(text(a("why")))
        .col(uuid(a("person_id")))
        .col(big_integer(a("at")))
        .foreign_key(&mut of("put_off", "certificate_id", "certificate"))
        .foreign_key(&mut of("put_off", "person_id", "person"))
        .to_owned()
}
