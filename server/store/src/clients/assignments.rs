//! Who works on a client: one list that drives access, tasks and notices.

use crate::core::admitted::ScopedStore;
use crate::core::convert::person as to_person;
use crate::core::deed::Permitted;
use crate::core::entity::{assignment, person};
use crate::core::fresh;
use crate::core::whoever::find_whoever_asks;
use crate::{Error, Result};
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::client::Assignment;
use domain::client::NewAssignment;
use domain::id::{AssignmentId, ClientId, PersonId};
use domain::person::{Part, Person, Role};
use domain::refusal::{Refusal, Rule};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, Set};
use std::collections::HashMap;

impl ScopedStore {
    /// Assignments of a client, past ones last.
    ///
    /// # Errors
    /// `NotFound` for a foreign client.
    pub async fn assignments(&self, client: ClientId) -> Result<Vec<Assignment>> {
        self.client(Action::See, client).await?;
        let rows = self
            .find::<assignment::Entity>(Action::See)
            .filter(assignment::Column::ClientId.eq(client.0))
            .order_by_desc(assignment::Column::FromDay)
            .all(&self.rows)
            .await?;
        let names: HashMap<PersonId, String> = self.people().await?.iter().map(|p| (p.id, p.name.clone())).collect();
        let mut out = rows.into_iter().map(|r| to_assignment(r, &names)).collect::<Result<Vec<_>>>()?;
        out.sort_by_key(|a| (!a.holds(self.who.today), a.part));
        Ok(out)
    }

    /// Puts somebody on a client.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or `Invalid` where the days are in the wrong order or the person left.
    pub async fn assign(&self, client: ClientId, new: NewAssignment) -> Result<()> {
        self.write(|deed| async move {
            let on = deed.client(Action::AssignClient, client).await?;
            if new.until.is_some_and(|until| until < new.from) {
                return Err(Refusal::invalid("until", Rule::Order).into());
            }
            let who = deed.choosable(new.person, new.part).await?;
            let deed = on.permits();
            deed.end_same(client, &new).await?;
            deed.insert(assignment::ActiveModel {
                id: Set(fresh::id()),
                client_id: Set(client.0),
                person_id: Set(new.person.0),
                part: Set(new.part.code().into()),
                from_day: Set(new.from),
                until_day: Set(new.until),
            })
            .await?;
            let days = format!("{} – {}", new.from, new.until.map(|d| d.to_string()).unwrap_or_default());
            let about = format!("{} → {}: {}, {days}", on.name, who.name, new.part.code());
            Ok(deed.done(Entry::new(DeedKind::Assigned, about).client(client).link(format!("/clients/{client}"))))
        })
        .await
    }

    /// A lead puts only members of the lead's team, or themselves, on clients; an observer only observes.
    pub(crate) async fn choosable(&self, id: PersonId, part: Part) -> Result<Person> {
        // Whom one may not choose answers as whom there is not.
        let who = match self.person(id).await {
            Err(Error::Refused(Refusal::NotFound)) => return Err(Refusal::invalid("person", Rule::OutsideTeam).into()),
            other => other?,
        };
        if who.role == Role::Observer && part != Part::Observer {
            return Err(Refusal::invalid("person", Rule::ObserverWorks).into());
        }
        let foreign = self.who.reach(Action::AssignClient) != domain::access::Reach::Everything
            && who.id != self.who.person
            && (who.team.is_none() || who.team != self.who.team);
        if !who.active || foreign { Err(Refusal::invalid("person", Rule::OutsideTeam).into()) } else { Ok(who) }
    }
}

impl Permitted {
    /// One lasting responsible at a time; nobody stands twice on one client for good. What begins later than a
    /// lasting assignment, or on its first day, is taken out; what began before ends the day before it. Cover with
    /// an end stands beside what is there.
    pub(crate) async fn end_same(&self, client: ClientId, new: &NewAssignment) -> Result<()> {
        if new.until.is_some() {
            return Ok(());
        }
        let same_person = assignment::Column::PersonId.eq(new.person.0);
        let clash = if new.part == Part::Responsible {
            same_person.or(assignment::Column::Part.eq(Part::Responsible.code()))
        } else {
            same_person
        };
        let running = assignment::Column::ClientId
            .eq(client.0)
            .and(clash)
            .and(assignment::Column::UntilDay.is_null().or(assignment::Column::UntilDay.gte(new.from)));
        self.remove::<assignment::Entity>(running.clone().and(assignment::Column::FromDay.gte(new.from))).await?;
        let until = domain::day::minus(new.from, 1);
        self.run(self.change::<assignment::Entity>(running).col_expr(assignment::Column::UntilDay, Expr::value(until)))
            .await?;
        Ok(())
    }
}

impl ScopedStore {
    /// Ends an assignment with yesterday; one that begins today or later is taken out.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`.
    pub async fn end_assignment(&self, client: ClientId, id: AssignmentId) -> Result<()> {
        self.write(|deed| async move {
            let on = deed.client(Action::AssignClient, client).await?;
            let row = deed
                .find::<assignment::Entity>(Action::See)
                .filter(assignment::Column::Id.eq(id.0))
                .filter(assignment::Column::ClientId.eq(client.0))
                .one(&deed.rows)
                .await?
                .ok_or(Refusal::NotFound)?;
            let who = find_whoever_asks::<person::Entity>()
                .filter(person::Column::Id.eq(row.person_id))
                .one(&deed.rows)
                .await?;
            let who = to_person(who.ok_or(Refusal::NotFound)?)?;
            let deed = on.permits();
            let this = assignment::Column::Id.eq(id.0);
            if row.from_day >= deed.who.today.day {
                deed.remove::<assignment::Entity>(this).await?;
            } else {
                let until = domain::day::minus(deed.who.today.day, 1);
                deed.run_one(
                    deed.change::<assignment::Entity>(this).col_expr(assignment::Column::UntilDay, Expr::value(until)),
                )
                .await?;
            }
            let about = format!("{} → {}", on.name, who.name);
            let line = Entry::new(DeedKind::AssignmentEnded, about).client(client).link(format!("/clients/{client}"));
            Ok(deed.done(line))
        })
        .await
    }
}

fn to_assignment(row: assignment::Model, names: &HashMap<PersonId, String>) -> Result<Assignment> {
    let person = PersonId(row.person_id);
    Ok(Assignment {
        id: AssignmentId(row.id),
        person,
        person_name: names.get(&person).cloned().unwrap_or_default(),
        part: Part::parse(&row.part).ok_or(Error::Broken("part"))?,
        from: row.from_day,
        until: row.until_day,
    })
}
