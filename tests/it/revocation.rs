//! Revocation lists: what they prove, what is refused, fetching with care.

use crate::support::{Base, Firm, Wish, cookie, d, data, multipart, on_both, rule, state, today};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use domain::certificate::SignatureCheck;
use domain::id::CertificateId;
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::revocation::{Evidence, REMOVED, RevocationList, RevocationSource, Revoked};
use domain::standing::Standing;
use domain::task::{Check, Move, NewTask, Route, Stage, Ticks};
use store::{DraftItem, Error};

on_both!(
    a_list_revokes_what_it_names_and_a_later_one_lets_a_released_hold_go,
    an_older_list_a_delta_without_its_base_and_a_broken_signature_are_refused,
    a_task_is_proved_by_the_list_and_not_against_it,
    the_lists_of_the_generated_authority_revoke_its_certificates,
);

const BIN: &str = "971240001315";
const ISSUER: &str = "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)";

fn at(day: &str) -> DateTime<Utc> {
    domain::day::start_of(d(day))
}

fn list(number: &str, day: &str, entries: &[(&str, Option<u8>)]) -> RevocationList {
    RevocationList {
        issuer: ISSUER.into(),
        number: number.into(),
        base: None,
        this_update: at(day),
        next_update: Some(at("2026-12-01")),
        entries: entries
            .iter()
            .map(|(serial, reason)| Revoked { serial: (*serial).into(), at: at("2026-11-01"), reason: *reason })
            .collect(),
    }
}

async fn registered(firm: &Firm) -> (CertificateId, String) {
    firm.client(BIN, Some("accountant")).await;
    let id = firm.certificate(&Wish::of(BIN).until("2026-01-10", "2027-01-10")).await;
    let serial = firm.scoped("owner").await.certificate_card(id).await.unwrap().row.serial;
    (id, serial)
}

async fn a_list_revokes_what_it_names_and_a_later_one_lets_a_released_hold_go(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (id, serial) = registered(&firm).await;
    let owner = firm.scoped("owner").await;
    assert_eq!(owner.evidence(id).await.unwrap(), Evidence::NoList);
    let read = owner
        .take_list(list("01", "2026-11-10", &[(&serial, Some(6)), ("AB", None)]), SignatureCheck::Holds, "a.crl", false)
        .await
        .unwrap();
    assert_eq!((read.entries, read.revoked, read.released), (2, 1, 0));
    let row = firm.scoped("accountant").await.certificates_by_id(&[id]).await.unwrap().remove(0);
    assert_eq!(row.life.standing(today()), Standing::Revoked);
    let proof = firm.scoped("accountant").await.evidence(id).await.unwrap();
    assert!(
        matches!(&proof, Evidence::Revoked { at: when, source: RevocationSource::List, detail, signature: SignatureCheck::Holds }
        if *when == at("2026-11-01") && detail.contains("№ 01")),
        "{proof:?}"
    );
    assert!(matches!(firm.scoped("second").await.evidence(id).await, Err(Error::Refused(Refusal::NotFound))));
    let delta = RevocationList { base: Some("01".into()), ..list("02", "2026-11-12", &[(&serial, Some(REMOVED))]) };
    let read = {
        let unchecked = owner.take_list(delta.clone(), SignatureCheck::NotChecked, "d.crl", false).await;
        assert_eq!(rule(unchecked), Rule::ListSignature, "what cannot be checked does not overrule what was");
        owner.take_list(delta, SignatureCheck::Holds, "d.crl", false).await.unwrap()
    };
    assert_eq!((read.entries, read.revoked, read.released), (1, 0, 1));
    let row = owner.certificates_by_id(&[id]).await.unwrap().remove(0);
    assert_ne!(row.life.standing(today()), Standing::Revoked);
    assert!(matches!(owner.evidence(id).await.unwrap(), Evidence::NotListed(known) if known.number == "02"));
    // What comes in after the list is judged by it.
    let other = Wish {
        name: "АХМЕТОВА АЛИЯ", iin: "851231499000", ..Wish::of(BIN).until("2026-02-10", "2027-02-10")
    };
    let item = firm.item(&other);
    let serial = item.content.as_ref().unwrap().1.serial.clone();
    owner.take_list(list("03", "2026-11-13", &[(&serial, None)]), SignatureCheck::Holds, "b.crl", false).await.unwrap();
    let draft = owner.draft(vec![item]).await.unwrap();
    let (_, new) = owner.accept(draft, &Default::default()).await.unwrap();
    assert!(matches!(owner.evidence(new[0]).await.unwrap(), Evidence::Revoked { source: RevocationSource::List, .. }));
}

