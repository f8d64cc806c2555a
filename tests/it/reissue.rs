//! What a reissue records is so: a certificate replaces what it can replace, a refusal keeps nothing, a proof is the
//! authority's or somebody's own words.

use crate::support::{Base, Firm, Wish, ask, cookie, d, get, on_both, post, rule, state, today};
use axum::body::Body;
use axum::http::StatusCode;
use domain::client::ClientFilter;
use domain::id::{CertificateId, TaskId};
use domain::reason::Reason;
use domain::refusal::Rule;
use domain::task::{
    CONTRACT_ENDED, Check, EventKind, Move, NewTask, Route, Stage, Step, StepFact, StepLine, TaskFilter, TaskView,
    Ticks,
};

on_both!(
    nobody_says_a_proof_of_the_authority_by_hand,
    no_form_of_a_task_chooses_for_the_person,
    a_loss_is_reported_while_a_reissue_is_open_and_turns_the_task,
    a_loss_is_pressing_however_long_the_owner_was_waited_for,
    a_loss_reported_by_mistake_goes_with_the_task,
    a_task_ends_with_every_step_or_a_word_why_without,
    what_happens_to_a_task_ticks_its_steps_and_taking_it_back_clears_them,
    what_is_replaced_or_without_contract_is_not_reissued,
    the_end_of_a_contract_closes_its_tasks_and_its_return_opens_them,
    another_day_stands_in_the_course_of_the_task,
    what_has_ended_is_not_planned_among_many,
);

pub const BIN: &str = "971240001315";

/// A set that signs and authenticates, with a task on both halves.
pub async fn set_in_task(firm: &Firm) -> (CertificateId, CertificateId, TaskId) {
    firm.client(BIN, Some("accountant")).await;
    let signs = firm.certificate(&Wish::of(BIN)).await;
    let enters = firm.certificate(&Wish { signs: false, ..Wish::of(BIN) }).await;
    let new = NewTask {
        certificates: vec![signs, enters],
        reason: Reason::Planned,
        route: Route::Online,
        assignee: Some(firm.people["accountant"]),
        due: d("2026-11-25"),
        note: String::new(),
    };
    let task = firm.scoped("accountant").await.open_task(new).await.unwrap();
    (signs, enters, task)
}

pub fn later(signs: bool) -> Wish {
    Wish { signs, ..Wish::of(BIN).until("2026-11-20", "2027-11-20") }
}

pub async fn sent(firm: &Firm, task: TaskId, revision: i32, wishes: &[Wish]) -> (StatusCode, String) {
    let files: Vec<(String, Vec<u8>)> =
        wishes.iter().enumerate().map(|(n, wish)| (format!("{n}.cer"), firm.authority.issue(wish))).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    sent_files(firm, task, revision, &files).await
}

