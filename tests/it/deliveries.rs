//! Messages that leave the program: to whom, when, once, and what they say, on both databases.

use crate::mail_server::{MailServer, Manner};
use crate::support::{Base, Firm, Wish, cookie, d, get, on_both, post, rule};
use domain::client::Contact;
use domain::day::OfficeDay;
use domain::delivery::{Carried, DeliveryKind, DeliveryState, Wishes};
use domain::mail::{MailServer as Named, Security};
use domain::person::{Lang, Theme};
use domain::reason::Reason;
use domain::refusal::Rule;
use domain::reminder::NoticeKind;
use domain::task::NewTask;
use server::settings::{Cli, Command};
use server::state::AppState;
use std::sync::Arc;
use store::Store;

on_both!(
    a_digest_is_noted_once_a_day_at_the_readers_hour_and_on_office_days_only,
    a_digest_says_what_its_reader_may_see_in_their_language_and_nothing_to_whom_has_nothing,
    what_ends_today_goes_out_at_once_and_its_proof_stands_on_the_certificate,
    a_message_decides_when_it_leaves_whom_it_still_concerns,
    messages_are_chosen_on_the_own_page,
    a_letter_to_the_owner_of_a_key_leaves_from_the_task_and_stays_on_it,
    a_loss_is_told_at_once_to_those_who_work_with_the_key_and_not_to_who_reports_it
);

pub const BIN: &str = "940140000385";
pub const OTHER: &str = "971240001315";
/// A Monday.
pub const DAY: &str = "2026-11-23";

pub fn noon() -> OfficeDay {
    OfficeDay::noon(d(DAY))
}

/// A server of pages and jobs on some day.
pub fn state_of(base: &Base, day: &str) -> Arc<AppState> {
    let folder = std::env::temp_dir().join("merzim-tests-no-key-here");
    let key = base.folder.as_ref().map_or(folder, |f| f.path().to_owned()).join("merzim.key");
    let words = ["merzim", "serve", "--today", day, "--secrets-key-file", key.to_str().unwrap()];
    let Command::Serve(settings) = Cli::read(words).unwrap().command else { panic!("serve") };
    Arc::new(AppState::new(base.store.clone(), &settings))
}

/// The server of the tests, named by the owner.
pub async fn mailing(firm: &Firm, manner: Manner) -> MailServer {
    let server = MailServer::start(manner).await;
    let sender = "merzim@proba.kz".to_owned();
    let named = Named::new("127.0.0.1", server.address.port(), Security::Open, "", sender).unwrap();
    firm.scoped("owner").await.set_mail_server(&named, None).await.unwrap();
    server
}

/// Everybody wants a digest from midnight on, so that the hour of the test does not matter.
pub async fn from_midnight(firm: &Firm) {
    for who in firm.people.keys() {
        firm.scoped(who).await.set_wishes(Wishes { hour: 0, ..Wishes::default() }).await.unwrap();
    }
}

pub async fn states(firm: &Firm) -> Vec<(String, DeliveryState)> {
    let mut all: Vec<_> = firm.scoped("owner").await.deliveries().await.unwrap();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all.into_iter().map(|row| (row.name.replace("Имя ", ""), row.state)).collect()
}

pub async fn take(store: &Store, at: OfficeDay) -> Option<Carried> {
    store.take_delivery(at.now).await.unwrap()
}

