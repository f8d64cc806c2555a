//! What the rows of a firm's spreadsheet would change, by what the register already knows.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::entity::{certificate, certificate_client, client};
use crate::core::stored::json;
use crate::core::whoever::find_whoever_asks;
use chrono::NaiveDate;
use domain::access::{Action, Reach};
use domain::client::{Contact, MOST_CONTACTS};
use domain::fold::fold;
use domain::id::{ClientId, PersonId};
use domain::person::{Person, Role};
use domain::refusal::Rule;
use domain::sheet::{Column, Owner, Owners, RowFault, RowPlan, SeveralDates, SheetRow};
use domain::typed::same_name;
use sea_orm::{ColumnTrait as _, JoinType, QueryFilter as _, QuerySelect as _};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Numbers or ids of one statement.
const PART: usize = 400;

/// What the register already knows of the clients of a sheet.
#[derive(Default)]
struct Known {
    /// Clients that may be imported to, by number: id, name and contacts.
    clients: HashMap<String, (Uuid, String, String)>,
    /// Every number that exists, seen or not.
    taken: HashSet<String>,
    /// Holder and last day of their certificates, within the days of the sheet.
    ends: HashMap<Uuid, Vec<(String, NaiveDate)>>,
    responsible: HashSet<Uuid>,
    /// Clients whose data may be changed.
    editable: HashSet<Uuid>,
    /// Who is meant by each text that names a colleague.
    colleagues: HashMap<String, std::result::Result<Option<PersonId>, Rule>>,
    owners: Owners,
    dates: Option<SeveralDates>,
}

/// What earlier rows bring, so that a later one does not bring it again.
#[derive(Default)]
struct Brought {
    /// Clients that an earlier row makes.
    made: HashSet<String>,
    typed: HashSet<(Owner, NaiveDate)>,
    responsible: HashSet<String>,
    /// Ways to reach somebody that they bring to each client.
    contacts: HashMap<String, HashSet<String>>,
}

impl ScopedStore {
    /// What each row would change, in their order.
    pub(super) async fn plans_of(
        &self,
        read: Vec<std::result::Result<Option<SheetRow>, RowFault>>,
        dates: Option<SeveralDates>,
    ) -> Result<Vec<RowPlan>> {
        let rows: Vec<&SheetRow> = read.iter().filter_map(|r| r.as_ref().ok()?.as_ref()).collect();
        let known = Known { owners: Owners::of(rows.iter().copied()), dates, ..self.known_of(&rows).await? };
        let mut brought = Brought::default();
        let plan = |row| match row {
            Err(fault) => RowPlan::Fault(fault),
            Ok(None) => RowPlan::Blank,
            Ok(Some(row)) => self.plan(&row, &known, &mut brought),
        };
        Ok(read.into_iter().map(plan).collect())
    }

    async fn known_of(&self, rows: &[&SheetRow]) -> Result<Known> {
        let people: Vec<Person> = self
            .people()
            .await?
            .iter()
            .filter(|p| p.active && p.role != Role::Observer && self.may_choose(p))
            .cloned()
            .collect();
        let said: HashSet<&str> = rows.iter().map(|r| r.responsible.as_str()).collect();
        let colleagues = said.into_iter().map(|said| (said.to_owned(), named(&people, said))).collect();
        let mut known = Known { colleagues, ..Known::default() };
        let numbers: HashSet<&str> = rows.iter().map(|r| r.number.as_str()).collect();
        let numbers: Vec<&str> = numbers.into_iter().collect();
        for part in numbers.chunks(PART) {
            self.know_clients(&mut known, part).await?;
        }
        let days = || rows.iter().filter_map(|r| Some(r.typed.as_ref()?.last_day));
        if let Some(days) = days().min().zip(days().max()) {
            self.know_ends(&mut known, days).await?;
        }
        Ok(known)
    }