/// Any files sent to a task, by name.
pub async fn sent_files(firm: &Firm, task: TaskId, revision: i32, files: &[(&str, &[u8])]) -> (StatusCode, String) {
    let state = state(&firm.store);
    let mut body =
        format!("--xx\r\nContent-Disposition: form-data; name=\"revision\"\r\n\r\n{revision}\r\n").into_bytes();
    for (name, bytes) in files {
        let head = format!("--xx\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--xx--\r\n");
    let session = cookie(&firm.store, firm.people["accountant"], today().now).await;
    let path = format!("/tasks/{task}/successor-file");
    let kind = "multipart/form-data; boundary=xx";
    let (status, text, _) = ask(&state, "POST", &path, Some(&session), Body::from(body), kind).await;
    (status, text)
}

pub async fn systems_updated(firm: &Firm, task: TaskId) {
    let scoped = firm.scoped("accountant").await;
    let steps = scoped.task_card(task).await.unwrap().steps;
    let systems: Vec<i32> = steps.iter().filter(|s| s.system).map(|s| s.place).collect();
    scoped.tick_steps(task, &Ticks::of(&systems, &[])).await.unwrap();
    scoped.move_task(task, &Move::to(Stage::SystemsUpdated, "", 2)).await.unwrap();
}

pub async fn page(firm: &Firm, path: &str) -> String {
    let session = cookie(&firm.store, firm.people["accountant"], today().now).await;
    get(&state(&firm.store), path, Some(&session)).await.1
}

async fn nobody_says_a_proof_of_the_authority_by_hand(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (signs, _, task) = set_in_task(&firm).await;
    sent(&firm, task, 1, &[later(false), later(true)]).await;
    let scoped = firm.scoped("accountant").await;
    systems_updated(&firm, task).await;
    let said = |how: Check, note: &'static str| scoped.record_revocation(task, how, note, 3);
    assert_eq!(rule(said(Check::Ocsp, "ответ есть").await), Rule::NoProof);
    assert_eq!(rule(said(Check::Crl, "в списке").await), Rule::NoProof);
    assert_eq!(rule(said(Check::Cabinet, " ").await), Rule::SeenWhere);
    assert_eq!(rule(said(Check::EndedItself, "").await), Rule::NotEnded, "it ends in a week");
    assert_eq!(rule(scoped.check_old_keys(&[signs], Check::Ocsp, "").await), Rule::NoProof);
    let card = scoped.task_card(task).await.unwrap();
    assert_eq!((card.row.stage, card.revocation.is_none()), (Stage::SystemsUpdated, true), "no refusal left anything");
    said(Check::Cabinet, "кабинет НУЦ, 22 ноября: отозван").await.unwrap();
    let (_, how, _, note) = scoped.task_card(task).await.unwrap().revocation.unwrap();
    assert_eq!((how, note.as_str()), (Check::Cabinet, "кабинет НУЦ, 22 ноября: отозван"));
}

async fn no_form_of_a_task_chooses_for_the_person(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (signs, _, task) = set_in_task(&firm).await;
    sent(&firm, task, 1, &[later(false), later(true)]).await;
    systems_updated(&firm, task).await;
    for path in [format!("/tasks/{task}"), format!("/certificates/{signs}"), "/old-keys".to_owned()] {
        let text = page(&firm, &path).await;
        let select = text.split("name=\"how\"").nth(1).unwrap().split("</select>").next().unwrap();
        assert!(select.contains("value=\"\" selected"), "{path}: nothing is chosen\n{select}");
        assert!(!select.contains("ocsp") && !select.contains("crl"), "{path}: only what a person can say");
    }
}

async fn a_loss_is_reported_while_a_reissue_is_open_and_turns_the_task(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (signs, _, task) = set_in_task(&firm).await;
    let session = cookie(&firm.store, firm.people["accountant"], today().now).await;
    let state = state(&firm.store);
    let path = format!("/tasks/new?certificate={signs}&reason=password_lost");
    let (_, _, answer) = ask(&state, "GET", &path, Some(&session), Body::empty(), "text/plain").await;
    assert_eq!(
        answer.headers()["location"],
        format!("/tasks/{task}?loss=password_lost#loss"),
        "the way leads to the open task"
    );
    // A step of the online way is done by then.
    let online = firm.scoped("accountant").await.task_card(task).await.unwrap().steps;
    let templates = firm.scoped("owner").await.step_templates().await.unwrap();
    let only_online =
        |text: &[String; 3]| templates.iter().any(|t| t.line.route == Some(Route::Online) && t.line.text == *text);
    let done = online.iter().find(|s| only_online(&s.text)).expect("a step of the online way");
    firm.scoped("accountant").await.tick_steps(task, &Ticks::of(&[done.place], &[])).await.unwrap();
    let form = |reason: &str| format!("reason={reason}&route=service_centre&revision=1");
    let sent = async |form: String| post(&state, &format!("/tasks/{task}/loss"), Some(&session), &form).await.0;
    assert_eq!(
        sent("route=service_centre&revision=1".into()).await,
        StatusCode::UNPROCESSABLE_ENTITY,
        "nothing chosen"
    );
    assert_eq!(sent(form("planned")).await, StatusCode::UNPROCESSABLE_ENTITY, "that loses nothing");
    assert_eq!(sent(form("password_lost")).await, StatusCode::SEE_OTHER);
    assert_eq!(sent(form("password_lost")).await, StatusCode::UNPROCESSABLE_ENTITY, "reported meanwhile");
    let scoped = firm.scoped("accountant").await;
    let card = scoped.task_card(task).await.unwrap();
    assert_eq!((card.row.reason, card.row.route), (Reason::PasswordLost, Route::ServiceCentre));
    assert_eq!(card.row.clock.due, d("2026-11-24"), "two working days");
    assert!(card.events.iter().any(|e| e.what == EventKind::Lost));
    let left: Vec<&Step> = card.steps.iter().filter(|s| only_online(&s.text)).collect();
    assert_eq!(
        left.iter().map(|s| (&s.text, s.done.is_some())).collect::<Vec<_>>(),
        [(&done.text, true)],
        "what was done stays"
    );
    let fits = |line: &StepLine| {
        line.reason.is_none_or(|r| r == Reason::PasswordLost) && line.route.is_none_or(|r| r == Route::ServiceCentre)
    };
    let wanted: Vec<_> = templates.iter().map(|t| &t.line).filter(|line| fits(line)).map(|line| &line.text).collect();
    let now: Vec<_> = card.steps.iter().map(|s| &s.text).filter(|text| *text != &done.text).collect();
    assert_eq!(now, wanted, "with the steps of a lost password at the service centre");
    let places: std::collections::BTreeSet<i32> = card.steps.iter().map(|s| s.place).collect();
    assert_eq!(places.len(), card.steps.len());
    let late = ClientFilter { urgency: Some(domain::standing::Urgency::Late), ..ClientFilter::default() };
    let later = firm.scoped_on("accountant", domain::day::OfficeDay::at(state.clock.now())).await;
    assert_eq!(later.clients(&late).await.unwrap().total, 1, "it stands as late in every list");
}

async fn a_loss_is_pressing_however_long_the_owner_was_waited_for(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (.., task) = set_in_task(&firm).await;
    firm.scoped("accountant").await.move_task(task, &Move::to(Stage::WaitingOwner, "", 1)).await.unwrap();
    let later = domain::day::OfficeDay::noon(d("2026-12-14"));
    let scoped = firm.scoped_on("accountant", later).await;
    scoped.report_loss(task, Reason::Compromised, Route::Online, 2).await.unwrap();
    let clock = scoped.task_card(task).await.unwrap().row.clock;
    assert_eq!((clock.waited, clock.waiting_since), (0, Some(later.day)), "three weeks of waiting count no more");
    scoped.move_task(task, &Move::to(Stage::Planned, "", 3)).await.unwrap();
    let clock = scoped.task_card(task).await.unwrap().row.clock;
    assert!(clock.counts_to() <= d("2026-12-18"), "{clock:?}");
}

async fn a_loss_reported_by_mistake_goes_with_the_task(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (signs, _, task) = set_in_task(&firm).await;
    let scoped = firm.scoped("accountant").await;
    scoped.report_loss(task, Reason::PasswordLost, Route::Online, 1).await.unwrap();
    let lost = async || scoped.certificate_card(signs).await.unwrap().row.life.lost.is_some();
    assert!(lost().await);
    scoped.move_task(task, &Move::to(Stage::Cancelled, "открыта по ошибке", 2)).await.unwrap();
    assert!(!lost().await);
}

async fn a_task_ends_with_every_step_or_a_word_why_without(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (.., task) = set_in_task(&firm).await;
    sent(&firm, task, 1, &[later(false), later(true)]).await;
    systems_updated(&firm, task).await;
    let scoped = firm.scoped("accountant").await;
    scoped.record_revocation(task, Check::Cabinet, "в кабинете", 3).await.unwrap();
    assert_eq!(rule(scoped.move_task(task, &Move::to(Stage::Done, " ", 4)).await), Rule::StepsOpen);
    let steps = scoped.task_card(task).await.unwrap().steps;
    let text = page(&firm, &format!("/tasks/{task}")).await;
    for step in steps.iter().filter(|s| s.done.is_none()) {
        assert!(text.contains(&step.text[0]), "the page names what is open: {}", step.text[0]);
    }
    let session = cookie(&firm.store, firm.people["accountant"], today().now).await;
    let first = steps.iter().find(|s| s.done.is_none()).unwrap().place;
    let form = format!("to=done&step={first}&revision=4");
    let (status, refused) = post(&state(&firm.store), &format!("/tasks/{task}/move"), Some(&session), &form).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.contains("Отмечены не все шаги"), "it says what is wrong");
    let at = refused.find("id=\"ending\"").unwrap();
    assert!(refused[at..].contains(&format!("value=\"{first}\" checked")), "what was ticked is not lost");
    let after = scoped.task_card(task).await.unwrap();
    assert!(after.steps.iter().any(|s| s.place == first && s.done.is_none()), "a refusal leaves nothing behind");
    let form = format!("to=done&step={first}&revision=4&why=%D0%BD%D0%B5+%D0%BD%D1%83%D0%B6%D0%BD%D0%BE");
    let (status, _) = post(&state(&firm.store), &format!("/tasks/{task}/move"), Some(&session), &form).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let ended = scoped.task_card(task).await.unwrap();
    assert_eq!((ended.row.stage, ended.row.why.as_str()), (Stage::Done, "не нужно"));
    assert!(ended.steps.iter().any(|s| s.place == first && s.done.is_some()), "its tick is written with it");
}

