//! Handing over what somebody carries: for good, or while they are away.

use crate::Result;
use crate::clients::cards::holds;
use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{assignment, custody, feed, person, session, task};
use crate::core::fresh;
use crate::core::whoever::find_whoever_asks;
use crate::people::door::void_links;
use crate::people::staff::keep_an_owner;
use chrono::NaiveDate;
use domain::access::{Action, Reach};
use domain::audit::{DeedKind, Entry};
use domain::custody::NewEntry;
use domain::handover::{Carried, Handover, Plan};
use domain::id::{ClientId, PersonId, TaskId};
use domain::load::spread;
use domain::person::{Load, Part, Role};
use domain::refusal::{Refusal, Rule};
use domain::task::Stage;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, IntoSimpleExpr as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use std::collections::{BTreeMap, HashMap};

/// Working days within which a carrier goes back to its owner.
const BACK_DAYS: u32 = 2;

/// Whether somebody leads others.
fn leads(who: &person::Model) -> bool {
    [Role::Owner, Role::Lead].iter().any(|role| who.role == role.code())
}

impl ScopedStore {
    /// What somebody carries within the asking person's reach, shared out over colleagues by load.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed` for somebody of another team.
    pub async fn handover_plan(&self, from: PersonId) -> Result<Plan> {
        let leaving = self.may_hand_over(from).await?;
        let names = self.carried_clients(from).await?;
        let loads = self.loads().await?;
        let may: Vec<PersonId> = loads
            .iter()
            .filter(|l| l.person.active && l.person.id != from && l.person.role != Role::Observer)
            .filter(|l| self.who.reach(Action::AssignClient) == Reach::Everything || l.person.team == self.who.team)
            .map(|l| l.person.id)
            .collect();
        let those = |fits: &dyn Fn(&Load) -> bool| -> Vec<PersonId> {
            loads.iter().filter(|l| may.contains(&l.person.id) && fits(l)).map(|l| l.person.id).collect()
        };
        let same = |l: &Load| leaving.team_id.is_some() && l.person.team.map(|t| t.0) == leaving.team_id;
        let accountant = |l: &Load| l.person.role == Role::Accountant;
        // Who is of the same team knows the clients; whoever leads others carries few and is not there to carry all.
        let ranks = [
            those(&|l| same(l) && accountant(l)),
            those(&same),
            those(&accountant),
            those(&|l| l.person.role != Role::Owner),
            may.clone(),
        ];
        let near = ranks.into_iter().find(|some| !some.is_empty()).unwrap_or_default();
        let mut carried: HashMap<PersonId, i64> = loads.iter().map(|l| (l.person.id, l.clients)).collect();
        let things: Vec<(ClientId, i64, Vec<PersonId>)> = names.keys().map(|id| (*id, 1, near.clone())).collect();
        // Nobody gets much more than an even part, however little they carry now.
        let most = things.len().div_ceil(near.len().max(1)) + 1;
        let shared = spread(&things, &mut carried, most);
        let tasks = self.open_tasks_with(from).await?.len();
        let carriers = self.carriers_of(from).await?.len();
        Ok(Plan {
            clients: shared
                .into_iter()
                .map(|(id, to)| Carried { id, name: names.get(&id).cloned().unwrap_or_default(), to })
                .collect(),
            tasks: i64::try_from(tasks).unwrap_or(0),
            carriers: i64::try_from(carriers).unwrap_or(0),
            colleagues: loads.iter().filter(|l| may.contains(&l.person.id)).cloned().collect(),
        })
    }

    /// The person, where the asking one may hand over what they carry.
    async fn may_hand_over(&self, from: PersonId) -> Result<person::Model> {
        let who = self.one::<person::Entity>(Action::See, person::Column::Id.eq(from.0)).await?;
        let own_team = self.who.team.is_some() && who.team_id == self.who.team.map(|t| t.0);
        match self.who.reach(Action::AssignClient) {
            Reach::Everything => Ok(who),
            // A lead hands over for accountants and observers of the team, and for themselves.
            Reach::Team if own_team && (who.id == self.who.person.0 || !leads(&who)) => Ok(who),
            _ => Err(Refusal::NotAllowed.into()),
        }
    }

