//! Two people, and two processes, at one moment: nothing is lost, nothing is done twice, nobody waits for nothing.

use crate::support::{Base, Firm, Wish, cookie, d, get, multipart, on_both, post, scoped, state, today};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chrono::Duration;
use domain::audit::{AuditFilter, DeedKind};
use domain::client::ClientFilter;
use domain::id::TaskId;
use domain::person::Part;
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::task::{NewTask, Route};
use http_body_util::BodyExt as _;
use std::time::Instant;
use store::{ScopedStore, Store};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

on_both!(
    pages_open_beside_comments_and_every_comment_stands,
    a_client_has_one_lasting_responsible_however_many_assign_at_once,
    a_spreadsheet_confirmed_twice_at_once_is_registered_once,
    certificates_confirmed_twice_at_once_are_registered_once,
    of_two_who_change_the_same_tasks_at_once_one_is_told,
    what_is_taken_back_twice_at_once_is_taken_back_once,
    guesses_in_two_processes_count_as_in_one,
    two_processes_begin_an_empty_database_together,
    signing_in_keeps_what_is_remembered,
    a_long_list_lets_others_write,
    a_page_far_beyond_the_end_is_empty,
);

const BIN: &str = "971240001315";
/// Numbers with a right check digit.
const MANY: [&str; 6] =
    ["940140000385", "020240000555", "941240000193", "010940000162", "971240001315", "980540000397"];

/// The same database as another process opens it.
async fn another(base: &Base) -> Store {
    Store::open(&base.url).await.unwrap()
}

fn task(certificate: domain::id::CertificateId) -> NewTask {
    NewTask {
        certificates: vec![certificate],
        reason: Reason::Planned,
        route: Route::Online,
        assignee: None,
        due: d("2026-11-24"),
        note: String::new(),
    }
}

async fn a_task(firm: &Firm) -> TaskId {
    firm.client(BIN, Some("accountant")).await;
    let certificate = firm.certificate(&Wish::of(BIN)).await;
    firm.scoped("owner").await.open_task(task(certificate)).await.unwrap()
}

async fn comments(scoped: &ScopedStore, id: TaskId) -> usize {
    let events = scoped.task_card(id).await.unwrap().events;
    events.iter().filter(|e| e.what == domain::task::EventKind::Comment).count()
}

async fn pages_open_beside_comments_and_every_comment_stands(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let id = a_task(&firm).await;
    let mut states = [state(&base.store), state(&another(base).await)].into_iter().cycle();
    // Quiet for more than a minute: when they were last seen is due to be written.
    let quiet = states.next().unwrap().clock.now() - Duration::minutes(5);
    let mut all = JoinSet::new();
    for n in 0..24 {
        let session = cookie(&firm.store, firm.people["owner"], quiet).await;
        let state = states.next().unwrap();
        all.spawn(async move { get(&state, "/clients", Some(&session)).await.0 });
        let (session, state) = (cookie(&firm.store, firm.people["accountant"], quiet).await, states.next().unwrap());
        all.spawn(async move {
            post(&state, &format!("/tasks/{id}/comment"), Some(&session), &format!("text=comment+{n}")).await.0
        });
    }
    let begin = Instant::now();
    let answers = all.join_all().await;
    assert_eq!(answers.iter().filter(|s| **s == StatusCode::OK).count(), 24, "{answers:?}");
    assert_eq!(answers.iter().filter(|s| **s == StatusCode::SEE_OTHER).count(), 24, "{answers:?}");
    assert!(begin.elapsed() < std::time::Duration::from_secs(8), "{:?}", begin.elapsed());
    assert_eq!(comments(&firm.scoped("owner").await, id).await, 24);
}

