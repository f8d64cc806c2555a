//! Work on many tasks: the board's columns, checklists, acts on many and taking them back.

use crate::support::{Base, Firm, Wish, cookie, d, get, on_both, post, refusal, state, today};
use axum::http::StatusCode;
use domain::id::{CertificateId, TaskId};
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::standing::Standing;
use domain::task::{Lane, Move, NewTask, Route, Stage, TaskFilter, TaskView, Ticks};

on_both!(
    a_blocked_task_stays_in_the_column_where_it_got_stuck,
    many_tasks_are_given_at_once_or_none_and_taken_back,
    what_somebody_has_gone_on_from_is_not_taken_back,
    an_act_on_many_is_refused_where_one_was_changed_since_it_was_shown,
    many_reissues_open_in_one_act_and_undo_takes_the_report_of_loss_back,
    a_checklist_is_made_of_reason_and_route_and_remembers_who_ticked,
    nobody_takes_back_what_another_did,
    many_tasks_are_moved_at_once_or_none_and_taken_back,
    tasks_are_narrowed_by_words_reason_and_stage,
    what_is_taken_back_takes_nothing_else_along,
    clients_of_one_name_are_told_apart_where_they_stand_together,
);

pub const BINS: [&str; 3] = ["971240001315", "940140000385", "020240000555"];

pub fn new(certificate: CertificateId, reason: Reason) -> NewTask {
    NewTask {
        certificates: vec![certificate],
        reason,
        route: Route::Online,
        assignee: None,
        due: d("2026-11-30"),
        note: String::new(),
    }
}

/// Three clients of the accountant, a certificate and a task of each.
pub async fn three(firm: &Firm) -> (Vec<CertificateId>, Vec<TaskId>) {
    let (mut certificates, mut tasks) = (Vec::new(), Vec::new());
    for bin in BINS {
        firm.client(bin, Some("accountant")).await;
        let certificate = firm.certificate(&Wish::of(bin)).await;
        tasks.push(firm.scoped("owner").await.open_task(new(certificate, Reason::Planned)).await.unwrap());
        certificates.push(certificate);
    }
    (certificates, tasks)
}

async fn a_blocked_task_stays_in_the_column_where_it_got_stuck(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (_, tasks) = three(&firm).await;
    let scoped = firm.scoped("accountant").await;
    scoped.move_task(tasks[0], &Move::to(Stage::Filed, "", 1)).await.unwrap();
    scoped.move_task(tasks[0], &Move::to(Stage::Refused, "данные неверны", 2)).await.unwrap();
    scoped.move_task(tasks[0], &Move::to(Stage::Blocked, "владелец уехал", 3)).await.unwrap();
    scoped.move_task(tasks[1], &Move::to(Stage::Blocked, "нет телефона", 1)).await.unwrap();
    let board = scoped.board(&TaskView::All.into()).await.unwrap();
    let of = |lane: Lane| board.iter().find(|b| b.lane == lane).unwrap().rows.iter().map(|r| r.id).collect::<Vec<_>>();
    assert_eq!(of(Lane::Authority), [tasks[0]], "blocked after a refusal: still at the authority");
    assert_eq!(of(Lane::Planned).len(), 2);
    let filter = TaskFilter { lane: Some(Lane::Authority), ..TaskView::All.into() };
    assert_eq!(scoped.tasks(&filter).await.unwrap().len(), 1);
    let undo = scoped.move_task(tasks[0], &Move::to(Stage::Planned, "", 4)).await.unwrap().unwrap();
    assert_eq!(scoped.take_back(undo).await.unwrap(), 0);
    let row = scoped.task_card(tasks[0]).await.unwrap().row;
    assert_eq!((row.stage, row.stuck_at, row.why.as_str()), (Stage::Blocked, Some(Stage::Filed), "владелец уехал"));
}

