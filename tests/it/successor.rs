//! The new certificate of a task: which it can stand in for, and what comes in with it, on both databases.

use crate::reissue::{BIN, OTHER, later, page, sent, sent_files, set_in_task};
use crate::support::{Base, Firm, Wish, cookie, d, on_both, post, rule, state, today};
use axum::http::StatusCode;
use domain::calendar::CalendarFilter;
use domain::certificate::Purpose;
use domain::client::ClientFilter;
use domain::day::OfficeDay;
use domain::id::CertificateId;
use domain::refusal::Rule;
use domain::succession::Reissued;
use domain::task::{EventKind, Stage};

on_both!(
    each_purpose_is_replaced_by_what_can_replace_it_and_the_task_stays_open,
    both_halves_at_once_close_the_task,
    a_refused_successor_leaves_nothing_in_the_register,
    a_leads_reason_replaces_only_what_is_left,
    an_undone_import_keeps_both_halves_of_an_issued_set,
    a_new_certificate_that_comes_in_elsewhere_moves_the_task_on,
    anothers_certificates_dropped_on_a_task_bring_nothing_in,
    no_reason_makes_anothers_certificate_the_successor,
    what_comes_in_by_one_task_moves_the_other_on,
    the_same_half_dropped_again_changes_nothing,
    a_refused_file_is_named_and_so_is_what_could_not_be_read,
);

fn others(signs: bool) -> Wish {
    Wish {
        signs, name: "ИВАНОВ ИВАН", iin: "851231499000", ..Wish::of(OTHER).until("2026-11-20", "2027-11-20")
    }
}

