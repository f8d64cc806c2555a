//! Filling an empty database: the demo firm and the neutral firm of tests and measurements.

use crate::certificates::rows::{certificate_model, file_model};
use crate::certificates::search_words;
use crate::certificates::succession;
use crate::clients::cards;
use crate::core::deed::Permitted;
use crate::core::entity::{assignment, certificate, certificate_client, client, person, task, task_certificate, team};
use crate::core::fresh;
use crate::core::whoever::find_whoever_asks;
use crate::office::defaults::begin_office;
use crate::tasks::opening::task_model;
use crate::{Result, Store};
use chrono::NaiveDate;
use domain::access::SystemRight;
use domain::audit::{DeedKind, Entry};
use domain::certificate::{Facts, SignatureCheck};
use domain::client::ClientData;
use domain::day::OfficeDay;
use domain::id::{CertificateId, ClientId, PersonId, TaskId, TeamId};
use domain::office::Office;
use domain::person::{Part, Role, Theme};
use domain::refusal::Refusal;
use domain::task::NewTask;
use sea_orm::{ColumnTrait as _, Set};
use std::collections::{HashMap, HashSet};

/// Somebody to seed, by key.
#[derive(Debug, Clone)]
pub struct SeedPerson {
    pub key: String,
    pub name: String,
    pub email: String,
    pub password: String,
    pub role: Role,
    /// Name of the team.
    pub team: Option<String>,
    /// An observer who sees every client.
    pub sees_all: bool,
}

/// A client to seed, by key.
#[derive(Debug, Clone)]
pub struct SeedClient {
    pub key: String,
    pub data: ClientData,
}

/// Who works on a client.
#[derive(Debug, Clone)]
pub struct SeedAssignment {
    pub client: String,
    pub person: String,
    pub part: Part,
}

/// A certificate of a client.
#[derive(Debug, Clone)]
pub struct SeedCertificate {
    pub key: String,
    pub client: String,
    pub der: Vec<u8>,
    pub facts: Facts,
}

/// A task on a certificate.
#[derive(Debug, Clone)]
pub struct SeedTask {
    pub certificate: String,
    pub assignee: Option<String>,
    pub due: NaiveDate,
    pub reason: domain::reason::Reason,
}

impl Store {
    /// Fills an empty database with an office and its staff.
    ///
    /// # Errors
    /// `Conflict` where the database is not empty.
    pub async fn seed_office(
        &self,
        to: Office,
        people: &[SeedPerson],
        authority: (String, Vec<u8>),
        today: OfficeDay,
    ) -> Result<()> {
        let (to, authority) = (&to, &authority);
        let system = self.for_system(SystemRight::Seed, today.now);
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::Seed)?;
                if find_whoever_asks::<person::Entity>().one(&deed.rows).await?.is_some() {
                    return Err(Refusal::Conflict.into());
                }
                begin_office(&deed, to).await?;
                deed.insert(crate::core::entity::authority::ActiveModel {
                    id: Set(fresh::id()),
                    common_name: Set(authority.0.clone()),
                    der: Set(Some(authority.1.clone())),
                })
                .await?;
                let names: HashSet<&String> = people.iter().filter_map(|p| p.team.as_ref()).collect();
                let mut teams = HashMap::new();
                for name in names {
                    let id = TeamId(fresh::id());
                    deed.insert(team::ActiveModel { id: Set(id.0), name: Set(name.clone()) }).await?;
                    teams.insert(name.clone(), id);
                }
                let rows = people.iter().map(|p| person::ActiveModel {
                    id: Set(fresh::id()),
                    name: Set(p.name.clone()),
                    email: Set(p.email.clone()),
                    password: Set(Some(p.password.clone())),
                    role: Set(p.role.code().into()),
                    team_id: Set(p.team.as_ref().and_then(|t| teams.get(t)).map(|t| t.0)),
                    sees_all: Set(p.sees_all),
                    active: Set(true),
                    lang: Set(to.lang.code().into()),
                    theme: Set(Theme::System.code().into()),
                    revision: Set(1),
                    client_columns: Set(String::new()),
                });
                deed.insert_all(rows.collect()).await?;
                Ok(deed.done(Entry::new(DeedKind::Seeded, format!("{} people", people.len()))))
            })
            .await
    }

    /// Adds clients, assignments, certificates and tasks to a seeded office, all by their keys. Gives how many tasks are
    /// left out: those of a certificate that another task has already.
    ///
    /// # Errors
    /// `NotFound` where a key names nothing.
    pub async fn seed_work(&self, work: &SeedWork, today: OfficeDay) -> Result<usize> {
        let system = self.for_system(SystemRight::Seed, today.now);
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::Seed)?;
                let keys = Keys::new(&deed, work).await?;
                clients(&deed, work, &keys).await?;
                assignments(&deed, work, &keys).await?;
                certificates(&deed, work, &keys).await?;
                search_words::write(&deed, client::Column::Id.is_not_null()).await?;
                let written = tasks(&deed, work, &keys).await?;
                successors(&deed, &work.certificates).await?;
                let about = format!("{} clients, {} certificates", work.clients.len(), work.certificates.len());
                Ok(deed.done(Entry::new(DeedKind::Seeded, about)).with(work.tasks.len().saturating_sub(written)))
            })
            .await
    }
}

