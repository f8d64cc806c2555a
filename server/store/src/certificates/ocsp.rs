//! Answers of authorities about single certificates (OCSP): what they change, what stays known.

use crate::Result;
use crate::certificates::revocation::revoke;
use crate::core::admitted::ScopedStore;
use crate::core::convert::instant;
use crate::core::deed::Permitted;
use crate::core::entity::{certificate, good_answer, revocation};
use crate::core::whoever::find_whoever_asks;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::certificate::SignatureCheck;
use domain::id::CertificateId;
use domain::refusal::{Refusal, Rule};
use domain::revocation::{GoodAnswer, RevocationSource, Status, StatusAnswer};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

impl ScopedStore {
    /// The bytes of a certificate that may be worked on, and the name of its issuer.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or `Invalid` for one that is only typed in.
    pub async fn certificate_to_ask(&self, id: CertificateId) -> Result<(Vec<u8>, String)> {
        let row = self.certificate(Action::WorkTask, id).await?;
        if row.typed {
            return Err(Refusal::invalid("how", Rule::NoService).into());
        }
        Ok((self.certificate_der(id).await?, row.issuer))
    }

    /// Takes an answer about a certificate in.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or `Invalid` for a signature that fails and for an answer that knows nothing.
    pub async fn take_answer(
        &self,
        id: CertificateId,
        answer: &StatusAnswer,
        signature: SignatureCheck,
        source: &str,
    ) -> Result<()> {
        self.write(|deed| async move {
            let row = deed.certificate(Action::WorkTask, id).await?;
            if signature == SignatureCheck::Fails {
                return Err(Refusal::invalid("how", Rule::AnswerSignature).into());
            }
            let client = deed.client_of_certificate(row.id).await?;
            let deed = row.permits();
            let known = find_whoever_asks::<revocation::Entity>().filter(revocation::Column::CertificateId.eq(row.id));
            let known = known.one(&deed.rows).await?;
            let checked = signature == SignatureCheck::Holds;
            // What was checked once is not overruled by what cannot be.
            let held = known.as_ref().is_some_and(|k| k.signature == SignatureCheck::Holds.code());
            let told = match answer.status {
                Status::Revoked(_) if deed.good_later(row.id, answer.this_update.timestamp_millis()).await? => {
                    return Err(Refusal::invalid("how", Rule::NoAnswer).into());
                }
                Status::Unknown => return Err(Refusal::invalid("how", Rule::UnknownThere).into()),
                Status::Revoked(at) => {
                    if checked || !held {
                        revoke(&deed, row.id, at.timestamp_millis(), RevocationSource::Answer, source, signature)
                            .await?;
                        deed.remove::<good_answer::Entity>(good_answer::Column::CertificateId.eq(row.id)).await?;
                    }
                    "answered_revoked"
                }
                Status::Good => {
                    let later = known.as_ref().is_none_or(|k| k.seen < answer.this_update.timestamp_millis());
                    let word = known.as_ref().is_none_or(|k| k.source == RevocationSource::Person.code());
                    if row.revoked_at.is_some() && later && (checked || !(held || word)) {
                        released(&deed, row.id).await?;
                    }
                    deed.remove::<good_answer::Entity>(good_answer::Column::CertificateId.eq(row.id)).await?;
                    deed.insert(good_answer::ActiveModel {
                        certificate_id: Set(row.id),
                        at: Set(answer.this_update.timestamp_millis()),
                        source: Set(source.to_owned()),
                        signature: Set(signature.code().into()),
                    })
                    .await?;
                    "answered_good"
                }
            };
            let about = format!("{}: {source}, {told}", row.holder);
            let mut entry = Entry::new(DeedKind::RevocationAsked, about).link(format!("/certificates/{id}"));
            entry.client = client;
            Ok(deed.done(entry))
        })
        .await
    }
}

impl Permitted {
    /// Whether a signed "good" of a later moment is known: an earlier answer may be a repeated one.
    async fn good_later(&self, id: Uuid, at: i64) -> Result<bool> {
        let later = good_answer::Column::CertificateId
            .eq(id)
            .and(good_answer::Column::Signature.eq(SignatureCheck::Holds.code()))
            .and(good_answer::Column::At.gt(at));
        crate::core::whoever::exists::<good_answer::Entity>(&self.rows, later).await
    }
}

impl ScopedStore {
    /// The last answer "good" about a certificate.
    pub(crate) async fn good_answer(&self, id: CertificateId) -> Result<Option<GoodAnswer>> {
        let row = self.find::<good_answer::Entity>(Action::See).filter(good_answer::Column::CertificateId.eq(id.0));
        Ok(row.one(&self.rows).await?.map(|row| GoodAnswer {
            at: instant(row.at),
            source: row.source,
            signature: SignatureCheck::parse(&row.signature).unwrap_or(SignatureCheck::NotChecked),
        }))
    }
}

/// Takes back that a certificate is revoked; one that was checked waits to be checked again.
pub async fn released(deed: &Permitted, id: Uuid) -> Result<()> {
    let free = deed.change::<certificate::Entity>(certificate::Column::Id.eq(id));
    let free = free
        .col_expr(certificate::Column::RevokedAt, Expr::value(None::<i64>))
        .col_expr(certificate::Column::CheckedAt, Expr::value(None::<i64>));
    deed.run(free).await?;
    deed.remove::<revocation::Entity>(revocation::Column::CertificateId.eq(id)).await?;
    Ok(())
}
