//! Revocation lists: what the authorities have said, and the certificates that it concerns.

use crate::admitted::Shelf;
use crate::convert::instant;
use crate::deed::Deed;
use crate::entity::{certificate, crl, crl_entry, good_answer, list_source, revocation};
use crate::scope::find_whoever_asks;
use crate::{Error, Result, fresh};
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::certificate::SignatureCheck;
use domain::id::{CertificateId, SourceId};
use domain::refusal::{Refusal, Rule};
use domain::revocation::{
    AddressKind, Evidence, KnownList, ListAddress, ListRead, REMOVED, RevocationList, RevocationSource, later,
};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, Set};
use std::collections::HashMap;
use uuid::Uuid;

/// Serial numbers that are named in one statement.
const PART: usize = 500;

impl Shelf {
    /// What is known of each issuer's lists.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn known_lists(&self) -> Result<Vec<KnownList>> {
        let rows = self.find::<crl::Entity>(Action::See).order_by_asc(crl::Column::Issuer).all(&self.store.db).await?;
        rows.into_iter().map(to_known).collect()
    }

    /// Takes a list in: the entries of its issuer are those of the list, registered certificates among them are revoked.
    /// A file is the owner's to give; an address of the office's table anybody's who works tasks.
    ///
    /// # Errors
    /// `NotAllowed`, or `Invalid` for a list whose signature fails, or which is older than what is known.
    pub async fn take_list(
        &self,
        list: RevocationList,
        signature: SignatureCheck,
        source: &str,
        from_table: bool,
    ) -> Result<ListRead> {
        self.require(if from_table { Action::WorkTask } else { Action::Settings })?;
        if signature == SignatureCheck::Fails {
            return Err(Refusal::invalid("files", Rule::ListSignature).into());
        }
        let deed = self.deed().await?;
        let known = find_whoever_asks::<crl::Entity>().filter(crl::Column::Issuer.eq(list.issuer.as_str())).one(&deed.tx).await?;
        // What was checked once is not overruled by what cannot be.
        let held = known.as_ref().is_some_and(|k| k.signature == SignatureCheck::Holds.code());
        if held && signature != SignatureCheck::Holds {
            return Err(Refusal::invalid("files", Rule::ListSignature).into());
        }
        let follows = match (&known, &list.base) {
            (Some(known), Some(base)) => later(&list.number, &known.number) && !later(base, &known.number),
            (Some(known), None) => {
                !later(&known.number, &list.number) && known.this_update <= list.this_update.timestamp_millis()
            }
            (None, Some(_)) => false,
            (None, None) => true,
        };
        if !follows {
            return Err(Refusal::invalid("files", Rule::OldList).into());
        }
        let mut read = ListRead::default();
        self.write_entries(&deed, &list).await?;
        let of_issuer = crl_entry::Column::Issuer.eq(list.issuer.as_str());
        let entries =
            sea_orm::PaginatorTrait::count(find_whoever_asks::<crl_entry::Entity>().filter(of_issuer), &deed.tx).await?;
        read.entries = i64::try_from(entries).unwrap_or(i64::MAX);
        deed.remove::<crl::Entity>(crl::Column::Issuer.eq(list.issuer.as_str())).await?;
        deed.insert(crl::ActiveModel {
            issuer: Set(list.issuer.clone()),
            number: Set(list.number.clone()),
            this_update: Set(list.this_update.timestamp_millis()),
            next_update: Set(list.next_update.map(|at| at.timestamp_millis())),
            signature: Set(signature.code().into()),
            source: Set(source.to_owned()),
            read_at: Set(self.now_ms()),
            entries: Set(read.entries),
        })
        .await?;
        let detail = format!("{} № {}, {}", list.issuer, list.number, list.this_update.format("%Y-%m-%d"));
        read.released = self.release(&deed, &list, signature).await?;
        read.revoked = mark(&deed, not_good_since(&list), &detail, signature, self.now_ms()).await?;
        let about = format!("{detail}: {} / +{} −{}", read.entries, read.revoked, read.released);
        deed.done(Entry::new(DeedKind::RevocationsRead, about).link("/revocation")).await?;
        Ok(read)
    }

    async fn write_entries(&self, deed: &Deed, list: &RevocationList) -> Result<()> {
        let issuer = || crl_entry::Column::Issuer.eq(list.issuer.as_str());
        if list.base.is_none() {
            deed.remove::<crl_entry::Entity>(issuer()).await?;
        } else {
            for part in list.entries.chunks(PART) {
                let named = crl_entry::Column::Serial.is_in(part.iter().map(|e| e.serial.as_str()));
                deed.remove::<crl_entry::Entity>(issuer().and(named)).await?;
            }
        }
        let mut by_serial: HashMap<&str, crl_entry::ActiveModel> = HashMap::new();
        for entry in list.entries.iter().filter(|e| e.reason != Some(REMOVED)) {
            let row = crl_entry::ActiveModel {
                issuer: Set(list.issuer.clone()),
                serial: Set(entry.serial.clone()),
                at: Set(entry.at.timestamp_millis()),
                reason: Set(entry.reason.map(i32::from)),
            };
            by_serial.insert(&entry.serial, row);
        }
        deed.insert_all(by_serial.into_values().collect()).await
    }

    /// A certificate that an earlier list named and this one does not is free again, if it was still valid: lists keep
    /// entries until the end of validity (RFC 5280, 3.3).
    async fn release(&self, deed: &Deed, list: &RevocationList, signature: SignatureCheck) -> Result<u64> {
        let listed = Query::select()
            .column(crl_entry::Column::Serial)
            .from(crl_entry::Entity)
            .and_where(crl_entry::Column::Issuer.eq(list.issuer.as_str()))
            .to_owned();
        // An answer of an earlier moment gives way too, unless it was checked and the list cannot be.
        let earlier = revocation::Column::Source
            .eq(RevocationSource::Answer.code())
            .and(revocation::Column::Seen.lt(list.this_update.timestamp_millis()));
        let earlier = if signature == SignatureCheck::Holds {
            earlier
        } else {
            earlier.and(revocation::Column::Signature.ne(SignatureCheck::Holds.code()))
        };
        let by_list = Query::select()
            .column(revocation::Column::CertificateId)
            .from(revocation::Entity)
            .and_where(revocation::Column::Source.eq(RevocationSource::List.code()).or(earlier))
            .to_owned();
        let gone = find_whoever_asks::<certificate::Entity>()
            .filter(certificate::Column::Issuer.eq(list.issuer.as_str()))
            .filter(certificate::Column::Id.in_subquery(by_list))
            .filter(certificate::Column::NotAfter.gt(list.this_update.timestamp_millis()))
            .filter(certificate::Column::Serial.not_in_subquery(listed))
            .all(&deed.tx)
            .await?;
        for row in &gone {
            crate::answers::released(deed, row.id).await?;
        }
        Ok(gone.len() as u64)
    }

    /// What is known of the revocation of a certificate.
    ///
    /// # Errors
    /// `NotFound` for a foreign one.
    pub async fn evidence(&self, id: CertificateId) -> Result<Evidence> {
        let row = self.certificate(Action::See, id).await?;
        if let Some(at) = row.revoked_at {
            let known = self.find::<revocation::Entity>(Action::See).filter(revocation::Column::CertificateId.eq(id.0));
            let known = known.one(&self.store.db).await?;
            let source = known.as_ref().and_then(|k| RevocationSource::parse(&k.source)).unwrap_or(RevocationSource::Person);
            let signature =
                known.as_ref().and_then(|k| SignatureCheck::parse(&k.signature)).unwrap_or(SignatureCheck::NotChecked);
            let detail = known.map(|k| k.detail).unwrap_or_default();
            return Ok(Evidence::Revoked { at: instant(at), source, detail, signature });
        }
        let list = self.find::<crl::Entity>(Action::See).filter(crl::Column::Issuer.eq(row.issuer)).one(&self.store.db).await?;
        let (list, answer) = (list.map(to_known).transpose()?, self.good_answer(id).await?);
        Ok(match (list, answer) {
            (Some(list), Some(answer)) if answer.at < list.this_update => Evidence::NotListed(list),
            (_, Some(answer)) => Evidence::Good(answer),
            (Some(list), None) => Evidence::NotListed(list),
            (None, None) => Evidence::NoList,
        })
    }

    /// Addresses that may be asked, for lists or for answers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_addresses(&self) -> Result<Vec<ListAddress>> {
        let rows =
            self.find::<list_source::Entity>(Action::See).order_by_asc(list_source::Column::Url).all(&self.store.db).await?;
        rows.into_iter()
            .map(|r| {
                let kind = AddressKind::parse(&r.kind).ok_or(Error::Broken("address"))?;
                Ok(ListAddress { id: SourceId(r.id), kind, url: r.url })
            })
            .collect()
    }

    /// Adds an address.
    ///
    /// # Errors
    /// `NotAllowed`.
    pub async fn add_list_address(&self, kind: AddressKind, url: String) -> Result<()> {
        self.require(Action::Settings)?;
        let deed = self.deed().await?;
        let same = list_source::Column::Url.eq(url.as_str()).and(list_source::Column::Kind.eq(kind.code()));
        deed.remove::<list_source::Entity>(same).await?;
        deed.insert(list_source::ActiveModel { id: Set(fresh::id()), kind: Set(kind.code().into()), url: Set(url.clone()) })
            .await?;
        deed.done(Entry::new(DeedKind::OfficeChanged, format!("+ {url}")).link("/revocation")).await
    }

    /// Takes an address out.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`.
    pub async fn remove_list_address(&self, id: SourceId) -> Result<()> {
        let row = self.one::<list_source::Entity>(Action::Settings, list_source::Column::Id.eq(id.0)).await?;
        let deed = self.deed().await?;
        deed.remove::<list_source::Entity>(list_source::Column::Id.eq(id.0)).await?;
        deed.done(Entry::new(DeedKind::OfficeChanged, format!("− {}", row.url)).link("/revocation")).await
    }
}

