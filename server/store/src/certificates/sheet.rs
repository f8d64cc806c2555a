//! A firm's own spreadsheet: what its rows would change, and changing it in one transaction.

use crate::Result;
use crate::clients::cards as clients;
use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{assignment, certificate, certificate_client, client, draft, sheet_draft};
use crate::core::fresh;
use crate::core::stored::{json, to_json};
use crate::core::whoever::find_whoever_asks;
use domain::access::{Action, Reach};
use domain::audit::{DeedKind, Entry};
use domain::client::NewAssignment;
use domain::client::{ClientData, Contact};
use domain::fold::fold;
use domain::id::{ClientId, DraftId, PersonId};
use domain::person::{Part, Person};
use domain::refusal::{Refusal, Rule};
use domain::sheet::{Column, RowPlan, Sheet, SheetOutcome, SheetPreview, SheetRow, guess, read_row};
use domain::typed::same_name;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, JoinType, QueryFilter as _, QuerySelect as _, Set};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What the register already knows of the clients of a sheet.
struct Known {
    /// Clients that may be imported to, by number.
    clients: HashMap<String, client::Model>,
    /// Every number that exists, seen or not.
    taken: HashSet<String>,
    /// Holder and last day of their certificates.
    ends: HashMap<Uuid, Vec<(String, chrono::NaiveDate)>>,
    responsible: HashSet<Uuid>,
    /// Clients whose data may be changed.
    editable: HashSet<Uuid>,
    people: Vec<Person>,
}

impl ScopedStore {
    /// Keeps a sheet until it is accepted.
    ///
    /// # Errors
    /// `NotAllowed`.
    pub async fn keep_sheet(&self, sheet: &Sheet) -> Result<DraftId> {
        self.write(|deed| async move {
            let deed = deed.require(Action::Import)?;
            let id = deed.add_draft(&[]).await?;
            deed.insert(sheet_draft::ActiveModel { draft_id: Set(id.0), sheet: Set(to_json(sheet)?) }).await?;
            Ok(deed.unrecorded().with(id))
        })
        .await
    }

    /// What accepting the sheet would do, judged afresh; an empty mapping is guessed.
    ///
    /// # Errors
    /// `NotFound` for a foreign or forgotten draft.
    pub async fn judge_sheet(&self, id: DraftId, mapping: &[Column]) -> Result<SheetPreview> {
        self.one::<draft::Entity>(Action::See, draft::Column::Id.eq(id.0)).await?;
        let row = self.one::<sheet_draft::Entity>(Action::See, sheet_draft::Column::DraftId.eq(id.0)).await?;
        let sheet: Sheet = json(&row.sheet, "sheet")?;
        let mut mapping = if mapping.is_empty() { guess(&sheet) } else { mapping.to_vec() };
        mapping.resize(sheet.titles.len(), Column::Ignore);
        let read: Vec<_> = sheet.rows.iter().map(|cells| read_row(cells, &mapping)).collect();
        let known = self.known_of(read.iter().filter_map(|r| r.as_ref().ok()?.as_ref())).await?;
        // What an earlier row brings is not brought again by a later one.
        let (mut brought, mut given) = (HashSet::new(), HashSet::new());
        let plans = read.into_iter().map(|row| match row {
            Err(fault) => RowPlan::Fault(fault),
            Ok(None) => RowPlan::Blank,
            Ok(Some(row)) => self.plan(&row, &known, &mut brought, &mut given),
        });
        let plans = plans.collect();
        Ok(SheetPreview { plans, sheet, mapping })
    }

