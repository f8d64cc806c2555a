//! A firm's own spreadsheet: what its rows would change, and changing it in one transaction.

use crate::Result;
use crate::certificates::sheet_plan::{contact_of, new_contact};
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
use domain::refusal::Refusal;
use domain::sheet::{Column, RowPlan, Sheet, SheetOutcome, SheetPreview, SheetRow, guess, read_row};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};
use std::collections::HashMap;

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
        let plans = self.plans_of(read).await?;
        Ok(SheetPreview { plans, sheet, mapping })
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
                    let added = deed.add_typed(&present(&deed, client).await?, typed).await?;
                    outcome.certificates += usize::from(added.is_some());
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
