//! The main job through the store: import, generations, calendar, tasks, closing, foreign eyes.

use crate::support::{Base, Firm, Wish, d, on_both, refusal};
use domain::calendar::CalendarFilter;
use domain::client::ClientFilter;
use domain::day::OfficeDay;
use domain::import::Verdict;
use domain::person::Part;
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::standing::{Standing, Urgency};
use domain::succession::Failure;
use domain::task::{Check, Move, NewTask, Route, Stage, TaskView, Ticks};

on_both!(
    an_accountant_sees_only_assigned_clients,
    an_import_is_previewed_and_safe_to_repeat,
    a_newer_generation_silences_the_older_one_from_its_first_instant,
    a_foreign_and_an_unknown_number_look_the_same,
    a_lost_password_marks_the_certificate_at_once_and_a_successor_closes_the_task,
    a_successor_that_breaks_the_rule_is_named_and_only_a_lead_overrides,
    one_certificate_has_one_open_task,
    somebody_without_a_right_cannot_be_assigned,
    cover_with_an_end_date_ends,
    a_certificate_linked_by_hand_shows_only_the_clients_one_may_see,
    two_editors_do_not_overwrite_each_other,
    search_finds_kazakh_letters_phones_and_holders,
    history_reaches_the_owner_whole_and_the_lead_in_part,
    a_task_is_found_by_the_clients_that_its_certificates_have_now,
);

const BIN: &str = "971240001315";
const OTHER: &str = "940140000385";

fn task(certificate: domain::id::CertificateId, reason: Reason) -> NewTask {
    NewTask {
        certificates: vec![certificate],
        reason,
        route: Route::Online,
        assignee: None,
        due: d("2026-11-24"),
        note: String::new(),
    }
}

async fn an_accountant_sees_only_assigned_clients(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (own, foreign) = (firm.client(BIN, Some("accountant")).await, firm.client(OTHER, Some("second")).await);
    let hidden = firm.certificate(&Wish::of(OTHER)).await;
    let scoped = firm.scoped("accountant").await;
    let list: Vec<_> = scoped.clients(&ClientFilter::default()).await.unwrap().rows.iter().map(|c| c.id).collect();
    assert_eq!(list, [own]);
    assert_eq!(refusal(scoped.client_card(foreign).await), Refusal::NotFound);
    assert_eq!(refusal(scoped.certificate_card(hidden).await), Refusal::NotFound);
    assert_eq!(refusal(scoped.open_task(task(hidden, Reason::Planned)).await), Refusal::NotFound);
    assert!(scoped.ends(d("2026-01-01"), d("2027-12-31"), &CalendarFilter::default()).await.unwrap().is_empty());
    let text = ClientFilter { text: OTHER.into(), ..ClientFilter::default() };
    assert_eq!(scoped.clients(&text).await.unwrap().total, 0);
}

async fn an_import_is_previewed_and_safe_to_repeat(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let scoped = firm.scoped("owner").await;
    let draft = scoped
        .draft(vec![firm.item(&Wish::of(BIN)), firm.item(&Wish { signs: false, ..Wish::of(BIN) })])
        .await
        .unwrap();
    let preview = scoped.preview(draft).await.unwrap();
    assert!(preview.rows.iter().all(|r| r.content.as_ref().unwrap().verdict == Verdict::NewClient));
    assert_eq!(scoped.clients(&ClientFilter::default()).await.unwrap().total, 0, "a preview saves nothing");
    let (first, _) = scoped.accept(draft, &Default::default()).await.unwrap();
    assert_eq!((first.registered, first.new_clients), (2, 1));
    let (again, _) = scoped.accept(draft, &Default::default()).await.unwrap();
    assert_eq!((again.registered, again.new_clients), (0, 0));
    let row = &scoped.clients(&ClientFilter::default()).await.unwrap().rows[0];
    assert_eq!((row.number.as_str(), row.certificates), (BIN, 1), "two halves are one set");
    assert_eq!(scoped.certificates_of(row.id).await.unwrap().len(), 2);
    assert_eq!(
        refusal(firm.scoped("lead").await.preview(draft).await),
        Refusal::NotFound,
        "a draft is its maker's alone"
    );
}

