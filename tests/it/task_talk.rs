//! What is said of a task: comments and whom they call, due days and what is said of them.

use crate::board::{BINS, new, three};
use crate::support::{Base, Firm, Wish, ask, cookie, d, get, on_both, post, refusal, state, today};
use axum::body::Body;
use axum::http::StatusCode;
use domain::day::OfficeDay;
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::task::NewTask;

on_both!(
    a_comment_calls_a_colleague_who_finds_it_until_it_is_answered,
    a_comment_sent_again_after_a_lost_answer_stands_once,
    whoever_is_chosen_is_called_though_the_name_goes_on,
    a_day_past_the_end_of_the_key_is_taken_and_said,
    a_new_task_says_that_its_day_is_past_the_end_of_the_key,
    a_day_of_another_year_is_refused_and_an_empty_one_is_named,
    a_day_off_is_taken_and_said,
);

async fn a_comment_calls_a_colleague_who_finds_it_until_it_is_answered(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (_, tasks) = three(&firm).await;
    let (mine, lead) = (firm.scoped("accountant").await, firm.people["lead"]);
    let name = firm.scoped("owner").await.person(lead).await.unwrap().name;
    mine.comment(tasks[0], "посмотрите", Some(lead)).await.unwrap();
    mine.comment(tasks[1], &format!("и это, @{name}: срочно"), None).await.unwrap();
    mine.comment(tasks[2], "никого не зову: a@b.kz", None).await.unwrap();
    let calls = async |who: &str| {
        let calls = firm.scoped(who).await.mentions().await.unwrap();
        calls.iter().map(|m| (m.task, m.text.clone())).collect::<Vec<_>>()
    };
    let expected = [(tasks[1], format!("и это, @{name}: срочно")), (tasks[0], format!("@{name} посмотрите"))];
    assert_eq!(calls("lead").await, expected);
    assert!(calls("accountant").await.is_empty() && calls("owner").await.is_empty());
    let first = firm.scoped("lead").await.mentions().await.unwrap()[0].id;
    assert_eq!(refusal(mine.mention_read(first).await), Refusal::NotFound, "it is the lead's to read");
    firm.scoped("lead").await.mention_read(first).await.unwrap();
    assert_eq!(calls("lead").await.len(), 1);
    firm.scoped("lead").await.comment(tasks[0], "смотрю", None).await.unwrap();
    assert!(calls("lead").await.is_empty(), "an answer is a sign of reading");
    let foreign = firm.people["second"];
    let refused = mine.comment(tasks[0], "посмотрите", Some(foreign)).await;
    assert_eq!(
        refusal(refused),
        Refusal::invalid("call", Rule::NoRight),
        "whoever may not see the client is not called"
    );
    mine.comment(tasks[0], &format!("@{name}-младший и @{name}а: не про вас"), None).await.unwrap();
    assert!(calls("lead").await.is_empty(), "a longer name is another's");
    mine.comment(tasks[0], "@Имя second, гляньте", None).await.unwrap();
    assert!(calls("second").await.is_empty());
}

async fn a_comment_sent_again_after_a_lost_answer_stands_once(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (_, tasks) = three(&firm).await;
    let scoped = firm.scoped("accountant").await;
    let said = async || {
        let card = firm.scoped("owner").await.task_card(tasks[0]).await.unwrap();
        card.events.iter().filter(|e| e.what == domain::task::EventKind::Comment).count()
    };
    scoped.comment(tasks[0], "звонила, ждёт", None).await.unwrap();
    scoped.comment(tasks[0], " звонила, ждёт ", None).await.unwrap();
    assert_eq!(said().await, 1);
    firm.scoped("lead").await.comment(tasks[0], "звонила, ждёт", None).await.unwrap();
    assert_eq!(said().await, 2, "another one may say the same");
    scoped.comment(tasks[0], "звонила, ждёт", None).await.unwrap();
    assert_eq!(said().await, 3, "and so may the first, once somebody else has spoken");
    let later = OfficeDay { now: today().now + chrono::Duration::minutes(11), ..today() };
    firm.scoped_on("accountant", later).await.comment(tasks[0], "звонила, ждёт", None).await.unwrap();
    assert_eq!(said().await, 4, "or later");
}

async fn whoever_is_chosen_is_called_though_the_name_goes_on(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (_, tasks) = three(&firm).await;
    let called = firm.people["accountant"];
    firm.scoped("owner").await.comment(tasks[0], "@Имя accountantның жауабы керек", Some(called)).await.unwrap();
    assert_eq!(firm.scoped("accountant").await.mentions().await.unwrap().len(), 1);
    let nothing = firm.scoped("owner").await.comment(tasks[0], "\u{200b} \u{200b}", None).await;
    assert_eq!(crate::support::rule(nothing), Rule::Required);
}