async fn many_tasks_are_given_at_once_or_none_and_taken_back(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (_, tasks) = three(&firm).await;
    let lead = firm.scoped("lead").await;
    let (to, other) = (firm.people["accountant"], firm.people["second"]);
    let named = |numbers: &[&str]| {
        let names = numbers.iter().map(|n| format!("ТОО «Клиент {n}»")).collect();
        Refusal::invalid("assignee", Rule::NoRightTo(names))
    };
    let mut numbers = BINS.to_vec();
    numbers.sort_unstable();
    assert_eq!(
        refusal(lead.assign_tasks(&firm.seen(&tasks).await, Some(other)).await),
        named(&numbers),
        "each is named"
    );
    let one = lead.assign_tasks(&firm.seen(&tasks[..1]).await, Some(other)).await;
    assert_eq!(refusal(one), Refusal::invalid("assignee", Rule::NoRight), "of one it is plain");
    let seen = firm.seen(&tasks).await;
    let each = [(seen[0], to), (seen[1], other)].into();
    assert_eq!(refusal(lead.assign_each(&each).await), named(&BINS[1..2]), "and where each has its own");
    let foreign = firm.client("941240000193", Some("second")).await;
    let theirs = firm.certificate(&Wish::of("941240000193")).await;
    let foreign_task = firm.scoped("owner").await.open_task(new(theirs, Reason::Planned)).await.unwrap();
    let mixed = [tasks[0], foreign_task];
    assert_eq!(
        refusal(lead.assign_tasks(&firm.seen(&mixed).await, Some(to)).await),
        Refusal::NotFound,
        "{foreign} is not seen"
    );
    let undo = lead.assign_tasks(&firm.seen(&tasks).await, Some(to)).await.unwrap();
    let mine = TaskView::Mine.into();
    assert_eq!(firm.scoped("accountant").await.tasks(&mine).await.unwrap().len(), 3);
    assert_eq!(lead.take_back(undo).await.unwrap(), 0);
    assert_eq!(firm.scoped("accountant").await.tasks(&mine).await.unwrap().len(), 0);
    assert_eq!(refusal(lead.take_back(undo).await), Refusal::NotFound, "only once");
}

async fn an_act_on_many_is_refused_where_one_was_changed_since_it_was_shown(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (_, tasks) = three(&firm).await;
    let lead = firm.scoped("lead").await;
    let shown = firm.seen(&tasks).await;
    lead.set_due_of(&shown[..1], d("2026-12-08")).await.unwrap();
    let (to, late) = (firm.people["accountant"], d("2026-12-11"));
    let each = shown.iter().map(|task| (*task, to)).collect();
    let changed = Refusal::invalid("task", Rule::ChangedOf(vec![format!("ТОО «Клиент {}»", BINS[0])]));
    assert_eq!(refusal(lead.set_due_of(&shown, late).await), changed);
    assert_eq!(refusal(lead.assign_tasks(&shown, Some(to)).await), changed);
    assert_eq!(refusal(lead.assign_each(&each).await), changed);
    assert_eq!(refusal(lead.move_tasks(&shown, Stage::WaitingOwner).await), changed);
    for id in &tasks {
        let row = lead.task_card(*id).await.unwrap().row;
        assert_eq!((row.assignee, row.stage), (None, Stage::Planned), "nothing was done");
        assert_ne!(row.clock.due, late);
    }
    lead.set_due_of(&firm.seen(&tasks).await, late).await.unwrap();
    let (state, session) = (state(&base.store), cookie(&base.store, firm.people["lead"], today().now).await);
    let ticked = shown.iter().map(|task| format!("task={task}")).collect::<Vec<_>>().join("&");
    let form = format!("{ticked}&due=2026-12-09&back=%2Ftasks%3Fform%3Dlist%26view%3Dall");
    let (status, page) = post(&state, "/tasks/due", Some(&session), &form).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let fresh = firm.seen(&tasks).await;
    assert!(page.contains("изменены задачи клиентов"));
    for task in fresh {
        assert!(page.contains(&format!("value=\"{task}\" checked")), "the ticks stay, of the task as it is now");
    }
}

