//! A mail server of the tests on loopback: it takes, refuses, breaks off or stays silent as it is told, and keeps what it got.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};

/// How it behaves.
#[derive(Debug, Clone, Default)]
pub struct Manner {
    /// TLS from the first byte.
    pub tls: bool,
    pub starttls: bool,
    /// It asks for this name and password.
    pub login: Option<(&'static str, &'static str)>,
    /// It answers this command, by its beginning, with this line.
    pub answers: Vec<(&'static str, &'static str)>,
    /// It goes away when a message has come, without an answer.
    pub breaks_off: bool,
    /// It never says a word.
    pub silent: bool,
    /// Behind its answer to STARTTLS it says more, in the open.
    pub injects: bool,
    /// Its greeting has no end.
    pub endless: bool,
    /// It repeats what it was sent.
    pub echoes: bool,
}

/// What came.
#[derive(Debug, Default, Clone)]
pub struct Got {
    /// Lines as they came before TLS.
    pub open: Vec<String>,
    /// Whole messages, each with the address that it went to.
    pub mails: Vec<(String, String)>,
}

pub struct MailServer {
    pub address: SocketAddr,
    pub got: Arc<Mutex<Got>>,
    manner: Arc<Mutex<Manner>>,
    /// Certificate of the authority that its own comes from (PEM).
    pub authority: String,
}

impl MailServer {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (authority, acceptor) = tls();
        let (got, manner) = (Arc::new(Mutex::new(Got::default())), Arc::new(Mutex::new(manner)));
        let (kept, told) = (got.clone(), manner.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, manner, acceptor) = (kept.clone(), told.lock().unwrap().clone(), acceptor.clone());
                tokio::spawn(async move {
                    if manner.silent {
                        std::future::pending::<()>().await;
                    }
                    let _ = if manner.tls {
                        match acceptor.clone().accept(stream).await {
                            Ok(stream) => talk(stream, &manner, &kept, true, true).await.map(|_| ()),
                            Err(error) => Err(error),
                        }
                    } else {
                        match talk(stream, &manner, &kept, false, true).await {
                            Ok(Some(stream)) => match acceptor.accept(stream).await {
                                Ok(stream) => talk(stream, &manner, &kept, true, false).await.map(|_| ()),
                                Err(error) => Err(error),
                            },
                            Ok(None) => Ok(()),
                            Err(error) => Err(error),
                        }
                    };
                });
            }
        });
        Self { address, got, manner, authority }
    }

    pub fn set(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    pub fn mails(&self) -> Vec<(String, String)> {
        self.got.lock().unwrap().mails.clone()
    }

    /// Mails to one address, with their encoding undone.
    pub fn to(&self, email: &str) -> Vec<String> {
        self.mails().into_iter().filter(|(to, _)| to == email).map(|(_, mail)| mail).collect()
    }
}

fn tls() -> (String, TlsAcceptor) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, "Office authority");
    let authority = params.self_signed(&key).unwrap();
    let issuer = rcgen::Issuer::new(params, key);
    let own = rcgen::KeyPair::generate().unwrap();
    let leaf = rcgen::CertificateParams::new(vec!["localhost".into()]).unwrap().signed_by(&own, &issuer).unwrap();
    let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], der)
        .unwrap();
    (authority.pem(), TlsAcceptor::from(Arc::new(config)))
}

/// One conversation. Gives the stream back where it is to go on with TLS.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    manner: &Manner,
    got: &Mutex<Got>,
    secret: bool,
    greets: bool,
) -> std::io::Result<Option<S>> {
    let mut stream = BufReader::new(stream);
    if greets && manner.endless {
        loop {
            stream.write_all(&[b'2'; 4_096]).await?;
        }
    }
    if greets {
        let greeting = manner.answers.iter().find(|(command, _)| command.is_empty());
        let line = greeting.map_or("220 mail.test ready", |(_, line)| line);
        stream.write_all(format!("{line}\r\n").as_bytes()).await?;
    }
    let (mut to, mut signed_in) = (String::new(), manner.login.is_none());
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let line = line.trim_end().to_owned();
        if !secret {
            got.lock().unwrap().open.push(line.clone());
        }
        let special = manner.answers.iter().find(|(command, _)| !command.is_empty() && line.starts_with(command));
        let answer = match special {
            Some((_, answer)) => (*answer).to_owned(),
            None if line.starts_with("EHLO") => {
                let starttls = if manner.starttls && !secret { "250-STARTTLS\r\n" } else { "" };
                let auth = if manner.login.is_some() { "250-AUTH PLAIN LOGIN\r\n" } else { "" };
                format!("250-mail.test\r\n{starttls}{auth}250 SIZE 1000000")
            }
            None if line == "STARTTLS" => {
                let more = if manner.injects { "250-more\r\n250 AUTH PLAIN LOGIN\r\n" } else { "" };
                stream.write_all(format!("220 go\r\n{more}").as_bytes()).await?;
                return Ok(Some(stream.into_inner()));
            }
            None if line.starts_with("AUTH") && manner.echoes => format!("535 5.7.8 I do not know {line}"),
            None if line.starts_with("AUTH PLAIN") => {
                signed_in = manner.login.is_some_and(|(name, password)| line.ends_with(&plain(name, password)));
                if signed_in { "235 ok".into() } else { "535 5.7.8 wrong name or password".into() }
            }
            None if line.starts_with("MAIL") && !signed_in => "530 5.7.0 sign in first".into(),
            None if line.starts_with("RCPT") => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                "250 ok".into()
            }
            None if line == "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mail = message(&mut stream).await?;
                got.lock().unwrap().mails.push((to.clone(), mail));
                if manner.breaks_off {
                    return Ok(None);
                }
                "250 2.0.0 taken".into()
            }
            None if line == "QUIT" => "221 bye".into(),
            None => "250 ok".into(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

fn plain(name: &str, password: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(format!("\0{name}\0{password}"))
}

/// A message up to its dot, with quoted-printable and Base64 undone.
async fn message<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> std::io::Result<String> {
    let mut mail = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(readable(&mail));
        }
        mail.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

/// Mail as its reader sees it: every part and every encoded word of the head.
fn readable(mail: &str) -> String {
    let mut out = String::new();
    let (head, body) = mail.split_once("\r\n\r\n").unwrap_or((mail, ""));
    out.push_str(&words(&head.replace("\r\n ", " ")));
    for part in body.split("\r\n--") {
        let (head, text) = part.split_once("\r\n\r\n").unwrap_or(("", part));
        out.push('\n');
        out.push_str(&if head.contains("quoted-printable") {
            quoted(text)
        } else if head.contains("base64") {
            based(text)
        } else {
            text.to_owned()
        });
    }
    out
}

fn based(text: &str) -> String {
    use base64::Engine as _;
    let plain: String = text.split_whitespace().collect();
    String::from_utf8_lossy(&base64::engine::general_purpose::STANDARD.decode(plain).unwrap_or_default()).into_owned()
}

fn quoted(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = || std::str::from_utf8(after.get(..2)?).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, code()) {
            (b'=', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Encoded words of a head (RFC 2047), as lettre writes them: Base64 in UTF-8.
fn words(head: &str) -> String {
    let mut out = String::new();
    for (n, part) in head.split("=?utf-8?b?").enumerate() {
        match part.split_once("?=").filter(|_| n > 0) {
            Some((word, after)) => {
                out.push_str(&based(word));
                // The blank between two encoded words is no part of the text (RFC 2047, 6.2).
                out.push_str(if after == " " { "" } else { after });
            }
            None => out.push_str(part),
        }
    }
    out
}
