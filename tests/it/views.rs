//! Saved views: whose they are, who sees them, what they keep of an address.

use crate::support::{Base, Firm, cookie, get, on_both, post, state};
use axum::http::StatusCode;
use domain::refusal::Refusal;
use domain::view::{NewView, Place};
use store::Error;

on_both!(a_view_is_ones_own_until_it_is_shared_with_the_team_or_the_office, a_view_is_saved_and_removed_on_its_list);

fn view(name: &str, shared: bool) -> NewView {
    NewView { place: Place::Clients, name: name.into(), query: "standing=risk".into(), shared }
}

async fn names(firm: &Firm, who: &str) -> Vec<String> {
    firm.scoped(who).await.saved_views().await.unwrap().iter().map(|v| v.name.clone()).collect()
}

async fn a_view_is_ones_own_until_it_is_shared_with_the_team_or_the_office(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.scoped("accountant").await.save_view(view("моё", false)).await.unwrap();
    let refused = firm.scoped("accountant").await.save_view(view("всем", true)).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NotAllowed))));
    firm.scoped("lead").await.save_view(view("команде", true)).await.unwrap();
    firm.scoped("owner").await.save_view(view("офису", true)).await.unwrap();
    assert_eq!(names(&firm, "accountant").await, ["команде", "моё", "офису"]);
    assert_eq!(names(&firm, "second").await, ["офису"], "another team");
    assert_eq!(names(&firm, "owner").await, ["офису"]);
    let seen = firm.scoped("accountant").await.saved_views().await.unwrap();
    let id = |name: &str| seen.iter().find(|v| v.name == name).unwrap().id;
    assert!(seen.iter().all(|v| v.own == (v.name == "моё")));
    for name in ["команде", "офису"] {
        let refused = firm.scoped("accountant").await.remove_view(id(name)).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotAllowed))), "{name}");
    }
    let hidden = firm.scoped("second").await.remove_view(id("моё")).await;
    assert!(matches!(hidden, Err(Error::Refused(Refusal::NotFound))));
    firm.scoped("accountant").await.remove_view(id("моё")).await.unwrap();
    firm.scoped("lead").await.save_view(view("команде", false)).await.unwrap();
    assert_eq!(names(&firm, "accountant").await, ["офису"], "saved again under its name, for oneself");
}

async fn a_view_is_saved_and_removed_on_its_list(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["lead"], state.clock.now()).await;
    let s = Some(session.as_str());
    let form = "place=clients&query=standing%3Drisk%26after%3Dx%26done%3Dsaved&name=%D0%A3%D0%B3%D1%80%D0%BE%D0%B7%D0%B0&shared=1";
    assert_eq!(post(&state, "/views", s, form).await.0, StatusCode::SEE_OTHER);
    let (_, page) = get(&state, "/clients", s).await;
    assert!(page.contains("href=\"/clients?standing=risk\""), "what passes is left out: {page}");
    let (_, page) = get(&state, "/clients?standing=risk", s).await;
    assert!(page.contains("Убрать вид: Угроза") && !page.contains("Сохранить вид"), "{page}");
    assert!(!get(&state, "/tasks", s).await.1.contains("Угроза"), "only on its list");
    let nameless = crate::support::ask(
        &state,
        "POST",
        "/views",
        s,
        "place=clients&query=a%3Db&name=".into(),
        "application/x-www-form-urlencoded",
    )
    .await;
    let to = nameless.2.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(to, "/clients?a=b&done=view_name", "what was narrowed is not lost");
    let id = firm.scoped("lead").await.saved_views().await.unwrap()[0].id;
    assert_eq!(post(&state, &format!("/views/{id}/remove"), s, "").await.0, StatusCode::SEE_OTHER);
    assert!(!get(&state, "/clients?standing=risk", s).await.1.contains("Угроза"));
}
