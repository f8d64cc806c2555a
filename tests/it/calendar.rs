//! The calendar through the store: sets, counts, the crowd, the agenda, days off.

use crate::support::{Base, Firm, Wish, cookie, d, get, on_both, state, today};
use axum::http::StatusCode;
use domain::calendar::{CalendarFilter, DayTasks, StandingFilter};
use domain::client::ClientData;
use domain::person::Part;
use domain::reason::Reason;
use domain::refusal::Refusal;
use domain::task::{NewTask, Route};

on_both!(
    a_month_counts_sets_and_the_strip_agrees_with_it,
    a_set_half_of_which_is_another_clients_too_is_one_line_as_it_is_counted,
    counts_change_with_the_next_write,
    whoever_sees_all_counts_present_clients_only_and_each_certificate_once,
    the_agenda_names_each_certificate_once_in_order_and_only_what_is_seen,
    the_file_holds_what_the_reader_may_see_and_no_more,
    a_day_off_moves_the_day_to_act_by_and_only_an_owner_enters_it,
    a_task_stands_on_its_day_and_on_the_time_that_is_agreed,
    days_of_tasks_are_moved_and_taken_back,
    a_kept_drawing_is_only_for_whom_and_of_what_it_was_drawn,
);

const BIN: &str = "971240001315";
const OTHER: &str = "940140000385";

fn any() -> CalendarFilter {
    CalendarFilter::default()
}

async fn a_month_counts_sets_and_the_strip_agrees_with_it(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    firm.client(OTHER, Some("second")).await;
    let wish = |bin: &'static str| Wish::of(bin).until("2026-01-15", "2027-01-15");
    firm.certificate(&wish(BIN)).await;
    firm.certificate(&Wish { signs: false, ..wish(BIN) }).await;
    firm.certificate(&Wish { iin: "851231499000", name: "АХМЕТОВА АЛИЯ", ..wish(BIN) }).await;
    firm.certificate(&wish(OTHER)).await;
    let (from, to) = (d("2026-12-28"), d("2027-01-31"));
    for (who, sets, certificates) in [("accountant", 2, 3), ("second", 1, 1), ("owner", 3, 4), ("observer", 0, 0)] {
        let scoped = firm.scoped(who).await;
        let month = scoped.ends_by_day(from, to, &any(), 3).await.unwrap();
        assert_eq!(month.iter().map(|day| day.total()).sum::<u32>(), sets, "{who}: halves of a set are one");
        assert_eq!(month.iter().map(|day| day.first.len()).sum::<usize>(), sets as usize);
        assert_eq!(scoped.ends(from, to, &any()).await.unwrap().len(), certificates);
        let strip = scoped.day_counts(d("2026-10-01"), d("2027-09-30"), &any()).await.unwrap();
        assert_eq!(
            strip.iter().map(|day| (day.day, day.total)).collect::<Vec<_>>(),
            month.iter().map(|m| (m.day, m.total())).collect::<Vec<_>>()
        );
        let late = CalendarFilter { standing: Some(StandingFilter::Late), ..any() };
        assert!(scoped.day_counts(from, to, &late).await.unwrap().is_empty());
    }
}

async fn a_set_half_of_which_is_another_clients_too_is_one_line_as_it_is_counted(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (client, other) = (firm.client(BIN, Some("accountant")).await, firm.client(OTHER, Some("second")).await);
    let wish = |signs| Wish { signs, ..Wish::of(BIN).until("2026-01-15", "2027-01-15") };
    firm.certificate(&wish(true)).await;
    let half = firm.certificate(&wish(false)).await;
    firm.scoped("owner").await.link_certificate(half, other).await.unwrap();
    let owner = firm.scoped("owner").await;
    let (from, to) = (d("2027-01-01"), d("2027-01-31"));
    let rows = owner.agenda(from, to, &any(), 0, 100).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|row| row.certificate.clone()).collect();
    let sets = domain::certificate::in_sets(&rows, today());
    let counted: u32 = owner.day_counts(from, to, &any()).await.unwrap().iter().map(|day| day.total).sum();
    assert_eq!((sets.len(), counted), (1, 1));
    let mut clients: Vec<_> = sets[0].clients().into_iter().map(|(id, _)| id).collect();
    clients.sort();
    let mut both = [client, other];
    both.sort();
    assert_eq!(clients, both, "the line names both clients");
}

