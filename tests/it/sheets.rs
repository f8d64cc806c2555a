//! A firm's own spreadsheet, through the pages: recognised, judged, accepted, repeatable, nothing foreign in it.

use crate::support::{Base, Firm, Wish, ask, cookie, d, get, multipart, on_both, post, state};
use axum::http::StatusCode;
use domain::calendar::CalendarFilter;
use domain::client::ClientFilter;
use server::state::AppState;
use std::sync::Arc;

on_both!(
    a_spreadsheet_brings_clients_dates_people_and_phones_and_repeats_without_doubling,
    rows_at_fault_are_named_and_can_be_downloaded,
    an_accountant_brings_dates_of_own_clients_only,
    a_container_or_no_table_is_refused_in_words,
    a_spreadsheets_import_is_listed_and_undone_like_any_other,
    many_dates_of_a_client_are_written_with_as_few_statements_as_two,
    what_was_not_shown_does_not_come_in,
    a_cell_that_a_form_would_refuse_is_at_fault,
    an_observer_is_nobodys_responsible,
    two_rows_of_a_new_client_bring_both_contacts,
    several_dates_of_one_owner_are_asked_about,
    what_is_refused_takes_nothing_from_the_rows_below,
    more_contacts_than_a_client_has_are_refused,
);

const BIN: &str = "971240001315";
const OTHER: &str = "940140000385";

const TABLE: &str = "Клиент;БИН;Директор;ЭЦП действует до;Бухгалтер;Телефон\n\
    ТОО «Новый»;020240000555;Омаров Ерлан;15.01.2027;accountant@example.kz;+7 700 111 22 33\n\
    ТОО «Альфа»;971240001315;Ким Ольга;20.12.2026;;8 700 444 55 66\n\
    ТОО «Альфа»;971240001315;Петров Иван;21.12.2026;;\n\
    ;;;;;\n\
    ТОО «Кривой»;971240001316;Ким Анна;21.12.2026;;\n\
    ТОО «Без даты»;941240000193;Ким Анна;скоро;;\n";

async fn many_dates_of_a_client_are_written_with_as_few_statements_as_two(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let cost = async |number: &str, dates: usize| {
        let line = |n: usize| format!("ТОО «Новый»;{number};Омаров Ерлан {n};15.01.2027\n");
        let lines: String = (0..dates).map(line).collect();
        let page = upload(&state, &session, &format!("Клиент;БИН;Директор;ЭЦП действует до\n{lines}")).await;
        let ((status, _), statements) = Box::pin(store::counted(post(&state, &page, Some(&session), ""))).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        statements
    };
    // What the program remembers of the firm is asked once.
    cost("941240000193", 1).await;
    assert_eq!(cost(OTHER, 2).await, cost(BIN, 30).await);
    let all = firm.scoped("owner").await.ends(d("2027-01-15"), d("2027-01-15"), &CalendarFilter::default()).await;
    assert_eq!(all.unwrap().len(), 33);
}

/// Uploads a table and gives the address of its preview.
async fn upload(state: &Arc<AppState>, session: &str, table: &str) -> String {
    let (body, kind) = multipart("files", "клиенты.csv", table.as_bytes());
    let (status, text, response) = ask(state, "POST", "/import/sheet", Some(session), body, kind).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    response.headers()["location"].to_str().unwrap().to_owned()
}

async fn a_spreadsheet_brings_clients_dates_people_and_phones_and_repeats_without_doubling(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let alpha = firm.client(BIN, Some("second")).await;
    firm.certificate(&Wish::of(BIN).until("2025-12-20", "2026-12-20")).await;
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let page = upload(&state, &session, TABLE).await;
    let (_, text) = get(&state, &page, Some(&session)).await;
    assert!(text.contains("1 новый клиент") && text.contains("2 с ошибкой"), "{text}");
    let (status, _) = post(&state, &page, Some(&session), "").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let owner = firm.scoped("owner").await;
    let found = owner.clients(&ClientFilter { text: "Новый".into(), ..ClientFilter::default() }).await.unwrap();
    let new = found.rows[0].id;
    assert_eq!(owner.assignments(new).await.unwrap()[0].person.0, firm.people["accountant"].0);
    assert_eq!(owner.client_card(new).await.unwrap().data.contacts[0].phone, "+7 700 111 22 33");
    let ends = owner.ends(d("2026-12-01"), d("2027-01-31"), &CalendarFilter::default()).await.unwrap();
    let typed: Vec<_> = ends.iter().filter(|e| e.typed).map(|e| (e.holder.as_str(), e.day)).collect();
    assert_eq!(
        typed,
        [("Петров Иван", d("2026-12-21")), ("Омаров Ерлан", d("2027-01-15"))],
        "a known certificate is not typed again"
    );
    assert_eq!(owner.client_card(alpha).await.unwrap().data.contacts.len(), 1);
    let (_, again) = get(&state, &page, Some(&session)).await;
    assert!(!again.contains("новых клиентов") && again.contains("3 без изменений"), "{again}");
    post(&state, &page, Some(&session), "").await;
    assert_eq!(
        owner.ends(d("2026-12-01"), d("2027-01-31"), &CalendarFilter::default()).await.unwrap().len(),
        ends.len()
    );
    assert_eq!(owner.client_card(alpha).await.unwrap().data.contacts.len(), 1);
}

