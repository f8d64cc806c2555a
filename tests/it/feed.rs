//! A person's calendar for other programs, on both databases: its owner's reach at every fetch, and nothing without its token.

use crate::support::{Base, Firm, Wish, cookie, d, on_both, planned, state_on, today};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::day::OfficeDay;
use domain::person::Part;
use http_body_util::BodyExt as _;
use server::state::AppState;
use std::collections::BTreeMap;
use std::sync::Arc;
use tower::ServiceExt as _;

on_both!(
    a_calendar_holds_what_its_owner_may_see_as_whole_days,
    what_changes_grows_and_what_goes_away_disappears,
    an_unchanged_calendar_is_not_sent_again,
    the_address_opens_nothing_else_and_ends_when_it_is_told_to
);

const BIN: &str = "940140000385";
const OTHER: &str = "971240001315";

/// Makes the feed of somebody on their page; gives its path.
async fn made(base: &Base, firm: &Firm, who: &str, state: &Arc<AppState>) -> String {
    let session = cookie(&base.store, firm.people[who], today().now).await;
    let (status, page) = crate::support::post(state, "/account/feed", Some(&session), "").await;
    assert_eq!(status, StatusCode::OK);
    let path = page.split("/feeds/").nth(1).unwrap().split(".ics").next().unwrap();
    format!("/feeds/{path}.ics")
}

async fn fetch(state: &Arc<AppState>, path: &str, known: Option<&str>) -> (StatusCode, String, String) {
    let mut request = Request::get(path).header(header::HOST, "127.0.0.1");
    if let Some(tag) = known {
        request = request.header(header::IF_NONE_MATCH, tag);
    }
    let response = server::http::router(state.clone()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let tag = parts.headers.get(header::ETAG).map(|h| h.to_str().unwrap().to_owned()).unwrap_or_default();
    (parts.status, tag, String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap())
}

/// Events by their id, as an independent parser reads them.
fn events(calendar: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    for line in calendar.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains('\n'));
    }
    let parsed = ical::IcalParser::new(std::io::BufReader::new(calendar.as_bytes())).next().unwrap().unwrap();
    let event = |event: &ical::parser::ical::component::IcalEvent| {
        let of = |p: &ical::property::Property| {
            let kind = p
                .params
                .iter()
                .flatten()
                .map(|(name, value)| format!(";{name}={}", value.join(",")))
                .collect::<String>();
            (format!("{}{kind}", p.name), p.value.clone().unwrap_or_default())
        };
        let all: BTreeMap<String, String> = event.properties.iter().map(of).collect();
        (all["UID"].clone(), all)
    };
    parsed.events.iter().map(event).collect()
}

