//! A letter as the message of a delivery.

use super::failure;
use app::letters::Letter;
use chrono::{DateTime, Utc};
use domain::id::DeliveryId;
use domain::mail::{MailFailure, MailServer, MailStep};
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

/// Says that nobody wrote it by hand, so that nothing answers by itself (RFC 3834, 5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".into())
    }
}

/// The message, in text and HTML. Its id is the delivery's, so that one which arrives twice is known as the same.
///
/// # Errors
/// Where an address is none that mail can be sent to or from.
pub fn message(
    server: &MailServer,
    office: &str,
    (name, email): (&str, &str),
    letter: Letter,
    id: DeliveryId,
    at: DateTime<Utc>,
) -> Result<Message, MailFailure> {
    let address = |of: &str, step| {
        let plain = of.parse::<Address>().ok().filter(|_| of.is_ascii());
        let refused = MailFailure { passes: false, of_server: false, ..failure(step, "no address for mail") };
        plain.ok_or(refused)
    };
    let sender = address(&server.sender, MailStep::Sender).map_err(|failure| MailFailure {
        passes: true,
        of_server: true,
        ..failure
    })?;
    let receiver = address(email, MailStep::Receiver)?;
    let host = sender.domain().to_owned();
    let shown = |name: &str| Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    Message::builder()
        .from(Mailbox::new(shown(office), sender))
        .to(Mailbox::new(shown(name), receiver))
        .subject(letter.subject)
        .message_id(Some(format!("<{id}@{host}>")))
        .date(at.into())
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(letter.text, letter.html))
        .map_err(|e| MailFailure { passes: false, of_server: false, ..failure(MailStep::Message, &e.to_string()) })
}
