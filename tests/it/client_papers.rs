//! Grounds, carriers, systems: what is recorded, what follows from it, who may.

use crate::support::{Base, Firm, Wish, d, on_both, today};
use domain::client::ClientFilter;
use domain::custody::{CarrierKind, NewEntry, Passing, places};
use domain::day::OfficeDay;
use domain::ground::{GroundKind, NewGround};
use domain::person::Part;
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::route::{Condition, RouteRule};
use domain::task::{Move, NewTask, Route, Stage, Ticks};
use std::collections::HashMap;
use store::Error;

on_both!(
    a_client_without_a_ground_is_counted_until_one_is_recorded_and_again_when_it_ends,
    the_journal_of_carriers_only_grows_and_a_destroyed_carrier_stays_gone,
    every_system_of_the_client_waits_for_the_new_certificate,
    an_observer_and_a_stranger_record_nothing,
    what_a_route_asks_for_is_the_owners_to_set,
);

const BIN: &str = "971240001315";

fn power(until: &str) -> NewGround {
    NewGround {
        kind: GroundKind::PowerOfAttorney,
        certificate: None,
        number: "12".into(),
        scope: "отчёты".into(),
        until: Some(d(until)),
        note: String::new(),
    }
}

fn taken() -> NewEntry {
    NewEntry {
        carrier: None,
        kind: CarrierKind::Token,
        label: "KAZTOKEN ··4471".into(),
        what: Passing::Taken,
        day: d("2026-11-10"),
        from_whom: "владелец".into(),
        to_whom: "сейф".into(),
        keeper: None,
        ground: "акт № 6".into(),
        back_by: Some(d("2026-11-20")),
        note: String::new(),
    }
}

fn field(result: Result<impl Sized, Error>) -> (&'static str, Rule) {
    match result.err() {
        Some(Error::Refused(Refusal::Invalid { field, rule })) => (field, rule),
        other => panic!("{other:?}"),
    }
}

async fn a_client_without_a_ground_is_counted_until_one_is_recorded_and_again_when_it_ends(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    let counted = |who: &'static str, day: &'static str| {
        let firm = &firm;
        async move {
            let scoped = firm.scoped_on(who, OfficeDay::noon(d(day))).await;
            let listed =
                scoped.clients(&ClientFilter { ungrounded: true, ..ClientFilter::default() }).await.unwrap().rows.len();
            let morning = scoped.morning().await.unwrap();
            assert_eq!(morning.ungrounded, listed as u64);
            (morning.ungrounded, morning.grounds.len())
        }
    };
    assert_eq!(counted("owner", "2026-11-22").await, (0, 0), "a client without certificates needs no ground");
    firm.certificate(&Wish::of(BIN).until("2026-10-01", "2027-10-01")).await;
    assert_eq!((counted("owner", "2026-11-22").await, counted("second", "2026-11-22").await), ((1, 0), (0, 0)));
    let accountant = firm.scoped("accountant").await;
    assert_eq!(
        field(accountant.record_ground(client, NewGround { number: String::new(), ..power("2026-12-10") }).await),
        ("number", Rule::Required)
    );
    assert_eq!(
        field(accountant.record_ground(client, NewGround { until: None, ..power("2026-12-10") }).await),
        ("until", Rule::Required)
    );
    accountant.record_ground(client, power("2026-12-10")).await.unwrap();
    assert_eq!(counted("accountant", "2026-11-22").await, (0, 1), "its end stands in the morning's list");
    assert_eq!(counted("accountant", "2026-12-10").await, (0, 1));
    assert_eq!(counted("accountant", "2026-12-11").await, (1, 1), "the day after its last day");
    let scoped = firm.scoped("accountant").await;
    let ending = scoped.grounds_ending(d("2026-12-01"), d("2026-12-31"), None).await.unwrap();
    let again = scoped.grounds_ending(d("2026-12-01"), d("2026-12-31"), None).await.unwrap();
    assert!(std::sync::Arc::ptr_eq(&ending, &again), "remembered until the next write");
    assert_eq!(ending.len(), 1);
    assert!(
        firm.scoped("second").await.grounds_ending(d("2026-12-01"), d("2026-12-31"), None).await.unwrap().is_empty()
    );
    accountant.end_ground(ending[0].id).await.unwrap();
    assert_eq!(counted("accountant", "2026-11-22").await.0, 1, "ended by hand");
    assert_eq!(accountant.grounds(client).await.unwrap().len(), 1, "the record stays");
    assert!(matches!(accountant.end_ground(ending[0].id).await, Err(Error::Refused(Refusal::Conflict))));
}

