//! Searches take Kazakh letters for their Russian neighbours, and names are sorted by the alphabet, not by the numbers of
//! their letters.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Kazakh letters and what stands for them in searches.
const ALIKE: [(&str, &str); 9] =
    [("ә", "а"), ("ғ", "г"), ("қ", "к"), ("ң", "н"), ("ө", "о"), ("ұ", "у"), ("ү", "у"), ("һ", "х"), ("і", "и")];
/// The Kazakh alphabet, which holds the Russian one in its order.
const ALPHABET: &str = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("client", "search"), ("client", "held"), ("certificate", "search")] {
            for (from, to) in ALIKE {
                replace(m, table, column, from, to).await?;
            }
        }
        if m.get_database_backend() == DbBackend::Postgres {
            let by_bytes = "ALTER TABLE client ALTER COLUMN sort_name TYPE varchar COLLATE \"C\"";
            m.get_connection().execute_unprepared(by_bytes).await?;
        }
        for (n, letter) in (0u32..).zip(ALPHABET.chars()) {
            let place = char::from_u32(0xE000 + n).unwrap_or(letter);
            replace(m, "client", "sort_name", &letter.to_string(), &place.to_string()).await?;
        }
        Ok(())
    }
}

async fn replace(m: &SchemaManager<'_>, table: &str, column: &str, from: &str, to: &str) -> Result<(), DbErr> {
    let replaced = Func::cust(a("replace")).arg(Expr::col(a(column))).arg(from).arg(to);
    let mut update = Query::update();
    update.table(a(table)).value(a(column), replaced).and_where(Expr::col(a(column)).like(format!("%{from}%")));
    m.execute(update.to_owned()).await
}
