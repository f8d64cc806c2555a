//! Clients of one name: wherever the name of one stands, the last digits of its number stand behind it.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::entity::client;
use domain::access::Action;
use domain::client_name::told_apart;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Numbers of the clients within reach whose name another one within reach bears as well.
#[derive(Clone, Default)]
pub(crate) struct Alike(Arc<HashMap<Uuid, String>>);

impl Alike {
    /// The name as it is shown.
    pub fn named(&self, id: Uuid, name: String) -> String {
        match self.0.get(&id) {
            Some(number) => told_apart(&name, number),
            None => name,
        }
    }
}

impl ScopedStore {
    /// Which clients need more than their name. Within a write names stay as they are: what is written down says what
    /// was written.
    pub(crate) async fn alike(&self) -> Result<Alike> {
        if self.rows.of_write() {
            return Ok(Alike::default());
        }
        let key = format!("alike {} {:?} {}", self.who.person, self.who.team, self.who.today.day);
        self.remembered(key, self.ask_alike()).await.map(Alike)
    }

    /// The same for what a refusal says: it is read now and kept nowhere.
    pub(crate) async fn alike_in_refusal(&self) -> Result<Alike> {
        Ok(Alike(Arc::new(self.ask_alike().await?)))
    }

    async fn ask_alike(&self) -> Result<HashMap<Uuid, String>> {
        let several = self
            .find::<client::Entity>(Action::See)
            .select_only()
            .column(client::Column::SortName)
            .group_by(client::Column::SortName)
            .having(client::Column::Id.count().gt(1));
        let rows: Vec<(Uuid, String)> = self
            .find::<client::Entity>(Action::See)
            .filter(client::Column::SortName.in_subquery(several.into_query()))
            .select_only()
            .columns([client::Column::Id, client::Column::Number])
            .into_tuple()
            .all(&self.rows)
            .await?;
        Ok(rows.into_iter().collect())
    }
}
