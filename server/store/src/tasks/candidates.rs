//! Who may be given a task.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::entity::{assignment, client, task, task_certificate};
use crate::core::whoever::find_whoever_asks;
use domain::access::{Action, Relation, allows};
use domain::fold::sort_key;
use domain::id::{CertificateId, ClientId, PersonId, TaskId};
use domain::person::{Candidate, Load, Part, Person};
use domain::refusal::{Refusal, Rule};
use sea_orm::{ColumnTrait as _, QueryFilter as _};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Assignments by client, teams of clients and of staff.
pub(super) struct Relations {
    on: HashMap<Uuid, Vec<assignment::Model>>,
    teams: HashMap<Uuid, Option<Uuid>>,
    staff: HashMap<Uuid, Option<Uuid>>,
}

impl Relations {
    pub(super) fn new<'a>(
        assignments: Vec<assignment::Model>,
        teams: impl IntoIterator<Item = (Uuid, Option<Uuid>)>,
        staff: impl IntoIterator<Item = &'a Person>,
    ) -> Self {
        let mut on: HashMap<Uuid, Vec<assignment::Model>> = HashMap::new();
        for row in assignments {
            on.entry(row.client_id).or_default().push(row);
        }
        let staff = staff.into_iter().map(|p| (p.id.0, p.team.map(|t| t.0))).collect();
        Self { on, teams: teams.into_iter().collect(), staff }
    }

    /// Whether somebody else stands in today for a person on a client.
    fn is_covered(&self, who: &Person, client: Uuid) -> bool {
        let on = self.on.get(&client).map_or(&[][..], Vec::as_slice);
        let responsible = |a: &&assignment::Model| a.part == Part::Responsible.code();
        let mut on = on.iter().filter(responsible);
        let lasting = on.clone().any(|a| a.person_id == who.id.0 && a.until_day.is_none());
        lasting && on.any(|a| a.person_id != who.id.0 && a.until_day.is_some())
    }

    /// Whether somebody may work on a client.
    pub(super) fn works(&self, who: &Person, client: Uuid) -> bool {
        let team = who.team.map(|t| t.0);
        let team_of = |id: Uuid| self.staff.get(&id).copied().flatten();
        let on = self.on.get(&client).map_or(&[][..], Vec::as_slice);
        let observes = |a: &assignment::Model| a.part == Part::Observer.code();
        let mine = |part: bool| on.iter().any(|a| a.person_id == who.id.0 && observes(a) == part);
        let member =
            |part: bool| team.is_some() && on.iter().any(|a| team_of(a.person_id) == team && observes(a) == part);
        let to = Relation {
            works: mine(false),
            observes: mine(true),
            team_client: team.is_some() && self.teams.get(&client).copied().flatten() == team,
            member_works: member(false),
            member_observes: member(true),
        };
        allows(who.role, who.sees_all, Action::WorkTask, to)
    }
}

