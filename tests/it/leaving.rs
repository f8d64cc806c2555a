//! The end of a contract with its erasure, and two cards of one client becoming one.

use crate::support::{Base, Firm, Wish, cookie, d, on_both, rule, state_on, today};
use axum::http::StatusCode;
use domain::audit::{AuditFilter, DeedKind};
use domain::client::{ClientData, Contact};
use domain::day::OfficeDay;
use domain::filing::Filing;
use domain::ground::{GroundKind, NewGround};
use domain::id::ClientId;
use domain::person::Part;
use domain::refusal::{Refusal, Rule};
use domain::task::{TaskFilter, TaskView};
use domain::typed::Typed;
use domain::view::{NewView, Place};
use std::io::Read as _;
use store::Error;

on_both!(
    a_client_is_erased_only_after_the_term_by_the_owner_with_its_number,
    an_erasure_leaves_what_others_have_and_a_silent_history,
    the_bundle_holds_the_client_and_no_foreign_one,
    a_merge_carries_everything_over,
    a_merge_leaves_everybody_in_the_stronger_part_and_somebody_responsible,
    a_merge_gives_typed_entries_the_number_that_stays,
    a_link_that_was_there_before_a_merge_is_no_imports_own,
);

const BIN: &str = "971240001315";
const OTHER: &str = "940140000385";

async fn a_client_is_erased_only_after_the_term_by_the_owner_with_its_number(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let id = firm.client(BIN, Some("accountant")).await;
    let owner = firm.scoped("owner").await;
    assert_eq!(rule(owner.erase_client(id, BIN).await), Rule::StillKept, "the contract runs");
    assert_eq!(rule(owner.archive_client(id, Some(d("2026-11-23"))).await), Rule::DayToCome);
    owner.archive_client(id, Some(d("2026-11-22"))).await.unwrap();
    assert_eq!(owner.client_card(id).await.unwrap().contract_ended, Some(d("2026-11-22")));
    assert_eq!(rule(owner.set_keep_months(601).await), Rule::Months);
    owner.set_keep_months(12).await.unwrap();
    for (day, number, expected) in [
        ("2027-11-22", BIN, Rule::StillKept),
        ("2027-11-23", OTHER, Rule::OtherNumber),
        ("2027-11-23", "", Rule::OtherNumber),
    ] {
        let later = firm.scoped_on("owner", OfficeDay::noon(d(day))).await;
        assert_eq!(rule(later.erase_client(id, number).await), expected, "{day} {number}");
    }
    let after = OfficeDay::noon(d("2027-11-23"));
    firm.scoped_on("owner", after).await.assign(id, firm.assignment("lead", Part::Deputy)).await.unwrap();
    let lead = firm.scoped_on("lead", after).await.erase_client(id, BIN).await;
    assert!(matches!(lead, Err(Error::Refused(Refusal::NotAllowed))));
    let later = firm.scoped_on("owner", after).await;
    later.erase_client(id, BIN).await.unwrap();
    assert!(matches!(later.client_card(id).await, Err(Error::Refused(Refusal::NotFound))));
    later.create_client(crate::support::data(BIN)).await.expect("the number is free again");
}

async fn an_erasure_leaves_what_others_have_and_a_silent_history(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (id, other) = (firm.client(BIN, Some("accountant")).await, firm.client(OTHER, Some("second")).await);
    let owner = firm.scoped("owner").await;
    let own = firm.certificate(&Wish::of(BIN)).await;
    let shared =
        firm.certificate(&Wish { iin: "851231499000", ..Wish::of(BIN).until("2026-01-01", "2027-01-01") }).await;
    owner.link_certificate(shared, other).await.unwrap();
    let (gone, stays) = (firm.task(own).await, firm.task(shared).await);
    let (number, scope, note) = Default::default();
    let ground = NewGround { kind: GroundKind::OwnerSigns, certificate: Some(own), number, scope, until: None, note };
    owner.record_ground(id, ground).await.unwrap();
    let query = format!("client={id}");
    owner.save_view(NewView { place: Place::Tasks, name: "этот".into(), query, shared: false }).await.unwrap();
    owner.archive_client(id, Some(today().day)).await.unwrap();
    let later = firm.scoped_on("owner", OfficeDay::noon(d("2031-11-23"))).await;
    let erased = later.erase_client(id, BIN).await.unwrap();
    assert_eq!((erased.certificates, erased.tasks), (1, 1));
    assert!(matches!(later.task_card(gone).await, Err(Error::Refused(Refusal::NotFound))));
    assert!(matches!(later.certificate_card(own).await, Err(Error::Refused(Refusal::NotFound))));
    let kept = later.certificate_card(shared).await.unwrap();
    assert_eq!(kept.row.clients.len(), 1);
    assert_eq!(later.task_card(stays).await.unwrap().row.clients[0].0, other);
    let of_other = later.audit(&AuditFilter { client: Some(other), ..AuditFilter::default() }).await.unwrap().rows;
    let opened = of_other.iter().filter(|l| l.link == format!("/tasks/{stays}") && !l.about.is_empty());
    assert_eq!(opened.count(), 1, "what is about a shared certificate stays with whoever has it: {of_other:?}");
    let lines = later.audit(&AuditFilter { client: Some(id), ..AuditFilter::default() }).await.unwrap().rows;
    assert!(lines.len() > 3 && lines.iter().all(|l| l.about.is_empty() && l.link.is_empty()), "{lines:?}");
    let whole = later.audit(&AuditFilter::default()).await.unwrap().rows;
    let tomb = whole.iter().find(|l| l.kind == DeedKind::ClientErased).expect("a tombstone");
    assert!(tomb.about.ends_with(&format!("certificates 1, tasks 1, lines {}", erased.lines)), "{}", tomb.about);
    assert!(later.saved_views().await.unwrap().is_empty());
    assert!(!whole.iter().any(|l| l.link.contains(&id.to_string())), "no way leads there");
    assert!(!whole.iter().any(|l| l.about.contains(BIN)), "the number stands nowhere: {whole:?}");
}

