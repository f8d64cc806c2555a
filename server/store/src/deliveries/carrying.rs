//! A message on its way: held by one process at a time, tried again, ended once.

use super::wishes::of_everybody;
use crate::Result;
use crate::core::connection::Store;
use crate::core::convert::instant;
use crate::core::deed::Permitted;
use crate::core::entity::{delivery, delivery_notice, person};
use crate::core::whoever::find_whoever_asks;
use chrono::{DateTime, Utc};
use domain::access::SystemRight;
use domain::delivery::{Carried, DeliveryKind, DeliveryState, tried_until};
use domain::id::{DeliveryId, NoticeId, PersonId};
use domain::job::{LEASE, pause};
use domain::mail::MailFailure;
use domain::person::Lang;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set, UpdateMany};
use std::collections::HashSet;
use uuid::Uuid;

/// How a try to send ended.
pub enum Ended {
    Sent,
    /// There was nothing to say any more.
    Empty,
    /// What went wrong; the chance (0 to 1) spreads the next tries.
    Failed(MailFailure, f64),
}

fn ready(now: DateTime<Utc>) -> Condition {
    let at = now.timestamp_millis();
    let waits = delivery::Column::State.eq(DeliveryState::Waits.code()).and(delivery::Column::RunAt.lte(at));
    let left = delivery::Column::State.eq(DeliveryState::Runs.code()).and(delivery::Column::HeldUntil.lt(at));
    Condition::any().add(waits).add(left)
}

impl Store {
    /// Takes the message that waits longest, what is urgent first, or one whose process has let its lease end. What its
    /// reader does not want any more, and what is too late, ends here. None where nothing waits; then nothing was written.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_delivery(&self, now: DateTime<Utc>) -> Result<Option<Carried>> {
        loop {
            let first = find_whoever_asks::<delivery::Entity>()
                .filter(ready(now))
                .order_by_desc(delivery::Column::Kind)
                .order_by_asc(delivery::Column::RunAt)
                .limit(1);
            let Some(row) = first.one(&self.db).await? else { return Ok(None) };
            let row = &row;
            let system = self.for_system(SystemRight::Deliver, now);
            let taken = system
                .write(|deed| async move {
                    let deed = deed.by_system(SystemRight::Deliver)?;
                    let taken = deed.take(row, now).await?;
                    Ok(deed.unrecorded().with(taken))
                })
                .await?;
            if taken.is_some() {
                return Ok(taken);
            }
        }
    }

    /// Notes what the message is about to tell; from here on it may have arrived. False where the turn is over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_delivery(&self, of: &Carried, tells: &[NoticeId], now: DateTime<Utc>) -> Result<bool> {
        let system = self.for_system(SystemRight::Deliver, now);
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::Deliver)?;
                let begin = deed.change::<delivery::Entity>(mine(of));
                if deed.run(begin.col_expr(delivery::Column::Begun, Expr::value(deed.now_ms()))).await? == 0 {
                    return Ok(deed.nothing().with(false));
                }
                let known: Vec<Uuid> = find_whoever_asks::<delivery_notice::Entity>()
                    .filter(delivery_notice::Column::DeliveryId.eq(of.id.0))
                    .select_only()
                    .column(delivery_notice::Column::NoticeId)
                    .into_tuple()
                    .all(&deed.rows)
                    .await?;
                let known: HashSet<Uuid> = known.into_iter().collect();
                // What it was to tell and does not tell any more has no proof by it.
                let untold = delivery_notice::Column::DeliveryId
                    .eq(of.id.0)
                    .and(delivery_notice::Column::NoticeId.is_not_in(tells.iter().map(|id| id.0)));
                deed.remove::<delivery_notice::Entity>(untold).await?;
                let new = tells.iter().filter(|id| !known.contains(&id.0));
                let link =
                    |id: &NoticeId| delivery_notice::ActiveModel { delivery_id: Set(of.id.0), notice_id: Set(id.0) };
                deed.insert_all(new.map(link).collect()).await?;
                Ok(deed.unrecorded().with(true))
            })
            .await
    }

    /// Notes how a try ended. False where the turn was over already: then nothing is noted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_delivery(&self, of: &Carried, how: &Ended, now: DateTime<Utc>) -> Result<bool> {
        let system = self.for_system(SystemRight::Deliver, now);
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::Deliver)?;
                let change = deed.change::<delivery::Entity>(mine(of));
                let change = change.col_expr(delivery::Column::HeldUntil, Expr::value(None::<i64>));
                let noted = deed.run(ended(change, of, how, now)).await? > 0;
                Ok(if noted { deed.unrecorded() } else { deed.nothing() }.with(noted))
            })
            .await
    }
}

