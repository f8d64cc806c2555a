//! What has changed of the things that can be found, told by the database itself: no writer can forget it.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string, uuid};
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Table, kind of thing, column of its id, columns whose change counts.
const WATCHED: [(&str, &str, &str, &str); 5] = [
    ("client", "client", "id", "name, number, search, held"),
    ("certificate", "certificate", "id", "holder, serial, last_day, replaced_from"),
    ("certificate_client", "certificate", "certificate_id", "certificate_id, client_id"),
    ("task", "task", "id", "open, due"),
    ("task_certificate", "task", "task_id", "task_id, certificate_id, open"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut id = ColumnDef::new(a("id"));
        let mut change = Table::create();
        change.table(a("change")).col(id.big_integer().not_null().auto_increment().primary_key());
        m.create_table(change.col(string(a("what"))).col(uuid(a("row_id"))).to_owned()).await?;
        let db = m.get_connection();
        for (table, what, column, counts) in WATCHED {
            let statements = match m.get_database_backend() {
                DbBackend::Postgres => on_postgres(table, what, column, counts),
                _ => on_sqlite(table, what, column, counts),
            };
            for statement in statements {
                db.execute_unprepared(&statement).await?;
            }
        }
        Ok(())
    }
}

fn on_sqlite(table: &str, what: &str, column: &str, counts: &str) -> Vec<String> {
    let trigger = |when: &str, event: &str, row: &str| {
        format!(
            "CREATE TRIGGER change_{table}_{when} AFTER {event} ON {table} BEGIN INSERT INTO change (what, row_id) \
             VALUES ('{what}', {row}.{column}); END"
        )
    };
    vec![
        trigger("new", "INSERT", "NEW"),
        trigger("changed", &format!("UPDATE OF {counts}"), "NEW"),
        trigger("gone", "DELETE", "OLD"),
    ]
}

fn on_postgres(table: &str, what: &str, column: &str, counts: &str) -> Vec<String> {
    let row = |row: &str| format!("INSERT INTO change (what, row_id) VALUES ('{what}', {row}.{column}); RETURN NULL;");
    let trigger = |when: &str, event: &str, body: String| {
        [
            format!(
                "CREATE FUNCTION change_{table}_{when}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
            ),
            format!(
                "CREATE TRIGGER change_{table}_{when} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION \
                 change_{table}_{when}()"
            ),
        ]
    };
    let mut all = Vec::new();
    all.extend(trigger("new", "INSERT", row("NEW")));
    all.extend(trigger("changed", &format!("UPDATE OF {counts}"), row("NEW")));
    all.extend(trigger("gone", "DELETE", row("OLD")));
    all
}
