//! Signing in, the brake on guessing, one-time links.

use crate::reader::reader;
use crate::state::AppState;
use crate::{brake, password, refusals, secret};
use app::port::{Answer, Credentials, Door, Entrance};
use app::seat::Seat;
use async_trait::async_trait;
use domain::fold::shown;
use domain::office::Office;
use domain::refusal::Refusal;
use std::sync::Arc;
use store::{LinkFor, NewSession};

/// What anybody may ask for.
pub struct OpenDoor {
    pub state: Arc<AppState>,
}

#[async_trait]
impl Entrance for OpenDoor {
    async fn sign_in(&self, typed: Credentials<'_>) -> Answer<Vec<String>> {
        let (state, now) = (&self.state, self.state.clock.now());
        let email = typed.email.trim().replace('\0', "").to_lowercase();
        let found = state.store.credentials(&email).await.map_err(refusals::of)?;
        let known = typed.known.map(secret::hash);
        let names = match (&known, &found) {
            (Some(known), Some(of)) if state.store.knows_browser(known, of.person).await.map_err(refusals::of)? => {
                brake::of_known(known)
            }
            _ => brake::of_stranger(&email, typed.address),
        };
        brake::begin(&state.store, &names, state.clock).await?;
        let hash = found.as_ref().and_then(|c| c.password.clone());
        let fits = state.passwords.fits(typed.password, hash).await?;
        let Some(person) = found.filter(|_| fits).map(|c| c.person) else {
            state.store.failed_try(&names, state.clock.now()).await.map_err(refusals::of)?;
            return Err(Refusal::NotAllowed);
        };
        let (token, browser) = (state.token()?, state.token()?);
        let session = NewSession {
            person,
            token_hash: secret::hash(&token),
            ends: now + state.session,
            browser: shown(typed.browser, 200),
            address: typed.address.to_owned(),
            known: Some(secret::hash(&browser)),
        };
        state.store.open_session(session, &names, now).await.map_err(refusals::of)?;
        Ok(vec![state.cookie(&token, state.session.num_seconds()), state.known_cookie(&browser)])
    }

    async fn feed(&self, token: &str) -> Answer<Seat> {
        let owner = self.state.store.feed_owner(&secret::hash(token)).await.map_err(refusals::of)?;
        let office = self.state.store.office().await.map_err(refusals::of)?;
        let (Some(owner), Some(office)) = (owner, office) else { return Err(Refusal::NotFound) };
        let (desk, viewer) =
            reader(&self.state, &office, owner).await.map_err(refusals::of)?.ok_or(Refusal::NotFound)?;
        Ok(Seat { desk: Arc::new(desk), viewer })
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