fn mine(of: &Carried) -> sea_orm::sea_query::SimpleExpr {
    delivery::Column::Id
        .eq(of.id.0)
        .and(delivery::Column::Epoch.eq(of.epoch))
        .and(delivery::Column::State.eq(DeliveryState::Runs.code()))
}

fn with_state(
    change: UpdateMany<delivery::Entity>,
    to: DeliveryState,
    now: DateTime<Utc>,
) -> UpdateMany<delivery::Entity> {
    change
        .col_expr(delivery::Column::State, Expr::value(to.code()))
        .col_expr(delivery::Column::Ended, Expr::value(now.timestamp_millis()))
}

fn ended(
    change: UpdateMany<delivery::Entity>,
    of: &Carried,
    how: &Ended,
    now: DateTime<Utc>,
) -> UpdateMany<delivery::Entity> {
    let (failure, chance) = match how {
        Ended::Sent => {
            let clear = change.col_expr(delivery::Column::Step, Expr::value(""));
            return with_state(clear.col_expr(delivery::Column::Said, Expr::value("")), DeliveryState::Sent, now);
        }
        Ended::Empty => return with_state(change, DeliveryState::Empty, now),
        Ended::Failed(failure, chance) => (failure, *chance),
    };
    let change = change
        .col_expr(delivery::Column::Step, Expr::value(failure.step.code()))
        .col_expr(delivery::Column::Said, Expr::value(failure.said.as_str()));
    // Where the other side has answered, nothing of this try is in doubt.
    let change =
        if failure.unclear { change } else { change.col_expr(delivery::Column::Begun, Expr::value(None::<i64>)) };
    let again = now + pause(of.tries, chance);
    if !failure.passes {
        with_state(change, DeliveryState::Refused, now)
    } else if again >= tried_until(of.kind, of.made) {
        with_state(change, DeliveryState::GivenUp, now)
    } else {
        change
            .col_expr(delivery::Column::State, Expr::value(DeliveryState::Waits.code()))
            .col_expr(delivery::Column::RunAt, Expr::value(again.timestamp_millis()))
    }
}

impl Permitted {
    /// One try to take a message. None where somebody else was sooner or it ends here.
    async fn take(&self, row: &delivery::Model, now: DateTime<Utc>) -> Result<Option<Carried>> {
        let same = delivery::Column::Id.eq(row.id).and(delivery::Column::Epoch.eq(row.epoch));
        let change = self.change::<delivery::Entity>(same).filter(ready(now));
        let (Some(kind), Some(person)) = (DeliveryKind::parse(&row.kind), self.reader(row).await?) else {
            self.run(with_state(change, DeliveryState::Off, now)).await?;
            return Ok(None);
        };
        if now >= tried_until(kind, instant(row.made)) {
            self.run(with_state(change, DeliveryState::GivenUp, now)).await?;
            return Ok(None);
        }
        let take = change
            .col_expr(delivery::Column::State, Expr::value(DeliveryState::Runs.code()))
            .col_expr(delivery::Column::Epoch, Expr::value(row.epoch + 1))
            .col_expr(delivery::Column::Tries, Expr::value(row.tries + 1))
            // A try that broke off after it had begun may have arrived.
            .col_expr(delivery::Column::Uncertain, Expr::value(row.uncertain || row.begun.is_some()))
            .col_expr(delivery::Column::HeldUntil, Expr::value((now + LEASE).timestamp_millis()));
        let taken = self.run(take).await? > 0;
        let letter = self.owner_letter(row.id, &person).await?;
        Ok(taken.then(|| Carried {
            id: DeliveryId(row.id),
            person: PersonId(row.person_id),
            name: letter.as_ref().map_or(person.name, |letter| letter.name.clone()),
            email: letter.as_ref().map_or(person.email, |letter| letter.email.clone()),
            lang: letter.as_ref().map_or(Lang::parse(&person.lang).unwrap_or(Lang::Ru), |letter| letter.lang),
            letter,
            kind,
            epoch: row.epoch + 1,
            tries: row.tries + 1,
            made: instant(row.made),
        }))
    }

    /// Its reader, if they are here and want it; of a letter to somebody else whoever has sent it, who may have left since.
    async fn reader(&self, row: &delivery::Model) -> Result<Option<person::Model>> {
        let Some(kind) = DeliveryKind::parse(&row.kind) else { return Ok(None) };
        let person = find_whoever_asks::<person::Entity>().filter(person::Column::Id.eq(row.person_id));
        let person = person.one(&self.rows).await?;
        let wishes = of_everybody(&self.rows).await?.get(&row.person_id).copied().unwrap_or_default();
        Ok(person.filter(|p| kind == DeliveryKind::Owner || (p.active && wishes.wants(kind))))
    }
}
