//! The schema, for SQLite and PostgreSQL alike: instants as integer milliseconds, days as dates. An applied migration never
//! changes again, and writes no data of an office: what a new one starts with is `store::office::defaults`.

mod m0001_first;
mod m0002_work;
mod m0003_desk;
mod m0004_filings;
mod m0005_practice;
mod m0006_revocation;
mod m0007_ocsp;
mod m0008_leaving;
mod m0009_views;
mod m0010_writes;
mod m0011_changes;
mod m0012_legal_address;
mod m0013_areas;
mod m0014_near_ends;
mod m0015_step_facts;
mod m0016_cover;
mod m0017_aside;
mod m0018_sheet_file;
mod m0019_door;
mod m0020_letters;
mod m0021_columns;
mod m0022_attachments;
mod m0023_mentions;
mod m0024_reminders;
mod m0025_deliveries;

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::prelude::{DbErr, MigratorTrait};
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection};

/// A name of a table or column.
fn a(name: &str) -> Alias {
    Alias::new(name)
}

/// Every migration in order.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_first::Migration),
            Box::new(m0002_work::Migration),
            Box::new(m0003_desk::Migration),
            Box::new(m0004_filings::Migration),
            Box::new(m0005_practice::Migration),
            Box::new(m0006_revocation::Migration),
            Box::new(m0007_ocsp::Migration),
            Box::new(m0008_leaving::Migration),
            Box::new(m0009_views::Migration),
            Box::new(m0010_writes::Migration),
            Box::new(m0011_changes::Migration),
            Box::new(m0012_legal_address::Migration),
            Box::new(m0013_areas::Migration),
            Box::new(m0014_near_ends::Migration),
            Box::new(m0015_step_facts::Migration),
            Box::new(m0016_cover::Migration),
            Box::new(m0017_aside::Migration),
            Box::new(m0018_sheet_file::Migration),
            Box::new(m0019_door::Migration),
            Box::new(m0020_letters::Migration),
            Box::new(m0021_columns::Migration),
            Box::new(m0022_attachments::Migration),
            Box::new(m0023_mentions::Migration),
            Box::new(m0024_reminders::Migration),
            Box::new(m0025_deliveries::Migration),
        ]
    }
}

/// Names that migrations had before they were named by their order: a database that was made then knows them by these.
const NAMES_BEFORE: [(&str, &str); 9] = [
    ("m20261122_first", "m0001_first"),
    ("m20261123_work", "m0002_work"),
    ("m20261124_desk", "m0003_desk"),
    ("m20261125_filings", "m0004_filings"),
    ("m20261126_practice", "m0005_practice"),
    ("m20261127_revocation", "m0006_revocation"),
    ("m20261128_answers", "m0007_ocsp"),
    ("m20261129_leaving", "m0008_leaving"),
    ("m20261130_views", "m0009_views"),
];

/// Brings the schema up to date.
///
/// # Errors
/// When the database fails.
pub async fn up(db: &DatabaseConnection) -> Result<(), DbErr> {
    Migrator::install(db).await?;
    for (before, now) in NAMES_BEFORE {
        let mut rename = Query::update();
        rename.table(a("seaql_migrations")).value(a("version"), now).and_where(Expr::col(a("version")).eq(before));
        db.execute(&rename).await?;
    }
    Migrator::up(db, None).await
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests' server is named by a variable")]
mod tests {
    use super::*;
    use sea_orm_migration::sea_orm::{Database, DbBackend};

    /// Databases as the tests of the whole program use them; PostgreSQL's is a fresh one.
    async fn databases() -> Vec<DatabaseConnection> {
        let mut all = vec![Database::connect("sqlite::memory:").await.unwrap()];
        if let Ok(server) = std::env::var("MERZIM_TEST_POSTGRES") {
            let name = format!("migrations{}", std::process::id());
            let admin = Database::connect(&server).await.unwrap();
            admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
            let (start, _) = server.rsplit_once('/').unwrap();
            all.push(Database::connect(format!("{start}/{name}")).await.unwrap());
        }
        all
    }

    #[tokio::test]
    async fn what_was_registered_before_a_migration_is_found_after_it() {
        for db in databases().await {
            Migrator::up(&db, Some(1)).await.unwrap();
            let postgres = db.get_database_backend() == DbBackend::Postgres;
            let blob = if postgres { "'\\x00'::bytea" } else { "X'00'" };
            let id =
                |n: &str| if postgres { format!("'{}'::uuid", n.repeat(16)) } else { format!("X'{}'", n.repeat(16)) };
            let (client, certificate) = (id("01"), id("02"));
            for statement in [
                format!(
                    "INSERT INTO client VALUES ({client}, 'legal_entity', 'Ә', '1', NULL, '300 esf', '', '[]', 'ә 1', 'ә', NULL, 1)"
                ),
                format!(
                    "INSERT INTO certificate VALUES ({certificate}, 'f', {blob}, '{{\"name\":\"a\\u0000b\",\"subject_key_id\":\"ab\"}}', 'h', '', '', 's', 'i', NULL, 'l', \
                     'holder serial', 1, 2, '2027-01-01', 'holds', NULL, NULL, NULL, NULL, NULL, 1)"
                ),
                format!("INSERT INTO certificate_client VALUES ({certificate}, {client}, FALSE)"),
            ] {
                db.execute_unprepared(&statement).await.unwrap();
            }
            Migrator::up(&db, None).await.unwrap();
            let ask = "SELECT c.held AS held, e.key_id AS key_id, CAST(l.last_day AS TEXT) AS last_day FROM client c \
                JOIN certificate_client l ON l.client_id = c.id JOIN certificate e ON e.id = l.certificate_id";
            let row =
                db.query_one_raw(sea_orm_migration::sea_orm::Statement::from_string(db.get_database_backend(), ask));
            let row = row.await.unwrap().unwrap();
            let text = |name: &str| row.try_get::<String>("", name).unwrap();
            assert_eq!(
                [text("held"), text("key_id"), text("last_day")],
                ["holder serial".to_owned(), "ab".to_owned(), "2027-01-01".to_owned()]
            );
            let ask = "SELECT string_agg(code, ' ') AS codes FROM (SELECT code FROM client_filing ORDER BY code) AS f";
            let row =
                db.query_one_raw(sea_orm_migration::sea_orm::Statement::from_string(db.get_database_backend(), ask));
            let row = row.await.unwrap().unwrap();
            assert_eq!(row.try_get::<String>("", "codes").unwrap(), "300 esf");
        }
    }
}
