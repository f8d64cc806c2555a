//! The morning tells the morning: what ends today and who works on it, one's own tasks, and nothing that ended long ago.

use crate::support::{Base, Firm, Wish, cookie, d, get, on_both, post, rule, state, today};
use domain::certificate::Purpose;
use domain::client::ClientFilter;
use domain::reason::Reason;
use domain::refusal::Rule;
use domain::standing::Urgency;
use domain::task::{NewTask, Route, Stage};

on_both!(
    the_morning_is_complete_without_a_click,
    numbers_count_what_the_rows_show,
    the_way_to_all_leads_to_as_many_as_it_says,
    what_ended_long_ago_is_set_aside_with_a_reason_and_comes_back,
    clients_of_nobody_are_counted_and_listed,
    own_late_tasks_are_counted_whole_beyond_the_rows_that_are_shown,
    within_what_cannot_sign_the_heads_key_comes_first,
    a_list_without_a_line_to_tick_has_as_many_columns_as_its_head,
);

const BIN: &str = "971240001315";
const OTHER: &str = "940140000385";

fn task(certificates: Vec<domain::id::CertificateId>, firm: &Firm, due: &str) -> NewTask {
    NewTask {
        certificates,
        reason: Reason::Planned,
        route: Route::Online,
        assignee: Some(firm.people["accountant"]),
        due: d(due),
        note: String::new(),
    }
}

async fn the_morning_is_complete_without_a_click(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    firm.client(OTHER, Some("accountant")).await;
    let ends_today = firm.certificate(&Wish::of(BIN).until("2025-11-22", "2026-11-22")).await;
    let later = firm.certificate(&Wish::of(OTHER).until("2026-02-01", "2027-02-01")).await;
    let scoped = firm.scoped("accountant").await;
    let first = scoped.open_task(task(vec![ends_today], &firm, "2026-11-30")).await.unwrap();
    let second = scoped.open_task(task(vec![later], &firm, "2026-11-22")).await.unwrap();
    let morning = scoped.morning().await.unwrap();
    let ends: Vec<_> =
        morning.cannot_sign.rows.iter().chain(&morning.breaking.rows).chain(&morning.ending.rows).collect();
    let end = ends.iter().find(|c| c.id == ends_today).expect("what ends today stands there although it has a task");
    let open = end.task.as_ref().unwrap();
    assert_eq!((open.id, open.stage), (first, Stage::Planned));
    assert!(open.assignee.is_some(), "with whoever works on it");
    assert_eq!(morning.mine.rows.iter().map(|t| t.id).collect::<Vec<_>>(), [second], "due today, and one's own");
    let session = cookie(&base.store, firm.people["accountant"], today().now).await;
    let (_, page) = get(&state(&base.store), "/", Some(&session)).await;
    for words in [format!("/tasks/{first}"), format!("/tasks/{second}"), format!("/certificates/{ends_today}")] {
        assert!(page.contains(&words), "{words}: {page}");
    }
}

async fn the_way_to_all_leads_to_as_many_as_it_says(base: &Base) {
    const NAMES: [&str; 12] = ["А", "Б", "В", "Г", "Д", "Е", "Ж", "З", "И", "К", "Л", "М"];
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    for (n, name) in NAMES.into_iter().enumerate() {
        let iin = format!("0209206009{n:02}").leak();
        // Some end within the week, the others within the month; one lasts longer, one has ended.
        let to = ["2026-11-25", "2026-12-10", "2026-12-20"][n % 3];
        let one = Wish { name, iin, ..Wish::of(BIN).until("2025-11-24", to) };
        firm.certificate(&one).await;
        firm.certificate(&Wish { signs: false, ..one }).await;
    }
    for (iin, to) in [("010940000162", "2027-06-01"), ("000640000279", "2026-11-01")] {
        firm.certificate(&Wish { iin, ..Wish::of(BIN).until("2025-10-01", to) }).await;
    }
    let state = state(&base.store);
    let session = cookie(&base.store, firm.people["accountant"], today().now).await;
    let (_, page) = get(&state, "/", Some(&session)).await;
    let way = page.split("href=\"").find(|part| part.starts_with("/calendar/agenda?standing=month")).expect("a way");
    let (href, rest) = way.split_once('"').unwrap();
    assert!(rest.contains(">Все 12<"), "{rest}");
    let (_, list) = get(&state, &href.replace("&amp;", "&"), Some(&session)).await;
    assert!(list.contains("· 12 ЭЦП") && !list.contains("КИМ ОЛЬГА"), "{list}");
}