    /// Clients that somebody is responsible for today, by id.
    async fn carried_clients(&self, from: PersonId) -> Result<BTreeMap<ClientId, String>> {
        let rows = self
            .find::<assignment::Entity>(Action::AssignClient)
            .filter(assignment::Column::PersonId.eq(from.0))
            .filter(assignment::Column::Part.eq(Part::Responsible.code()))
            .filter(holds(self.who.today.day))
            .all(&self.rows)
            .await?;
        let names = self.names_of(rows.iter().map(|r| r.client_id)).await?;
        Ok(rows
            .into_iter()
            .map(|r| (ClientId(r.client_id), names.get(&r.client_id).cloned().unwrap_or_default()))
            .collect())
    }

    async fn open_tasks_with(&self, from: PersonId) -> Result<Vec<task::Model>> {
        let rows = self.find::<task::Entity>(Action::AssignTask).filter(task::Column::AssigneeId.eq(from.0));
        Ok(rows.filter(task::Column::Open.eq(true)).order_by_asc(task::Column::Id).all(&self.rows).await?)
    }

    async fn carriers_of(&self, from: PersonId) -> Result<Vec<custody::Model>> {
        let own = crate::core::reach::within(custody::Column::ClientId.into_simple_expr(), &self.who, Action::WorkTask);
        Ok(self.with_us().filter(custody::Column::KeeperId.eq(from.0)).filter(own).all(&self.rows).await?)
    }

    /// Hands over: clients to those named, tasks with their clients, carriers to be returned; the person's sessions
    /// end at once. For good, their assignments end and, where the asking person manages staff, their entrance is
    /// closed.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or `Invalid` where a client is left out or cannot go to the one named.
    pub async fn hand_over(&self, from: PersonId, how: Handover) -> Result<()> {
        let how = &how;
        self.write(|deed| async move {
            let leaving = deed.may_hand_over(from).await?;
            // Two presses at one moment wait for one another.
            let this = find_whoever_asks::<person::Entity>().filter(person::Column::Id.eq(from.0));
            this.lock_exclusive().one(&deed.rows).await?;
            if how.until.is_some_and(|until| until < deed.who.today.day) {
                return Err(Refusal::invalid("until", Rule::Order).into());
            }
            let passing = deed.passing(from, how).await?;
            let deed = deed.require(Action::AssignClient)?;
            if how.until.is_none() && deed.who.reach(Action::ManageStaff) != Reach::Nothing {
                deed.close_entrance(&leaving).await?;
                deed.remove::<feed::Entity>(feed::Column::PersonId.eq(from.0)).await?;
            }
            deed.remove::<session::Entity>(session::Column::PersonId.eq(from.0)).await?;
            for (client, to) in &passing.clients {
                deed.pass_client(client.id, from, *to, how.until).await?;
            }
            let mut lines = vec![Entry::new(DeedKind::HandedOver, leaving.name.clone()).link(format!("/staff/{from}"))];
            if how.until.is_none() {
                lines.extend(deed.end_rest(from, &leaving.name).await?);
            }
            lines.extend(deed.pass_tasks(&passing, how.until.is_some().then_some(from)).await?);
            lines.extend(deed.pass_carriers(&passing, &leaving.name).await?);
            for (client, to) in &passing.clients {
                let about = format!("{}: {} → {}", client.name, leaving.name, deed.staff_name(*to).await?);
                lines.push(
                    Entry::new(DeedKind::HandedOver, about).client(client.id).link(format!("/clients/{}", client.id)),
                );
            }
            Ok(deed.done_with(lines))
        })
        .await
    }

    /// What passes to whom.
    async fn passing(&self, from: PersonId, how: &Handover) -> Result<Passing> {
        let plan = self.handover_plan(from).await?;
        self.still_carried(&plan, how).await?;
        let mut clients = Vec::new();
        for client in plan.clients {
            let to = how.clients.get(&client.id).copied().ok_or(Refusal::invalid("to", Rule::Required))?;
            if !plan.colleagues.iter().any(|l| l.person.id == to) {
                return Err(Refusal::invalid("to", Rule::NoRight).into());
            }
            clients.push((client, to));
        }
        let taker = |id: ClientId| clients.iter().find(|(c, _)| c.id == id).map(|(_, to)| *to);
        let mut tasks = Vec::new();
        for model in self.open_tasks_with(from).await? {
            let certificates: Vec<_> =
                self.certificates_of_task(TaskId(model.id)).await?.into_iter().map(|c| c.id).collect();
            let of = self.clients_of(&certificates).await?;
            // With the clients, where all of a task's certificates pass to one and the same; else it is nobody's.
            let takers: Vec<Option<PersonId>> =
                of.values().map(|of| of.iter().find_map(|(id, _)| taker(*id))).collect();
            let to = takers.first().copied().flatten().filter(|to| takers.iter().all(|t| *t == Some(*to)));
            tasks.push((model, to));
        }
        let carriers = self.carriers_of(from).await?.into_iter().map(|c| (taker(ClientId(c.client_id)), c));
        Ok(Passing { carriers: carriers.map(|(to, c)| (c, to)).collect(), clients, tasks })
    }
}

