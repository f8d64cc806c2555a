//! Reminders: each rung once, to whoever is to be told, silent for a reason that can fall away, on both databases.

use crate::support::{Base, Firm, Wish, cookie, d, get, on_both, post, refusal, rule, state, today};
use chrono::{Duration, NaiveDate};
use domain::day::{OfficeDay, minus, plus};
use domain::id::CertificateId;
use domain::job::{JobKind, JobState, LEASE, TRIES};
use domain::ladder::{Ladder, RungState, Silence};
use domain::person::Part;
use domain::refusal::{Refusal, Rule};
use domain::reminder::Notice;
use store::Tried;

on_both!(
    each_rung_is_told_once_however_often_it_is_looked_for,
    a_server_that_slept_sends_one_reminder_that_says_so,
    a_firm_that_begins_to_be_reminded_is_late_with_nothing,
    a_replaced_certificate_is_silent_and_is_told_of_again_when_its_successor_goes,
    what_is_put_off_is_silent_until_its_day_and_told_of_then,
    a_client_who_left_is_silent_and_told_of_when_back,
    each_half_of_a_set_is_told_of_for_itself_and_both_together_once,
    who_works_on_it_is_told_and_nobody_else_learns_of_it,
    a_changed_ladder_tells_nobody_of_what_is_past,
    a_short_life_has_no_rungs_from_before_it,
    of_two_processes_one_tells,
    reminders_are_read_and_put_off_on_their_pages,
    a_job_is_one_process_at_a_time,
    a_job_that_fails_waits_longer_each_time_and_dies_in_sight
);

const BIN: &str = "940140000385";
const OTHER: &str = "971240001315";

async fn remind(firm: &Firm, day: NaiveDate) -> usize {
    firm.store.remind(OfficeDay::noon(day).now).await.unwrap()
}

async fn told(firm: &Firm, who: &str, day: NaiveDate) -> Vec<Notice> {
    firm.scoped_on(who, OfficeDay::noon(day)).await.notices().await.unwrap().to_vec()
}

/// What became of the rungs, the first rung first.
async fn rungs(firm: &Firm, id: CertificateId, day: NaiveDate) -> Vec<(i64, RungState, Option<Silence>)> {
    let owner = firm.scoped_on("owner", OfficeDay::noon(day)).await;
    owner.reminders(id).await.unwrap().rungs.into_iter().map(|r| (r.days, r.state, r.why)).collect()
}

async fn each_rung_is_told_once_however_often_it_is_looked_for(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let id = firm.certificate(&Wish::of(BIN).until("2026-01-25", "2027-01-25")).await;
    let (end, mut days) = (d("2027-01-25"), Vec::new());
    for ahead in 0..80 {
        let day = plus(today().day, ahead);
        if remind(&firm, day).await > 0 {
            days.push(domain::day::days_between(day, end));
        }
        assert_eq!(remind(&firm, day).await, 0, "told already on {day}");
    }
    assert_eq!(days, [60, 30, 14, 7, 3, 1, 0, -1]);
    let mut left: Vec<(i64, i64)> = told(&firm, "accountant", end).await.iter().map(|n| (n.left, n.late)).collect();
    left.reverse();
    assert_eq!(left, [(60, 0), (30, 0), (14, 0), (7, 0), (3, 0), (1, 0), (0, 0), (-1, 0)]);
    assert!(rungs(&firm, id, end).await.iter().all(|(_, state, _)| *state == RungState::Told));
    let history = firm.scoped("owner").await.audit(&Default::default()).await.unwrap();
    let lines = history.rows.iter().filter(|r| r.kind == domain::audit::DeedKind::Reminded);
    assert_eq!(lines.clone().count(), 8, "a line of history for each");
    assert!(lines.clone().all(|line| line.person.is_empty() && line.about.ends_with("→ Имя accountant")));
}

