//! Trying the settings of the mail server says which step fails, sends no password over an open line, and falls back to nothing.

use crate::mail_server::{MailServer, Manner};
use crate::support::{Base, Firm, cookie, post};
use domain::mail::{MailServer as Named, Security};
use server::mail::PASSWORD;
use server::settings::{Cli, Command};
use server::state::AppState;
use std::sync::Arc;

const LOGIN: Option<(&str, &str)> = Some(("merzim", "s3cret"));
const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

struct Trial {
    _base: Base,
    firm: Firm,
    _folder: tempfile::TempDir,
    authority: std::path::PathBuf,
    sealed: String,
}

impl Trial {
    async fn new() -> Self {
        let base = Base::sqlite().await;
        let firm = Firm::new(&base.store).await;
        let folder = tempfile::tempdir().unwrap();
        let authority = folder.path().join("ca.pem");
        let sealed = state(&base.store, None).secrets.seal(PASSWORD, "s3cret").unwrap();
        Self { _base: base, firm, _folder: folder, authority, sealed }
    }

    /// The page that answers a test of these settings; empty where the message has left.
    async fn tried(&self, host: &str, port: u16, security: Security, trusts: Option<&MailServer>) -> String {
        let user = if security == Security::Open { "" } else { "merzim" };
        self.tried_as(user, host, port, security, trusts).await
    }

    async fn tried_as(
        &self,
        user: &str,
        host: &str,
        port: u16,
        security: Security,
        trusts: Option<&MailServer>,
    ) -> String {
        let named = Named::new(host, port, security, user, "merzim@proba.kz".into()).unwrap();
        let owner = self.firm.scoped("owner").await;
        owner.set_mail_server(&named, Some(self.sealed.clone())).await.unwrap();
        if let Some(server) = trusts {
            std::fs::write(&self.authority, &server.authority).unwrap();
        }
        let state = state(&self.firm.store, trusts.map(|_| self.authority.to_str().unwrap()));
        let session = cookie(&self.firm.store, self.firm.people["owner"], state.clock.now()).await;
        let (status, page) = post(&state, "/office/mail/test", Some(&session), "").await;
        if status.as_u16() == 303 { String::new() } else { page }
    }
}

fn state(store: &store::Store, authority: Option<&str>) -> Arc<AppState> {
    let mut words = vec!["merzim", "serve", "--today", "2026-11-23", "--secrets-key", KEY];
    words.extend(authority.map(|path| ["--mail-ca", path]).into_iter().flatten());
    let Command::Serve(settings) = Cli::read(words).unwrap().command else { panic!("serve") };
    Arc::new(AppState::new(store.clone(), &settings))
}

#[tokio::test]
async fn a_message_leaves_over_tls_from_the_first_byte_and_over_starttls() {
    let trial = Trial::new().await;
    for (security, manner) in [
        (Security::Tls, Manner { tls: true, login: LOGIN, ..Manner::default() }),
        (Security::StartTls, Manner { starttls: true, login: LOGIN, ..Manner::default() }),
    ] {
        let server = MailServer::start(manner).await;
        assert_eq!(trial.tried("localhost", server.address.port(), security, Some(&server)).await, "", "{security:?}");
        let mails = server.to("owner@example.kz");
        assert!(mails.len() == 1 && mails[0].contains("это письмо дошло"), "{mails:?}");
        let open = server.got.lock().unwrap().open.clone();
        assert!(open.iter().all(|line| line.starts_with("EHLO") || line == "STARTTLS"), "{open:?}");
    }
}

#[tokio::test]
async fn each_step_that_fails_is_named_with_what_was_said() {
    let trial = Trial::new().await;
    let told = |page: &str, words: &[&str]| {
        assert!(words.iter().all(|word| page.contains(word)), "{words:?} in {page}");
    };
    told(&trial.tried("no-such-host.invalid", 465, Security::Tls, None).await, &["Такого сервера нет"]);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    told(&trial.tried("localhost", free, Security::Tls, None).await, &["не отвечает на этом порту"]);
    told(&trial.tried("localhost", free, Security::StartTls, None).await, &["не отвечает на этом порту"]);
    let server = MailServer::start(Manner { answers: vec![("", "554 go away")], ..Manner::default() }).await;
    told(
        &trial.tried("localhost", server.address.port(), Security::Open, None).await,
        &["не похож на почтовый", "go away"],
    );
    // A certificate that nobody trusts.
    let server = MailServer::start(Manner { tls: true, login: LOGIN, ..Manner::default() }).await;
    told(
        &trial.tried("localhost", server.address.port(), Security::Tls, None).await,
        &["Не удалось установить защищённое соединение"],
    );
    // TLS to a server that begins openly.
    let open = MailServer::start(Manner::default()).await;
    told(
        &trial.tried("localhost", open.address.port(), Security::Tls, Some(&open)).await,
        &["Не удалось установить защищённое соединение"],
    );
    let wrong = MailServer::start(Manner { tls: true, login: Some(("merzim", "other")), ..Manner::default() }).await;
    let page = trial.tried("localhost", wrong.address.port(), Security::Tls, Some(&wrong)).await;
    told(&page, &["Сервер не принял логин или пароль", "wrong name or password"]);
    for (command, answer, words) in [
        ("MAIL", "553 5.7.1 not your address", "не разрешает писать с этого адреса"),
        ("RCPT", "550 5.1.1 nobody here", "не принял адрес получателя"),
        ("DATA", "554 5.7.0 looks like spam", "отклонил само письмо"),
    ] {
        let server = MailServer::start(Manner { answers: vec![(command, answer)], ..Manner::default() }).await;
        let page = trial.tried("localhost", server.address.port(), Security::Open, None).await;
        told(&page, &[words, answer.get(10..).unwrap()]);
    }
}

#[tokio::test]
async fn a_server_without_starttls_gets_no_password_and_no_mail() {
    let trial = Trial::new().await;
    let server = MailServer::start(Manner { login: LOGIN, ..Manner::default() }).await;
    let page = trial.tried("localhost", server.address.port(), Security::StartTls, Some(&server)).await;
    assert!(page.contains("Не удалось установить защищённое соединение") && page.contains("STARTTLS"), "{page}");
    let got = server.got.lock().unwrap().clone();
    assert!(got.mails.is_empty() && !got.open.iter().any(|line| line.starts_with("AUTH")), "{:?}", got.open);
}

#[tokio::test]
async fn a_key_that_was_lost_is_told_and_the_password_is_asked_for_anew() {
    let trial = Trial::new().await;
    let server = MailServer::start(Manner { tls: true, login: LOGIN, ..Manner::default() }).await;
    let other = Trial { sealed: trial.sealed.replace("v1.", "v1.AAAA"), ..trial };
    let page = other.tried("localhost", server.address.port(), Security::Tls, Some(&server)).await;
    assert!(page.contains("does not open the kept password"), "{page}");
    assert!(server.mails().is_empty());
}
