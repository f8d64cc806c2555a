//! Import: drafts, what they would do, and doing it in one transaction.

use crate::admitted::Shelf;
use crate::convert::{codes, json, to_json};
use crate::deed::Deed;
use crate::entity::{certificate, certificate_client, certificate_file, client, draft, draft_item};
use crate::scope::{exists, find_whoever_asks};
use crate::{Error, Result, fresh, succession, typed};
use domain::access::{Action, Reach};
use domain::audit::{DeedKind, Entry};
use domain::certificate::{Facts, SignatureCheck, Warning};
use domain::client::{ClientData, ClientKind};
use domain::fold::shown;
use domain::id::{CertificateId, ClientId, DraftId};
use domain::import::{FileError, FileHint, Outcome, Preview, PreviewCertificate, PreviewRow, Verdict};
use domain::refusal::Refusal;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, Set};
use std::collections::{HashMap, HashSet};

/// Drafts that nobody confirmed are forgotten after a day.
const DRAFT_LIFE_MS: i64 = 24 * 3600 * 1000;

/// A certificate, or a file that was not read, on its way into a draft.
#[derive(Debug, Clone)]
pub struct DraftItem {
    pub file: String,
    /// DER bytes, facts and the check of the issuer's signature.
    pub content: std::result::Result<(Vec<u8>, Facts, SignatureCheck), (FileError, FileHint)>,
}

impl Shelf {
    /// Keeps what was read until it is confirmed. Only public certificates get here.
    ///
    /// # Errors
    /// `NotAllowed` for those who may not import.
    pub async fn draft(&self, items: Vec<DraftItem>) -> Result<DraftId> {
        self.require(Action::Import)?;
        let id = DraftId(fresh::id());
        let deed = self.deed().await?;
        deed.remove::<draft::Entity>(draft::Column::Made.lt(self.now_ms() - DRAFT_LIFE_MS)).await?;
        deed.insert(draft::ActiveModel {
            id: Set(id.0),
            person_id: Set(self.who.person.0),
            task_id: Set(None),
            made: Set(self.now_ms()),
        })
        .await?;
        let mut rows = Vec::with_capacity(items.len());
        for (no, item) in (0..).zip(items) {
            rows.push(item_row(id, no, item)?);
        }
        deed.insert_all(rows).await?;
        // A draft changes nothing of the register, so it has no line of history.
        deed.tx.commit().await?;
        Ok(id)
    }

    /// What confirming a draft would do, judged afresh.
    ///
    /// # Errors
    /// `NotFound` for a foreign or forgotten draft.
    pub async fn preview(&self, id: DraftId) -> Result<Preview> {
        self.one::<draft::Entity>(Action::See, draft::Column::Id.eq(id.0)).await?;
        let items = self
            .find::<draft_item::Entity>(Action::See)
            .filter(draft_item::Column::DraftId.eq(id.0))
            .order_by_asc(draft_item::Column::No)
            .all(&self.store.db)
            .await?;
        let mut seen = HashSet::new();
        let mut rows = Vec::with_capacity(items.len());
        let visible = self.clients_by_number(&items).await?;
        for item in items {
            let content = match read_item(&item)? {
                Err(refused) => Err(refused),
                Ok((facts, signature)) => {
                    let repeated = !seen.insert(facts.fingerprint_sha256.clone());
                    Ok(self.judge(facts, signature, repeated, &visible).await?)
                }
            };
            rows.push(PreviewRow { no: item.no, file: item.file, content });
        }
        Ok(Preview { draft: id, rows })
    }

    /// Clients within import's reach by number, in one statement for the whole draft.
    async fn clients_by_number(&self, items: &[draft_item::Model]) -> Result<HashMap<String, (ClientId, String)>> {
        let mut numbers = HashSet::new();
        for item in items {
            if let Ok((facts, _)) = read_item(item)? {
                numbers.extend(facts.owner_number().map(str::to_owned));
            }
        }
        let numbers: Vec<String> = numbers.into_iter().collect();
        let mut out = HashMap::new();
        for part in numbers.chunks(500) {
            let rows = self
                .find::<client::Entity>(Action::Import)
                .filter(client::Column::Number.is_in(part))
                .all(&self.store.db)
                .await?;
            out.extend(rows.into_iter().map(|c| (c.number, (ClientId(c.id), c.name))));
        }
        Ok(out)
    }