async fn counts_change_with_the_next_write(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    let certificate = firm.certificate(&Wish::of(BIN).until("2026-01-15", "2027-01-15")).await;
    let days = (d("2027-01-01"), d("2027-01-31"));
    let count = |who: &'static str| {
        let firm = &firm;
        async move {
            let counts = firm.scoped(who).await.day_counts(days.0, days.1, &any()).await.unwrap();
            counts.first().map_or((0, 0), |c| (c.total, c.late))
        }
    };
    assert_eq!((count("accountant").await, count("second").await, count("owner").await), ((1, 0), (0, 0), (1, 0)));
    let new = NewTask {
        certificates: vec![certificate],
        reason: Reason::PasswordLost,
        route: Route::Online,
        assignee: None,
        due: d("2026-11-25"),
        note: String::new(),
    };
    firm.scoped("owner").await.open_task(new).await.unwrap();
    assert_eq!((count("accountant").await, count("owner").await), ((1, 1), (1, 1)), "a report of loss shows at once");
    firm.scoped("owner").await.assign(client, firm.assignment("second", Part::Deputy)).await.unwrap();
    assert_eq!(count("second").await, (1, 1));
    let assignment = firm.scoped("owner").await.assignments(client).await.unwrap();
    let theirs = assignment.iter().find(|a| a.part == Part::Deputy).unwrap().id;
    firm.scoped("owner").await.end_assignment(client, theirs).await.unwrap();
    assert_eq!(count("second").await, (0, 0), "what is no longer seen is no longer counted");
}

async fn whoever_sees_all_counts_present_clients_only_and_each_certificate_once(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let (here, away) = (firm.client(BIN, Some("accountant")).await, firm.client(OTHER, Some("accountant")).await);
    firm.certificate(&Wish::of(BIN).until("2026-01-10", "2027-01-10")).await;
    let both = firm.certificate(&Wish::of(OTHER).until("2026-01-11", "2027-01-11")).await;
    let name = Wish { name: "ОМАРОВ ЕРЛАН", iin: "750224306617", ..Wish::of(OTHER) };
    firm.certificate(&name.until("2026-01-12", "2027-01-12")).await;
    owner.link_certificate(both, here).await.unwrap();
    let days = (d("2027-01-01"), d("2027-01-31"));
    for (put_away, expected) in [(false, 3), (true, 2)] {
        owner.archive_client(away, put_away.then_some(crate::support::today().day)).await.unwrap();
        for who in ["owner", "accountant"] {
            let scoped = firm.scoped(who).await;
            let counted = scoped.ends_beyond(0, days.0, days.1, &any(), 3).await.unwrap();
            let read = scoped.ends_beyond(100, days.0, days.1, &any(), 3).await.unwrap();
            let sums = |all: &[domain::calendar::DayEnds]| all.iter().map(|e| (e.day, e.counts)).collect::<Vec<_>>();
            assert_eq!(sums(&counted), sums(&read), "{who}");
            assert_eq!(counted.len(), expected, "{who}, put away: {put_away}");
            assert_eq!(scoped.day_counts(days.0, days.1, &any()).await.unwrap().len(), expected);
            assert!(counted.iter().zip(&read).all(|(a, b)| a.first.len() == b.first.len()), "the same first names");
        }
    }
}

async fn the_agenda_names_each_certificate_once_in_order_and_only_what_is_seen(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let other = firm.client(OTHER, Some("second")).await;
    let first = firm.certificate(&Wish::of(BIN).until("2026-01-10", "2027-01-10")).await;
    firm.certificate(&Wish::of(OTHER).until("2026-01-12", "2027-01-12")).await;
    let last = firm
        .certificate(&Wish {
            iin: "851231499000",
            name: "АХМЕТОВА АЛИЯ",
            ..Wish::of(BIN).until("2026-01-20", "2027-01-20")
        })
        .await;
    firm.scoped("owner").await.link_certificate(first, other).await.unwrap();
    let days = (d("2027-01-01"), d("2027-01-31"));
    let owner = firm.scoped("owner").await;
    let all = owner.agenda(days.0, days.1, &any(), 0, 100).await.unwrap();
    assert_eq!(all.len(), 3, "a certificate of two clients stands once");
    assert_eq!((all[0].certificate.id, all[0].numbers.len(), all[2].certificate.id), (first, 2, last));
    let part = owner.agenda(days.0, days.1, &any(), 1, 1).await.unwrap();
    assert_eq!((part.len(), part[0].certificate.id), (1, all[1].certificate.id));
    let mine = firm.scoped("accountant").await.agenda(days.0, days.1, &any(), 0, 100).await.unwrap();
    assert_eq!(mine.iter().map(|r| r.certificate.id).collect::<Vec<_>>(), [first, last]);
    assert_eq!(mine[0].numbers, [BIN], "the other client of the certificate is not named");
}

