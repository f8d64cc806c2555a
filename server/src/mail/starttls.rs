//! The open part of a line before TLS (RFC 3207): greeting, EHLO, STARTTLS. It is our own, so that nothing which came in the open
//! is taken for a word of the secret part.

use super::failure;
use domain::mail::{MailFailure, MailStep};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Bytes of a line and lines of an answer at most.
const LINE: usize = 2_048;
const LINES: usize = 100;

/// Asks for TLS. Afterwards the next byte of the stream is TLS's own.
///
/// # Errors
/// Where the server does not offer it, refuses it, or says more than its answer before it begins.
pub async fn ask(stream: &mut TcpStream, hello: &str) -> Result<(), MailFailure> {
    answer(stream, MailStep::Greeting, '2').await?;
    say(stream, &format!("EHLO {hello}\r\n")).await?;
    let offers = answer(stream, MailStep::Greeting, '2').await?;
    if !offers.iter().any(|line| line.get(4..).is_some_and(|word| word.trim().eq_ignore_ascii_case("STARTTLS"))) {
        return Err(failure(MailStep::Tls, "the server does not offer STARTTLS"));
    }
    say(stream, "STARTTLS\r\n").await?;
    answer(stream, MailStep::Tls, '2').await?;
    // A server waits for us now; what lies there already somebody has put in.
    let mut early = [0u8; 1];
    match stream.try_read(&mut early) {
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(()),
        Err(error) => Err(failure(MailStep::Tls, &error.to_string())),
        Ok(_) => Err(failure(MailStep::Tls, "something was said before TLS began")),
    }
}

async fn say(stream: &mut TcpStream, words: &str) -> Result<(), MailFailure> {
    stream.write_all(words.as_bytes()).await.map_err(|e| failure(MailStep::Greeting, &e.to_string()))
}

/// The lines of an answer, read byte by byte: not one more than belongs to it.
async fn answer(stream: &mut TcpStream, step: MailStep, good: char) -> Result<Vec<String>, MailFailure> {
    let mut lines = Vec::new();
    while lines.len() < LINES {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            if line.len() > LINE {
                return Err(failure(step, "the server's answer has no end"));
            }
            line.push(stream.read_u8().await.map_err(|e| failure(step, &e.to_string()))?);
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        if !line.starts_with(good) {
            return Err(failure(step, &line));
        }
        let goes_on = line.as_bytes().get(3) == Some(&b'-');
        lines.push(line);
        if !goes_on {
            return Ok(lines);
        }
    }
    Err(failure(step, "the server's answer has no end"))
}