    /// What would happen with one certificate. Foreign and missing clients look the same.
    async fn judge(
        &self,
        mut facts: Facts,
        signature: SignatureCheck,
        repeated: bool,
        visible: &HashMap<String, (ClientId, String)>,
    ) -> Result<PreviewCertificate> {
        let db = &self.store.db;
        let known = self
            .find::<certificate::Entity>(Action::See)
            .filter(certificate::Column::Fingerprint.eq(facts.fingerprint_sha256.as_str()))
            .one(db)
            .await?;
        let client = facts.owner_number().and_then(|n| visible.get(n)).cloned();
        let proposed_name =
            shown(facts.subject.organization.as_deref().or(facts.subject.common_name.as_deref()).unwrap_or_default(), 200);
        let verdict = if facts.is_ca {
            Verdict::Authority
        } else if repeated {
            Verdict::Repeated
        } else if known.is_some() {
            Verdict::Known
        } else if facts.owner_number().is_none() {
            Verdict::NoNumber
        } else if client.is_some() {
            self.generation(&facts).await?
        } else if self.may_create_for(&facts).await? {
            Verdict::NewClient
        } else {
            Verdict::NoClient
        };
        let same_serial = certificate::Column::Serial
            .eq(facts.serial.as_str())
            .and(certificate::Column::Issuer.eq(facts.issuer.common_name.as_deref().unwrap_or_default()))
            .and(certificate::Column::Fingerprint.ne(facts.fingerprint_sha256.as_str()));
        if self.find::<certificate::Entity>(Action::See).filter(same_serial).one(db).await?.is_some() {
            facts.warnings.push(Warning::SerialRepeated);
        }
        if signature == SignatureCheck::Fails {
            facts.warnings.push(Warning::SignatureMismatch);
        }
        Ok(PreviewCertificate { facts, signature, verdict, client, proposed_name })
    }

    /// New, or before or after a generation that is registered.
    async fn generation(&self, facts: &Facts) -> Result<Verdict> {
        let others = self
            .find::<certificate::Entity>(Action::See)
            .filter(certificate::Column::Lineage.eq(facts.lineage()))
            .order_by_desc(certificate::Column::NotBefore)
            .all(&self.store.db)
            .await?;
        let from = facts.not_before.timestamp_millis();
        // The two halves of one set begin within minutes of each other.
        let apart = |c: &&certificate::Model| (c.not_before - from).abs() > 600_000;
        Ok(match others.iter().filter(apart).find(|c| c.not_before < from) {
            Some(older) => Verdict::Newer { of: older.last_day.to_string() },
            None => match others.iter().rfind(|c| c.not_before > from + 600_000) {
                Some(newer) => Verdict::Older { of: newer.last_day.to_string() },
                None => Verdict::New,
            },
        })
    }

    async fn may_create_for(&self, facts: &Facts) -> Result<bool> {
        let Some(number) = facts.owner_number().filter(|n| n.len() == 12 && n.bytes().all(|b| b.is_ascii_digit())) else {
            return Ok(false);
        };
        if self.who.reach(Action::EditClient) == Reach::Nothing {
            return Ok(false);
        }
        Ok(!exists::<client::Entity>(&self.store.db, client::Column::Number.eq(number)).await?)
    }

