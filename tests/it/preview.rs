//! The preview of an import: a line can be left out, a new client named, a client chosen by words.

use crate::certificates::data;
use crate::support::{Base, Firm, Wish, ask, cookie, d, get, multipart, on_both, post, state, state_on, today};
use axum::http::{StatusCode, header};
use domain::client::ClientFilter;
use domain::day::OfficeDay;
use domain::id::ClientId;
use server::state::AppState;
use std::sync::Arc;
use store::Store;

on_both!(
    a_line_left_out_stays_outside_and_can_be_taken_later,
    names_that_differ_for_one_new_number_are_told,
    whoever_is_too_late_for_a_new_client_hears_why,
    a_new_client_bears_the_name_that_was_given,
    a_certificate_without_a_number_goes_to_the_client_that_is_named,
    a_client_is_linked_by_its_number_or_whole_name_and_by_nothing_less,
);

const FIRST: &str = "971240001315";
const TYPED: &str = "placeholder=\"БИН, ИИН или название\"";
const SECOND: &str = "940140000385";

async fn seat(store: &Store, firm: &Firm) -> (Arc<AppState>, String) {
    let now = OfficeDay::noon(d("2026-11-23")).now;
    (state_on(store, "2026-11-23"), cookie(store, firm.people["owner"], now).await)
}

async fn named(firm: &Firm, number: &str) -> Option<(ClientId, String)> {
    let filter = ClientFilter { text: number.into(), ..ClientFilter::default() };
    let list = firm.scoped("owner").await.clients(&filter).await.unwrap();
    list.rows.iter().find(|c| c.number == number).map(|c| (c.id, c.name.clone()))
}

async fn names_that_differ_for_one_new_number_are_told(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (state, session) = seat(&base.store, &firm).await;
    let individual = |name| Wish { name, bin: None, ..Wish::of(FIRST) };
    let items = ["КИМ ОЛЬГА", "КИМ-ЛИ ОЛЬГА"].map(|name| firm.item(&individual(name))).into();
    let draft = firm.scoped("owner").await.draft(items).await.unwrap();
    let (_, page) = get(&state, &format!("/import/{draft}"), Some(&session)).await;
    assert_eq!(page.matches("Здесь клиент назван иначе: ").count(), 1, "{page}");
    let alike = [individual("КИМ ОЛЬГА"), individual("КИМ ОЛЬГА").until("2026-11-01", "2027-11-01")];
    let draft = firm.scoped("owner").await.draft(alike.iter().map(|w| firm.item(w)).collect()).await.unwrap();
    let (_, page) = get(&state, &format!("/import/{draft}"), Some(&session)).await;
    assert!(!page.contains("назван иначе"), "{page}");
}

