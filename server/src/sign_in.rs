//! Signing in, the brake on guessing, one-time links.

use crate::state::AppState;
use crate::{password, refusals, secret};
use app::port::{Answer, Door, Entrance};
use async_trait::async_trait;
use chrono::Duration;
use domain::fold::shown;
use domain::office::Office;
use domain::refusal::Refusal;
use std::sync::Arc;
use store::{Counted, LinkFor, NewSession};

/// Failures of one account before it has to wait.
const FREE_FOR_ACCOUNT: i32 = 5;
/// Failures from one address before it has to wait: an office shares one.
const FREE_FOR_ADDRESS: i32 = 20;
/// After an hour of quiet the failures are forgotten.
const FORGOTTEN_AFTER: Duration = Duration::hours(1);
const FIRST_WAIT_SECONDS: i64 = 15;
const LONGEST_WAIT_SECONDS: i64 = 15 * 60;

/// What anybody may ask for.
pub struct OpenDoor {
    pub state: Arc<AppState>,
}

/// Seconds to wait after this many failures beyond the free ones; doubles each time.
fn wait_after(failures: i32, free: i32) -> i64 {
    match u32::try_from(failures - free) {
        Ok(over) => FIRST_WAIT_SECONDS.saturating_mul(1i64 << over.min(20)).min(LONGEST_WAIT_SECONDS),
        Err(_) => 0,
    }
}

fn account_waits(failures: i32) -> i64 {
    wait_after(failures, FREE_FOR_ACCOUNT)
}

fn address_waits(failures: i32) -> i64 {
    wait_after(failures, FREE_FOR_ADDRESS)
}

/// Names under which tries are counted: neither address nor mail is stored readable.
fn counted(email: &str, address: &str) -> [Counted; 2] {
    [
        Counted { name: secret::hash(&format!("mail {email}")), wait: account_waits },
        Counted { name: secret::hash(&format!("from {address}")), wait: address_waits },
    ]
}

#[async_trait]
impl Entrance for OpenDoor {
    async fn sign_in(&self, email: &str, password: &str, browser: &str, address: &str) -> Answer<String> {
        let (state, now) = (&self.state, self.state.clock.now());
        let email = email.trim().replace('\0', "").to_lowercase();
        let names = counted(&email, address);
        state.store.count_try(&names, FORGOTTEN_AFTER, now).await.map_err(refusals::of)?;
        let found = state.store.credentials(&email).await.map_err(refusals::of)?;
        let hash = found.as_ref().and_then(|c| c.password.clone());
        let fits = state.passwords.fits(password, hash).await?;
        let Some(person) = found.filter(|_| fits).map(|c| c.person) else {
            return Err(Refusal::NotAllowed);
        };
        let token = state.token()?;
        let session = NewSession {
            person,
            token_hash: secret::hash(&token),
            ends: now + state.session,
            browser: shown(browser, 200),
            address: address.to_owned(),
        };
        let [account, from] = &names;
        state.store.open_session(session, &account.name, &from.name, now).await.map_err(refusals::of)?;
        Ok(state.cookie(&token, state.session.num_seconds()))
    }

    async fn door(&self, token: &str) -> Answer<Door> {
        match self.state.store.link(&secret::hash(token), self.state.clock.now()).await.map_err(refusals::of)? {
            LinkFor::Start => Ok(Door::Start),
            LinkFor::Person(who) => Ok(Door::Join { name: who.name, email: who.email }),
        }
    }

    async fn start(&self, token: &str, office: Office, name: &str, email: &str, password: &str) -> Answer<()> {
        password::check_new(password)?;
        let hash = self.state.passwords.hash(password).await?;
        let owner = (name.to_owned(), email.to_owned(), Some(hash));
        let now = self.state.clock.now();
        self.state.store.start(Some(&secret::hash(token)), office, owner, now).await.map_err(refusals::of).map(|_| ())
    }

    async fn join(&self, token: &str, password: &str) -> Answer<()> {
        password::check_new(password)?;
        let hash = self.state.passwords.hash(password).await?;
        self.state
            .store
            .join(&secret::hash(token), hash, self.state.clock.now())
            .await
            .map_err(refusals::of)
            .map(|_| ())
    }

    async fn healthy(&self) -> bool {
        self.state.store.ping().await.is_ok()
    }

    fn no_cookie(&self) -> String {
        self.state.cookie("", 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_after_the_free_tries_and_has_an_end() {
        assert_eq!([1, 4, 5, 6, 7, 40].map(|n| wait_after(n, FREE_FOR_ACCOUNT)), [0, 0, 15, 30, 60, 900]);
    }
}
