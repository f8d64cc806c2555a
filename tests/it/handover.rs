//! Handing over, and sharing out by load.

use crate::support::{Base, Firm, Wish, carrier, cookie, d, on_both, post, state, today};
use domain::audit::{AuditFilter, DeedKind};
use domain::client::{ClientFilter, NewAssignment};
use domain::custody::NewEntry;
use domain::day::OfficeDay;
use domain::handover::Handover;
use domain::id::{ClientId, TaskId};
use domain::person::Part;
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::task::{NewTask, Route, TaskFilter, TaskView};
use std::collections::HashMap;
use store::Error;

on_both!(
    whoever_leaves_passes_clients_tasks_and_carriers_and_is_out_at_once,
    cover_ends_by_itself_and_takes_nothing_away,
    cover_that_passes_stays_cover_and_nobody_gets_what_was_not_offered,
    a_lead_hands_over_inside_the_team_only_and_no_client_is_left_out,
    cover_is_seen_by_both_and_ends_early_with_its_tasks,
    tasks_of_a_cover_come_back_by_themselves,
    a_cover_twice_is_one_and_a_chain_of_covers_leads_back,
    a_lead_is_not_proposed_everything,
    a_task_never_belongs_to_somebody_who_does_not_see_it,
    tasks_go_only_to_those_who_may_have_them_and_come_back,
    who_is_shut_out_leaves_no_task_and_no_client_hidden_with_them,
    of_two_who_hand_over_for_one_who_leaves_the_second_is_told,
    what_is_shared_out_is_read_whole_or_not_at_all,
    tasks_of_an_assignment_that_has_ended_by_its_date_are_free,
    whoever_is_away_is_proposed_nothing,
    a_load_that_is_seen_in_part_says_so,
    all_is_proposed_to_one_and_what_they_may_not_have_stays_with_others,
);

const BINS: [&str; 2] = ["971240001315", "940140000385"];

/// Clients of the accountant, with a task of the accountant each, and a carrier of one.
pub async fn work(firm: &Firm) -> Vec<(ClientId, TaskId)> {
    let mut out = Vec::new();
    for bin in BINS {
        let client = firm.client(bin, Some("accountant")).await;
        let certificate = firm.certificate(&Wish::of(bin)).await;
        let new = NewTask {
            certificates: vec![certificate],
            reason: Reason::Planned,
            route: Route::Online,
            assignee: Some(firm.people["accountant"]),
            due: d("2026-11-24"),
            note: String::new(),
        };
        out.push((client, firm.scoped("owner").await.open_task(new).await.unwrap()));
    }
    let keeper = Some(firm.people["accountant"]);
    let entry = NewEntry { label: "··4471".into(), to_whom: "сейф".into(), keeper, ..carrier() };
    firm.scoped("accountant").await.record_custody(out[0].0, entry).await.unwrap();
    out
}

fn all_to(work: &[(ClientId, TaskId)], firm: &Firm, who: &str, until: Option<&str>) -> Handover {
    Handover { clients: work.iter().map(|(c, _)| (*c, firm.people[who])).collect(), until: until.map(d) }
}

async fn whoever_leaves_passes_clients_tasks_and_carriers_and_is_out_at_once(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let (state, owner) = (state(&base.store), firm.scoped("owner").await);
    let session = cookie(&firm.store, firm.people["accountant"], state.clock.now()).await;
    let plan = owner.handover_plan(firm.people["accountant"]).await.unwrap();
    assert_eq!((plan.clients.len(), plan.tasks, plan.carriers), (2, 2, 1));
    assert!(plan.clients.iter().all(|c| c.to == Some(firm.people["lead"])), "the only colleague of the team");
    owner.hand_over(firm.people["accountant"], all_to(&work, &firm, "second", None)).await.unwrap();
    let (_, page) = crate::support::get(&state, "/clients", Some(&session)).await;
    assert!(!page.contains("Клиент 9"), "the session has ended");
    let second = firm.scoped("second").await;
    let mine = second.tasks(&TaskFilter::from(TaskView::Mine)).await.unwrap();
    assert_eq!(mine.len(), 2);
    for (client, _) in &work {
        let names = second.assignments(*client).await.unwrap();
        assert_eq!(
            names.iter().filter(|a| a.holds(today())).map(|a| (a.person, a.part)).collect::<Vec<_>>(),
            [(firm.people["second"], Part::Responsible)]
        );
    }
    let carrier = second.carriers_with_us().await.unwrap().remove(0);
    assert_eq!(
        (carrier.said.keeper, carrier.said.back_by),
        (Some(firm.people["second"]), Some(d("2026-11-24"))),
        "two working days"
    );
    assert_eq!(second.custody(work[0].0).await.unwrap().len(), 2, "the journal has grown");
    let said = owner.audit(&AuditFilter { kind: Some(DeedKind::HandedOver), ..AuditFilter::default() }).await.unwrap();
    assert_eq!(said.rows.len(), 3, "one line for the person, one for each client");
    assert!(owner.people().await.unwrap().iter().any(|p| p.id == firm.people["accountant"] && !p.active));
    assert!(matches!(owner.handover_plan(firm.people["accountant"]).await.unwrap().clients.len(), 0));
}

