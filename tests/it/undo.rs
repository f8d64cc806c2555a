//! Taking back, as properties over random acts: right after an act it restores what was there; what somebody has gone
//! on from stays, and the rest is restored.

use crate::support::{Base, Firm, Wish, on_both, planned};
use domain::id::{CertificateId, ClientId, TaskId, UndoId};
use domain::person::Part;
use domain::task::{Move, Stage, TaskFilter, TaskView};
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;
use store::ScopedStore;

on_both!(taking_back_restores_what_was_there_and_keeps_what_went_on);

const BINS: [&str; 4] = ["971240001315", "940140000385", "020240000555", "941240000193"];
const CASES: usize = 24;

/// An act on several things at once; the bits of `which` choose them.
#[derive(Debug, Clone)]
enum Act {
    Assign { which: u8, to: usize },
    Move { task: usize, to: Stage },
    Open { which: u8 },
    Filing { which: u8 },
    Responsible { which: u8, to: usize },
}

fn acts() -> impl Strategy<Value = Act> {
    use proptest::prelude::*;
    prop_oneof![
        (1u8..16, 0usize..3).prop_map(|(which, to)| Act::Assign { which, to }),
        (0usize..4, prop_oneof![Just(Stage::WaitingOwner), Just(Stage::Filed), Just(Stage::Blocked)])
            .prop_map(|(task, to)| Act::Move { task, to }),
        (1u8..16).prop_map(|which| Act::Open { which }),
        (1u8..16).prop_map(|which| Act::Filing { which }),
        (1u8..16, 0usize..3).prop_map(|(which, to)| Act::Responsible { which, to }),
    ]
}

struct Scene {
    clients: Vec<ClientId>,
    tasks: Vec<TaskId>,
    /// Certificates without a task.
    free: Vec<CertificateId>,
}

const WHO: [&str; 3] = ["owner", "lead", "accountant"];

fn chosen<T: Copy>(which: u8, of: &[T]) -> Vec<T> {
    of.iter().enumerate().filter(|(n, _)| which & (1 << n) != 0).map(|(_, x)| *x).collect()
}

async fn scene(firm: &Firm) -> Scene {
    let owner = firm.scoped("owner").await;
    let mut scene = Scene { clients: vec![], tasks: vec![], free: vec![] };
    for bin in BINS {
        scene.clients.push(firm.client(bin, Some("accountant")).await);
        let worked = firm.certificate(&Wish::of(bin)).await;
        scene.tasks.push(owner.open_task(planned(worked)).await.unwrap());
        scene.free.push(
            firm.certificate(&Wish { iin: "851231499000", ..Wish::of(bin).until("2025-12-20", "2026-12-20") }).await,
        );
    }
    scene
}

/// Everything that the acts change, by thing.
async fn state(scoped: &ScopedStore, scene: &Scene) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for task in scoped.tasks(&TaskFilter::from(TaskView::All)).await.unwrap().iter() {
        let words = format!("{:?} {:?} {:?} {} {:?}", task.stage, task.assignee, task.clock, task.why, task.stuck_at);
        out.insert(format!("task {}", task.id), words);
    }
    for id in &scene.clients {
        let mut codes = scoped.client_card(*id).await.unwrap().data.filings;
        codes.sort();
        out.insert(format!("filings {id}"), codes.join(" "));
        let mut people: Vec<String> = scoped
            .assignments(*id)
            .await
            .unwrap()
            .iter()
            .map(|a| format!("{} {:?} {} {:?}", a.person, a.part, a.from, a.until))
            .collect();
        people.sort();
        out.insert(format!("people {id}"), people.join(", "));
    }
    out
}

/// Does an act; none where it changes nothing that could be taken back.
async fn run(firm: &Firm, scoped: &ScopedStore, scene: &Scene, act: &Act) -> Option<UndoId> {
    match act {
        Act::Assign { which, to } => {
            scoped.assign_tasks(&firm.seen(&chosen(*which, &scene.tasks)).await, Some(firm.people[WHO[*to]])).await.ok()
        }
        Act::Move { task, to } => {
            let row = scoped.task_card(scene.tasks[*task]).await.unwrap().row;
            scoped.move_task(row.id, &Move::to(*to, "почему", row.revision)).await.ok().flatten()
        }
        Act::Open { which } => {
            let new = chosen(*which, &scene.free).into_iter().map(planned).collect();
            scoped.open_tasks(new).await.ok().map(|(_, undo)| undo)
        }
        Act::Filing { which } => scoped.add_filing_to(&chosen(*which, &scene.clients), "200").await.ok(),
        Act::Responsible { which, to } => scoped
            .assign_many(&firm.seen_clients(&chosen(*which, &scene.clients)).await, firm.people[WHO[*to]])
            .await
            .ok()
            .map(|(undo, _)| undo),
    }
}

async fn taking_back_restores_what_was_there_and_keeps_what_went_on(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let scene = scene(&firm).await;
    let (owner, lead) = (firm.scoped("owner").await, firm.scoped("lead").await);
    let mut runner = TestRunner::deterministic();
    let mut undone = 0;
    for _ in 0..CASES {
        let act = acts().new_tree(&mut runner).unwrap().current();
        let before = state(&owner, &scene).await;
        let Some(undo) = run(&firm, &owner, &scene, &act).await else { continue };
        assert_eq!(owner.take_back(undo).await.unwrap(), 0, "{act:?}");
        assert_eq!(state(&owner, &scene).await, before, "{act:?}");
        undone += 1;
        // The same once more, and somebody goes on from one thing of it.
        let undo = run(&firm, &owner, &scene, &act).await.unwrap();
        let after = state(&owner, &scene).await;
        let touched = before.keys().chain(after.keys()).find(|key| before.get(*key) != after.get(*key)).cloned();
        let Some(touched) = touched else { continue };
        let gone_on = go_on(&firm, &lead, &touched).await;
        let then = state(&owner, &scene).await;
        owner.take_back(undo).await.unwrap();
        let now = state(&owner, &scene).await;
        for key in before.keys().chain(after.keys()) {
            let expected = if gone_on && *key == touched { then.get(key) } else { before.get(key) };
            assert_eq!(now.get(key), expected, "{act:?}: {key}, gone on from {touched}");
        }
    }
    assert!(undone > CASES / 2, "{undone} of {CASES} acts could be taken back");
}

/// A colleague goes on from one thing; filings of a client are not guarded so and are left alone.
async fn go_on(firm: &Firm, lead: &ScopedStore, key: &str) -> bool {
    let (kind, id) = key.split_once(' ').unwrap();
    match kind {
        "task" => {
            let id: TaskId = id.parse().unwrap();
            let now = lead.task_card(id).await.unwrap().row.assignee.map(|(person, _)| person);
            let next = if now == Some(firm.people["lead"]) { "accountant" } else { "lead" };
            lead.assign_tasks(&firm.seen(&[id]).await, Some(firm.people[next])).await.is_ok()
        }
        "people" => lead.assign(id.parse().unwrap(), firm.assignment("lead", Part::Observer)).await.is_ok(),
        _ => false,
    }
}