async fn what_happens_to_a_task_ticks_its_steps_and_taking_it_back_clears_them(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (.., task) = set_in_task(&firm).await;
    let scoped = firm.scoped("accountant").await;
    let done = async |fact| {
        let steps = scoped.task_card(task).await.unwrap().steps;
        steps.iter().find(|s| s.fact == Some(fact)).unwrap().done.is_some()
    };
    let undo = scoped.move_task(task, &Move::to(Stage::Filed, "", 1)).await.unwrap().unwrap();
    assert!(done(StepFact::Filed).await, "it is filed");
    scoped.take_back(undo).await.unwrap();
    assert!(!done(StepFact::Filed).await, "it is not filed after all");
    scoped.move_task(task, &Move::to(Stage::Filed, "", 3)).await.unwrap();
    scoped.move_task(task, &Move::to(Stage::WaitingConfirmation, "", 4)).await.unwrap();
    assert!(!done(StepFact::Confirmed).await);
    sent(&firm, task, 5, &[later(false), later(true)]).await;
    assert!(done(StepFact::Confirmed).await, "a new certificate shows the confirmation");
    let systems: Vec<i32> =
        scoped.task_card(task).await.unwrap().steps.iter().filter(|s| s.system).map(|s| s.place).collect();
    let wish = Move { ticks: Ticks::of(&systems, &[]), ..Move::to(Stage::SystemsUpdated, "", 6) };
    scoped.move_task(task, &wish).await.expect("ticks that are sent along count");
    scoped.record_revocation(task, Check::StillValid, "нужен до конца года", 7).await.unwrap();
    assert!(!done(StepFact::OldRevoked).await, "who lets it stay has not revoked it");
}

