//! The owner's part: grounds, the journal of carriers, systems of a client, conditions of routes.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, date, date_null, integer, string, text, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        grounds(m).await?;
        carriers(m).await?;
        systems(m).await?;
        routes(m).await?;
        let db = m.get_connection();
        for index in [
            "CREATE INDEX idx_ground_client ON ground (client_id)",
            "CREATE INDEX idx_ground_until ON ground (until)",
            "CREATE INDEX idx_custody_client ON custody (client_id)",
            "CREATE INDEX idx_custody_carrier ON custody (carrier_id, id)",
            "CREATE INDEX idx_custody_keeper ON custody (keeper_id)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn of(table: &str, column: &str, to: &str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(a(table), a(column)).to(a(to), a("id")).to_owned()
}

async fn grounds(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table(a("ground"))
            .col(uuid(a("id")).primary_key())
            .col(uuid(a("client_id")))
            .col(uuid_null(a("certificate_id")))
            .col(string(a("kind")))
            .col(text(a("number")))
            .col(text(a("scope")))
            .col(date_null(a("until")))
            .col(text(a("note")))
            .col(uuid(a("person_id")))
            .col(big_integer(a("made")))
            .col(big_integer_null(a("ended")))
            .foreign_key(&mut of("ground", "client_id", "client"))
            .foreign_key(&mut of("ground", "certificate_id", "certificate"))
            .foreign_key(&mut of("ground", "person_id", "person"))
            .to_owned(),
    )
    .await
}

async fn carriers(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table(a("custody"))
            .col(uuid(a("id")).primary_key())
            .col(uuid(a("carrier_id")))
            .col(uuid(a("client_id")))
            .col(string(a("kind")))
            .col(text(a("label")))
            .col(string(a("what")))
            .col(date(a("day")))
            .col(text(a("from_whom")))
            .col(text(a("to_whom")))
            .col(uuid_null(a("keeper_id")))
            .col(text(a("ground")))
            .col(date_null(a("back_by")))
            .col(text(a("note")))
            .col(uuid(a("person_id")))
            .col(big_integer(a("made")))
            .foreign_key(&mut of("custody", "client_id", "client"))
            .foreign_key(&mut of("custody", "keeper_id", "person"))
            .foreign_key(&mut of("custody", "person_id", "person"))
            .to_owned(),
    )
    .await
}

async fn systems(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut system = Table::create();
    system.table(a("system")).col(uuid(a("id")).primary_key()).col(integer(a("place"))).col(boolean(a("usual")));
    for name in ["name_ru", "name_kk", "name_en"] {
        system.col(text(a(name)));
    }
    m.create_table(system.to_owned()).await?;
    m.create_table(
        Table::create()
            .table(a("client_system"))
            .col(uuid(a("client_id")))
            .col(uuid(a("system_id")))
            .primary_key(Index::create().col(a("client_id")).col(a("system_id")))
            .foreign_key(&mut of("client_system", "client_id", "client"))
            .foreign_key(of("client_system", "system_id", "system").on_delete(ForeignKeyAction::Cascade))
            .to_owned(),
    )
    .await?;
    m.alter_table(Table::alter().table(a("task_step")).add_column(boolean(a("system")).default(false)).to_owned()).await
}

async fn routes(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table(a("route_rule"))
            .col(string(a("route")).primary_key())
            .col(text(a("conditions")))
            .col(text(a("link")))
            .to_owned(),
    )
    .await
}