async fn a_digest_is_noted_once_a_day_at_the_readers_hour_and_on_office_days_only(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let plan = async |day: &str, hour: u32| base.store.plan_digests(OfficeDay::noon(d(day)), hour).await.unwrap();
    assert_eq!(plan(DAY, 12).await, 0, "no server is named");
    mailing(&firm, Manner::default()).await;
    firm.scoped("second").await.set_wishes(Wishes { hour: 14, ..Wishes::default() }).await.unwrap();
    firm.scoped("lead").await.set_wishes(Wishes { digest: false, ..Wishes::default() }).await.unwrap();
    let wrong = firm.scoped("lead").await.set_wishes(Wishes { hour: 24, ..Wishes::default() }).await;
    assert_eq!(rule(wrong), Rule::Hour);
    firm.scoped("owner").await.set_active(firm.people["observer"], false).await.unwrap();
    assert_eq!(plan(DAY, 8).await, 0, "before everybody's hour");
    assert_eq!((plan(DAY, 9).await, plan(DAY, 9).await), (3, 0), "owner, accountant, west-lead, once");
    assert_eq!((plan(DAY, 14).await, plan(DAY, 23).await), (1, 0), "and who wants it later");
    assert_eq!(plan("2026-11-28", 12).await, 0, "a Saturday");
    let name = ["День".to_owned(), String::new(), String::new()];
    firm.scoped("owner").await.set_day_off(d("2026-11-24"), name).await.unwrap();
    assert_eq!(plan("2026-11-24", 12).await, 0, "a day off");
    let other = Store::open(&base.url).await.unwrap();
    let day = OfficeDay::noon(d("2026-11-25"));
    let (one, two) = tokio::join!(base.store.plan_digests(day, 10), other.plan_digests(day, 10));
    assert_eq!(one.unwrap() + two.unwrap(), 3, "of two processes one notes each");
    other.close().await.unwrap();
}

async fn a_digest_says_what_its_reader_may_see_in_their_language_and_nothing_to_whom_has_nothing(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let post_office = mailing(&firm, Manner::default()).await;
    from_midnight(&firm).await;
    firm.client(BIN, Some("accountant")).await;
    firm.client(OTHER, Some("second")).await;
    firm.certificate(&Wish::of(BIN)).await;
    firm.certificate(&Wish::of(OTHER)).await;
    firm.scoped("second").await.set_taste(Lang::Kk, Theme::System).await.unwrap();
    let later =
        Wish { name: "ИВАНОВ ИВАН", iin: "851231499000", ..Wish::of(BIN).until("2026-01-20", "2027-01-20") };
    firm.certificate(&later).await;
    base.store.remind(noon().now).await.unwrap();
    let state = state_of(base, DAY);
    server::jobs::send(state.clone(), true).await;
    let [mail] = &post_office.to("accountant@example.kz")[..] else { panic!("{:?}", post_office.mails()) };
    assert!(mail.contains("Понедельник, 23 ноября: сводка ЭЦП"), "{mail}");
    assert!(mail.contains("From: =?") || mail.contains("Проба"), "{mail}");
    assert!(mail.contains("Message-ID: <") && mail.contains("@proba.kz>") && mail.contains("auto-generated"), "{mail}");
    assert!(mail.contains("За 30 дней истекает 1 ЭЦП."), "the sentence of today's page: {mail}");
    assert!(mail.contains("Истекают за 30 дней · 1") && mail.contains("Ким О."), "{mail}");
    assert!(mail.contains("Кончаются позже") && mail.contains("Кончается через 58 дней"), "the notice: {mail}");
    assert!(mail.contains(BIN) && !mail.contains(OTHER), "nobody hears of a foreign client: {mail}");
    let [mail] = &post_office.to("second@example.kz")[..] else { panic!("{:?}", post_office.mails()) };
    assert!(mail.contains("ЭЦҚ жиынтығы") && mail.contains(OTHER) && !mail.contains(BIN), "{mail}");
    assert_eq!(post_office.to("observer@example.kz"), Vec::<String>::new());
    let states = states(&firm).await;
    assert!(states.contains(&("observer".into(), DeliveryState::Empty)), "{states:?}");
    assert!(states.contains(&("accountant".into(), DeliveryState::Sent)), "{states:?}");
    let before = post_office.mails().len();
    server::jobs::send(state, true).await;
    assert_eq!(post_office.mails().len(), before, "once a day");
    // The next day's digest does not tell the same notice again, nor one whose certificate was replaced before it left.
    let replaced =
        Wish { name: "АЛИЕВ АЛИ", iin: "900101300018", ..Wish::of(BIN).until("2026-01-21", "2027-01-21") };
    firm.certificate(&replaced).await;
    base.store.remind(noon().now).await.unwrap();
    firm.import("owner", &Wish { ..replaced.clone().until("2026-11-22", "2027-11-22") }).await.unwrap();
    server::jobs::send(state_of(base, "2026-11-24"), true).await;
    let mails = post_office.to("accountant@example.kz");
    assert!(mails.len() == 2 && !mails[1].contains("Кончаются позже"), "{mails:?}");
    assert!(mails[1].contains("За 30 дней истекает 1 ЭЦП."));
}

