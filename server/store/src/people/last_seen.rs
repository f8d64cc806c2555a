//! When people were last in the program.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::convert::instant;
use crate::core::entity::{known_browser, session};
use crate::core::whoever::find_whoever_asks;
use chrono::{DateTime, Utc};
use domain::access::Action;
use domain::id::PersonId;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{IntoSimpleExpr as _, QuerySelect as _};
use std::collections::HashMap;
use uuid::Uuid;

impl ScopedStore {
    /// When each person was last seen, in a session that goes on or that began in a browser still known.
    ///
    /// # Errors
    /// `NotAllowed` for whoever gives no tasks to others.
    pub async fn last_seen(&self) -> Result<HashMap<PersonId, DateTime<Utc>>> {
        self.require(Action::AssignTask)?;
        let sessions = find_whoever_asks::<session::Entity>()
            .select_only()
            .column(session::Column::PersonId)
            .expr(session::Column::Seen.into_simple_expr().max())
            .group_by(session::Column::PersonId);
        let browsers = find_whoever_asks::<known_browser::Entity>()
            .select_only()
            .column(known_browser::Column::PersonId)
            .expr(known_browser::Column::Seen.into_simple_expr().max())
            .group_by(known_browser::Column::PersonId);
        let mut seen: HashMap<PersonId, DateTime<Utc>> = HashMap::new();
        let rows: Vec<(Uuid, i64)> = sessions.into_tuple().all(&self.rows).await?;
        for (person, at) in rows.into_iter().chain(browsers.into_tuple::<(Uuid, i64)>().all(&self.rows).await?) {
            let latest = seen.entry(PersonId(person)).or_insert_with(|| instant(at));
            *latest = Ord::max(*latest, instant(at));
        }
        Ok(seen)
    }
}