    /// Registers what the draft holds, in one transaction with one line of history. Repeating it
    /// registers nothing twice. `chosen` names clients for certificates without a number.
    ///
    /// # Errors
    /// `NotFound` for a foreign draft or a chosen client that may not be used.
    pub async fn accept(&self, id: DraftId, chosen: &HashMap<i32, ClientId>) -> Result<(Outcome, Vec<CertificateId>)> {
        let preview = self.preview(id).await?;
        let ders =
            self.find::<draft_item::Entity>(Action::See).filter(draft_item::Column::DraftId.eq(id.0)).all(&self.store.db).await?;
        let ders: HashMap<i32, Vec<u8>> = ders.into_iter().filter_map(|d| d.der.map(|der| (d.no, der))).collect();
        for client in chosen.values() {
            self.client(Action::Import, *client).await?;
        }
        let deed = self.deed().await?;
        let known_issuers = succession::known_issuers(&deed.tx).await?;
        let by_hearsay = exists::<certificate::Entity>(&deed.tx, certificate::Column::Typed.eq(true)).await?;
        let (mut outcome, mut made, mut lineages, mut touched, mut all) =
            (Outcome::default(), HashMap::new(), HashSet::new(), HashSet::new(), Vec::new());
        for row in preview.rows {
            let (Ok(found), Some(der)) = (row.content, ders.get(&row.no)) else { continue };
            if found.verdict == Verdict::Known {
                all.extend(self.registered(&deed, &found.facts).await?);
                continue;
            }
            let by_hand = chosen.get(&row.no).copied().filter(|_| found.verdict == Verdict::NoNumber);
            if !found.verdict.registers() && by_hand.is_none() {
                continue;
            }
            // Registered meanwhile, or where the person cannot see it: it is linked to a client of theirs, or left.
            let there = self.registered(&deed, &found.facts).await?;
            if there.is_some() && by_hand.is_none() && found.client.is_none() {
                continue;
            }
            let client = match (by_hand, &found.client) {
                (Some(client), _) => client,
                (None, Some((client, _))) => *client,
                (None, None) => self.made_client(&deed, &found, &mut made).await?,
            };
            let said = if by_hearsay { typed::of_client(&deed, client).await? } else { Vec::new() };
            let (now, signature) = (self.now_ms(), found.signature);
            let confirmed = match there {
                None => typed::confirm(&deed, &said, &found.facts, signature, der, now).await?,
                Some(_) => None,
            };
            let certificate = match (there, confirmed) {
                (Some(id), _) | (None, Some(id)) => id,
                (None, None) => insert_certificate(&deed, &found, der, now).await?,
            };
            let known = found.facts.issuer.common_name.as_ref().is_some_and(|name| known_issuers.contains(name));
            typed::silence(&deed, &said, &found.facts, certificate.0, known && signature != SignatureCheck::Fails).await?;
            if confirmed.is_some() {
                outcome.registered += 1;
                lineages.insert(found.facts.lineage());
                touched.insert(client);
                all.push(certificate);
                continue;
            }
            let linked = certificate_client::Column::CertificateId
                .eq(certificate.0)
                .and(certificate_client::Column::ClientId.eq(client.0));
            if exists::<certificate_client::Entity>(&deed.tx, linked).await? {
                continue;
            }
            deed.insert(certificate_client::ActiveModel {
                certificate_id: Set(certificate.0),
                client_id: Set(client.0),
                by_hand: Set(by_hand.is_some()),
                last_day: Set(found.facts.last_day()),
            })
            .await?;
            outcome.registered += 1;
            lineages.insert(found.facts.lineage());
            touched.insert(client);
            all.push(certificate);
        }
        outcome.new_clients = made.len();
        succession::relink(&deed, &lineages, self.who.today).await?;
        if outcome.registered == 0 {
            return Ok((outcome, all));
        }
        let mut entry = Entry::new(DeedKind::Imported, format!("{} + {}", outcome.registered, outcome.new_clients))
            .link(format!("/import/{id}"));
        if touched.len() == 1 {
            entry.client = touched.into_iter().next();
        }
        deed.done(entry).await?;
        Ok((outcome, all))
    }

    async fn registered(&self, deed: &Deed, facts: &Facts) -> Result<Option<CertificateId>> {
        let row = find_whoever_asks::<certificate::Entity>()
            .filter(certificate::Column::Fingerprint.eq(facts.fingerprint_sha256.as_str()))
            .one(&deed.tx)
            .await?;
        Ok(row.map(|r| CertificateId(r.id)))
    }

