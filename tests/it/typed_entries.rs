//! Certificates typed by hand and old keys: what confirms, what silences, what stays counted.

use crate::support::{Base, Firm, Wish, d, on_both, today};
use domain::calendar::CalendarFilter;
use domain::certificate::SignatureCheck;
use domain::reason::Reason;
use domain::refusal::Refusal;
use domain::revocation::{Status, StatusAnswer};
use domain::standing::Standing;
use domain::task::{Check, NewTask, Route};
use domain::typed::Typed;

on_both!(
    a_typed_certificate_is_unconfirmed_until_the_real_one_comes_and_keeps_its_task,
    a_later_certificate_silences_what_was_typed,
    an_old_key_stays_counted_until_somebody_has_checked_it,
    nobody_types_under_a_foreign_client,
    a_date_beside_its_confirmed_certificate_is_no_second_alarm,
);

const BIN: &str = "971240001315";
const OTHER: &str = "940140000385";

fn said(last: &str) -> Typed {
    Typed {
        holder: "Ким Ольга".into(), iin: None, role: None, purposes: vec![], first_day: None, last_day: d(last)
    }
}

async fn a_typed_certificate_is_unconfirmed_until_the_real_one_comes_and_keeps_its_task(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    let scoped = firm.scoped("accountant").await;
    let id = scoped.type_certificate(client, &said("2026-12-20")).await.unwrap();
    let ends = scoped.ends(d("2026-12-20"), d("2026-12-20"), &CalendarFilter::default()).await.unwrap();
    assert!(ends.len() == 1 && ends[0].typed, "it stands in the calendar, marked");
    assert!(
        matches!(scoped.certificate_der(id).await, Err(store::Error::Refused(Refusal::NotFound))),
        "there is no file of it"
    );
    let new = NewTask {
        certificates: vec![id],
        reason: Reason::Planned,
        route: Route::Online,
        assignee: None,
        due: d("2026-12-18"),
        note: String::new(),
    };
    let task = scoped.open_task(new).await.unwrap();
    let real = firm.import("accountant", &Wish::of(BIN).until("2025-12-20", "2026-12-20")).await.unwrap();
    assert_eq!(real, id, "the entry became the certificate");
    let card = scoped.certificate_card(id).await.unwrap();
    assert!(!card.row.life.typed && card.facts.subject.iin.is_some());
    assert_eq!(card.row.task.map(|t| t.id), Some(task));
    assert!(!scoped.certificate_der(id).await.unwrap().is_empty());
    assert_eq!(scoped.certificates_of(client).await.unwrap().len(), 1);
}

async fn a_later_certificate_silences_what_was_typed(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    let scoped = firm.scoped("accountant").await;
    let id = scoped.type_certificate(client, &said("2026-12-01")).await.unwrap();
    let other =
        scoped.type_certificate(client, &Typed { holder: "Петров Иван".into(), ..said("2026-12-01") }).await.unwrap();
    firm.import("accountant", &Wish::of(BIN).until("2026-11-20", "2027-11-20")).await.unwrap();
    let standing = async |id| scoped.certificate_card(id).await.unwrap().row.life.standing(today());
    assert_eq!(standing(id).await, Standing::Replaced);
    assert_ne!(standing(other).await, Standing::Replaced, "another person's entry stays");
}

async fn an_old_key_stays_counted_until_somebody_has_checked_it(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let old = firm.certificate(&Wish::of(BIN).until("2025-12-10", "2026-12-10")).await;
    let scoped = firm.scoped("accountant").await;
    let waits = async |scoped: &store::ScopedStore| {
        (scoped.morning().await.unwrap().old_keys, scoped.old_keys(0).await.unwrap().total)
    };
    assert_eq!(waits(&scoped).await, (0, 0));
    assert!(scoped.check_old_keys(&[old], Check::Ocsp, "").await.is_err(), "nothing has replaced it yet");
    firm.import("accountant", &Wish::of(BIN).until("2026-11-20", "2027-11-20")).await.unwrap();
    let month = scoped.ends_by_day(d("2026-12-01"), d("2026-12-31"), &CalendarFilter::default(), 3).await.unwrap();
    assert!(month.is_empty(), "its expiry is silent at once");
    assert_eq!(waits(&scoped).await, (1, 1), "but it still works for whoever has it");
    assert_eq!(waits(&firm.scoped("second").await).await, (0, 0));
    assert!(firm.scoped("second").await.check_old_keys(&[old], Check::StillValid, "").await.is_err());
    let card = async || scoped.certificate_card(old).await.unwrap();
    let undo = scoped.check_old_keys(&[old], Check::Cabinet, "кабинет НУЦ").await.unwrap();
    assert!(card().await.row.life.revoked.is_some() && waits(&scoped).await == (0, 0));
    assert_eq!(scoped.take_back(undo).await.unwrap(), 0);
    assert!(card().await.row.life.revoked.is_none() && waits(&scoped).await == (1, 1), "taken back whole");
    // Somebody's word gives way to a signed answer alone.
    scoped.check_old_keys(&[old], Check::Cabinet, "кабинет НУЦ").await.unwrap();
    let later = StatusAnswer {
        status: Status::Good,
        this_update: today().now + chrono::TimeDelta::hours(1),
        next_update: None,
    };
    scoped.take_answer(old, &later, SignatureCheck::NotChecked, "a").await.unwrap();
    assert!(card().await.row.life.revoked.is_some());
    scoped.take_answer(old, &later, SignatureCheck::Holds, "a").await.unwrap();
    assert!(card().await.row.life.revoked.is_none());
    assert_eq!(waits(&scoped).await, (1, 1), "whoever had seen it revoked was wrong: it waits again");
    scoped.check_old_keys(&[old], Check::StillValid, "нужен до конца месяца").await.unwrap();
    assert_eq!(waits(&scoped).await, (0, 0));
    let card = card().await;
    assert!(card.checked_at.is_some() && card.row.life.revoked.is_none(), "seen valid is checked, not revoked");
}

async fn nobody_types_under_a_foreign_client(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let foreign = firm.client(OTHER, Some("second")).await;
    let refused = firm.scoped("accountant").await.type_certificate(foreign, &said("2026-12-01")).await;
    assert!(matches!(refused, Err(store::Error::Refused(Refusal::NotFound))));
}

async fn a_date_beside_its_confirmed_certificate_is_no_second_alarm(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    firm.certificate(&Wish::of(BIN)).await;
    let scoped = firm.scoped("accountant").await;
    let refused = scoped.type_certificate(client, &said("2026-12-01")).await;
    assert_eq!(crate::support::rule(refused), domain::refusal::Rule::Registered);
    scoped.type_certificate(client, &said("2027-12-01")).await.expect("another day is another certificate");
    assert_eq!(scoped.certificates_of(client).await.unwrap().len(), 2);
}