async fn a_server_that_slept_sends_one_reminder_that_says_so(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let id = firm.certificate(&Wish::of(BIN).until("2026-01-25", "2027-01-25")).await;
    assert_eq!(remind(&firm, d("2026-11-26")).await, 1, "60 days");
    assert_eq!(remind(&firm, d("2027-01-20")).await, 1, "5 days, after a long sleep");
    let all = told(&firm, "accountant", d("2027-01-20")).await;
    assert_eq!(all.iter().map(|n| (n.left, n.late)).collect::<Vec<_>>(), [(5, 2), (60, 0)]);
    let past = |days| (days, RungState::Past, None);
    let want = [(60, RungState::Told, None), past(30), past(14), (7, RungState::Told, None)];
    assert_eq!(rungs(&firm, id, d("2027-01-20")).await, want);
    assert_eq!(remind(&firm, d("2027-02-10")).await, 0, "what ended long ago is the morning's");
}

async fn a_firm_that_begins_to_be_reminded_is_late_with_nothing(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    firm.certificate(&Wish::of(BIN).until("2026-01-25", "2027-01-25")).await;
    // The first look of all: nobody was reminded before, so nothing was missed.
    assert_eq!(remind(&firm, d("2027-01-20")).await, 1);
    let all = told(&firm, "accountant", d("2027-01-20")).await;
    assert_eq!(all.iter().map(|n| (n.left, n.late)).collect::<Vec<_>>(), [(5, 0)]);
    assert_eq!(remind(&firm, d("2027-01-23")).await, 1);
    assert_eq!(told(&firm, "accountant", d("2027-01-23")).await[0].late, 1, "and now one was");
}

async fn a_replaced_certificate_is_silent_and_is_told_of_again_when_its_successor_goes(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let id = firm.certificate(&Wish::of(BIN)).await;
    firm.import("owner", &Wish::of(BIN).until("2026-11-20", "2027-11-20")).await.unwrap();
    assert_eq!(remind(&firm, today().day).await, 0);
    let silent = (14, RungState::Silent, Some(Silence::Replaced));
    assert_eq!(rungs(&firm, id, today().day).await.last(), Some(&silent));
    let owner = firm.scoped("owner").await;
    let last = owner.recent_imports().await.unwrap().iter().map(|import| import.draft).max().unwrap();
    owner.undo_import(last).await.unwrap();
    let tomorrow = plus(today().day, 1);
    assert_eq!((remind(&firm, tomorrow).await, remind(&firm, tomorrow).await), (1, 0), "once");
    let all = told(&firm, "accountant", tomorrow).await;
    assert_eq!(all.iter().map(|n| (n.left, n.again)).collect::<Vec<_>>(), [(8, Some(Silence::Replaced))]);
}

async fn what_is_put_off_is_silent_until_its_day_and_told_of_then(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let id = firm.certificate(&Wish::of(BIN)).await;
    let accountant = firm.scoped("accountant").await;
    let until = d("2026-11-25");
    assert_eq!(rule(accountant.put_off(id, until, " ").await), Rule::Required);
    for wrong in [d("2026-11-21"), d("2026-12-02")] {
        assert_eq!(rule(accountant.put_off(id, wrong, "владелец в отпуске").await), Rule::PutOffDay);
    }
    assert_eq!(refusal(firm.scoped("observer").await.put_off(id, until, "x").await), Refusal::NotFound);
    accountant.put_off(id, until, "владелец в отпуске").await.unwrap();
    assert_eq!(remind(&firm, today().day).await, 0);
    assert_eq!(remind(&firm, d("2026-11-25")).await, 0, "the day itself is still quiet");
    let silent = (7, RungState::Silent, Some(Silence::PutOff));
    assert_eq!(rungs(&firm, id, d("2026-11-25")).await.last(), Some(&silent));
    assert_eq!(remind(&firm, d("2026-11-26")).await, 1);
    let all = told(&firm, "accountant", d("2026-11-26")).await;
    assert_eq!(all.iter().map(|n| (n.left, n.again)).collect::<Vec<_>>(), [(5, Some(Silence::PutOff))]);
    accountant.put_off(id, d("2026-12-01"), "ещё неделя").await.unwrap();
    accountant.end_put_off(id).await.unwrap();
    assert_eq!(remind(&firm, d("2026-11-28")).await, 1, "3 days");
}