async fn the_journal_of_carriers_only_grows_and_a_destroyed_carrier_stays_gone(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    let other = firm.client("940140000385", Some("accountant")).await;
    let scoped = firm.scoped("accountant").await;
    scoped.record_custody(client, taken()).await.unwrap();
    let with_us = scoped.carriers_with_us().await.unwrap();
    assert_eq!(with_us.len(), 1);
    assert!(with_us[0].is_overdue(today()), "due back two days ago");
    assert!(firm.scoped("second").await.carriers_with_us().await.unwrap().is_empty());
    let carrier = Some(with_us[0].carrier);
    let next = |what, day: &str| NewEntry { carrier, what, day: d(day), ..taken() };
    assert_eq!(
        field(scoped.record_custody(other, next(Passing::Returned, "2026-11-12")).await),
        ("carrier", Rule::Unknown)
    );
    assert_eq!(field(scoped.record_custody(client, next(Passing::Returned, "2026-11-09")).await), ("day", Rule::Order));
    assert_eq!(
        field(scoped.record_custody(client, next(Passing::Returned, "2026-11-23")).await),
        ("day", Rule::Date),
        "not in the future"
    );
    scoped.record_custody(client, next(Passing::Returned, "2026-11-12")).await.unwrap();
    assert!(scoped.carriers_with_us().await.unwrap().is_empty());
    scoped.record_custody(client, next(Passing::Destroyed, "2026-11-13")).await.unwrap();
    assert_eq!(field(scoped.record_custody(client, next(Passing::Taken, "2026-11-14")).await), ("what", Rule::Move));
    let journal = scoped.custody(client).await.unwrap();
    assert_eq!(
        journal.iter().map(|e| e.said.what).collect::<Vec<_>>(),
        [Passing::Taken, Passing::Returned, Passing::Destroyed]
    );
    assert_eq!(places(&journal).len(), 1);
}

async fn every_system_of_the_client_waits_for_the_new_certificate(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    let old = firm.certificate(&Wish::of(BIN)).await;
    let scoped = firm.scoped("accountant").await;
    let usual = scoped.systems_of(client).await.unwrap();
    assert_eq!(usual.len(), 3, "a new client has the usual ones");
    scoped.set_systems_of(client, &usual.iter().take(2).filter_map(|s| s.id).collect::<Vec<_>>()).await.unwrap();
    let new = NewTask {
        certificates: vec![old],
        reason: Reason::Planned,
        route: Route::Online,
        assignee: None,
        due: d("2026-11-30"),
        note: String::new(),
    };
    let task = scoped.open_task(new).await.unwrap();
    assert!(
        scoped.task_card(task).await.unwrap().steps.iter().all(|s| !s.system),
        "not before the new certificate is there"
    );
    let next = firm.import("owner", &Wish::of(BIN).until("2026-11-20", "2027-11-20")).await.unwrap();
    scoped.accept_successor(task, next, "", 1).await.unwrap();
    let steps: Vec<i32> =
        scoped.task_card(task).await.unwrap().steps.iter().filter(|s| s.system).map(|s| s.place).collect();
    assert_eq!(steps.len(), 2);
    assert_eq!(
        field(scoped.move_task(task, &Move::to(Stage::SystemsUpdated, "", 2)).await),
        ("systems", Rule::SystemsWait)
    );
    scoped.tick_steps(task, &Ticks::of(&steps[..1], &[])).await.unwrap();
    assert_eq!(
        field(scoped.move_task(task, &Move::to(Stage::SystemsUpdated, "", 2)).await),
        ("systems", Rule::SystemsWait)
    );
    scoped.tick_steps(task, &Ticks::of(&steps, &steps[..1])).await.unwrap();
    scoped.move_task(task, &Move::to(Stage::SystemsUpdated, "", 2)).await.unwrap();
}

async fn an_observer_and_a_stranger_record_nothing(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    firm.scoped("owner").await.assign(client, firm.assignment("observer", Part::Observer)).await.unwrap();
    let entry = firm.scoped("accountant").await.record_custody(client, taken()).await.unwrap();
    for (who, expected) in [("observer", Refusal::NotAllowed), ("second", Refusal::NotFound)] {
        let scoped = firm.scoped(who).await;
        for refused in [
            scoped.record_ground(client, power("2026-12-10")).await.err(),
            scoped.record_custody(client, taken()).await.err(),
            scoped.set_systems_of(client, &[]).await.err(),
        ] {
            assert!(matches!(&refused, Some(Error::Refused(r)) if *r == expected), "{who}: {refused:?}");
        }
        assert_eq!(scoped.custody_entry(entry).await.is_ok(), who == "observer", "reading follows the client");
    }
}

async fn what_a_route_asks_for_is_the_owners_to_set(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let rule = RouteRule {
        route: Route::Online,
        conditions: vec![Condition::BeforeExpiry],
        link: "https://pki.gov.kz".into(),
    };
    for who in ["lead", "accountant"] {
        let refused = firm.scoped(who).await.set_route_rule(rule.clone()).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotAllowed))), "{who}");
    }
    firm.scoped("owner").await.set_route_rule(rule.clone()).await.unwrap();
    let rules: HashMap<Route, RouteRule> =
        firm.scoped("accountant").await.route_rules().await.unwrap().into_iter().map(|r| (r.route, r)).collect();
    assert_eq!(rules[&Route::Online], rule);
    assert_eq!(rules[&Route::ServiceCentre].conditions, [Condition::BiometricsFailed]);
}
