//! Certificates as lists, cards and sets show them.

mod facts;

pub(crate) use facts::TYPED;
pub use facts::{Fact, Facts, HolderKind, HolderRole, Issuer, Purpose, SignatureCheck, Subject, Warning};

use crate::day::OfficeDay;
use crate::filing::Threat;
use crate::id::{CertificateId, ClientId, TaskId};
use crate::standing::{Life, Standing, Urgency};
use crate::task::Stage;
use chrono::{DateTime, Utc};

/// Days after its end from which a certificate that nobody asked for may be set aside.
pub const LONG_DAYS: u64 = 90;

/// Who has set a certificate aside, when and why.
#[derive(Debug, Clone)]
pub struct Aside {
    pub at: DateTime<Utc>,
    pub by: String,
    pub why: String,
}

/// The open task on a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenTask {
    pub id: TaskId,
    pub assignee: Option<String>,
    pub stage: Stage,
}

/// Two certificates of one issue are at most this far apart.
const SET_MINUTES: i64 = 10;

/// Whether two certificates of one lineage were issued together: one for signing, one for authentication.
#[must_use]
pub fn one_set(a: &Facts, b: &Facts) -> bool {
    a.lineage() == b.lineage()
        && a.purposes != b.purposes
        && (a.not_before - b.not_before).num_minutes().abs() <= SET_MINUTES
        && a.last_day() == b.last_day()
}

/// A registered certificate as lists and cards show it.
#[derive(Debug, Clone)]
pub struct CertificateRow {
    pub id: CertificateId,
    /// The clients of it that the asking person may see.
    pub clients: Vec<(ClientId, String)>,
    pub holder: String,
    pub purposes: Vec<Purpose>,
    pub roles: Vec<HolderRole>,
    pub life: Life,
    pub lineage: String,
    pub serial: String,
    /// The contracts of all these clients have ended.
    pub contract_ended: bool,
    /// The open task on it.
    pub task: Option<OpenTask>,
    /// What its end breaks, of the filings of the clients that the asking person may see.
    pub threat: Option<Threat>,
    /// One of them issues e-invoices or the like all the year round.
    pub daily: bool,
}

impl CertificateRow {
    /// Urgency at the instant of `today`: [`Life::urgency`] with what the end breaks.
    #[must_use]
    pub fn urgency(&self, today: OfficeDay) -> Urgency {
        self.life.urgency(today, self.threat.is_some())
    }

    /// Whether a reissue can be begun: nothing replaced it, nobody works on it, a client is under contract.
    #[must_use]
    pub fn can_be_reissued(&self, today: OfficeDay) -> bool {
        self.task.is_none() && !self.life.is_replaced(today) && !self.contract_ended
    }

    /// Place within a level of urgency, the first first.
    #[must_use]
    pub fn place(&self) -> u8 {
        place(&self.purposes, &self.roles, self.daily)
    }
}

/// Place within a level: the head's signing certificate first (a second one would have replaced it), then those of
/// clients that issue e-invoices daily, those that only authenticate last.
#[must_use]
pub fn place(purposes: &[Purpose], roles: &[HolderRole], daily: bool) -> u8 {
    let signs = purposes.contains(&Purpose::Signing) || purposes.is_empty();
    match (signs, roles.contains(&HolderRole::Head)) {
        (true, true) => 0,
        (true, false) if daily => 1,
        (true, false) => 2,
        (false, _) => 3,
    }
}

/// A certificate with all its facts.
#[derive(Debug, Clone)]
pub struct Certificate {
    pub row: CertificateRow,
    pub facts: Facts,
    pub signature: SignatureCheck,
    pub successor: Option<CertificateId>,
    pub imported_at: DateTime<Utc>,
    /// When somebody made sure of it after it was replaced.
    pub checked_at: Option<DateTime<Utc>>,
}

/// The bytes of a registered certificate with what was read from them; of a typed entry there are none.
#[derive(Debug, Clone)]
pub struct CertificateFile {
    pub id: CertificateId,
    pub facts: Facts,
    pub der: Vec<u8>,
}

/// Certificates issued together, newest first among the sets of their lineage.
#[derive(Debug, Clone)]
pub struct Set {
    pub certificates: Vec<CertificateRow>,
}

impl Set {
    /// The certificate the set is worked by: the signing one.
    #[must_use]
    pub fn main(&self) -> Option<&CertificateRow> {
        self.certificates.iter().find(|c| c.purposes.contains(&Purpose::Signing)).or(self.certificates.first())
    }

    /// The clients of all its halves, those of the first half first.
    #[must_use]
    pub fn clients(&self) -> Vec<(ClientId, String)> {
        let mut all: Vec<(ClientId, String)> = Vec::new();
        for client in self.certificates.iter().flat_map(|c| &c.clients) {
            if !all.contains(client) {
                all.push(client.clone());
            }
        }
        all
    }

    /// Whether a certificate is its other half.
    fn takes(&self, row: &CertificateRow) -> bool {
        let Some(first) = self.certificates.first() else { return false };
        first.lineage == row.lineage
            && self.certificates.iter().all(|other| other.purposes != row.purposes)
            && (first.life.not_before - row.life.not_before).num_minutes().abs() <= SET_MINUTES
            && first.life.last_day() == row.life.last_day()
    }
}

/// Certificates as sets, in the order in which the first of each stands. Halves that differ in what has to be done
/// about them stand apart.
#[must_use]
pub fn in_sets(rows: &[CertificateRow], today: OfficeDay) -> Vec<Set> {
    let mut out: Vec<Set> = Vec::new();
    let task = |row: &CertificateRow| row.task.as_ref().map(|task| task.id);
    let alike = |a: &CertificateRow, b: &CertificateRow| {
        let of_one = a.clients == b.clients || a.clients.iter().any(|client| b.clients.contains(client));
        task(a) == task(b) && a.life.standing(today) == b.life.standing(today) && of_one
    };
    for row in rows {
        let whole = out.iter_mut().find(|set| set.takes(row) && set.certificates.iter().all(|other| alike(other, row)));
        match whole {
            Some(set) => set.certificates.push(row.clone()),
            None => out.push(Set { certificates: vec![row.clone()] }),
        }
    }
    out
}

/// Where in a lineage, from its newest set on, the one stands that is in force: the newest that has begun. 0 where none has.
#[must_use]
pub fn in_force(line: &[Set], today: OfficeDay) -> usize {
    let begun = |set: &Set| set.main().is_some_and(|c| c.life.standing(today) != Standing::NotYetValid);
    line.iter().position(begun).unwrap_or(0)
}

/// Groups certificates into lineages, each a list of sets from the newest generation to the oldest.
#[must_use]
pub fn generations(mut rows: Vec<CertificateRow>) -> Vec<Vec<Set>> {
    rows.sort_by(|a, b| {
        a.lineage.cmp(&b.lineage).then(b.life.not_before.cmp(&a.life.not_before)).then(a.purposes.cmp(&b.purposes))
    });
    let mut out: Vec<Vec<Set>> = Vec::new();
    for row in rows {
        let same_line = out
            .last()
            .and_then(|l| l.last())
            .and_then(|s| s.certificates.first())
            .is_some_and(|f| f.lineage == row.lineage);
        if !same_line {
            out.push(Vec::new());
        }
        let Some(line) = out.last_mut() else { continue };
        match line.last_mut() {
            Some(set) if set.takes(&row) => set.certificates.push(row),
            _ => line.push(Set { certificates: vec![row] }),
        }
    }
    out.sort_by_key(|line| {
        line.first().and_then(Set::main).map(|c| (c.life.replaced_from.is_some(), c.life.not_after))
    });
    out
}