async fn a_day_past_the_end_of_the_key_is_taken_and_said(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (_, tasks) = three(&firm).await;
    let state = state(&base.store);
    let session = cookie(&base.store, firm.people["accountant"], today().now).await;
    let end = firm.scoped("accountant").await.task_card(tasks[0]).await.unwrap().row.last_day;
    for (day, revision, said) in [(end, 1, "day_moved"), (end + chrono::Duration::days(1), 2, "day_late")] {
        let form = Body::from(format!("due={day}&revision={revision}"));
        let path = format!("/tasks/{}/due", tasks[0]);
        let (status, _, answer) =
            ask(&state, "POST", &path, Some(&session), form, "application/x-www-form-urlencoded").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let to = answer.headers()[axum::http::header::LOCATION].to_str().unwrap();
        assert!(to.contains(said), "{to}");
    }
    let (_, card) = get(&state, &format!("/tasks/{}", tasks[0]), Some(&session)).await;
    assert!(card.contains("после конца ключа"));
    let (after, past) = (end + chrono::Duration::days(1), today().day - chrono::Duration::days(1));
    for (day, said) in [(end, "due_of.2"), (after, "due_of_late.2.2"), (past, "due_of_past.2")] {
        let seen = firm.seen(&tasks[..2]).await;
        let form = format!("task={}&task={}&due={day}", seen[0], seen[1]);
        let to = redirected(&state, "/tasks/due", &session, form).await;
        assert!(to.contains(&format!("done={said}")), "{to}");
    }
}

async fn a_new_task_says_that_its_day_is_past_the_end_of_the_key(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&base.store, firm.people["accountant"], today().now).await;
    let yesterday = today().day - chrono::Duration::days(1);
    for (number, ahead, said) in [(BINS[0], 0, "opened"), (BINS[1], 1, "opened_late"), (BINS[2], 99_999, "opened_past")]
    {
        firm.client(number, Some("accountant")).await;
        let certificate = firm.certificate(&Wish::of(number)).await;
        let end = firm.scoped("accountant").await.certificate_card(certificate).await.unwrap().row.life.last_day();
        let due = if ahead > 1 { yesterday } else { end + chrono::Duration::days(ahead) };
        let form = format!("certificate={certificate}&main={certificate}&reason=planned&route=online&due={due}");
        let to = redirected(&state, "/tasks/new", &session, form).await;
        assert!(to.ends_with(&format!("done={said}")), "{to}");
    }
}

async fn a_day_of_another_year_is_refused_and_an_empty_one_is_named(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (_, tasks) = three(&firm).await;
    let accountant = firm.scoped("accountant").await;
    let seen = firm.seen(&tasks).await;
    let long_past = Refusal::invalid("due", Rule::DayLongPast);
    assert_eq!(refusal(accountant.set_due_of(&seen, d("2025-11-20")).await), long_past);
    assert_eq!(refusal(accountant.set_due(tasks[0], d("1900-01-01"), 1).await), long_past);
    firm.client("000640000279", Some("accountant")).await;
    let free = firm.certificate(&Wish::of("000640000279")).await;
    let new = NewTask { due: d("0206-12-01"), ..new(free, Reason::Planned) };
    assert_eq!(refusal(accountant.open_task(new).await), long_past);
    let (state, session) = (state(&base.store), cookie(&base.store, firm.people["accountant"], today().now).await);
    let (_, page) = post(&state, "/tasks/due", Some(&session), &format!("task={}&due=&back=%2Ftasks", seen[0])).await;
    assert!(page.contains("Срок: заполните это поле."), "{page}");
}

async fn a_day_off_is_taken_and_said(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (_, tasks) = three(&firm).await;
    let (state, session) = (state(&base.store), cookie(&base.store, firm.people["accountant"], today().now).await);
    // 28 November 2026 is a Saturday.
    for (day, revision, said) in [("2026-11-28", 1, "day_off"), ("2026-11-27", 2, "day_moved")] {
        let form = format!("due={day}&revision={revision}");
        let to = redirected(&state, &format!("/tasks/{}/due", tasks[0]), &session, form).await;
        assert!(to.contains(said), "{to}");
    }
    let form = firm.seen(&tasks).await.iter().map(|task| format!("task={task}")).collect::<Vec<_>>().join("&");
    let to = redirected(&state, "/tasks/due", &session, format!("{form}&due=2026-11-28")).await;
    assert!(to.contains("due_of_off.3"), "{to}");
}

/// Where a form that was taken leads.
async fn redirected(
    state: &std::sync::Arc<server::state::AppState>,
    path: &str,
    session: &str,
    form: String,
) -> String {
    let (status, _, answer) =
        ask(state, "POST", path, Some(session), Body::from(form), "application/x-www-form-urlencoded").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    answer.headers()[axum::http::header::LOCATION].to_str().unwrap().to_owned()
}
