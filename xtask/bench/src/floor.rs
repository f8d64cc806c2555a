//! The floor: a handler by hand that checks the session, asks for the month and writes the same HTML; and bare bytes.

use crate::database::{Database, End, Who};
use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Datelike as _;
use domain::month::Month;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;

/// What the handler knows before a request: the page around the grid, word for word.
pub struct Floor {
    db: Database,
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
        let db = Database::open(url).await?;
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

    /// Whose session a token is.
    pub async fn who(&self, token: &str) -> Result<Who> {
        self.db.who(&URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))).await
    }

    /// The month's ends of somebody.
    pub async fn ends(&self, who: &Who) -> Result<Vec<End>> {
        self.db.ends(who, self.month).await
    }

    async fn page(&self, token: &str) -> Result<String> {
        let mut ends = self.ends(&self.who(token).await?).await?;
        ends.sort();
        let mut out = String::with_capacity(self.bytes.len() + 1024);
        out.push_str(&self.before);
        for week in self.month.weeks() {
            write!(out, "<tr><th class=\"wk\" scope=\"row\">{}</th>", week.first().map_or(0, |d| d.iso_week().week()))?;
            for day in week {
                let start = ends.partition_point(|e| e.day < day);
                let own: Vec<_> = ends.get(start..).unwrap_or_default().iter().take_while(|e| e.day == day).collect();
                write!(
                    out,
                    "<td><div class=\"hd\"><a class=\"n\" id=\"d-{day}\" href=\"/calendar?month={}&amp;day={day}\" aria-label=\"{}: {}\"><time datetime=\"{day}\">{}</time></a></div><ul class=\"chips\">",
                    self.month,
                    day,
                    own.len(),
                    day.day()
                )?;
                for End { client, id, holder, .. } in own.iter().take(3) {
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
