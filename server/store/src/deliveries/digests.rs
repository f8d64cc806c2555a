//! The day's digests: one to each person who wants it, at their hour of an office day.

use super::wishes::of_everybody;
use crate::Result;
use crate::core::connection::Store;
use crate::core::deed::Permitted;
use crate::core::entity::{day_off, delivery, mail_server, person};
use crate::core::fresh;
use crate::core::rows::Rows;
use crate::core::whoever::{exists, find_whoever_asks};
use domain::access::SystemRight;
use domain::day::{DaysOff, OfficeDay};
use domain::delivery::{Channel, DeliveryKind, DeliveryState, digest_name};
use domain::id::PersonId;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _, Set};
use std::collections::HashSet;
use uuid::Uuid;

impl Store {
    /// Notes the digests whose hour (of `today`, in the office's zone) has come and that are not noted yet. Gives how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plan_digests(&self, today: OfficeDay, hour: u32) -> Result<usize> {
        let rows = Rows::Pool(self.db.clone());
        if !exists::<mail_server::Entity>(&rows, mail_server::Column::Id.eq(1)).await?
            || !works_on(&rows, today).await?
            || wanting(&rows, today, hour).await?.is_empty()
        {
            return Ok(0);
        }
        let system = self.for_system(SystemRight::Deliver, today.now);
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::Deliver)?;
                // Another process may have noted some meanwhile.
                let wanting = wanting(&deed.rows, today, hour).await?;
                if wanting.is_empty() {
                    return Ok(deed.nothing().with(0));
                }
                let row = |id: &Uuid| {
                    let name = digest_name(PersonId(*id), today.day, Channel::Mail);
                    deed.new_delivery(PersonId(*id), DeliveryKind::Digest, name)
                };
                deed.insert_all(wanting.iter().map(row).collect()).await?;
                Ok(deed.unrecorded().with(wanting.len()))
            })
            .await
    }
}

/// Whether the office works on the day.
async fn works_on(rows: &Rows, today: OfficeDay) -> Result<bool> {
    let off = exists::<day_off::Entity>(rows, day_off::Column::Day.eq(today.day)).await?;
    Ok(!off && DaysOff::default().is_working(today.day))
}

/// Who wants a digest by this hour and has none of this day.
async fn wanting(rows: &Rows, today: OfficeDay, hour: u32) -> Result<Vec<Uuid>> {
    let here: Vec<Uuid> = find_whoever_asks::<person::Entity>()
        .filter(person::Column::Active.eq(true))
        .select_only()
        .column(person::Column::Id)
        .into_tuple()
        .all(rows)
        .await?;
    let wishes = of_everybody(rows).await?;
    let names = here.iter().map(|id| digest_name(PersonId(*id), today.day, Channel::Mail));
    let noted: Vec<Uuid> = find_whoever_asks::<delivery::Entity>()
        .filter(delivery::Column::Name.is_in(names))
        .select_only()
        .column(delivery::Column::PersonId)
        .into_tuple()
        .all(rows)
        .await?;
    let noted: HashSet<Uuid> = noted.into_iter().collect();
    let wants = |id: &Uuid| {
        let wishes = wishes.get(id).copied().unwrap_or_default();
        wishes.digest && u32::from(wishes.hour) <= hour
    };
    Ok(here.into_iter().filter(|id| wants(id) && !noted.contains(id)).collect())
}

impl Permitted {
    /// A message that waits from now on.
    pub(super) fn new_delivery(&self, to: PersonId, kind: DeliveryKind, name: String) -> delivery::ActiveModel {
        delivery::ActiveModel {
            id: Set(fresh::id()),
            person_id: Set(to.0),
            channel: Set(Channel::Mail.code().into()),
            kind: Set(kind.code().into()),
            name: Set(name),
            state: Set(DeliveryState::Waits.code().into()),
            run_at: Set(self.now_ms()),
            tries: Set(0),
            epoch: Set(0),
            held_until: Set(None),
            begun: Set(None),
            uncertain: Set(false),
            step: Set(String::new()),
            said: Set(String::new()),
            made: Set(self.now_ms()),
            ended: Set(None),
        }
    }
}
