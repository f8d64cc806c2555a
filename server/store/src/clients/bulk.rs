//! Acts on many clients: one transaction each.

use crate::Result;
use crate::clients::assignment_undo::Staffing;
use crate::core::admitted::ScopedStore;
use crate::core::deed::{Deed, Held};
use crate::core::entity::{assignment, client, client_filing};
use crate::core::fresh;
use crate::tasks::undo::{Before, Body};
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::client::NewAssignment;
use domain::id::{ClientId, PersonId, UndoId};
use domain::person::Part;
use domain::refusal::{Refusal, Rule};
use domain::seen_client::SeenClient;
use sea_orm::{ColumnTrait as _, PaginatorTrait as _, QueryFilter as _, Set};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Clients that are changed at once at most.
const MOST: usize = 500;

impl Deed {
    /// The clients with these ids, on each of which the action is open, held.
    async fn many_clients(&self, action: Action, ids: &[ClientId]) -> Result<Held<Vec<client::Model>>> {
        let ids: BTreeSet<Uuid> = ids.iter().map(|id| id.0).collect();
        if ids.is_empty() || ids.len() > MOST {
            let rule = if ids.is_empty() { Rule::Required } else { Rule::TooMany };
            return Err(Refusal::invalid("client", rule).into());
        }
        let these = client::Column::Id.is_in(ids.iter().copied());
        let held = self.held_all::<client::Entity>(action, these.clone()).await?;
        if held.len() == ids.len() {
            return Ok(held);
        }
        let seen = self.find::<client::Entity>(Action::See).filter(these).count(&self.rows).await?;
        let all_seen = usize::try_from(seen).is_ok_and(|seen| seen == ids.len());
        Err(if all_seen { Refusal::NotAllowed } else { Refusal::NotFound }.into())
    }

    /// Refuses where somebody else than `to` has become responsible for one of these since its list was shown.
    async fn as_shown(&self, clients: &[client::Model], shown: &[SeenClient], to: PersonId) -> Result<()> {
        let now = self.responsible_of(&clients.iter().map(|c| c.id).collect::<Vec<_>>()).await?;
        let stands = |c: &&client::Model| {
            let now = now.get(&c.id).map(|(who, _)| PersonId(*who));
            now == Some(to) || shown.iter().all(|s| s.id.0 != c.id || s.responsible == now)
        };
        let changed: Vec<String> = clients.iter().filter(|c| !stands(c)).map(|c| c.name.clone()).collect();
        if changed.is_empty() {
            return Ok(());
        }
        Err(Refusal::invalid("client", Rule::ResponsibleChanged(changed)).into())
    }
}

impl ScopedStore {
    /// Adds a filing to clients that lack it; can be taken back.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` for an unknown code, none or too many.
    pub async fn add_filing_to(&self, ids: &[ClientId], code: &str) -> Result<UndoId> {
        self.write(|deed| async move {
            let clients = deed.many_clients(Action::EditClient, ids).await?;
            if !deed.filings().await?.iter().any(|f| f.code == code) {
                return Err(Refusal::invalid("filing", Rule::Unknown).into());
            }
            let have = deed.codes_of(&clients.iter().map(|c| c.id).collect::<Vec<_>>()).await?;
            let lacking: Vec<&client::Model> = clients
                .iter()
                .filter(|c| !have.get(&c.id).is_some_and(|codes| codes.iter().any(|own| own == code)))
                .collect();
            let deed = clients.permits();
            let rows: Vec<client_filing::ActiveModel> =
                lacking.iter().map(|c| crate::clients::filings::code_row(ClientId(c.id), code.to_owned())).collect();
            deed.insert_all(rows).await?;
            crate::clients::filings::touched(&deed, client::Column::Id.is_in(lacking.iter().map(|c| c.id))).await?;
            let undo = deed.remember(&Body::Filing(code.to_owned(), lacking.iter().map(|c| c.id).collect())).await?;
            let line = |c: &&client::Model| {
                let id = ClientId(c.id);
                Entry::new(DeedKind::ClientChanged, format!("{}: + {code}", c.name))
                    .client(id)
                    .link(format!("/clients/{id}"))
            };
            Ok(deed.done_with(lacking.iter().map(line).collect::<Vec<_>>()).with(undo))
        })
        .await
    }

    /// Makes somebody responsible for clients from today on; can be taken back. Also how many open tasks are without an
    /// assignee by that, because whoever had them may no longer work on them.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` where the person cannot be chosen, none or too many, or where somebody else was
    /// made responsible meanwhile.
    pub async fn assign_many(&self, shown: &[SeenClient], to: PersonId) -> Result<(UndoId, usize)> {
        let ids: Vec<ClientId> = shown.iter().map(|client| client.id).collect();
        let ids = &ids;
        self.write(|deed| async move {
            let clients = deed.many_clients(Action::AssignClient, ids).await?;
            deed.as_shown(&clients, shown, to).await?;
            let who = deed.choosable(to, Part::Responsible).await?;
            let deed = clients.permits();
            let (mut lines, mut staffing) = (Vec::new(), Vec::new());
            for client in clients.iter() {
                let id = ClientId(client.id);
                let new = NewAssignment { person: to, part: Part::Responsible, from: deed.who.today.day, until: None };
                let before = Staffing::before(&deed, client.id).await?;
                deed.end_same(id, &new).await?;
                deed.insert(assignment::ActiveModel {
                    id: Set(fresh::id()),
                    client_id: Set(id.0),
                    person_id: Set(to.0),
                    part: Set(Part::Responsible.code().into()),
                    from_day: Set(new.from),
                    until_day: Set(None),
                })
                .await?;
                staffing.push(before.after(&deed).await?);
                let about = format!("{} → {}: {}", client.name, who.name, Part::Responsible.code());
                lines.push(Entry::new(DeedKind::Assigned, about).client(id).link(format!("/clients/{id}")));
            }
            let (freed, tasks) = deed.free_unseen_with().await?;
            lines.extend(freed);
            let undo = deed.remember(&Body::Staffed(staffing, tasks.iter().map(Before::of).collect())).await?;
            Ok(deed.done_with(lines).with((undo, tasks.len())))
        })
        .await
    }
}