    async fn know_clients(&self, known: &mut Known, numbers: &[&str]) -> Result<()> {
        use client::Column as C;
        let db = &self.rows;
        let named = || C::Number.is_in(numbers.iter().copied());
        let all = find_whoever_asks::<client::Entity>().filter(named()).select_only().column(C::Number);
        known.taken.extend(all.into_tuple::<String>().all(db).await?);
        let seen = self.find::<client::Entity>(Action::Import).filter(named()).select_only();
        let seen: Vec<(String, Uuid, String, String)> =
            seen.columns([C::Number, C::Id, C::Name, C::Contacts]).into_tuple().all(db).await?;
        let ids: Vec<Uuid> = seen.iter().map(|(_, id, ..)| *id).collect();
        known.clients.extend(seen.into_iter().map(|(number, id, name, contacts)| (number, (id, name, contacts))));
        let edit = self.find::<client::Entity>(Action::EditClient).filter(named()).select_only().column(C::Id);
        known.editable.extend(edit.into_tuple::<Uuid>().all(db).await?);
        known.responsible.extend(self.responsible_of(&ids).await?.into_keys());
        Ok(())
    }

    async fn know_ends(&self, known: &mut Known, (first, last): (NaiveDate, NaiveDate)) -> Result<()> {
        let ids: Vec<Uuid> = known.clients.values().map(|(id, ..)| *id).collect();
        for part in ids.chunks(PART) {
            let ends: Vec<(Uuid, String, NaiveDate)> = self
                .find::<certificate_client::Entity>(Action::See)
                .join(JoinType::InnerJoin, crate::core::joins::link_join().rev())
                .filter(certificate_client::Column::ClientId.is_in(part.iter().copied()))
                .filter(certificate_client::Column::LastDay.between(first, last))
                .select_only()
                .columns([certificate_client::Column::ClientId])
                .columns([certificate::Column::Holder, certificate::Column::LastDay])
                .into_tuple()
                .all(&self.rows)
                .await?;
            for (client, holder, day) in ends {
                known.ends.entry(client).or_default().push((holder, day));
            }
        }
        Ok(())
    }

    /// Whom the person may put on a client: a lead only their own team.
    fn may_choose(&self, p: &Person) -> bool {
        match self.who.reach(Action::AssignClient) {
            Reach::Nothing => false,
            Reach::Everything => true,
            _ => p.id == self.who.person || (p.team.is_some() && p.team == self.who.team),
        }
    }

    fn plan(&self, row: &SheetRow, known: &Known, brought: &mut Brought) -> RowPlan {
        let client = known.clients.get(&row.number);
        if client.is_none() {
            if self.who.reach(Action::EditClient) == Reach::Nothing {
                return RowPlan::Fault((Column::Number, Rule::NoSuchClient));
            }
            if known.taken.contains(&row.number) {
                return RowPlan::Fault((Column::Number, Rule::NumberElsewhere));
            }
            if row.name.is_empty() {
                return RowPlan::Fault((Column::Name, Rule::Required));
            }
        }
        let responsible = match known.colleagues.get(&row.responsible) {
            _ if self.who.reach(Action::AssignClient) == Reach::Nothing => None,
            Some(Err(rule)) => return RowPlan::Fault((Column::Responsible, rule.clone())),
            Some(Ok(who)) => *who,
            None => None,
        };
        let has = client.is_some_and(|(id, ..)| known.responsible.contains(id));
        let responsible = responsible.filter(|_| !has && !brought.responsible.contains(&row.number));
        let new = row.typed.as_ref().zip(known.owners.owner(row)).filter(|(t, owner)| {
            let ends = client.and_then(|(id, ..)| known.ends.get(id)).map_or(&[][..], Vec::as_slice);
            // A list without holders names the client: any end on that day is the one.
            let firm = t.iin.is_none() && t.holder == row.name;
            let there = ends.iter().any(|(holder, day)| *day == t.last_day && (firm || same_name(holder, &t.holder)));
            !there && !brought.typed.contains(&(owner.clone(), t.last_day))
        });
        let latest = new.as_ref().and_then(|(t, owner)| Some(known.owners.latest_of_several(owner)? == t.last_day));
        if latest.is_some() && known.dates.is_none() {
            return RowPlan::Fault((Column::LastDay, Rule::SeveralDates));
        }
        let older = latest == Some(false) && known.dates == Some(SeveralDates::Latest);
        let new = new.filter(|_| !older).map(|(t, owner)| (owner, t.last_day));
        let contact = match client {
            Some((id, _, contacts)) => known.editable.contains(id) && new_contact(row, contacts).is_some(),
            // The first row brings its contact with the client.
            None => brought.made.contains(&row.number) && contact_of(row).is_some(),
        };
        let before = brought.contacts.entry(row.number.clone()).or_default();
        let way = contact_of(row).map(|c| way_of(&c));
        let contact = contact && way.as_ref().is_some_and(|way| !before.contains(way));
        let there = client.and_then(|(_, _, contacts)| json::<Vec<Contact>>(contacts, "contacts").ok());
        if contact && there.map_or(0, |all| all.len()) + before.len() >= MOST_CONTACTS {
            return RowPlan::Fault((Column::Phone, Rule::TooMany));
        }
        // Only what is taken stands in the way of a later row.
        let first = client.is_none() && brought.made.insert(row.number.clone());
        brought.responsible.extend(responsible.map(|_| row.number.clone()));
        before.extend(way.filter(|_| contact || first));
        let typed = new.is_some();
        brought.typed.extend(new);
        let id = client.map(|(id, ..)| ClientId(*id));
        let other = |name: &&String| !row.name.is_empty() && fold(name) != fold(&row.name);
        let named = client.map(|(_, name, _)| name).filter(other).cloned();
        let reached = client.filter(|_| contact).and_then(|(_, _, contacts)| reached_by(contacts));
        match id {
            Some(id) if !typed && !contact && responsible.is_none() => RowPlan::Known(id, named),
            _ => RowPlan::Changes { client: id, typed, older, responsible, contact, named, reached },
        }
    }
}