/// Certificates of a list's issuer, but those that it has said later by a signed answer to be good.
fn not_good_since(list: &RevocationList) -> SimpleExpr {
    let good = Query::select()
        .column(good_answer::Column::CertificateId)
        .from(good_answer::Entity)
        .and_where(good_answer::Column::Signature.eq(SignatureCheck::Holds.code()))
        .and_where(good_answer::Column::At.gt(list.this_update.timestamp_millis()))
        .to_owned();
    certificate::Column::Issuer.eq(list.issuer.as_str()).and(certificate::Column::Id.not_in_subquery(good))
}

/// Marks those of the certificates that stand in a known list and are not known to be revoked.
pub async fn mark(deed: &Deed, which: SimpleExpr, detail: &str, signature: SignatureCheck, now_ms: i64) -> Result<u64> {
    let serials = Query::select()
        .column(crl_entry::Column::Serial)
        .from(crl_entry::Entity)
        .and_where(
            Expr::col((crl_entry::Entity, crl_entry::Column::Issuer)).equals((certificate::Entity, certificate::Column::Issuer)),
        )
        .to_owned();
    let listed = find_whoever_asks::<certificate::Entity>()
        .filter(which)
        .filter(certificate::Column::Serial.in_subquery(serials))
        .all(&deed.tx)
        .await?;
    let mut marked = 0;
    for row in listed {
        let entry = crl_entry::Column::Issuer.eq(row.issuer.as_str()).and(crl_entry::Column::Serial.eq(row.serial.as_str()));
        let Some(entry) = find_whoever_asks::<crl_entry::Entity>().filter(entry).one(&deed.tx).await? else { continue };
        // What the authority signed says more than what somebody saw.
        revoke(deed, row.id, entry.at, RevocationSource::List, detail, signature, now_ms).await?;
        marked += u64::from(row.revoked_at.is_none());
    }
    Ok(marked)
}