async fn rows_at_fault_are_named_and_can_be_downloaded(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let page = upload(&state, &session, TABLE).await;
    let (_, file) = get(&state, &format!("{page}/failed.csv"), Some(&session)).await;
    let lines: Vec<&str> = file.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 3, "{file}");
    assert!(lines[0].ends_with(";Ошибка") && lines[1].contains("971240001316") && lines[2].contains("скоро"), "{file}");
    let (_, text) =
        get(&state, &format!("{page}?c=name&c=number&c=holder&c=ignore&c=ignore&c=ignore"), Some(&session)).await;
    assert!(text.contains("1 с ошибкой"), "a column that is left out is no longer at fault: {text}");
    let other = cookie(&firm.store, firm.people["lead"], state.clock.now()).await;
    assert_eq!(get(&state, &page, Some(&other)).await.0, StatusCode::NOT_FOUND, "a draft is its maker's alone");
}

async fn an_accountant_brings_dates_of_own_clients_only(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    firm.client(BIN, Some("accountant")).await;
    let foreign = firm.client(OTHER, Some("second")).await;
    let session = cookie(&firm.store, firm.people["accountant"], state.clock.now()).await;
    let table = format!(
        "Клиент;БИН;Срок ЭЦП\nТОО А;{BIN};20.12.2026\nТОО Б;{OTHER};20.12.2026\nТОО В;020240000555;20.12.2026\n"
    );
    let page = upload(&state, &session, &table).await;
    let (_, file) = get(&state, &format!("{page}/failed.csv"), Some(&session)).await;
    let reasons: Vec<&str> = file.lines().skip(1).filter_map(|l| l.rsplit(';').next()).collect();
    assert!(reasons.len() == 2 && reasons[0] == reasons[1], "a foreign and an unknown number answer alike: {file}");
    post(&state, &page, Some(&session), "").await;
    let ends =
        firm.scoped("owner").await.ends(d("2026-12-20"), d("2026-12-20"), &CalendarFilter::default()).await.unwrap();
    assert_eq!(ends.len(), 1, "{foreign} got nothing");
}

async fn a_container_or_no_table_is_refused_in_words(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    for bytes in [&b"PK\x03\x04 broken"[..], b"", b"-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----\n"] {
        let (body, kind) = multipart("files", "a.xlsx", bytes);
        let (status, text, _) = ask(&state, "POST", "/import/sheet", Some(&session), body, kind).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("class=\"wrong\""), "{text}");
    }
}

