//! The floor: a handler by hand that checks the session, asks for the month and writes the same HTML; and bare bytes.

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{Datelike as _, NaiveDate};
use domain::calendar::Month;
use sea_orm::prelude::Uuid;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend, QueryResult, Statement, Value};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;

/// What the handler knows before a request: the page around the grid, word for word.
pub struct Floor {
    db: DatabaseConnection,
    month: Month,
    before: String,
    after: String,
    bytes: String,
}

impl Floor {
    /// Learns the frame from a page of the program.
    pub async fn open(url: &str, page: &str) -> Result<Arc<Self>> {
        let (before, rest) = page.split_once("<tbody>").context("a grid")?;
        let (_, after) = rest.split_once("</tbody>").context("the grid's end")?;
        let month = Month::parse(crate::MONTH).context("a month")?;
        let db = connect(url).await?;
        Ok(Arc::new(Self {
            db,
            month,
            before: format!("{before}<tbody>"),
            after: format!("</tbody>{after}"),
            bytes: page.to_owned(),
        }))
    }

    /// Listens on a free port.
    pub async fn listen(self: Arc<Self>) -> Result<String> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let router = Router::new().route("/month", get(month)).route("/bytes", get(bytes)).with_state(self);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(address)
    }

    fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        let backend = self.db.get_database_backend();
        // SQLite keeps to the order of a CROSS JOIN; PostgreSQL plans by its statistics.
        let sql = if backend == DbBackend::Sqlite { sql.to_owned() } else { sql.replace("CROSS JOIN", "JOIN") };
        Statement::from_sql_and_values(backend, sql, values)
    }

    /// Person, role and team of a session.
    pub async fn who(&self, token: &str) -> Result<(Uuid, String, Option<Uuid>)> {
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()));
        let sql = "SELECT p.id, p.role, p.team_id FROM session s CROSS JOIN person p ON p.id = s.person_id WHERE s.token_hash = $1 AND p.active";
        let row = self.db.query_one_raw(self.statement(sql, vec![hash.into()])).await?.context("a session")?;
        Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
    }

    /// The month's ends of somebody.
    pub async fn ends(&self, (person, role, team): &(Uuid, String, Option<Uuid>)) -> Result<Vec<QueryResult>> {
        let (from, to) = self.month.shown();
        let today: NaiveDate = crate::TODAY.parse()?;
        let now = today.and_hms_opt(7, 0, 0).context("an hour")?.and_utc().timestamp_millis();
        let columns = "SELECT ce.id, cc.last_day, ce.holder, c.name, ce.not_after, ce.lost_at FROM ";
        let rest = "CROSS JOIN certificate ce ON ce.id = cc.certificate_id CROSS JOIN client c ON c.id = cc.client_id \
            WHERE cc.last_day BETWEEN $1 AND $2 AND c.archived IS NULL AND (ce.replaced_from IS NULL OR ce.replaced_from > $3)";
        let mine = "assignment a CROSS JOIN certificate_client cc ON cc.client_id = a.client_id ";
        let live = " AND a.from_day <= $4 AND (a.until_day IS NULL OR a.until_day >= $4)";
        let days: Vec<Value> = vec![from.into(), to.into(), now.into()];
        let (sql, values) = match (role.as_str(), team) {
            ("owner", _) => (format!("{columns}certificate_client cc {rest}"), days),
            ("lead", Some(team)) => (
                format!("{columns}{mine}{rest}{live} AND a.person_id IN (SELECT id FROM person WHERE team_id = $5)"),
                days.into_iter().chain([today.into(), (*team).into()]).collect(),
            ),
            _ => (
                format!("{columns}{mine}{rest}{live} AND a.person_id = $5"),
                days.into_iter().chain([today.into(), (*person).into()]).collect(),
            ),
        };
        Ok(self.db.query_all_raw(self.statement(&sql, values)).await?)
    }

    async fn page(&self, token: &str) -> Result<String> {
        let who = self.who(token).await?;
        let mut ends: Vec<(NaiveDate, String, Uuid, String)> = Vec::new();
        for row in self.ends(&who).await? {
            ends.push((row.try_get_by_index(1)?, row.try_get_by_index(3)?, row.try_get_by_index(0)?, row.try_get_by_index(2)?));
        }
        ends.sort();
        let mut out = String::with_capacity(self.bytes.len() + 1024);
        out.push_str(&self.before);
        for week in self.month.weeks() {
            write!(out, "<tr><th class=\"wk\" scope=\"row\">{}</th>", week.first().map_or(0, |d| d.iso_week().week()))?;
            for day in week {
                let start = ends.partition_point(|e| e.0 < day);
                let own: Vec<_> = ends.get(start..).unwrap_or_default().iter().take_while(|e| e.0 == day).collect();
                write!(
                    out,
                    "<td><div class=\"hd\"><a class=\"n\" id=\"d-{day}\" href=\"/calendar?month={}&amp;day={day}\" aria-label=\"{}: {}\"><time datetime=\"{day}\">{}</time></a></div><ul class=\"chips\">",
                    self.month,
                    day,
                    own.len(),
                    day.day()
                )?;
                for (_, client, id, holder) in own.iter().take(3) {
                    write!(
                        out,
                        "<li><a class=\"chip mon\" href=\"/certificates/{id}\" title=\"{0}: {1}\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"/assets/sprite.svg#i-dot\"></use></svg><span>{0}</span></a></li>",
                        escaped(client),
                        escaped(holder)
                    )?;
                }
                out.push_str("</ul></td>");
            }
            out.push_str("</tr>");
        }
        out.push_str(&self.after);
        Ok(out)
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

async fn connect(url: &str) -> Result<DatabaseConnection> {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(if url.starts_with("sqlite") { 6 } else { 16 }).sqlx_logging(false);
    Ok(Database::connect(options).await?)
}

async fn month(State(floor): State<Arc<Floor>>, headers: HeaderMap) -> Response {
    let cookie = headers.get(header::COOKIE).and_then(|c| c.to_str().ok()).unwrap_or_default();
    let token = cookie.split_once('=').map(|(_, token)| token).unwrap_or_default();
    match floor.page(token).await {
        Ok(page) => Html(page).into_response(),
        Err(error) => (axum::http::StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn bytes(State(floor): State<Arc<Floor>>) -> Html<String> {
    Html(floor.bytes.clone())
}