async fn what_is_replaced_or_without_contract_is_not_reissued(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    let old = firm.certificate(&Wish::of(BIN)).await;
    let next = firm.certificate(&later(true)).await;
    let new = |certificate| NewTask {
        certificates: vec![certificate],
        reason: Reason::Planned,
        route: Route::Online,
        assignee: None,
        due: d("2026-11-25"),
        note: String::new(),
    };
    let scoped = firm.scoped("accountant").await;
    assert_eq!(rule(scoped.open_task(new(old)).await), Rule::AlreadyReplaced);
    firm.scoped("owner").await.archive_client(client, Some(d("2026-11-22"))).await.unwrap();
    assert_eq!(rule(scoped.open_task(new(next)).await), Rule::ContractEnded);
    let text = page(&firm, &format!("/certificates/{next}")).await;
    assert!(!text.contains("/tasks/new"), "and the page does not offer it");
}

async fn the_end_of_a_contract_closes_its_tasks_and_its_return_opens_them(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (signs, _, task) = set_in_task(&firm).await;
    let scoped = firm.scoped("accountant").await;
    scoped.move_task(task, &Move::to(Stage::Filed, "", 1)).await.unwrap();
    let owner = firm.scoped("owner").await;
    let client = owner.certificate_card(signs).await.unwrap().row.clients[0].0;
    owner.archive_client(client, Some(d("2026-11-22"))).await.unwrap();
    assert!(scoped.tasks(&TaskFilter::from(TaskView::All)).await.unwrap().is_empty(), "no list has it");
    let card = scoped.task_card(task).await.unwrap();
    assert_eq!((card.row.stage, card.row.why.as_str()), (Stage::Cancelled, CONTRACT_ENDED));
    assert!(page(&firm, &format!("/tasks/{task}")).await.contains("Договор с клиентом окончен"));
    owner.archive_client(client, None).await.unwrap();
    let card = scoped.task_card(task).await.unwrap();
    assert_eq!((card.row.stage, card.row.why.as_str()), (Stage::Filed, ""), "it goes on where it stood");
    assert_eq!(scoped.tasks(&TaskFilter::from(TaskView::All)).await.unwrap().len(), 1);
    let typed = scoped.move_task(task, &Move::to(Stage::Cancelled, CONTRACT_ENDED, card.row.revision)).await;
    assert_eq!(crate::support::rule(typed), Rule::Unknown, "only the end of a contract says so");
    let far = Ticks { ticked: (0..60_000).collect(), were: (0..60_000).collect() };
    scoped.tick_steps(task, &far).await.expect("however many places are named");
    let last = scoped.move_task(task, &Move::to(Stage::WaitingOwner, "", i32::MAX)).await;
    assert_eq!(crate::support::refusal(last), domain::refusal::Refusal::Conflict, "a revision that nothing can follow");
    let other = firm.client("940140000385", Some("accountant")).await;
    owner.link_certificate(signs, other).await.unwrap();
    let enters = card.certificates.iter().find(|c| c.id != signs).unwrap().id;
    owner.link_certificate(enters, other).await.unwrap();
    owner.archive_client(client, Some(d("2026-11-22"))).await.unwrap();
    assert_eq!(scoped.task_card(task).await.unwrap().row.stage, Stage::Filed, "the other client still needs it");
}

