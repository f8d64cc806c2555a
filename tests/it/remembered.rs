//! What is remembered: never older than a write, in whichever process, and not forgotten by a write to another area.

use crate::support::{Base, Firm, Wish, carrier, d, on_both, scoped, today};
use domain::calendar::CalendarFilter;
use domain::client::ClientFilter;
use domain::custody::NewEntry;
use domain::ground::{GroundKind, NewGround};
use domain::id::{CertificateId, ClientId, TaskId};
use domain::person::{Part, PersonChange, Role};
use domain::task::{Move, Stage, TaskFilter, TaskView, Ticks};
use domain::view::{NewView, Place};
use std::sync::Arc;
use store::{ScopedStore, Store};

on_both!(
    nothing_remembered_is_older_than_a_write_in_any_process,
    work_on_a_task_forgets_no_month,
    whose_reach_changes_sees_it_at_once,
);

const BIN: &str = "971240001315";

/// Everything that is remembered of one person's questions, as text.
async fn all(of: &ScopedStore) -> Vec<(&'static str, String)> {
    let (from, to) = (d("2026-11-01"), d("2027-01-31"));
    let any = CalendarFilter::default();
    let some = ClientFilter { text: "клиент".into(), ..ClientFilter::default() };
    let tasks = TaskFilter::from(TaskView::All);
    vec![
        ("people", format!("{:?}", of.people().await.unwrap())),
        ("narrowings", format!("{:?}", of.narrowings().await.unwrap())),
        ("teams", format!("{:?}", of.teams().await.unwrap())),
        ("loads", format!("{:?}", of.loads().await.unwrap())),
        ("views", format!("{:?}", of.saved_views().await.unwrap())),
        ("days off", format!("{:?}", of.days_off().await.unwrap())),
        ("filings", format!("{:?}", of.filings().await.unwrap())),
        ("clients of filings", format!("{:?}", sorted(&*of.filing_counts(None).await.unwrap()))),
        ("grounds", format!("{:?}", of.grounds_ending(from, to, None).await.unwrap())),
        ("clients", format!("{:?}", of.clients(&ClientFilter::default()).await.unwrap())),
        ("clients by words", format!("{:?}", of.clients(&some).await.unwrap())),
        ("month", format!("{:?}", of.ends_by_day(from, to, &any, 3).await.unwrap())),
        ("counts of days", format!("{:?}", of.day_counts(from, to, &any).await.unwrap())),
        ("due", format!("{:?}", of.tasks_by_day(from, to, &any, 3).await.unwrap())),
        ("agenda", format!("{:?}", of.agenda(from, to, &any, 0, 50).await.unwrap())),
        ("morning", format!("{:?}", of.morning().await.unwrap())),
        ("tasks", format!("{:?}", of.tasks(&tasks).await.unwrap())),
        ("board", format!("{:?}", of.board(&tasks).await.unwrap())),
        ("palette", format!("{:?}", found(of, "клиент").await)),
    ]
}

