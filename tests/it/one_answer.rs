//! A refusal tells nothing about what the person may not see, on both databases.

use crate::support::{Base, Firm, cookie, data, on_both, refusal, rule, state, today};
use axum::body::Body;
use axum::http::{Request, header};
use domain::id::PersonId;
use domain::refusal::{Refusal, Rule};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

on_both!(
    a_lead_learns_no_foreign_number_by_correcting_one,
    a_taken_number_is_named_as_such_to_those_who_see_its_client,
    who_does_not_manage_staff_learns_not_who_exists,
    a_link_from_elsewhere_says_not_that_something_was_done
);

const OWN: &str = "971240001315";
const FOREIGN: &str = "940140000385";
const FREE: &str = "120443261514";

async fn a_lead_learns_no_foreign_number_by_correcting_one(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(FOREIGN, None).await;
    let lead = firm.scoped("lead").await;
    let own = lead.create_client(data(OWN)).await.unwrap();
    let revision = lead.client_card(own).await.unwrap().revision;
    let tried = |number: &'static str| lead.change_client(own, data(number), revision);
    assert_eq!(rule(tried(FOREIGN).await), Rule::NumberByOwner);
    assert_eq!(rule(tried(FREE).await), Rule::NumberByOwner, "the same answer");
    assert_eq!(lead.client_card(own).await.unwrap().data.number, OWN);
    let renamed = domain::client::ClientData { name: "ТОО «Иное»".into(), ..data(OWN) };
    lead.change_client(own, renamed, revision).await.expect("the rest is the lead's to change");
    let card = firm.scoped("owner").await.client_card(own).await.unwrap();
    firm.scoped("owner").await.change_client(own, data(FREE), card.revision).await.expect("the owner corrects it");
}

async fn a_taken_number_is_named_as_such_to_those_who_see_its_client(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(FOREIGN, None).await;
    let (owner, lead) = (firm.scoped("owner").await, firm.scoped("lead").await);
    assert_eq!(rule(owner.create_client(data(FOREIGN)).await), Rule::NumberTaken);
    assert_eq!(rule(lead.create_client(data(FOREIGN)).await), Rule::NumberElsewhere);
    let own = lead.create_client(data(OWN)).await.unwrap();
    assert_eq!(rule(lead.create_client(data(OWN)).await), Rule::NumberTaken);
    let revision = owner.client_card(own).await.unwrap().revision;
    assert_eq!(rule(owner.change_client(own, data(FOREIGN), revision).await), Rule::NumberTaken);
}

async fn who_does_not_manage_staff_learns_not_who_exists(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (there, missing) = (firm.people["second"], PersonId(uuid::Uuid::from_u128(1)));
    for who in ["lead", "accountant"] {
        let who = firm.scoped(who).await;
        for id in [there, missing] {
            assert_eq!(refusal(who.set_active(id, false).await), Refusal::NotAllowed);
        }
    }
    assert_eq!(refusal(firm.scoped("owner").await.set_active(missing, false).await), Refusal::NotFound);
}

async fn a_link_from_elsewhere_says_not_that_something_was_done(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&base.store, firm.people["owner"], today().now).await;
    for (site, told) in [("cross-site", false), ("none", false), ("same-site", false), ("same-origin", true)] {
        let request = Request::get("/clients?done=erased")
            .header(header::HOST, "127.0.0.1")
            .header("sec-fetch-site", site)
            .header(header::COOKIE, format!("{}={session}", state.cookie_name()));
        let request = request.body(Body::empty()).unwrap();
        let answer = server::http::router(state.clone()).oneshot(request).await.unwrap();
        let page = answer.into_body().collect().await.unwrap().to_bytes();
        let said = String::from_utf8_lossy(&page).contains("note info");
        assert_eq!(said, told, "{site}");
    }
}
