//! Clients: card data, creating, changing, archiving.

use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{assignment, certificate, certificate_client, client, person, task_certificate};
use crate::core::fresh;
use crate::core::stored::{json, to_json};
use crate::core::whoever::exists;
use crate::{Error, Result};
use chrono::NaiveDate;
use domain::access::{Action, Reach};
use domain::audit::{DeedKind, Entry};
use domain::client::{Client, ClientData, ClientField, ClientKind};
use domain::fold::{find_fold, shown, sort_key};
use domain::id::{ClientId, PersonId, TeamId};
use domain::person::Part;
use domain::refusal::{Refusal, Rule};
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use uuid::Uuid;

impl ScopedStore {
    /// One client.
    ///
    /// # Errors
    /// `NotFound` for a foreign one.
    pub async fn client_card(&self, id: ClientId) -> Result<Client> {
        let row = self.client(Action::See, id).await?;
        let codes = self.codes_of(&[id.0]).await?.remove(&id.0).unwrap_or_default();
        to_client(row, codes)
    }

    /// Whether an action is open on a client that may be seen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn may(&self, action: Action, id: ClientId) -> Result<bool> {
        let found = self.find::<client::Entity>(action).filter(client::Column::Id.eq(id.0)).one(&self.rows).await?;
        Ok(found.is_some())
    }

    /// Clients that may be seen, for choosing one in a form, so many at most.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn client_choices(&self, most: usize) -> Result<Vec<(ClientId, String)>> {
        let alike = self.alike().await?;
        let rows: Vec<(Uuid, String)> = self
            .find::<client::Entity>(Action::See)
            .filter(client::Column::Archived.is_null())
            .select_only()
            .columns([client::Column::Id, client::Column::Name])
            .order_by_asc(client::Column::SortName)
            .limit(most as u64)
            .into_tuple()
            .all(&self.rows)
            .await?;
        Ok(rows.into_iter().map(|(id, name)| (ClientId(id), alike.named(id, name))).collect())
    }

    /// Writes a new client. A lead's client is of the lead's team, or the lead would not see it.
    ///
    /// # Errors
    /// `NotAllowed`, or `Invalid` where the number cannot be given to a new client.
    pub async fn create_client(&self, data: ClientData) -> Result<ClientId> {
        let data = &data;
        self.write(|deed| async move {
            let deed = deed.require(Action::EditClient)?;
            let id = deed.add_client(data).await?;
            Ok(deed
                .done(Entry::new(DeedKind::ClientCreated, data.name.clone()).client(id).link(format!("/clients/{id}")))
                .with(id))
        })
        .await
    }
}

impl Permitted {
    pub(crate) async fn add_client(&self, data: &ClientData) -> Result<ClientId> {
        self.require(Action::EditClient)?;
        let same = client::Column::Number.eq(data.number.as_str());
        if exists::<client::Entity>(&self.rows, same.clone()).await? {
            let seen = self.find::<client::Entity>(Action::See).filter(same).one(&self.rows).await?;
            let rule = if seen.is_some() { Rule::NumberTaken } else { Rule::NumberElsewhere };
            return Err(Refusal::invalid("number", rule).into());
        }
        let id = ClientId(fresh::id());
        let team = self.own_team(data.team)?;
        self.is_team(team).await?;
        self.insert(row(id, &ClientData { team, ..data.clone() }, None, 1)?).await?;
        crate::clients::filings::write_codes(self, id, &data.filings).await?;
        crate::clients::systems::add_usual(self, id).await?;
        if self.who.reach(Action::EditClient) != Reach::Everything && team.is_none() {
            self.insert(assignment::ActiveModel {
                id: Set(fresh::id()),
                client_id: Set(id.0),
                person_id: Set(self.who.person.0),
                part: Set(Part::Responsible.code().into()),
                from_day: Set(self.who.today.day),
                until_day: Set(None),
            })
            .await?;
        }
        Ok(id)
    }
}

impl ScopedStore {
    /// A lead keeps clients in the lead's own team.
    fn own_team(&self, wished: Option<TeamId>) -> Result<Option<TeamId>> {
        match self.who.reach(Action::EditClient) {
            Reach::Everything => Ok(wished),
            _ if wished.is_some() && wished != self.who.team => Err(Refusal::invalid("team", Rule::Unknown).into()),
            _ => Ok(self.who.team),
        }
    }

    /// Changes a client's data.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Conflict`, or `Invalid` where the number belongs to another client or is not
    /// the person's to correct.
    pub async fn change_client(&self, id: ClientId, data: ClientData, revision: i32) -> Result<()> {
        let data = &data;
        self.write(|deed| async move {
            let before = deed.client(Action::EditClient, id).await?;
            let team = if data.team.map(|t| t.0) == before.team_id { data.team } else { deed.own_team(data.team)? };
            deed.is_team(team).await?;
            let deed = before.permits();
            // Whoever sees a part only would learn here which numbers the firm has.
            if data.number != before.number && deed.who.reach(Action::EditClient) != Reach::Everything {
                return Err(Refusal::invalid("number", Rule::NumberByOwner).into());
            }
            let other = client::Column::Number.eq(data.number.as_str()).and(client::Column::Id.ne(id.0));
            if exists::<client::Entity>(&deed.rows, other).await? {
                return Err(Refusal::invalid("number", Rule::NumberTaken).into());
            }
            let change = deed
                .change::<client::Entity>(client::Column::Id.eq(id.0))
                .filter(client::Column::Revision.eq(revision))
                .set(row(id, &ClientData { team, ..data.clone() }, before.archived, revision.saturating_add(1))?);
            deed.run_one(change).await?;
            if team.map(|t| t.0) != before.team_id {
                deed.rights_change();
            }
            let codes = deed.codes_of(&[id.0]).await?.remove(&id.0).unwrap_or_default();
            if codes != data.filings {
                crate::clients::filings::write_codes(&deed, id, &data.filings).await?;
            }
            // Names of the fields; their values stay out of the history.
            let changed = to_client(before.clone(), codes)?.data.changed(data);
            let changed: Vec<&str> = changed.into_iter().map(ClientField::code).collect();
            let about = format!("{}: {}", data.name, changed.join(", "));
            Ok(deed.done(Entry::new(DeedKind::ClientChanged, about).client(id).link(format!("/clients/{id}"))))
        })
        .await
    }
}

