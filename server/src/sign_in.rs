//! Signing in, the brake on guessing, one-time links.

use crate::house::House;
use crate::{password, refusals, secret};
use app::port::{Answer, Door, Entrance};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::fold::shown;
use domain::office::Office;
use domain::refusal::Refusal;
use std::sync::Arc;
use store::{LinkFor, NewSession};

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
    pub house: Arc<House>,
}

/// Seconds to wait after this many failures beyond the free ones; doubles each time.
fn wait_after(failures: i32, free: i32) -> i64 {
    match u32::try_from(failures - free) {
        Ok(over) => FIRST_WAIT_SECONDS.saturating_mul(1i64 << over.min(20)).min(LONGEST_WAIT_SECONDS),
        Err(_) => 0,
    }
}

impl OpenDoor {
    /// Names under which failures are counted: neither address nor mail is stored readable.
    fn names(email: &str, address: &str) -> [(String, i32); 2] {
        [(secret::hash(&format!("mail {email}")), FREE_FOR_ACCOUNT), (secret::hash(&format!("from {address}")), FREE_FOR_ADDRESS)]
    }

    /// Counts a try before the password is looked at, so that many at one moment count as many; gives what the
    /// address had before.
    async fn try_once(&self, names: &[(String, i32); 2], now: DateTime<Utc>) -> Answer<i32> {
        let _one_at_a_time = self.house.brake.lock().await;
        for (name, _) in names {
            let (_, until, _) = self.house.store.failures(name).await.map_err(refusals::of)?;
            if now < until {
                return Err(Refusal::Wait((until - now).num_seconds() + 1));
            }
        }
        let mut address_had = 0;
        for (name, free) in names {
            let (before, _, last) = self.house.store.failures(name).await.map_err(refusals::of)?;
            let before = if now - last > FORGOTTEN_AFTER { 0 } else { before };
            let until = now + Duration::seconds(wait_after(before + 1, *free));
            self.house.store.set_failures(name, before + 1, until, now).await.map_err(refusals::of)?;
            address_had = before;
        }
        Ok(address_had)
    }
}

#[async_trait]
impl Entrance for OpenDoor {
    async fn sign_in(&self, email: &str, password: &str, browser: &str, address: &str) -> Answer<String> {
        let (house, now) = (&self.house, self.house.clock.now());
        let email = email.trim().replace('\0', "").to_lowercase();
        let names = Self::names(&email, address);
        let before = self.try_once(&names, now).await?;
        let found = house.store.credentials(&email).await.map_err(refusals::of)?;
        let hash = found.as_ref().and_then(|c| c.password.clone());
        let fits = house.passwords.fits(password, hash).await?;
        let Some(person) = found.filter(|_| fits).map(|c| c.person) else {
            return Err(Refusal::NotAllowed);
        };
        let [(account, _), (from, _)] = &names;
        house.store.set_failures(account, 0, now, now).await.map_err(refusals::of)?;
        // A success takes back its own count of the address, not the failures of others behind it.
        house.store.set_failures(from, before, now, now).await.map_err(refusals::of)?;
        let token = house.token()?;
        let session = NewSession {
            person,
            token_hash: secret::hash(&token),
            ends: now + house.session,
            browser: shown(browser, 200),
            address: address.to_owned(),
        };
        house.store.open_session(session, now).await.map_err(refusals::of)?;
        Ok(house.cookie(&token, house.session.num_seconds()))
    }

    async fn door(&self, token: &str) -> Answer<Door> {
        match self.house.store.link(&secret::hash(token), self.house.clock.now()).await.map_err(refusals::of)? {
            LinkFor::Start => Ok(Door::Start),
            LinkFor::Person(who) => Ok(Door::Join { name: who.name, email: who.email }),
        }
    }

    async fn start(&self, token: &str, office: Office, name: &str, email: &str, password: &str) -> Answer<()> {
        password::check_new(password)?;
        let hash = self.house.passwords.hash(password).await?;
        let owner = (name.to_owned(), email.to_owned(), Some(hash));
        let now = self.house.clock.now();
        self.house.store.start(Some(&secret::hash(token)), office, owner, now).await.map_err(refusals::of).map(|_| ())
    }

    async fn join(&self, token: &str, password: &str) -> Answer<()> {
        password::check_new(password)?;
        let hash = self.house.passwords.hash(password).await?;
        self.house.store.join(&secret::hash(token), hash, self.house.clock.now()).await.map_err(refusals::of).map(|_| ())
    }

    async fn healthy(&self) -> bool {
        self.house.store.ping().await.is_ok()
    }

    fn no_cookie(&self) -> String {
        self.house.cookie("", 0)
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