async fn a_line_left_out_stays_outside_and_can_be_taken_later(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (state, session) = seat(&base.store, &firm).await;
    let items = vec![firm.item(&Wish::of(FIRST)), firm.item(&Wish::of(SECOND))];
    let draft = firm.scoped("owner").await.draft(items).await.unwrap();
    let path = format!("/import/{draft}");
    let lines = firm.scoped("owner").await.preview(draft).await.unwrap().rows;
    let out = lines.iter().find(|r| r.content.as_ref().unwrap().facts.owner_number() == Some(FIRST)).unwrap().no;

    let all = lines.iter().map(|r| format!("out_{}=1&", r.no)).collect::<String>();
    let (status, page) = post(&state, &path, Some(&session), &all).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Ничего не внесено") && page.contains(&path), "{page}");
    assert!(named(&firm, FIRST).await.is_none() && named(&firm, SECOND).await.is_none());

    let (_, page) = post(&state, &path, Some(&session), &format!("out_{out}=1")).await;
    assert!(page.contains("/clients?responsible=none"), "the next step: {page}");
    assert!(named(&firm, FIRST).await.is_none() && named(&firm, SECOND).await.is_some());

    let again = format!("{path}?left={out}");
    assert!(page.contains(&again), "{page}");
    let (_, page) = get(&state, &again, Some(&session)).await;
    assert!(page.contains(r#"data-kind="new""#) && page.contains(r#"data-kind="same""#), "{page}");
    assert!(page.contains(&format!("name=\"out_{out}\" value=\"1\" checked")), "what was left out is ticked: {page}");
    post(&state, &path, Some(&session), "").await;
    assert!(named(&firm, FIRST).await.is_some());
}

async fn whoever_is_too_late_for_a_new_client_hears_why(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let lead = firm.scoped("lead").await;
    let draft = lead.draft(vec![firm.item(&Wish::of(FIRST))]).await.unwrap();
    assert_eq!(lead.preview(draft).await.unwrap().registers(), 1);
    firm.client(FIRST, Some("second")).await;
    let state = state(&base.store);
    let session = cookie(&base.store, firm.people["lead"], today().now).await;
    let (status, page) = post(&state, &format!("/import/{draft}"), Some(&session), "").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Ничего не внесено") && page.contains("БИН уже есть в фирме"), "{page}");
}

async fn a_new_client_bears_the_name_that_was_given(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (state, session) = seat(&base.store, &firm).await;
    let draft = firm.scoped("owner").await.draft(vec![firm.item(&Wish::of(FIRST))]).await.unwrap();
    let path = format!("/import/{draft}");
    let (_, page) = get(&state, &path, Some(&session)).await;
    assert_eq!(page.matches(&format!("name=\"name_{FIRST}\"")).count(), 1);

    let bad = format!("name_{FIRST}={}&out_99=1&show=on", "x".repeat(201));
    let (status, page) = post(&state, &path, Some(&session), &bad).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("x".repeat(201).as_str()), "what was typed is kept");
    let (status, _) = post(&state, &path, Some(&session), &format!("name_{FIRST}=+")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "a client without a name is none");
    assert!(named(&firm, FIRST).await.is_none());

    let (status, _) = post(&state, &path, Some(&session), &format!("name_{FIRST}=%E2%80%8B%E2%81%A0")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "nor one whose name nobody sees");
    assert!(named(&firm, FIRST).await.is_none());

    let good = format!("name_{FIRST}=%D0%A2%D0%9E%D0%9E+%D0%94%D0%B0%D0%BB%D0%B0&name_{SECOND}=other");
    post(&state, &path, Some(&session), &good).await;
    assert_eq!(named(&firm, FIRST).await.unwrap().1, "ТОО Дала");
    assert!(named(&firm, SECOND).await.is_none(), "a name alone makes no client");
}

async fn a_certificate_without_a_number_goes_to_the_client_that_is_named(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (state, session) = seat(&base.store, &firm).await;
    let client = firm.client(FIRST, None).await;
    firm.client(SECOND, None).await;
    let foreign = std::fs::read(data("odd/foreign-d11.cer")).unwrap();
    let (body, kind) = multipart("files", "foreign.cer", &foreign);
    let (_, _, response) = ask(&state, "POST", "/import", Some(&session), body, kind).await;
    let path = response.headers()[header::LOCATION].to_str().unwrap().to_owned();
    let field = "client_0";
    let (_, page) = get(&state, &path, Some(&session)).await;
    assert!(page.contains(&format!("name=\"{field}\"")), "{page}");

    let (status, page) = post(&state, &path, Some(&session), &format!("{field}=nobody")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Такого клиента среди ваших нет"), "{page}");
    let certificates = async || firm.scoped("owner").await.certificates_of(client).await.unwrap().len();
    assert_eq!(certificates().await, 0);
    post(&state, &path, Some(&session), &format!("{field}={FIRST}")).await;
    assert_eq!(certificates().await, 1);
}

async fn a_client_is_linked_by_its_number_or_whole_name_and_by_nothing_less(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (state, session) = seat(&base.store, &firm).await;
    firm.client(FIRST, None).await;
    let certificate = firm.certificate(&Wish::of(FIRST)).await;
    let second = firm.client(SECOND, None).await;
    let (_, name) = named(&firm, SECOND).await.unwrap();
    let path = format!("/certificates/{certificate}/link");
    let linked = async || {
        let card = firm.scoped("owner").await.certificate_card(certificate).await.unwrap();
        card.row.clients.iter().any(|(id, _)| *id == second)
    };
    let part: String = name.chars().take(7).collect();
    for (words, said) in [(part.as_str(), SECOND), ("никто-никто", "нет"), ("", "Заполните"), ("\0", "Заполните")]
    {
        let form = serde_urlencoded::to_string([("client", words)]).unwrap();
        let (status, page) = post(&state, &path, Some(&session), &form).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(page.contains(said), "{words}: {said}");
        assert!(!linked().await, "{words}");
    }
    let form = serde_urlencoded::to_string([("client", name.to_uppercase())]).unwrap();
    assert_eq!(post(&state, &path, Some(&session), &form).await.0, StatusCode::SEE_OTHER);
    assert!(linked().await);
}

/// The list of a select ends at five hundred; whoever has more types.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_more_clients_than_a_list_holds_types_the_number() {
    let base = Base::sqlite().await;
    let firm = Firm::new(&base.store).await;
    let (state, session) = seat(&base.store, &firm).await;
    firm.client(FIRST, None).await;
    let certificate = firm.certificate(&Wish::of(FIRST)).await;
    let card = format!("/certificates/{certificate}");
    let (_, page) = get(&state, &card, Some(&session)).await;
    assert!(page.contains("Выберите клиента") && !page.contains(TYPED));
    let owner = firm.scoped("owner").await;
    let numbers = (0..).filter_map(|n: u32| {
        let stem = format!("960140{n:05}");
        let digits: Vec<u8> = stem.bytes().map(|b| b - b'0').collect();
        domain::number::check_digit(&digits).map(|check| format!("{stem}{check}"))
    });
    for number in numbers.take(500) {
        owner.create_client(crate::support::data(&number)).await.unwrap();
    }
    let (_, page) = get(&state, &card, Some(&session)).await;
    assert!(page.contains(TYPED), "{page}");
}
