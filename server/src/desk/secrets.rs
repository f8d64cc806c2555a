//! One-time links and passwords.

use super::OfficeDesk;
use crate::refusals::of;
use crate::{brake, password};
use app::port::{Answer, OneTimeLink, Secrets};
use async_trait::async_trait;
use domain::id::PersonId;
use domain::person::PersonChange;
use domain::refusal::{Refusal, Rule};

#[async_trait]
impl Secrets for OfficeDesk {
    async fn invite(&self, email: &str, new: PersonChange) -> Answer<(PersonId, OneTimeLink)> {
        let (stored, shown) = self.state.new_link()?;
        let id = self.scoped.invite(email.to_owned(), new, stored).await.map_err(of)?;
        Ok((id, shown))
    }

    async fn make_link(&self, id: PersonId) -> Answer<OneTimeLink> {
        let (stored, shown) = self.state.new_link()?;
        self.scoped.make_link(id, stored).await.map_err(of)?;
        Ok(shown)
    }

    async fn make_feed(&self) -> Answer<String> {
        let token = self.state.token()?;
        self.scoped.make_feed(&crate::secret::hash(&token)).await.map_err(of)?;
        Ok(format!("{}/feeds/{token}/merzim.ics", self.state.url))
    }

    async fn change_password(&self, old: &str, new: &str) -> Answer<()> {
        let hash = self.scoped.own_password().await.map_err(of)?;
        let (store, clock) = (&self.state.store, self.state.clock);
        let names = brake::of_person(self.scoped.who().person());
        brake::begin(store, &names, clock).await?;
        if !self.state.passwords.fits(old, hash).await? {
            store.failed_try(&names, clock.now()).await.map_err(of)?;
            return Err(Refusal::invalid("old", Rule::PasswordWrong));
        }
        store.right_try(&names, clock.now()).await.map_err(of)?;
        password::check_new(new)?;
        let hash = self.state.passwords.hash(new).await?;
        self.scoped.set_password(hash).await.map_err(of)
    }
}
