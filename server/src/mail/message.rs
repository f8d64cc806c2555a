//! A letter as the message of a delivery.

use super::failure;
use app::letters::Letter;
use domain::delivery::Carried;
use domain::mail::{MailFailure, MailServer, MailStep};
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

/// Says whether somebody wrote it; where nobody did, nothing is to answer by itself (RFC 3834, 5).
#[derive(Clone)]
struct AutoSubmitted(&'static str);

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self("auto-generated"))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.into())
    }
}

/// Whether mail can be sent to and from it.
#[must_use]
pub fn is_address(of: &str) -> bool {
    of.is_ascii() && of.parse::<Address>().is_ok()
}

/// The message, in text and HTML. Its id is the delivery's, so that one which arrives twice is known as the same.
///
/// # Errors
/// Where an address is none that mail can be sent to or from.
pub fn message(server: &MailServer, office: &str, letter: Letter, of: &Carried) -> Result<Message, MailFailure> {
    let address = |of: &str, step| {
        let plain = of.parse::<Address>().ok().filter(|_| is_address(of));
        let refused = MailFailure { passes: false, of_server: false, ..failure(step, "no address for mail") };
        plain.ok_or(refused)
    };
    let sender = address(&server.sender, MailStep::Sender).map_err(|failure| MailFailure {
        passes: true,
        of_server: true,
        ..failure
    })?;
    let receiver = address(&of.email, MailStep::Receiver)?;
    let host = sender.domain().to_owned();
    let answers = match of.letter.as_ref().map(|letter| &letter.from) {
        Some((name, email)) => Some((name.as_str(), address(email, MailStep::Sender)?)),
        None => None,
    };
    let shown = |name: &str| Some(plain(name)).filter(|name| !name.is_empty());
    let mut head = Message::builder();
    if let Some((name, address)) = answers {
        head = head.reply_to(Mailbox::new(shown(name), address));
    }
    head.from(Mailbox::new(shown(office), sender))
        .to(Mailbox::new(shown(&of.name), receiver))
        .subject(plain(&letter.subject))
        .message_id(Some(format!("<{}@{host}>", of.id)))
        .date(of.made.into())
        .header(if of.letter.is_some() { AutoSubmitted("no") } else { AutoSubmitted("auto-generated") })
        .multipart(MultiPart::alternative_plain_html(letter.text, letter.html))
        .map_err(|e| MailFailure { passes: false, of_server: false, ..failure(MailStep::Message, &e.to_string()) })
}

/// One line: in the head of a message a line break would begin another field.
fn plain(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ").trim().to_owned()
}