/// `column LIKE %word%` with the word's own wildcards taken literally.
pub fn contains(column: SimpleExpr, word: &str) -> SimpleExpr {
    let literal = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    column.like(sea_orm::sea_query::LikeExpr::new(format!("%{literal}%")).escape('\\'))
}

/// Assignments that hold on a day.
pub fn holds(day: NaiveDate) -> Condition {
    Condition::all()
        .add(assignment::Column::FromDay.lte(day))
        .add(Condition::any().add(assignment::Column::UntilDay.is_null()).add(assignment::Column::UntilDay.gte(day)))
}

/// Clients that have a responsible on a day: somebody who has left is none.
pub fn responsible_at_all(day: NaiveDate) -> SelectStatement {
    let here = Query::select()
        .column(person::Column::Id)
        .from(person::Entity)
        .and_where(person::Column::Active.eq(true))
        .to_owned();
    Query::select()
        .column(assignment::Column::ClientId)
        .from(assignment::Entity)
        .and_where(assignment::Column::Part.eq(Part::Responsible.code()))
        .and_where(assignment::Column::PersonId.in_subquery(here))
        .cond_where(holds(day))
        .to_owned()
}

/// Clients that one of a team is responsible for on a day.
pub fn responsible_in_team(team: TeamId, day: NaiveDate) -> SelectStatement {
    let members = Query::select()
        .column(person::Column::Id)
        .from(person::Entity)
        .and_where(person::Column::TeamId.eq(team.0))
        .to_owned();
    responsible_at_all(day).and_where(assignment::Column::PersonId.in_subquery(members)).to_owned()
}

/// Clients that somebody is responsible for on a day.
pub fn responsible_for(who: PersonId, day: NaiveDate) -> SelectStatement {
    Query::select()
        .column(assignment::Column::ClientId)
        .from(assignment::Entity)
        .and_where(assignment::Column::PersonId.eq(who.0))
        .and_where(assignment::Column::Part.eq(Part::Responsible.code()))
        .cond_where(holds(day))
        .to_owned()
}

/// Ids of certificates of present clients.
pub fn of_present() -> SelectStatement {
    Query::select()
        .column(certificate_client::Column::CertificateId)
        .from(certificate_client::Entity)
        .inner_join(
            client::Entity,
            Expr::col((client::Entity, client::Column::Id))
                .equals((certificate_client::Entity, certificate_client::Column::ClientId)),
        )
        .and_where(Expr::col((client::Entity, client::Column::Archived)).is_null())
        .to_owned()
}

/// Certificates that nothing stands in for at an instant.
pub fn not_replaced(now_ms: i64) -> Condition {
    Condition::any().add(certificate::Column::ReplacedFrom.is_null()).add(certificate::Column::ReplacedFrom.gt(now_ms))
}

pub fn task_join() -> sea_orm::RelationDef {
    certificate_client::Entity::belongs_to(task_certificate::Entity)
        .from(certificate_client::Column::CertificateId)
        .to(task_certificate::Column::CertificateId)
        .into()
}

pub fn person_join() -> sea_orm::RelationDef {
    assignment::Entity::belongs_to(person::Entity).from(assignment::Column::PersonId).to(person::Column::Id).into()
}

pub fn row(id: ClientId, data: &ClientData, archived: Option<i64>, revision: i32) -> Result<client::ActiveModel> {
    // Named one by one: a new field is stored here or this does not compile. What a client files has its own table.
    let ClientData { kind, name, number, team, filings: _, notes, contacts, legal_address } = data;
    Ok(client::ActiveModel {
        id: Set(id.0),
        kind: Set(kind.code().into()),
        // As it is shown: without signs that turn a line round or cannot be seen.
        name: Set(shown(name, 200)),
        number: Set(number.clone()),
        team_id: Set(team.map(|t| t.0)),
        notes: Set(notes.clone()),
        contacts: Set(to_json(contacts)?),
        legal_address: Set(legal_address.clone()),
        search: Set(find_fold(&data.search_words())),
        sort_name: Set(sort_key(name)),
        archived: Set(archived),
        revision: Set(revision),
        held: sea_orm::NotSet,
        contract_ended: sea_orm::NotSet,
    })
}

pub(crate) fn to_client(row: client::Model, filings: Vec<String>) -> Result<Client> {
    Ok(Client {
        id: ClientId(row.id),
        archived: row.archived.is_some(),
        contract_ended: row.contract_ended,
        revision: row.revision,
        data: ClientData {
            kind: ClientKind::parse(&row.kind).ok_or(Error::Broken("client kind"))?,
            name: row.name,
            number: row.number,
            team: row.team_id.map(TeamId),
            filings,
            notes: row.notes,
            contacts: json(&row.contacts, "contacts")?,
            legal_address: row.legal_address,
        },
    })
}