async fn a_day_off_moves_the_day_to_act_by_and_only_an_owner_enters_it(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let (day, before) = (d("2026-11-27"), d("2026-11-26"));
    assert_eq!(owner.days_off().await.unwrap().last_working(day), day);
    owner.set_day_off(day, ["Субботник".into(), String::new(), String::new()]).await.unwrap();
    assert_eq!(firm.scoped("accountant").await.days_off().await.unwrap().last_working(day), before);
    let refused = firm.scoped("lead").await.set_day_off(day, ["x".into(), String::new(), String::new()]).await;
    assert!(matches!(refused, Err(store::Error::Refused(Refusal::NotAllowed))));
    owner.remove_day_off(day).await.unwrap();
    assert_eq!(firm.scoped("accountant").await.days_off().await.unwrap().last_working(day), day);
    assert!(!owner.days_off().await.unwrap().knows(2031), "a year that nobody entered");
}

async fn the_file_holds_what_the_reader_may_see_and_no_more(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = crate::support::state(&base.store);
    firm.client(BIN, Some("accountant")).await;
    firm.client(OTHER, Some("second")).await;
    let first = firm.certificate(&Wish::of(BIN).until("2026-01-10", "2027-01-10")).await;
    let second = firm.certificate(&Wish::of(OTHER).until("2026-01-12", "2027-01-12")).await;
    for id in [first, second] {
        firm.scoped("owner").await.open_task(reissue(id)).await.unwrap();
    }
    for (who, lines) in [("owner", 3), ("accountant", 2), ("observer", 1)] {
        let session = crate::support::cookie(&firm.store, firm.people[who], state.clock.now()).await;
        let (status, file) =
            crate::support::get(&state, "/calendar.csv?from=2027-01-01&until=2027-01-31", Some(&session)).await;
        assert_eq!((status, file.lines().count()), (axum::http::StatusCode::OK, lines), "{who}: {file}");
        assert!(
            file.starts_with(
                "\u{feff}Клиент;БИН/ИИН;Владелец;Роль;Назначение;Серийный номер;Действует с;Действует по;"
            )
        );
        assert_eq!(file.contains(OTHER), who == "owner");
        for path in ["/clients.csv", "/tasks.csv?view=all"] {
            let (status, file) = crate::support::get(&state, path, Some(&session)).await;
            assert_eq!((status, file.lines().count()), (axum::http::StatusCode::OK, lines), "{who} {path}: {file}");
            assert_eq!(file.contains(OTHER), who == "owner", "{who} {path}");
        }
        for path in ["/clients.xlsx", "/tasks.xlsx?view=all", "/calendar.xlsx?from=2027-01-01&until=2027-01-31"] {
            let (status, file) = crate::support::get(&state, path, Some(&session)).await;
            assert!(
                status == axum::http::StatusCode::OK && file.starts_with("PK"),
                "{who} {path}: a workbook is a ZIP"
            );
        }
        let (status, _) = crate::support::get(&state, "/audit.xlsx", Some(&session)).await;
        assert_eq!(status == axum::http::StatusCode::OK, who == "owner", "{who}: the history as a file");
    }
}

fn reissue(id: domain::id::CertificateId) -> NewTask {
    NewTask {
        certificates: vec![id],
        reason: Reason::Planned,
        route: Route::Online,
        assignee: None,
        due: d("2027-01-08"),
        note: String::new(),
    }
}

