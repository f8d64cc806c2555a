//! Outgoing mail: one line to the server of the settings, and messages over it. It says which step fails, never falls back
//! to an open line, and gives no password to one.

mod guarded;
mod line;
mod message;
mod starttls;

pub use line::Line;
pub use message::{is_address, message};

use crate::state::AppState;
use domain::mail::{MailFailure, MailServer, MailStep};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use tokio_rustls::TlsConnector;
use zeroize::Zeroizing;

/// Under which name the password is sealed.
pub const PASSWORD: &str = "mail";

/// The server with all that is needed to reach it.
pub struct Way {
    pub server: MailServer,
    password: Option<Zeroizing<String>>,
    tls: TlsConnector,
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
        let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        if let Some(path) = &state.mail_ca {
            let told = |error: String| failure(MailStep::Tls, &format!("{}: {error}", path.display()));
            for der in CertificateDer::pem_file_iter(path).map_err(|e| told(e.to_string()))? {
                let der = der.map_err(|e| told(e.to_string()))?;
                roots.add(der).map_err(|e| told(e.to_string()))?;
            }
        }
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| failure(MailStep::Tls, &e.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { server, password, tls: TlsConnector::from(Arc::new(config)) })
    }
}

/// A failure of the server or the line, after which another try may succeed.
fn failure(step: MailStep, said: &str) -> MailFailure {
    let said: String = said.chars().filter(|c| !c.is_control()).take(300).collect();
    MailFailure { step, passes: true, of_server: true, said, unclear: false }
}