async fn a_newer_generation_silences_the_older_one_from_its_first_instant(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    let old = firm.certificate(&Wish::of(BIN)).await;
    let newer = Wish::of(BIN).until("2026-11-30", "2027-11-30");
    let scoped = firm.scoped("accountant").await;
    let draft = scoped.draft(vec![firm.item(&newer)]).await.unwrap();
    assert!(matches!(
        scoped.preview(draft).await.unwrap().rows[0].content.as_ref().unwrap().verdict,
        Verdict::Newer { .. }
    ));
    scoped.accept(draft, &Default::default()).await.unwrap();
    let standing = |day: &'static str| {
        let firm = &firm;
        async move {
            let on = OfficeDay::noon(d(day));
            let rows = firm.scoped_on("accountant", on).await.certificates_of(client).await.unwrap();
            rows.into_iter().find(|c| c.id == old).unwrap().life.standing(on)
        }
    };
    assert_eq!(standing("2026-11-29").await, Standing::Due(2), "the successor is not valid yet");
    assert_eq!(standing("2026-11-30").await, Standing::Replaced);
    let later = firm.scoped_on("accountant", OfficeDay::noon(d("2026-12-02"))).await;
    let ends = later.ends(d("2026-12-01"), d("2026-12-01"), &CalendarFilter::default()).await.unwrap();
    assert!(ends.is_empty(), "a replaced certificate is silent in the calendar");
}

async fn a_foreign_and_an_unknown_number_look_the_same(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(OTHER, Some("second")).await;
    firm.certificate(&Wish::of(OTHER)).await;
    let scoped = firm.scoped("accountant").await;
    let wishes = [Wish::of(OTHER), Wish::of(OTHER).until("2026-02-01", "2027-02-01"), Wish::of("020240000555")];
    let draft = scoped.draft(wishes.iter().map(|w| firm.item(w)).collect()).await.unwrap();
    for row in scoped.preview(draft).await.unwrap().rows {
        let content = row.content.unwrap();
        assert_eq!(content.verdict, Verdict::NoClient);
        assert!(content.client.is_none());
    }
    assert_eq!(scoped.accept(draft, &Default::default()).await.unwrap().0.registered, 0);
}

async fn a_lost_password_marks_the_certificate_at_once_and_a_successor_closes_the_task(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    let old = firm.certificate(&Wish::of(BIN).until("2026-06-01", "2027-06-01")).await;
    let scoped = firm.scoped("accountant").await;
    let me = firm.people["accountant"];
    assert_eq!(scoped.default_assignee(&[old]).await.unwrap(), Some(me));
    let id = scoped.open_task(NewTask { assignee: Some(me), ..task(old, Reason::PasswordLost) }).await.unwrap();
    let late = ClientFilter { urgency: Some(Urgency::Late), ..ClientFilter::default() };
    assert_eq!(scoped.clients(&late).await.unwrap().rows[0].id, client);
    let ends = scoped.ends(d("2027-06-01"), d("2027-06-01"), &CalendarFilter::default()).await.unwrap();
    assert_eq!(ends[0].urgency, Urgency::Late, "unusable in the calendar from that moment");
    assert_eq!(
        refusal(scoped.move_task(id, &Move::to(Stage::Issued, "", 1)).await),
        Refusal::invalid("stage", Rule::Move)
    );
    scoped.move_task(id, &Move::to(Stage::WaitingOwner, "", 1)).await.unwrap();
    assert_eq!(
        refusal(scoped.move_task(id, &Move::to(Stage::Blocked, " ", 2)).await),
        Refusal::invalid("why", Rule::Required)
    );
    let new = firm.import("accountant", &Wish::of(BIN).until("2026-11-20", "2027-11-20")).await.unwrap();
    scoped.accept_successor(id, new, "", 2).await.unwrap();
    let systems: Vec<i32> =
        scoped.task_card(id).await.unwrap().steps.iter().filter(|s| s.system).map(|s| s.place).collect();
    scoped.tick_steps(id, &Ticks::of(&systems, &[])).await.unwrap();
    scoped.move_task(id, &Move::to(Stage::SystemsUpdated, "", 3)).await.unwrap();
    scoped.record_revocation(id, Check::Cabinet, "в кабинете НУЦ: отозвано", 4).await.unwrap();
    let open = scoped.move_task(id, &Move::to(Stage::Done, "", 5)).await;
    assert_eq!(
        refusal(open),
        Refusal::invalid("open_steps", Rule::StepsOpen),
        "a step is left out only with a word why"
    );
    scoped.move_task(id, &Move::to(Stage::Done, "остальное не понадобилось", 5)).await.unwrap();
    let card = scoped.task_card(id).await.unwrap();
    assert_eq!((card.row.stage, card.revocation.unwrap().1), (Stage::Done, Check::Cabinet));
    assert_eq!(card.events.len(), 6, "every move is in the history");
    assert_eq!(scoped.tasks(&TaskView::Mine.into()).await.unwrap().len(), 0);
    assert_eq!(scoped.clients(&late).await.unwrap().total, 0);
    scoped.open_task(task(new, Reason::Planned)).await.unwrap();
}

