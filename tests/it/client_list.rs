//! The list of clients as a person uses it: what is wrong stands in the row, many are reissued at once, columns are chosen.

use crate::support::{Base, Firm, TODAY, Wish, cookie, d, get, on_both, post, state_on, today};
use axum::http::StatusCode;
use domain::client::{ClientColumn, ClientFilter, ClientOrder};
use domain::day::OfficeDay;
use domain::id::ClientId;
use domain::reason::Reason;
use domain::refusal::Rule;
use domain::standing::Standing;
use domain::task::{NewTask, Route};
use server::state::AppState;
use std::sync::Arc;

on_both!(
    a_row_says_what_is_wrong_with_its_worst_certificate,
    what_presses_is_reissued_for_many_clients_at_once_and_nothing_else,
    chosen_columns_are_ones_own_and_stay,
    of_two_who_make_somebody_responsible_the_second_is_told,
    more_clients_than_go_at_once_are_refused_with_the_reason,
    the_list_counts_sets_as_the_card_does,
);

const EXPIRED: &str = "971240001315";
const LOST: &str = "940140000385";
const CALM: &str = "020240000555";

async fn seat(base: &Base, firm: &Firm) -> (Arc<AppState>, String) {
    let tomorrow = OfficeDay::noon(d("2026-11-23")).now;
    (state_on(&base.store, "2026-11-23"), cookie(&base.store, firm.people["accountant"], tomorrow).await)
}

async fn a_row_says_what_is_wrong_with_its_worst_certificate(base: &Base) {
    let firm = Firm::new(&base.store).await;
    for (bin, until) in [(EXPIRED, "2026-10-01"), (LOST, "2027-08-01"), (CALM, "2027-08-01")] {
        firm.client(bin, Some("accountant")).await;
        firm.certificate(&Wish::of(bin).until("2025-12-01", until)).await;
    }
    let scoped = firm.scoped("accountant").await;
    let of = async |bin: &str| {
        let filter = ClientFilter { text: bin.into(), ..ClientFilter::default() };
        scoped.clients(&filter).await.unwrap().rows[0].clone()
    };
    let client = of(LOST).await.id;
    let lost = scoped.certificates_of(client).await.unwrap()[0].id;
    let (certificates, note, due) = (vec![lost], String::new(), d("2026-11-30"));
    let new = NewTask { certificates, reason: Reason::PasswordLost, route: Route::Online, assignee: None, due, note };
    scoped.open_task(new).await.unwrap();
    let scoped = firm.scoped("accountant").await;
    let list = scoped.clients(&ClientFilter::default()).await.unwrap();
    let faults: Vec<_> = list.rows.iter().map(|c| (c.number.as_str(), c.fault)).collect();
    assert_eq!(
        faults,
        [(EXPIRED, Some(Standing::Expired)), (LOST, Some(Standing::Unusable(Reason::PasswordLost))), (CALM, None)]
    );
    assert_eq!(list.levels, [2, 0, 0, 0, 1]);
    let (state, session) = seat(base, &firm).await;
    let (_, page) = get(&state, "/clients", Some(&session)).await;
    for word in ["пароль утерян", "просрочен"] {
        assert!(page.to_lowercase().contains(word), "{word}");
    }
}

async fn what_presses_is_reissued_for_many_clients_at_once_and_nothing_else(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let mut ids = Vec::new();
    for (bin, until) in [(EXPIRED, "2026-10-01"), (LOST, "2026-11-25"), (CALM, "2027-08-01")] {
        ids.push(firm.client(bin, Some("accountant")).await);
        firm.certificate(&Wish::of(bin).until("2025-12-01", until)).await;
    }
    let scoped = firm.scoped("accountant").await;
    let pressing = scoped.to_reissue(&ids, true).await.unwrap();
    let ends: Vec<_> = pressing.iter().map(|c| c.life.last_day().to_string()).collect();
    assert_eq!(ends.len(), 2, "{ends:?}: the calm one is left");
    assert_eq!(scoped.to_reissue(&ids, false).await.unwrap().len(), 3, "whoever asks for all gets it too");
    let (state, session) = seat(base, &firm).await;
    let ticked = ids.iter().map(|id| format!("client={id}.&")).collect::<String>();
    let (status, page) = post(&state, "/clients/many", Some(&session), &format!("{ticked}act=reissue")).await;
    assert_eq!(status, StatusCode::OK);
    let offered = |c: &domain::id::CertificateId| page.contains(&format!("name=\"certificate\" value=\"{c}\""));
    assert!(pressing.iter().all(|c| offered(&c.id)));
    let (status, _) = post(&state, "/clients/many", Some(&session), &format!("client={}.&act=reissue", ids[2])).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "nothing to do: the list says so");
    let foreign = firm.client("941240000193", None).await;
    let form = format!("client={foreign}.&act=reissue");
    assert_eq!(post(&state, "/clients/many", Some(&session), &form).await.0, StatusCode::NOT_FOUND);
}