async fn cover_ends_by_itself_and_takes_nothing_away(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    firm.scoped("owner")
        .await
        .hand_over(firm.people["accountant"], all_to(&work, &firm, "second", Some("2026-12-05")))
        .await
        .unwrap();
    let sees = |who: &'static str, day: &'static str| {
        let firm = &firm;
        async move { firm.scoped_on(who, OfficeDay::noon(d(day))).await.client_choices(500).await.unwrap().len() }
    };
    assert_eq!((sees("accountant", "2026-11-23").await, sees("second", "2026-12-05").await), (2, 2));
    assert_eq!((sees("accountant", "2026-12-06").await, sees("second", "2026-12-06").await), (2, 0));
    let past = firm
        .scoped("owner")
        .await
        .hand_over(firm.people["accountant"], all_to(&work, &firm, "second", Some("2026-11-01")))
        .await;
    assert!(matches!(past, Err(Error::Refused(Refusal::Invalid { field: "until", .. }))));
}

async fn cover_that_passes_stays_cover_and_nobody_gets_what_was_not_offered(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let owner = firm.scoped("owner").await;
    owner.hand_over(firm.people["accountant"], all_to(&work, &firm, "lead", Some("2026-12-05"))).await.unwrap();
    let foreign = firm.client("020240000555", Some("second")).await;
    let mut how = all_to(&work, &firm, "west-lead", None);
    owner.hand_over(firm.people["lead"], how.clone()).await.unwrap();
    how.clients.insert(foreign, firm.people["west-lead"]);
    let not_offered = firm.scoped("owner").await.hand_over(firm.people["lead"], how).await;
    assert!(matches!(not_offered, Err(Error::Refused(Refusal::Conflict))), "{not_offered:?}");
    let of = |client: ClientId, day: &'static str| {
        let firm = &firm;
        async move {
            let today = OfficeDay::noon(d(day));
            let all = firm.scoped_on("owner", today).await.assignments(client).await.unwrap();
            let mut names: Vec<_> = all.into_iter().filter(|a| a.holds(today)).map(|a| a.person_name).collect();
            names.sort();
            names
        }
    };
    assert_eq!(of(work[0].0, "2026-11-23").await, ["Имя accountant", "Имя west-lead"], "whoever is covered stays");
    assert_eq!(of(work[0].0, "2026-12-06").await, ["Имя accountant"]);
    assert_eq!(of(foreign, "2026-11-23").await, ["Имя second"], "a client that the plan does not name stays as it is");
}

async fn a_lead_hands_over_inside_the_team_only_and_no_client_is_left_out(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let west = firm.scoped("west-lead").await;
    assert!(matches!(west.handover_plan(firm.people["accountant"]).await, Err(Error::Refused(Refusal::NotAllowed))));
    assert!(matches!(
        firm.scoped("second").await.handover_plan(firm.people["accountant"]).await,
        Err(Error::Refused(Refusal::NotAllowed))
    ));
    let lead = firm.scoped("lead").await;
    let outside = lead.hand_over(firm.people["accountant"], all_to(&work, &firm, "second", None)).await;
    assert!(
        matches!(outside, Err(Error::Refused(Refusal::Invalid { field: "to", rule: Rule::NoRight }))),
        "to another team"
    );
    let short = lead.hand_over(firm.people["accountant"], all_to(&work[..1], &firm, "lead", None)).await;
    assert!(matches!(short, Err(Error::Refused(Refusal::Invalid { field: "to", rule: Rule::Required }))));
    assert_eq!(firm.scoped("accountant").await.client_choices(500).await.unwrap().len(), 2, "nothing has changed");
    lead.hand_over(firm.people["accountant"], all_to(&work, &firm, "lead", None)).await.unwrap();
    assert_eq!(
        firm.scoped("accountant").await.client_choices(500).await.unwrap().len(),
        0,
        "a lead closes no entrance, but nothing is left to see"
    );
}

