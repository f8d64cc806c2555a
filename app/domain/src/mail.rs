//! The server through which mail leaves, and what goes wrong on the way.

use crate::coded::coded;
use crate::refusal::{Refusal, Rule};
use chrono::{DateTime, Utc};

coded! {
    /// How the line to the server is kept from being overheard.
    Security {
        /// TLS from the first byte (RFC 8314, 3.3).
        Tls = "tls",
        /// TLS after the greeting (RFC 3207); a server that does not offer it gets nothing.
        StartTls = "starttls",
        /// An open line, for a server on the same computer or network; no password goes over it.
        Open = "open",
    }
}

coded! {
    /// Where sending fails.
    MailStep {
        /// The server's name leads nowhere.
        Name = "name",
        Connect = "connect",
        Greeting = "greeting",
        Tls = "tls",
        SignIn = "sign_in",
        Sender = "sender",
        Receiver = "receiver",
        Message = "message",
    }
}

coded! {
    /// A setting that fits a port better than the one that was chosen.
    Misfit {
        /// Port 465 speaks TLS from the first byte.
        WantsTls = "wants_tls",
        /// Ports 25 and 587 begin openly and go over to TLS.
        WantsStartTls = "wants_starttls",
    }
}

/// The server of outgoing mail. Its password is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServer {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Empty where the server asks for nobody.
    pub user: String,
    /// The address from which mail comes.
    pub sender: String,
}

impl MailServer {
    /// Checks what goes together.
    ///
    /// # Errors
    /// `Invalid` for a host that is no name or address of one, and a user on an open line.
    pub fn new(host: &str, port: u16, security: Security, user: &str, sender: String) -> Result<Self, Refusal> {
        let host = host.trim().trim_end_matches('.').to_lowercase();
        let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
        if host.is_empty() || host.len() > 253 || !host.chars().all(letters) || host.starts_with(['-', '.']) {
            return Err(Refusal::invalid("host", Rule::MailHost));
        }
        if port == 0 {
            return Err(Refusal::invalid("port", Rule::MailPort));
        }
        let user = user.replace(char::is_control, " ").trim().to_owned();
        if security == Security::Open && !user.is_empty() {
            return Err(Refusal::invalid("user", Rule::OpenPassword));
        }
        Ok(Self { host, port, security, user, sender })
    }

    /// Which other setting fits the port, where this one does not.
    #[must_use]
    pub const fn misfit(&self) -> Option<Misfit> {
        match (self.port, self.security) {
            (465, Security::StartTls | Security::Open) => Some(Misfit::WantsTls),
            (25 | 587, Security::Tls) => Some(Misfit::WantsStartTls),
            _ => None,
        }
    }
}

/// How sending failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFailure {
    pub step: MailStep,
    /// Another try may succeed.
    pub passes: bool,
    /// It is the server's or the line's, not this message's: others would fail as well.
    pub of_server: bool,
    /// What the other side or the system said.
    pub said: String,
    /// The whole message had gone over and no answer came: it may have arrived.
    pub unclear: bool,
}

/// The server with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    pub server: MailServer,
    pub has_password: bool,
    /// Since when nothing leaves, where it fails, and what was said.
    pub fails: Option<(DateTime<Utc>, MailStep, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(host: &str, port: u16, security: Security, user: &str) -> Result<MailServer, Refusal> {
        MailServer::new(host, port, security, user, "merzim@example.kz".into())
    }

    #[test]
    fn no_password_goes_over_an_open_line() {
        let open = server("mail.example.kz", 25, Security::Open, "merzim");
        assert_eq!(open, Err(Refusal::invalid("user", Rule::OpenPassword)));
        assert!(server("127.0.0.1", 25, Security::Open, " ").is_ok());
    }

    #[test]
    fn a_port_says_which_setting_fits_it() {
        let misfit = |port, security| server("mail.example.kz", port, security, "").unwrap().misfit();
        assert_eq!(misfit(465, Security::StartTls), Some(Misfit::WantsTls));
        assert_eq!(misfit(587, Security::Tls), Some(Misfit::WantsStartTls));
        assert_eq!(
            [misfit(465, Security::Tls), misfit(587, Security::StartTls), misfit(2525, Security::Tls)],
            [None; 3]
        );
    }

    #[test]
    fn a_host_is_a_name_or_an_address() {
        assert_eq!(server(" Mail.Example.KZ. ", 465, Security::Tls, "").unwrap().host, "mail.example.kz");
        for wrong in ["", "https://mail.kz", "mail kz", "a@b", "почта.кз", "-x", &"a".repeat(254)] {
            assert_eq!(server(wrong, 465, Security::Tls, ""), Err(Refusal::invalid("host", Rule::MailHost)), "{wrong}");
        }
        assert_eq!(server("a.kz", 0, Security::Tls, ""), Err(Refusal::invalid("port", Rule::MailPort)));
    }
}
