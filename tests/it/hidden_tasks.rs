//! No open task stays with somebody who has left or may no longer work on its clients, whatever act took the right away.

use crate::handover::work;
use crate::support::{Base, Firm, d, on_both, today};
use domain::client::NewAssignment;
use domain::handover::Handover;
use domain::id::{CertificateId, ClientId, TaskId};
use domain::person::{Part, PersonChange, Role};
use domain::task::TaskView;

on_both!(
    giving_many_clients_to_another_frees_their_tasks,
    taking_that_back_at_once_gives_the_tasks_back_too,
    taking_that_back_frees_the_tasks_of_who_had_them_meanwhile,
    who_may_no_longer_give_tasks_out_does_not_by_taking_back,
    who_has_taken_a_free_task_may_put_it_down,
    ending_a_cover_gives_nothing_to_who_may_not_work,
    who_sees_a_client_through_a_colleague_loses_its_tasks_with_the_colleague,
    who_sees_a_client_through_its_team_loses_its_tasks_with_the_team,
    who_sees_a_certificate_through_a_second_client_loses_it_with_the_link,
    what_others_still_may_work_on_stays_with_them,
);

/// Who has the tasks: nobody, or somebody who may; a task with anybody else fails the test.
async fn holders(firm: &Firm) -> Vec<Option<&'static str>> {
    let owner = firm.scoped("owner").await;
    let rows = owner.tasks(&TaskView::All.into()).await.unwrap();
    let ids: Vec<TaskId> = rows.iter().map(|row| row.id).collect();
    let may = owner.candidates_each(&ids).await.unwrap();
    let mut out = Vec::new();
    for row in rows.iter() {
        let who = row.assignee.as_ref().map(|(who, _)| *who);
        let (_, may) = may.iter().find(|(id, _)| *id == row.id).unwrap();
        assert!(who.is_none_or(|who| may.contains(&who)), "a task is hidden with somebody");
        let name = ["owner", "lead", "accountant", "second", "west-lead"];
        out.push(who.and_then(|who| name.into_iter().find(|name| firm.people[*name] == who)));
    }
    out.sort();
    out
}

async fn give(firm: &Firm, work: &[(ClientId, TaskId)], to: &str) {
    let ids: Vec<TaskId> = work.iter().map(|(_, task)| *task).collect();
    firm.scoped("owner").await.assign_tasks(&firm.seen(&ids).await, Some(firm.people[to])).await.unwrap();
}

/// The certificate of the first task is a second client's too, whose responsible has the task then.
async fn shared(firm: &Firm, work: &[(ClientId, TaskId)]) -> (CertificateId, ClientId) {
    let other = firm.client("020240000555", Some("second")).await;
    let owner = firm.scoped("owner").await;
    let certificate = owner.task_card(work[0].1).await.unwrap().certificates[0].id;
    owner.link_certificate(certificate, other).await.unwrap();
    give(firm, &work[..1], "second").await;
    (certificate, other)
}

async fn change(firm: &Firm, who: &str, with: impl Fn(PersonChange) -> PersonChange) {
    let owner = firm.scoped("owner").await;
    let now = owner.person(firm.people[who]).await.unwrap();
    let change = PersonChange { name: now.name, role: now.role, team: now.team, sees_all: now.sees_all };
    owner.change_person(now.id, with(change), now.revision).await.unwrap();
}

fn ids(work: &[(ClientId, TaskId)]) -> Vec<ClientId> {
    work.iter().map(|(client, _)| *client).collect()
}

/// Makes another one responsible for all; the way back and how many tasks that frees.
async fn to_second(firm: &Firm, work: &[(ClientId, TaskId)]) -> (domain::id::UndoId, usize) {
    let shown = firm.seen_clients(&ids(work)).await;
    firm.scoped("owner").await.assign_many(&shown, firm.people["second"]).await.unwrap()
}

async fn giving_many_clients_to_another_frees_their_tasks(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    to_second(&firm, &work).await;
    assert_eq!(holders(&firm).await, [None, None]);
}

async fn taking_that_back_at_once_gives_the_tasks_back_too(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let (undo, freed) = to_second(&firm, &work).await;
    assert_eq!(freed, 2, "the page says how many");
    assert_eq!(firm.scoped("owner").await.take_back(undo).await.unwrap(), 0);
    assert_eq!(holders(&firm).await, [Some("accountant"), Some("accountant")], "as it was");
}

