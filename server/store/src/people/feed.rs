//! The secret address of a person's calendar: only its hash is kept.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::connection::Store;
use crate::core::convert::instant;
use crate::core::entity::feed;
use crate::core::whoever::find_whoever_asks;
use chrono::{DateTime, Utc};
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::id::PersonId;
use domain::refusal::Refusal;
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};

impl Store {
    /// Whose feed has this token.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn feed_owner(&self, token_hash: &str) -> Result<Option<PersonId>> {
        let one = find_whoever_asks::<feed::Entity>().filter(feed::Column::TokenHash.eq(token_hash));
        Ok(one.one(&self.db).await?.map(|row| PersonId(row.person_id)))
    }
}

impl ScopedStore {
    /// Since when one has a feed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn feed_made(&self) -> Result<Option<DateTime<Utc>>> {
        let own = self.find::<feed::Entity>(Action::See).one(&self.rows).await?;
        Ok(own.map(|row| instant(row.made)))
    }

    /// Gives oneself a feed of a new token; an earlier one ends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn make_feed(&self, token_hash: &str) -> Result<()> {
        self.write(|deed| async move {
            let deed = deed.own()?;
            let person = deed.who.person.0;
            deed.remove::<feed::Entity>(feed::Column::PersonId.eq(person)).await?;
            let row = feed::ActiveModel {
                person_id: Set(person),
                token_hash: Set(token_hash.to_owned()),
                made: Set(deed.now_ms()),
            };
            deed.insert(row).await?;
            Ok(deed.done(Entry::new(DeedKind::FeedMade, "")))
        })
        .await
    }

    /// Ends one's feed.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    pub async fn remove_feed(&self) -> Result<()> {
        self.write(|deed| async move {
            let deed = deed.own()?;
            if deed.remove::<feed::Entity>(feed::Column::PersonId.eq(deed.who.person.0)).await? == 0 {
                return Err(Refusal::NotFound.into());
            }
            Ok(deed.done(Entry::new(DeedKind::FeedRemoved, "")))
        })
        .await
    }
}