/// What is loaded into a seeded office.
pub struct SeedWork {
    pub clients: Vec<SeedClient>,
    pub assignments: Vec<SeedAssignment>,
    pub certificates: Vec<SeedCertificate>,
    pub tasks: Vec<SeedTask>,
    pub people: Vec<SeedPerson>,
}

/// Ids by the keys of the files.
struct Keys<'a> {
    people: HashMap<&'a str, PersonId>,
    clients: HashMap<&'a str, ClientId>,
    certificates: HashMap<&'a str, CertificateId>,
}

impl<'a> Keys<'a> {
    async fn new(deed: &Permitted, work: &'a SeedWork) -> Result<Self> {
        let by_email: HashMap<String, PersonId> = find_whoever_asks::<person::Entity>()
            .all(&deed.rows)
            .await?
            .into_iter()
            .map(|p| (p.email, PersonId(p.id)))
            .collect();
        Ok(Self {
            people: work.people.iter().filter_map(|p| Some((p.key.as_str(), *by_email.get(&p.email)?))).collect(),
            clients: work.clients.iter().map(|c| (c.key.as_str(), ClientId(fresh::id()))).collect(),
            certificates: work.certificates.iter().map(|c| (c.key.as_str(), CertificateId(fresh::id()))).collect(),
        })
    }
}

async fn clients(deed: &Permitted, work: &SeedWork, keys: &Keys<'_>) -> Result<()> {
    let (mut rows, mut codes, mut used) = (Vec::new(), Vec::new(), Vec::new());
    let usual = crate::clients::systems::usual(deed).await?;
    for c in &work.clients {
        let id = found(&keys.clients, &c.key)?;
        rows.push(cards::row(id, &c.data, None, 1)?);
        used.extend(usual.iter().map(|system| crate::clients::systems::link(id, *system)));
        codes.extend(c.data.filings.iter().map(|code| crate::clients::filings::code_row(id, code.clone())));
    }
    deed.insert_all::<client::ActiveModel>(rows).await?;
    deed.insert_all(codes).await?;
    deed.insert_all(used).await
}

async fn assignments(deed: &Permitted, work: &SeedWork, keys: &Keys<'_>) -> Result<()> {
    let mut rows = Vec::new();
    for a in &work.assignments {
        rows.push(assignment::ActiveModel {
            id: Set(fresh::id()),
            client_id: Set(found(&keys.clients, &a.client)?.0),
            person_id: Set(found(&keys.people, &a.person)?.0),
            part: Set(a.part.code().into()),
            from_day: Set(domain::day::minus(deed.who.today.day, 365)),
            until_day: Set(None),
        });
    }
    deed.insert_all(rows).await
}

async fn certificates(deed: &Permitted, work: &SeedWork, keys: &Keys<'_>) -> Result<()> {
    let now = deed.now_ms();
    let (mut rows, mut links, mut files) = (Vec::new(), Vec::new(), Vec::new());
    let mut first_tasks: HashMap<&str, &SeedTask> = HashMap::new();
    for task in &work.tasks {
        first_tasks.entry(task.certificate.as_str()).or_insert(task);
    }
    for c in &work.certificates {
        let id = found(&keys.certificates, &c.key)?;
        let mut row = certificate_model(id, &c.facts, SignatureCheck::Holds, now)?;
        if let Some(lost) = first_tasks.get(c.key.as_str()).map(|t| t.reason).filter(|r| r.takes_access()) {
            row.lost_at = Set(Some(now));
            row.lost_reason = Set(Some(lost.code().into()));
        }
        rows.push(row);
        files.push(file_model(id, &c.facts, c.der.clone())?);
        links.push(certificate_client::ActiveModel {
            certificate_id: Set(id.0),
            client_id: Set(found(&keys.clients, &c.client)?.0),
            by_hand: Set(false),
            last_day: Set(c.facts.last_day()),
        });
    }
    deed.insert_all::<certificate::ActiveModel>(rows).await?;
    deed.insert_all(files).await?;
    deed.insert_all(links).await
}

/// One open task a certificate; gives how many.
async fn tasks(deed: &Permitted, work: &SeedWork, keys: &Keys<'_>) -> Result<usize> {
    let (mut rows, mut parts, mut busy) = (Vec::new(), Vec::new(), HashSet::new());
    for t in work.tasks.iter().filter(|t| busy.insert(t.certificate.clone())) {
        let id = TaskId(fresh::id());
        let certificate = found(&keys.certificates, &t.certificate)?;
        let new = NewTask {
            certificates: vec![certificate],
            reason: t.reason,
            route: domain::task::Route::Online,
            assignee: t.assignee.as_ref().map(|a| found(&keys.people, a)).transpose()?,
            due: t.due,
            note: String::new(),
        };
        rows.push(task_model(id, &new, deed.now_ms()));
        parts.push(task_certificate::ActiveModel {
            task_id: Set(id.0),
            certificate_id: Set(certificate.0),
            open: Set(true),
        });
    }
    let written = rows.len();
    deed.insert_all::<task::ActiveModel>(rows).await?;
    deed.insert_all(parts).await?;
    Ok(written)
}

async fn successors(deed: &Permitted, certificates: &[SeedCertificate]) -> Result<()> {
    let lineages: HashSet<String> = certificates.iter().map(|c| c.facts.lineage()).collect();
    succession::relink(deed, &lineages, deed.who.today).await
}

fn found<T: Copy>(map: &HashMap<&str, T>, key: &str) -> Result<T> {
    map.get(key).copied().ok_or(crate::Error::Refused(Refusal::NotFound))
}
