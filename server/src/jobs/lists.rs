//! Reading revocation lists: each day by itself where the owner has allowed it, and whenever somebody asks.

use crate::state::AppState;
use crate::{lists, refusals};
use domain::access::SystemRight;
use domain::certificate::SignatureCheck;
use domain::refusal::{Refusal, Rule};
use domain::revocation::{AddressKind, Fetched, ListRead, RevocationList};
use std::sync::Arc;
use std::time::Duration;
use store::ScopedStore;

pub const EVERY: Duration = Duration::from_secs(600);

/// How a round of all addresses ended.
pub type Round = Result<Vec<Fetched>, Refusal>;

/// Reads the lists where a day has passed since the last time and no other process has begun.
pub async fn run(state: Arc<AppState>) {
    let now = state.clock.now();
    match state.store.begin_daily_lists(now).await {
        Ok(true) => {}
        Ok(false) => return,
        Err(error) => {
            tracing::info!(%error, "whether revocation lists are due could not be asked");
            return;
        }
    }
    match fetch_all(&state.store.for_system(SystemRight::ReadLists, now)).await {
        Ok(done) => {
            let read = done.iter().filter(|f| f.outcome.is_ok()).count();
            tracing::info!(read, of = done.len(), "revocation lists of the day");
        }
        Err(refusal) => tracing::warn!(%refusal, "revocation lists of the day could not be read"),
    }
}

/// Asks every address of the office's table; how each ended.
///
/// # Errors
/// `NotAllowed`, or where the database fails.
pub async fn fetch_all(scoped: &ScopedStore) -> Round {
    let mut got = Vec::new();
    let addresses = scoped.list_addresses().await.map_err(refusals::of)?;
    for address in addresses.into_iter().filter(|a| a.kind == AddressKind::Lists) {
        let list = match lists::fetch(&address.url).await {
            Ok(bytes) => parse(bytes).await,
            Err(error) => {
                tracing::info!(url = address.url, %error, "a revocation list was not fetched");
                Err(Refusal::invalid("files", Rule::NotFetched))
            }
        };
        got.push((address.url, list));
    }
    // A delta list goes on from a full one.
    got.sort_by_key(|(_, list)| list.as_ref().is_ok_and(|(list, _)| list.base.is_some()));
    let mut out = Vec::new();
    for (url, list) in got {
        let outcome = match list {
            Ok((list, der)) => take(scoped, list, der, &url, true).await,
            Err(refusal) => Err(refusal),
        };
        if matches!(outcome, Err(Refusal::NotAllowed)) {
            return Err(Refusal::NotAllowed);
        }
        // A full list that brings nothing new is no fault.
        let nothing_new = matches!(outcome, Err(Refusal::Invalid { rule: Rule::OldList, .. }));
        out.push(Fetched { url, outcome: if nothing_new { Ok(ListRead::default()) } else { outcome } });
    }
    Ok(out)
}

/// Reads a list that somebody brought as a file.
///
/// # Errors
/// `NotAllowed`, `Invalid` for what is no list, is older than what is known, or has a wrong signature.
pub async fn read_list(scoped: &ScopedStore, bytes: Vec<u8>, name: &str) -> Result<ListRead, Refusal> {
    let (list, der) = parse(bytes).await?;
    take(scoped, list, der, name, false).await
}

/// A national list is long: it is read beside the threads that answer pages.
async fn parse(bytes: Vec<u8>) -> Result<(RevocationList, Vec<u8>), Refusal> {
    let read = tokio::task::spawn_blocking(move || pki::read_crl(&bytes)).await;
    read.map_err(|e| refusals::internal(&e))?.map_err(|why| Refusal::invalid("files", Rule::NoList(why)))
}

async fn take(
    scoped: &ScopedStore,
    list: RevocationList,
    der: Vec<u8>,
    source: &str,
    from_table: bool,
) -> Result<ListRead, Refusal> {
    let authorities = scoped.authority_certificates().await.map_err(refusals::of)?;
    let own: Vec<Vec<u8>> =
        authorities.into_iter().filter(|(name, _)| *name == list.issuer).map(|(_, der)| der).collect();
    // An authority may have several certificates of one name: one that fits is enough.
    let checked =
        tokio::task::spawn_blocking(move || own.iter().map(|issuer| pki::check_crl(&der, issuer)).min_by_key(worth))
            .await;
    let signature = checked.map_err(|e| refusals::internal(&e))?.unwrap_or(SignatureCheck::NotChecked);
    scoped.take_list(list, signature, source, from_table).await.map_err(refusals::of)
}

fn worth(check: &SignatureCheck) -> u8 {
    match check {
        SignatureCheck::Holds => 0,
        SignatureCheck::Fails => 1,
        SignatureCheck::NotChecked => 2,
    }
}