/// The contact of a row, where it names a way to reach somebody.
pub fn contact_of(row: &SheetRow) -> Option<Contact> {
    if row.phone.is_empty() && row.email.is_empty() {
        return None;
    }
    let name = if row.contact.is_empty() {
        row.typed.as_ref().map(|t| t.holder.clone()).unwrap_or_default()
    } else {
        row.contact.clone()
    };
    Some(Contact { name, phone: row.phone.clone(), email: row.email.clone(), ..Contact::default() })
}

/// A phone and an address as they are compared.
fn way_of(c: &Contact) -> String {
    format!("{} {}", c.phone.chars().filter(char::is_ascii_digit).collect::<String>(), c.email.to_lowercase())
}

/// The contact of a row, if the client has none with its phone or address yet.
pub fn new_contact(row: &SheetRow, contacts: &str) -> Option<Contact> {
    let wanted = contact_of(row)?;
    let digits = |phone: &str| phone.chars().filter(char::is_ascii_digit).collect::<String>();
    let there: Vec<Contact> = json(contacts, "contacts").ok()?;
    let same = |c: &Contact| {
        (!wanted.phone.is_empty() && digits(&c.phone) == digits(&wanted.phone))
            || (!wanted.email.is_empty() && c.email.eq_ignore_ascii_case(&wanted.email))
    };
    (!there.iter().any(same)).then_some(wanted)
}

/// How a client is reached so far: phones and addresses.
fn reached_by(contacts: &str) -> Option<String> {
    let there: Vec<Contact> = json(contacts, "contacts").ok()?;
    let ways = there.iter().flat_map(|c| [c.phone.as_str(), c.email.as_str()]).filter(|way| !way.is_empty());
    Some(ways.collect::<Vec<_>>().join(", ")).filter(|ways| !ways.is_empty())
}

/// The one colleague of this name or address; nobody for an empty text.
fn named(people: &[Person], said: &str) -> std::result::Result<Option<PersonId>, Rule> {
    let said = fold(said);
    if said.trim().is_empty() {
        return Ok(None);
    }
    let one = |fits: &dyn Fn(&Person) -> bool| {
        let mut found = people.iter().filter(|p| fits(p));
        let first = found.next().map(|p| p.id);
        (first, found.next().is_some())
    };
    // A full name or an address counts before a part of a name.
    for (first, more) in
        [one(&|p| fold(&p.email) == said || fold(&p.name) == said), one(&|p| same_name(&p.name, &said))]
    {
        match first {
            Some(_) if more => return Err(Rule::Unknown),
            Some(id) => return Ok(Some(id)),
            None => {}
        }
    }
    Err(Rule::Unknown)
}
