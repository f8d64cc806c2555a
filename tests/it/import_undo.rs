//! An import is undone as a whole within a day; what somebody has worked with since stays.

use crate::certificates::data;
use crate::support::{Base, Firm, Wish, cookie, d, get, on_both, state, today};
use chrono::Duration;
use domain::certificate::SignatureCheck;
use domain::day::OfficeDay;
use domain::import::KeptWhy;
use domain::reason::Reason;
use domain::refusal::Refusal;
use domain::task::{NewTask, Route};
use store::DraftItem;

on_both!(
    an_import_goes_back_with_its_clients_and_gives_its_place_to_the_earlier_certificate,
    what_was_worked_with_since_stays_and_is_named,
    an_import_is_undone_by_its_maker_within_a_day,
    names_of_containers_point_at_ones_own_certificates_only,
    what_goes_is_named_before_it_goes_to_its_maker_alone,
);

const OLD: &str = "971240001315";
const NEW: &str = "940140000385";

async fn an_import_goes_back_with_its_clients_and_gives_its_place_to_the_earlier_certificate(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let client = firm.client(OLD, Some("accountant")).await;
    let first = firm.certificate(&Wish::of(OLD).until("2025-12-01", "2026-12-01")).await;
    let before = owner.clients(&Default::default()).await.unwrap().total;

    let items = vec![firm.item(&Wish::of(OLD).until("2026-11-01", "2027-11-01")), firm.item(&Wish::of(NEW))];
    let draft = owner.draft(items).await.unwrap();
    let (outcome, all) = owner.accept(draft, &Default::default()).await.unwrap();
    assert_eq!((outcome.registered, outcome.new_clients), (2, 1));
    assert!(owner.certificate_card(first).await.unwrap().successor.is_some());
    assert_eq!(owner.recent_imports().await.unwrap().len(), 2);

    let undone = firm.scoped("owner").await.undo_import(draft).await.unwrap();
    assert_eq!((undone.certificates, undone.clients, undone.kept.len()), (2, 1, 0));
    let owner = firm.scoped("owner").await;
    for id in all {
        assert!(owner.certificate_card(id).await.is_err());
    }
    let back = owner.certificate_card(first).await.unwrap();
    assert!(back.successor.is_none() && back.row.life.replaced_from.is_none(), "the earlier one counts again");
    assert_eq!(owner.clients(&Default::default()).await.unwrap().total, before);
    assert_eq!(owner.certificates_of(client).await.unwrap().len(), 1);
    let search = domain::client::ClientFilter { text: NEW.into(), ..Default::default() };
    assert_eq!(owner.clients(&search).await.unwrap().total, 0);

    // The same files can be imported again.
    let again = owner.accept(draft, &Default::default()).await.unwrap().0;
    assert_eq!((again.registered, again.new_clients), (2, 1));
    assert_eq!(firm.scoped("owner").await.undo_import(draft).await.unwrap().certificates, 2);
}

async fn what_was_worked_with_since_stays_and_is_named(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let other = firm.client("020240000555", Some("accountant")).await;
    let wishes = [OLD, NEW, "941240000193"];
    let draft = owner.draft(wishes.iter().map(|bin| firm.item(&Wish::of(bin))).collect()).await.unwrap();
    let (_, all) = owner.accept(draft, &Default::default()).await.unwrap();
    let task = NewTask {
        certificates: vec![all[0]],
        reason: Reason::Planned,
        route: Route::Online,
        assignee: None,
        due: d("2026-11-30"),
        note: String::new(),
    };
    owner.open_task(task).await.unwrap();
    owner.link_certificate(all[1], other).await.unwrap();
    let before = firm.scoped("owner").await.import_contents(draft).await.unwrap();
    assert_eq!((before.total, before.clients.len()), (1, 1), "only what goes");
    assert_eq!(before.certificates[0].id, all[2]);
    let (state, session) = (state(&base.store), cookie(&base.store, firm.people["owner"], today().now).await);
    let (_, ask) = get(&state, &format!("/import/{draft}/undo"), Some(&session)).await;
    assert!(ask.contains("по нему есть задача") && !ask.contains("/tasks/new?certificate"), "{ask}");

    let undone = firm.scoped("owner").await.undo_import(draft).await.unwrap();
    assert_eq!((undone.certificates, undone.clients), (1, 1));
    let whys: Vec<KeptWhy> = undone.kept.iter().map(|kept| kept.why).collect();
    assert_eq!(whys, [KeptWhy::Task, KeptWhy::Linked, KeptWhy::Holds, KeptWhy::Holds]);
    assert_eq!(undone.kept, before.kept, "as it was told");
    let owner = firm.scoped("owner").await;
    assert!(owner.certificate_card(all[0]).await.is_ok() && owner.certificate_card(all[1]).await.is_ok());
    assert!(owner.certificate_card(all[2]).await.is_err());
}

