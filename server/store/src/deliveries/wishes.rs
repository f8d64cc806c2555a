//! Which messages somebody wants, and when.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::entity::mail_wish;
use crate::core::rows::Rows;
use crate::core::whoever::find_whoever_asks;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::delivery::Wishes;
use domain::refusal::{Refusal, Rule};
use sea_orm::{ColumnTrait as _, Set};
use std::collections::HashMap;
use uuid::Uuid;

fn wishes(row: &mail_wish::Model) -> Wishes {
    Wishes { digest: row.digest, urgent: row.urgent, hour: u8::try_from(row.hour).unwrap_or(0) }
}

/// What each person wants who has said so; the others want the usual.
pub(super) async fn of_everybody(rows: &Rows) -> Result<HashMap<Uuid, Wishes>> {
    let all = find_whoever_asks::<mail_wish::Entity>().all(rows).await?;
    Ok(all.iter().map(|row| (row.person_id, wishes(row))).collect())
}

impl ScopedStore {
    /// Which messages one wants.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wishes(&self) -> Result<Wishes> {
        let own = self.find::<mail_wish::Entity>(Action::See).one(&self.rows).await?;
        Ok(own.as_ref().map(wishes).unwrap_or_default())
    }

    /// Says which messages one wants.
    ///
    /// # Errors
    /// `Invalid` for no hour of a day.
    pub async fn set_wishes(&self, to: Wishes) -> Result<()> {
        if to.hour > 23 {
            return Err(Refusal::invalid("hour", Rule::Hour).into());
        }
        self.write(|deed| async move {
            let deed = deed.own()?;
            let person = deed.who.person.0;
            deed.remove::<mail_wish::Entity>(mail_wish::Column::PersonId.eq(person)).await?;
            let row = mail_wish::ActiveModel {
                person_id: Set(person),
                digest: Set(to.digest),
                urgent: Set(to.urgent),
                hour: Set(i32::from(to.hour)),
            };
            deed.insert(row).await?;
            let word = |on: bool| if on { '+' } else { '−' };
            let about = format!("{}digest {}:00, {}urgent", word(to.digest), to.hour, word(to.urgent));
            Ok(deed.done(Entry::new(DeedKind::MailWishesChanged, about)))
        })
        .await
    }
}
