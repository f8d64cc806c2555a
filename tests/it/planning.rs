//! Tasks that are opened by themselves: once for each set, for whoever is to do it, on both databases.

use crate::support::{Base, Firm, Wish, cookie, d, get, on_both, planned, post, refusal, rule, state, today};
use domain::day::{OfficeDay, plus};
use domain::id::{CertificateId, TaskId};
use domain::job::JobKind;
use domain::person::Part;
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::task::{Move, Stage, TaskRow, TaskView};

on_both!(
    each_set_gets_one_task_when_its_end_comes_near_and_never_a_second,
    it_goes_to_whoever_is_responsible_else_to_whoever_carries_least,
    what_needs_no_reissue_gets_no_task,
    what_has_just_ended_gets_its_task_as_well,
    it_goes_on_by_itself_when_a_successor_comes_in_elsewhere,
    of_two_processes_one_opens_it,
    the_owner_says_when_and_nobody_else
);

const BIN: &str = "940140000385";
const OTHER: &str = "971240001315";

async fn open_on(base: &Base, day: &str) -> usize {
    base.store.open_planned(OfficeDay::noon(d(day)).now).await.unwrap()
}

async fn tasks(firm: &Firm) -> Vec<TaskRow> {
    firm.scoped("owner").await.tasks(&TaskView::All.into()).await.unwrap().to_vec()
}

async fn ahead(firm: &Firm, days: i64) {
    firm.scoped("owner").await.set_plan_days(Some(days)).await.unwrap();
}

async fn each_set_gets_one_task_when_its_end_comes_near_and_never_a_second(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let signs = firm.certificate(&Wish::of(BIN).until("2026-01-25", "2027-01-25")).await;
    let enters = firm.certificate(&Wish { signs: false, ..Wish::of(BIN).until("2026-01-25", "2027-01-25") }).await;
    assert_eq!(open_on(base, "2027-01-10").await, 0, "nobody has asked for it");
    ahead(&firm, 30).await;
    assert_eq!(open_on(base, "2026-12-25").await, 0, "31 days before");
    assert_eq!((open_on(base, "2026-12-26").await, open_on(base, "2026-12-27").await), (1, 0), "once, for both halves");
    let all = tasks(&firm).await;
    let [task] = &all[..] else { panic!("{all:?}") };
    assert_eq!((task.reason, task.stage, task.clock.due), (Reason::Planned, Stage::Planned, d("2027-01-25")));
    assert_eq!(task.assignee.as_ref().map(|(id, _)| *id), Some(firm.people["accountant"]));
    let owner = firm.scoped("owner").await;
    let mut of: Vec<CertificateId> =
        owner.task_card(task.id).await.unwrap().certificates.iter().map(|c| c.id).collect();
    of.sort();
    let mut want = [signs, enters];
    want.sort();
    assert_eq!(of, want);
    let lines = owner.audit(&Default::default()).await.unwrap().rows;
    let opened = lines.iter().find(|line| line.kind == domain::audit::DeedKind::TaskOpened).unwrap();
    assert!(opened.person.is_empty() && opened.client.is_some(), "the program itself: {opened:?}");
    // Who closes it has decided.
    close(&firm, task.id).await;
    assert_eq!(open_on(base, "2027-01-20").await, 0);
}

async fn close(firm: &Firm, id: TaskId) {
    let card = firm.scoped("owner").await.task_card(id).await.unwrap();
    let to = Move::to(Stage::Cancelled, "не нужен", card.row.revision);
    firm.scoped("owner").await.move_task(id, &to).await.unwrap();
}

async fn it_goes_to_whoever_is_responsible_else_to_whoever_carries_least(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (owner, lead) = (firm.scoped("owner").await, firm.people["lead"]);
    let client = firm.client(BIN, Some("accountant")).await;
    owner.assign(client, firm.assignment("second", Part::Deputy)).await.unwrap();
    firm.certificate(&Wish::of(BIN)).await;
    // Of nobody; the owner carries a task already, the lead of its team none.
    let orphan = firm.client(OTHER, None).await;
    let mut data = crate::support::data(OTHER);
    data.team = Some(firm.team);
    let card = owner.client_card(orphan).await.unwrap();
    owner.change_client(orphan, data, card.revision).await.unwrap();
    let busy = firm.certificate(&Wish { name: "ИВАНОВ ИВАН", iin: "851231499000", ..Wish::of(OTHER) }).await;
    let mut own = planned(busy);
    own.assignee = Some(firm.people["owner"]);
    owner.open_task(own).await.unwrap();
    firm.certificate(&Wish::of(OTHER)).await;
    ahead(&firm, 30).await;
    assert_eq!(base.store.open_planned(today().now).await.unwrap(), 2);
    let of = |all: &[TaskRow], number: &str| {
        let task = all.iter().filter(|t| t.clients.iter().any(|(_, name)| name.contains(number)));
        task.map(|t| t.assignee.as_ref().map(|(id, _)| *id)).collect::<Vec<_>>()
    };
    let all = tasks(&firm).await;
    assert_eq!(of(&all, BIN), [Some(firm.people["accountant"])], "the responsible, not the deputy");
    let mut orphans = of(&all, OTHER);
    orphans.sort();
    let mut want = [Some(firm.people["owner"]), Some(lead)];
    want.sort();
    assert_eq!(orphans, want, "the lead has nothing to do yet");
}

