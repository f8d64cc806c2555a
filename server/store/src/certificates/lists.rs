//! Taking revocation lists in: the entries in parts, each a write of its own, then one short write in which they count.

use super::ocsp::released;
use super::revocation::{mark, not_good_since};
use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::deed::{Deed, Permitted};
use crate::core::entity::{certificate, crl, crl_entry, revocation};
use crate::core::fresh;
use crate::core::rows::Rows;
use crate::core::whoever::find_whoever_asks;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::certificate::SignatureCheck;
use domain::refusal::{Refusal, Rule};
use domain::revocation::{ListRead, REMOVED, RevocationList, RevocationSource, later};
use sea_orm::sea_query::{ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use std::collections::HashMap;
use uuid::Uuid;

/// Serial numbers that are named in one statement.
const PART: usize = 500;
/// Entries of one write: others write between two of them.
const WRITE: usize = 2_000;

/// Clocks and zones may differ by this much, in milliseconds: a day.
const SKEW_MS: i64 = 86_400_000;

/// A list whose way in has begun.
struct Incoming<'a> {
    list: &'a RevocationList,
    signature: SignatureCheck,
    /// Where it came from: an address or the name of a file.
    source: &'a str,
    action: Action,
}

impl ScopedStore {
    /// Takes a list in: the entries of its issuer are those of the list, registered certificates among them are
    /// revoked.
    /// A file is the owner's to give; an address of the office's table anybody's who works tasks. A long list goes in
    /// by parts that nobody sees until it is whole.
    ///
    /// # Errors
    /// `NotAllowed`, or `Invalid` for a list whose signature fails, or which is dated in the future or older than
    /// what is known.
    pub async fn take_list(
        &self,
        list: RevocationList,
        signature: SignatureCheck,
        source: &str,
        from_table: bool,
    ) -> Result<ListRead> {
        let action = if from_table { Action::WorkTask } else { Action::Settings };
        self.require(action)?;
        if signature == SignatureCheck::Fails {
            return Err(Refusal::invalid("files", Rule::ListSignature).into());
        }
        if list.this_update.timestamp_millis() > self.now_ms() + SKEW_MS {
            return Err(Refusal::invalid("files", Rule::FutureList).into());
        }
        let incoming = Incoming { list: &list, signature, source, action };
        let known = follows(&self.rows, &incoming).await?;
        if list.base.is_some() {
            let current = known.and_then(|k| k.list_id).ok_or(Refusal::invalid("files", Rule::DeltaAlone))?;
            return self.list_counts(&incoming, current, true).await;
        }
        let id = fresh::id();
        for part in last_words(&list).chunks(WRITE) {
            self.write(|deed| async move {
                let deed = deed.require(action)?;
                deed.insert_all(entries(id, part)).await?;
                Ok(deed.unrecorded())
            })
            .await?;
        }
        let read = self.list_counts(&incoming, id, false).await;
        // The one that lost its place goes; what cannot be removed now is swept later.
        let gone = if read.is_ok() { known.and_then(|k| k.list_id) } else { Some(id) };
        if let Some(gone) = gone
            && let Err(error) = self.remove_entries(gone, action).await
        {
            tracing::warn!(%error, "entries of an old revocation list are left for the sweep");
        }
        read
    }

    /// The write in which a list begins to count.
    async fn list_counts(&self, incoming: &Incoming<'_>, id: Uuid, delta: bool) -> Result<ListRead> {
        let Incoming { list, signature, source, action } = *incoming;
        self.write(|deed| async move {
            follows(&deed.rows, incoming).await?;
            let deed = deed.require(action)?;
            if delta {
                deed.apply_delta(id, list).await?;
            }
            let all = find_whoever_asks::<crl_entry::Entity>().filter(crl_entry::Column::ListId.eq(id));
            let mut read = ListRead {
                entries: i64::try_from(all.count(&deed.rows).await?).unwrap_or(i64::MAX),
                ..ListRead::default()
            };
            deed.remove::<crl::Entity>(crl::Column::Issuer.eq(list.issuer.as_str())).await?;
            deed.insert(crl::ActiveModel {
                issuer: Set(list.issuer.clone()),
                number: Set(list.number.clone()),
                this_update: Set(list.this_update.timestamp_millis()),
                next_update: Set(list.next_update.map(|at| at.timestamp_millis())),
                signature: Set(signature.code().into()),
                source: Set(source.to_owned()),
                read_at: Set(deed.now_ms()),
                entries: Set(read.entries),
                list_id: Set(Some(id)),
            })
            .await?;
            let detail = format!("{} № {}, {}", list.issuer, list.number, list.this_update.format("%Y-%m-%d"));
            read.released = deed.release(id, list, signature).await?;
            read.revoked = mark(&deed, not_good_since(list), &detail, signature).await?;
            let about = format!("{detail}: {} / +{} −{}", read.entries, read.revoked, read.released);
            Ok(deed.done(Entry::new(DeedKind::RevocationsRead, about).link("/revocation")).with(read))
        })
        .await
    }

