//! The floor's way to the database: the plain libraries, without the program's driver or mapper.

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use domain::month::Month;
use rusqlite::types::Value;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// Connections to PostgreSQL; each carries several requests at a time.
const CLIENTS: usize = 8;

thread_local! {
    /// SQLite's connection of a thread, with the file it is of.
    static SQLITE: RefCell<Option<(String, rusqlite::Connection)>> = const { RefCell::new(None) };
}

/// Where the firm is kept.
pub enum Database {
    Sqlite(String),
    Postgres { connections: Vec<Connection>, next: AtomicUsize },
}

/// A connection to PostgreSQL with its statements, prepared once.
pub struct Connection {
    client: tokio_postgres::Client,
    statements: HashMap<String, tokio_postgres::Statement>,
}

impl Connection {
    async fn open(url: &str) -> Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        let mut statements = HashMap::new();
        for sql in [SESSION.to_owned(), month_of("owner"), month_of("lead"), month_of("accountant")] {
            // The joins are planned by its statistics; SQLite keeps to the order of a CROSS JOIN.
            let statement = client.prepare(&sql.replace("CROSS JOIN", "JOIN")).await?;
            statements.insert(sql, statement);
        }
        Ok(Self { client, statements })
    }
}

/// Whose session it is.
pub struct Who {
    person: Uuid,
    role: String,
    team: Option<Uuid>,
}

/// An end of a month, in the order of the grid.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct End {
    pub day: NaiveDate,
    pub client: String,
    pub id: Uuid,
    pub holder: String,
}

const SESSION: &str = "SELECT p.id, p.role, p.team_id FROM session s CROSS JOIN person p ON p.id = s.person_id WHERE s.token_hash = $1 AND p.active";

/// The month's ends of a role: $1 and $2 the days, $3 the instant, then today and the person or team.
fn month_of(role: &str) -> String {
    let columns = "SELECT cc.last_day, c.name, ce.id, ce.holder FROM ";
    let rest = "CROSS JOIN certificate ce ON ce.id = cc.certificate_id CROSS JOIN client c ON c.id = cc.client_id \
        WHERE cc.last_day BETWEEN $1 AND $2 AND c.archived IS NULL AND (ce.replaced_from IS NULL OR ce.replaced_from > $3)";
    let mine = "assignment a CROSS JOIN certificate_client cc ON cc.client_id = a.client_id ";
    let live = " AND a.from_day <= $4 AND (a.until_day IS NULL OR a.until_day >= $4) AND a.person_id";
    match role {
        "owner" => format!("{columns}certificate_client cc {rest}"),
        "lead" => format!("{columns}{mine}{rest}{live} IN (SELECT id FROM person WHERE team_id = $5)"),
        _ => format!("{columns}{mine}{rest}{live} = $5"),
    }
}

impl Database {
    pub async fn open(url: &str) -> Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            return Ok(Self::Sqlite(path.to_owned()));
        }
        let mut connections = Vec::new();
        for _ in 0..CLIENTS {
            connections.push(Connection::open(url).await?);
        }
        Ok(Self::Postgres { connections, next: AtomicUsize::new(0) })
    }

    pub async fn who(&self, hash: &str) -> Result<Who> {
        match self {
            Self::Sqlite(path) => {
                let found = sqlite(path, SESSION, &[Value::Text(hash.to_owned())], |row| {
                    Ok(Who {
                        person: id(row, 0)?,
                        role: row.get(1)?,
                        team: row.get::<_, Option<Vec<u8>>>(2)?.map(|b| uuid(&b)),
                    })
                })?;
                found.into_iter().next().context("a session")
            }
            Self::Postgres { .. } => {
                let rows = self.postgres(SESSION, &[&hash]).await?;
                let row = rows.first().context("a session")?;
                Ok(Who { person: row.try_get(0)?, role: row.try_get(1)?, team: row.try_get(2)? })
            }
        }
    }

    pub async fn ends(&self, who: &Who, month: Month) -> Result<Vec<End>> {
        let (from, to) = month.shown();
        let today: NaiveDate = crate::TODAY.parse()?;
        let now = today.and_hms_opt(7, 0, 0).context("an hour")?.and_utc().timestamp_millis();
        let whose = if who.role == "lead" { who.team.context("a team")? } else { who.person };
        let sql = month_of(&who.role);
        let given = if who.role == "owner" { 3 } else { 5 };
        match self {
            Self::Sqlite(path) => {
                let day = |d: NaiveDate| Value::Text(d.to_string());
                let all = [day(from), day(to), Value::Integer(now), day(today), Value::Blob(whose.as_bytes().to_vec())];
                sqlite(path, &sql, all.get(..given).unwrap_or_default(), |row| {
                    let day: String = row.get(0)?;
                    Ok(End {
                        day: day.parse().unwrap_or_default(),
                        client: row.get(1)?,
                        id: id(row, 2)?,
                        holder: row.get(3)?,
                    })
                })
            }
            Self::Postgres { .. } => {
                let all: [&(dyn ToSql + Sync); 5] = [&from, &to, &now, &today, &whose];
                let rows = self.postgres(&sql, all.get(..given).unwrap_or_default()).await?;
                let end = |row: &tokio_postgres::Row| {
                    Ok(End {
                        day: row.try_get(0)?,
                        client: row.try_get(1)?,
                        id: row.try_get(2)?,
                        holder: row.try_get(3)?,
                    })
                };
                rows.iter().map(end).collect()
            }
        }
    }

    async fn postgres(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<tokio_postgres::Row>> {
        let Self::Postgres { connections, next } = self else { anyhow::bail!("not PostgreSQL") };
        let n = next.fetch_add(1, Ordering::Relaxed) % connections.len().max(1);
        let connection = connections.get(n).context("a connection")?;
        let statement = connection.statements.get(sql).context("a prepared statement")?;
        Ok(connection.client.query(statement, values).await?)
    }
}

fn sqlite<T>(
    path: &str,
    sql: &str,
    values: &[Value],
    read: impl Fn(&rusqlite::Row) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    SQLITE.with_borrow_mut(|kept| {
        if kept.as_ref().is_none_or(|(of, _)| of != path) {
            *kept = Some((path.to_owned(), rusqlite::Connection::open(path)?));
        }
        let (_, connection) = kept.as_ref().context("a connection")?;
        let mut statement = connection.prepare_cached(&sql.replace('$', "?"))?;
        let rows = statement.query_map(rusqlite::params_from_iter(values), |row| read(row))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    })
}

fn id(row: &rusqlite::Row, at: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, Vec<u8>>(at).map(|bytes| uuid(&bytes))
}

fn uuid(bytes: &[u8]) -> Uuid {
    Uuid::from_slice(bytes).unwrap_or_default()
}