async fn a_successor_that_breaks_the_rule_is_named_and_only_a_lead_overrides(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let old = firm.certificate(&Wish::of(BIN)).await;
    let other = Wish {
        iin: "851231499000", name: "АХМЕТОВА АЛИЯ", ..Wish::of(BIN).until("2026-11-20", "2027-11-20")
    };
    let new = firm.certificate(&other).await;
    let scoped = firm.scoped("accountant").await;
    let id = scoped.open_task(task(old, Reason::Planned)).await.unwrap();
    let failures = Rule::Successor(vec![Failure::OtherPerson]);
    assert_eq!(refusal(scoped.accept_successor(id, new, "", 1).await), Refusal::invalid("successor", failures));
    assert_eq!(refusal(scoped.accept_successor(id, new, "так надо", 1).await), Refusal::NotAllowed);
    firm.scoped("lead").await.accept_successor(id, new, "новый директор", 1).await.unwrap();
    assert_eq!(scoped.task_card(id).await.unwrap().override_why, "новый директор");
}

async fn one_certificate_has_one_open_task(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let certificate = firm.certificate(&Wish::of(BIN)).await;
    let scoped = firm.scoped("accountant").await;
    let first = scoped.open_task(task(certificate, Reason::Planned)).await.unwrap();
    assert_eq!(
        refusal(scoped.open_task(task(certificate, Reason::Planned)).await),
        Refusal::invalid("certificate", Rule::TaskOpen)
    );
    scoped.move_task(first, &Move::to(Stage::Cancelled, "ошибка", 1)).await.unwrap();
    let (a, b) = (firm.scoped("accountant").await, firm.scoped("owner").await);
    let (a, b) =
        tokio::join!(a.open_task(task(certificate, Reason::Planned)), b.open_task(task(certificate, Reason::Planned)));
    assert!(a.is_ok() != b.is_ok(), "of two at one moment one wins: {a:?} {b:?}");
}

async fn somebody_without_a_right_cannot_be_assigned(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let certificate = firm.certificate(&Wish::of(BIN)).await;
    let owner = firm.scoped("owner").await;
    let names: Vec<_> = owner.candidates(&[certificate]).await.unwrap().into_iter().map(|c| c.id).collect();
    assert!(names.contains(&firm.people["accountant"]) && names.contains(&firm.people["lead"]));
    assert!(
        !names.contains(&firm.people["second"])
            && !names.contains(&firm.people["west-lead"])
            && !names.contains(&firm.people["observer"])
    );
    let id = owner.open_task(task(certificate, Reason::Planned)).await.unwrap();
    let refused = refusal(owner.assign_tasks(&firm.seen(&[id]).await, Some(firm.people["second"])).await);
    assert_eq!(refused, Refusal::invalid("assignee", Rule::NoRight));
    let accountant = firm.scoped("accountant").await;
    accountant.assign_tasks(&firm.seen(&[id]).await, Some(firm.people["accountant"])).await.unwrap();
    assert_eq!(refusal(accountant.assign_tasks(&firm.seen(&[id]).await, None).await), Refusal::NotAllowed);
    assert_eq!(accountant.tasks(&TaskView::Mine.into()).await.unwrap().len(), 1);
}

async fn cover_with_an_end_date_ends(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    let cover =
        domain::client::NewAssignment { until: Some(d("2026-11-25")), ..firm.assignment("second", Part::Deputy) };
    firm.scoped("owner").await.assign(client, cover).await.unwrap();
    let sees = |day: &'static str| {
        let firm = &firm;
        async move { firm.scoped_on("second", OfficeDay::noon(d(day))).await.client_card(client).await.is_ok() }
    };
    assert!(sees("2026-11-25").await, "the last day counts");
    assert!(!sees("2026-11-26").await);
}