async fn what_goes_is_named_before_it_goes_to_its_maker_alone(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let draft = owner.draft([OLD, NEW].map(|bin| firm.item(&Wish::of(bin))).into()).await.unwrap();
    let (_, all) = owner.accept(draft, &Default::default()).await.unwrap();
    let state = state(&base.store);
    let page = async |who: &str| {
        let session = cookie(&base.store, firm.people[who], today().now).await;
        get(&state, &format!("/import/{draft}/undo"), Some(&session)).await
    };
    let (status, ask) = page("owner").await;
    assert_eq!(status, 200);
    for id in all {
        assert!(ask.contains(&format!("/certificates/{id}")), "{ask}");
    }
    for (client, name) in owner.import_contents(draft).await.unwrap().clients {
        assert!(ask.contains(&format!("/clients/{client}")) && ask.contains(&name), "{ask}");
    }
    let (status, foreign) = page("lead").await;
    assert_eq!(status, 404);
    assert!(!foreign.contains("Клиент 9"), "{foreign}");
    let later = OfficeDay::at(today().now + Duration::hours(25));
    assert!(firm.scoped_on("owner", later).await.import_contents(draft).await.is_err(), "a day has passed");
}

async fn an_import_is_undone_by_its_maker_within_a_day(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(OLD, Some("accountant")).await;
    let accountant = firm.scoped("accountant").await;
    let draft = accountant.draft(vec![firm.item(&Wish::of(OLD))]).await.unwrap();
    accountant.accept(draft, &Default::default()).await.unwrap();
    let refused = |result: Result<_, store::Error>| matches!(result, Err(store::Error::Refused(Refusal::NotFound)));
    assert!(refused(firm.scoped("second").await.undo_import(draft).await), "somebody else's is not there");
    let later = OfficeDay::at(today().now + Duration::hours(25));
    assert!(refused(firm.scoped_on("accountant", later).await.undo_import(draft).await), "a day has passed");
    assert!(firm.scoped_on("accountant", later).await.recent_imports().await.unwrap().is_empty());
    assert_eq!(accountant.undo_import(draft).await.unwrap().certificates, 1);
    assert!(refused(accountant.undo_import(draft).await), "once");
}

async fn names_of_containers_point_at_ones_own_certificates_only(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let file = std::fs::read_dir(data("generated/certs")).unwrap().map(|e| e.unwrap().path()).min().unwrap();
    let der = std::fs::read(file).unwrap();
    let facts = pki::read_certificate(&der, today().now).unwrap();
    let (key, number) =
        (facts.subject_key_id.clone().expect("a key identifier"), facts.owner_number().unwrap().to_owned());
    let client = firm.client(&number, Some("accountant")).await;
    let item = DraftItem { file: "a.cer".into(), content: Ok((der, facts, SignatureCheck::NotChecked)) };
    let draft = owner.draft(vec![item]).await.unwrap();
    owner.accept(draft, &Default::default()).await.unwrap();
    assert_eq!(owner.certificates_of(client).await.unwrap().len(), 1);
    let asked = ["00".repeat(20), key.clone()];
    let own = firm.scoped("accountant").await.by_key_ids(&asked).await.unwrap();
    assert_eq!(own.iter().map(|(id, ..)| id.as_str()).collect::<Vec<_>>(), [key.as_str()]);
    assert!(firm.scoped("second").await.by_key_ids(&asked).await.unwrap().is_empty());
}
