//! Staff, settings, history.

use super::OfficeDesk;
use crate::refusals::of;
use app::port::{Answer, Office, OneTimeLink, PersonForm, Upload};
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::audit::{AuditFilter, AuditRow};
use domain::client::Page;
use domain::fold::shown;
use domain::handover::{Handover, Plan};
use domain::id::{PersonId, ViewId};
use domain::office::{Authority, Office as OfficeData};
use domain::person::{Load, Person, Team};
use domain::refusal::{Refusal, Rule};
use domain::view::{NewView, Place, SavedView};
use std::sync::Arc;
use store::PersonChange;

fn change(form: PersonForm) -> PersonChange {
    PersonChange { name: form.name, role: form.role, team: form.team, sees_all: form.sees_all }
}

#[async_trait]
impl Office for OfficeDesk {
    async fn narrowings(&self) -> Answer<Arc<(Vec<Person>, Vec<Team>)>> {
        self.scoped.narrowings().await.map_err(of)
    }

    async fn people(&self) -> Answer<Arc<Vec<Person>>> {
        self.scoped.people().await.map_err(of)
    }

    async fn person(&self, id: PersonId) -> Answer<Person> {
        self.scoped.person(id).await.map_err(of)
    }

    async fn teams(&self) -> Answer<Arc<Vec<Team>>> {
        self.scoped.teams().await.map_err(of)
    }

    async fn loads(&self) -> Answer<Vec<Load>> {
        Ok(self.scoped.loads().await.map_err(of)?.to_vec())
    }

    async fn handover_plan(&self, from: PersonId) -> Answer<Plan> {
        self.scoped.handover_plan(from).await.map_err(of)
    }

    async fn hand_over(&self, from: PersonId, how: Handover) -> Answer<()> {
        self.scoped.hand_over(from, how).await.map_err(of)
    }

    async fn invite(&self, email: &str, form: PersonForm) -> Answer<(PersonId, OneTimeLink)> {
        let (stored, shown) = self.state.new_link()?;
        let id = self.scoped.invite(email.to_owned(), change(form), stored).await.map_err(of)?;
        Ok((id, shown))
    }

    async fn change_person(&self, id: PersonId, form: PersonForm, revision: i32) -> Answer<()> {
        self.scoped.change_person(id, change(form), revision).await.map_err(of)
    }

    async fn set_active(&self, id: PersonId, active: bool) -> Answer<()> {
        self.scoped.set_active(id, active).await.map_err(of)
    }

    async fn make_link(&self, id: PersonId) -> Answer<OneTimeLink> {
        let (stored, shown) = self.state.new_link()?;
        self.scoped.make_link(id, stored).await.map_err(of)?;
        Ok(shown)
    }

    async fn add_team(&self, name: &str) -> Answer<()> {
        self.scoped.add_team(name.to_owned()).await.map_err(of)
    }

    async fn set_day_off(&self, day: NaiveDate, name: [String; 3]) -> Answer<()> {
        self.scoped.set_day_off(day, name).await.map_err(of)
    }

    async fn remove_day_off(&self, day: NaiveDate) -> Answer<()> {
        self.scoped.remove_day_off(day).await.map_err(of)
    }

    async fn set_office(&self, office: OfficeData) -> Answer<()> {
        self.scoped.set_office(office).await.map_err(of)
    }

    async fn set_keep_months(&self, months: i32) -> Answer<()> {
        self.scoped.set_keep_months(months).await.map_err(of)
    }

    async fn authorities(&self) -> Answer<Vec<Authority>> {
        self.scoped.authorities().await.map_err(of)
    }

    async fn add_authority(&self, file: Upload) -> Answer<()> {
        let now = self.scoped.who().today().now;
        let items =
            pki::read_file(&file.bytes, now).map_err(|(error, hint)| Refusal::invalid("files", Rule::File(error, hint)))?;
        let found = items.into_iter().map(|i| i.found).find(|f| f.facts.is_ca).ok_or(Refusal::invalid("files", Rule::Unknown))?;
        let name = found.facts.subject.common_name.as_deref().map(|n| shown(n, 200)).unwrap_or_default();
        self.scoped.add_authority(name, found.der).await.map_err(of)
    }

    async fn remove_authority(&self, name: &str) -> Answer<()> {
        self.scoped.remove_authority(name).await.map_err(of)
    }

    async fn audit(&self, filter: &AuditFilter) -> Answer<Page<AuditRow>> {
        self.scoped.audit(filter).await.map_err(of)
    }

    async fn saved_views(&self) -> Answer<Arc<Vec<SavedView>>> {
        self.scoped.saved_views().await.map_err(of)
    }

    async fn save_view(&self, new: NewView) -> Answer<()> {
        self.scoped.save_view(new).await.map_err(of)
    }

    async fn remove_view(&self, id: ViewId) -> Answer<Place> {
        self.scoped.remove_view(id).await.map_err(of)
    }
}