async fn the_bundle_holds_the_client_and_no_foreign_one(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let id = firm.client(BIN, Some("accountant")).await;
    let other = firm.client(OTHER, Some("second")).await;
    let certificate = firm.certificate(&Wish::of(BIN)).await;
    firm.scoped("owner").await.link_certificate(certificate, other).await.unwrap();
    let serial = firm.scoped("owner").await.certificate_card(certificate).await.unwrap().row.serial;
    firm.task(certificate).await;
    let state = state_on(&base.store, crate::support::TODAY);
    let path = format!("/clients/{id}/bundle.zip");
    for (who, expected) in
        [("accountant", StatusCode::FORBIDDEN), ("second", StatusCode::NOT_FOUND), ("owner", StatusCode::OK)]
    {
        let session = cookie(&firm.store, firm.people[who], state.clock.now()).await;
        assert_eq!(crate::support::get(&state, &path, Some(&session)).await.0, expected, "{who}");
    }
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let bytes = crate::support::bytes(&state, &path, &session).await;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut read = |name: &str| {
        let mut out = Vec::new();
        archive.by_name(name).unwrap_or_else(|_| panic!("{name}")).read_to_end(&mut out).unwrap();
        out
    };
    let der = read(&format!("certificates/{serial}.cer"));
    assert_eq!(der, firm.scoped("owner").await.certificate_der(certificate).await.unwrap());
    for (name, words) in [
        ("client", BIN),
        ("certificates", &serial),
        ("tasks", "КИМ ОЛЬГА"),
        ("task-notes", "секрет"),
        ("people", "Имя accountant"),
        ("history", "Новый клиент"),
    ] {
        let text = String::from_utf8(read(&format!("{name}.csv"))).unwrap();
        assert!(text.contains(words) && !text.contains(OTHER), "{name}: {text}");
    }
}

async fn a_merge_carries_everything_over(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let (gone, stays) = (firm.client(BIN, Some("accountant")).await, firm.client(OTHER, Some("second")).await);
    let contact = |name: &str| Contact { name: name.into(), phone: "+7 701".into(), ..Contact::default() };
    let with = |number: &str, name: &str, code: &str| ClientData {
        contacts: vec![contact(name)],
        notes: name.into(),
        filings: vec![code.into()],
        ..crate::support::data(number)
    };
    let codes: Vec<String> =
        owner.filings().await.unwrap().iter().map(|f: &Filing| f.code.clone()).filter(|c| !c.is_empty()).collect();
    owner.change_client(gone, with(BIN, "Айша", &codes[0]), 1).await.unwrap();
    owner.change_client(stays, with(OTHER, "Болат", codes.last().unwrap()), 1).await.unwrap();
    let certificate = firm.certificate(&Wish::of(BIN)).await;
    let task = firm.task(certificate).await;
    let late = Wish { iin: "851231499000", ..Wish::of(BIN).until("2026-01-01", "2027-01-01") };
    let draft = owner.draft(vec![firm.item(&late)]).await.unwrap();
    let late = owner.accept(draft, &Default::default()).await.unwrap().1[0];
    assert_eq!(rule(owner.merge_plan(gone, BIN).await), Rule::NoOtherClient, "not into itself");
    let plan = owner.merge_plan(gone, OTHER).await.unwrap();
    assert_eq!((plan.into.0, plan.certificates), (stays, 2));
    let foreign = firm.scoped("lead").await.merge_client(gone, OTHER).await;
    assert_eq!(rule(foreign), Rule::NoOtherClient, "a lead merges within the team");
    assert_eq!(owner.merge_client(gone, OTHER).await.unwrap(), stays);
    assert!(matches!(owner.client_card(gone).await, Err(Error::Refused(Refusal::NotFound))));
    owner.undo_import(draft).await.unwrap();
    assert!(owner.certificate_card(late).await.is_err(), "an import from before can be undone");
    let card = owner.client_card(stays).await.unwrap().data;
    assert_eq!(card.contacts, [contact("Болат"), contact("Айша")]);
    assert_eq!((card.notes.as_str(), card.number.as_str()), ("Болат\nАйша", OTHER));
    assert!(card.filings.contains(&codes[0]) && card.filings.contains(codes.last().unwrap()));
    let of = |client: ClientId| TaskFilter { client: Some(client), ..TaskView::All.into() };
    assert_eq!(owner.tasks(&of(stays)).await.unwrap()[0].id, task);
    // Whoever worked on either sees the one that stays; one is responsible.
    assert_eq!(firm.scoped("accountant").await.client_card(stays).await.unwrap().id, stays);
    let parts: Vec<Part> = owner.assignments(stays).await.unwrap().iter().map(|a| a.part).collect();
    assert_eq!(parts.iter().filter(|p| **p == Part::Responsible).count(), 1, "{parts:?}");
    let lines = owner.audit(&AuditFilter { client: Some(stays), ..AuditFilter::default() }).await.unwrap().rows;
    assert!(lines.iter().any(|l| l.kind == DeedKind::ClientsMerged));
    assert!(lines.iter().filter(|l| l.kind == DeedKind::ClientCreated).count() == 2, "the history of both");
    assert!(lines.iter().all(|l| !l.link.contains(&gone.to_string())));
}

