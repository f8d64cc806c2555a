//! Registering what a draft holds: one transaction, one line of history.

use crate::Result;
use crate::certificates::import_made::Made;
use crate::certificates::judge;
use crate::certificates::rows::{certificate_model, file_model};
use crate::certificates::search_words;
use crate::certificates::succession;
use crate::certificates::typed;
use crate::core::admitted::ScopedStore;
use crate::core::deed::{Deed, Permitted};
use crate::core::entity::{certificate, certificate_client, certificate_file, draft_item};
use crate::core::fresh;
use crate::core::whoever::exists;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::certificate::{Facts, SignatureCheck};
use domain::client::{ClientData, ClientKind};
use domain::id::{CertificateId, ClientId, DraftId};
use domain::import::{Choices, Outcome, PreviewCertificate, Verdict};
use domain::refusal::Refusal;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A draft on its way into the register. Rows that nothing waits for are written together at the end.
struct Accepting {
    deed: Permitted,
    known_issuers: HashSet<String>,
    /// Whether typed entries exist at all: else no client is asked for them.
    any_typed: bool,
    /// Ids by fingerprint of what was registered before, whoever may see it.
    before: HashMap<String, Uuid>,
    /// Names that somebody gave to new clients, by number.
    names: HashMap<String, String>,
    made: HashMap<String, ClientId>,
    certificates: Vec<certificate::ActiveModel>,
    files: Vec<certificate_file::ActiveModel>,
    links: Vec<certificate_client::ActiveModel>,
    registered: usize,
    made_by_it: Made,
    lineages: HashSet<String>,
    touched: HashSet<ClientId>,
    all: Vec<CertificateId>,
}

impl ScopedStore {
    /// Registers what the draft holds. Repeating it registers nothing twice. `chosen` says what is left
    /// out, whose certificates without a number are, and what new clients are called.
    ///
    /// # Errors
    /// `NotFound` for a foreign draft or a chosen client that may not be used.
    pub async fn accept(&self, id: DraftId, chosen: &Choices) -> Result<(Outcome, Vec<CertificateId>)> {
        self.write(|deed| async move {
            let accepted = deed.accept_draft(id, chosen).await?;
            let Some(line) = accepted.line else {
                return Ok(deed.nothing().with((accepted.outcome, accepted.certificates)));
            };
            let settled = deed.require(Action::Import)?.settle_replaced().await?;
            let lines = [line].into_iter().chain(settled);
            Ok(deed.done_with(lines).with((accepted.outcome, accepted.certificates)))
        })
        .await
    }
}

/// What a draft has brought into the register.
pub struct Accepted {
    pub outcome: Outcome,
    /// All of its certificates that are registered, by it or before.
    pub certificates: Vec<CertificateId>,
    /// None where nothing was new.
    pub line: Option<Entry>,
}

impl Deed {
    /// Registers what the draft holds, within this write.
    pub(crate) async fn accept_draft(&self, id: DraftId, chosen: &Choices) -> Result<Accepted> {
        let preview = self.preview(id).await?;
        let ders = self.find::<draft_item::Entity>(Action::See).filter(draft_item::Column::DraftId.eq(id.0));
        let ders = ders.all(&self.rows).await?.into_iter().filter_map(|d| d.der.map(|der| (d.no, der)));
        let ders: HashMap<i32, Vec<u8>> = ders.collect();
        // Of the lines that name no client; each chosen one is held once.
        let chosen_for: HashMap<i32, ClientId> =
            preview.open().filter_map(|no| Some((no, *chosen.clients.get(&no)?))).collect();
        let rows: Vec<(i32, PreviewCertificate)> =
            preview.rows.into_iter().filter_map(|row| row.content.ok().map(|found| (row.no, found))).collect();
        for client in chosen_for.values().collect::<HashSet<_>>() {
            self.client(Action::Import, *client).await?;
        }
        let mut accepting = Accepting::new(self.require(Action::Import)?, &rows, &chosen.names).await?;
        for (no, found) in rows.iter().filter(|(no, _)| !chosen.left_out.contains(no)) {
            if let Some(der) = ders.get(no) {
                accepting.take(found, der, chosen_for.get(no).copied()).await?;
            }
        }
        accepting.done(id).await
    }
}

impl Accepting {
    async fn new(deed: Permitted, rows: &[(i32, PreviewCertificate)], names: &HashMap<String, String>) -> Result<Self> {
        let fingerprints = rows.iter().map(|(_, found)| found.facts.fingerprint_sha256.as_str());
        Ok(Self {
            known_issuers: succession::known_issuers(&deed.rows).await?,
            any_typed: exists::<certificate::Entity>(&deed.rows, certificate::Column::Typed.eq(true)).await?,
            before: judge::ids_by_fingerprint(&deed.rows, fingerprints).await?,
            deed,
            names: names.clone(),
            made: HashMap::new(),
            certificates: Vec::new(),
            files: Vec::new(),
            links: Vec::new(),
            registered: 0,
            made_by_it: Made::default(),
            lineages: HashSet::new(),
            touched: HashSet::new(),
            all: Vec::new(),
        })
    }

