//! What was sent and what was not, for its reader and for the owner; what a message is to tell.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::convert::instant;
use crate::core::entity::{delivery, delivery_notice, notice, owner_letter};
use crate::core::whoever::find_whoever_asks;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::delivery::{Carried, DeliveryKind, DeliveryRow, DeliveryState};
use domain::id::DeliveryId;
use domain::mail::MailStep;
use domain::refusal::Refusal;
use domain::reminder::Notice;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use std::collections::HashMap;
use uuid::Uuid;

/// Lines of a list.
const LINES: u64 = 100;
/// Notices of one message at most.
const TOLD: u64 = 500;
/// Lines of one's own list.
const OWN: u64 = 10;

impl ScopedStore {
    /// The last messages to everybody.
    ///
    /// # Errors
    /// `NotAllowed` for others than owners.
    pub async fn deliveries(&self) -> Result<Vec<DeliveryRow>> {
        self.require(Action::Settings)?;
        self.delivery_rows(Action::Settings, LINES).await
    }

    /// The last messages to oneself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn own_deliveries(&self) -> Result<Vec<DeliveryRow>> {
        self.delivery_rows(Action::See, OWN).await
    }

    async fn delivery_rows(&self, action: Action, lines: u64) -> Result<Vec<DeliveryRow>> {
        let rows = self.find::<delivery::Entity>(action).order_by_desc(delivery::Column::Id).limit(lines);
        let rows = rows.all(&self.rows).await?;
        let names: HashMap<Uuid, String> = self.people().await?.iter().map(|p| (p.id.0, p.name.clone())).collect();
        let written = owner_letter::Column::DeliveryId.is_in(rows.iter().map(|row| row.id));
        let written = find_whoever_asks::<owner_letter::Entity>().filter(written).all(&self.rows).await?;
        let written: HashMap<Uuid, String> = written.into_iter().map(|row| (row.delivery_id, row.email)).collect();
        let line = |row: delivery::Model| {
            Some(DeliveryRow {
                id: DeliveryId(row.id),
                name: written.get(&row.id).or_else(|| names.get(&row.person_id)).cloned().unwrap_or_default(),
                kind: DeliveryKind::parse(&row.kind)?,
                state: DeliveryState::parse(&row.state)?,
                at: instant(row.ended.unwrap_or(row.run_at)),
                tries: row.tries,
                step: MailStep::parse(&row.step),
                said: row.said,
                uncertain: row.uncertain,
            })
        };
        Ok(rows.into_iter().filter_map(line).collect())
    }

    /// Lets a message that was refused or given up be tried again.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, `Conflict` where it has not failed.
    pub async fn delivery_again(&self, id: DeliveryId) -> Result<()> {
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            let one = deed.find::<delivery::Entity>(Action::Settings).filter(delivery::Column::Id.eq(id.0));
            let row = one.one(&deed.rows).await?.ok_or(Refusal::NotFound)?;
            let people = deed.people().await?;
            let written = find_whoever_asks::<owner_letter::Entity>().filter(owner_letter::Column::DeliveryId.eq(id.0));
            let written = written.one(&deed.rows).await?.map(|letter| letter.email);
            let reader = || people.iter().find(|p| p.id.0 == row.person_id).map(|p| p.name.clone());
            let name = written.or_else(reader).unwrap_or_default();
            let failed = [DeliveryState::Refused.code(), DeliveryState::GivenUp.code()];
            let change = deed
                .change::<delivery::Entity>(delivery::Column::Id.eq(id.0))
                .filter(delivery::Column::State.is_in(failed))
                .col_expr(delivery::Column::State, Expr::value(DeliveryState::Waits.code()))
                .col_expr(delivery::Column::RunAt, Expr::value(deed.now_ms()))
                .col_expr(delivery::Column::Made, Expr::value(deed.now_ms()))
                .col_expr(delivery::Column::Tries, Expr::value(0))
                .col_expr(delivery::Column::Ended, Expr::value(None::<i64>));
            deed.run_one(change).await?;
            Ok(deed.done(Entry::new(DeedKind::DeliveryAgain, name).link("/office/mail")))
        })
        .await
    }

    /// What a message to this person is to tell, of what they may still see: for an urgent one its own notices, for a digest
    /// those unread ones that no message has told yet.
    ///
    /// # Errors
    /// When the database fails; `NotFound` where the message is somebody else's.
    pub async fn notices_to_send(&self, of: &Carried) -> Result<Vec<Notice>> {
        if of.person != self.who.person {
            return Err(Refusal::NotFound.into());
        }
        let mut links = Query::select();
        links.column((delivery_notice::Entity, delivery_notice::Column::NoticeId)).from(delivery_notice::Entity);
        let which = match of.kind {
            DeliveryKind::Urgent | DeliveryKind::Owner => {
                links.and_where(delivery_notice::Column::DeliveryId.eq(of.id.0));
                notice::Column::Id.in_subquery(links)
            }
            DeliveryKind::Digest => {
                links
                    .inner_join(
                        delivery::Entity,
                        Expr::col((delivery::Entity, delivery::Column::Id))
                            .equals((delivery_notice::Entity, delivery_notice::Column::DeliveryId)),
                    )
                    .and_where(delivery::Column::PersonId.eq(of.person.0))
                    .and_where(delivery::Column::State.eq(DeliveryState::Sent.code()));
                notice::Column::Id.not_in_subquery(links).and(notice::Column::Seen.is_null())
            }
        };
        self.some_notices(which, TOLD).await
    }
}