    async fn made_client(
        &self,
        deed: &Deed,
        found: &PreviewCertificate,
        made: &mut HashMap<String, ClientId>,
    ) -> Result<ClientId> {
        let number = found.facts.owner_number().ok_or(Refusal::NotFound)?.to_owned();
        if let Some(client) = made.get(&number) {
            return Ok(*client);
        }
        let kind = match (found.facts.subject.bin.is_some(), number.as_bytes().get(5)) {
            (true, Some(b'1' | b'2')) => ClientKind::Branch,
            (true, _) => ClientKind::LegalEntity,
            (false, _) => ClientKind::SoleEntrepreneur,
        };
        let name = if found.proposed_name.trim().is_empty() { number.clone() } else { found.proposed_name.clone() };
        let data = ClientData {
            kind,
            name,
            number: number.clone(),
            team: None,
            filings: vec![],
            notes: String::new(),
            contacts: vec![],
        };
        let id = self.add_client(deed, &data).await?;
        made.insert(number, id);
        Ok(id)
    }
}

fn item_row(id: DraftId, no: i32, item: DraftItem) -> Result<draft_item::ActiveModel> {
    let (der, facts, error, hint) = match item.content {
        Ok((der, facts, signature)) => (Some(der), Some(to_json(&(facts, signature))?), None, None),
        Err((error, hint)) => (None, None, Some(error.code().to_owned()), Some(hint.code().to_owned())),
    };
    Ok(draft_item::ActiveModel {
        draft_id: Set(id.0),
        no: Set(no),
        file: Set(shown(&item.file, 160)),
        der: Set(der),
        facts: Set(facts),
        error: Set(error),
        hint: Set(hint),
    })
}

type Read = std::result::Result<(Facts, SignatureCheck), (FileError, FileHint)>;

fn read_item(item: &draft_item::Model) -> Result<Read> {
    match &item.facts {
        Some(text) => Ok(Ok(json(text, "draft")?)),
        None => {
            let error = item.error.as_deref().and_then(FileError::parse).ok_or(Error::Broken("draft"))?;
            Ok(Err((error, item.hint.as_deref().and_then(FileHint::parse).unwrap_or(FileHint::None))))
        }
    }
}

async fn insert_certificate(deed: &Deed, found: &PreviewCertificate, der: &[u8], now_ms: i64) -> Result<CertificateId> {
    let id = CertificateId(fresh::id());
    deed.insert(certificate_model(id, &found.facts, found.signature, now_ms)?).await?;
    deed.insert(file_model(id, &found.facts, der.to_vec())?).await?;
    Ok(id)
}

/// The bytes of a certificate with its facts as a whole.
pub fn file_model(id: CertificateId, facts: &Facts, der: Vec<u8>) -> Result<certificate_file::ActiveModel> {
    Ok(certificate_file::ActiveModel { certificate_id: Set(id.0), der: Set(der), facts: Set(to_json(facts)?) })
}

/// The row of a certificate: the columns that lists and queries need.
pub fn certificate_model(
    id: CertificateId,
    facts: &Facts,
    signature: SignatureCheck,
    now_ms: i64,
) -> Result<certificate::ActiveModel> {
    Ok(certificate::ActiveModel {
        id: Set(id.0),
        fingerprint: Set(facts.fingerprint_sha256.clone()),
        holder: Set(facts.holder()),
        purposes: Set(codes(facts.purposes.iter().map(|p| p.code()))),
        roles: Set(codes(facts.roles.iter().map(|r| r.code()))),
        serial: Set(facts.serial.clone()),
        issuer: Set(shown(facts.issuer.common_name.as_deref().unwrap_or_default(), 200)),
        owner_number: Set(facts.owner_number().map(|n| shown(n, 40))),
        lineage: Set(shown(&facts.lineage(), 400)),
        search: Set(facts.search_text()),
        not_before: Set(facts.not_before.timestamp_millis()),
        not_after: Set(facts.not_after.timestamp_millis()),
        last_day: Set(facts.last_day()),
        signature: Set(signature.code().into()),
        successor_id: Set(None),
        replaced_from: Set(None),
        lost_at: Set(None),
        lost_reason: Set(None),
        revoked_at: Set(None),
        imported_at: Set(now_ms),
        typed: Set(false),
        checked_at: Set(None),
    })
}
