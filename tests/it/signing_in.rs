//! The way in: one answer for unknown and wrong, a brake, one-time links, leaving.

use crate::support::{Base, Firm, cookie, get, on_both, post, state};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::person::PersonChange;
use domain::person::Role;
use domain::refusal::{Refusal, Rule};
use server::settings::{Cli, Command};
use server::state::AppState;
use std::sync::Arc;
use tower::ServiceExt as _;

on_both!(
    the_first_owner_begins_with_a_link_that_works_once,
    unknown_and_wrong_are_one_answer_and_guessing_slows_down,
    somebody_deactivated_is_out_at_once,
    the_last_owner_stays,
    a_changed_password_ends_the_other_sessions,
    a_form_that_comes_after_its_session_goes_through_signing_in,
    nothing_long_is_read_or_echoed_before_signing_in,
    a_stranger_locks_nobody_out_and_a_known_browser_passes,
    a_hundred_right_passwords_at_one_moment_pass,
    the_old_password_is_braked_inside_a_session_too,
);

fn path(link: &str) -> String {
    link[link.find("/door/").unwrap()..].to_owned()
}

const OFFICE: &str = "office=%D0%9F&zone=Asia%2FAlmaty&lang=kk&name=%D0%94&email=D%40example.kz&password=belaya+roza+3&again=belaya+roza+3";

async fn the_first_owner_begins_with_a_link_that_works_once(base: &Base) {
    let state = state(&base.store);
    let door = path(&state.start_link().await.unwrap());
    assert_eq!(get(&state, &door, None).await.0, StatusCode::OK);
    let (status, text) = post(&state, &door, None, &OFFICE.replace("zone=Asia%2FAlmaty", "zone=Mars")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("value=\"D@example.kz\""), "what was typed stays");
    assert_eq!(post(&state, &door, None, OFFICE).await.0, StatusCode::SEE_OTHER);
    assert_eq!(post(&state, &door, None, OFFICE).await.0, StatusCode::NOT_FOUND, "used up");
    let (status, _) = post(&state, "/sign-in", None, "email=d%40example.kz&password=belaya+roza+3").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
}

