//! The line to the mail server (RFC 5321), step by step.

use super::guarded::Guarded;
use super::{Way, failure, starttls};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::mail::{MailFailure, MailStep, Security};
use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use rustls::pki_types::ServerName;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// How long one step may take. RFC 5321 (4.5.3.2) allows minutes; whoever tests the settings waits for the answer.
const STEP: Duration = Duration::from_secs(30);
/// How long the server may take to make a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// An open line, ready for messages.
pub struct Line {
    line: AsyncSmtpConnection,
    /// Its answers no longer belong to our questions.
    broken: bool,
}

impl Line {
    /// Opens a line: name, connection, TLS, signing in.
    ///
    /// # Errors
    /// The step that failed and what was said.
    pub async fn open(way: &Way) -> Result<Self, MailFailure> {
        let server = &way.server;
        let host = server.sender.rsplit_once('@').map_or("localhost", |(_, host)| host);
        let addresses = in_time(MailStep::Name, tokio::net::lookup_host((server.host.as_str(), server.port))).await?;
        let addresses: Vec<SocketAddr> = addresses.map_err(|e| failure(MailStep::Name, &e.to_string()))?.collect();
        let (mut stream, peer) = connect(&addresses).await?;
        let stream: Box<dyn AsyncTokioStream> = match server.security {
            Security::Tls => Box::new(Guarded::new(secret(way, stream).await?, peer, b"")),
            Security::StartTls => {
                in_time(MailStep::Greeting, starttls::ask(&mut stream, host)).await??;
                // The greeting was said before TLS; a client waits for one.
                Box::new(Guarded::new(secret(way, stream).await?, peer, b"220 tls\r\n"))
            }
            Security::Open => Box::new(Guarded::new(stream, peer, b"")),
        };
        let hello = ClientId::Domain(host.to_owned());
        let open = AsyncSmtpConnection::connect_with_transport(stream, &hello);
        let mut line = in_time(MailStep::Greeting, open).await?.map_err(|e| of_line(MailStep::Greeting, &e))?;
        if let Some(password) = &way.password {
            // Nothing but the settings leads here; they are looked at all the same.
            if server.security == Security::Open {
                return Err(failure(MailStep::Tls, "the line is open: no password goes over it"));
            }
            let credentials = Credentials::new(server.user.clone(), password.to_string());
            let signed_in = line.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
            let signed_in = in_time(MailStep::SignIn, signed_in).await?;
            signed_in.map_err(|e| without(of_line(MailStep::SignIn, &e), &server.user, password))?;
        }
        Ok(Self { line, broken: false })
    }

    /// Sends one message. After a failure of its own the line can be used for the next one.
    ///
    /// # Errors
    /// The step that failed and what was said; whether it passes, and whether others would fail as well.
    pub async fn send(&mut self, message: &Message) -> Result<(), MailFailure> {
        let envelope = message.envelope();
        let sent = self.command(MailStep::Sender, Mail::new(envelope.from().cloned(), vec![])).await;
        // Who may not send from this address may not send anything.
        sent.map_err(|f| MailFailure { passes: true, of_server: true, ..f })?;
        for to in envelope.to() {
            if let Err(failure) = self.command(MailStep::Receiver, Rcpt::new(to.clone(), vec![])).await {
                return Err(self.begin_anew(failure).await);
            }
        }
        if let Err(failure) = self.command(MailStep::Message, Data).await {
            return Err(self.begin_anew(failure).await);
        }
        let bytes = message.formatted();
        let answer = tokio::time::timeout(STEP, self.line.message(&bytes)).await;
        match answer {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.status().is_some() => Err(of_message(MailStep::Message, &error)),
            Ok(Err(error)) => Err(MailFailure { unclear: true, ..of_line(MailStep::Message, &error) }),
            Err(_) => Err(MailFailure { unclear: true, ..failure(MailStep::Message, "no answer in time") }),
        }
    }

    /// Says goodbye; whether the server answers does not matter any more.
    pub async fn close(mut self) {
        let _ = tokio::time::timeout(CONNECT, self.line.quit()).await;
    }

    async fn command(&mut self, step: MailStep, command: impl std::fmt::Display) -> Result<(), MailFailure> {
        in_time(step, self.line.command(command)).await?.map(|_| ()).map_err(|e| of_message(step, &e))
    }

    /// Lets the server forget a message that it has refused. Where that fails the line is of no use any more; what became of
    /// the message stays as it is.
    async fn begin_anew(&mut self, failure: MailFailure) -> MailFailure {
        self.broken |= failure.of_server || self.command(failure.step, Rset).await.is_err();
        failure
    }

    /// Whether it can be used no more.
    pub fn is_broken(&mut self) -> bool {
        self.broken || self.line.has_broken()
    }
}

async fn connect(addresses: &[SocketAddr]) -> Result<(TcpStream, SocketAddr), MailFailure> {
    let stream = match tokio::time::timeout(CONNECT, TcpStream::connect(addresses)).await {
        Ok(stream) => stream.map_err(|e| failure(MailStep::Connect, &e.to_string()))?,
        Err(_) => return Err(failure(MailStep::Connect, "no answer in time")),
    };
    let peer = stream.peer_addr().map_err(|e| failure(MailStep::Connect, &e.to_string()))?;
    Ok((stream, peer))
}

/// The stream, kept secret, and its other side known.
async fn secret(way: &Way, stream: TcpStream) -> Result<TlsStream<TcpStream>, MailFailure> {
    let name = ServerName::try_from(way.server.host.clone()).map_err(|e| failure(MailStep::Tls, &e.to_string()))?;
    let tls = in_time(MailStep::Tls, way.tls.connect(name, stream)).await?;
    tls.map_err(|e| failure(MailStep::Tls, &e.to_string()))
}

/// What was said without the password, should a server repeat what it was sent (RFC 4616 and the LOGIN mechanism).
fn without(told: MailFailure, user: &str, password: &str) -> MailFailure {
    let coded =
        [format!("\0{user}\0{password}"), user.to_owned(), password.to_owned()].map(|text| STANDARD.encode(text));
    let secrets = coded.iter().map(String::as_str).chain([password]).filter(|secret| !secret.is_empty());
    // As a whole: half of it, cut off by the length of what is kept, would still be half of it.
    let echoes = secrets.into_iter().any(|secret| told.said.contains(secret.get(..8).unwrap_or(secret)));
    if echoes { MailFailure { said: String::new(), ..told } } else { told }
}

async fn in_time<T>(step: MailStep, doing: impl Future<Output = T>) -> Result<T, MailFailure> {
    tokio::time::timeout(STEP, doing).await.map_err(|_| failure(step, "no answer in time"))
}

/// The server or the line fails.
fn of_line(step: MailStep, error: &Error) -> MailFailure {
    failure(step, &chain(error))
}

/// The server has answered about one message, or the line fails.
fn of_message(step: MailStep, error: &Error) -> MailFailure {
    let told = of_line(step, error);
    // 421: the service closes the line (RFC 5321, 3.8).
    let closes = error.status().is_some_and(|code| u16::from(code) == 421);
    match error.status() {
        Some(_) if !closes => MailFailure { passes: !error.is_permanent(), of_server: false, ..told },
        _ => told,
    }
}

/// An error with its causes, as the server or the system has told them.
fn chain(error: &Error) -> String {
    let mut told = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        let text = next.to_string();
        if !told.contains(&text) {
            told = format!("{told}: {text}");
        }
        cause = next.source();
    }
    told
}