impl ScopedStore {
    /// People who may work on every one of these certificates, with their open tasks.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn candidates(&self, certificates: &[CertificateId]) -> Result<Vec<Candidate>> {
        let ids: Vec<Uuid> = certificates.iter().map(|c| c.0).collect();
        let of = self.clients_of(&ids).await?;
        let whose: HashSet<Vec<Uuid>> =
            of.into_values().map(|all| all.into_iter().map(|(id, _)| id.0).collect()).collect();
        let clients: HashSet<Uuid> = whose.iter().flatten().copied().collect();
        let loads = self.loads().await?;
        let relations = self.relations(&clients, &loads).await?;
        let works = |l: &&Load| whose.iter().all(|clients| clients.iter().any(|c| relations.works(&l.person, *c)));
        let mut out: Vec<Candidate> = loads
            .iter()
            .filter(|l| l.person.active && works(l))
            .map(|l| Candidate { id: l.person.id, name: l.person.name.clone(), tasks: l.tasks })
            .collect();
        out.sort_by_cached_key(|c| sort_key(&c.name));
        Ok(out)
    }

    /// For each of these tasks, in their order, who may be given it: whoever carries least first. Somebody for whom another
    /// one stands in today is not among them.
    ///
    /// # Errors
    /// As for giving them.
    pub async fn candidates_each(&self, ids: &[TaskId]) -> Result<Vec<(TaskId, Vec<PersonId>)>> {
        let models = self.chosen(ids).await?;
        let parts = self
            .find::<task_certificate::Entity>(Action::See)
            .filter(task_certificate::Column::TaskId.is_in(models.iter().map(|m| m.id)))
            .all(&self.rows)
            .await?;
        let of = self.clients_of(&parts.iter().map(|p| p.certificate_id).collect::<Vec<_>>()).await?;
        let clients: HashSet<Uuid> = of.values().flatten().map(|(id, _)| id.0).collect();
        let loads = self.loads().await?;
        let relations = self.relations(&clients, &loads).await?;
        let mut people: Vec<&Load> = loads.iter().filter(|l| l.person.active).collect();
        people.sort_by_key(|l| l.tasks.weight());
        let may = |task: &task::Model| {
            let own: Vec<&Vec<(ClientId, String)>> =
                parts.iter().filter(|p| p.task_id == task.id).filter_map(|p| of.get(&p.certificate_id)).collect();
            let works =
                |l: &&&Load| own.iter().all(|clients| clients.iter().any(|(c, _)| relations.works(&l.person, c.0)));
            let away = |l: &&&Load| {
                own.iter().all(|clients| clients.iter().all(|(c, _)| relations.is_covered(&l.person, c.0)))
            };
            people.iter().filter(works).filter(|l| !away(l)).map(|l| l.person.id).collect()
        };
        Ok(models.iter().map(|m| (TaskId(m.id), may(m))).collect())
    }

    /// For each of these sets: who is responsible for one of its clients, if they may work on all of it, else whoever of those
    /// that may carries least. What is given here counts for the next.
    pub(super) async fn assignees(&self, sets: &[Vec<CertificateId>]) -> Result<Vec<Option<PersonId>>> {
        let ids: Vec<Uuid> = sets.iter().flatten().map(|c| c.0).collect();
        let of = self.clients_of(&ids).await?;
        let clients: HashSet<Uuid> = of.values().flatten().map(|(id, _)| id.0).collect();
        let loads = self.loads().await?;
        let relations = self.relations(&clients, &loads).await?;
        let responsible = self.responsible_of(&clients.into_iter().collect::<Vec<_>>()).await?;
        let mut carried: HashMap<PersonId, i64> = loads.iter().map(|l| (l.person.id, l.tasks.weight())).collect();
        let one = |set: &Vec<CertificateId>| {
            let own: Vec<&Vec<(ClientId, String)>> = set.iter().filter_map(|c| of.get(&c.0)).collect();
            let works = |l: &&Load| {
                l.person.active
                    && own.iter().all(|clients| clients.iter().any(|(c, _)| relations.works(&l.person, c.0)))
            };
            let may: Vec<PersonId> = loads.iter().filter(works).map(|l| l.person.id).collect();
            let first = own.iter().flat_map(|clients| clients.iter()).find_map(|(c, _)| responsible.get(&c.0));
            let least = || may.iter().copied().min_by_key(|who| carried.get(who).copied().unwrap_or(0));
            let chosen = first.map(|(id, _)| PersonId(*id)).filter(|id| may.contains(id)).or_else(least);
            if let Some(who) = chosen {
                *carried.entry(who).or_default() += 1;
            }
            chosen
        };
        Ok(sets.iter().map(one).collect())
    }

    /// How everybody stands to these clients today.
    async fn relations(&self, clients: &HashSet<Uuid>, loads: &[Load]) -> Result<Relations> {
        let db = &self.rows;
        let on = find_whoever_asks::<assignment::Entity>()
            .filter(assignment::Column::ClientId.is_in(clients.iter().copied()))
            .filter(crate::clients::cards::holds(self.who.today.day))
            .all(db)
            .await?;
        let teams = self
            .find::<client::Entity>(Action::See)
            .filter(client::Column::Id.is_in(clients.iter().copied()))
            .all(db)
            .await?
            .into_iter()
            .map(|c| (c.id, c.team_id));
        Ok(Relations::new(on, teams, loads.iter().map(|l| &l.person)))
    }

    /// Today's responsible of the certificates' clients: the default assignee.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn default_assignee(&self, certificates: &[CertificateId]) -> Result<Option<PersonId>> {
        let ids: Vec<Uuid> = certificates.iter().map(|c| c.0).collect();
        let clients: Vec<Uuid> = self.clients_of(&ids).await?.into_values().flatten().map(|(id, _)| id.0).collect();
        Ok(self.responsible_of(&clients).await?.into_values().next().map(|(id, _)| PersonId(id)))
    }

    pub(crate) async fn check_assignee(&self, certificates: &[CertificateId], who: Option<PersonId>) -> Result<()> {
        let Some(who) = who else { return Ok(()) };
        if self.candidates(certificates).await?.iter().any(|c| c.id == who) {
            Ok(())
        } else {
            Err(Refusal::invalid("assignee", Rule::NoRight).into())
        }
    }
}