async fn tasks_go_only_to_those_who_may_have_them_and_come_back(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let owner = firm.scoped("owner").await;
    let ids: Vec<TaskId> = work.iter().map(|(_, t)| *t).collect();
    let may: HashMap<TaskId, Vec<_>> = owner.candidates_each(&ids).await.unwrap().into_iter().collect();
    for id in &ids {
        assert!(may[id].contains(&firm.people["accountant"]) && !may[id].contains(&firm.people["second"]));
        assert_ne!(may[id][0], firm.people["accountant"], "who has two tasks is not the first choice");
    }
    let pairs = async |who: &str| {
        let seen = firm.seen(&ids).await;
        seen.into_iter().map(|task| (task, firm.people[who])).collect::<HashMap<_, _>>()
    };
    assert!(matches!(
        owner.assign_each(&pairs("second").await).await,
        Err(Error::Refused(Refusal::Invalid { rule: Rule::NoRightTo(_), .. }))
    ));
    assert!(matches!(
        firm.scoped("accountant").await.assign_each(&pairs("lead").await).await,
        Err(Error::Refused(Refusal::NotAllowed))
    ));
    let undo = owner.assign_each(&pairs("lead").await).await.unwrap();
    assert_eq!(firm.scoped("lead").await.tasks(&TaskFilter::from(TaskView::Mine)).await.unwrap().len(), 2);
    assert_eq!(owner.take_back(undo).await.unwrap(), 0);
    assert_eq!(firm.scoped("accountant").await.tasks(&TaskFilter::from(TaskView::Mine)).await.unwrap().len(), 2);
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let form = firm.seen(&ids).await.iter().map(|task| format!("task={task}")).collect::<Vec<_>>().join("&");
    let (status, page) = post(&state, "/tasks/by-load", Some(&session), &form).await;
    assert_eq!((status, page.matches("name=\"to\"").count()), (axum::http::StatusCode::OK, 2));
}

async fn a_task_never_belongs_to_somebody_who_does_not_see_it(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let owner = firm.scoped("owner").await;
    let ids: Vec<TaskId> = work.iter().map(|(_, t)| *t).collect();
    let accountant = firm.people["accountant"];
    // Somebody else has the tasks for a moment; meanwhile whoever had them loses one client.
    let undo = owner.assign_tasks(&firm.seen(&ids).await, Some(firm.people["owner"])).await.unwrap();
    let end = async |client: ClientId| {
        let all = owner.assignments(client).await.unwrap();
        let theirs = all.iter().find(|a| a.person == accountant).unwrap().id;
        firm.scoped("owner").await.end_assignment(client, theirs).await.unwrap();
    };
    end(work[0].0).await;
    assert_eq!(firm.scoped("owner").await.take_back(undo).await.unwrap(), 1, "one stays where it is");
    assert_eq!(assignee(&firm, ids[0]).await, Some(firm.people["owner"]));
    assert_eq!(assignee(&firm, ids[1]).await, Some(accountant));
    end(work[1].0).await;
    assert_eq!(assignee(&firm, ids[1]).await, None, "free, and not hidden with somebody who cannot work on it");
    let free = owner.tasks(&TaskFilter::from(TaskView::Unassigned)).await.unwrap();
    assert_eq!(free.iter().map(|row| row.id).collect::<Vec<_>>(), [ids[1]]);
}