async fn a_client_has_one_lasting_responsible_however_many_assign_at_once(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let mut clients = Vec::new();
    for number in MANY {
        clients.push(firm.client(number, None).await);
    }
    let stores = [base.store.clone(), another(base).await];
    let mut all = JoinSet::new();
    for n in 0..5 {
        for client in &clients {
            let owner = scoped(&stores[n % 2], firm.people["owner"], today()).await;
            let (client, new) = (*client, firm.assignment(["accountant", "second", "lead"][n % 3], Part::Responsible));
            all.spawn(async move { owner.assign(client, new).await });
        }
    }
    for done in all.join_all().await {
        done.unwrap();
    }
    for client in clients {
        let lasting = firm.scoped("owner").await.assignments(client).await.unwrap();
        let lasting = lasting.iter().filter(|a| a.part == Part::Responsible && a.until.is_none()).count();
        assert_eq!(lasting, 1);
    }
}

const TABLE: &str = "Клиент;БИН;Директор;ЭЦП действует до;Бухгалтер\n\
    ТОО «А»;940140000385;Омаров Ерлан;15.01.2027;accountant@example.kz\n\
    ТОО «Б»;020240000555;Ким Ольга;20.12.2026;\n\
    ТОО «Б»;020240000555;Петров Иван;21.12.2026;\n\
    ТОО «В»;941240000193;Ким Анна;22.12.2026;\n\
    ТОО «Г»;010940000162;Ли Вера;23.12.2026;\n\
    ТОО «Д»;971240001315;Цой Лев;24.12.2026;\n";

async fn a_spreadsheet_confirmed_twice_at_once_is_registered_once(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let states = [state(&base.store), state(&another(base).await)];
    let session = cookie(&firm.store, firm.people["owner"], states[0].clock.now()).await;
    let (body, kind) = multipart("files", "клиенты.csv", TABLE.as_bytes());
    let (_, _, response) = crate::support::ask(&states[0], "POST", "/import/sheet", Some(&session), body, kind).await;
    let page = response.headers()["location"].to_str().unwrap().to_owned();
    let presses = states.iter().map(|state| post(state, &page, Some(&session), ""));
    let answers = futures_util::future::join_all(presses).await;
    assert!(answers.iter().all(|(status, _)| *status == StatusCode::SEE_OTHER), "{answers:?}");
    let owner = firm.scoped("owner").await;
    assert_eq!(owner.clients(&ClientFilter::default()).await.unwrap().total, 5);
    let mut typed = 0;
    for client in owner.clients(&ClientFilter::default()).await.unwrap().rows.clone() {
        typed += owner.certificates_of(client.id).await.unwrap().len();
        assert!(owner.assignments(client.id).await.unwrap().len() <= 1);
    }
    assert_eq!(typed, 6);
}

async fn certificates_confirmed_twice_at_once_are_registered_once(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let items = MANY.iter().map(|bin| firm.item(&Wish::of(bin))).collect();
    let draft = firm.scoped("owner").await.draft(items).await.unwrap();
    let stores = [base.store.clone(), another(base).await];
    let mut all = JoinSet::new();
    for store in &stores {
        let owner = scoped(store, firm.people["owner"], today()).await;
        all.spawn(async move { owner.accept(draft, &Default::default()).await.map(|(outcome, _)| outcome) });
    }
    let outcomes: Vec<_> = all.join_all().await.into_iter().map(|o| o.unwrap()).collect();
    let registered: usize = outcomes.iter().map(|o| o.registered).sum();
    assert_eq!((registered, outcomes.iter().map(|o| o.new_clients).sum::<usize>()), (6, 6), "{outcomes:?}");
    let lines = firm.scoped("owner").await.audit(&AuditFilter::default()).await.unwrap().rows;
    assert_eq!(lines.iter().filter(|l| l.kind == DeedKind::Imported).count(), 1);
}

