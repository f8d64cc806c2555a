//! What an import would do with each certificate, judged by what is registered: asked once for all files.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::entity::{certificate, client};
use crate::core::whoever::find_whoever_asks;
use chrono::NaiveDate;
use domain::access::{Action, Reach};
use domain::certificate::{Facts, SignatureCheck, Warning};
use domain::client_name::shortened;
use domain::fold::shown;
use domain::id::{CertificateId, ClientId};
use domain::import::{PreviewCertificate, Twin, TwinAt, Verdict};
use sea_orm::{ColumnTrait as _, FromQueryResult, QueryFilter as _, QuerySelect as _};
use std::collections::{HashMap, HashSet};

/// Values of one list in a statement.
const PART: usize = 500;
/// The two halves of one set begin within this of each other.
const SET_MS: i64 = 600_000;

/// What is registered around the certificates of a draft, as far as the person may see it.
pub struct Around {
    /// Clients within import's reach by number.
    clients: HashMap<String, (ClientId, String)>,
    /// Numbers that a client of the firm has, seen or not: such a client cannot be made again.
    taken: HashSet<String>,
    fingerprints: HashSet<String>,
    /// First instants and last days by lineage.
    lineages: HashMap<String, Vec<(i64, NaiveDate)>>,
    /// Certificates by serial number and issuer, with their fingerprints.
    serials: HashMap<(String, String), Vec<(String, Twin)>>,
    may_create: bool,
}

#[derive(FromQueryResult)]
struct Registered {
    id: uuid::Uuid,
    holder: String,
    fingerprint: String,
    lineage: String,
    serial: String,
    issuer: String,
    not_before: i64,
    last_day: NaiveDate,
}

impl ScopedStore {
    /// Asks for what is registered around these certificates.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn around(&self, all: &[&Facts]) -> Result<Around> {
        let numbers = distinct(all.iter().filter_map(|f| f.owner_number()));
        let mut around = Around {
            clients: HashMap::new(),
            taken: HashSet::new(),
            fingerprints: HashSet::new(),
            lineages: HashMap::new(),
            serials: HashMap::new(),
            may_create: self.who.reach(Action::EditClient) != Reach::Nothing,
        };
        for part in numbers.chunks(PART) {
            let named = client::Column::Number.is_in(part.iter().copied());
            let rows = self.find::<client::Entity>(Action::Import).filter(named.clone()).all(&self.rows).await?;
            around.clients.extend(rows.into_iter().map(|c| (c.number, (ClientId(c.id), c.name))));
            let taken =
                find_whoever_asks::<client::Entity>().filter(named).select_only().column(client::Column::Number);
            around.taken.extend(taken.into_tuple::<String>().all(&self.rows).await?);
        }
        let lineages: Vec<String> = all.iter().map(|f| f.lineage()).collect();
        for (column, values) in [
            (certificate::Column::Fingerprint, distinct(all.iter().map(|f| f.fingerprint_sha256.as_str()))),
            (certificate::Column::Lineage, distinct(lineages.iter().map(String::as_str))),
            (certificate::Column::Serial, distinct(all.iter().map(|f| f.serial.as_str()))),
        ] {
            for part in values.chunks(PART) {
                for row in self.registered_by(column, part).await? {
                    around.learn(column, row);
                }
            }
        }
        Ok(around)
    }

    async fn registered_by(&self, column: certificate::Column, values: &[&str]) -> Result<Vec<Registered>> {
        use certificate::Column as C;
        let rows = self
            .find::<certificate::Entity>(Action::See)
            .filter(column.is_in(values.iter().copied()))
            .select_only()
            .columns([C::Id, C::Holder, C::Fingerprint, C::Lineage, C::Serial, C::Issuer, C::NotBefore, C::LastDay]);
        Ok(rows.into_model().all(&self.rows).await?)
    }
}

impl Around {
    fn learn(&mut self, by: certificate::Column, row: Registered) {
        match by {
            certificate::Column::Lineage => {
                self.lineages.entry(row.lineage).or_default().push((row.not_before, row.last_day))
            }
            certificate::Column::Serial => {
                let at = TwinAt::Register(CertificateId(row.id));
                let twin = Twin { holder: row.holder, last_day: row.last_day, at };
                self.serials.entry((row.serial, row.issuer)).or_default().push((row.fingerprint, twin));
            }
            _ => {
                self.fingerprints.insert(row.fingerprint);
            }
        }
    }