async fn unknown_and_wrong_are_one_answer_and_guessing_slows_down(base: &Base) {
    let state = state(&base.store);
    let door = path(&state.start_link().await.unwrap());
    post(&state, &door, None, OFFICE).await;
    let (s1, wrong) = post(&state, "/sign-in", None, "email=d%40example.kz&password=nope").await;
    let (s2, unknown) = post(&state, "/sign-in", None, "email=d%40example.kz&password=nope").await;
    let (s3, other) = post(&state, "/sign-in", None, "email=zz%40example.kz&password=nope").await;
    assert_eq!(
        (s1, s2, s3),
        (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY)
    );
    assert_eq!(wrong, unknown);
    assert_eq!(wrong.replace("d@example.kz", "zz@example.kz"), other, "an unknown address answers as a wrong password");
    for _ in 0..3 {
        post(&state, "/sign-in", None, "email=d%40example.kz&password=nope").await;
    }
    let (status, text) = post(&state, "/sign-in", None, "email=d%40example.kz&password=belaya+roza+3").await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "even the right password waits");
    assert!(text.contains("күт") || text.contains("секунд"), "said in words");
    assert_eq!(
        post(&state, "/sign-in", None, "email=zz%40example.kz&password=nope").await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

async fn somebody_deactivated_is_out_at_once(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let token = cookie(&base.store, firm.people["accountant"], state.clock.now()).await;
    assert_eq!(get(&state, "/clients", Some(&token)).await.0, StatusCode::OK);
    firm.scoped("owner").await.set_active(firm.people["accountant"], false).await.unwrap();
    assert_eq!(get(&state, "/clients", Some(&token)).await.0, StatusCode::SEE_OTHER);
}

async fn the_last_owner_stays(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let me = owner.person(firm.people["owner"]).await.unwrap();
    let last = |r: Result<(), store::Error>| {
        matches!(r.unwrap_err().refusal(), Some(Refusal::Invalid { rule: Rule::LastOwner, .. }))
    };
    assert!(last(owner.set_active(me.id, false).await.map(drop)));
    let change = PersonChange { name: me.name.clone(), role: Role::Lead, team: None, sees_all: false };
    assert!(last(owner.change_person(me.id, change.clone(), me.revision).await));
    let lead = owner.person(firm.people["lead"]).await.unwrap();
    owner
        .change_person(
            lead.id,
            PersonChange { name: lead.name, role: Role::Owner, team: None, sees_all: false },
            lead.revision,
        )
        .await
        .unwrap();
    owner.change_person(me.id, change.clone(), me.revision).await.unwrap();
    let late = owner.change_person(me.id, change, me.revision).await.unwrap_err();
    assert_eq!(late.refusal(), Some(Refusal::Conflict), "the page was older than the change");
}

async fn a_changed_password_ends_the_other_sessions(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let other = cookie(&base.store, firm.people["accountant"], state.clock.now()).await;
    let scoped = firm.scoped("accountant").await;
    scoped.set_password("$argon2id$x".into()).await.unwrap();
    assert_eq!(get(&state, "/", Some(&other)).await.0, StatusCode::SEE_OTHER);
    assert_eq!(scoped.sessions().await.unwrap().len(), 1);
}

/// The value of a hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("{name}: {page}"));
    let (start, end) = (page[..at].rfind('<').unwrap(), at + page[at..].find('>').unwrap());
    let tag = &page[start..end];
    tag.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

async fn a_form_that_comes_after_its_session_goes_through_signing_in(base: &Base) {
    let state = state(&base.store);
    let door = path(&state.start_link().await.unwrap());
    post(&state, &door, None, OFFICE).await;
    let form =
        "text=%D0%9F%D0%BE%D0%B7%D0%B2%D0%BE%D0%BD%D0%B8%D1%82%D1%8C+%D0%B2+%D1%81%D1%80%D0%B5%D0%B4%D1%83&revision=1";
    let (status, page) = post(&state, "/tasks/0192d6a0-0000-7000-8000-000000000001/comment", None, form).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(page.contains("action=\"/sign-in\"") && !page.contains("Позвонить"), "it is kept, not shown to anybody");
    let (to, kept) = (hidden(&page, "to"), hidden(&page, "kept"));
    let wrong = format!("email=d%40example.kz&password=nope&to={to}&kept={kept}&next=%2Ftasks");
    let (_, again) = post(&state, "/sign-in", None, &wrong).await;
    assert_eq!((hidden(&again, "to"), hidden(&again, "kept")), (to.clone(), kept.clone()), "a wrong password keeps it");
    let right = wrong.replace("nope", "belaya+roza+3");
    let (status, page) = post(&state, "/sign-in", None, &right).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Позвонить в среду") && page.contains(&format!("action=\"{to}\"")), "{page}");
    assert_eq!(hidden(&page, "revision"), "1");
    let (status, _) = post(&state, "/sign-in", None, &right.replace(&to, "https://evil.example/")).await;
    assert_eq!(status, StatusCode::OK);
}

async fn nothing_long_is_read_or_echoed_before_signing_in(base: &Base) {
    let state = state(&base.store);
    let long = format!("email={}&password=x", "a".repeat(40_000));
    let (status, page) = post(&state, "/sign-in", None, &long).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Слишком длинно") && !page.contains(&"a".repeat(1_000)), "{page}");
    let long = format!("email={}&password=x", "a".repeat(10_000));
    let (_, page) = post(&state, "/sign-in", None, &long).await;
    assert!(!page.contains(&"a".repeat(1_000)));
}

