//! Areas of the register: each counts its own writes, so that a write makes only those answers old that read what it
//! changed.

use super::entity::office;
use sea_orm::FromQueryResult;
use std::cell::Cell;

/// Where the office's row counts the writes of each area; the place of each is its bit.
pub const COLUMNS: [office::Column; 6] = [
    office::Column::WritesOffice,
    office::Column::WritesPeople,
    office::Column::WritesClients,
    office::Column::WritesCertificates,
    office::Column::WritesTasks,
    office::Column::WritesNotices,
];

/// A set of areas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Areas(u8);

impl Areas {
    pub const NONE: Self = Self(0);
    pub const OFFICE: Self = Self(1);
    pub const PEOPLE: Self = Self(1 << 1);
    pub const CLIENTS: Self = Self(1 << 2);
    pub const CERTIFICATES: Self = Self(1 << 3);
    pub const TASKS: Self = Self(1 << 4);
    pub const NOTICES: Self = Self(1 << 5);
    /// Tables whose writes nothing counts: an answer that reads them cannot be remembered.
    pub const UNCOUNTED: Self = Self(1 << 7);

    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Of a table of the database; none where there is no such table.
    fn of(table: &str) -> Option<Self> {
        Some(match table {
            "authority" | "day_off" | "filing" | "filing_day" | "list_source" | "route_rule" | "saved_view"
            | "step_template" | "system" => Self::OFFICE,
            "person" | "team" => Self::PEOPLE,
            "assignment" | "attachment" | "client" | "client_filing" | "client_system" | "custody" | "ground" => {
                Self::CLIENTS
            }
            "certificate" | "certificate_client" | "certificate_file" | "good_answer" | "revocation" => {
                Self::CERTIFICATES
            }
            "mention" | "task" | "task_certificate" | "task_step" => Self::TASKS,
            "certificate_ladder" | "client_ladder" | "notice" | "put_off" | "rung" => Self::NOTICES,
            // What can be found follows these three.
            "change" => Self::CLIENTS.with(Self::CERTIFICATES).with(Self::TASKS),
            "audit" | "crl" | "crl_entry" | "delivery" | "delivery_notice" | "draft" | "feed" | "draft_item"
            | "import_made" | "job" | "known_browser" | "link" | "mail_server" | "mail_wish" | "office"
            | "owner_letter" | "session" | "sheet_draft" | "task_event" | "throttle" | "undo" | "write_made" => {
                Self::UNCOUNTED
            }
            _ => return None,
        })
    }

    /// What a write to a table changes; one that nobody named changes everything.
    pub fn written(table: &str) -> Self {
        Self::of(table).unwrap_or(Self(u8::MAX))
    }

    /// What a statement reads.
    fn read_by(sql: &str) -> Self {
        let after = |word: &'static str| sql.split(word).skip(1).filter_map(|rest| rest.split('"').next());
        let tables = after("FROM \"").chain(after("JOIN \""));
        tables.filter_map(Self::of).fold(Self::NONE, Self::with)
    }
}

/// The counts as a query of [`COLUMNS`] reads them.
#[derive(FromQueryResult)]
pub struct CountsRow {
    writes_office: i64,
    writes_people: i64,
    writes_clients: i64,
    writes_certificates: i64,
    writes_tasks: i64,
    writes_notices: i64,
}

impl From<CountsRow> for Counts {
    fn from(row: CountsRow) -> Self {
        Self([
            row.writes_office,
            row.writes_people,
            row.writes_clients,
            row.writes_certificates,
            row.writes_tasks,
            row.writes_notices,
        ])
    }
}

/// How many writes each area has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts(pub [i64; COLUMNS.len()]);

impl Counts {
    /// Whether these counts are behind others in one of the areas.
    pub fn behind(&self, others: &Self, areas: Areas) -> bool {
        let each = self.0.iter().zip(&others.0).enumerate();
        each.into_iter().any(|(place, (own, other))| areas.has(Areas(1 << place)) && own < other)
    }

    /// The later of both, area by area.
    #[must_use]
    pub fn or_later(&self, others: &Self) -> Self {
        let mut later = self.0;
        for (own, other) in later.iter_mut().zip(&others.0) {
            *own = i64::max(*own, *other);
        }
        Self(later)
    }

    /// After one more write to these areas.
    #[must_use]
    pub fn after(&self, areas: Areas) -> Self {
        let mut after = self.0;
        for (place, count) in after.iter_mut().enumerate() {
            *count += i64::from(areas.has(Areas(1 << place)));
        }
        Self(after)
    }
}

tokio::task_local! {
    /// What the question that is being asked in this task has read.
    static READ: Cell<Areas>;
}

/// The answer of a question, and the areas that it read.
pub async fn followed<R>(ask: impl Future<Output = R>) -> (R, Areas) {
    let following = async {
        let answer = ask.await;
        (answer, READ.with(Cell::get))
    };
    READ.scope(Cell::new(Areas::NONE), following).await
}

/// Notes what is read by the question around, if there is one.
pub fn note_read(areas: Areas) {
    let _ = READ.try_with(|read| read.set(read.get().with(areas)));
}

/// Notes what a statement reads.
pub fn note_statement(sql: &str) {
    let _ = READ.try_with(|read| read.set(read.get().with(Areas::read_by(sql))));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_reads_the_areas_of_its_tables_and_not_of_columns_with_their_names() {
        let sql = r#"SELECT "route_rule"."link", "c"."task" FROM "route_rule" INNER JOIN "client" AS "c" ON 1 = 1
            WHERE "c"."id" IN (SELECT "client_id" FROM "certificate_client")"#;
        assert_eq!(Areas::read_by(sql), Areas::OFFICE.with(Areas::CLIENTS).with(Areas::CERTIFICATES));
        assert!(Areas::read_by(r#"SELECT 1 FROM "audit""#).has(Areas::UNCOUNTED));
    }

    #[test]
    fn counts_are_behind_only_in_the_areas_asked_for() {
        let (before, after) = (Counts::default(), Counts::default().after(Areas::TASKS));
        assert!(before.behind(&after, Areas::TASKS.with(Areas::CLIENTS)));
        assert!(!before.behind(&after, Areas::CLIENTS));
        assert!(!after.behind(&before, Areas::TASKS));
        assert_eq!(before.or_later(&after), after);
    }

    #[tokio::test]
    async fn every_table_of_the_database_belongs_to_an_area_or_is_named_as_uncounted() {
        use sea_orm::ConnectionTrait as _;
        let db = sea_orm::Database::connect("sqlite::memory:").await.unwrap();
        migrations::up(&db).await.unwrap();
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE \
                   'seaql%'";
        let rows = db.query_all_raw(sea_orm::Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        let nameless: Vec<String> = rows
            .iter()
            .map(|row| row.try_get_by_index::<String>(0).unwrap())
            .filter(|table| Areas::of(table).is_none())
            .collect();
        assert!(rows.len() > 30 && nameless.is_empty(), "{nameless:?}");
    }
}