    async fn known_of<'a>(&self, rows: impl Iterator<Item = &'a SheetRow>) -> Result<Known> {
        let db = &self.rows;
        let numbers: HashSet<&str> = rows.map(|r| r.number.as_str()).collect();
        let numbers: Vec<&str> = numbers.into_iter().collect();
        let mut known = Known {
            clients: HashMap::new(),
            taken: HashSet::new(),
            ends: HashMap::new(),
            responsible: HashSet::new(),
            editable: HashSet::new(),
            people: self.people().await?.iter().filter(|p| p.active && self.may_choose(p)).cloned().collect(),
        };
        for part in numbers.chunks(400) {
            let named = || client::Column::Number.is_in(part.iter().copied());
            let all = find_whoever_asks::<client::Entity>().filter(named()).all(db).await?;
            known.taken.extend(all.into_iter().map(|c| c.number));
            let seen = self.find::<client::Entity>(Action::Import).filter(named()).all(db).await?;
            known.clients.extend(seen.into_iter().map(|c| (c.number.clone(), c)));
            let edit = self.find::<client::Entity>(Action::EditClient).filter(named()).all(db).await?;
            known.editable.extend(edit.into_iter().map(|c| c.id));
        }
        let ids: Vec<Uuid> = known.clients.values().map(|c| c.id).collect();
        for part in ids.chunks(400) {
            let ends: Vec<(Uuid, String, chrono::NaiveDate)> = self
                .find::<certificate_client::Entity>(Action::See)
                .join(JoinType::InnerJoin, crate::core::joins::link_join().rev())
                .filter(certificate_client::Column::ClientId.is_in(part.iter().copied()))
                .select_only()
                .columns([certificate_client::Column::ClientId])
                .columns([certificate::Column::Holder, certificate::Column::LastDay])
                .into_tuple()
                .all(db)
                .await?;
            for (client, holder, day) in ends {
                known.ends.entry(client).or_default().push((holder, day));
            }
            known.responsible.extend(self.responsible_of(part).await?.into_keys());
        }
        Ok(known)
    }

    /// Whom the person may put on a client: a lead only their own team.
    fn may_choose(&self, p: &Person) -> bool {
        match self.who.reach(Action::AssignClient) {
            Reach::Nothing => false,
            Reach::Everything => true,
            _ => p.id == self.who.person || (p.team.is_some() && p.team == self.who.team),
        }
    }

    fn plan(
        &self,
        row: &SheetRow,
        known: &Known,
        brought: &mut HashSet<(String, String, chrono::NaiveDate)>,
        given: &mut HashSet<String>,
    ) -> RowPlan {
        let client = known.clients.get(&row.number);
        if client.is_none() {
            if known.taken.contains(&row.number) || self.who.reach(Action::EditClient) == Reach::Nothing {
                return RowPlan::Fault((Column::Number, Rule::NoSuchClient));
            }
            if row.name.is_empty() {
                return RowPlan::Fault((Column::Name, Rule::Required));
            }
        }
        let responsible = match named(&known.people, &row.responsible) {
            _ if self.who.reach(Action::AssignClient) == Reach::Nothing => None,
            Ok(who) => who,
            Err(rule) => return RowPlan::Fault((Column::Responsible, rule)),
        };
        let has = client.is_some_and(|c| known.responsible.contains(&c.id));
        let responsible = responsible.filter(|_| !has && given.insert(row.number.clone()));
        let typed = row.typed.as_ref().is_some_and(|t| {
            let ends = client.and_then(|c| known.ends.get(&c.id)).map_or(&[][..], Vec::as_slice);
            // A list without holders names the client: any end on that day is the one.
            let firm = t.iin.is_none() && t.holder == row.name;
            let there = ends.iter().any(|(holder, day)| *day == t.last_day && (firm || same_name(holder, &t.holder)));
            !there && brought.insert((row.number.clone(), fold(&t.holder), t.last_day))
        });
        let contact = client.is_some_and(|c| known.editable.contains(&c.id) && new_contact(row, &c.contacts).is_some());
        match client {
            Some(c) if !typed && !contact && responsible.is_none() => RowPlan::Known(ClientId(c.id)),
            _ => RowPlan::Changes { client: client.map(|c| ClientId(c.id)), typed, responsible, contact },
        }
    }

    /// Does what the sheet says, all of it but the rows at fault, with one line of history. Repeating it changes
    /// nothing.
    ///
    /// # Errors
    /// As for judging it.
    pub async fn accept_sheet(&self, id: DraftId, mapping: &[Column]) -> Result<SheetOutcome> {
        self.write(|deed| async move {
            let preview = deed.judge_sheet(id, mapping).await?;
            let deed = deed.require(Action::Import)?;
            let (mut made, mut outcome, mut lines) = (HashMap::new(), SheetOutcome::default(), Vec::new());
            for (cells, plan) in preview.sheet.rows.iter().zip(&preview.plans) {
                if matches!(plan, RowPlan::Fault(_)) {
                    outcome.failed += 1;
                }
                let (RowPlan::Changes { client, typed, responsible, contact }, Ok(Some(row))) =
                    (plan, read_row(cells, &preview.mapping))
                else {
                    continue;
                };
                let client = match client {
                    Some(id) => *id,
                    None => match made.get(&row.number) {
                        Some(id) => *id,
                        None => {
                            let id = deed.add_client(&data_of(&row)).await?;
                            made.insert(row.number.clone(), id);
                            id
                        }
                    },
                };
                if let Some(typed) = row.typed.as_ref().filter(|_| *typed) {
                    deed.add_typed(&present(&deed, client).await?, typed).await?;
                    outcome.certificates += 1;
                }
                if *contact {
                    outcome.contacts += usize::from(add_contact(&deed, client, &row).await?);
                }
                if let Some(who) = responsible {
                    let created = made.contains_key(&row.number);
                    if deed.put_on(client, *who, created).await? {
                        outcome.assigned += 1;
                        let about = format!("{}: {}", row.name, Part::Responsible.code());
                        lines.push(
                            Entry::new(DeedKind::Assigned, about).client(client).link(format!("/clients/{client}")),
                        );
                    }
                }
            }
            outcome.clients = made.len();
            if outcome == (SheetOutcome { failed: outcome.failed, ..SheetOutcome::default() }) {
                return Ok(deed.nothing().with(outcome));
            }
            let about = format!("{}: {} + {}", preview.sheet.file, outcome.clients, outcome.certificates);
            lines.push(Entry::new(DeedKind::SheetImported, about).link(format!("/import/sheet/{id}")));
            Ok(deed.done_with(lines).with(outcome))
        })
        .await
    }
}

