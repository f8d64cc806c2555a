//! The line to the mail server (RFC 5321), step by step.

use super::{Way, failure};
use domain::mail::{MailFailure, MailStep, Security};
use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;

/// How long one step may take. RFC 5321 (4.5.3.2) allows minutes; whoever tests the settings waits for the answer.
const STEP: Duration = Duration::from_secs(30);
/// How long the server may take to make a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// An open line, ready for messages.
pub struct Line(AsyncSmtpConnection);

impl Line {
    /// Opens a line: name, connection, TLS, signing in.
    ///
    /// # Errors
    /// The step that failed and what was said.
    pub async fn open(way: &Way) -> Result<Self, MailFailure> {
        let server = &way.server;
        let host = server.sender.rsplit_once('@').map_or("localhost", |(_, host)| host);
        let hello = ClientId::Domain(host.to_owned());
        let addresses = in_time(MailStep::Name, tokio::net::lookup_host((server.host.as_str(), server.port))).await?;
        let addresses: Vec<SocketAddr> = addresses.map_err(|e| failure(MailStep::Name, &e.to_string()))?.collect();
        let mut line = match server.security {
            Security::Tls => {
                let open = AsyncSmtpConnection::connect_tokio1(
                    addresses.as_slice(),
                    Some(CONNECT),
                    &hello,
                    Some(way.tls.clone()),
                    None,
                );
                in_time(MailStep::Tls, open).await?.map_err(|e| of_line(step_of(&e, MailStep::Greeting), &e))?
            }
            Security::StartTls | Security::Open => {
                let stream = connect(&addresses).await?;
                let open = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello);
                in_time(MailStep::Greeting, open).await?.map_err(|e| of_line(MailStep::Greeting, &e))?
            }
        };
        if server.security == Security::StartTls {
            if !line.can_starttls() {
                return Err(failure(MailStep::Tls, "the server does not offer STARTTLS"));
            }
            in_time(MailStep::Tls, line.starttls(way.tls.clone(), &hello))
                .await?
                .map_err(|e| of_line(MailStep::Tls, &e))?;
        }
        if let Some(password) = &way.password {
            // Nothing but the settings leads here; the line is looked at all the same.
            if !line.is_encrypted() {
                return Err(failure(MailStep::Tls, "the line is open: no password goes over it"));
            }
            let credentials = Credentials::new(server.user.clone(), password.to_string());
            in_time(MailStep::SignIn, line.auth(&[Mechanism::Plain, Mechanism::Login], &credentials))
                .await?
                .map_err(|e| of_line(MailStep::SignIn, &e))?;
        }
        Ok(Self(line))
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
        let answer = tokio::time::timeout(STEP, self.0.message(&bytes)).await;
        match answer {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.status().is_some() => Err(of_message(MailStep::Message, &error)),
            Ok(Err(error)) => Err(MailFailure { unclear: true, ..of_line(MailStep::Message, &error) }),
            Err(_) => Err(MailFailure { unclear: true, ..failure(MailStep::Message, "no answer in time") }),
        }
    }

    /// Says goodbye; whether the server answers does not matter any more.
    pub async fn close(mut self) {
        let _ = tokio::time::timeout(CONNECT, self.0.quit()).await;
    }

    async fn command(&mut self, step: MailStep, command: impl std::fmt::Display) -> Result<(), MailFailure> {
        in_time(step, self.0.command(command)).await?.map(|_| ()).map_err(|e| of_message(step, &e))
    }

    /// Lets the server forget a message that it has refused. Where that fails, so does the line.
    async fn begin_anew(&mut self, failure: MailFailure) -> MailFailure {
        if failure.of_server || self.command(failure.step, Rset).await.is_ok() {
            return failure;
        }
        if failure.passes { MailFailure { of_server: true, ..failure } } else { failure }
    }

    /// Whether it can be used no more.
    pub fn is_broken(&mut self) -> bool {
        self.0.has_broken()
    }
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, MailFailure> {
    match tokio::time::timeout(CONNECT, TcpStream::connect(addresses)).await {
        Ok(stream) => stream.map_err(|e| failure(MailStep::Connect, &e.to_string())),
        Err(_) => Err(failure(MailStep::Connect, "no answer in time")),
    }
}

async fn in_time<T>(step: MailStep, doing: impl Future<Output = T>) -> Result<T, MailFailure> {
    tokio::time::timeout(STEP, doing).await.map_err(|_| failure(step, "no answer in time"))
}

/// Where opening a line with TLS from the first byte failed.
fn step_of(error: &Error, else_at: MailStep) -> MailStep {
    let told = chain(error);
    if error.is_tls() || told.contains("certificate") || told.contains("CorruptMessage") || told.contains("corrupt") {
        MailStep::Tls
    } else if told.contains("onnection refused") || told.contains("timed out") || told.contains("unreachable") {
        MailStep::Connect
    } else {
        else_at
    }
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
