//! Reminders of a certificate that somebody puts off until a day, with a reason.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::entity::put_off;
use chrono::NaiveDate;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::id::CertificateId;
use domain::refusal::{Refusal, Rule};
use sea_orm::{ColumnTrait as _, Set};

impl ScopedStore {
    /// Puts the reminders of a certificate off; a new day and reason take the place of the old ones.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` without a reason, or for a day before today or after the end.
    pub async fn put_off(&self, id: CertificateId, until: NaiveDate, why: &str) -> Result<()> {
        let why = why.trim();
        self.write(|deed| async move {
            let row = deed.certificate(Action::WorkTask, id).await?;
            if why.is_empty() {
                return Err(Refusal::invalid("why", Rule::Required).into());
            }
            if until < deed.who.today.day || until > row.last_day {
                return Err(Refusal::invalid("until", Rule::PutOffDay).into());
            }
            let client = deed.client_of_certificate(id.0).await?;
            let permit = row.permits();
            permit.remove::<put_off::Entity>(put_off::Column::CertificateId.eq(id.0)).await?;
            let said = put_off::ActiveModel {
                certificate_id: Set(id.0),
                until: Set(until),
                why: Set(why.to_owned()),
                person_id: Set(permit.who.person.0),
                at: Set(permit.now_ms()),
            };
            permit.insert(said).await?;
            let about = format!("{}, {until}: {why}", row.holder);
            let line = Entry::new(DeedKind::PutOff, about).link(format!("/certificates/{id}"));
            Ok(permit.done(Entry { client, ..line }))
        })
        .await
    }

    /// Lets the reminders of a certificate come again.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`.
    pub async fn end_put_off(&self, id: CertificateId) -> Result<()> {
        self.write(|deed| async move {
            let row = deed.certificate(Action::WorkTask, id).await?;
            let client = deed.client_of_certificate(id.0).await?;
            let permit = row.permits();
            if permit.remove::<put_off::Entity>(put_off::Column::CertificateId.eq(id.0)).await? == 0 {
                return Ok(permit.nothing());
            }
            let line = Entry::new(DeedKind::PutOffEnded, row.holder.clone()).link(format!("/certificates/{id}"));
            Ok(permit.done(Entry { client, ..line }))
        })
        .await
    }
}