async fn a_merge_leaves_everybody_in_the_stronger_part_and_somebody_responsible(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    // Responsible here and observing there; there a cover for two days is responsible.
    let (gone, stays) = (firm.client(BIN, Some("accountant")).await, firm.client(OTHER, None).await);
    owner.assign(stays, firm.assignment("accountant", Part::Observer)).await.unwrap();
    let cover =
        domain::client::NewAssignment { until: Some(d("2026-11-24")), ..firm.assignment("second", Part::Responsible) };
    owner.assign(stays, cover).await.unwrap();
    owner.merge_client(gone, OTHER).await.unwrap();
    let all = owner.assignments(stays).await.unwrap();
    let mine: Vec<Part> =
        all.iter().filter(|a| a.holds(today()) && a.person == firm.people["accountant"]).map(|a| a.part).collect();
    assert_eq!(mine, [Part::Responsible], "{all:?}");
    assert!(firm.scoped("accountant").await.may(domain::access::Action::WorkTask, stays).await.unwrap());
    let third = firm.client("020240000555", Some("second")).await;
    owner.merge_client(stays, "020240000555").await.unwrap();
    let all = owner.assignments(third).await.unwrap();
    let lasting: Vec<_> =
        all.iter().filter(|a| a.holds(today()) && a.until.is_none()).map(|a| (a.person, a.part)).collect();
    assert!(lasting.contains(&(firm.people["second"], Part::Responsible)), "{all:?}");
    assert!(lasting.contains(&(firm.people["accountant"], Part::Deputy)), "a second responsible is a deputy: {all:?}");
}

async fn a_merge_gives_typed_entries_the_number_that_stays(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let (gone, stays) = (firm.client(BIN, Some("accountant")).await, firm.client(OTHER, Some("accountant")).await);
    let said = |holder: &str, iin: &str, last: &str| Typed {
        holder: holder.into(),
        iin: Some(iin.into()),
        role: None,
        purposes: vec![],
        first_day: None,
        last_day: d(last),
    };
    let wish = Wish { iin: "851231499000", ..Wish::of(OTHER) };
    firm.certificate(&wish.clone().until("2026-11-01", "2027-11-01")).await;
    let silenced = owner.type_certificate(gone, &said("КИМ ОЛЬГА", "851231499000", "2026-12-01")).await.unwrap();
    let confirmed = owner.type_certificate(gone, &said("КИМ ОЛЬГА", "020920600936", "2026-12-20")).await.unwrap();
    owner.merge_client(gone, OTHER).await.unwrap();
    let standing = owner.certificate_card(silenced).await.unwrap().row.life.standing(today());
    assert_eq!(standing, domain::standing::Standing::Replaced, "what the one that stays has silences it at once");
    let real = firm.import("accountant", &Wish::of(OTHER).until("2025-12-20", "2026-12-20")).await.unwrap();
    assert_eq!(real, confirmed, "what comes later confirms it");
    assert_eq!(owner.certificate_card(real).await.unwrap().row.clients[0].0, stays);
}

async fn a_link_that_was_there_before_a_merge_is_no_imports_own(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let (gone, stays) = (firm.client(BIN, Some("accountant")).await, firm.client(OTHER, Some("accountant")).await);
    let draft = owner.draft(vec![firm.item(&Wish::of(BIN))]).await.unwrap();
    let id = owner.accept(draft, &Default::default()).await.unwrap().1[0];
    owner.link_certificate(id, stays).await.unwrap();
    owner.merge_client(gone, OTHER).await.unwrap();
    let undone = owner.undo_import(draft).await.unwrap();
    assert_eq!((undone.certificates, undone.kept.len()), (0, 1), "{undone:?}");
    assert_eq!(owner.certificate_card(id).await.unwrap().row.clients[0].0, stays);
}