async fn a_client_who_left_is_silent_and_told_of_when_back(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    let id = firm.certificate(&Wish::of(BIN)).await;
    let owner = firm.scoped("owner").await;
    owner.archive_client(client, Some(today().day)).await.unwrap();
    assert_eq!(remind(&firm, today().day).await, 0);
    let silent = (14, RungState::Silent, Some(Silence::NoClient));
    assert_eq!(rungs(&firm, id, today().day).await.last(), Some(&silent));
    owner.archive_client(client, None).await.unwrap();
    assert_eq!(remind(&firm, today().day).await, 1);
}

async fn each_half_of_a_set_is_told_of_for_itself_and_both_together_once(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let signs = firm.certificate(&Wish::of(BIN)).await;
    let enters = firm.certificate(&Wish { signs: false, ..Wish::of(BIN) }).await;
    assert_eq!(remind(&firm, today().day).await, 1, "a set is told of once");
    let all = told(&firm, "accountant", today().day).await;
    assert_eq!(all.iter().map(|n| n.certificate.id).collect::<Vec<_>>(), [signs]);
    let later = firm.item(&Wish { signs: false, ..Wish::of(BIN).until("2026-11-20", "2027-11-20") });
    let owner = firm.scoped("owner").await;
    let draft = owner.draft(vec![later]).await.unwrap();
    owner.accept(draft, &Default::default()).await.unwrap();
    assert_eq!(remind(&firm, d("2026-11-24")).await, 1, "what signs has no successor");
    assert_eq!(rungs(&firm, signs, d("2026-11-24")).await.last().map(|r| r.1), Some(RungState::Told));
    let silent = (7, RungState::Silent, Some(Silence::Replaced));
    assert_eq!(rungs(&firm, enters, d("2026-11-24")).await.last(), Some(&silent));
}

async fn who_works_on_it_is_told_and_nobody_else_learns_of_it(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    // One client has a responsible, a deputy and an observer; of the other nobody takes care.
    let client = firm.client(BIN, Some("accountant")).await;
    owner.assign(client, firm.assignment("second", Part::Deputy)).await.unwrap();
    owner.assign(client, firm.assignment("observer", Part::Observer)).await.unwrap();
    firm.certificate(&Wish::of(BIN)).await;
    firm.client(OTHER, None).await;
    firm.certificate(&Wish::of(OTHER)).await;
    assert_eq!(remind(&firm, today().day).await, 2);
    for (who, want) in [
        ("accountant", vec![false]),
        ("second", vec![false]),
        ("observer", vec![]),
        ("lead", vec![]),
        ("owner", vec![true]),
    ] {
        let all = told(&firm, who, today().day).await;
        assert_eq!(all.iter().map(|n| n.instead).collect::<Vec<_>>(), want, "{who}");
        assert_eq!(firm.scoped(who).await.unread().await.unwrap(), want.len() as u64, "{who}");
    }
    // Somebody else's is not there.
    let own = told(&firm, "accountant", today().day).await[0].id;
    assert_eq!(refusal(firm.scoped("second").await.notices_read(&[own]).await), Refusal::NotFound);
    // Who no longer sees the client sees nothing of it, and is not told.
    let id =
        owner.assignments(client).await.unwrap().iter().find(|a| a.person == firm.people["accountant"]).unwrap().id;
    owner.end_assignment(client, id).await.unwrap();
    let tomorrow = plus(today().day, 1);
    assert!(told(&firm, "accountant", tomorrow).await.is_empty());
    assert_eq!(firm.scoped_on("accountant", OfficeDay::noon(tomorrow)).await.unread().await.unwrap(), 0);
    assert_eq!(
        refusal(firm.scoped_on("accountant", OfficeDay::noon(tomorrow)).await.notices_read(&[own]).await),
        Refusal::NotFound
    );
    assert_eq!(remind(&firm, d("2026-11-24")).await, 2, "7 days");
    assert_eq!(told(&firm, "second", d("2026-11-24")).await.len(), 2);
    // Who has left is told nothing; then it is for the owner.
    owner.set_active(firm.people["second"], false).await.unwrap();
    assert_eq!(remind(&firm, d("2026-11-28")).await, 2);
    let last = told(&firm, "owner", d("2026-11-28")).await;
    assert_eq!(last.iter().filter(|n| n.left == 3 && n.instead).count(), 2);
}