async fn what_somebody_has_gone_on_from_is_not_taken_back(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (_, tasks) = three(&firm).await;
    let lead = firm.scoped("lead").await;
    let undo = lead.assign_tasks(&firm.seen(&tasks).await, Some(firm.people["accountant"])).await.unwrap();
    firm.scoped("accountant").await.move_task(tasks[0], &Move::to(Stage::WaitingOwner, "", 2)).await.unwrap();
    assert_eq!(lead.take_back(undo).await.unwrap(), 1, "one has moved on and stays");
    let row = firm.scoped("accountant").await.task_card(tasks[0]).await.unwrap().row;
    assert_eq!(row.assignee.map(|a| a.0), Some(firm.people["accountant"]));
}

async fn many_reissues_open_in_one_act_and_undo_takes_the_report_of_loss_back(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let mut certificates = Vec::new();
    for bin in BINS {
        firm.client(bin, Some("accountant")).await;
        certificates.push(firm.certificate(&Wish::of(bin)).await);
    }
    let scoped = firm.scoped("accountant").await;
    let all = || certificates.iter().map(|c| new(*c, Reason::CarrierFailed)).collect::<Vec<_>>();
    let (ids, undo) = scoped.open_tasks(all()).await.unwrap();
    assert_eq!(ids.len(), 3);
    assert_eq!(refusal(scoped.open_tasks(all()).await), Refusal::invalid("certificate", Rule::TaskOpen));
    let lost = |row: &domain::certificate::CertificateRow| row.life.standing(crate::support::today());
    let rows = scoped.certificates_by_id(&certificates).await.unwrap();
    assert!(rows.iter().all(|r| matches!(lost(r), Standing::Unusable(Reason::CarrierFailed)) && r.task.is_some()));
    assert_eq!(scoped.take_back(undo).await.unwrap(), 0);
    let rows = scoped.certificates_by_id(&certificates).await.unwrap();
    assert!(rows.iter().all(|r| !matches!(lost(r), Standing::Unusable(_)) && r.task.is_none()));
    assert_eq!(refusal(firm.scoped("second").await.certificates_by_id(&certificates).await), Refusal::NotFound);
}

async fn a_checklist_is_made_of_reason_and_route_and_remembers_who_ticked(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BINS[0], Some("accountant")).await;
    let certificate = firm.certificate(&Wish::of(BINS[0])).await;
    let scoped = firm.scoped("accountant").await;
    let id = scoped
        .open_task(NewTask { route: Route::ServiceCentre, ..new(certificate, Reason::PasswordLost) })
        .await
        .unwrap();
    let steps = scoped.task_card(id).await.unwrap().steps;
    let says = |words: &str| steps.iter().any(|s| s.text[0].contains(words));
    assert!(says("пароль не восстановит") && says("удостоверение личности"));
    assert!(!says("биометрией"), "a step of the other route");
    for words in ["в надёжном месте", "старые убраны", "отзыв проверен"] {
        assert!(steps.iter().rev().take(4).any(|s| s.text[0].contains(words)), "{words} stands at the end");
    }
    scoped.tick_steps(id, &Ticks::of(&[0, 2], &[])).await.unwrap();
    firm.scoped("owner").await.tick_steps(id, &Ticks::of(&[3], &[])).await.unwrap();
    scoped.tick_steps(id, &Ticks::of(&[2], &[0, 2])).await.unwrap();
    let card = scoped.task_card(id).await.unwrap();
    assert_eq!(card.row.steps, (2, steps.len()), "a colleague's tick stays");
    assert!(card.steps[2].done.is_some() && card.steps[0].done.is_none());
    assert_eq!(refusal(firm.scoped("second").await.tick_steps(id, &Ticks::of(&[1], &[])).await), Refusal::NotFound);
}

async fn nobody_takes_back_what_another_did(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (_, tasks) = three(&firm).await;
    let undo = firm
        .scoped("lead")
        .await
        .assign_tasks(&firm.seen(&tasks).await, Some(firm.people["accountant"]))
        .await
        .unwrap();
    for who in ["owner", "accountant", "second"] {
        assert_eq!(refusal(firm.scoped(who).await.take_back(undo).await), Refusal::NotFound, "{who}");
    }
}