async fn a_certificate_linked_by_hand_shows_only_the_clients_one_may_see(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (own, foreign) = (firm.client(BIN, Some("accountant")).await, firm.client(OTHER, Some("second")).await);
    let certificate = firm.certificate(&Wish::of(OTHER)).await;
    firm.scoped("owner").await.link_certificate(certificate, own).await.unwrap();
    let card = firm.scoped("accountant").await.certificate_card(certificate).await.unwrap();
    assert_eq!(card.row.clients.iter().map(|c| c.0).collect::<Vec<_>>(), [own]);
    assert_eq!(firm.scoped("owner").await.certificate_card(certificate).await.unwrap().row.clients.len(), 2);
    assert_eq!(
        refusal(firm.scoped("accountant").await.unlink_certificate(certificate, foreign).await),
        Refusal::NotFound
    );
    assert_eq!(
        refusal(firm.scoped("owner").await.unlink_certificate(certificate, foreign).await),
        Refusal::NotFound,
        "its own client stays"
    );
}

async fn a_task_is_found_by_the_clients_that_its_certificates_have_now(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (own, stays) = (firm.client(BIN, Some("accountant")).await, firm.client(OTHER, Some("second")).await);
    let certificate = firm.certificate(&Wish { name: "КАСЕНОВ АСХАТ", ..Wish::of(OTHER) }).await;
    let owner = firm.scoped("owner").await;
    firm.task(certificate).await;
    let found = |who: &'static str| {
        let firm = &firm;
        async move {
            let all = firm.scoped(who).await.find_anything("касенов").await.unwrap();
            all.iter().filter(|f| f.kind == domain::find::FindKind::Task).count()
        }
    };
    assert_eq!((found("accountant").await, found("second").await), (0, 1));
    owner.link_certificate(certificate, own).await.unwrap();
    assert_eq!((found("accountant").await, found("second").await), (1, 1), "linked by hand");
    owner.unlink_certificate(certificate, own).await.unwrap();
    assert_eq!((found("accountant").await, found("second").await), (0, 1), "no longer linked");
    owner.merge_client(stays, BIN).await.unwrap();
    assert_eq!((found("accountant").await, found("second").await), (1, 1), "one client now, and both work on it");
}

async fn two_editors_do_not_overwrite_each_other(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let id = firm.client(BIN, None).await;
    let owner = firm.scoped("owner").await;
    let seen = owner.client_card(id).await.unwrap();
    let mut data = seen.data.clone();
    data.notes = "первая".into();
    owner.change_client(id, data.clone(), seen.revision).await.unwrap();
    assert_eq!(refusal(owner.change_client(id, data, seen.revision).await), Refusal::Conflict);
    owner.archive_client(id, Some(crate::support::today().day)).await.unwrap();
    assert_eq!(owner.clients(&ClientFilter::default()).await.unwrap().total, 0);
    owner.archive_client(id, None).await.unwrap();
    assert_eq!(owner.clients(&ClientFilter::default()).await.unwrap().total, 1);
}

async fn search_finds_kazakh_letters_phones_and_holders(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let id = firm.client(BIN, None).await;
    firm.certificate(&Wish { name: "ӨТЕГЕНОВ ҚАНАТ", ..Wish::of(BIN) }).await;
    let owner = firm.scoped("owner").await;
    let seen = owner.client_card(id).await.unwrap();
    let contact = domain::client::Contact { phone: "+7 700 123 45 67".into(), ..Default::default() };
    let data = domain::client::ClientData {
        name: "ТОО «ӘЛЕМ Құрылыс»".into(), contacts: vec![contact], ..seen.data
    };
    owner.change_client(id, data, seen.revision).await.unwrap();
    for text in ["әлем", "ҚҰРЫЛЫС", "1240001", "77001234567", "өтеген", "ҚҰРЫЛЫС өтегенов", ""]
    {
        let found = owner.clients(&ClientFilter { text: text.into(), ..ClientFilter::default() }).await.unwrap();
        assert_eq!(found.total, 1, "{text}");
    }
    for text in ["%", "_", "нет такого"] {
        let found = owner.clients(&ClientFilter { text: text.into(), ..ClientFilter::default() }).await.unwrap();
        assert_eq!(found.total, 0, "{text}");
    }
}

async fn history_reaches_the_owner_whole_and_the_lead_in_part(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    firm.client(OTHER, Some("second")).await;
    let all = firm.scoped("owner").await.audit(&Default::default()).await.unwrap().rows;
    let part = firm.scoped("lead").await.audit(&Default::default()).await.unwrap().rows;
    assert!(all.len() > part.len() && !part.is_empty());
    assert!(part.iter().all(|r| r.client.as_ref().is_some_and(|(_, name)| name.contains(BIN))));
    assert!(all.iter().any(|r| r.session.is_some()));
    assert_eq!(refusal(firm.scoped("accountant").await.audit(&Default::default()).await), Refusal::NotAllowed);
}