async fn what_needs_no_reissue_gets_no_task(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let client = firm.client(BIN, Some("accountant")).await;
    ahead(&firm, 60).await;
    // Replaced.
    firm.certificate(&Wish::of(BIN)).await;
    firm.import("owner", &Wish::of(BIN).until("2026-11-20", "2027-11-20")).await.unwrap();
    // Its reminders are put off.
    let other = Wish { name: "ИВАНОВ ИВАН", iin: "851231499000", ..Wish::of(BIN) };
    let quiet = firm.certificate(&other).await;
    owner.put_off(quiet, d("2026-11-25"), "владелец в отпуске").await.unwrap();
    // Ended long ago.
    firm.certificate(&Wish {
        name: "АЛИЕВ АЛИ",
        iin: "900101300018",
        ..Wish::of(BIN).until("2025-10-01", "2026-10-01")
    })
    .await;
    assert_eq!(base.store.open_planned(today().now).await.unwrap(), 0);
    owner.archive_client(client, Some(today().day)).await.unwrap();
    assert_eq!(open_on(base, "2026-11-26").await, 0, "the client has left");
    owner.archive_client(client, None).await.unwrap();
    assert_eq!(open_on(base, "2026-11-26").await, 1, "what was put off until the day before");
}

async fn what_has_just_ended_gets_its_task_as_well(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    firm.certificate(&Wish::of(BIN).until("2025-11-20", "2026-11-20")).await;
    ahead(&firm, 30).await;
    assert_eq!(base.store.open_planned(today().now).await.unwrap(), 1);
    assert_eq!(tasks(&firm).await.iter().map(|t| t.reason).collect::<Vec<_>>(), [Reason::Expired]);
}

async fn it_goes_on_by_itself_when_a_successor_comes_in_elsewhere(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    firm.certificate(&Wish::of(BIN)).await;
    ahead(&firm, 30).await;
    assert_eq!(base.store.open_planned(today().now).await.unwrap(), 1);
    firm.import("accountant", &Wish::of(BIN).until("2026-11-21", "2027-11-21")).await.unwrap();
    base.store.settle(today().now).await.unwrap();
    let all = tasks(&firm).await;
    assert_eq!(all.iter().map(|t| t.stage).collect::<Vec<_>>(), [Stage::Issued]);
    assert_eq!(open_on(base, "2026-11-30").await, 0);
}

async fn of_two_processes_one_opens_it(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    firm.certificate(&Wish::of(BIN)).await;
    ahead(&firm, 30).await;
    let other = store::Store::open(&base.url).await.unwrap();
    let (one, two) = tokio::join!(base.store.open_planned(today().now), other.open_planned(today().now));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(tasks(&firm).await.len(), 1);
    other.close().await.unwrap();
}

async fn the_owner_says_when_and_nobody_else(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    assert_eq!(refusal(firm.scoped("lead").await.set_plan_days(Some(30)).await), Refusal::NotAllowed);
    for wrong in [0, -1, 366] {
        assert_eq!(rule(firm.scoped("owner").await.set_plan_days(Some(wrong)).await), Rule::PlanDays);
    }
    let session = cookie(&base.store, firm.people["owner"], today().now).await;
    let (status, page) = post(&state, "/office/plan", Some(&session), "plan=many").await;
    assert!(status.as_u16() == 422 && page.contains("value=\"many\"") && page.contains("от 1 до 365"), "{page}");
    post(&state, "/office/plan", Some(&session), "plan=45").await;
    assert_eq!(base.store.plans_ahead().await.unwrap(), Some(45));
    let (_, page) = get(&state, "/office", Some(&session)).await;
    assert!(page.contains("name=\"plan\"") && page.contains("value=\"45\""), "{page}");
    post(&state, "/office/plan", Some(&session), "plan=").await;
    assert_eq!(base.store.plans_ahead().await.unwrap(), None);
    // Each day and number of days is looked through once.
    let (name, now) = (format!("plan {} 45", plus(today().day, 1)), today().now);
    base.store.plan_job(JobKind::Plan, &name, now).await.unwrap();
    base.store.plan_job(JobKind::Plan, &name, now).await.unwrap();
    assert_eq!(firm.scoped("owner").await.jobs().await.unwrap().len(), 1);
    let (_, page) = get(&state, "/office/jobs", Some(&session)).await;
    assert!(page.contains("Автоматические задачи") && page.contains("23\u{a0}ноя"), "{page}");
}
