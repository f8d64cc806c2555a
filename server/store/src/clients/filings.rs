//! Which client files what.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{client, client_filing, filing};
use crate::core::whoever::find_whoever_asks;
use domain::access::Action;
use domain::id::ClientId;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use uuid::Uuid;

impl ScopedStore {
    /// Codes of what present clients file, only of those that may be seen.
    pub(crate) async fn codes_of(&self, clients: &[Uuid]) -> Result<HashMap<Uuid, Vec<String>>> {
        let mut out: HashMap<Uuid, Vec<String>> = HashMap::new();
        for part in clients.chunks(500) {
            let rows = self
                .find::<client_filing::Entity>(Action::See)
                .filter(client_filing::Column::ClientId.is_in(part.iter().copied()))
                .order_by_asc(client_filing::Column::Code)
                .all(&self.rows)
                .await?;
            for row in rows {
                out.entry(row.client_id).or_default().push(row.code);
            }
        }
        Ok(out)
    }

    /// How many present clients that may be seen have each code, narrowed to one client or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn filing_counts(&self, of: Option<ClientId>) -> Result<Arc<HashMap<String, i64>>> {
        let key = format!("filing counts {} {:?} {} {of:?}", self.who.person, self.who.team, self.who.today.day);
        let ask = async {
            let mut query =
                self.find::<client_filing::Entity>(Action::See).filter(present(client_filing::Column::ClientId));
            if let Some(client) = of {
                query = query.filter(client_filing::Column::ClientId.eq(client.0));
            }
            let rows: Vec<(String, i64)> = query
                .select_only()
                .column(client_filing::Column::Code)
                .expr(Expr::col(client_filing::Column::ClientId).count())
                .group_by(client_filing::Column::Code)
                .into_tuple()
                .all(&self.rows)
                .await?;
            Ok(rows.into_iter().collect())
        };
        self.remembered(key, ask).await
    }
}

/// Clients that have a code.
pub fn having(code: &str) -> SelectStatement {
    Query::select()
        .column(client_filing::Column::ClientId)
        .from(client_filing::Entity)
        .and_where(client_filing::Column::Code.eq(code))
        .to_owned()
}

/// Clients whose filings have changed: a form that was opened before may not write over them.
pub async fn touched(deed: &Permitted, clients: SimpleExpr) -> Result<()> {
    let next = Expr::col(client::Column::Revision).add(1);
    deed.run(deed.change::<client::Entity>(clients).col_expr(client::Column::Revision, next)).await?;
    Ok(())
}

/// Puts the codes of a client in the place of those it had; what the table does not know is left out.
pub async fn write_codes(deed: &Permitted, client: ClientId, codes: &[String]) -> Result<()> {
    deed.remove::<client_filing::Entity>(client_filing::Column::ClientId.eq(client.0)).await?;
    let known: BTreeSet<String> = find_whoever_asks::<filing::Entity>()
        .filter(filing::Column::Code.is_in(codes.iter().map(String::as_str)))
        .all(&deed.rows)
        .await?
        .into_iter()
        .map(|f| f.code)
        .collect();
    deed.insert_all(known.into_iter().map(|code| code_row(client, code)).collect()).await
}

pub fn code_row(client: ClientId, code: String) -> client_filing::ActiveModel {
    client_filing::ActiveModel { client_id: Set(client.0), code: Set(code) }
}

pub fn put_away() -> SelectStatement {
    Query::select()
        .column(client::Column::Id)
        .from(client::Entity)
        .and_where(client::Column::Archived.is_not_null())
        .to_owned()
}

/// Rows of clients that are not put away.
pub fn present(column: impl sea_orm::ColumnTrait) -> SimpleExpr {
    column.not_in_subquery(put_away())
}