impl ScopedStore {
    /// Refuses where somebody else has handed over meanwhile: clients that are named are not carried any more, and have not
    /// gone to those who are named.
    async fn still_carried(&self, plan: &Plan, how: &Handover) -> Result<()> {
        let gone = how.clients.iter().filter(|(id, _)| !plan.clients.iter().any(|c| c.id == **id));
        let gone: Vec<(uuid::Uuid, PersonId)> = gone.map(|(id, to)| (id.0, *to)).collect();
        let now = self.responsible_of(&gone.iter().map(|(id, _)| *id).collect::<Vec<_>>()).await?;
        let as_named = |(id, to): &(uuid::Uuid, PersonId)| now.get(id).is_some_and(|(who, _)| *who == to.0);
        if gone.iter().all(as_named) { Ok(()) } else { Err(Refusal::Conflict.into()) }
    }
}

/// What passes when somebody hands over, each with whoever takes it.
struct Passing {
    clients: Vec<(Carried, PersonId)>,
    tasks: Vec<(task::Model, Option<PersonId>)>,
    carriers: Vec<(custody::Model, Option<PersonId>)>,
}

impl Permitted {
    /// Nobody signs in as this person any more.
    async fn close_entrance(&self, leaving: &person::Model) -> Result<()> {
        keep_an_owner(self, leaving).await?;
        void_links(self, PersonId(leaving.id)).await?;
        let this = self.change::<person::Entity>(person::Column::Id.eq(leaving.id));
        self.run_one(this.col_expr(person::Column::Active, Expr::value(false))).await
    }

    /// `cover`: who is only covered for a time; a task that was covered already stays that of who was covered first.
    async fn pass_tasks(&self, passing: &Passing, cover: Option<PersonId>) -> Result<Vec<Entry>> {
        let mut lines = Vec::new();
        for (model, to) in &passing.tasks {
            let covered = model.cover_for.map(PersonId).or(cover).filter(|first| to.is_some_and(|to| to != *first));
            let change = self
                .change::<task::Entity>(task::Column::Id.eq(model.id))
                .col_expr(task::Column::AssigneeId, Expr::value(to.map(|p| p.0)))
                .col_expr(task::Column::CoverFor, Expr::value(covered.map(|p| p.0)))
                .col_expr(task::Column::Revision, Expr::value(model.revision + 1));
            self.run_one(change).await?;
            let name = match to {
                Some(who) => self.staff_name(*who).await?,
                None => String::new(),
            };
            self.event(TaskId(model.id), "assigned", Stage::Planned, &name).await?;
            lines.push(self.entry(DeedKind::TaskAssigned, model, &name).await?);
        }
        Ok(lines)
    }

    /// Carriers are to go back to their owners soon.
    async fn pass_carriers(&self, passing: &Passing, from: &str) -> Result<Vec<Entry>> {
        let back_by = self.days_off().await?.working_days_after(self.who.today.day, BACK_DAYS);
        let mut lines = Vec::new();
        for (carrier, to) in &passing.carriers {
            let client = ClientId(carrier.client_id);
            self.add_entry(client, self.to_return(carrier, from, *to, back_by)?).await?;
            let about = format!("{}: {}", carrier.label, domain::custody::Passing::Taken.code());
            lines.push(Entry::new(DeedKind::CarrierRecorded, about).client(client).link(format!("/clients/{client}")));
        }
        Ok(lines)
    }

