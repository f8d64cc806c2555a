//! What the whole server shares.

use crate::clock::Clock;
use crate::password::Passwords;
use crate::sealed::Secrets;
use crate::settings::Serve;
use crate::{refusals, secret};
use app::port::OneTimeLink;
use chrono::{DateTime, Duration, Utc};
use domain::refusal::Refusal;
use std::net::IpAddr;
use std::path::PathBuf;
use store::Store;

/// A one-time link of a new colleague lives this long.
const INVITE_LIFE: Duration = Duration::days(3);
/// The link of the first owner lives this long.
const START_LIFE: Duration = Duration::hours(1);

/// Store, clock, settings.
pub struct AppState {
    pub store: Store,
    pub clock: Clock,
    pub passwords: Passwords,
    /// What seals the passwords of other servers.
    pub secrets: Secrets,
    /// Certificate (PEM) of a private authority that mail servers are trusted by.
    pub mail_ca: Option<PathBuf>,
    /// Address of the program as people type it, without a slash at the end.
    pub url: String,
    /// The browser speaks TLS with us or with the proxy.
    pub secure: bool,
    pub proxy: Option<IpAddr>,
    pub idle: Duration,
    pub session: Duration,
}

impl AppState {
    /// The state of a server with these settings.
    #[must_use]
    pub fn new(store: Store, settings: &Serve) -> Self {
        let tls = settings.tls_cert.is_some();
        let secure = tls || settings.behind_proxy.is_some();
        let scheme = if secure { "https" } else { "http" };
        let url = settings.url.clone().unwrap_or_else(|| format!("{scheme}://{}", settings.listen));
        Self {
            store,
            clock: Clock { pretended: settings.today },
            passwords: Passwords::default(),
            secrets: Secrets::of(settings),
            mail_ca: settings.mail_ca.clone(),
            url: url.trim_end_matches('/').to_owned(),
            secure,
            proxy: settings.behind_proxy,
            idle: Duration::minutes(i64::from(settings.idle_minutes)),
            session: Duration::hours(i64::from(settings.session_hours)),
        }
    }

    /// A new link for somebody: what is stored of it, and what is shown once.
    ///
    /// # Errors
    /// `Internal` where the system gives no randomness.
    pub fn new_link(&self) -> Result<((String, DateTime<Utc>), OneTimeLink), Refusal> {
        let (token, ends) = (self.token()?, self.clock.now() + INVITE_LIFE);
        Ok(((secret::hash(&token), ends), OneTimeLink { url: door(&self.url, &token), ends }))
    }

    /// Makes the link with which the first owner begins.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn start_link(&self) -> Result<String, Refusal> {
        let (token, now) = (self.token()?, self.clock.now());
        self.store.make_start_link(secret::hash(&token), now, now + START_LIFE).await.map_err(refusals::of)?;
        Ok(door(&self.url, &token))
    }

    pub(crate) fn token(&self) -> Result<String, Refusal> {
        secret::token().map_err(|e| {
            tracing::error!(error = %e, "the system gives no randomness");
            Refusal::Internal { reference: "random".into() }
        })
    }

    /// Name of the session cookie: the prefix binds it to this host and to TLS.
    #[must_use]
    pub fn cookie_name(&self) -> &'static str {
        if self.secure { "__Host-merzim" } else { "merzim" }
    }

    /// Name of the cookie by which a browser is known after its session.
    #[must_use]
    pub fn known_name(&self) -> &'static str {
        if self.secure { "__Host-merzim-known" } else { "merzim-known" }
    }

    pub(crate) fn known_cookie(&self, token: &str) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000{secure}", self.known_name())
    }

    pub(crate) fn cookie(&self, token: &str, seconds: i64) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", self.cookie_name())
    }
}

fn door(url: &str, token: &str) -> String {
    format!("{url}/door/{token}")
}

/// A link made on the server's own console.
///
/// # Errors
/// Where nobody has the address or the database fails.
pub async fn console_link(store: &Store, email: &str, url: &str, now: DateTime<Utc>) -> Result<String, Refusal> {
    let token = secret::token().map_err(|_| Refusal::Internal { reference: "random".into() })?;
    store.make_console_link(email, secret::hash(&token), now, now + START_LIFE).await.map_err(refusals::of)?;
    Ok(door(url.trim_end_matches('/'), &token))
}