async fn many_tasks_are_moved_at_once_or_none_and_taken_back(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (_, tasks) = three(&firm).await;
    let scoped = firm.scoped("accountant").await;
    let stages = async || {
        let rows = firm.scoped("owner").await.tasks(&TaskView::All.into()).await.unwrap();
        tasks.iter().map(|id| rows.iter().find(|r| r.id == *id).unwrap().stage).collect::<Vec<_>>()
    };
    let undo = scoped.move_tasks(&firm.seen(&tasks).await, Stage::WaitingOwner).await.unwrap();
    assert_eq!(stages().await, [Stage::WaitingOwner; 3]);
    assert_eq!(scoped.take_back(undo).await.unwrap(), 0);
    assert_eq!(stages().await, [Stage::Planned; 3]);
    let no_way = Refusal::invalid("stage", Rule::Move);
    scoped.move_task(tasks[2], &Move::to(Stage::Filed, "", 3)).await.unwrap();
    let stays = Rule::CannotGo(vec![format!("ТОО «Клиент {}»", BINS[2])]);
    assert_eq!(
        refusal(scoped.move_tasks(&firm.seen(&tasks).await, Stage::Filed).await),
        Refusal::invalid("stage", stays),
        "it is there"
    );
    assert_eq!(stages().await, [Stage::Planned, Stage::Planned, Stage::Filed]);
    for asks in [Stage::Issued, Stage::Done, Stage::Cancelled] {
        assert_eq!(refusal(scoped.move_tasks(&firm.seen(&tasks).await, asks).await), no_way, "{asks:?} asks for more");
    }
    assert_eq!(
        refusal(firm.scoped("second").await.move_tasks(&firm.seen(&tasks).await, Stage::Filed).await),
        Refusal::NotFound
    );
    assert_eq!(
        refusal(firm.scoped("observer").await.set_due_of(&firm.seen(&tasks).await, d("2026-12-08")).await),
        Refusal::NotFound
    );
}

async fn tasks_are_narrowed_by_words_reason_and_stage(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (certificates, tasks) = three(&firm).await;
    let scoped = firm.scoped("accountant").await;
    scoped.move_task(tasks[0], &Move::to(Stage::Filed, "", 1)).await.unwrap();
    scoped.report_loss(tasks[1], Reason::PasswordLost, Route::ServiceCentre, 1).await.unwrap();
    let scoped = firm.scoped("accountant").await;
    let of = async |filter: TaskFilter| {
        let mut ids: Vec<TaskId> = scoped.tasks(&filter).await.unwrap().iter().map(|r| r.id).collect();
        let board = scoped.board(&filter).await.unwrap();
        let mut cards: Vec<TaskId> = board.iter().flat_map(|lane| lane.rows.iter().map(|r| r.id)).collect();
        ids.sort();
        cards.sort();
        assert_eq!(ids, cards, "board and list are of the same tasks");
        ids
    };
    let all = || TaskFilter::from(TaskView::All);
    assert_eq!(of(TaskFilter { stage: Some(Stage::Filed), ..all() }).await, [tasks[0]]);
    assert_eq!(of(TaskFilter { reason: Some(Reason::PasswordLost), ..all() }).await, [tasks[1]]);
    assert_eq!(of(TaskFilter { text: BINS[2].into(), ..all() }).await, [tasks[2]]);
    assert_eq!(of(TaskFilter { text: "ким".into(), ..all() }).await.len(), certificates.len());
    assert!(of(TaskFilter { text: "нет такого клиента".into(), ..all() }).await.is_empty());
    let foreign = firm.scoped("second").await;
    assert!(foreign.tasks(&TaskFilter { text: BINS[2].into(), ..all() }).await.unwrap().is_empty());
}