    async fn take(&mut self, found: &PreviewCertificate, der: &[u8], chosen: Option<ClientId>) -> Result<()> {
        let there = self.before.get(&found.facts.fingerprint_sha256).copied().map(CertificateId);
        if found.verdict == Verdict::Known {
            self.all.extend(there);
            return Ok(());
        }
        let by_hand = chosen.filter(|_| found.verdict == Verdict::NoNumber);
        if !found.verdict.registers() && by_hand.is_none() {
            return Ok(());
        }
        // Registered meanwhile, or where the person cannot see it: it is linked to a client of theirs, or left.
        if there.is_some() && by_hand.is_none() && found.client.is_none() {
            return Ok(());
        }
        let client = match by_hand.or(found.client.as_ref().map(|(client, _)| *client)) {
            Some(client) => client,
            None => self.made_client(found).await?,
        };
        let (certificate, confirmed) = self.certificate(found, der, client, there).await?;
        if !confirmed && !self.link(certificate, client, by_hand.is_some(), &found.facts, there.is_some()).await? {
            return Ok(());
        }
        self.registered += 1;
        self.lineages.insert(found.facts.lineage());
        self.touched.insert(client);
        self.all.push(certificate);
        Ok(())
    }

    /// The certificate that was there, the typed entry that this confirms, or a new one; and whether it was such an
    /// entry.
    async fn certificate(
        &mut self,
        found: &PreviewCertificate,
        der: &[u8],
        client: ClientId,
        there: Option<CertificateId>,
    ) -> Result<(CertificateId, bool)> {
        let (now, signature) = (self.deed.now_ms(), found.signature);
        let said = if self.any_typed { typed::of_client(&self.deed, client).await? } else { Vec::new() };
        let confirmed = match there {
            None => typed::confirm(&self.deed, &said, &found.facts, signature, der, now).await?,
            Some(_) => None,
        };
        let id = match there.or(confirmed) {
            Some(id) => id,
            None => {
                let id = CertificateId(fresh::id());
                self.certificates.push(certificate_model(id, &found.facts, signature, now)?);
                self.files.push(file_model(id, &found.facts, der.to_vec())?);
                self.made_by_it.certificates.push(id.0);
                id
            }
        };
        if !said.is_empty() {
            // An entry names the certificate that silences it, so that must be written by then.
            self.flush().await?;
            let known = found.facts.issuer.common_name.as_ref().is_some_and(|name| self.known_issuers.contains(name));
            typed::silence(&self.deed, &said, &found.facts, id.0, known && signature != SignatureCheck::Fails).await?;
        }
        self.made_by_it.confirmed.extend(confirmed.map(|c| c.0));
        Ok((id, confirmed.is_some()))
    }

    /// Whether the certificate was not yet the client's.
    async fn link(
        &mut self,
        certificate: CertificateId,
        client: ClientId,
        by_hand: bool,
        facts: &Facts,
        old: bool,
    ) -> Result<bool> {
        let linked = certificate_client::Column::CertificateId
            .eq(certificate.0)
            .and(certificate_client::Column::ClientId.eq(client.0));
        if old && exists::<certificate_client::Entity>(&self.deed.rows, linked).await? {
            return Ok(false);
        }
        self.made_by_it.links.push((certificate.0, client.0));
        self.links.push(certificate_client::ActiveModel {
            certificate_id: Set(certificate.0),
            client_id: Set(client.0),
            by_hand: Set(by_hand),
            last_day: Set(facts.last_day()),
        });
        Ok(true)
    }

    async fn made_client(&mut self, found: &PreviewCertificate) -> Result<ClientId> {
        let number = found.facts.owner_number().ok_or(Refusal::NotFound)?.to_owned();
        if let Some(client) = self.made.get(&number) {
            return Ok(*client);
        }
        let kind = match (found.facts.subject.bin.is_some(), number.as_bytes().get(5)) {
            (true, Some(b'1' | b'2')) => ClientKind::Branch,
            (true, _) => ClientKind::LegalEntity,
            (false, _) => ClientKind::SoleEntrepreneur,
        };
        let names = [self.names.get(&number).cloned(), Some(found.proposed_name.clone())];
        let name = names.into_iter().flatten().find(|name| !name.trim().is_empty()).unwrap_or_else(|| number.clone());
        let data = ClientData::new(kind, name, number.clone());
        let id = self.deed.add_client(&data).await?;
        self.made.insert(number, id);
        Ok(id)
    }

    async fn flush(&mut self) -> Result<()> {
        self.deed.insert_all(std::mem::take(&mut self.certificates)).await?;
        self.deed.insert_all(std::mem::take(&mut self.files)).await?;
        self.deed.insert_all(std::mem::take(&mut self.links)).await
    }

    async fn done(mut self, id: DraftId) -> Result<Accepted> {
        self.flush().await?;
        let outcome = Outcome { registered: self.registered, new_clients: self.made.len() };
        succession::relink(&self.deed, &self.lineages, self.deed.who.today).await?;
        if outcome.registered == 0 {
            return Ok(Accepted { outcome, certificates: self.all, line: None });
        }
        search_words::refresh(&self.deed, self.all.iter().map(|c| c.0)).await?;
        crate::certificates::revocation::mark_new(&self.deed, &self.all).await?;
        self.made_by_it.clients = self.made.values().map(|c| c.0).collect();
        self.deed.remember_import(id, self.made_by_it).await?;
        let about = format!("{} + {}", outcome.registered, outcome.new_clients);
        let mut entry = Entry::new(DeedKind::Imported, about).link(format!("/import/{id}"));
        if self.touched.len() == 1 {
            entry.client = self.touched.into_iter().next();
        }
        Ok(Accepted { outcome, certificates: self.all, line: Some(entry) })
    }
}