async fn a_changed_ladder_tells_nobody_of_what_is_past(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let id = firm.certificate(&Wish::of(BIN).until("2026-01-01", "2027-01-01")).await;
    assert_eq!(remind(&firm, today().day).await, 1, "40 days are left, 60 is told of");
    let ladder = Ladder::parse("90, 45, 10, 5").unwrap();
    assert_eq!(refusal(firm.scoped("lead").await.set_ladder(&ladder).await), Refusal::NotAllowed);
    let owner = firm.scoped("owner").await;
    owner.set_ladder(&ladder).await.unwrap();
    assert_eq!(owner.ladder().await.unwrap(), ladder);
    assert_eq!(remind(&firm, today().day).await, 0, "45 was past when it came in");
    assert_eq!(rungs(&firm, id, today().day).await, [(60, RungState::Told, None), (45, RungState::Past, None)]);
    assert_eq!(remind(&firm, minus(d("2027-01-01"), 10)).await, 1);
    // What nobody was told of yet is told of by the new ladder.
    firm.certificate(&Wish {
        name: "ИВАНОВ ИВАН",
        iin: "851231499000",
        ..Wish::of(BIN).until("2026-01-05", "2027-01-05")
    })
    .await;
    owner.set_ladder(&Ladder::parse("50, 10").unwrap()).await.unwrap();
    assert_eq!(remind(&firm, today().day).await, 1);
}

async fn a_short_life_has_no_rungs_from_before_it(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let id = firm.certificate(&Wish::of(BIN).until("2026-11-21", "2026-11-27")).await;
    assert_eq!(remind(&firm, today().day).await, 0, "7 days before the end it was not yet issued");
    assert_eq!(rungs(&firm, id, today().day).await.last(), Some(&(7, RungState::Past, None)));
    assert_eq!(remind(&firm, d("2026-11-24")).await, 1, "3 days");
}

async fn of_two_processes_one_tells(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    firm.certificate(&Wish::of(BIN)).await;
    let other = store::Store::open(&base.url).await.unwrap();
    let now = today().now;
    let (one, two) = tokio::join!(base.store.remind(now), other.remind(now));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(told(&firm, "accountant", today().day).await.len(), 1);
    other.close().await.unwrap();
}