async fn numbers_count_what_the_rows_show(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let signs = firm.certificate(&Wish::of(BIN)).await;
    firm.certificate(&Wish { signs: false, ..Wish::of(BIN) }).await;
    let scoped = firm.scoped("accountant").await;
    let morning = scoped.morning().await.unwrap();
    let lists = [&morning.cannot_sign, &morning.breaking, &morning.ending];
    assert_eq!(lists.iter().map(|l| l.total).sum::<u64>(), 1, "a set is one");
    let rows: Vec<_> = lists.iter().flat_map(|l| &l.rows).cloned().collect();
    assert_eq!((rows.len(), domain::certificate::in_sets(&rows, today()).len()), (2, 1));
    assert!(rows.iter().any(|row| row.id == signs && row.purposes == [Purpose::Signing]));
    scoped.open_task(NewTask { reason: Reason::PasswordLost, ..task(vec![signs], &firm, "2026-11-24") }).await.unwrap();
    let morning = firm.scoped("accountant").await.morning().await.unwrap();
    assert_eq!(morning.cannot_sign.total, 1, "the half that is lost stands apart");
    assert_eq!(morning.breaking.total + morning.ending.total, 1);
}

async fn what_ended_long_ago_is_set_aside_with_a_reason_and_comes_back(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    let old = firm.certificate(&Wish::of(BIN).until("2018-11-22", "2019-11-22")).await;
    let stranger =
        Wish {
            name: "АХМЕТОВ АРМАН", iin: "851231499000", ..Wish::of(BIN).until("2025-11-24", "2026-11-21")
        };
    let recent = firm.certificate(&stranger).await;
    let scoped = firm.scoped("accountant").await;
    let morning = scoped.morning().await.unwrap();
    let order: Vec<_> = morning.cannot_sign.rows.iter().map(|c| c.id).collect();
    assert_eq!((order, morning.long_ended), (vec![recent, old], 1), "what has just ended comes first");
    assert_eq!(scoped.long_ended().await.unwrap().rows.iter().map(|c| c.id).collect::<Vec<_>>(), [old]);
    assert_eq!(rule(scoped.set_aside(&[old], "  ").await), Rule::Required);
    firm.task(recent).await;
    assert_eq!(rule(scoped.set_aside(&[recent], "не нужен").await), Rule::TaskOpen);
    let running = firm.certificate(&Wish::of(BIN).until("2026-10-01", "2027-10-01")).await;
    assert_eq!(rule(scoped.set_aside(&[running], "не нужен").await), Rule::NotEnded);
    let session = cookie(&base.store, firm.people["accountant"], today().now).await;
    let state = state(&base.store);
    let third = Wish {
        name: "ПРОБА ВТОРАЯ", iin: "900101300126", ..Wish::of(BIN).until("2017-11-22", "2018-11-22")
    };
    let third = firm.certificate(&third).await;
    let form = format!("certificate={third}&why=%D1%83%D0%B2%D0%BE%D0%BB%D0%B5%D0%BD");
    let (status, _) = post(&state, "/aside", Some(&session), &form).await;
    assert_eq!(status, axum::http::StatusCode::SEE_OTHER);
    let scoped = firm.scoped("accountant").await;
    let asides = scoped.set_asides().await.unwrap();
    assert_eq!((asides[0].0.id, asides[0].1.why.as_str()), (third, "уволен"));
    assert_eq!(asides[0].0.urgency(today()), Urgency::Calm);
    let late = ClientFilter { urgency: Some(Urgency::Late), ..ClientFilter::default() };
    assert_eq!(scoped.clients(&late).await.unwrap().rows.iter().map(|c| c.id).collect::<Vec<_>>(), [client]);
    assert!(scoped.morning().await.unwrap().cannot_sign.rows.iter().all(|c| c.id != third));
    let (_, page) = get(&state, "/aside", Some(&session)).await;
    assert!(page.contains("уволен") && page.contains(&format!("/aside/{third}/back")));
    post(&state, &format!("/aside/{third}/back"), Some(&session), "").await;
    let morning = firm.scoped("accountant").await.morning().await.unwrap();
    assert!(morning.cannot_sign.rows.iter().any(|c| c.id == third), "it is back");
    assert_eq!(scoped.set_aside(&[old, third], "уволены").await.unwrap(), 2);
    assert_eq!(scoped.set_aside(&[old, third], "уволены").await.unwrap(), 0, "twice is once");
}

