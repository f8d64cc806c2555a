//! `merzim seed`: the neutral firm of tests and measurements, from CSV files.

use crate::issue::{Authority, Wish, at};
use crate::password::Passwords;
use chrono::NaiveDate;
use domain::certificate::{HolderRole, Purpose};
use domain::client::{ClientData, ClientKind};
use domain::day::OfficeDay;
use domain::office::Office;
use domain::person::{Lang, Part, Role};
use domain::reason::Reason;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::path::Path;
use store::{SeedAssignment, SeedCertificate, SeedClient, SeedPerson, SeedTask, SeedWork, Store};

/// Why a firm could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum FirmError {
    #[error("{file}: {error}")]
    Csv { file: &'static str, error: csv::Error },
    #[error("a line names {0}, which no other file knows")]
    Unknown(String),
    #[error("a certificate could not be issued: {0}")]
    Issue(#[from] rcgen::Error),
    #[error(
        "the database is not empty: a firm is loaded only into an empty one. Start it without --demo, or name another file with --database"
    )]
    NotEmpty,
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Refused(#[from] domain::refusal::Refusal),
}

#[derive(Deserialize)]
struct Person {
    id: String,
    login: String,
    role: String,
    name: String,
    lead: String,
}

#[derive(Deserialize)]
struct Client {
    id: String,
    kind: String,
    number: String,
    name: String,
}

#[derive(Deserialize)]
struct Staff {
    client_id: String,
    person_id: String,
    kind: String,
}

#[derive(Deserialize)]
struct Holder {
    id: String,
    surname: String,
    given: String,
    patronymic: String,
    iin: String,
    role: String,
}

#[derive(Deserialize)]
struct Certificate {
    id: String,
    client_id: String,
    holder_id: String,
    serial: String,
    not_before: NaiveDate,
    not_after: NaiveDate,
}

#[derive(Deserialize)]
struct Task {
    certificate_id: String,
    kind: String,
    assignee_id: String,
    due: NaiveDate,
}

/// Loads a firm into an empty database; everybody signs in as `LOGIN@example.kz` with the same password. Gives how many
/// tasks are left out, because a certificate has one open task at most.
///
/// # Errors
/// Where a file cannot be read, or the database is not empty.
pub async fn load(store: &Store, from: &Path, password: &str, today: OfficeDay) -> Result<usize, FirmError> {
    if !store.is_empty().await? {
        return Err(FirmError::NotEmpty);
    }
    let hash = Passwords::default().hash(password).await?;
    let people = people(from, &hash)?;
    let authority = Authority::new("НЕЙТРАЛЬНАЯ ФИРМА · УЦ", today.now)?;
    let office =
        Office { name: "Нейтральная фирма".into(), zone: "Asia/Almaty".into(), lang: Lang::Ru };
    let clients = read::<Client>(from, "clients.csv")?;
    let certificates = certificates(from, &clients, &authority, today)?;
    let assignments = read::<Staff>(from, "client_staff.csv")?.into_iter().map(|s| SeedAssignment {
        client: s.client_id,
        person: s.person_id,
        part: if s.kind == "primary" { Part::Responsible } else { Part::Deputy },
    });
    let tasks = read::<Task>(from, "tasks.csv")?.into_iter().map(|t| SeedTask {
        certificate: t.certificate_id,
        assignee: Some(t.assignee_id).filter(|a| !a.is_empty()),
        due: t.due,
        reason: if t.kind == "lost_password" { Reason::PasswordLost } else { Reason::Planned },
    });
    store.seed_office(office, &people, (authority.name.clone(), authority.der.clone()), today).await?;
    let clients: Vec<SeedClient> = clients.into_iter().map(client).collect();
    let (assignments, tasks) = (assignments.collect(), tasks.collect());
    Ok(store.seed_work(&SeedWork { clients, assignments, certificates, tasks, people }, today).await?)
}

fn read<T: DeserializeOwned>(from: &Path, file: &'static str) -> Result<Vec<T>, FirmError> {
    let wrap = |error| FirmError::Csv { file, error };
    csv::Reader::from_path(from.join(file)).map_err(wrap)?.deserialize().collect::<Result<_, _>>().map_err(wrap)
}