async fn reminders_are_read_and_put_off_on_their_pages(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let id = firm.certificate(&Wish::of(BIN)).await;
    remind(&firm, today().day).await;
    let state = state(&base.store);
    let session = cookie(&base.store, firm.people["accountant"], today().now).await;
    let (_, page) = get(&state, "/", Some(&session)).await;
    assert!(page.contains("1 непрочитанное напоминание"), "the bell tells it");
    let (_, page) = get(&state, "/notices", Some(&session)).await;
    assert!(page.contains("Кончается через 9 дней") && page.contains("Прочитано"), "{page}");
    let notice = told(&firm, "accountant", today().day).await[0].id;
    post(&state, "/notices/read", Some(&session), &format!("notice={notice}")).await;
    let (_, page) = get(&state, "/", Some(&session)).await;
    assert!(!page.contains("непрочитанное"));
    let (_, page) = get(&state, &format!("/certificates/{id}"), Some(&session)).await;
    assert!(page.contains("за 14 дней") && page.contains("А. accountant") || page.contains("И. accountant"), "{page}");
    let address = format!("/certificates/{id}/put-off");
    let (status, page) = post(&state, &address, Some(&session), "until=2027-01-01&why=%D0%B6%D0%B4%D1%91%D0%BC").await;
    assert_eq!(status.as_u16(), 422);
    assert!(page.contains("до последнего дня сертификата") && page.contains("ждём"), "what was typed stays");
    post(&state, &address, Some(&session), "until=2026-11-30&why=%D0%B6%D0%B4%D1%91%D0%BC").await;
    let (_, page) = get(&state, &format!("/certificates/{id}"), Some(&session)).await;
    assert!(page.contains("Отложены до 30\u{a0}ноя: ждём"), "{page}");
    let owner = cookie(&base.store, firm.people["owner"], today().now).await;
    let (status, page) = post(&state, "/office/ladder", Some(&owner), "ladder=400").await;
    assert_eq!(status.as_u16(), 422);
    assert!(page.contains("от 1 до 12 разных дней") && page.contains("value=\"400\""));
    post(&state, "/office/ladder", Some(&owner), "ladder=30+7").await;
    let (_, page) = get(&state, "/office", Some(&owner)).await;
    assert!(page.contains("value=\"30, 7\""));
}

async fn a_job_is_one_process_at_a_time(base: &Base) {
    Firm::new(&base.store).await;
    let (store, now) = (&base.store, today().now);
    let other = store::Store::open(&base.url).await.unwrap();
    let (one, two) =
        tokio::join!(store.plan_job(JobKind::Remind, "a day", now), other.plan_job(JobKind::Remind, "a day", now));
    one.and(two).unwrap();
    let (one, two) = tokio::join!(store.claim_job(now), other.claim_job(now));
    let claims: Vec<_> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
    let [first] = &claims[..] else { panic!("{claims:?}") };
    // A process that sleeps through its lease finds that another one has the job.
    let later = now + LEASE + Duration::seconds(1);
    let second = other.claim_job(later).await.unwrap().expect("the lease is over");
    assert!(!store.end_job(first, &Tried::Done, later).await.unwrap(), "its turn is over");
    assert!(!store.end_job(first, &Tried::Failed("late".into(), 0.0), later).await.unwrap());
    assert!(other.end_job(&second, &Tried::Done, later).await.unwrap());
    assert!(!other.end_job(&second, &Tried::Done, later).await.unwrap(), "once");
    assert!(store.claim_job(later + Duration::days(1)).await.unwrap().is_none());
    other.close().await.unwrap();
}

async fn a_job_that_fails_waits_longer_each_time_and_dies_in_sight(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (store, mut now) = (&base.store, today().now);
    store.plan_job(JobKind::Remind, "a day", now).await.unwrap();
    for n in 1..=TRIES {
        let claim = store.claim_job(now).await.unwrap().unwrap_or_else(|| panic!("try {n}"));
        assert!(store.end_job(&claim, &Tried::Failed("no room on the disk".into(), 0.0), now).await.unwrap());
        assert!(store.claim_job(now).await.unwrap().is_none(), "not at once");
        now += Duration::seconds(3_600);
    }
    assert!(store.claim_job(now + Duration::days(9)).await.unwrap().is_none(), "dead");
    let owner = firm.scoped("owner").await;
    let jobs = owner.jobs().await.unwrap();
    assert_eq!((jobs[0].state, jobs[0].tries, jobs[0].fault.as_str()), (JobState::Dead, TRIES, "no room on the disk"));
    assert_eq!(refusal(firm.scoped("lead").await.jobs().await), Refusal::NotAllowed);
    assert_eq!(refusal(firm.scoped("lead").await.job_again(jobs[0].id).await), Refusal::NotAllowed);
    owner.job_again(jobs[0].id).await.unwrap();
    assert_eq!(refusal(owner.job_again(jobs[0].id).await), Refusal::Conflict);
    assert_eq!(store.claim_job(now).await.unwrap().map(|c| c.tries), Some(1));
}
