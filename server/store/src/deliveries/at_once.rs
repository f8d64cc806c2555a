//! What cannot wait for a digest: a message is noted in the write that makes the notice.

use super::wishes::of_everybody;
use crate::Result;
use crate::core::deed::Permitted;
use crate::core::entity::{delivery, delivery_notice, mail_server};
use crate::core::whoever::{exists, find_whoever_asks};
use domain::delivery::{DeliveryKind, DeliveryState};
use domain::id::PersonId;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ActiveValue, ColumnTrait as _, QueryFilter as _, Set};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

impl Permitted {
    /// Has each person told of these notices at once: in the message that waits for them already, else in a new one.
    pub async fn tell_at_once(&self, notices: &[(PersonId, Uuid)]) -> Result<()> {
        if notices.is_empty() || !exists::<mail_server::Entity>(&self.rows, mail_server::Column::Id.eq(1)).await? {
            return Ok(());
        }
        let wishes = of_everybody(&self.rows).await?;
        let mut by_person: BTreeMap<PersonId, Vec<Uuid>> = BTreeMap::new();
        for (person, notice) in notices {
            if wishes.get(&person.0).copied().unwrap_or_default().urgent {
                by_person.entry(*person).or_default().push(*notice);
            }
        }
        let waits = delivery::Column::Kind
            .eq(DeliveryKind::Urgent.code())
            .and(delivery::Column::State.eq(DeliveryState::Waits.code()))
            .and(delivery::Column::Begun.is_null())
            .and(delivery::Column::PersonId.is_in(by_person.keys().map(|p| p.0)));
        let waiting = find_whoever_asks::<delivery::Entity>().filter(waits).all(&self.rows).await?;
        let waiting: HashMap<Uuid, Uuid> = waiting.into_iter().map(|row| (row.person_id, row.id)).collect();
        let (mut new, mut links) = (Vec::new(), Vec::new());
        for (person, notices) in by_person {
            let id = match (waiting.get(&person.0), notices.first()) {
                (Some(id), _) => *id,
                (None, Some(first)) => {
                    let row = self.new_delivery(person, DeliveryKind::Urgent, format!("urgent {first}"));
                    let ActiveValue::Set(id) = row.id else { continue };
                    new.push(row);
                    id
                }
                (None, None) => continue,
            };
            links.extend(notices.into_iter().map(|notice| (id, notice)));
        }
        self.insert_all(new).await?;
        let link =
            |(delivery, notice)| delivery_notice::ActiveModel { delivery_id: Set(delivery), notice_id: Set(notice) };
        self.insert_all(links.into_iter().map(link).collect()).await
    }
}