async fn chosen_columns_are_ones_own_and_stay(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(EXPIRED, Some("accountant")).await;
    let (state, session) = seat(base, &firm).await;
    assert_eq!(*firm.scoped("accountant").await.client_columns().await.unwrap(), ClientColumn::USUAL);
    let (status, _) = post(&state, "/clients/columns", Some(&session), "column=filings&column=number&column=x").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let own = firm.scoped("accountant").await.client_columns().await.unwrap();
    assert_eq!(*own, [ClientColumn::Number, ClientColumn::Filings]);
    assert_eq!(*firm.scoped("owner").await.client_columns().await.unwrap(), ClientColumn::USUAL);
    let (_, page) = get(&state, "/clients", Some(&session)).await;
    assert!(page.contains("class=\"c-set\"") && !page.contains("class=\"c-who\""));
    post(&state, "/clients/columns", Some(&session), "back=/clients").await;
    assert!(firm.scoped("accountant").await.client_columns().await.unwrap().is_empty(), "none is a choice too");
}

async fn of_two_who_make_somebody_responsible_the_second_is_told(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let ids = [firm.client(EXPIRED, None).await, firm.client(LOST, None).await];
    let shown = firm.seen_clients(&ids).await;
    let (first, second) = (firm.people["accountant"], firm.people["second"]);
    let (one, other) = (firm.scoped("owner").await, firm.scoped("owner").await);
    let (a, b) = tokio::join!(one.assign_many(&shown[..1], first), other.assign_many(&shown, second));
    let told = [a.as_ref().err(), b.as_ref().err()].into_iter().flatten().count();
    assert_eq!(told, 1, "{a:?} {b:?}");
    let refused = if a.is_err() { a } else { b };
    assert!(matches!(crate::support::rule(refused), Rule::ResponsibleChanged(names) if names.len() == 1));
    // Whoever saw it as it is now passes, and the same choice twice is one.
    let shown = firm.seen_clients(&ids).await;
    one.assign_many(&shown, first).await.unwrap();
    one.assign_many(&shown, first).await.unwrap();
    let (state, session) = (state_on(&base.store, TODAY), cookie(&base.store, firm.people["owner"], today().now).await);
    let old = format!("client={}.{}&act=person&person={second}", ids[0], second);
    let (status, page) = post(&state, "/clients/many", Some(&session), &old).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("ответственный сменился у клиентов"), "{page}");
    assert!(page.contains(&format!("value=\"{}.{first}\"", ids[0])), "the line says who is responsible now");
}

async fn more_clients_than_go_at_once_are_refused_with_the_reason(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let many: Vec<ClientId> = (0..501).map(|n| ClientId(uuid::Uuid::from_u128(n + 1))).collect();
    assert_eq!(crate::support::rule(owner.add_filing_to(&many, "300").await), Rule::TooMany);
    assert_eq!(crate::support::rule(owner.add_filing_to(&[], "300").await), Rule::Required);
}

async fn the_list_counts_sets_as_the_card_does(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(CALM, Some("accountant")).await;
    for signs in [true, false] {
        firm.certificate(&Wish { signs, ..Wish::of(CALM).until("2026-10-01", "2027-10-01") }).await;
    }
    let scoped = firm.scoped("accountant").await;
    for order in [ClientOrder::State, ClientOrder::Certificates] {
        let filter = ClientFilter { order, ..ClientFilter::default() };
        assert_eq!(scoped.clients(&filter).await.unwrap().rows[0].certificates, 1, "{order:?}");
    }
    let lines = domain::certificate::generations(scoped.certificates_of(client).await.unwrap());
    assert_eq!(lines.len(), 1, "one line on the card");
}
