//! A firm's own spreadsheet: what its rows would change, and changing it in one transaction.

use crate::Result;
use crate::certificates::import_made::{Contacted, Made};
use crate::certificates::sheet_plan::{contact_of, new_contact};
use crate::certificates::typed::{self, Entering};
use crate::clients::cards as clients;
use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{assignment, client, draft, sheet_draft};
use crate::core::fresh;
use crate::core::stored::{json, to_json};
use crate::core::whoever::find_whoever_asks;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::client::ClientData;
use domain::client::NewAssignment;
use domain::id::{ClientId, DraftId, PersonId};
use domain::person::Part;
use domain::refusal::{Refusal, Rule};
use domain::sheet::{Mapping, RowPlan, Sheet, SheetOutcome, SheetPreview, SheetRow, read_row};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};
use std::collections::HashMap;
use uuid::Uuid;

impl ScopedStore {
    /// Keeps a sheet until it is accepted.
    ///
    /// # Errors
    /// `NotAllowed`.
    pub async fn keep_sheet(&self, sheet: &Sheet, file: &[u8]) -> Result<DraftId> {
        self.write(|deed| async move {
            let deed = deed.require(Action::Import)?;
            let id = deed.add_draft(&[]).await?;
            deed.insert(sheet_draft::ActiveModel {
                draft_id: Set(id.0),
                sheet: Set(to_json(sheet)?),
                file: Set(Some(file.to_vec())),
            })
            .await?;
            Ok(deed.unrecorded().with(id))
        })
        .await
    }

    /// The name and the bytes of the file that a draft was read from.
    ///
    /// # Errors
    /// `NotFound` for a foreign or forgotten draft, or one whose file was not kept.
    pub async fn sheet_file(&self, id: DraftId) -> Result<(String, Vec<u8>)> {
        self.one::<draft::Entity>(Action::See, draft::Column::Id.eq(id.0)).await?;
        let row = self.one::<sheet_draft::Entity>(Action::See, sheet_draft::Column::DraftId.eq(id.0)).await?;
        let sheet: Sheet = json(&row.sheet, "sheet")?;
        Ok((sheet.file, row.file.ok_or(Refusal::NotFound)?))
    }

    /// Puts another reading of its file in the place of a draft's sheet.
    ///
    /// # Errors
    /// `NotFound` for a foreign or forgotten draft, `NotAllowed`.
    pub async fn read_sheet_anew(&self, id: DraftId, sheet: &Sheet) -> Result<()> {
        self.write(|deed| async move {
            let permit = deed.require(Action::Import)?;
            deed.one::<draft::Entity>(Action::See, draft::Column::Id.eq(id.0)).await?;
            let this = permit.change::<sheet_draft::Entity>(sheet_draft::Column::DraftId.eq(id.0));
            permit.run_one(this.col_expr(sheet_draft::Column::Sheet, Expr::value(to_json(sheet)?))).await?;
            Ok(deed.unrecorded())
        })
        .await
    }

    /// What accepting the sheet would do, judged afresh; an empty mapping is guessed.
    ///
    /// # Errors
    /// `NotFound` for a foreign or forgotten draft.
    pub async fn judge_sheet(&self, id: DraftId, mapping: &Mapping) -> Result<SheetPreview> {
        self.one::<draft::Entity>(Action::See, draft::Column::Id.eq(id.0)).await?;
        let row = self.one::<sheet_draft::Entity>(Action::See, sheet_draft::Column::DraftId.eq(id.0)).await?;
        let sheet: Sheet = json(&row.sheet, "sheet")?;
        let mapping = mapping.found_out(&sheet);
        let read: Vec<_> = sheet.rows.iter().map(|cells| read_row(cells, &mapping)).collect();
        let padded = read.iter().filter_map(|row| row.as_ref().ok()?.as_ref().filter(|row| row.zeros));
        let zeros = padded.map(|row| row.number.clone()).collect();
        let plans = self.plans_of(read, mapping.several).await?;
        Ok(SheetPreview { plans, sheet, mapping, zeros })
    }

    /// Does what the sheet says, all of it but the rows at fault, with one line of history. Repeating it changes
    /// nothing.
    ///
    /// # Errors
    /// As for judging it.
    pub async fn accept_sheet(&self, id: DraftId, mapping: &Mapping) -> Result<SheetOutcome> {
        self.write(|deed| async move {
            let preview = deed.judge_sheet(id, mapping).await?;
            if preview.mapping.doubled().is_some() {
                return Err(Refusal::invalid("c", Rule::ColumnTwice).into());
            }
            // Read in another way meanwhile, in another window: what was shown is no more what would come in.
            if !mapping.shown.is_empty() && mapping.shown != preview.mapping.shown {
                return Err(Refusal::Conflict.into());
            }
            let mut taking = Taking::new(deed.require(Action::Import)?, &preview.sheet.file);
            for (cells, plan) in preview.sheet.rows.iter().zip(&preview.plans) {
                if let Ok(Some(row)) = read_row(cells, &preview.mapping) {
                    taking.take(&row, plan).await?;
                }
                taking.outcome.failed += usize::from(matches!(plan, RowPlan::Fault(_)));
            }
            taking.outcome.clients = taking.made.len();
            let Taking { deed, kept, outcome, entering, mut lines, .. } = taking;
            if outcome.entries() == 0 {
                return Ok(deed.nothing().with(outcome));
            }
            deed.enter(entering).await?;
            deed.remember_import(id, kept).await?;
            let about = format!("{}: {} + {}", preview.sheet.file, outcome.clients, outcome.certificates);
            lines.push(Entry::new(DeedKind::SheetImported, about).link(format!("/import/sheet/{id}")));
            Ok(deed.done_with(lines).with(outcome))
        })
        .await
    }
}

