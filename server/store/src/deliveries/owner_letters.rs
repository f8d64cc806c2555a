//! Letters to the owner of a key: sent from the task, kept on it with their result.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::convert::instant;
use crate::core::deed::Permitted;
use crate::core::entity::{delivery, mail_server, owner_letter, person};
use crate::core::whoever::{exists, find_whoever_asks};
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::delivery::{DeliveryKind, DeliveryState, OwnerLetter, SentLetter};
use domain::id::TaskId;
use domain::mail::MailStep;
use domain::person::Lang;
use domain::refusal::{Refusal, Rule};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ActiveValue, ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use std::collections::HashMap;
use uuid::Uuid;

/// Within so long the same letter is one that was sent twice by mistake, in milliseconds.
const JUST_NOW: i64 = 10 * 60_000;
/// Letters of a task that are shown.
const LINES: u64 = 20;

impl ScopedStore {
    /// Whether mail can leave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mails(&self) -> Result<bool> {
        exists::<mail_server::Entity>(&self.rows, mail_server::Column::Id.eq(1)).await
    }

    /// Sends a letter to the owner of a key and keeps it on the task. False where the same was written just now.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` where no mail can leave.
    pub async fn write_to_owner(&self, id: TaskId, letter: &OwnerLetter) -> Result<bool> {
        self.write(|deed| async move {
            let task = deed.task(Action::WorkTask, id).await?;
            if !deed.mails().await? {
                return Err(Refusal::invalid("message", Rule::NoMailServer).into());
            }
            let permit = task.permits();
            if permit.just_written(id, letter).await? {
                return Ok(permit.nothing().with(false));
            }
            let name = format!("owner {id} {}", permit.now_ms());
            let row = permit.new_delivery(permit.who.person, DeliveryKind::Owner, name);
            let ActiveValue::Set(delivery) = row.id else { return Ok(permit.nothing().with(false)) };
            permit.insert(row).await?;
            let kept = owner_letter::ActiveModel {
                delivery_id: Set(delivery),
                task_id: Set(id.0),
                name: Set(letter.name.clone()),
                email: Set(letter.email.clone()),
                lang: Set(letter.lang.code().into()),
                subject: Set(letter.subject.clone()),
                body: Set(letter.body.clone()),
            };
            permit.insert(kept).await?;
            let of = permit.certificates_of_task(id).await?;
            let client = match of.first() {
                Some(first) => permit.client_of_certificate(first.id).await?,
                None => None,
            };
            let about = of.first().map(|c| c.holder.clone()).unwrap_or_default();
            let line = Entry::new(DeedKind::OwnerWritten, about).link(format!("/tasks/{id}"));
            Ok(permit.done(Entry { client, ..line }).with(true))
        })
        .await
    }

    /// Letters to the owner of a task's key, the last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn letters_of(&self, id: TaskId) -> Result<Vec<SentLetter>> {
        let of = owner_letter::Column::TaskId.eq(id.0);
        let letters = self.find::<owner_letter::Entity>(Action::See).filter(of);
        let letters = letters.order_by_desc(owner_letter::Column::DeliveryId).limit(LINES).all(&self.rows).await?;
        if letters.is_empty() {
            return Ok(Vec::new());
        }
        // Whoever sees the task sees what was written from it, by whomever.
        let these = delivery::Column::Id.is_in(letters.iter().map(|letter| letter.delivery_id));
        let rows = find_whoever_asks::<delivery::Entity>().filter(these).all(&self.rows).await?;
        let rows: HashMap<Uuid, delivery::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
        let names: HashMap<Uuid, String> = self.people().await?.iter().map(|p| (p.id.0, p.name.clone())).collect();
        let line = |letter: owner_letter::Model| {
            let row = rows.get(&letter.delivery_id)?;
            Some(SentLetter {
                email: letter.email,
                body: letter.body,
                by: names.get(&row.person_id).cloned().unwrap_or_default(),
                state: DeliveryState::parse(&row.state)?,
                at: instant(row.ended.unwrap_or(row.run_at)),
                step: MailStep::parse(&row.step),
            })
        };
        Ok(letters.into_iter().filter_map(line).collect())
    }
}

impl Permitted {
    async fn just_written(&self, id: TaskId, letter: &OwnerLetter) -> Result<bool> {
        let same = owner_letter::Column::TaskId
            .eq(id.0)
            .and(owner_letter::Column::Email.eq(letter.email.as_str()))
            .and(owner_letter::Column::Body.eq(letter.body.as_str()));
        let same = find_whoever_asks::<owner_letter::Entity>().filter(same).all(&self.rows).await?;
        let recent = delivery::Column::Id
            .is_in(same.iter().map(|letter| letter.delivery_id))
            .and(delivery::Column::Made.gt(self.now_ms() - JUST_NOW))
            .and(delivery::Column::State.ne(DeliveryState::Refused.code()));
        exists::<delivery::Entity>(&self.rows, recent).await
    }

    /// What a message says that somebody has written.
    pub(super) async fn owner_letter(&self, delivery: Uuid, by: &person::Model) -> Result<Option<OwnerLetter>> {
        let one = find_whoever_asks::<owner_letter::Entity>().filter(owner_letter::Column::DeliveryId.eq(delivery));
        Ok(one.one(&self.rows).await?.map(|row| OwnerLetter {
            name: row.name,
            email: row.email,
            lang: Lang::parse(&row.lang).unwrap_or(Lang::Ru),
            subject: row.subject,
            body: row.body,
            from: (by.name.clone(), by.email.clone()),
        }))
    }
}