/// Marks certificates that have just come in and stand in lists that are known already.
pub async fn mark_new(deed: &Deed, ids: &[CertificateId], now_ms: i64) -> Result<()> {
    for list in find_whoever_asks::<crl::Entity>().all(&deed.tx).await? {
        let detail = format!("{} № {}, {}", list.issuer, list.number, instant(list.this_update).format("%Y-%m-%d"));
        let signature = SignatureCheck::parse(&list.signature).unwrap_or(SignatureCheck::NotChecked);
        for part in ids.chunks(PART) {
            let new = certificate::Column::Id.is_in(part.iter().map(|id| id.0));
            mark(deed, new.and(certificate::Column::Issuer.eq(list.issuer.as_str())), &detail, signature, now_ms).await?;
        }
    }
    Ok(())
}

/// Writes that a certificate is revoked since an instant, and by whom of the authority's ways that is known.
pub async fn revoke(
    deed: &Deed,
    certificate: Uuid,
    at: i64,
    source: RevocationSource,
    detail: &str,
    signature: SignatureCheck,
    now_ms: i64,
) -> Result<()> {
    let change = deed.change::<certificate::Entity>(certificate::Column::Id.eq(certificate));
    deed.run(change.col_expr(certificate::Column::RevokedAt, Expr::value(at))).await?;
    deed.remove::<revocation::Entity>(revocation::Column::CertificateId.eq(certificate)).await?;
    deed.insert(revocation::ActiveModel {
        certificate_id: Set(certificate),
        source: Set(source.code().into()),
        detail: Set(detail.to_owned()),
        signature: Set(signature.code().into()),
        seen: Set(now_ms),
        person_id: Set(None),
    })
    .await
}

/// Keeps whose word a revocation is.
pub async fn said_by(deed: &Deed, certificate: Uuid, person: Uuid, how: &str, now_ms: i64) -> Result<()> {
    let known = revocation::Column::CertificateId.eq(certificate);
    if crate::scope::exists::<revocation::Entity>(&deed.tx, known).await? {
        return Ok(());
    }
    deed.insert(revocation::ActiveModel {
        certificate_id: Set(certificate),
        source: Set(RevocationSource::Person.code().into()),
        detail: Set(how.to_owned()),
        signature: Set(SignatureCheck::NotChecked.code().into()),
        seen: Set(now_ms),
        person_id: Set(Some(person)),
    })
    .await
}

fn to_known(row: crl::Model) -> Result<KnownList> {
    Ok(KnownList {
        signature: SignatureCheck::parse(&row.signature).ok_or(Error::Broken("signature"))?,
        this_update: instant(row.this_update),
        next_update: row.next_update.map(instant),
        read_at: instant(row.read_at),
        issuer: row.issuer,
        number: row.number,
        source: row.source,
        entries: row.entries,
    })
}
