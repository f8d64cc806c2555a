//! Asking an authority about one certificate (OCSP). The stored answers were given by the responder of the generated
//! authority on 23 November 2026, without a nonce and good for a month, so that they can be given again.

use crate::support::{Base, Firm, Wish, cookie, on_both, post, rule, state_on};
use axum::http::StatusCode;
use domain::certificate::SignatureCheck;
use domain::day::OfficeDay;
use domain::id::CertificateId;
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::revocation::{AddressKind, Evidence, RevocationList, RevocationSource, Revoked, Status, StatusAnswer};
use domain::standing::Standing;
use domain::task::{Check, Move, NewTask, Route, Stage, Ticks};
use store::{DraftItem, Error};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

on_both!(
    an_answer_of_the_generated_authority_proves_a_revocation,
    a_task_is_proved_by_the_answer_and_waits_while_the_service_does_not_say_so,
    an_unchecked_answer_does_not_overrule_what_was_checked,
);

const DAY: &str = "2026-11-24";
/// The address that the generated certificates name.
const SERVICE: &str = "http://127.0.0.1:2560";

fn file(name: &str) -> Vec<u8> {
    std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/ocsp").join(name)).unwrap()
}

/// A service at the address of the generated certificates that gives these answers in turn; a test holds it alone.
async fn serve(answers: Vec<Vec<u8>>) -> tokio::task::JoinHandle<()> {
    let mut door = Err(std::io::ErrorKind::AddrInUse.into());
    for _ in 0..600 {
        door = tokio::net::TcpListener::bind("127.0.0.1:2560").await;
        if door.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let door = door.expect("port 2560, which the generated certificates name, is free");
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = door.accept().await.unwrap();
            let mut asked = Vec::new();
            // To its end: closing with something unread would cut the answer off.
            while !whole(&asked) {
                assert_ne!(stream.read_buf(&mut asked).await.unwrap(), 0, "the question ends too early");
            }
            let asked = String::from_utf8_lossy(&asked).to_ascii_lowercase();
            assert!(asked.starts_with("post / ") && asked.contains("user-agent: merzim/"), "{asked}");
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len());
            stream.write_all(&[head.as_bytes(), &answer].concat()).await.unwrap();
        }
    })
}

/// Whether a request has arrived with all of its body.
fn whole(asked: &[u8]) -> bool {
    let Some(end) = asked.windows(4).position(|w| w == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&asked[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    asked.len() >= end + 4 + length
}

async fn registered(firm: &Firm, name: &str) -> CertificateId {
    let owner = firm.scoped("owner").await;
    let issuer = file("../crl/nca_rsa.cer");
    let der = file(name);
    let now = OfficeDay::noon(DAY.parse().unwrap()).now;
    let facts = pki::read_certificate(&der, now).unwrap();
    assert_eq!(facts.ocsp_urls, [SERVICE]);
    let authorities = owner.authority_certificates().await.unwrap();
    if !authorities.iter().any(|(_, der)| *der == issuer) {
        owner.add_authority(facts.issuer.common_name.clone().unwrap(), issuer.clone()).await.unwrap();
    }
    firm.client(facts.subject.bin.as_ref().unwrap(), Some("accountant")).await;
    let signature = pki::check_signature(&der, &issuer);
    let item = DraftItem { file: name.into(), content: Ok((der, facts, signature)) };
    let draft = owner.draft(vec![item]).await.unwrap();
    owner.accept(draft, &Default::default()).await.unwrap().1[0]
}

async fn an_answer_of_the_generated_authority_proves_a_revocation(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (good, revoked) = (registered(&firm, "good.cer").await, registered(&firm, "revoked.cer").await);
    let state = state_on(&base.store, DAY);
    let session = cookie(&firm.store, firm.people["accountant"], state.clock.now()).await;
    let ask = |id: CertificateId| {
        let (state, session) = (state.clone(), session.clone());
        async move { post(&state, &format!("/certificates/{id}/ask"), Some(&session), "").await }
    };
    let (status, page) = ask(revoked).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("нет среди разрешённых адресов"), "the address is not in the office's table");
    let owner = firm.scoped("owner").await;
    owner.add_list_address(AddressKind::Lists, SERVICE).await.unwrap();
    assert_eq!(ask(revoked).await.0, StatusCode::UNPROCESSABLE_ENTITY, "an address of lists is not a service");
    owner.add_list_address(AddressKind::Answers, &format!("{SERVICE}/")).await.unwrap();
    let busy = vec![0x30, 3, 0x0a, 1, 3];
    let answers = vec![
        file("revoked.stored.der"),
        file("good.stored.der"),
        file("revoked.stored.der"),
        busy,
        b"no answer".into(),
    ];
    let service = serve(answers).await;
    assert_eq!(ask(revoked).await.0, StatusCode::SEE_OTHER);
    let accountant = firm.scoped("accountant").await;
    let proof = accountant.evidence(revoked).await.unwrap();
    let Evidence::Revoked { at, source: RevocationSource::Answer, signature: SignatureCheck::Holds, .. } = proof else {
        panic!("{proof:?}")
    };
    assert_eq!(at.to_rfc3339(), "2026-11-08T14:33:48+00:00");
    assert_eq!(ask(good).await.0, StatusCode::SEE_OTHER);
    assert!(
        matches!(accountant.evidence(good).await.unwrap(), Evidence::Good(answer) if answer.signature == SignatureCheck::Holds)
    );
    for sentence in ["не дала понятного ответа", "просит спросить позже", "не дала понятного ответа"]
    {
        let (status, page) = ask(good).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains(sentence), "{sentence}: {page}");
    }
    service.await.unwrap();
}