/// Managers are owners; a lead and the accountants who name that lead are one team.
fn people(from: &Path, hash: &str) -> Result<Vec<SeedPerson>, FirmError> {
    let rows = read::<Person>(from, "people.csv")?;
    Ok(rows
        .into_iter()
        .map(|p| {
            let role = match p.role.as_str() {
                "manager" => Role::Owner,
                "lead" => Role::Lead,
                _ => Role::Accountant,
            };
            let team = match role {
                Role::Lead => Some(p.login.clone()),
                _ => Some(p.lead).filter(|l| !l.is_empty()),
            };
            SeedPerson {
                key: p.id,
                email: format!("{}@example.kz", p.login),
                name: p.name,
                password: hash.to_owned(),
                role,
                team,
                sees_all: false,
            }
        })
        .collect())
}

fn client(c: Client) -> SeedClient {
    let kind = if c.kind == "company" { ClientKind::LegalEntity } else { ClientKind::SoleEntrepreneur };
    let filings = usual(kind, &c.number);
    let data = ClientData { filings, ..ClientData::new(kind, c.name, c.number) };
    SeedClient { key: c.id, data }
}

/// What a client of the neutral firm files: companies all their yearly return, two of five employers' forms, one of
/// four
/// VAT; half of the sole entrepreneurs the simplified return. By the number, so that every load is alike.
fn usual(kind: ClientKind, number: &str) -> Vec<String> {
    let turn: u32 = number.chars().filter_map(|c| c.to_digit(10)).sum();
    let parts: &[(&str, bool)] = match kind {
        ClientKind::LegalEntity => {
            &[("100", true), ("200", turn % 5 < 2), ("300", turn.is_multiple_of(4)), ("esf", turn.is_multiple_of(4))]
        }
        _ => &[("910", turn.is_multiple_of(2)), ("220", !turn.is_multiple_of(2))],
    };
    parts.iter().filter(|(_, has)| *has).map(|(code, _)| (*code).to_owned()).collect()
}

fn certificates(
    from: &Path,
    clients: &[Client],
    authority: &Authority,
    today: OfficeDay,
) -> Result<Vec<SeedCertificate>, FirmError> {
    let holders: HashMap<String, Holder> =
        read::<Holder>(from, "holders.csv")?.into_iter().map(|h| (h.id.clone(), h)).collect();
    let clients: HashMap<&str, &Client> = clients.iter().map(|c| (c.id.as_str(), c)).collect();
    let mut out = Vec::new();
    for c in read::<Certificate>(from, "certificates.csv")? {
        let holder = holders.get(&c.holder_id).ok_or_else(|| FirmError::Unknown(format!("holder {}", c.holder_id)))?;
        let client =
            clients.get(c.client_id.as_str()).ok_or_else(|| FirmError::Unknown(format!("client {}", c.client_id)))?;
        let der = authority.issue(&Wish {
            surname: holder.surname.clone(),
            first_name: holder.given.clone(),
            patronymic: holder.patronymic.clone(),
            iin: holder.iin.clone(),
            organisation: (client.kind == "company").then(|| (client.number.clone(), client.name.clone())),
            role: role(&holder.role),
            purpose: Purpose::Signing,
            serial: bytes(&c.serial),
            from: at(c.not_before, 12),
            to: at(c.not_after, 12),
        })?;
        let facts = pki::read_certificate(&der, today.now).map_err(|e| FirmError::Unknown(e.to_string()))?;
        out.push(SeedCertificate { key: c.id, client: c.client_id, der, facts });
    }
    Ok(out)
}

fn role(name: &str) -> Option<HolderRole> {
    match name {
        "head" => Some(HolderRole::Head),
        "signer" => Some(HolderRole::RightToSign),
        "hr" => Some(HolderRole::Hr),
        "employee" => Some(HolderRole::Employee),
        _ => None,
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks_exact(2)
        .filter_map(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok())
        .collect()
}