async fn what_ends_today_goes_out_at_once_and_its_proof_stands_on_the_certificate(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let post_office = mailing(&firm, Manner::default()).await;
    // The digest comes later than this test can be run.
    for who in ["owner", "accountant"] {
        firm.scoped(who).await.set_wishes(Wishes { digest: false, ..Wishes::default() }).await.unwrap();
    }
    let client = firm.client(BIN, Some("accountant")).await;
    let id = firm.certificate(&Wish::of(BIN).until("2025-11-23", DAY)).await;
    let later = firm.certificate(&Wish { name: "ИВАНОВ ИВАН", iin: "851231499000", ..Wish::of(BIN) }).await;
    // At the hour of the server: what was noted at noon does not leave in the morning.
    let state = state_of(base, DAY);
    assert_eq!(base.store.remind(state.clock.now()).await.unwrap(), 2);
    let owner = firm.scoped_on("owner", noon()).await;
    let mail_of =
        async |id| owner.reminders(id).await.unwrap().rungs.last().unwrap().told[0].mail.map(|(state, _)| state);
    assert_eq!(mail_of(id).await, Some(DeliveryState::Waits), "noted with the notice");
    assert_eq!(mail_of(later).await, None, "the other one waits for the digest");
    server::jobs::send(state.clone(), true).await;
    let [mail] = &post_office.to("accountant@example.kz")[..] else { panic!("{:?}", post_office.mails()) };
    assert!(mail.contains("Срочно: ТОО «Клиент 940140000385». Кончается сегодня"), "{mail}");
    assert!(mail.contains(&format!("/certificates/{id}")) && !mail.contains(&later.to_string()), "{mail}");
    assert_eq!(mail_of(id).await, Some(DeliveryState::Sent));
    let session = cookie(&base.store, firm.people["accountant"], state.clock.now()).await;
    let (_, page) = get(&state, &format!("/certificates/{id}"), Some(&session)).await;
    assert!(page.contains("письмо") && page.contains("отправлено"), "{page}");
    let (_, page) = get(&state, "/account", Some(&session)).await;
    assert!(page.contains("Последние письма") && page.contains("Срочное письмо"), "{page}");
    // The proof goes along with everything about the client.
    let session = cookie(&base.store, firm.people["owner"], state.clock.now()).await;
    let proof = crate::support::archive(&state, client, &session).await;
    let line = proof.lines().find(|line| line.contains("в последний день")).unwrap();
    assert!(line.contains("КИМ ОЛЬГА") && line.contains("Имя accountant") && line.contains("отправлено"), "{line}");
}

async fn a_message_decides_when_it_leaves_whom_it_still_concerns(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let post_office = mailing(&firm, Manner::default()).await;
    firm.client(BIN, Some("accountant")).await;
    let two = firm.client(OTHER, Some("second")).await;
    firm.certificate(&Wish::of(BIN).until("2025-11-23", DAY)).await;
    firm.certificate(&Wish::of(OTHER).until("2025-11-23", DAY)).await;
    assert_eq!(base.store.remind(noon().now).await.unwrap(), 2);
    let owner = firm.scoped("owner").await;
    // Of one the successor came in; of the other its accountant no longer works for the client.
    firm.import("owner", &Wish::of(BIN).until("2026-11-22", "2027-11-22")).await.unwrap();
    let part = owner.assignments(two).await.unwrap()[0].id;
    owner.end_assignment(two, part).await.unwrap();
    server::jobs::send(state_of(base, "2026-11-24"), true).await;
    let urgent = async || {
        let all = owner.deliveries().await.unwrap();
        let mut all: Vec<_> = all.into_iter().filter(|row| row.kind == DeliveryKind::Urgent).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all.into_iter().map(|row| row.state).collect::<Vec<_>>()
    };
    assert_eq!(urgent().await, [DeliveryState::Empty, DeliveryState::Empty]);
    assert!(!post_office.mails().iter().any(|(_, mail)| mail.contains("Срочно")));
    // Who has left, and who does not want it, gets nothing.
    firm.certificate(&Wish {
        name: "ИВАНОВ ИВАН",
        iin: "851231499000",
        ..Wish::of(BIN).until("2025-11-25", "2026-11-25")
    })
    .await;
    base.store.remind(OfficeDay::noon(d("2026-11-25")).now).await.unwrap();
    firm.scoped("accountant").await.set_wishes(Wishes { urgent: false, ..Wishes::default() }).await.unwrap();
    while let Some(taken) = take(&base.store, OfficeDay::noon(d("2026-11-25"))).await {
        assert!(taken.kind == DeliveryKind::Digest || taken.person != firm.people["accountant"]);
    }
    assert!(urgent().await.contains(&DeliveryState::Off));
}

