//! Staff: inviting, roles, teams, leaving.

use crate::Result;
use crate::clients::cards::holds;
use crate::core::admitted::ScopedStore;
use crate::core::convert::person as to_person;
use crate::core::deed::Permitted;
use crate::core::entity::{assignment, client, feed, person, session, task, team};
use crate::core::fresh;
use crate::core::whoever::exists;
use crate::core::whoever::find_whoever_asks;
use crate::people::door::{new_link, void_links};
use chrono::{DateTime, Utc};
use domain::access::{Action, Reach};
use domain::audit::{DeedKind, Entry};
use domain::day::plus;
use domain::fold::sort_key;
use domain::id::{PersonId, TeamId};
use domain::load::TaskLoad;
use domain::person::{Load, Part, Person, PersonChange, Role, Team, Theme};
use domain::refusal::{MailFault, Refusal, Rule};
use domain::standing::WEEK_DAYS;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, Condition, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

impl ScopedStore {
    /// Everybody, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people(&self) -> Result<Arc<Vec<Person>>> {
        let ask = async {
            let rows = self.find::<person::Entity>(Action::See).all(&self.rows).await?;
            let mut people = rows.into_iter().map(to_person).collect::<Result<Vec<Person>>>()?;
            people.sort_by_cached_key(|person| (sort_key(&person.name), person.id));
            Ok(people)
        };
        self.remembered("people".into(), ask).await
    }

    /// Who is responsible for the clients that may be seen, and their teams: what lists can be narrowed to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn narrowings(&self) -> Result<Arc<(Vec<Person>, Vec<Team>)>> {
        let key = format!("narrowings {} {:?} {}", self.who.person, self.who.team, self.who.today.day);
        self.remembered(key, self.ask_narrowings()).await
    }

    async fn ask_narrowings(&self) -> Result<(Vec<Person>, Vec<Team>)> {
        let responsible: HashSet<Uuid> = self
            .find::<assignment::Entity>(Action::See)
            .filter(assignment::Column::Part.eq(Part::Responsible.code()))
            .filter(holds(self.who.today.day))
            .select_only()
            .column(assignment::Column::PersonId)
            .distinct()
            .into_tuple::<Uuid>()
            .all(&self.rows)
            .await?
            .into_iter()
            .collect();
        let own: HashSet<Option<Uuid>> = self
            .find::<client::Entity>(Action::See)
            .select_only()
            .column(client::Column::TeamId)
            .distinct()
            .into_tuple::<Option<Uuid>>()
            .all(&self.rows)
            .await?
            .into_iter()
            .collect();
        let people = self.people().await?.iter().filter(|p| responsible.contains(&p.id.0)).cloned().collect();
        let teams = self.teams().await?.iter().filter(|t| own.contains(&Some(t.id.0))).cloned().collect();
        Ok((people, teams))
    }

    /// One of the staff.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn person(&self, id: PersonId) -> Result<Person> {
        to_person(self.one::<person::Entity>(Action::See, person::Column::Id.eq(id.0)).await?)
    }

    /// Teams by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn teams(&self) -> Result<Arc<Vec<Team>>> {
        let ask = async {
            let rows = self.find::<team::Entity>(Action::See).order_by_asc(team::Column::Name).all(&self.rows).await?;
            Ok(rows.into_iter().map(|t| Team { id: TeamId(t.id), name: t.name }).collect())
        };
        self.remembered("teams".into(), ask).await
    }

    /// Everybody with clients and open tasks, counted within the asking person's reach.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn loads(&self) -> Result<Arc<Vec<Load>>> {
        let key = format!("loads {} {:?} {}", self.who.person, self.who.team, self.who.today.day);
        self.remembered(key, self.ask_loads()).await
    }

    async fn ask_loads(&self) -> Result<Vec<Load>> {
        let db = &self.rows;
        let day = self.who.today.day;
        let clients: Vec<(Uuid, i64)> = self
            .find::<assignment::Entity>(Action::See)
            .filter(assignment::Column::FromDay.lte(day))
            .filter(
                Condition::any().add(assignment::Column::UntilDay.is_null()).add(assignment::Column::UntilDay.gte(day)),
            )
            .select_only()
            .column(assignment::Column::PersonId)
            .expr(Expr::col(assignment::Column::ClientId).count_distinct())
            .group_by(assignment::Column::PersonId)
            .into_tuple()
            .all(db)
            .await?;
        let open = self
            .find::<task::Entity>(Action::See)
            .filter(task::Column::Open.eq(true))
            .filter(task::Column::AssigneeId.is_not_null());
        let per_person = |q: sea_orm::Select<task::Entity>| {
            q.select_only()
                .column(task::Column::AssigneeId)
                .expr(Expr::col(task::Column::Id).count())
                .group_by(task::Column::AssigneeId)
                .into_tuple::<(Uuid, i64)>()
        };
        let overdue = open.clone().filter(crate::tasks::lists::is_overdue(day));
        let week = open
            .clone()
            .filter(task::Column::WaitingSince.is_null())
            .filter(task::Column::CountsTo.between(day, plus(day, WEEK_DAYS.unsigned_abs())));
        let (open, overdue, week) =
            (per_person(open).all(db).await?, per_person(overdue).all(db).await?, per_person(week).all(db).await?);
        let [clients, open, overdue, week] =
            [clients, open, overdue, week].map(|rows| rows.into_iter().collect::<HashMap<Uuid, i64>>());
        let of = |map: &HashMap<Uuid, i64>, id: PersonId| map.get(&id.0).copied().unwrap_or(0);
        let people = self.people().await?;
        Ok(people
            .iter()
            .map(|p| Load {
                clients: of(&clients, p.id),
                tasks: TaskLoad {
                    open: of(&open, p.id),
                    overdue: of(&overdue, p.id),
                    week: of(&week, p.id),
                    partial: !self.sees_all_of(p),
                },
                person: p.clone(),
            })
            .collect())
    }

    /// Whether all clients of a person are within the asking person's reach.
    fn sees_all_of(&self, person: &Person) -> bool {
        match self.who.reach(Action::See) {
            Reach::Everything => true,
            Reach::Team if person.team.is_some() => person.team == self.who.team,
            _ => person.id == self.who.person,
        }
    }

    /// Writes somebody new with a one-time link that sets the password.
    ///
    /// # Errors
    /// `NotAllowed`, or `Invalid` where the address is taken.
    pub async fn invite(&self, email: String, new: PersonChange, link: (String, DateTime<Utc>)) -> Result<PersonId> {
        let (email, new, link) = (&email, &new, &link);
        self.write(|deed| async move {
            let deed = deed.require(Action::ManageStaff)?;
            deed.is_team(new.team).await?;
            let lang = deed.store.office().await?.map_or(domain::person::Lang::Ru, |o| o.lang);

            if exists::<person::Entity>(&deed.rows, person::Column::Email.eq(email.as_str())).await? {
                return Err(Refusal::invalid("email", Rule::Mail(MailFault::Taken)).into());
            }
            let id = PersonId(fresh::id());
            deed.insert(person::ActiveModel {
                id: Set(id.0),
                name: Set(new.name.clone()),
                email: Set(email.clone()),
                password: Set(None),
                role: Set(new.role.code().into()),
                team_id: Set(new.team.map(|t| t.0)),
                sees_all: Set(new.sees_all),
                active: Set(true),
                lang: Set(lang.code().into()),
                theme: Set(Theme::System.code().into()),
                revision: Set(1),
                client_columns: Set(String::new()),
            })
            .await?;
            deed.insert(new_link(link.0.clone(), Some(id), link.1)).await?;
            Ok(deed
                .done(
                    Entry::new(DeedKind::StaffInvited, format!("{}: {}", new.name, new.role.code()))
                        .link(format!("/staff/{id}")),
                )
                .with(id))
        })
        .await
    }

    /// A new one-time link for somebody who lost theirs, or their password.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`.
    pub async fn make_link(&self, id: PersonId, link: (String, DateTime<Utc>)) -> Result<()> {
        let link = &link;
        self.write(|deed| async move {
            let who = deed.held::<person::Entity>(Action::ManageStaff, person::Column::Id.eq(id.0)).await?;
            let deed = who.permits();
            void_links(&deed, id).await?;
            deed.insert(new_link(link.0.clone(), Some(id), link.1)).await?;
            Ok(deed.done(Entry::new(DeedKind::LinkMade, who.name.clone()).link(format!("/staff/{id}"))))
        })
        .await
    }

    /// Refuses a team that there is not.
    pub(crate) async fn is_team(&self, id: Option<TeamId>) -> Result<()> {
        let Some(id) = id else { return Ok(()) };
        let there = exists::<team::Entity>(&self.rows, team::Column::Id.eq(id.0)).await?;
        if there { Ok(()) } else { Err(Refusal::invalid("team", Rule::Unknown).into()) }
    }

    /// Changes name, role, team and sight of somebody.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, `Conflict`, or `Invalid` for the last owner.
    pub async fn change_person(&self, id: PersonId, to: PersonChange, revision: i32) -> Result<()> {
        let to = &to;
        self.write(|deed| async move {
            let before = deed.held::<person::Entity>(Action::ManageStaff, person::Column::Id.eq(id.0)).await?;
            deed.is_team(to.team).await?;
            let deed = before.permits();
            if to.role != Role::Owner {
                keep_an_owner(&deed, &before).await?;
            }
            let change = deed
                .change::<person::Entity>(person::Column::Id.eq(id.0))
                .filter(person::Column::Revision.eq(revision))
                .col_expr(person::Column::Name, Expr::value(to.name.clone()))
                .col_expr(person::Column::Role, Expr::value(to.role.code()))
                .col_expr(person::Column::TeamId, Expr::value(to.team.map(|t| t.0)))
                .col_expr(person::Column::SeesAll, Expr::value(to.sees_all))
                .col_expr(person::Column::Revision, Expr::value(revision.saturating_add(1)));
            deed.run_one(change).await?;
            let about = format!("{}: {}", to.name, to_person(before.clone())?.changed(to));
            Ok(deed.done(Entry::new(DeedKind::StaffChanged, about).link(format!("/staff/{id}"))))
        })
        .await
    }

    /// Lets somebody in again, or shuts them out: then their sessions end at once, and their open tasks are nobody's:
    /// tells how many those are.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, or `Invalid` for the last owner.
    pub async fn set_active(&self, id: PersonId, active: bool) -> Result<u64> {
        self.write(|deed| async move {
            let before = deed.held::<person::Entity>(Action::ManageStaff, person::Column::Id.eq(id.0)).await?;
            let deed = before.permits();
            if !active {
                keep_an_owner(&deed, &before).await?;
                deed.remove::<session::Entity>(session::Column::PersonId.eq(id.0)).await?;
                deed.remove::<feed::Entity>(feed::Column::PersonId.eq(id.0)).await?;
                void_links(&deed, id).await?;
            }
            deed.run_one(
                deed.change::<person::Entity>(person::Column::Id.eq(id.0))
                    .col_expr(person::Column::Active, Expr::value(active)),
            )
            .await?;
            let kind = if active { DeedKind::StaffActivated } else { DeedKind::StaffDeactivated };
            let own = task::Column::AssigneeId.eq(id.0).and(task::Column::Open.eq(true));
            let free =
                if active { 0 } else { find_whoever_asks::<task::Entity>().filter(own).count(&deed.rows).await? };
            Ok(deed.done(Entry::new(kind, before.name.clone()).link(format!("/staff/{id}"))).with(free))
        })
        .await
    }

    /// Adds a team.
    ///
    /// # Errors
    /// `NotAllowed`, or `Invalid` where the name is taken.
    pub async fn add_team(&self, name: &str) -> Result<()> {
        self.write(|deed| async move {
            let deed = deed.require(Action::ManageStaff)?;

            if exists::<team::Entity>(&deed.rows, team::Column::Name.eq(name)).await? {
                return Err(Refusal::invalid("name", Rule::Team).into());
            }
            deed.insert(team::ActiveModel { id: Set(fresh::id()), name: Set(name.to_owned()) }).await?;
            Ok(deed.done(Entry::new(DeedKind::TeamAdded, name)))
        })
        .await
    }
}

/// Refuses where nobody else would be an active owner with a password.
pub async fn keep_an_owner(deed: &Permitted, leaving: &person::Model) -> Result<()> {
    if leaving.role != Role::Owner.code() || !leaving.active {
        return Ok(());
    }
    let others = find_whoever_asks::<person::Entity>()
        .filter(person::Column::Role.eq(Role::Owner.code()))
        .filter(person::Column::Active.eq(true))
        .filter(person::Column::Password.is_not_null())
        // Two owners who demote each other at one moment must wait for one another.
        .lock_exclusive()
        .all(&deed.rows)
        .await?;
    if others.iter().all(|o| o.id == leaving.id) {
        Err(Refusal::invalid("role", Rule::LastOwner).into())
    } else {
        Ok(())
    }
}
