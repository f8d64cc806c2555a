//! Messages that leave the program: the mail server, what each person wants, each message with the notices that it tells;
//! how long before an end a task is opened by itself; ladders of single clients and certificates; feeds
//! of calendars.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, boolean, integer, text, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            own_ladder("client_ladder", "client_id", "client"),
            own_ladder("certificate_ladder", "certificate_id", "certificate"),
            feed(),
            mail_server(),
            wishes(),
            deliveries(),
            owner_letters(),
            told(),
        ] {
            m.create_table(table).await?;
        }
        let db = m.get_connection();
        for sql in [
            "ALTER TABLE office ADD COLUMN plan_days INTEGER",
            "ALTER TABLE office ADD COLUMN escalate_days INTEGER",
            "ALTER TABLE notice ADD COLUMN escalated BOOLEAN NOT NULL DEFAULT FALSE",
            "ALTER TABLE notice ADD COLUMN kind TEXT NOT NULL DEFAULT 'end'",
            "DROP INDEX idx_notice_once",
            "CREATE UNIQUE INDEX idx_notice_once ON notice (person_id, certificate_id, kind, days)",
            "CREATE INDEX idx_delivery_state ON delivery (state, run_at)",
            "CREATE INDEX idx_delivery_person ON delivery (person_id, id)",
            "CREATE INDEX idx_owner_letter_task ON owner_letter (task_id)",
            "CREATE INDEX idx_delivery_notice ON delivery_notice (notice_id)",
        ] {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

/// What goes with the other when it goes.
fn of(table: &str, column: &str, to: &str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(a(table), a(column)).to(a(to), a("id")).on_delete(ForeignKeyAction::Cascade).to_owned()
}

fn feed() -> TableCreateStatement {
    Table::create()
        .table(a("feed"))
        .col(uuid(a("person_id")).primary_key())
        .col(text(a("token_hash")).unique_key())
        .col(big_integer(a("made")))
        .foreign_key(&mut of("feed", "person_id", "person"))
        .to_owned()
}

fn own_ladder(table: &str, column: &str, to: &str) -> TableCreateStatement {
    Table::create()
        .table(a(table))
        .col(uuid(a(column)).primary_key())
        .col(text(a("days")))
        .foreign_key(&mut of(table, column, to))
        .to_owned()
}

fn mail_server() -> TableCreateStatement {
    Table::create()
        .table(a("mail_server"))
        .col(integer(a("id")).primary_key())
        .col(text(a("host")))
        .col(integer(a("port")))
        .col(text(a("security")))
        .col(text(a("user_name")))
        .col(text(a("sealed")))
        .col(text(a("sender")))
        .col(big_integer(a("changed")))
        .col(big_integer_null(a("fails_since")))
        .col(text(a("fails_at")))
        .col(text(a("said")))
        .to_owned()
}

fn wishes() -> TableCreateStatement {
    Table::create()
        .table(a("mail_wish"))
        .col(uuid(a("person_id")).primary_key())
        .col(boolean(a("digest")))
        .col(boolean(a("urgent")))
        .col(integer(a("hour")))
        .foreign_key(&mut of("mail_wish", "person_id", "person"))
        .to_owned()
}

fn deliveries() -> TableCreateStatement {
    Table::create()
        .table(a("delivery"))
        .col(uuid(a("id")).primary_key())
        .col(uuid(a("person_id")))
        .col(text(a("channel")))
        .col(text(a("kind")))
        .col(text(a("name")).unique_key())
        .col(text(a("state")))
        .col(big_integer(a("run_at")))
        .col(integer(a("tries")))
        .col(integer(a("epoch")))
        .col(big_integer_null(a("held_until")))
        .col(big_integer_null(a("begun")))
        .col(boolean(a("uncertain")))
        .col(text(a("step")))
        .col(text(a("said")))
        .col(big_integer(a("made")))
        .col(big_integer_null(a("ended")))
        .foreign_key(&mut of("delivery", "person_id", "person"))
        .to_owned()
}

fn owner_letters() -> TableCreateStatement {
    Table::create()
        .table(a("owner_letter"))
        .col(uuid(a("delivery_id")).primary_key())
        .col(uuid(a("task_id")))
        .col(text(a("name")))
        .col(text(a("email")))
        .col(text(a("lang")))
        .col(text(a("subject")))
        .col(text(a("body")))
        .foreign_key(&mut of("owner_letter", "delivery_id", "delivery"))
        .foreign_key(&mut of("owner_letter", "task_id", "task"))
        .to_owned()
}

fn told() -> TableCreateStatement {
    Table::create()
        .table(a("delivery_notice"))
        .col(uuid(a("delivery_id")))
        .col(uuid(a("notice_id")))
        .primary_key(Index::create().col(a("delivery_id")).col(a("notice_id")))
        .foreign_key(&mut of("delivery_notice", "delivery_id", "delivery"))
        .foreign_key(&mut of("delivery_notice", "notice_id", "notice"))
        .to_owned()
}
