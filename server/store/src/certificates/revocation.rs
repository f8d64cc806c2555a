//! Revocation lists: what the authorities have said, and the certificates that it concerns.

use crate::core::admitted::ScopedStore;
use crate::core::connection::Store;
use crate::core::convert::instant;
use crate::core::deed::Permitted;
use crate::core::entity::{certificate, crl, crl_entry, good_answer, list_source, office, revocation};
use crate::core::fresh;
use crate::core::whoever::exists;
use crate::core::whoever::find_whoever_asks;
use crate::{Error, Result};
use chrono::{DateTime, Utc};
use domain::access::{Action, SystemRight};
use domain::audit::{DeedKind, Entry};
use domain::certificate::SignatureCheck;
use domain::id::{CertificateId, SourceId};
use domain::revocation::{AddressKind, Evidence, KnownList, ListAddress, RevocationList, RevocationSource};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, Set};
use uuid::Uuid;

/// Serial numbers that are named in one statement.
const PART: usize = 500;

/// Lists are read again after this long.
const DAY_MS: i64 = 24 * 3_600_000;

impl Store {
    /// Takes the day's round of the lists, if the owner has allowed it and none of the last 24 hours was begun: one of
    /// several processes gets it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_daily_lists(&self, now: DateTime<Utc>) -> Result<bool> {
        let at = now.timestamp_millis();
        let system = self.for_system(SystemRight::ReadLists, now);
        // A time from days to come was left by a clock that ran ahead.
        let asked = office::Column::ListsAsked.between(at - DAY_MS + 1, at + DAY_MS);
        let due = &office::Column::ListsDaily.eq(true).and(asked.not());
        if !exists::<office::Entity>(&system.rows, due.clone()).await? {
            return Ok(false);
        }
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::ReadLists)?;
                let change =
                    deed.change::<office::Entity>(due.clone()).col_expr(office::Column::ListsAsked, Expr::value(at));
                let begun = deed.run(change).await? > 0;
                Ok(deed.unrecorded().with(begun))
            })
            .await
    }
}

impl ScopedStore {
    /// What is known of each issuer's lists.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn known_lists(&self) -> Result<Vec<KnownList>> {
        let rows = self.find::<crl::Entity>(Action::See).order_by_asc(crl::Column::Issuer).all(&self.rows).await?;
        rows.into_iter().map(to_known).collect()
    }

    /// What is known of the revocation of a certificate.
    ///
    /// # Errors
    /// `NotFound` for a foreign one.
    pub async fn evidence(&self, id: CertificateId) -> Result<Evidence> {
        let row = self.certificate(Action::See, id).await?;
        if let Some(at) = row.revoked_at {
            let known = self.find::<revocation::Entity>(Action::See).filter(revocation::Column::CertificateId.eq(id.0));
            let known = known.one(&self.rows).await?;
            let source =
                known.as_ref().and_then(|k| RevocationSource::parse(&k.source)).unwrap_or(RevocationSource::Person);
            let signature =
                known.as_ref().and_then(|k| SignatureCheck::parse(&k.signature)).unwrap_or(SignatureCheck::NotChecked);
            let detail = known.map(|k| k.detail).unwrap_or_default();
            return Ok(Evidence::Revoked { at: instant(at), source, detail, signature });
        }
        let list =
            self.find::<crl::Entity>(Action::See).filter(crl::Column::Issuer.eq(row.issuer)).one(&self.rows).await?;
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
        let rows = self
            .find::<list_source::Entity>(Action::See)
            .order_by_asc(list_source::Column::Url)
            .all(&self.rows)
            .await?;
        rows.into_iter()
            .map(|r| {
                let kind = AddressKind::parse(&r.kind).ok_or(Error::Broken("address"))?;
                Ok(ListAddress { id: SourceId(r.id), kind, url: r.url })
            })
            .collect()
    }

    /// Whether the program reads the lists of the office's addresses each day by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lists_daily(&self) -> Result<bool> {
        let office = find_whoever_asks::<office::Entity>().one(&self.rows).await?;
        Ok(office.ok_or(Error::Broken("office"))?.lists_daily)
    }

    /// Allows or forbids that.
    ///
    /// # Errors
    /// `NotAllowed` for others than owners.
    pub async fn set_lists_daily(&self, daily: bool) -> Result<()> {
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            let change = deed.change::<office::Entity>(office::Column::Id.eq(1));
            deed.run_one(change.col_expr(office::Column::ListsDaily, Expr::value(daily))).await?;
            let about = if daily { "daily +" } else { "daily −" };
            Ok(deed.done(Entry::new(DeedKind::OfficeChanged, about).link("/revocation")))
        })
        .await
    }

    /// Adds an address.
    ///
    /// # Errors
    /// `NotAllowed`.
    pub async fn add_list_address(&self, kind: AddressKind, url: &str) -> Result<()> {
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;

            let same = list_source::Column::Url.eq(url).and(list_source::Column::Kind.eq(kind.code()));
            deed.remove::<list_source::Entity>(same).await?;
            deed.insert(list_source::ActiveModel {
                id: Set(fresh::id()),
                kind: Set(kind.code().into()),
                url: Set(url.to_owned()),
            })
            .await?;
            Ok(deed.done(Entry::new(DeedKind::OfficeChanged, format!("+ {url}")).link("/revocation")))
        })
        .await
    }

    /// Takes an address out.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`.
    pub async fn remove_list_address(&self, id: SourceId) -> Result<()> {
        self.write(|deed| async move {
            let row = deed.held::<list_source::Entity>(Action::Settings, list_source::Column::Id.eq(id.0)).await?;
            let deed = row.permits();
            deed.remove::<list_source::Entity>(list_source::Column::Id.eq(id.0)).await?;
            Ok(deed.done(Entry::new(DeedKind::OfficeChanged, format!("− {}", row.url)).link("/revocation")))
        })
        .await
    }
}