async fn who_is_shut_out_leaves_no_task_and_no_client_hidden_with_them(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let (owner, accountant) = (firm.scoped("owner").await, firm.people["accountant"]);
    let (undo, _) = owner.assign_many(&firm.seen_clients(&[work[0].0]).await, firm.people["second"]).await.unwrap();
    assert_eq!(owner.morning().await.unwrap().without_responsible, 0);
    owner.set_active(accountant, false).await.unwrap();
    let owner = firm.scoped("owner").await;
    for (_, task) in &work {
        assert_eq!(assignee(&firm, *task).await, None, "its task is to be given out");
    }
    assert_eq!(owner.morning().await.unwrap().without_responsible, 1, "the client that is left with them");
    let list = owner.clients(&ClientFilter { unassigned: true, ..ClientFilter::default() }).await.unwrap();
    assert_eq!(list.rows.iter().map(|c| c.id).collect::<Vec<_>>(), [work[1].0], "the list says the same");
    assert_eq!(owner.take_back(undo).await.unwrap(), 2, "neither the client nor its task goes back to who has left");
    let plan = owner.handover_plan(accountant).await.unwrap();
    assert_eq!(plan.clients.len(), 1, "what is left can still be handed over");
    owner.hand_over(accountant, all_to(&work[1..], &firm, "lead", None)).await.unwrap();
    assert_eq!(firm.scoped("owner").await.morning().await.unwrap().without_responsible, 0);
}

async fn tasks_of_an_assignment_that_has_ended_by_its_date_are_free(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let owner = firm.scoped("owner").await;
    let (second, last) = (firm.people["second"], d("2026-11-30"));
    let from = today().day;
    owner
        .assign(work[0].0, NewAssignment { person: second, part: Part::Deputy, from, until: Some(last) })
        .await
        .unwrap();
    owner.assign_tasks(&firm.seen(&[work[0].1]).await, Some(second)).await.unwrap();
    assert_eq!(base.store.settle(OfficeDay::noon(last).now).await.unwrap(), 0, "the last day counts");
    assert_eq!(base.store.settle(OfficeDay::noon(d("2026-12-01")).now).await.unwrap(), 1);
    assert_eq!(assignee(&firm, work[0].1).await, None);
    assert_eq!(assignee(&firm, work[1].1).await, Some(firm.people["accountant"]), "who still works on it keeps it");
}

async fn of_two_who_hand_over_for_one_who_leaves_the_second_is_told(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let (owner, leaves) = (firm.scoped("owner").await, firm.people["accountant"]);
    owner.hand_over(leaves, all_to(&work, &firm, "second", None)).await.unwrap();
    let owner = firm.scoped("owner").await;
    let late = owner.hand_over(leaves, all_to(&work, &firm, "lead", None)).await;
    assert!(matches!(late, Err(Error::Refused(Refusal::Conflict))), "{late:?}");
    owner.hand_over(leaves, all_to(&work, &firm, "second", None)).await.unwrap();
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let form = format!("mode=leaves&to={}:{}", work[0].0, firm.people["lead"]);
    let (status, page) = post(&state, &format!("/staff/{leaves}/handover"), Some(&session), &form).await;
    assert_eq!(status, axum::http::StatusCode::UNPROCESSABLE_ENTITY, "{page}");
}

async fn what_is_shared_out_is_read_whole_or_not_at_all(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let seen = firm.seen(&[work[0].1, work[1].1]).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let (lead, owner) = (firm.people["lead"], firm.people["owner"]);
    for wrong in [
        format!("to={}:{lead}&to={}.x:{lead}", seen[0], seen[1].id),
        format!("to={}:{lead}&to={}.2147483648:{lead}", seen[0], seen[1].id),
        format!("to={}:{lead}&to={}:{owner}", seen[0], seen[0]),
    ] {
        let (status, _) = post(&state, "/tasks/by-load/assign", Some(&session), &wrong).await;
        assert_eq!(status, axum::http::StatusCode::NOT_FOUND, "{wrong}");
        assert_eq!(assignee(&firm, work[0].1).await, Some(firm.people["accountant"]), "nothing was done");
    }
    let form = format!("to={}:{lead}&to={}:{}", seen[0], seen[1], firm.people["accountant"]);
    let (status, page) = post(&state, "/tasks/by-load/assign", Some(&session), &form).await;
    assert_eq!(status, axum::http::StatusCode::SEE_OTHER, "{page}");
    assert_eq!(assignee(&firm, work[0].1).await, Some(lead));
}

