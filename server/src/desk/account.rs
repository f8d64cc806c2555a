//! One's own account.

use super::OfficeDesk;
use crate::password;
use crate::refusals::of;
use app::port::{Account, Answer};
use async_trait::async_trait;
use domain::id::SessionId;
use domain::person::{Lang, SessionRow, Theme};
use domain::refusal::{Refusal, Rule};

#[async_trait]
impl Account for OfficeDesk {
    async fn sessions(&self) -> Answer<Vec<SessionRow>> {
        self.scoped.sessions().await.map_err(of)
    }

    async fn end_session(&self, id: Option<SessionId>) -> Answer<()> {
        self.scoped.end_session(id).await.map_err(of)
    }

    async fn set_taste(&self, lang: Lang, theme: Theme) -> Answer<()> {
        self.scoped.set_taste(lang, theme).await.map_err(of)
    }

    async fn change_password(&self, old: &str, new: &str) -> Answer<()> {
        let hash = self.scoped.own_password().await.map_err(of)?;
        if !self.state.passwords.fits(old, hash).await? {
            return Err(Refusal::invalid("old", Rule::PasswordWrong));
        }
        password::check_new(new)?;
        let hash = self.state.passwords.hash(new).await?;
        self.scoped.set_password(hash).await.map_err(of)
    }
}