    /// Learns what comes in together: files of one batch may have one number too.
    pub fn learn_batch<'a>(&mut self, batch: impl Iterator<Item = (&'a str, &'a Facts)>) {
        for (file, facts) in batch {
            let at = TwinAt::File(file.to_owned());
            let twin = Twin { holder: facts.holder(), last_day: facts.last_day(), at };
            let same = self.serials.entry(number_of(facts)).or_default();
            same.push((facts.fingerprint_sha256.clone(), twin));
        }
    }

    /// What would happen with one certificate. Foreign and missing clients look the same.
    pub fn judge(&self, mut facts: Facts, signature: SignatureCheck, repeated: bool) -> PreviewCertificate {
        let client = facts.owner_number().and_then(|n| self.clients.get(n)).cloned();
        let name = facts.subject.organization.as_deref().or(facts.subject.common_name.as_deref()).unwrap_or_default();
        let proposed_name = shown(&shortened(name), 200);
        let verdict = if facts.is_ca {
            Verdict::Authority
        } else if repeated {
            Verdict::Repeated
        } else if self.fingerprints.contains(&facts.fingerprint_sha256) {
            Verdict::Known
        } else if facts.owner_number().is_none() || facts.warnings.contains(&Warning::SeveralBins) {
            Verdict::NoNumber
        } else if client.is_some() {
            self.generation(&facts)
        } else if self.may_create_for(&facts) {
            Verdict::NewClient
        } else {
            Verdict::NoClient
        };
        let twin = self.twin(&facts);
        if twin.is_some() {
            facts.warnings.push(Warning::SerialRepeated);
        }
        if signature == SignatureCheck::Fails {
            facts.warnings.push(Warning::SignatureMismatch);
        }
        PreviewCertificate { facts, signature, verdict, client, proposed_name, twin }
    }

    /// New, or before or after a generation that is registered.
    fn generation(&self, facts: &Facts) -> Verdict {
        let from = facts.not_before.timestamp_millis();
        let others = self.lineages.get(&facts.lineage()).map(Vec::as_slice).unwrap_or_default();
        let older = others.iter().filter(|(begin, _)| *begin < from - SET_MS).max_by_key(|(begin, _)| *begin);
        let newer = others.iter().filter(|(begin, _)| *begin > from + SET_MS).min_by_key(|(begin, _)| *begin);
        match (older, newer) {
            (Some((_, last)), _) => Verdict::Newer { of: last.to_string() },
            (None, Some((_, last))) => Verdict::Older { of: last.to_string() },
            (None, None) => Verdict::New,
        }
    }

    fn may_create_for(&self, facts: &Facts) -> bool {
        let proper = |n: &&str| n.len() == 12 && n.bytes().all(|b| b.is_ascii_digit());
        self.may_create && facts.owner_number().filter(proper).is_some_and(|n| !self.taken.contains(n))
    }

    /// Another certificate with the number of this one.
    fn twin(&self, facts: &Facts) -> Option<Twin> {
        let same = self.serials.get(&number_of(facts))?;
        same.iter().find(|(fingerprint, _)| *fingerprint != facts.fingerprint_sha256).map(|(_, twin)| twin.clone())
    }
}

/// Serial number and issuer, which tell certificates apart (RFC 5280, 4.1.2.2).
fn number_of(facts: &Facts) -> (String, String) {
    (facts.serial.clone(), facts.issuer.common_name.clone().unwrap_or_default())
}

fn distinct<'a>(values: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all: Vec<&str> = values.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Ids of the rows that have one of these values, whoever asks; for writing, where a foreign row counts too.
pub async fn ids_by_fingerprint(
    db: &impl sea_orm::ConnectionTrait,
    fingerprints: impl Iterator<Item = &str>,
) -> Result<HashMap<String, uuid::Uuid>> {
    let mut out = HashMap::new();
    for part in distinct(fingerprints).chunks(PART) {
        let rows: Vec<(String, uuid::Uuid)> = find_whoever_asks::<certificate::Entity>()
            .filter(certificate::Column::Fingerprint.is_in(part.iter().copied()))
            .select_only()
            .columns([certificate::Column::Fingerprint, certificate::Column::Id])
            .into_tuple()
            .all(db)
            .await?;
        out.extend(rows);
    }
    Ok(out)
}