/// Signs in from an address behind the proxy, from a browser that is known or not; status and cookies.
async fn sign_in_from(state: &Arc<AppState>, from: &str, known: &str, password: &str) -> (StatusCode, String) {
    let form = format!("email=d%40example.kz&password={password}");
    let mut request = Request::post("/sign-in")
        .header("host", "127.0.0.1")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-forwarded-for", "10.9.9.9, spoofed")
        .header("x-forwarded-for", format!("6.6.6.6, {from}"))
        .header("cookie", format!("{}={known}", state.known_name()))
        .body(Body::from(form))
        .unwrap();
    let proxy: std::net::SocketAddr = "127.0.0.1:9".parse().unwrap();
    request.extensions_mut().insert(axum::extract::ConnectInfo(proxy));
    let answer = server::http::router(state.clone()).oneshot(request).await.unwrap();
    let cookies = answer.headers().get_all("set-cookie").iter().map(|c| c.to_str().unwrap().to_owned());
    let known = cookies.filter_map(|c| c.strip_prefix(&format!("{}=", state.known_name())).map(str::to_owned)).next();
    (answer.status(), known.map(|c| c.split(';').next().unwrap().to_owned()).unwrap_or_default())
}

async fn behind_proxy(base: &Base) -> Arc<AppState> {
    let cli = Cli::read(["merzim", "serve", "--today", "2026-11-22", "--behind-proxy", "127.0.0.1"]).unwrap();
    let Command::Serve(settings) = cli.command else { panic!("serve") };
    let state = Arc::new(AppState::new(base.store.clone(), &settings));
    let door = path(&state.start_link().await.unwrap());
    post(&state, &door, None, OFFICE).await;
    state
}

async fn a_stranger_locks_nobody_out_and_a_known_browser_passes(base: &Base) {
    let state = behind_proxy(base).await;
    let (right, wrong) = ("belaya+roza+3", "guess");
    let (status, known) = sign_in_from(&state, "192.0.2.10", "", right).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    for _ in 0..8 {
        sign_in_from(&state, "198.51.100.7", "", wrong).await;
    }
    assert_eq!(sign_in_from(&state, "198.51.100.7", "", right).await.0, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(sign_in_from(&state, "192.0.2.11", "", right).await.0, StatusCode::SEE_OTHER, "another address is free");
    assert_eq!(
        sign_in_from(&state, "198.51.100.7", &known, right).await.0,
        StatusCode::SEE_OTHER,
        "a known browser passes"
    );
    for n in 0..60 {
        sign_in_from(&state, &format!("203.0.113.{n}"), "", wrong).await;
    }
    assert_eq!(sign_in_from(&state, "192.0.2.99", "", right).await.0, StatusCode::TOO_MANY_REQUESTS, "from everywhere");
    assert_eq!(sign_in_from(&state, "192.0.2.99", &known, right).await.0, StatusCode::SEE_OTHER);
    let six = |n: u32| format!("2001:db8:1:2::{n:x}");
    for n in 0..25 {
        sign_in_from(&state, &six(n), "", wrong).await;
    }
    assert_eq!(sign_in_from(&state, &six(999), "", right).await.0, StatusCode::TOO_MANY_REQUESTS, "a network is one");
}

async fn a_hundred_right_passwords_at_one_moment_pass(base: &Base) {
    let state = behind_proxy(base).await;
    let all = (0..100).map(|_| sign_in_from(&state, "192.0.2.10", "", "belaya+roza+3"));
    let answers = futures_util::future::join_all(all).await;
    let passed = answers.iter().filter(|(status, _)| *status == StatusCode::SEE_OTHER).count();
    assert_eq!(passed, 100, "{:?}", answers.iter().map(|(status, _)| *status).collect::<Vec<_>>());
}

async fn the_old_password_is_braked_inside_a_session_too(base: &Base) {
    let state = behind_proxy(base).await;
    let owner = base.store.credentials("d@example.kz").await.unwrap().unwrap().person;
    let session = cookie(&base.store, owner, state.clock.now()).await;
    let change = |old: &str| format!("old={old}&password=novyi+dlinnyi+parol+x&again=novyi+dlinnyi+parol+x");
    for _ in 0..5 {
        let (status, _) = post(&state, "/account/password", Some(&session), &change("guess")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let (status, _) = post(&state, "/account/password", Some(&session), &change("belaya+roza+3")).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "even the right one waits");
}