async fn messages_are_chosen_on_the_own_page(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = crate::support::state_on(&base.store, DAY);
    let session = cookie(&base.store, firm.people["accountant"], state.clock.now()).await;
    let (status, page) = post(&state, "/account/mail", Some(&session), "digest=on&hour=25").await;
    assert!(
        status.as_u16() == 422 && page.contains("Укажите час: число от 0 до 23.") && page.contains("value=\"25\""),
        "{page}"
    );
    assert_eq!(firm.scoped("accountant").await.wishes().await.unwrap(), Wishes::default(), "a refusal leaves nothing");
    post(&state, "/account/mail", Some(&session), "digest=on&hour=17").await;
    let want = Wishes { digest: true, urgent: false, hour: 17 };
    assert_eq!(firm.scoped("accountant").await.wishes().await.unwrap(), want);
    assert_eq!(firm.scoped("second").await.wishes().await.unwrap(), Wishes::default(), "one's own alone");
}

async fn a_letter_to_the_owner_of_a_key_leaves_from_the_task_and_stays_on_it(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let mut data = crate::support::data(BIN);
    data.contacts = vec![Contact {
        name: "Ким Ольга".into(),
        email: "kim@client.kz".into(),
        lang: "kk".into(),
        ..Contact::default()
    }];
    let client = owner.create_client(data).await.unwrap();
    owner.assign(client, firm.assignment("accountant", domain::person::Part::Responsible)).await.unwrap();
    let id = firm.certificate(&Wish::of(BIN)).await;
    let task = firm.task(id).await;
    let state = state_of(base, DAY);
    let session = cookie(&base.store, firm.people["accountant"], state.clock.now()).await;
    let (at, write) = (format!("/tasks/{task}"), format!("/tasks/{task}/message"));
    let (_, page) = get(&state, &at, Some(&session)).await;
    assert!(!page.contains("Отправить на kim@client.kz"), "no server is named");
    let (status, page) = post(&state, &write, Some(&session), "").await;
    assert!(status.as_u16() == 422 && page.contains("Почтовый сервер не указан"), "{page}");
    let post_office = mailing(&firm, Manner::default()).await;
    let (_, page) = get(&state, &at, Some(&session)).await;
    assert!(page.contains("Отправить на kim@client.kz"), "{page}");
    // Pressed twice at once, and again after the answer was lost.
    let (one, two) = tokio::join!(post(&state, &write, Some(&session), ""), post(&state, &write, Some(&session), ""));
    assert_eq!((one.0.as_u16(), two.0.as_u16()), (303, 303));
    let (_, _, response) = crate::support::ask(
        &state,
        "POST",
        &write,
        Some(&session),
        axum::body::Body::empty(),
        "application/x-www-form-urlencoded",
    )
    .await;
    assert!(response.headers()["location"].to_str().unwrap().contains("written_already"));
    let (_, page) = get(&state, &at, Some(&session)).await;
    assert!(page.contains("Письмо на kim@client.kz") && page.contains("ждёт"), "{page}");
    server::jobs::send(state.clone(), true).await;
    let [mail] = &post_office.to("kim@client.kz")[..] else { panic!("{:?}", post_office.mails()) };
    assert!(mail.contains("Reply-To: Имя accountant <accountant@example.kz>"), "{mail}");
    assert!(mail.contains("Auto-Submitted: no") && mail.contains("Ким Ольга") && mail.contains(BIN), "{mail}");
    assert!(mail.contains("To: Ким Ольга <kim@client.kz>"), "{mail}");
    let (_, page) = get(&state, &at, Some(&session)).await;
    assert!(page.contains("отправлено") && page.contains("И. accountant") || page.contains("А. accountant"), "{page}");
    let all = cookie(&base.store, firm.people["owner"], state.clock.now()).await;
    let proof = crate::support::archive(&state, client, &all).await;
    assert!(proof.lines().any(|line| line.contains("kim@client.kz") && line.contains("отправлено")), "{proof}");
    for (who, want) in [("second", 404), ("observer", 404)] {
        let foreign = cookie(&base.store, firm.people[who], state.clock.now()).await;
        assert_eq!(post(&state, &write, Some(&foreign), "").await.0.as_u16(), want, "{who}");
    }
    let history = owner.audit(&Default::default()).await.unwrap().rows;
    let lines = history.iter().filter(|line| line.kind == domain::audit::DeedKind::OwnerWritten);
    assert_eq!(lines.map(|line| line.client.as_ref().map(|(id, _)| *id)).collect::<Vec<_>>(), [Some(client)]);
}