/// Certificates of a list's issuer, but those that it has said later by a signed answer to be good.
pub fn not_good_since(list: &RevocationList) -> SimpleExpr {
    let good = Query::select()
        .column(good_answer::Column::CertificateId)
        .from(good_answer::Entity)
        .and_where(good_answer::Column::Signature.eq(SignatureCheck::Holds.code()))
        .and_where(good_answer::Column::At.gt(list.this_update.timestamp_millis()))
        .to_owned();
    certificate::Column::Issuer.eq(list.issuer.as_str()).and(certificate::Column::Id.not_in_subquery(good))
}

/// Marks those of the certificates that stand in a known list and are not known to be revoked.
pub async fn mark(deed: &Permitted, which: SimpleExpr, detail: &str, signature: SignatureCheck) -> Result<u64> {
    let entry_of = |certificate: SimpleExpr, issuer: SimpleExpr| {
        Query::select()
            .expr(Expr::col((crl_entry::Entity, crl_entry::Column::At)))
            .from(crl_entry::Entity)
            .inner_join(
                crl::Entity,
                Expr::col((crl::Entity, crl::Column::ListId)).equals((crl_entry::Entity, crl_entry::Column::ListId)),
            )
            .and_where(Expr::col((crl::Entity, crl::Column::Issuer)).eq(issuer))
            .and_where(Expr::col((crl_entry::Entity, crl_entry::Column::Serial)).eq(certificate))
            .to_owned()
    };
    let column = |c: certificate::Column| Expr::col((certificate::Entity, c));
    let listed = find_whoever_asks::<certificate::Entity>()
        .filter(which)
        .filter(Expr::exists(entry_of(column(certificate::Column::Serial), column(certificate::Column::Issuer))))
        .all(&deed.rows)
        .await?;
    let mut marked = 0;
    for row in listed {
        let of = find_whoever_asks::<crl::Entity>()
            .filter(crl::Column::Issuer.eq(row.issuer.as_str()))
            .one(&deed.rows)
            .await?;
        let Some(list) = of.and_then(|list| list.list_id) else { continue };
        let entry = crl_entry::Column::ListId.eq(list).and(crl_entry::Column::Serial.eq(row.serial.as_str()));
        let Some(entry) = find_whoever_asks::<crl_entry::Entity>().filter(entry).one(&deed.rows).await? else {
            continue;
        };
        // What the authority signed says more than what somebody saw.
        revoke(deed, row.id, entry.at, RevocationSource::List, detail, signature).await?;
        marked += u64::from(row.revoked_at.is_none());
    }
    Ok(marked)
}

/// Marks certificates that have just come in and stand in lists that are known already.
pub async fn mark_new(deed: &Permitted, ids: &[CertificateId]) -> Result<()> {
    for list in find_whoever_asks::<crl::Entity>().all(&deed.rows).await? {
        let detail = format!("{} № {}, {}", list.issuer, list.number, instant(list.this_update).format("%Y-%m-%d"));
        let signature = SignatureCheck::parse(&list.signature).unwrap_or(SignatureCheck::NotChecked);
        for part in ids.chunks(PART) {
            let new = certificate::Column::Id.is_in(part.iter().map(|id| id.0));
            mark(deed, new.and(certificate::Column::Issuer.eq(list.issuer.as_str())), &detail, signature).await?;
        }
    }
    Ok(())
}

/// Writes that a certificate is revoked since an instant, and by whom of the authority's ways that is known.
pub async fn revoke(
    deed: &Permitted,
    certificate: Uuid,
    at: i64,
    source: RevocationSource,
    detail: &str,
    signature: SignatureCheck,
) -> Result<()> {
    let change = deed.change::<certificate::Entity>(certificate::Column::Id.eq(certificate));
    deed.run(change.col_expr(certificate::Column::RevokedAt, Expr::value(at))).await?;
    deed.remove::<revocation::Entity>(revocation::Column::CertificateId.eq(certificate)).await?;
    deed.insert(revocation::ActiveModel {
        certificate_id: Set(certificate),
        source: Set(source.code().into()),
        detail: Set(detail.to_owned()),
        signature: Set(signature.code().into()),
        seen: Set(deed.now_ms()),
        person_id: Set(None),
    })
    .await
}

/// Keeps whose word revocations are, where nothing is known of them yet.
pub async fn said_by(deed: &Permitted, certificates: impl Iterator<Item = Uuid>, how: &str) -> Result<()> {
    let certificates: Vec<Uuid> = certificates.collect();
    let these = revocation::Column::CertificateId.is_in(certificates.iter().copied());
    let known = find_whoever_asks::<revocation::Entity>().filter(these).all(&deed.rows).await?;
    let row = |certificate: Uuid| revocation::ActiveModel {
        certificate_id: Set(certificate),
        source: Set(RevocationSource::Person.code().into()),
        detail: Set(how.to_owned()),
        signature: Set(SignatureCheck::NotChecked.code().into()),
        seen: Set(deed.now_ms()),
        person_id: Set(Some(deed.who.person.0)),
    };
    let new = certificates.into_iter().filter(|c| !known.iter().any(|k| k.certificate_id == *c));
    deed.insert_all(new.map(row).collect()).await
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