pub const OTHER: &str = "940140000385";

async fn another_day_stands_in_the_course_of_the_task(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (.., task) = set_in_task(&firm).await;
    let accountant = firm.scoped("accountant").await;
    accountant.set_due(task, d("2026-11-28"), 1).await.unwrap();
    accountant.set_agreed(task, Some(today().now), 2).await.unwrap();
    accountant.set_agreed(task, None, 3).await.unwrap();
    accountant.set_due_of(&firm.seen(&[task]).await, d("2026-11-30")).await.unwrap();
    let page = page(&firm, &format!("/tasks/{task}")).await;
    for said in [
        "Срок: 28\u{a0}ноя\u{a0}2026",
        "Условились: 22\u{a0}ноя",
        "Договорённость снята",
        "Срок: 30\u{a0}ноя\u{a0}2026",
    ] {
        assert!(page.contains(said), "{said}");
    }
}

async fn what_has_ended_is_not_planned_among_many(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    firm.client(OTHER, Some("accountant")).await;
    let ending = firm.certificate(&Wish::of(BIN)).await;
    let ended = firm.certificate(&Wish::of(OTHER).until("2025-11-18", "2026-11-18")).await;
    let session = cookie(&firm.store, firm.people["accountant"], today().now).await;
    let form = format!("certificate={ending}&certificate={ended}&reason=planned&route=online&assignee=client");
    let (status, page) = post(&state(&firm.store), "/tasks/many/open", Some(&session), &form).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let accountant = firm.scoped("accountant").await;
    let reason = async |id| {
        let task = accountant.certificate_card(id).await.unwrap().row.task.unwrap().id;
        accountant.task_card(task).await.unwrap().row.reason
    };
    assert_eq!((reason(ending).await, reason(ended).await), (Reason::Planned, Reason::Expired));
}