async fn clients_of_nobody_are_counted_and_listed(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let alone = firm.client(OTHER, None).await;
    let owner = firm.scoped("owner").await;
    assert_eq!(owner.morning().await.unwrap().without_responsible, 1);
    let nobody = ClientFilter { unassigned: true, ..ClientFilter::default() };
    assert_eq!(owner.clients(&nobody).await.unwrap().rows.iter().map(|c| c.id).collect::<Vec<_>>(), [alone]);
    let team = ClientFilter { team: Some(firm.team), ..ClientFilter::default() };
    let of_team = owner.clients(&team).await.unwrap();
    assert_eq!(of_team.rows.iter().map(|c| c.id).filter(|id| *id != alone).count(), of_team.rows.len());
    assert!(!of_team.rows.is_empty(), "a client is of the team that works on it");
}

async fn own_late_tasks_are_counted_whole_beyond_the_rows_that_are_shown(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let scoped = firm.scoped("owner").await;
    let sound = |n: u32| (0..10).map(move |check| format!("9712400{n:04}{check}"));
    let numbers = (100..).filter_map(|n| sound(n).find(|bin| domain::sheet::number(bin).is_ok())).take(12);
    for bin in numbers {
        firm.client(&bin, Some("accountant")).await;
        let certificate = firm.certificate(&Wish::of(&bin)).await;
        scoped.open_task(task(vec![certificate], &firm, "2026-11-10")).await.unwrap();
    }
    let morning = firm.scoped("accountant").await.morning().await.unwrap();
    assert_eq!((morning.mine.rows.len(), morning.mine.total, morning.mine_late), (10, 12, 12));
    let session = cookie(&base.store, firm.people["accountant"], today().now).await;
    let (_, page) = get(&state(&base.store), "/", Some(&session)).await;
    assert!(page.contains("просроченных 12"));
}

async fn within_what_cannot_sign_the_heads_key_comes_first(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let clerk =
        Wish {
            name: "АХМЕТОВ АРМАН", iin: "851231499000", role: 4, ..Wish::of(BIN).until("2025-11-24", "2026-11-21")
        };
    let clerk = firm.certificate(&clerk).await;
    let head = firm.certificate(&Wish::of(BIN).until("2025-11-01", "2026-11-10")).await;
    let rows = firm.scoped("accountant").await.morning().await.unwrap().cannot_sign.rows.clone();
    assert_eq!(rows.iter().map(|c| c.id).collect::<Vec<_>>(), [head, clerk]);
    assert_eq!(rows.iter().map(domain::certificate::CertificateRow::place).collect::<Vec<_>>()[0], 0);
}

async fn a_list_without_a_line_to_tick_has_as_many_columns_as_its_head(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let certificate = firm.certificate(&Wish::of(BIN).until("2025-11-24", "2026-11-21")).await;
    let state = state(&base.store);
    let session = cookie(&base.store, firm.people["accountant"], today().now).await;
    let list = async || {
        let (_, page) = get(&state, "/", Some(&session)).await;
        let list = page.split_once("id=\"late\"").unwrap().1.split_once("</table>").unwrap().0.to_owned();
        (list.matches("class=\"c-tk\"").count(), list.matches("<td class=\"tk\"").count())
    };
    assert_eq!(list().await, (1, 2), "the head's box and the line's");
    firm.task(certificate).await;
    assert_eq!(list().await, (0, 0), "nothing to tick, and no place for it");
}
