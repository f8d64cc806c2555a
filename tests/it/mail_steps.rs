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

#[tokio::test]
async fn what_a_server_says_in_the_open_behind_its_answer_is_no_word_of_the_secret_part() {
    let trial = Trial::new().await;
    let manner = Manner { starttls: true, login: LOGIN, injects: true, ..Manner::default() };
    let server = MailServer::start(manner).await;
    let page = trial.tried("localhost", server.address.port(), Security::StartTls, Some(&server)).await;
    assert!(page.contains("Не удалось установить защищённое соединение"), "{page}");
    assert!(server.mails().is_empty());
}

#[tokio::test]
async fn a_greeting_without_end_is_given_up_early() {
    let trial = Trial::new().await;
    for (security, manner) in [
        (Security::Open, Manner { endless: true, ..Manner::default() }),
        (Security::StartTls, Manner { endless: true, starttls: true, ..Manner::default() }),
        (Security::Tls, Manner { endless: true, tls: true, ..Manner::default() }),
    ] {
        let server = MailServer::start(manner).await;
        let begun = std::time::Instant::now();
        let page = trial.tried("localhost", server.address.port(), security, Some(&server)).await;
        assert!(page.contains("не похож на почтовый"), "{security:?}: {page}");
        assert!(begun.elapsed() < std::time::Duration::from_secs(10), "{security:?}");
    }
}

#[tokio::test]
async fn a_server_that_repeats_the_password_gets_it_shown_nowhere() {
    let trial = Trial::new().await;
    let server = MailServer::start(Manner { tls: true, login: LOGIN, echoes: true, ..Manner::default() }).await;
    let page = trial.tried("localhost", server.address.port(), Security::Tls, Some(&server)).await;
    assert!(page.contains("Сервер не принял логин или пароль") && !page.contains("AUTH PLAIN"), "{page}");
    let kept = trial.firm.scoped("owner").await.mail_settings().await.unwrap().unwrap().fails.unwrap();
    assert_eq!(kept.2, "");
}

#[tokio::test]
async fn after_a_refused_message_a_line_that_does_not_answer_is_not_used_again() {
    let trial = Trial::new().await;
    // The first address is refused, RSET ends the conversation; the others go over a new line.
    let answers = vec![("RCPT TO:<accountant@", "550 5.1.1 nobody"), ("RSET", "221 bye")];
    let server = MailServer::start(Manner { answers, ..Manner::default() }).await;
    let named = Named::new("127.0.0.1", server.address.port(), Security::Open, "", "merzim@proba.kz".into()).unwrap();
    trial.firm.scoped("owner").await.set_mail_server(&named, None).await.unwrap();
    for (bin, who) in [("940140000385", "accountant"), ("971240001315", "second")] {
        trial.firm.client(bin, Some(who)).await;
        trial.firm.certificate(&crate::support::Wish::of(bin)).await;
        let wishes = domain::delivery::Wishes { hour: 0, ..Default::default() };
        trial.firm.scoped(who).await.set_wishes(wishes).await.unwrap();
    }
    server::jobs::send(state(&trial.firm.store, None), true).await;
    assert_eq!(server.to("second@example.kz").len(), 1);
    let sent = trial.firm.scoped("owner").await.deliveries().await.unwrap();
    let of = |who: &str| sent.iter().find(|row| row.name.contains(who)).map(|row| row.state.code());
    assert_eq!((of("accountant"), of("second")), (Some("refused"), Some("sent")));
}

#[tokio::test]
async fn a_line_break_in_a_name_begins_no_field_of_a_message() {
    let trial = Trial::new().await;
    let server = MailServer::start(Manner::default()).await;
    let owner = trial.firm.scoped("owner").await;
    let named = Named::new("127.0.0.1", server.address.port(), Security::Open, "", "merzim@proba.kz".into()).unwrap();
    owner.set_mail_server(&named, None).await.unwrap();
    let office = domain::office::Office {
        name: "Проба\r\nBcc: thief@example.kz".into(),
        zone: "Asia/Almaty".into(),
        lang: domain::person::Lang::Ru,
    };
    owner.set_office(office).await.unwrap();
    let state = state(&trial.firm.store, None);
    let session = cookie(&trial.firm.store, trial.firm.people["owner"], state.clock.now()).await;
    let (status, _) = post(&state, "/office/mail/test", Some(&session), "").await;
    assert_eq!(status.as_u16(), 303);
    let mail = &server.to("owner@example.kz")[0];
    let mut head = mail.lines().take_while(|line| !line.starts_with("Content-Type"));
    assert!(!head.any(|line| line.starts_with("Bcc")), "{mail}");
    // A form takes none in the first place.
    post(&state, "/office", Some(&session), "name=Firma%0D%0AX&zone=Asia%2FAlmaty&lang=ru").await;
    assert_eq!(owner.office_settings().await.unwrap().name, "Firma  X");
}