    /// One client passes: for good the one who leaves ends with yesterday, else both stand.
    async fn pass_client(
        &self,
        client: ClientId,
        from: PersonId,
        to: PersonId,
        until: Option<NaiveDate>,
    ) -> Result<()> {
        // Cover that passes stays cover: it ends when it would have ended, and whoever is covered stays.
        let cover = find_whoever_asks::<assignment::Entity>()
            .filter(assignment::Column::ClientId.eq(client.0))
            .filter(assignment::Column::PersonId.eq(from.0))
            .filter(assignment::Column::Part.eq(Part::Responsible.code()))
            .filter(holds(self.who.today.day))
            .all(&self.rows)
            .await?;
        let for_good = until.is_none();
        let lasting = cover.iter().any(|a| a.until_day.is_none());
        let until = until.or_else(|| cover.iter().filter_map(|a| a.until_day).max().filter(|_| !lasting));
        let new =
            domain::client::NewAssignment { person: to, part: Part::Responsible, from: self.who.today.day, until };
        if for_good && !lasting {
            self.end_own(from, assignment::Column::ClientId.eq(client.0)).await?;
        } else if for_good {
            self.end_same(client, &new).await?;
            self.end_own(from, assignment::Column::ClientId.eq(client.0)).await?;
        } else if self.stands_in_already(client, &new).await? {
            return Ok(());
        }
        self.insert(assignment::ActiveModel {
            id: Set(fresh::id()),
            client_id: Set(client.0),
            person_id: Set(to.0),
            part: Set(Part::Responsible.code().into()),
            from_day: Set(new.from),
            until_day: Set(until),
        })
        .await
    }
}

impl Permitted {
    /// Whether cover would add nothing: who stands in is responsible for good. Their shorter or longer cover of the same
    /// client gives way to the new one.
    async fn stands_in_already(&self, client: ClientId, new: &domain::client::NewAssignment) -> Result<bool> {
        let theirs = assignment::Column::ClientId
            .eq(client.0)
            .and(assignment::Column::PersonId.eq(new.person.0))
            .and(assignment::Column::Part.eq(Part::Responsible.code()));
        let running = find_whoever_asks::<assignment::Entity>().filter(theirs.clone()).filter(holds(new.from));
        if running.all(&self.rows).await?.iter().any(|row| row.until_day.is_none()) {
            return Ok(true);
        }
        self.end_own(new.person, theirs.and(assignment::Column::UntilDay.gte(new.from))).await?;
        Ok(false)
    }

    /// Everything else the person is assigned to ends as well.
    async fn end_rest(&self, from: PersonId, name: &str) -> Result<Vec<Entry>> {
        let within = crate::core::reach::within(
            sea_orm::IntoSimpleExpr::into_simple_expr(assignment::Column::ClientId),
            &self.who,
            Action::AssignClient,
        );
        let rows = self
            .find::<assignment::Entity>(Action::AssignClient)
            .filter(assignment::Column::PersonId.eq(from.0))
            .filter(within);
        let today = self.who.today.day;
        let mut lines = Vec::new();
        for row in rows.all(&self.rows).await? {
            if row.until_day.is_some_and(|until| until < today) {
                continue;
            }
            self.end_own(from, assignment::Column::Id.eq(row.id)).await?;
            let client = ClientId(row.client_id);
            let about = format!("{name}: {}", row.part);
            lines.push(Entry::new(DeedKind::AssignmentEnded, about).client(client).link(format!("/clients/{client}")));
        }
        Ok(lines)
    }
}

impl Permitted {
    /// Ends assignments of a person with yesterday; what begins today or later is taken out.
    pub(super) async fn end_own(&self, from: PersonId, which: sea_orm::sea_query::SimpleExpr) -> Result<()> {
        let today = self.who.today.day;
        let mine = which.and(assignment::Column::PersonId.eq(from.0));
        self.remove::<assignment::Entity>(mine.clone().and(assignment::Column::FromDay.gte(today))).await?;
        let running = mine.and(assignment::Column::UntilDay.is_null().or(assignment::Column::UntilDay.gte(today)));
        let ended = Expr::value(domain::day::minus(today, 1));
        self.run(self.change::<assignment::Entity>(running).col_expr(assignment::Column::UntilDay, ended)).await?;
        Ok(())
    }
}

impl ScopedStore {
    fn to_return(
        &self,
        row: &custody::Model,
        from: &str,
        to: Option<PersonId>,
        back_by: NaiveDate,
    ) -> Result<NewEntry> {
        let kind = domain::custody::CarrierKind::parse(&row.kind).ok_or(crate::Error::Broken("carrier kind"))?;
        Ok(NewEntry {
            carrier: Some(domain::id::CarrierId(row.carrier_id)),
            kind,
            label: row.label.clone(),
            what: domain::custody::Passing::Taken,
            day: self.who.today.day,
            from_whom: from.to_owned(),
            to_whom: row.to_whom.clone(),
            keeper: to,
            ground: row.ground.clone(),
            back_by: Some(row.back_by.map_or(back_by, |day| std::cmp::min(day, back_by))),
            note: String::new(),
        })
    }
}
