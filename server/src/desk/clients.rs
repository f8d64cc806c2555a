//! Clients and who works on them.

use super::OfficeDesk;
use crate::refusals::of;
use app::port::{Answer, Clients};
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::access::Action;
use domain::audit::AuditRow;
use domain::client::{Assignment, Client, ClientData, ClientFilter, ClientRow, Page};
use domain::find::Indexed;
use domain::id::{AssignmentId, ClientId, PersonId, UndoId};
use domain::leaving::Erased;
use domain::merging::MergePlan;
use domain::person::Part;
use store::NewAssignment;

#[async_trait]
impl Clients for OfficeDesk {
    async fn clients(&self, filter: &ClientFilter) -> Answer<Page<ClientRow>> {
        Ok(self.scoped.clients(filter).await.map_err(of)?.as_ref().clone())
    }

    async fn some_clients(&self, filter: &ClientFilter, lines: u64) -> Answer<Page<ClientRow>> {
        self.scoped.some_clients(filter, lines).await.map_err(of)
    }

    async fn client(&self, id: ClientId) -> Answer<Client> {
        self.scoped.client_card(id).await.map_err(of)
    }

    async fn may_edit(&self, id: ClientId) -> Answer<bool> {
        self.scoped.may(Action::EditClient, id).await.map_err(of)
    }

    async fn may_work(&self, id: ClientId) -> Answer<bool> {
        self.scoped.may(Action::WorkTask, id).await.map_err(of)
    }

    async fn may_assign(&self, id: ClientId) -> Answer<bool> {
        self.scoped.may(Action::AssignClient, id).await.map_err(of)
    }

    fn prepare_finding(&self) {
        let scoped = self.scoped.clone();
        tokio::spawn(async move {
            if let Err(error) = scoped.find_anything("").await {
                tracing::info!(%error, "what can be found was not read ahead");
            }
        });
    }

    async fn find_anything(&self, asked: &str) -> Answer<Vec<Indexed>> {
        self.scoped.find_anything(asked).await.map_err(of)
    }

    async fn client_choices(&self) -> Answer<Vec<(ClientId, String)>> {
        self.scoped.client_choices().await.map_err(of)
    }

    async fn create_client(&self, data: ClientData) -> Answer<ClientId> {
        self.scoped.create_client(data).await.map_err(of)
    }

    async fn change_client(&self, id: ClientId, data: ClientData, revision: i32) -> Answer<()> {
        self.scoped.change_client(id, data, revision).await.map_err(of)
    }

    async fn add_filing_to(&self, ids: &[ClientId], code: &str) -> Answer<UndoId> {
        self.scoped.add_filing_to(ids, code).await.map_err(of)
    }

    async fn assign_many(&self, ids: &[ClientId], to: PersonId) -> Answer<UndoId> {
        self.scoped.assign_many(ids, to).await.map_err(of)
    }

    async fn archive_client(&self, id: ClientId, ended: Option<NaiveDate>) -> Answer<()> {
        self.scoped.archive_client(id, ended).await.map_err(of)
    }

    async fn keep_months(&self) -> Answer<i32> {
        self.scoped.keep_months().await.map_err(of)
    }

    async fn merge_plan(&self, from: ClientId, number: &str) -> Answer<MergePlan> {
        self.scoped.merge_plan(from, number).await.map_err(of)
    }

    async fn merge_client(&self, from: ClientId, number: &str) -> Answer<ClientId> {
        self.scoped.merge_client(from, number).await.map_err(of)
    }

    async fn erase_client(&self, id: ClientId, number: &str) -> Answer<Erased> {
        self.scoped.erase_client(id, number).await.map_err(of)
    }

    async fn assignments(&self, id: ClientId) -> Answer<Vec<Assignment>> {
        self.scoped.assignments(id).await.map_err(of)
    }

    async fn assign(
        &self,
        id: ClientId,
        person: PersonId,
        part: Part,
        (from, until): (NaiveDate, Option<NaiveDate>),
    ) -> Answer<()> {
        self.scoped.assign(id, NewAssignment { person, part, from, until }).await.map_err(of)
    }

    async fn end_assignment(&self, id: ClientId, assignment: AssignmentId) -> Answer<()> {
        self.scoped.end_assignment(id, assignment).await.map_err(of)
    }

    async fn client_history(&self, id: ClientId) -> Answer<Vec<AuditRow>> {
        self.scoped.client_history(id).await.map_err(of)
    }
}