async fn covered(firm: &Firm) -> Vec<(ClientId, TaskId)> {
    let work = work(firm).await;
    let to = all_to(&work, firm, "second", Some("2026-12-10"));
    firm.scoped("owner").await.hand_over(firm.people["accountant"], to).await.unwrap();
    work
}

async fn assignee(firm: &Firm, task: TaskId) -> Option<domain::id::PersonId> {
    firm.scoped("owner").await.task_card(task).await.unwrap().row.assignee.map(|(id, _)| id)
}

async fn cover_is_seen_by_both_and_ends_early_with_its_tasks(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = covered(&firm).await;
    let owner = firm.scoped("owner").await;
    let (away, by) = (firm.people["accountant"], firm.people["second"]);
    for of in [away, by] {
        let covers = owner.covers(of).await.unwrap();
        assert_eq!(covers.len(), 1);
        assert_eq!((covers[0].covered.0, covers[0].by.0), (away, by));
        assert_eq!((covers[0].until, covers[0].clients), (d("2026-12-10"), 2));
    }
    let card = owner.task_card(work[0].1).await.unwrap();
    assert_eq!(card.cover.map(|(_, until)| until), Some(d("2026-12-10")), "the task says for whom and until when");
    let (state, session) = (state(&base.store), cookie(&base.store, firm.people["owner"], today().now).await);
    for of in [away, by] {
        let (_, page) = crate::support::get(&state, &format!("/staff/{of}"), Some(&session)).await;
        assert!(page.contains("10\u{a0}дек"), "both pages say it");
    }
    let refused = firm.scoped("second").await.end_cover(away, by).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NotAllowed))), "who stands in does not end it");
    owner.end_cover(away, by).await.unwrap();
    assert!(owner.covers(away).await.unwrap().is_empty());
    for (client, task) in &work {
        assert_eq!(assignee(&firm, *task).await, Some(away), "its task is back");
        let holds: Vec<_> = owner.assignments(*client).await.unwrap();
        let holds: Vec<_> = holds.iter().filter(|a| a.holds(today())).map(|a| a.person).collect();
        assert_eq!(holds, [away]);
    }
    let again = owner.end_cover(away, by).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::NotFound))), "twice is once");
}

async fn tasks_of_a_cover_come_back_by_themselves(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = covered(&firm).await;
    let (away, given) = (firm.people["accountant"], firm.people["lead"]);
    firm.scoped("owner").await.assign_tasks(&firm.seen(&[work[1].1]).await, Some(given)).await.unwrap();
    assert_eq!(base.store.settle(OfficeDay::noon(d("2026-12-10")).now).await.unwrap(), 0, "the last day counts");
    assert_eq!(base.store.settle(OfficeDay::noon(d("2026-12-11")).now).await.unwrap(), 1);
    assert_eq!(assignee(&firm, work[0].1).await, Some(away));
    assert_eq!(assignee(&firm, work[1].1).await, Some(given), "what was given for good meanwhile stays");
}

async fn a_cover_twice_is_one_and_a_chain_of_covers_leads_back(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = covered(&firm).await;
    let owner = firm.scoped("owner").await;
    let (away, by, third) = (firm.people["accountant"], firm.people["second"], firm.people["west-lead"]);
    owner.hand_over(away, all_to(&work, &firm, "second", Some("2026-12-10"))).await.unwrap();
    let covers = owner.covers(away).await.unwrap();
    assert_eq!((covers.len(), covers[0].clients), (1, 2), "the second press adds nothing");
    owner.hand_over(by, all_to(&work, &firm, "west-lead", Some("2026-12-05"))).await.unwrap();
    assert_eq!(assignee(&firm, work[0].1).await, Some(third));
    let later = OfficeDay::noon(d("2026-12-06"));
    base.store.settle(later.now).await.unwrap();
    assert_eq!(assignee(&firm, work[0].1).await, Some(away), "back to who was covered first");
    owner.end_cover(away, by).await.unwrap();
    let again = owner.end_cover(away, by).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::NotFound))));
    owner.assign(work[0].0, firm.assignment("second", domain::person::Part::Responsible)).await.unwrap();
    let days = owner.assignments(work[0].0).await.unwrap().len();
    owner.hand_over(by, all_to(&work[..1], &firm, "second", Some("2026-12-10"))).await.unwrap_err();
    assert_eq!(owner.assignments(work[0].0).await.unwrap().len(), days, "a refusal leaves nothing behind");
}