    /// Removes the entries of a list that does not count, in parts.
    pub(crate) async fn remove_entries(&self, list: Uuid, action: Action) -> Result<()> {
        loop {
            let removed = self.write(|deed| async move { deed.remove_part(deed.require(action)?, list).await }).await?;
            if removed == 0 {
                return Ok(());
            }
        }
    }
}

impl Deed {
    pub(crate) async fn remove_part(&self, permitted: Permitted, list: Uuid) -> Result<crate::core::deed::Done<u64>> {
        let of_list = crl_entry::Column::ListId.eq(list);
        let serials: Vec<String> = find_whoever_asks::<crl_entry::Entity>()
            .filter(of_list.clone())
            .order_by_asc(crl_entry::Column::Serial)
            .select_only()
            .column(crl_entry::Column::Serial)
            .limit(WRITE as u64)
            .into_tuple()
            .all(&self.rows)
            .await?;
        let Some(last) = serials.last() else { return Ok(self.nothing().with(0)) };
        let removed =
            permitted.remove::<crl_entry::Entity>(of_list.and(crl_entry::Column::Serial.lte(last.as_str()))).await?;
        Ok(self.unrecorded().with(removed))
    }
}

/// What is known of the issuer's lists, if the list goes on from it.
async fn follows(rows: &Rows, incoming: &Incoming<'_>) -> Result<Option<crl::Model>> {
    let list = incoming.list;
    let known =
        find_whoever_asks::<crl::Entity>().filter(crl::Column::Issuer.eq(list.issuer.as_str())).one(rows).await?;
    // What was checked once is not overruled by what cannot be.
    let checked = known.as_ref().is_some_and(|k| k.signature == SignatureCheck::Holds.code());
    if checked && incoming.signature != SignatureCheck::Holds {
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
    if follows { Ok(known) } else { Err(Refusal::invalid("files", Rule::OldList).into()) }
}

/// Serial number, instant and reason of each certificate; of several entries the last one counts.
fn last_words(list: &RevocationList) -> Vec<(&str, i64, Option<i32>)> {
    let mut by_serial = HashMap::new();
    for entry in list.entries.iter().filter(|e| e.reason != Some(REMOVED)) {
        by_serial.insert(entry.serial.as_str(), (entry.at.timestamp_millis(), entry.reason.map(i32::from)));
    }
    by_serial.into_iter().map(|(serial, (at, reason))| (serial, at, reason)).collect()
}

fn entries(list: Uuid, part: &[(&str, i64, Option<i32>)]) -> Vec<crl_entry::ActiveModel> {
    let row = |(serial, at, reason): &(&str, i64, Option<i32>)| crl_entry::ActiveModel {
        list_id: Set(list),
        serial: Set((*serial).to_owned()),
        at: Set(*at),
        reason: Set(*reason),
    };
    part.iter().map(row).collect()
}

impl Permitted {
    /// A delta list changes the entries of the list that it goes on from.
    async fn apply_delta(&self, id: Uuid, list: &RevocationList) -> Result<()> {
        for part in list.entries.chunks(PART) {
            let named = crl_entry::Column::Serial.is_in(part.iter().map(|e| e.serial.as_str()));
            self.remove::<crl_entry::Entity>(crl_entry::Column::ListId.eq(id).and(named)).await?;
        }
        self.insert_all(entries(id, &last_words(list))).await
    }

    /// A certificate that an earlier list named and this one does not is free again, if it was still valid: lists keep
    /// entries until the end of validity (RFC 5280, 3.3).
    async fn release(&self, id: Uuid, list: &RevocationList, signature: SignatureCheck) -> Result<u64> {
        let listed = Query::select()
            .column(crl_entry::Column::Serial)
            .from(crl_entry::Entity)
            .and_where(crl_entry::Column::ListId.eq(id))
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
            .all(&self.rows)
            .await?;
        for row in &gone {
            released(self, row.id).await?;
        }
        Ok(gone.len() as u64)
    }
}