/// A spreadsheet on its way into the register.
struct Taking {
    deed: Permitted,
    /// Clients that it has made, by number, as they were first written.
    made: HashMap<String, (ClientId, ClientData)>,
    kept: Made,
    outcome: SheetOutcome,
    /// Typed entries, written together at the end.
    entering: Vec<Entering>,
    lines: Vec<Entry>,
}

impl Taking {
    fn new(deed: Permitted, file: &str) -> Self {
        Self {
            deed,
            made: HashMap::new(),
            kept: Made { sheet: file.to_owned(), ..Made::default() },
            outcome: SheetOutcome::default(),
            entering: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Does what is planned for a row.
    async fn take(&mut self, row: &SheetRow, plan: &RowPlan) -> Result<()> {
        let RowPlan::Changes { client, typed, responsible, contact, .. } = plan else { return Ok(()) };
        let client = match client.or_else(|| self.made.get(&row.number).map(|(id, _)| *id)) {
            Some(id) => id,
            None => {
                let data = data_of(row);
                let id = self.deed.add_client(&data).await?;
                self.made.insert(row.number.clone(), (id, data));
                self.kept.clients.push(id.0);
                id
            }
        };
        if let Some(typed) = row.typed.as_ref().filter(|_| *typed) {
            let entering = if let Some((_, data)) = self.made.get(&row.number) {
                self.deed.entering(client, data, typed, &[]).await?
            } else {
                let known = clients::to_client(present(&self.deed, client).await?, Vec::new())?.data;
                let registered = typed::from_files(&self.deed, client).await?;
                self.deed.entering(client, &known, typed, &registered).await?
            };
            let added = entering.as_ref().map(|entry| entry.id.0);
            self.outcome.certificates += usize::from(added.is_some());
            self.kept.certificates.extend(added);
            self.kept.links.extend(added.map(|id| (id, client.0)));
            self.entering.extend(entering);
        }
        if *contact {
            let contacted = add_contact(&self.deed, client, row).await?;
            self.outcome.contacts += usize::from(contacted.is_some());
            self.kept.contacts.extend(contacted);
        }
        if let Some(who) = responsible {
            let created = self.made.contains_key(&row.number);
            if let Some(id) = self.deed.put_on(client, *who, created).await? {
                self.outcome.assigned += 1;
                self.kept.assignments.push(id);
                let about = format!("{}: {}", row.name, Part::Responsible.code());
                let line = Entry::new(DeedKind::Assigned, about).client(client);
                self.lines.push(line.link(format!("/clients/{client}")));
            }
        }
        Ok(())
    }
}

impl Permitted {
    /// Makes somebody responsible from today, unless somebody has been named meanwhile. A lead who has just created the
    /// client without a team gives way.
    async fn put_on(&self, client: ClientId, who: PersonId, created: bool) -> Result<Option<Uuid>> {
        let named = assignment::Column::ClientId
            .eq(client.0)
            .and(assignment::Column::Part.eq(Part::Responsible.code()))
            .and(assignment::Column::UntilDay.is_null().or(assignment::Column::UntilDay.gte(self.who.today.day)));
        if !created && crate::core::whoever::exists::<assignment::Entity>(&self.rows, named).await? {
            return Ok(None);
        }
        let id = fresh::id();
        let new = NewAssignment { person: who, part: Part::Responsible, from: self.who.today.day, until: None };
        self.end_same(client, &new).await?;
        self.insert(assignment::ActiveModel {
            id: Set(id),
            client_id: Set(client.0),
            person_id: Set(who.0),
            part: Set(new.part.code().into()),
            from_day: Set(new.from),
            until_day: Set(None),
        })
        .await?;
        Ok(Some(id))
    }
}

fn data_of(row: &SheetRow) -> ClientData {
    ClientData {
        contacts: contact_of(row).into_iter().collect(),
        ..ClientData::new(row.kind, row.name.clone(), row.number.clone())
    }
}

async fn present(deed: &Permitted, id: ClientId) -> Result<client::Model> {
    let row = find_whoever_asks::<client::Entity>().filter(client::Column::Id.eq(id.0)).one(&deed.rows).await?;
    row.ok_or(Refusal::NotFound.into())
}

async fn add_contact(deed: &Permitted, id: ClientId, row: &SheetRow) -> Result<Option<Contacted>> {
    let before = present(deed, id).await?;
    let Some(contact) = new_contact(row, &before.contacts) else { return Ok(None) };
    let mut data = clients::to_client(before.clone(), Vec::new())?.data;
    data.contacts.push(contact);
    let change = deed
        .change::<client::Entity>(client::Column::Id.eq(id.0))
        .filter(client::Column::Revision.eq(before.revision))
        .set(clients::row(id, &data, before.archived, before.revision + 1)?);
    deed.run_one(change).await?;
    Ok(Some(Contacted { client: id.0, before: before.contacts, revision: before.revision + 1 }))
}