async fn of_two_who_change_the_same_tasks_at_once_one_is_told(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let seen = firm.seen(&[a_task(&firm).await]).await;
    let mut all = JoinSet::new();
    for (store, due) in [(base.store.clone(), "2026-12-08"), (another(base).await, "2026-12-09")] {
        let (lead, seen) = (scoped(&store, firm.people["owner"], today()).await, seen.clone());
        all.spawn(async move { lead.set_due_of(&seen, due.parse().unwrap()).await });
    }
    let mut done = all.join_all().await;
    done.sort_by_key(Result::is_err);
    assert!(done[0].is_ok(), "{done:?}");
    let told = |e: &store::Error| {
        matches!(e, store::Error::Refused(Refusal::Conflict | Refusal::Invalid { rule: Rule::ChangedOf(_), .. }))
    };
    assert!(done[1].as_ref().is_err_and(told), "{done:?}");
}

async fn what_is_taken_back_twice_at_once_is_taken_back_once(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let id = a_task(&firm).await;
    let undo = firm
        .scoped("owner")
        .await
        .assign_tasks(&firm.seen(&[id]).await, Some(firm.people["accountant"]))
        .await
        .unwrap();
    let mut all = JoinSet::new();
    for store in [base.store.clone(), another(base).await] {
        let owner = scoped(&store, firm.people["owner"], today()).await;
        all.spawn(async move { owner.take_back(undo).await });
    }
    let done = all.join_all().await;
    assert_eq!(done.iter().filter(|d| d.is_ok()).count(), 1, "{done:?}");
    let lines = firm.scoped("owner").await.audit(&AuditFilter::default()).await.unwrap().rows;
    assert_eq!(lines.iter().filter(|l| l.kind == DeedKind::Undone).count(), 1);
    assert!(firm.scoped("owner").await.task_card(id).await.unwrap().row.assignee.is_none());
}

async fn guesses_in_two_processes_count_as_in_one(base: &Base) {
    Firm::new(&base.store).await;
    let states = [state(&base.store), state(&another(base).await)];
    let guess = |n: usize| post(&states[n % 2], "/sign-in", None, "email=owner%40example.kz&password=wrong+guess");
    let answers = futures_util::future::join_all((0..20).map(guess)).await;
    let looked_at = answers.iter().filter(|(status, _)| *status != StatusCode::TOO_MANY_REQUESTS).count();
    assert_eq!(looked_at, 5, "{:?}", answers.iter().map(|(status, _)| *status).collect::<Vec<_>>());
}

async fn two_processes_begin_an_empty_database_together(base: &Base) {
    let stores = [base.store.clone(), another(base).await];
    let states = stores.each_ref().map(state);
    let links = futures_util::future::join_all(states.iter().map(|h| h.start_link())).await;
    let paths: Vec<String> = links.into_iter().map(|l| l.unwrap().split_once("/door/").unwrap().1.to_owned()).collect();
    for (state, token) in states.iter().zip(&paths) {
        assert_eq!(
            get(state, &format!("/door/{token}"), None).await.0,
            StatusCode::OK,
            "each process shows a link that opens"
        );
    }
    let form = "office=%D0%9F%D1%80%D0%BE%D0%B1%D0%B0&lang=ru&zone=Asia%2FAlmaty&name=%D0%90&email=a%40example.kz&password=dlinnaya+fraza+dlya+vhoda&again=dlinnaya+fraza+dlya+vhoda";
    let doors: Vec<String> = paths.iter().map(|token| format!("/door/{token}")).collect();
    let starts = states.iter().zip(&doors).map(|(state, door)| post(state, door, None, form));
    let answers = futures_util::future::join_all(starts).await;
    let begun = answers.iter().filter(|(status, _)| *status == StatusCode::SEE_OTHER).count();
    assert_eq!(begun, 1);
    assert!(base.store.credentials("a@example.kz").await.unwrap().is_some());
}

async fn signing_in_keeps_what_is_remembered(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let before = firm.scoped("owner").await.people().await.unwrap();
    cookie(&firm.store, firm.people["lead"], today().now).await;
    let after = firm.scoped("owner").await.people().await.unwrap();
    assert!(std::sync::Arc::ptr_eq(&before, &after), "the answer is the remembered one");
}