async fn what_is_taken_back_takes_nothing_else_along(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (_, tasks) = three(&firm).await;
    let mine = firm.scoped("accountant").await;
    let filed = async |id: TaskId| {
        let card = firm.scoped("owner").await.task_card(id).await.unwrap();
        let ticked = card.steps.iter().filter(|s| s.done.is_some()).count();
        (card.row.stage, ticked, card.row.revision)
    };
    mine.move_task(tasks[0], &Move::to(Stage::Filed, "", 1)).await.unwrap();
    let before = filed(tasks[0]).await;
    let undo = mine.set_due(tasks[0], d("2026-12-20"), before.2).await.unwrap();
    assert_eq!(mine.take_back(undo).await.unwrap(), 0);
    let after = filed(tasks[0]).await;
    assert_eq!((after.0, after.1), (Stage::Filed, before.1), "a day that is taken back unticks nothing");
    let all: Vec<i32> =
        firm.scoped("owner").await.task_card(tasks[1]).await.unwrap().steps.iter().map(|s| s.place).collect();
    let later = firm.scoped("accountant").await;
    later.tick_steps(tasks[1], &Ticks::of(&all, &[])).await.unwrap();
    let ticked = filed(tasks[1]).await.1;
    let undo = mine.move_tasks(&firm.seen(&[tasks[1]]).await, Stage::Filed).await.unwrap();
    assert_eq!(mine.take_back(undo).await.unwrap(), 0);
    let after = filed(tasks[1]).await;
    assert_eq!(
        (after.0, after.1 + 1 >= ticked),
        (Stage::Planned, true),
        "{ticked} were ticked by hand, {} are",
        after.1
    );
    let (_, _, revision) = filed(tasks[2]).await;
    mine.move_task(tasks[2], &Move::to(Stage::Cancelled, "ошибка", revision)).await.unwrap();
    let closed = mine.set_due(tasks[2], d("2026-12-20"), revision + 1).await;
    assert_eq!(refusal(closed), Refusal::Conflict, "a closed task keeps its days");
}

async fn clients_of_one_name_are_told_apart_where_they_stand_together(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (_, tasks) = three(&firm).await;
    let owner = firm.scoped("owner").await;
    for task in &tasks[..2] {
        let (client, _) = owner.task_card(*task).await.unwrap().row.clients[0].clone();
        let mut data = owner.client_card(client).await.unwrap().data;
        data.name = "ТОО «Дала»".into();
        owner.change_client(client, data, 1).await.unwrap();
    }
    let state = state(&base.store);
    let session = cookie(&base.store, firm.people["owner"], today().now).await;
    for page in ["/tasks", "/tasks?form=list", "/calendar", "/"] {
        let (_, page) = get(&state, page, Some(&session)).await;
        assert!(page.contains("Дала ··1315") || page.contains("ТОО «Дала» ··1315"), "{page}");
        assert!(!page.contains("··0555"), "the third is called like nobody else");
    }
    let alone = firm.scoped("owner").await.task_card(tasks[0]).await.unwrap().row.clients[0].1.clone();
    assert_eq!(alone, "ТОО «Дала» ··1315", "the same wherever it stands");
    let (owner, other) = (firm.scoped("owner").await, firm.people["second"]);
    let refused = refusal(owner.assign_tasks(&firm.seen(&tasks[..2]).await, Some(other)).await);
    let both = ["ТОО «Дала» ··0385", "ТОО «Дала» ··1315"].map(str::to_owned).to_vec();
    assert_eq!(refused, Refusal::invalid("assignee", Rule::NoRightTo(both)), "in a refusal too");
    firm.client("000640000279", Some("second")).await;
    let own = firm.certificate(&Wish::of("000640000279")).await;
    let second = firm.scoped("second").await;
    let (client, _) = second.certificate_card(own).await.unwrap().row.clients[0].clone();
    let mut data = owner.client_card(client).await.unwrap().data;
    data.name = "ТОО «Дала»".into();
    owner.change_client(client, data, 1).await.unwrap();
    let second = firm.scoped("second").await;
    let name = second.certificate_card(own).await.unwrap().row.clients[0].1.clone();
    assert_eq!(name, "ТОО «Дала»", "nothing tells of a foreign client of the same name");
}