async fn each_purpose_is_replaced_by_what_can_replace_it_and_the_task_stays_open(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (_, enters, task) = set_in_task(&firm).await;
    let (status, _) = sent(&firm, task, 1, &[later(true)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let scoped = firm.scoped("accountant").await;
    let card = scoped.task_card(task).await.unwrap();
    assert_eq!(card.row.stage, Stage::Planned, "something is still needed");
    assert!(card.events.iter().any(|e| e.what == EventKind::Renewed));
    let text = page(&firm, &format!("/tasks/{task}")).await;
    assert!(text.contains("Ещё нужен новый сертификат для: вход."), "the page says for what");
    let ends = scoped.ends(d("2026-12-01"), d("2026-12-01"), &CalendarFilter::default()).await.unwrap();
    assert_eq!(ends.iter().map(|e| e.certificate).collect::<Vec<_>>(), [enters], "it stays in every list");
    let (status, _) = sent(&firm, task, card.row.revision, &[later(false)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(scoped.task_card(task).await.unwrap().row.stage, Stage::Issued);
    let ends = scoped.ends(d("2026-12-01"), d("2026-12-01"), &CalendarFilter::default()).await.unwrap();
    assert!(ends.is_empty(), "both are replaced");
}

async fn both_halves_at_once_close_the_task(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (.., task) = set_in_task(&firm).await;
    assert_eq!(sent(&firm, task, 1, &[later(false), later(true)]).await.0, StatusCode::SEE_OTHER);
    let card = firm.scoped("accountant").await.task_card(task).await.unwrap();
    assert_eq!(card.row.stage, Stage::Issued);
    assert_eq!(card.successor.unwrap().purposes, [Purpose::Signing], "the task names the one that signs");
}

async fn a_refused_successor_leaves_nothing_in_the_register(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (.., task) = set_in_task(&firm).await;
    let count = async || {
        let scoped = firm.scoped("accountant").await;
        let client = scoped.clients(&ClientFilter::default()).await.unwrap().rows[0].id;
        scoped.certificates_of(client).await.unwrap().len()
    };
    let stranger = Wish { name: "АХМЕТОВ АРМАН", iin: "851231499000", ..later(true) };
    let (status, text) = sent(&firm, task, 1, &[stranger]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("Из файла ничего не сохранено"), "the person is told");
    assert_eq!(count().await, 2, "no second head stands in the register");
    let draft = text.split("/import/").nth(1).unwrap().split('"').next().unwrap();
    let preview = page(&firm, &format!("/import/{draft}")).await;
    assert!(preview.contains("АХМЕТОВ"), "the way to add it apart from the task is open");
    let session = cookie(&firm.store, firm.people["accountant"], today().now).await;
    post(&state(&firm.store), &format!("/import/{draft}"), Some(&session), "").await;
    assert_eq!(count().await, 3, "because somebody asked for it");
    let card = firm.scoped("accountant").await.task_card(task).await.unwrap();
    assert_eq!((card.row.stage, card.row.revision), (Stage::Planned, 1));
}

async fn a_leads_reason_replaces_only_what_is_left(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (signs, enters, task) = set_in_task(&firm).await;
    let right = firm.import("accountant", &later(true)).await.unwrap();
    let lead = firm.scoped("lead").await;
    let scoped = firm.scoped("accountant").await;
    assert_eq!(
        scoped.accept_successor(task, right, "", 1).await.unwrap(),
        Reissued::Part(vec![Purpose::Authentication])
    );
    let stranger = Wish { name: "АХМЕТОВ АРМАН", iin: "851231499000", ..later(false) };
    let other = firm.import("owner", &stranger).await.unwrap();
    assert!(matches!(rule(scoped.accept_successor(task, other, "", 2).await), Rule::Successor(_)));
    assert_eq!(lead.accept_successor(task, other, "новый руководитель", 2).await.unwrap(), Reissued::Whole);
    let next = async |of: CertificateId| lead.certificate_card(of).await.unwrap().successor;
    assert_eq!((next(signs).await, next(enters).await), (Some(right), Some(other)));
    assert_eq!(lead.task_card(task).await.unwrap().successor.unwrap().id, right, "the task names the one that signs");
}

async fn an_undone_import_keeps_both_halves_of_an_issued_set(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (signs, enters, task) = set_in_task(&firm).await;
    assert_eq!(sent(&firm, task, 1, &[later(true), later(false)]).await.0, StatusCode::SEE_OTHER);
    let scoped = firm.scoped("accountant").await;
    let draft = scoped.recent_imports().await.unwrap()[0].draft;
    scoped.undo_import(draft).await.unwrap();
    for old in [signs, enters] {
        assert!(scoped.certificate_card(old).await.unwrap().successor.is_some(), "an issued task keeps what it has");
    }
}

async fn a_new_certificate_that_comes_in_elsewhere_moves_the_task_on(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (.., task) = set_in_task(&firm).await;
    let scoped = firm.scoped("accountant").await;
    firm.certificate(&later(false)).await;
    assert_eq!(scoped.task_card(task).await.unwrap().row.stage, Stage::Planned, "half of it is not there");
    let coming = Wish { ..later(true).until("2026-11-24", "2027-11-24") };
    let next = firm.certificate(&coming).await;
    assert_eq!(scoped.task_card(task).await.unwrap().row.stage, Stage::Planned, "the other half is not valid yet");
    assert_eq!(base.store.settle(today().now).await.unwrap(), 0);
    assert_eq!(base.store.settle(OfficeDay::noon(d("2026-11-24")).now).await.unwrap(), 1, "now it is");
    let card = scoped.task_card(task).await.unwrap();
    assert_eq!((card.row.stage, card.successor.map(|s| s.id)), (Stage::Issued, Some(next)));
    assert!(card.steps.iter().any(|s| s.system), "what follows remains to be done");
    let (client, second) = ("940140000385", Wish::of("940140000385"));
    firm.client(client, Some("accountant")).await;
    let old = firm.certificate(&second).await;
    let task = firm.task(old).await;
    firm.certificate(&second.until("2026-11-20", "2027-11-20")).await;
    assert_eq!(scoped.task_card(task).await.unwrap().row.stage, Stage::Issued, "an import does it at once");
}

async fn anothers_certificates_dropped_on_a_task_bring_nothing_in(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (.., task) = set_in_task(&firm).await;
    let owner = firm.scoped("owner").await;
    let (clients, certificates) = (ClientFilter::default(), async || {
        owner.certificates_of(owner.clients(&ClientFilter::default()).await.unwrap().rows[0].id).await.unwrap().len()
    });
    let before = (owner.clients(&clients).await.unwrap().total, certificates().await);
    let (status, page) = sent(&firm, task, 1, &[later(true), later(false), others(true)]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("сертификаты других владельцев: ИВАНОВ ИВАН"), "{page}");
    assert_eq!((owner.clients(&clients).await.unwrap().total, certificates().await), before, "nothing was taken");
    let (status, _) = sent(&firm, task, 1, &[later(true), later(false)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
}

async fn no_reason_makes_anothers_certificate_the_successor(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (.., task) = set_in_task(&firm).await;
    firm.client(OTHER, Some("accountant")).await;
    let other = firm.certificate(&others(true)).await;
    let refused = firm.scoped("owner").await.accept_successor(task, other, "так надо", 1).await;
    let Rule::Successor(points) = rule(refused) else { panic!("by the rule") };
    assert!(points.contains(&domain::succession::Failure::OtherOwner));
}

async fn what_comes_in_by_one_task_moves_the_other_on(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let (signs, enters) =
        (firm.certificate(&Wish::of(BIN)).await, firm.certificate(&Wish { signs: false, ..Wish::of(BIN) }).await);
    // Each half has a task of its own.
    let (one, two) = (firm.task(signs).await, firm.task(enters).await);
    let accountant = firm.scoped("accountant").await;
    let revision = accountant.task_card(one).await.unwrap().row.revision;
    let (status, page) = sent(&firm, one, revision, &[later(true), later(false)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    assert_eq!(accountant.task_card(two).await.unwrap().row.stage, Stage::Issued, "not an hour later");
}

async fn the_same_half_dropped_again_changes_nothing(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (.., task) = set_in_task(&firm).await;
    let accountant = firm.scoped("accountant").await;
    let half = firm.item(&later(true));
    for n in 1..=2 {
        let draft = accountant.draft(vec![half.clone()]).await.unwrap();
        let revision = accountant.task_card(task).await.unwrap().row.revision;
        let done = accountant.register_successor(task, draft, "", revision).await;
        if n == 1 {
            assert!(matches!(done.unwrap(), Reissued::Part(_)));
        } else {
            assert_eq!(rule(done), Rule::TakenAlready);
        }
    }
    let renewed = accountant.task_card(task).await.unwrap().events;
    assert_eq!(renewed.iter().filter(|e| e.what == EventKind::Renewed).count(), 1);
}

async fn a_refused_file_is_named_and_so_is_what_could_not_be_read(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (.., task) = set_in_task(&firm).await;
    let stranger = Wish { name: "АХМЕТОВ АРМАН", iin: "851231499000", ..later(true) };
    let (status, text) = sent(&firm, task, 1, &[stranger]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("<b>0.cer"), "{text}");
    let unread = [("пустой.cer", b"".as_slice()), ("записка.txt", b"not a certificate at all")];
    let (status, text) = sent_files(&firm, task, 1, &unread).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("пустой.cer: Файл пустой") && text.contains("записка.txt: "), "{text}");
    let foreign = firm.authority.issue(&Wish { name: "АХМЕТОВ АРМАН", iin: "851231499000", ..later(true) });
    let (_, text) = sent_files(&firm, task, 1, &[("чужой.cer", foreign.as_slice()), unread[0]]).await;
    assert!(text.contains("<b>чужой.cer") && text.contains("<b>пустой.cer"), "{text}");
    let good = firm.authority.issue(&later(true));
    let files = [("новый.cer", good.as_slice()), ("скан.pdf", b"%PDF-1.7 x".as_slice()), ("пустой.cer", b"")];
    let (status, text) = sent_files(&firm, task, 1, &files).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    for word in ["Новый сертификат принят", "скан.pdf", "пустой.cer", "Файл пустой"]
    {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert!(!text.contains("новый.cer"));
    let card = firm.scoped("accountant").await.task_card(task).await.unwrap();
    assert!(card.events.iter().any(|e| e.what == EventKind::Renewed), "the good one is taken");
}