async fn a_task_stands_on_its_day_and_on_the_time_that_is_agreed(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    firm.client(OTHER, Some("second")).await;
    let task = firm.task(firm.certificate(&Wish::of(BIN)).await).await;
    let foreign = firm.task(firm.certificate(&Wish::of(OTHER)).await).await;
    let scoped = firm.scoped("accountant").await;
    let at = |text: &str| Some(text.parse().unwrap());
    // 19:30 in UTC is the next day in Kazakhstan.
    scoped.set_agreed(task, at("2026-11-25T19:30:00Z"), 1).await.unwrap();
    let days = async |who: &str| {
        let days = firm.scoped(who).await.tasks_by_day(d("2026-11-23"), d("2026-12-06"), &any(), 3).await.unwrap();
        let line = |day: &DayTasks| (day.day, day.first.iter().map(|e| (e.task, e.at.is_some())).collect::<Vec<_>>());
        days.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(
        days("accountant").await,
        [(d("2026-11-26"), vec![(task, true)]), (d("2026-11-30"), vec![(task, false)])]
    );
    assert_eq!(days("second").await, [(d("2026-11-30"), vec![(foreign, false)])]);
    scoped.set_agreed(task, at("2026-11-30T05:00:00Z"), 2).await.unwrap();
    assert_eq!(days("accountant").await, [(d("2026-11-30"), vec![(task, true)])], "once, where both are one day");
    let owner = firm.scoped("owner").await;
    let whole = owner.tasks_by_day(d("2026-11-30"), d("2026-11-30"), &any(), 1).await.unwrap();
    assert_eq!((whole[0].total, whole[0].first.len()), (2, 1), "the rest is counted");
    assert_eq!(whole[0].first[0].task, task, "what has a time comes first");
}

async fn days_of_tasks_are_moved_and_taken_back(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let task = firm.task(firm.certificate(&Wish::of(BIN)).await).await;
    let scoped = firm.scoped("accountant").await;
    let due = async || firm.scoped("owner").await.task_card(task).await.unwrap().row.clock.due;
    let undo = scoped.set_due(task, d("2026-12-04"), 1).await.unwrap();
    assert_eq!(due().await, d("2026-12-04"));
    assert_eq!(scoped.take_back(undo).await.unwrap(), 0);
    assert_eq!(due().await, d("2026-11-30"));
    let undo = scoped.set_due_of(&firm.seen(&[task]).await, d("2026-12-08")).await.unwrap();
    assert_eq!(due().await, d("2026-12-08"));
    scoped.comment(task, "позвонили", None).await.unwrap();
    assert_eq!(scoped.take_back(undo).await.unwrap(), 0, "a comment moves nothing on");
    assert_eq!(due().await, d("2026-11-30"));
    let refused = firm.scoped("second").await.set_due_of(&firm.seen(&[task]).await, d("2026-12-08")).await;
    assert!(matches!(refused, Err(store::Error::Refused(Refusal::NotFound))));
}

async fn a_kept_drawing_is_only_for_whom_and_of_what_it_was_drawn(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    firm.certificate(&Wish::of(BIN).until("2026-01-15", "2027-01-15")).await;
    let (state, mut sessions) = (state(&base.store), std::collections::HashMap::new());
    for who in ["accountant", "second", "owner", "observer"] {
        sessions.insert(who, cookie(&base.store, firm.people[who], today().now).await);
    }
    let page = async |who: &str, path: &str| {
        let (status, text) = get(&state, path, Some(&sessions[who])).await;
        assert_eq!(status, StatusCode::OK);
        text
    };
    let month = "/calendar?month=2027-01";
    let first = page("accountant", month).await;
    assert!(first.contains(BIN) && first.contains("class=\"add\""));
    assert_eq!(page("accountant", month).await, first, "a drawing that is kept reads the same");
    assert!(!page("second", month).await.contains(BIN), "nobody gets what was drawn for another");
    assert!(!page("observer", month).await.contains("class=\"add\""));
    assert!(page("accountant", "/calendar?month=2027-01&day=2027-01-15").await.contains("sel "));
    assert!(page("accountant", "/calendar/week?week=2027-01-15").await.contains(BIN));
    assert!(!page("accountant", "/calendar?month=2027-02").await.contains(BIN));
    let owner = firm.scoped("owner").await;
    let data = ClientData { name: "ТОО «Иначе»".into(), ..owner.client_card(client).await.unwrap().data };
    owner.change_client(client, data, 1).await.unwrap();
    let after = page("accountant", month).await;
    assert!(after.contains("Иначе") && !after.contains(&format!("Клиент {BIN}")), "a write shows at once");
}