async fn a_spreadsheets_import_is_listed_and_undone_like_any_other(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let alpha = firm.client(BIN, Some("second")).await;
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let owner = firm.scoped("owner").await;
    let before = owner.clients(&ClientFilter::default()).await.unwrap().total;
    let page = upload(&state, &session, TABLE).await;
    post(&state, &page, Some(&session), "").await;
    let recent = owner.recent_imports().await.unwrap();
    let import = recent.iter().find(|i| i.sheet.as_deref() == Some("клиенты.csv")).expect("it is listed");
    assert_eq!((import.certificates, import.clients, import.changes), (3, 1, 2));
    let (_, asked) = get(&state, &format!("/import/{}/undo", import.draft), Some(&session)).await;
    assert!(asked.contains("3 срока") && asked.contains("1 клиент") && asked.contains("2 изменения"), "{asked}");
    assert_eq!(owner.clients(&ClientFilter::default()).await.unwrap().total, before + 1, "asking changes nothing");
    let undone = owner.undo_import(import.draft).await.unwrap();
    assert_eq!((undone.certificates, undone.clients, undone.changes), (3, 1, 2), "{:?}", undone.kept);
    assert!(undone.kept.is_empty(), "{:?}", undone.kept);
    let owner = firm.scoped("owner").await;
    assert_eq!(owner.clients(&ClientFilter::default()).await.unwrap().total, before);
    assert!(owner.client_card(alpha).await.unwrap().data.contacts.is_empty());
    assert!(owner.certificates_of(alpha).await.unwrap().is_empty());
    let (status, again) = post(&state, &format!("/import/{}/undo", import.draft), Some(&session), "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(again.contains("уже отменён"), "the second press says what has happened");
    post(&state, &page, Some(&session), "").await;
    let mut data = owner.client_card(alpha).await.unwrap();
    data.data.notes = "позвонить".into();
    owner.change_client(alpha, data.data, data.revision).await.unwrap();
    let again = owner.recent_imports().await.unwrap().into_iter().find(|i| i.sheet.is_some()).unwrap();
    let undone = owner.undo_import(again.draft).await.unwrap();
    assert_eq!(undone.kept.len(), 1, "a card that somebody has changed since stays as it is");
    assert_eq!(owner.client_card(alpha).await.unwrap().data.contacts.len(), 1);
}

async fn what_was_not_shown_does_not_come_in(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let page = upload(&state, &session, TABLE).await;
    let count = async || firm.scoped("owner").await.clients(&Default::default()).await.unwrap().total;
    // Two columns for one thing.
    let twice = "c=name&c=number&c=holder&c=last_day&c=last_day&c=phone";
    let (status, text) = post(&state, &page, Some(&session), twice).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("Два столбца отмечены одинаково"));
    // Read in another way in another window.
    let (_, shown) = get(&state, &page, Some(&session)).await;
    let reading = shown.split("name=\"shown\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    post(&state, &format!("{page}/reading"), Some(&session), "separator=;&head=0&encoding=utf-8").await;
    let stale = format!("c=name&c=number&c=holder&c=last_day&shown={}", reading.replace('|', "%7C").replace(' ', "+"));
    let (status, text) = post(&state, &page, Some(&session), &stale).await;
    assert_eq!((status, count().await), (StatusCode::CONFLICT, 0), "{text}");
    assert!(text.contains("прочитан по-другому"));
    // Days of which none is known to be the end: no end comes in, and the page says so.
    let page = upload(&state, &session, "Клиент;БИН;Дата 1;Дата 2\nТОО «А»;971240001315;05.03.2026;05.03.2027\n").await;
    let (_, text) = get(&state, &page, Some(&session)).await;
    assert!(text.contains("какая из них — конец ЭЦП, неясно") && !text.contains("<td title=\"05.03.2026\">"), "{text}");
}

async fn a_cell_that_a_form_would_refuse_is_at_fault(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let long = "7".repeat(41);
    let table = format!(
        "Клиент;БИН;Телефон;Почта;ЭЦП до\n\
         ТОО «Длинный»;971240001315;{long};;\n\
         ТОО «Без адреса»;940140000385;;нет почты;\n\
         ТОО «С – по»;020240000555;;;05.03.2026 – 05.03.2027\n\
         \"Бета ТОО;941240000193;;;\nТОО \"\"Гамма;980640000093\"; 980640000093;;;\n"
    );
    let page = upload(&state, &session, &table).await;
    let (_, text) = get(&state, &page, Some(&session)).await;
    for said in ["Слишком длинно", "почта: ", "действует до: ", "потерялась кавычка"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    post(&state, &page, Some(&session), "").await;
    assert_eq!(firm.scoped("owner").await.clients(&Default::default()).await.unwrap().total, 0);
}

async fn an_observer_is_nobodys_responsible(base: &Base) {
    use domain::person::Part;
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, None).await;
    let owner = firm.scoped("owner").await;
    for part in [Part::Responsible, Part::Deputy] {
        let refused = owner.assign(client, firm.assignment("observer", part)).await;
        assert_eq!(crate::support::rule(refused), domain::refusal::Rule::ObserverWorks);
    }
    let many = owner.assign_many(&firm.seen_clients(&[client]).await, firm.people["observer"]).await;
    assert_eq!(crate::support::rule(many), domain::refusal::Rule::ObserverWorks);
    owner.assign(client, firm.assignment("observer", Part::Observer)).await.unwrap();
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let table = "Клиент;БИН;Бухгалтер\nТОО «Новый»;020240000555;observer@example.kz\n";
    let page = upload(&state, &session, table).await;
    let (_, text) = get(&state, &page, Some(&session)).await;
    assert!(text.contains("class=\"wrong\""), "{text}");
}

async fn two_rows_of_a_new_client_bring_both_contacts(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let table = "Клиент;БИН;Контакт;Телефон\nТОО «Новый»;020240000555;Анна;+7 700 111 22 33\n\
        ТОО «Новый»;020240000555;Иван;+7 700 444 55 66\nТОО «Новый»;020240000555;Анна;+7 700 111 22 33\n";
    let page = upload(&state, &session, table).await;
    post(&state, &page, Some(&session), "").await;
    let owner = firm.scoped("owner").await;
    let all = owner.clients(&ClientFilter::default()).await.unwrap();
    let contacts = owner.client_card(all.rows[0].id).await.unwrap().data.contacts;
    assert_eq!(contacts.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["Анна", "Иван"]);
}

async fn several_dates_of_one_owner_are_asked_about(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let table = format!(
        "Клиент;БИН;Директор;ЭЦП действует до\nТОО «Альфа»;{BIN};Ким Ольга;20.12.2026\n\
         ТОО «Альфа»;{BIN};КИМ ОЛЬГА;15.03.2027\nТОО «Альфа»;{BIN};Петров Иван;21.12.2026\n\
         ТОО «Бета»;{OTHER};Цой Анна;10.01.2027\nТОО «Бета»;{OTHER};Цой Анна;10.01.2027\n"
    );
    let days = async || {
        let all = firm.scoped("owner").await.ends(d("2026-12-01"), d("2027-12-01"), &CalendarFilter::default()).await;
        all.unwrap().iter().map(|end| end.day.to_string()).collect::<Vec<_>>()
    };
    let page = upload(&state, &session, &table).await;
    let (_, text) = get(&state, &page, Some(&session)).await;
    assert_eq!(text.matches("несколько дат окончания").count(), 2, "both rows of the one owner: {text}");
    assert!(text.contains("id=\"f-several\"") && !text.contains("value=\"latest\" selected"), "nothing is chosen");
    post(&state, &page, Some(&session), "").await;
    assert_eq!(days().await, ["2026-12-21", "2027-01-10"], "what is not decided stays out");
    let (_, text) = get(&state, &format!("{page}?several=latest"), Some(&session)).await;
    assert!(!text.contains("несколько дат окончания"), "{text}");
    post(&state, &page, Some(&session), "several=latest").await;
    assert_eq!(days().await, ["2026-12-21", "2027-01-10", "2027-03-15"]);
    post(&state, &page, Some(&session), "several=all").await;
    assert_eq!(days().await, ["2026-12-20", "2026-12-21", "2027-01-10", "2027-03-15"]);
}

async fn what_is_refused_takes_nothing_from_the_rows_below(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let owner = firm.scoped("owner").await;
    let table = format!(
        "Клиент;БИН;Владелец ЭЦП;ИИН владельца;ЭЦП действует до;Бухгалтер\n\
         ТОО «Альфа»;{BIN};Ким Ольга;;20.12.2026;accountant@example.kz\n\
         ТОО «Альфа»;{BIN};Ким Ольга;020920600936;15.03.2027;accountant@example.kz\n\
         ТОО «Альфа»;{BIN};Петров Иван;;21.12.2026;accountant@example.kz\n"
    );
    let page = upload(&state, &session, &table).await;
    let (_, text) = get(&state, &page, Some(&session)).await;
    assert_eq!(
        text.matches("несколько дат окончания").count(),
        2,
        "an ИИН beside one of them alone tells nobody apart"
    );
    assert!(text.contains("2 строки ждут выбора"), "{text}");
    assert!(!text.contains("<button class=\"btn main\">Внести"), "what is asked is answered first");
    post(&state, &page, Some(&session), "").await;
    let client = owner.clients(&ClientFilter::default()).await.unwrap().rows[0].clone();
    let who = client.responsible.as_ref().map(|(who, _)| *who);
    assert_eq!(who, Some(firm.people["accountant"]), "the row that came in brings its responsible");
    let (_, text) = get(&state, &format!("{page}?several=latest"), Some(&session)).await;
    assert!(!text.contains("несколько дат окончания"), "{text}");
}

async fn more_contacts_than_a_client_has_are_refused(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let line = |n: usize| format!("ТОО «Альфа»;{BIN};+7 700 000 00 {n:02}\n");
    let same = format!("ТОО «Бета»;{OTHER};+7 701 111 22 33\n").repeat(25);
    let table = format!("Клиент;БИН;Телефон\n{}{same}", (10..35).map(line).collect::<String>());
    let page = upload(&state, &session, &table).await;
    let (_, text) = get(&state, &page, Some(&session)).await;
    assert_eq!(text.matches("Слишком много").count(), 5, "{text}");
    post(&state, &page, Some(&session), "").await;
    let owner = firm.scoped("owner").await;
    let contacts = async |number: &str| {
        let filter = ClientFilter { text: number.into(), ..ClientFilter::default() };
        let id = owner.clients(&filter).await.unwrap().rows[0].id;
        owner.client_card(id).await.unwrap().data.contacts.len()
    };
    assert_eq!((contacts(BIN).await, contacts(OTHER).await), (domain::client::MOST_CONTACTS, 1));
}
