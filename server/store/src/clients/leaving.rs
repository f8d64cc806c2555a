//! The end of a client's contract, and how long its data is kept.

use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{assignment, client, client_filing, client_system, office};
use crate::core::whoever::find_whoever_asks;
use crate::{Error, Result};
use chrono::NaiveDate;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::id::ClientId;
use domain::leaving::MOST_MONTHS;
use domain::refusal::{Refusal, Rule};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _};
use uuid::Uuid;

impl ScopedStore {
    /// Puts a client away with the last day of its contract, or brings it back; its tasks close and open with it.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` for a day to come.
    pub async fn archive_client(&self, id: ClientId, ended: Option<NaiveDate>) -> Result<()> {
        self.write(|deed| async move {
            let before = deed.client(Action::EditClient, id).await?;
            if ended.is_some_and(|day| day > deed.who.today.day) {
                return Err(Refusal::invalid("ended", Rule::DayToCome).into());
            }
            let deed = before.permits();
            let archived = ended.map(|_| deed.now_ms());
            let change = deed
                .change::<client::Entity>(client::Column::Id.eq(id.0))
                .filter(client::Column::Revision.eq(before.revision))
                .col_expr(client::Column::Archived, Expr::value(archived))
                .col_expr(client::Column::ContractEnded, Expr::value(ended))
                .col_expr(client::Column::Revision, Expr::value(before.revision + 1));
            deed.run_one(change).await?;
            let (kind, about) = match ended {
                Some(day) => (DeedKind::ClientArchived, format!("{}: {day}", before.name)),
                None => (DeedKind::ClientRestored, before.name.clone()),
            };
            let tasks = match ended {
                Some(_) => deed.close_with_contract(id.0).await?,
                None => deed.open_with_contract(id.0).await?,
            };
            let line = Entry::new(kind, about).client(id).link(format!("/clients/{id}"));
            Ok(deed.done_with([line].into_iter().chain(tasks)))
        })
        .await
    }

    /// For how many months the data of a client is kept after its contract.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_months(&self) -> Result<i32> {
        let office = find_whoever_asks::<office::Entity>().one(&self.rows).await?;
        Ok(office.ok_or(Error::Broken("office"))?.keep_months)
    }

    /// Sets that term.
    ///
    /// # Errors
    /// `NotAllowed`, `Invalid` outside 0..=600.
    pub async fn set_keep_months(&self, months: i32) -> Result<()> {
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            if !(0..=MOST_MONTHS).contains(&months) {
                return Err(Refusal::invalid("months", Rule::Months).into());
            }
            let before = deed.keep_months().await?;

            let change = deed.change::<office::Entity>(office::Column::Id.eq(1));
            deed.run_one(change.col_expr(office::Column::KeepMonths, Expr::value(months))).await?;
            Ok(deed.done(Entry::new(DeedKind::OfficeChanged, format!("{before} → {months}")).link("/office")))
        })
        .await
    }
}

/// The card of a client with who works on it, what it files and where it signs.
pub async fn remove_card(deed: &Permitted, id: Uuid) -> Result<()> {
    deed.remove::<assignment::Entity>(assignment::Column::ClientId.eq(id)).await?;
    deed.remove::<client_filing::Entity>(client_filing::Column::ClientId.eq(id)).await?;
    deed.remove::<client_system::Entity>(client_system::Column::ClientId.eq(id)).await?;
    deed.remove::<client::Entity>(client::Column::Id.eq(id)).await?;
    Ok(())
}