async fn a_calendar_holds_what_its_owner_may_see_as_whole_days(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state_on(&base.store, "2026-11-22");
    let mut data = crate::support::data(BIN);
    data.name = "ТОО «Очень длинное название, в котором есть запятые; точки с запятой и қазақ әріптері ұқсас»".into();
    let owner = firm.scoped("owner").await;
    let client = owner.create_client(data).await.unwrap();
    owner.assign(client, firm.assignment("accountant", Part::Responsible)).await.unwrap();
    firm.client(OTHER, Some("second")).await;
    let id = firm.certificate(&Wish::of(BIN)).await;
    let half = firm.certificate(&Wish { signs: false, ..Wish::of(BIN) }).await;
    let foreign = firm.certificate(&Wish::of(OTHER)).await;
    let mut new = planned(id);
    new.certificates.push(half);
    new.assignee = Some(firm.people["accountant"]);
    let task = owner.open_task(new).await.unwrap();
    let path = made(base, &firm, "accountant", &state).await;
    let (status, _, calendar) = fetch(&state, &path, None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n") && calendar.ends_with("END:VCALENDAR\r\n"), "{calendar}");
    let all = events(&calendar);
    assert_eq!(all.len(), 2, "a set is one entry, its task another: {all:?}");
    let end = &all[&format!("certificate-{id}@merzim")];
    assert_eq!((end["DTSTART;VALUE=DATE"].as_str(), end["DTEND;VALUE=DATE"].as_str()), ("20261201", "20261202"));
    assert!(end["SUMMARY"].contains("қазақ әріптері ұқсас") && end["SUMMARY"].contains("Ким О."), "{end:?}");
    assert_eq!(end["URL"], format!("http://127.0.0.1:8080/certificates/{id}"));
    let due = &all[&format!("task-{task}@merzim")];
    assert_eq!((due["DTSTART;VALUE=DATE"].as_str(), due["SEQUENCE"].as_str()), ("20261130", "1"));
    assert!(!calendar.contains(&foreign.to_string()) && !calendar.contains(OTHER));
}

async fn what_changes_grows_and_what_goes_away_disappears(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state_on(&base.store, "2026-11-22");
    let client = firm.client(BIN, Some("accountant")).await;
    let id = firm.certificate(&Wish::of(BIN)).await;
    let owner = firm.scoped("owner").await;
    let mut new = planned(id);
    new.assignee = Some(firm.people["accountant"]);
    let task = owner.open_task(new).await.unwrap();
    let path = made(base, &firm, "accountant", &state).await;
    owner.set_due(task, d("2026-11-27"), 1).await.unwrap();
    let uid = format!("task-{task}@merzim");
    let all = events(&fetch(&state, &path, None).await.2);
    assert_eq!((all[&uid]["DTSTART;VALUE=DATE"].as_str(), all[&uid]["SEQUENCE"].as_str()), ("20261127", "2"));
    // A successor takes the end away, a last day of work everything else.
    firm.import("owner", &Wish::of(BIN).until("2026-11-21", "2027-11-21")).await.unwrap();
    let all = events(&fetch(&state, &path, None).await.2);
    assert!(!all.contains_key(&format!("certificate-{id}@merzim")) && all.contains_key(&uid), "{all:?}");
    let part = owner.assignments(client).await.unwrap()[0].id;
    owner.end_assignment(client, part).await.unwrap();
    let tomorrow = state_on(&base.store, "2026-11-23");
    assert!(events_or_none(&fetch(&tomorrow, &path, None).await.2).is_empty(), "the owner's reach at every fetch");
}

fn events_or_none(calendar: &str) -> Vec<String> {
    calendar.lines().filter(|line| line.starts_with("UID")).map(str::to_owned).collect()
}

async fn an_unchanged_calendar_is_not_sent_again(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state_on(&base.store, "2026-11-22");
    firm.client(BIN, Some("accountant")).await;
    let id = firm.certificate(&Wish::of(BIN)).await;
    let path = made(base, &firm, "accountant", &state).await;
    let (_, tag, first) = fetch(&state, &path, None).await;
    let (_, again, second) = fetch(&state, &path, None).await;
    assert_eq!((&tag, &first), (&again, &second), "the same to the letter");
    let (status, told, body) = fetch(&state, &path, Some(&format!("\"x\", W/{tag}"))).await;
    assert_eq!((status, told.as_str(), body.as_str()), (StatusCode::NOT_MODIFIED, tag.as_str(), ""));
    let mut new = planned(id);
    new.assignee = Some(firm.people["accountant"]);
    firm.scoped("owner").await.open_task(new).await.unwrap();
    let (status, new, _) = fetch(&state, &path, Some(&tag)).await;
    assert!(status == StatusCode::OK && new != tag);
}

async fn the_address_opens_nothing_else_and_ends_when_it_is_told_to(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state_on(&base.store, "2026-11-22");
    firm.client(BIN, Some("accountant")).await;
    firm.certificate(&Wish::of(BIN)).await;
    let path = made(base, &firm, "accountant", &state).await;
    let token = path.split('/').nth(2).unwrap().to_owned();
    assert_eq!(token.len(), 43, "256 random bits");
    let status = async |path: &str| fetch(&state, path, None).await.0;
    assert_eq!(status(&path).await, StatusCode::OK);
    assert_eq!(status("/feeds/none/merzim.ics").await, StatusCode::NOT_FOUND);
    let (page, _) = crate::support::get(&state, "/clients", Some(&token)).await;
    assert_eq!(page, StatusCode::SEE_OTHER, "it is no session");
    // Its hash lies in the database, not itself.
    let history = firm.scoped("owner").await.audit(&Default::default()).await.unwrap();
    assert!(history.rows.iter().all(|line| !line.about.contains(&token) && !line.link.contains(&token)));
    // The seat of a feed reads only.
    let (reading, _) =
        base.store.reading_for(firm.people["owner"], OfficeDay::noon(d("2026-11-22"))).await.unwrap().unwrap();
    let write = reading.set_plan_days(Some(5)).await;
    assert_eq!(crate::support::refusal(write), domain::refusal::Refusal::NotAllowed);
    // A new one ends the first; who has left has none.
    let second = made(base, &firm, "accountant", &state).await;
    assert_eq!((status(&path).await, status(&second).await), (StatusCode::NOT_FOUND, StatusCode::OK));
    let session = cookie(&base.store, firm.people["accountant"], today().now).await;
    crate::support::post(&state, "/account/feed/remove", Some(&session), "").await;
    assert_eq!(status(&second).await, StatusCode::NOT_FOUND);
    let third = made(base, &firm, "accountant", &state).await;
    firm.scoped("owner").await.set_active(firm.people["accountant"], false).await.unwrap();
    assert_eq!(status(&third).await, StatusCode::NOT_FOUND);
    firm.scoped("owner").await.set_active(firm.people["accountant"], true).await.unwrap();
    assert_eq!(status(&third).await, StatusCode::NOT_FOUND, "an old address stays dead");
}