async fn a_lead_is_not_proposed_everything(base: &Base) {
    let firm = Firm::new(&base.store).await;
    work(&firm).await;
    let owner = firm.scoped("owner").await;
    let team = owner.person(firm.people["lead"]).await.unwrap().team;
    let second = owner.person(firm.people["second"]).await.unwrap();
    let change = domain::person::PersonChange { name: second.name.clone(), role: second.role, team, sees_all: false };
    owner.change_person(second.id, change, second.revision).await.unwrap();
    let plan = owner.handover_plan(firm.people["accountant"]).await.unwrap();
    assert!(plan.clients.iter().all(|c| c.to == Some(second.id)), "a colleague comes before who leads");
    let (state, session) = (state(&base.store), cookie(&base.store, firm.people["owner"], today().now).await);
    let lead = firm.people["lead"];
    let path = format!("/staff/{}/handover?mode=away&all={lead}", firm.people["accountant"]);
    let (_, page) = crate::support::get(&state, &path, Some(&session)).await;
    let chosen = |client: &ClientId| page.contains(&format!("value=\"{client}:{lead}\" selected"));
    assert!(plan.clients.iter().all(|c| chosen(&c.id)), "all to one is one click");
}

async fn whoever_is_away_is_proposed_nothing(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let owner = firm.scoped("owner").await;
    let ids: Vec<TaskId> = work.iter().map(|(_, task)| *task).collect();
    let may = async || owner.candidates_each(&ids).await.unwrap();
    let (away, by) = (firm.people["accountant"], firm.people["second"]);
    assert!(may().await.iter().all(|(_, people)| people.contains(&away)));
    owner.hand_over(away, all_to(&work, &firm, "second", Some("2026-12-10"))).await.unwrap();
    assert!(may().await.iter().all(|(_, people)| people.contains(&by) && !people.contains(&away)));
    let back = firm.scoped_on("owner", OfficeDay::noon(d("2026-12-11"))).await;
    let after = back.candidates_each(&ids).await.unwrap();
    assert!(after.iter().all(|(_, people)| people.contains(&away)), "back at work");
}

async fn a_load_that_is_seen_in_part_says_so(base: &Base) {
    let firm = Firm::new(&base.store).await;
    work(&firm).await;
    let loads = firm.scoped("lead").await.loads().await.unwrap();
    let partial = |who: &str| loads.iter().find(|l| l.person.id == firm.people[who]).unwrap().tasks.partial;
    assert!(!partial("accountant") && !partial("lead") && partial("second") && partial("west-lead"));
    assert!(firm.scoped("owner").await.loads().await.unwrap().iter().all(|l| !l.tasks.partial));
    let (state, session) = (state(&base.store), cookie(&base.store, firm.people["lead"], today().now).await);
    let (_, page) = crate::support::get(&state, "/staff", Some(&session)).await;
    assert!(page.contains("Считаны только ваши клиенты"), "{page}");
}

async fn all_is_proposed_to_one_and_what_they_may_not_have_stays_with_others(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let (owner, second) = (firm.scoped("owner").await, firm.people["second"]);
    owner.assign(work[0].0, firm.assignment("second", Part::Deputy)).await.unwrap();
    let ids: Vec<TaskId> = work.iter().map(|(_, task)| *task).collect();
    let (state, session) = (state(&base.store), cookie(&base.store, firm.people["owner"], today().now).await);
    let form = firm.seen(&ids).await.iter().map(|task| format!("task={task}")).collect::<Vec<_>>().join("&");
    let (_, page) = post(&state, "/tasks/by-load", Some(&session), &format!("{form}&all={second}")).await;
    let chosen = |task: TaskId| {
        let line = page.split("<select").skip(1).find(|part| part.contains(&format!("value=\"{task}."))).unwrap();
        let mut options = line.split("<option").map(|option| option.split('>').next().unwrap());
        options.find(|option| option.contains("selected")).unwrap().contains(&second.to_string())
    };
    assert!(chosen(ids[0]) && !chosen(ids[1]), "{page}");
    assert!(page.contains("1 задача осталась у других"), "{page}");
    assert_eq!(
        assignee(&firm, ids[0]).await,
        Some(firm.people["accountant"]),
        "nothing is given before it is confirmed"
    );
}