async fn a_long_list_lets_others_write(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let id = a_task(&firm).await;
    let owner = firm.scoped("owner").await;
    let at = domain::day::start_of(d("2026-11-01"));
    let list = domain::revocation::RevocationList {
        issuer: "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)".into(),
        number: "01".into(),
        base: None,
        this_update: at,
        next_update: None,
        entries: (0..30_000)
            .map(|n| domain::revocation::Revoked { serial: format!("{n:X}"), at, reason: None })
            .collect(),
    };
    let reading = tokio::spawn(async move {
        owner.take_list(list, domain::certificate::SignatureCheck::Holds, "long.crl", false).await
    });
    let accountant = firm.scoped("accountant").await;
    let (mut slowest, mut beside) = (std::time::Duration::ZERO, 0);
    while !reading.is_finished() {
        let begin = Instant::now();
        accountant.comment(id, &format!("meanwhile {beside}"), None).await.unwrap();
        slowest = slowest.max(begin.elapsed());
        beside += 1;
    }
    let read = reading.await.unwrap().unwrap();
    assert_eq!(read.entries, 30_000);
    assert!(beside > 3 && slowest < std::time::Duration::from_secs(3), "{beside} comments, the slowest {slowest:?}");
    assert_eq!(comments(&accountant, id).await, beside);
}

async fn a_page_far_beyond_the_end_is_empty(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    for page in [
        "/tasks?form=list&skip=9223372036854775808",
        "/tasks?form=list&skip=18446744073709551615",
        "/old-keys?skip=9223372036854775808",
    ] {
        assert_eq!(get(&state, page, Some(&session)).await.0, StatusCode::OK, "{page}");
    }
}

/// A file as a client gets it that asks for one coding, decoded.
async fn downloaded(
    state: &std::sync::Arc<server::state::AppState>,
    path: &str,
    session: &str,
    coding: &str,
) -> String {
    let request = Request::get(path)
        .header(header::HOST, "127.0.0.1")
        .header(header::ACCEPT_ENCODING, coding)
        .header(header::COOKIE, format!("{}={session}", state.cookie_name()));
    let request = request.body(Body::empty()).unwrap();
    let response = server::http::router(state.clone()).oneshot(request).await.unwrap();
    let coded = response.headers().get(header::CONTENT_ENCODING).map(|c| c.to_str().unwrap().to_owned());
    let bytes = response.into_body().collect().await.expect("a whole file").to_bytes();
    let mut text = String::new();
    let mut read = |mut from: Box<dyn std::io::Read>| from.read_to_string(&mut text).unwrap();
    match coded.as_deref() {
        Some("gzip") => read(Box::new(flate2::read::GzDecoder::new(std::io::Cursor::new(bytes)))),
        Some("br") => read(Box::new(brotli::Decompressor::new(std::io::Cursor::new(bytes), 4096))),
        Some(other) => panic!("{other}"),
        None => read(Box::new(std::io::Cursor::new(bytes))),
    };
    text
}

#[tokio::test]
async fn every_file_is_whole_however_it_is_compressed() {
    let base = Base::sqlite().await;
    let firm = Firm::new(&base.store).await;
    a_task(&firm).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    for path in ["/clients.csv", "/tasks.csv", "/calendar.csv", "/audit.csv", "/staff.csv", "/old-keys.csv"] {
        let plain = downloaded(&state, path, &session, "identity").await;
        assert!(plain.starts_with('\u{feff}') && plain.ends_with("\r\n"), "{path}: {plain:?}");
        for coding in ["gzip", "br", "zstd", "gzip, deflate, br, zstd"] {
            assert_eq!(downloaded(&state, path, &session, coding).await, plain, "{path} as {coding}");
        }
    }
}