async fn who_may_no_longer_give_tasks_out_does_not_by_taking_back(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let seen = firm.seen(&[work[0].1]).await;
    let undo = firm.scoped("lead").await.assign_tasks(&seen, Some(firm.people["lead"])).await.unwrap();
    let new = NewAssignment { person: firm.people["lead"], part: Part::Deputy, from: today().day, until: None };
    firm.scoped("owner").await.assign(work[0].0, new).await.unwrap();
    change(&firm, "lead", |to| PersonChange { role: Role::Accountant, ..to }).await;
    assert_eq!(firm.scoped("lead").await.take_back(undo).await.unwrap(), 1, "it stays where it is");
    assert_eq!(holders(&firm).await, [Some("accountant"), Some("lead")]);
}

async fn who_has_taken_a_free_task_may_put_it_down(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let free = firm.seen(&[work[0].1]).await;
    firm.scoped("owner").await.assign_tasks(&free, None).await.unwrap();
    let free = firm.seen(&[work[0].1]).await;
    let mine = firm.scoped("accountant").await;
    let undo = mine.assign_tasks(&free, Some(firm.people["accountant"])).await.unwrap();
    assert_eq!(mine.take_back(undo).await.unwrap(), 0);
    assert_eq!(holders(&firm).await, [None, Some("accountant")]);
}

async fn taking_that_back_frees_the_tasks_of_who_had_them_meanwhile(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let (undo, freed) = to_second(&firm, &work).await;
    assert_eq!(freed, 2);
    give(&firm, &work, "second").await;
    assert_eq!(firm.scoped("owner").await.take_back(undo).await.unwrap(), 2, "the tasks have moved on");
    assert_eq!(holders(&firm).await, [None, None]);
}

async fn ending_a_cover_gives_nothing_to_who_may_not_work(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let (away, by) = (firm.people["accountant"], firm.people["second"]);
    let until = Some(d("2026-12-10"));
    let all = Handover { clients: work.iter().map(|(client, _)| (*client, by)).collect(), until };
    firm.scoped("owner").await.hand_over(away, all).await.unwrap();
    assert_eq!(holders(&firm).await, [Some("second"), Some("second")]);
    change(&firm, "accountant", |to| PersonChange { role: Role::Observer, ..to }).await;
    firm.scoped("owner").await.end_cover(away, by).await.unwrap();
    assert_eq!(holders(&firm).await, [None, None]);
}

async fn who_sees_a_client_through_a_colleague_loses_its_tasks_with_the_colleague(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    give(&firm, &work, "lead").await;
    let west = firm.scoped("owner").await.person(firm.people["second"]).await.unwrap().team;
    change(&firm, "accountant", |to| PersonChange { team: west, ..to }).await;
    assert_eq!(holders(&firm).await, [None, None], "the colleague is in another team");
    let east = firm.scoped("owner").await.person(firm.people["lead"]).await.unwrap().team;
    change(&firm, "accountant", |to| PersonChange { team: east, ..to }).await;
    give(&firm, &work, "lead").await;
    let all = Handover { clients: ids(&work).into_iter().map(|c| (c, firm.people["second"])).collect(), until: None };
    firm.scoped("owner").await.hand_over(firm.people["accountant"], all).await.unwrap();
    assert_eq!(holders(&firm).await, [None, None], "the colleague has left");
}

async fn who_sees_a_client_through_its_team_loses_its_tasks_with_the_team(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let owner = firm.scoped("owner").await;
    let west = owner.person(firm.people["second"]).await.unwrap().team;
    let set = async |team| {
        let owner = firm.scoped("owner").await;
        let card = owner.client_card(work[0].0).await.unwrap();
        let data = domain::client::ClientData { team, ..card.data };
        owner.change_client(work[0].0, data, card.revision).await.unwrap();
    };
    set(west).await;
    give(&firm, &work[..1], "west-lead").await;
    assert_eq!(holders(&firm).await, [Some("accountant"), Some("west-lead")]);
    set(None).await;
    assert_eq!(holders(&firm).await, [None, Some("accountant")]);
}

async fn who_sees_a_certificate_through_a_second_client_loses_it_with_the_link(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    let (certificate, other) = shared(&firm, &work).await;
    assert_eq!(holders(&firm).await, [Some("accountant"), Some("second")]);
    firm.scoped("owner").await.unlink_certificate(certificate, other).await.unwrap();
    assert_eq!(holders(&firm).await, [None, Some("accountant")]);
}

async fn what_others_still_may_work_on_stays_with_them(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let work = work(&firm).await;
    shared(&firm, &work).await;
    // A lead who sees one of its clients only changes who works on that one.
    let (person, from) = (firm.people["lead"], today().day);
    let new = NewAssignment { person, part: Part::Responsible, from, until: None };
    firm.scoped("lead").await.assign(work[0].0, new).await.unwrap();
    assert_eq!(holders(&firm).await, [Some("accountant"), Some("second")], "the other client is still theirs");
}
