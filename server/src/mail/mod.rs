//! Outgoing mail: one line to the server of the settings, and messages over it. It says which step fails, never falls back
//! to an open line, and gives no password to one.

mod line;
mod message;

pub use line::Line;
pub use message::message;

use crate::state::AppState;
use domain::mail::{MailFailure, MailServer, MailStep};
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use zeroize::Zeroizing;

/// Under which name the password is sealed.
pub const PASSWORD: &str = "mail";

/// The server with all that is needed to reach it.
pub struct Way {
    pub server: MailServer,
    password: Option<Zeroizing<String>>,
    tls: TlsParameters,
}

impl Way {
    /// Opens the sealed password and reads the private authority.
    ///
    /// # Errors
    /// Where the key for secrets is gone or another one, or the authority cannot be read.
    pub fn new(state: &AppState, server: MailServer, sealed: &str) -> Result<Self, MailFailure> {
        let password = if server.user.is_empty() {
            None
        } else {
            let lost = || failure(MailStep::SignIn, "the server's key does not open the kept password: type it anew");
            Some(state.secrets.open(PASSWORD, sealed).ok_or_else(lost)?)
        };
        let mut tls = TlsParameters::builder(server.host.clone());
        if let Some(path) = &state.mail_ca {
            let told = |error: String| failure(MailStep::Tls, &format!("{}: {error}", path.display()));
            let pem = std::fs::read(path).map_err(|e| told(e.to_string()))?;
            tls = tls.add_root_certificate(Certificate::from_pem(&pem).map_err(|e| told(e.to_string()))?);
        }
        let tls = tls.build().map_err(|e| failure(MailStep::Tls, &e.to_string()))?;
        Ok(Self { server, password, tls })
    }
}

/// A failure of the server or the line, after which another try may succeed.
fn failure(step: MailStep, said: &str) -> MailFailure {
    let said: String = said.chars().filter(|c| !c.is_control()).take(300).collect();
    MailFailure { step, passes: true, of_server: true, said, unclear: false }
}