async fn a_task_is_proved_by_the_answer_and_waits_while_the_service_does_not_say_so(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let old = registered(&firm, "revoked.cer").await;
    let owner = firm.scoped("owner").await;
    let number = owner.certificate_card(old).await.unwrap().facts.owner_number().map(str::to_owned);
    let new = firm.certificate(&Wish { bin: number, ..Wish::of("") }).await;
    owner.add_list_address(AddressKind::Answers, SERVICE).await.unwrap();
    let task = NewTask {
        certificates: vec![old],
        reason: Reason::Planned,
        route: Route::Online,
        assignee: None,
        due: DAY.parse().unwrap(),
        note: String::new(),
    };
    let task = owner.open_task(task).await.unwrap();
    owner.accept_successor(task, new, "подписывает другой, проверено", 1).await.unwrap();
    let steps: Vec<i32> =
        owner.task_card(task).await.unwrap().steps.iter().filter(|s| s.system).map(|s| s.place).collect();
    owner.tick_steps(task, &Ticks::of(&steps, &[])).await.unwrap();
    owner.move_task(task, &Move::to(Stage::SystemsUpdated, "", 2)).await.unwrap();
    let state = state_on(&base.store, DAY);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let path = format!("/tasks/{task}/ask");
    let ask = || post(&state, &path, Some(&session), "revision=3");
    let service = serve(vec![vec![0x30, 3, 0x0a, 1, 3], file("revoked.stored.der")]).await;
    let (status, page) = ask().await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("просит спросить позже"), "{page}");
    assert_eq!(owner.task_card(task).await.unwrap().row.stage, Stage::SystemsUpdated);
    assert_eq!(ask().await.0, StatusCode::SEE_OTHER);
    service.await.unwrap();
    let card = owner.task_card(task).await.unwrap();
    assert_eq!(card.row.stage, Stage::OldChecked);
    assert!(card.revocation.is_some_and(|(_, how, ..)| how == Check::Ocsp));
}

async fn an_unchecked_answer_does_not_overrule_what_was_checked(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let id = registered(&firm, "good.cer").await;
    let scoped = firm.scoped("accountant").await;
    let day = |n: i64| crate::support::today().now + chrono::TimeDelta::hours(n);
    let says = |status, n| StatusAnswer { status, this_update: day(n), next_update: None };
    let (good, revoked) = (|n| says(Status::Good, n), says(Status::Revoked(day(-9)), 0));
    use SignatureCheck::{Fails, Holds, NotChecked};
    assert_eq!(rule(scoped.take_answer(id, &revoked, Fails, "a").await), Rule::AnswerSignature);
    assert_eq!(rule(scoped.take_answer(id, &says(Status::Unknown, 0), Holds, "a").await), Rule::UnknownThere);
    let is_revoked = async || {
        let row = scoped.certificates_by_id(&[id]).await.unwrap().remove(0);
        row.life.standing(crate::support::today()) == Standing::Revoked
    };
    scoped.take_answer(id, &revoked, Holds, "a").await.unwrap();
    assert!(is_revoked().await);
    scoped.take_answer(id, &good(1), NotChecked, "a").await.unwrap();
    assert!(is_revoked().await, "what was checked stays");
    scoped.take_answer(id, &good(-1), Holds, "a").await.unwrap();
    assert!(is_revoked().await, "an earlier answer does not overrule a later one");
    scoped.take_answer(id, &good(1), Holds, "a").await.unwrap();
    assert!(!is_revoked().await, "a hold was released");
    // An earlier answer, or an earlier list read again, does not overrule it.
    assert_eq!(rule(scoped.take_answer(id, &revoked, Holds, "a").await), Rule::NoAnswer);
    let tomorrow = domain::day::plus(crate::support::today().day, 1);
    let owner = firm.scoped_on("owner", domain::day::OfficeDay::noon(tomorrow)).await;
    let row = owner.certificates_by_id(&[id]).await.unwrap().remove(0);
    let issuer = owner.certificate_card(id).await.unwrap().facts.issuer.common_name.unwrap();
    let list = |number: &str, n: i64, serials: &[&str]| RevocationList {
        issuer: issuer.clone(),
        number: number.into(),
        base: None,
        this_update: day(n),
        next_update: None,
        entries: serials.iter().map(|s| Revoked { serial: (*s).into(), at: day(-9), reason: None }).collect(),
    };
    owner.take_list(list("01", 0, &[&row.serial]), Holds, "l", false).await.unwrap();
    assert!(!is_revoked().await, "the list is older than the answer");
    owner.take_list(list("02", 2, &[&row.serial]), Holds, "l", false).await.unwrap();
    assert!(is_revoked().await);
    scoped.take_answer(id, &says(Status::Revoked(day(-9)), 3), Holds, "a").await.unwrap();
    owner.take_list(list("03", 4, &[]), Holds, "l", false).await.unwrap();
    assert!(!is_revoked().await, "a later list that does not name it releases it, whoever had said it");
    let foreign = firm.scoped("second").await.take_answer(id, &revoked, Holds, "a").await;
    assert!(matches!(foreign, Err(Error::Refused(Refusal::NotFound))));
}