fn sorted<K: Ord + Clone, V: Clone>(map: &std::collections::HashMap<K, V>) -> Vec<(K, V)> {
    let mut all: Vec<(K, V)> = map.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

async fn found(of: &ScopedStore, words: &str) -> Vec<String> {
    let mut found: Vec<String> = of.find_anything(words).await.unwrap().iter().map(|f| f.href.clone()).collect();
    found.sort();
    found
}

/// A client of the accountant with a certificate and a task.
struct Work {
    client: ClientId,
    certificate: CertificateId,
    task: TaskId,
}

async fn work(firm: &Firm) -> Work {
    let client = firm.client(BIN, Some("accountant")).await;
    let certificate = firm.certificate(&Wish::of(BIN)).await;
    Work { client, certificate, task: firm.task(certificate).await }
}

/// Writes of every area, each under its name.
const WRITES: [&str; 19] = [
    "comment",
    "stage",
    "due day",
    "assignee",
    "step",
    "card",
    "ground",
    "carrier",
    "filing of clients",
    "cover",
    "typed certificate",
    "import",
    "loss",
    "unlinked",
    "day off",
    "filing table",
    "name of staff",
    "view",
    "archive",
];

async fn write(what: &str, firm: &Firm, at: &Work) {
    let by = firm.scoped("owner").await;
    let revision = by.task_card(at.task).await.unwrap().row.revision;
    match what {
        "comment" => assert!(by.comment(at.task, "позвонили", None).await.unwrap()),
        "stage" => drop(by.move_task(at.task, &Move::to(Stage::WaitingOwner, "", revision)).await.unwrap()),
        "due day" => drop(by.set_due(at.task, d("2026-12-02"), revision).await.unwrap()),
        "assignee" => {
            let _ = by.assign_tasks(&firm.seen(&[at.task]).await, Some(firm.people["accountant"])).await.unwrap();
        }
        "step" => by.tick_steps(at.task, &Ticks::of(&[0], &[])).await.unwrap(),
        "card" => {
            let card = by.client_card(at.client).await.unwrap();
            let data = domain::client::ClientData { name: "ТОО «Клиент Иной»".into(), ..card.data };
            by.change_client(at.client, data, card.revision).await.unwrap();
        }
        "ground" => {
            let (scope, note) = Default::default();
            let (number, until) = ("7".into(), Some(d("2026-12-20")));
            let new = NewGround { kind: GroundKind::PowerOfAttorney, certificate: None, number, scope, until, note };
            by.record_ground(at.client, new).await.unwrap();
        }
        "carrier" => {
            let (keeper, back_by) = (Some(firm.people["accountant"]), Some(d("2026-11-24")));
            by.record_custody(at.client, NewEntry { keeper, back_by, ..carrier() }).await.unwrap();
        }
        "filing of clients" => drop(by.add_filing_to(&[at.client], "200").await.unwrap()),
        "cover" => by.assign(at.client, firm.assignment("second", Part::Deputy)).await.unwrap(),
        "typed certificate" => {
            let typed = domain::typed::Typed {
                holder: "АХМЕТОВ АРМАН".into(),
                iin: None,
                role: None,
                purposes: Vec::new(),
                first_day: None,
                last_day: d("2026-12-10"),
            };
            by.type_certificate(at.client, &typed).await.unwrap();
        }
        "import" => {
            let wish = Wish { name: "АХМЕТОВА АЙГЕРІМ", iin: "880214400131", ..Wish::of(BIN) };
            firm.certificate(&wish.until("2026-01-15", "2027-01-15")).await;
        }
        "loss" => {
            let wish = Wish::of(BIN).until("2025-12-02", "2026-12-28");
            let other = firm.certificate(&Wish { role: 2, iin: "880214400131", ..wish }).await;
            let new = domain::task::NewTask {
                certificates: vec![other],
                reason: domain::reason::Reason::PasswordLost,
                route: domain::task::Route::Online,
                assignee: None,
                due: d("2026-11-25"),
                note: String::new(),
            };
            by.open_task(new).await.unwrap();
        }
        "unlinked" => {
            let other = firm.client("940140000385", None).await;
            by.link_certificate(at.certificate, other).await.unwrap();
            by.unlink_certificate(at.certificate, other).await.unwrap();
        }
        "day off" => by.set_day_off(d("2026-12-03"), ["а", "а", "а"].map(String::from)).await.unwrap(),
        "filing table" => {
            let line = by.filings().await.unwrap().iter().find(|f| f.code == "300").unwrap().clone();
            by.set_filing(domain::filing::Filing { day: 3, ..line }).await.unwrap();
        }
        "name of staff" => {
            let lead = by.person(firm.people["lead"]).await.unwrap();
            let to =
                PersonChange { name: "Иная".into(), role: lead.role, team: lead.team, sees_all: lead.sees_all };
            by.change_person(lead.id, to, lead.revision).await.unwrap();
        }
        "view" => {
            let view =
                NewView { place: Place::Clients, name: "в".into(), query: "standing=risk".into(), shared: true };
            by.save_view(view).await.unwrap();
        }
        "archive" => by.archive_client(at.client, None).await.unwrap(),
        other => panic!("{other}"),
    }
}

async fn nothing_remembered_is_older_than_a_write_in_any_process(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let at = work(&firm).await;
    let other = Store::open(&base.url).await.unwrap();
    let mut told_by = std::collections::HashSet::new();
    for what in WRITES {
        for who in ["owner", "accountant"] {
            // Both processes remember all of it.
            for store in [&base.store, &other] {
                all(&scoped(store, firm.people[who], today()).await).await;
            }
        }
        write(what, &firm, &at).await;
        let fresh = Store::open(&base.url).await.unwrap();
        for who in ["owner", "accountant"] {
            let right = all(&scoped(&fresh, firm.people[who], today()).await).await;
            for (process, store) in [("the writer", &base.store), ("another", &other)] {
                let told = all(&scoped(store, firm.people[who], today()).await).await;
                for ((question, told), (_, right)) in told.into_iter().zip(&right) {
                    assert_eq!(&told, right, "{question} of the {who}, in the process of {process}, after: {what}");
                    told_by.insert((question, told));
                }
            }
        }
    }
    for question in ["month", "clients", "tasks", "board", "morning", "grounds", "due", "palette", "people", "views"] {
        let versions = told_by.iter().filter(|(q, _)| *q == question).count();
        assert!(versions > 1, "the writes change nothing of: {question}");
    }
}

async fn work_on_a_task_forgets_no_month(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let at = work(&firm).await;
    let month = async || {
        let of = firm.scoped("accountant").await;
        of.ends_by_day(d("2026-11-01"), d("2026-12-31"), &CalendarFilter::default(), 3).await.unwrap()
    };
    let before = month().await;
    for what in ["comment", "stage", "due day", "assignee", "step"] {
        write(what, &firm, &at).await;
        assert!(Arc::ptr_eq(&before, &month().await), "{what}");
    }
    write("card", &firm, &at).await;
    assert!(!Arc::ptr_eq(&before, &month().await), "the name of a client stands in the month");
}

async fn whose_reach_changes_sees_it_at_once(base: &Base) {
    let firm = Firm::new(&base.store).await;
    work(&firm).await;
    let seen = async || firm.scoped("second").await.clients(&ClientFilter::default()).await.unwrap().rows.len();
    assert_eq!(seen().await, 0);
    let owner = firm.scoped("owner").await;
    let second = owner.person(firm.people["second"]).await.unwrap();
    let to = PersonChange { name: second.name, role: Role::Observer, team: second.team, sees_all: true };
    owner.change_person(second.id, to, second.revision).await.unwrap();
    assert_eq!(seen().await, 1);
}