async fn a_loss_is_told_at_once_to_those_who_work_with_the_key_and_not_to_who_reports_it(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let post_office = mailing(&firm, Manner::default()).await;
    for who in firm.people.keys() {
        firm.scoped(who).await.set_wishes(Wishes { digest: false, ..Wishes::default() }).await.unwrap();
    }
    let state = state_of(base, DAY);
    let now = OfficeDay::at(state.clock.now());
    let client = firm.client(BIN, Some("accountant")).await;
    let deputy = firm.assignment("second", domain::person::Part::Deputy);
    firm.scoped("owner").await.assign(client, deputy).await.unwrap();
    let signs = firm.certificate(&Wish::of(BIN)).await;
    let enters = firm.certificate(&Wish { signs: false, ..Wish::of(BIN) }).await;
    let accountant = firm.scoped_on("accountant", now).await;
    let lost = |certificates| NewTask { certificates, reason: Reason::PasswordLost, ..crate::support::planned(signs) };
    let task = accountant.open_task(lost(vec![signs, enters])).await.unwrap();
    let told = async |who: &str| {
        let all = firm.scoped_on(who, now).await.notices().await.unwrap();
        all.iter().map(|n| (n.kind, n.certificate.id)).collect::<Vec<_>>()
    };
    assert_eq!(told("second").await, [(NoticeKind::Lost, signs)], "once for both halves");
    for who in ["accountant", "owner", "lead", "observer"] {
        assert!(told(who).await.is_empty(), "{who}");
    }
    server::jobs::send(state.clone(), true).await;
    let [mail] = &post_office.to("second@example.kz")[..] else { panic!("{:?}", post_office.mails()) };
    assert!(mail.contains("Срочно: ТОО «Клиент 940140000385». Потерян доступ: пароль утерян"), "{mail}");
    assert_eq!(post_office.mails().len(), 1);
    let session = cookie(&base.store, firm.people["second"], state.clock.now()).await;
    let (_, page) = get(&state, "/notices", Some(&session)).await;
    assert!(page.contains("Потерян доступ: пароль утерян"), "{page}");
    assert!(accountant.task_card(task).await.unwrap().row.reason == Reason::PasswordLost);
    // Of a client with whom nobody else works their lead hears of it.
    firm.client(OTHER, Some("accountant")).await;
    let alone = firm.certificate(&Wish::of(OTHER)).await;
    accountant.open_task(lost(vec![alone])).await.unwrap();
    assert_eq!(told("lead").await, [(NoticeKind::Lost, alone)]);
    assert_eq!(told("second").await.len(), 1);
    // The ladder's own proof does not count it.
    let proof = firm.scoped_on("owner", now).await.reminders(alone).await.unwrap();
    assert!(proof.rungs.iter().all(|rung| rung.told.is_empty()));
}