impl Permitted {
    /// Makes somebody responsible from today, unless somebody has been named meanwhile. A lead who has just created the
    /// client without a team gives way.
    async fn put_on(&self, client: ClientId, who: PersonId, created: bool) -> Result<bool> {
        let named = assignment::Column::ClientId
            .eq(client.0)
            .and(assignment::Column::Part.eq(Part::Responsible.code()))
            .and(assignment::Column::UntilDay.is_null().or(assignment::Column::UntilDay.gte(self.who.today.day)));
        if !created && crate::core::whoever::exists::<assignment::Entity>(&self.rows, named).await? {
            return Ok(false);
        }
        let new = NewAssignment { person: who, part: Part::Responsible, from: self.who.today.day, until: None };
        self.end_same(client, &new).await?;
        self.insert(assignment::ActiveModel {
            id: Set(fresh::id()),
            client_id: Set(client.0),
            person_id: Set(who.0),
            part: Set(new.part.code().into()),
            from_day: Set(new.from),
            until_day: Set(None),
        })
        .await?;
        Ok(true)
    }
}

fn data_of(row: &SheetRow) -> ClientData {
    ClientData {
        contacts: contact_of(row).into_iter().collect(),
        ..ClientData::new(row.kind, row.name.clone(), row.number.clone())
    }
}

fn contact_of(row: &SheetRow) -> Option<Contact> {
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

/// The contact of a row, if the client has none with its phone or address yet.
fn new_contact(row: &SheetRow, contacts: &str) -> Option<Contact> {
    let wanted = contact_of(row)?;
    let digits = |phone: &str| phone.chars().filter(char::is_ascii_digit).collect::<String>();
    let there: Vec<Contact> = json(contacts, "contacts").ok()?;
    let same = |c: &Contact| {
        (!wanted.phone.is_empty() && digits(&c.phone) == digits(&wanted.phone))
            || (!wanted.email.is_empty() && c.email.eq_ignore_ascii_case(&wanted.email))
    };
    (!there.iter().any(same)).then_some(wanted)
}

async fn present(deed: &Permitted, id: ClientId) -> Result<client::Model> {
    let row = find_whoever_asks::<client::Entity>().filter(client::Column::Id.eq(id.0)).one(&deed.rows).await?;
    row.ok_or(Refusal::NotFound.into())
}

async fn add_contact(deed: &Permitted, id: ClientId, row: &SheetRow) -> Result<bool> {
    let before = present(deed, id).await?;
    let Some(contact) = new_contact(row, &before.contacts) else { return Ok(false) };
    let mut data = clients::to_client(before.clone(), Vec::new())?.data;
    data.contacts.push(contact);
    let change = deed
        .change::<client::Entity>(client::Column::Id.eq(id.0))
        .filter(client::Column::Revision.eq(before.revision))
        .set(clients::row(id, &data, before.archived, before.revision + 1)?);
    deed.run_one(change).await?;
    Ok(true)
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
