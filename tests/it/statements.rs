//! How many statements pages and acts cost, besides the one that reads the session: what grows with the lines shows here
//! first. In the printed table: a page where nothing is remembered, and the same page again.

use crate::support::{Base, cookie, get, on_both, scoped, state, today};
use domain::calendar::CalendarFilter;
use domain::day::plus;
use domain::id::{CertificateId, PersonId, TaskId};
use domain::reason::Reason;
use domain::task::{NewTask, Route, TaskFilter, TaskRow, TaskView};
use std::fmt::Write as _;
use store::{ScopedStore, Store, counted};

on_both!(an_act_on_many_costs_as_few_statements_as_on_two);

async fn owner(store: &Store) -> (PersonId, ScopedStore) {
    Box::pin(server::demo::fill(store, today())).await.unwrap();
    let person = store.credentials("dinara@example.kz").await.unwrap().unwrap().person;
    (person, scoped(store, person, today()).await)
}

/// Certificates that nobody works on yet.
async fn free(owner: &ScopedStore) -> Vec<CertificateId> {
    let (from, to) = (today().day, plus(today().day, 200));
    let lines = owner.agenda(from, to, &CalendarFilter::default(), 0, 400).await.unwrap();
    let free = lines.iter().filter(|l| l.certificate.task.is_none() && !l.certificate.clients.is_empty());
    free.map(|l| l.certificate.id).collect()
}

fn task(certificate: &CertificateId) -> NewTask {
    NewTask {
        certificates: vec![*certificate],
        reason: Reason::Planned,
        route: Route::Online,
        assignee: None,
        due: plus(today().day, 10),
        note: String::new(),
    }
}

async fn an_act_on_many_costs_as_few_statements_as_on_two(base: &Base) {
    let (person, owner) = owner(&base.store).await;
    let free = free(&owner).await;
    let open = async |ids: &[CertificateId]| {
        let (done, n) = Box::pin(counted(owner.open_tasks(ids.iter().map(task).collect()))).await;
        (done.unwrap().0, n)
    };
    let (tasks, few) = open(&free[..2]).await;
    let (more, many) = open(&free[2..22]).await;
    assert_eq!(few, many, "opening 20 tasks");
    let tasks: Vec<TaskId> = tasks.into_iter().chain(more).collect();
    let assign = async |ids: &[TaskId]| {
        let seen: Vec<_> = owner.tasks_by_id(ids).await.unwrap().iter().map(TaskRow::seen).collect();
        let (done, n) = Box::pin(counted(owner.assign_tasks(&seen, Some(person)))).await;
        done.unwrap();
        n
    };
    assert_eq!(assign(&tasks[..2]).await, assign(&tasks[2..17]).await, "assigning 15 tasks");
    let list = async |lines: u64| {
        let (done, n) = Box::pin(counted(owner.some_tasks(&TaskFilter::from(TaskView::All), lines))).await;
        (done.unwrap().len(), n)
    };
    // What every list remembers of the firm is asked once.
    list(1).await;
    let ((short, few), (long, many)) = (list(2).await, list(22).await);
    assert!(short == 2 && long == 22 && few == many, "a list of tasks: {few} for 2, {many} for 22");
}

#[tokio::test]
async fn pages_ask_as_often_as_printed() {
    let base = Base::sqlite().await;
    let (person, owner) = owner(&base.store).await;
    let session = cookie(&base.store, person, today().now).await;
    let client = owner.client_choices(500).await.unwrap()[0].0;
    let task = owner.tasks(&TaskFilter::from(TaskView::All)).await.unwrap()[0].id;
    let certificate = free(&owner).await[0];
    let pages = [
        "/".to_owned(),
        "/calendar".into(),
        "/calendar/year".into(),
        "/calendar/agenda".into(),
        "/clients".into(),
        format!("/clients/{client}"),
        format!("/certificates/{certificate}"),
        "/tasks".into(),
        "/tasks?form=list".into(),
        "/tasks?form=people&view=all".into(),
        "/tasks/by-load?view=all".into(),
        format!("/tasks/{task}"),
        "/staff".into(),
        format!("/staff/{person}"),
        "/old-keys".into(),
        "/import".into(),
        "/audit".into(),
        "/find?q=2101".into(),
    ];
    let mut table = String::new();
    for page in pages {
        // Opened anew: nothing is remembered.
        let state = state(&Store::open(&base.url).await.unwrap());
        let (first, cold) = Box::pin(counted(get(&state, &page, Some(&session)))).await;
        let (_, warm) = Box::pin(counted(get(&state, &page, Some(&session)))).await;
        assert!(first.0.is_success(), "{page}");
        let named =
            [(client.to_string(), "CLIENT"), (certificate.to_string(), "CERTIFICATE"), (task.to_string(), "TASK")];
        let named = named.into_iter().chain([(person.to_string(), "PERSON")]);
        let page = named.fold(page, |page, (id, name)| page.replace(&id, name));
        writeln!(table, "{page:<32}{cold:>4}{warm:>4}").unwrap();
    }
    insta::assert_snapshot!("statements", table);
}