async fn an_older_list_a_delta_without_its_base_and_a_broken_signature_are_refused(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let delta = RevocationList { base: Some("01".into()), ..list("02", "2026-11-12", &[]) };
    assert_eq!(rule(owner.take_list(delta.clone(), SignatureCheck::Holds, "", false).await), Rule::OldList, "no base");
    owner.take_list(list("0A", "2026-11-10", &[]), SignatureCheck::Holds, "", false).await.unwrap();
    assert_eq!(
        rule(owner.take_list(list("09", "2026-11-11", &[]), SignatureCheck::Holds, "", false).await),
        Rule::OldList
    );
    assert_eq!(
        rule(owner.take_list(delta, SignatureCheck::Holds, "", false).await),
        Rule::OldList,
        "older than the full one"
    );
    assert_eq!(
        rule(owner.take_list(list("0B", "2026-11-11", &[]), SignatureCheck::Fails, "", false).await),
        Rule::ListSignature
    );
    let future = owner.take_list(list("0B", "2027-11-11", &[]), SignatureCheck::Holds, "", false).await;
    assert_eq!(rule(future), Rule::FutureList, "it would lock out every list until that day");
    for who in ["lead", "accountant", "observer"] {
        let refused =
            firm.scoped(who).await.take_list(list("0C", "2026-11-12", &[]), SignatureCheck::Holds, "", false).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotAllowed))), "{who}");
    }
    firm.scoped("accountant")
        .await
        .take_list(list("0C", "2026-11-12", &[]), SignatureCheck::Holds, "http://x", true)
        .await
        .unwrap();
}

async fn a_task_is_proved_by_the_list_and_not_against_it(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (id, serial) = registered(&firm).await;
    let scoped = firm.scoped("accountant").await;
    let new = NewTask {
        certificates: vec![id],
        reason: Reason::DataChanged,
        route: Route::Online,
        assignee: None,
        due: d("2026-11-30"),
        note: String::new(),
    };
    let task = scoped.open_task(new).await.unwrap();
    let next = firm.import("owner", &Wish::of(BIN).until("2026-11-20", "2027-11-20")).await.unwrap();
    scoped.accept_successor(task, next, "", 1).await.unwrap();
    let systems: Vec<i32> =
        scoped.task_card(task).await.unwrap().steps.iter().filter(|s| s.system).map(|s| s.place).collect();
    scoped.tick_steps(task, &Ticks::of(&systems, &[])).await.unwrap();
    scoped.move_task(task, &Move::to(Stage::SystemsUpdated, "", 2)).await.unwrap();
    let owner = firm.scoped("owner").await;
    owner.take_list(list("01", "2026-11-10", &[]), SignatureCheck::Holds, "", false).await.unwrap();
    assert_eq!(rule(scoped.record_revocation(task, Check::Crl, "", 3).await), Rule::NotListed);
    owner.take_list(list("02", "2026-11-21", &[(&serial, None)]), SignatureCheck::Holds, "", false).await.unwrap();
    scoped.record_revocation(task, Check::Crl, "", 3).await.unwrap();
    assert!(
        matches!(scoped.evidence(id).await.unwrap(), Evidence::Revoked { source: RevocationSource::List, .. }),
        "a word does not replace the list"
    );
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)).unwrap()
}

async fn the_lists_of_the_generated_authority_revoke_its_certificates(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let issuer = file("crl/nca_rsa.cer");
    owner.add_authority("ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) ОЙДАН ТЕСТ".into(), issuer.clone()).await.unwrap();
    let (listed, _) = pki::read_crl(&file("crl/nca_rsa.crl")).unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/certs/generated/certs");
    let mut items = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let Ok(found) = pki::read_file(&bytes, today().now) else { continue };
        for item in found {
            let signature = pki::check_signature(&item.found.der, &issuer);
            if listed.entries.iter().any(|e| e.serial == item.found.facts.serial) {
                items.push(DraftItem {
                    file: "a.cer".into(),
                    content: Ok((item.found.der, item.found.facts, signature)),
                });
            }
        }
    }
    let wanted = items.len();
    assert!(wanted >= 8, "{wanted} of the list's certificates are among the files");
    let draft = owner.draft(items).await.unwrap();
    let (_, ids) = owner.accept(draft, &Default::default()).await.unwrap();
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let (body, kind) = multipart("files", "nca_rsa.crl", &file("crl/nca_rsa.crl"));
    let (status, page, _) = crate::support::ask(&state, "POST", "/revocation", Some(&session), body, kind).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("Прочитано: 12"), "{page}");
    for id in &ids {
        let proof = owner.evidence(*id).await.unwrap();
        assert!(
            matches!(proof, Evidence::Revoked { source: RevocationSource::List, signature: SignatureCheck::Holds, .. }),
            "{proof:?}"
        );
    }
    let (body, kind) = multipart("files", "b.crl", b"no list");
    let (status, page, _) = crate::support::ask(&state, "POST", "/revocation", Some(&session), body, kind).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Возьмите файл .crl"));
    let _ = data(BIN);
}

#[tokio::test]
async fn an_address_is_asked_once_without_following_and_not_for_more_than_a_list_has() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let door = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = door.local_addr().unwrap();
    let serve = tokio::spawn(async move {
        for answer in [
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nlist".to_owned(),
            "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .to_owned(),
            format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
                64 << 20,
                "x".repeat(1 << 20)
            ),
        ] {
            let (mut stream, _) = door.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    let url = format!("http://{address}/a.crl");
    assert_eq!(server::lists::fetch(&url).await.unwrap(), b"list");
    assert!(matches!(server::lists::fetch(&url).await, Err(server::lists::FetchError::Status(302))), "not followed");
    assert!(matches!(server::lists::fetch(&url).await, Err(server::lists::FetchError::Connection(_))), "too long");
    for bad in ["file:///etc/passwd", "https://a.kz/x.crl", "ftp://a", "nonsense"] {
        assert!(matches!(server::lists::fetch(bad).await, Err(server::lists::FetchError::Address)), "{bad}");
    }
    serve.await.unwrap();
}
