//! A certificate's fact is told in one place: from there it reaches card, search and archive.

use crate::support::{Base, Firm, Wish, archive, cookie, d, get, on_both, state, today};
use chrono::{Duration, Utc};
use domain::certificate::{Fact, Facts, HolderKind, HolderRole, Issuer, Purpose, Subject, generations, in_force};
use domain::client::ClientFilter;
use domain::day::OfficeDay;
use domain::import::TwinAt;

on_both!(
    every_fact_reaches_card_and_archive,
    what_names_a_certificate_finds_its_client,
    one_number_of_two_certificates_names_the_other,
    a_successor_that_has_not_begun_does_not_stand_for_the_one_in_force,
);

const BIN: &str = "971240001315";

/// Facts of which none is empty and none says what another says.
fn full(real: &Facts) -> Facts {
    let subject = Subject {
        common_name: Some("ФАКТОВА АЙША".into()),
        surname: Some("ФАМИЛИЕВА".into()),
        given_name: Some("ОТЧЕСТВОВНА".into()),
        organization: Some("ТОО «Организация»".into()),
        iin: Some("880211400123".into()),
        bin: Some(BIN.into()),
        country: Some("KZ".into()),
        email: Some("facts@example.kz".into()),
    };
    Facts {
        subject,
        issuer: Issuer { common_name: Some("Издатель фактов".into()) },
        serial: "C0FFEE5E".into(),
        fingerprint_sha256: real.fingerprint_sha256.clone(),
        not_before: Utc::now() - Duration::days(10),
        not_after: Utc::now() + Duration::days(90),
        key_algorithm: "GOST".into(),
        key_algorithm_oid: "1.2.398.3.10.1.1.2.2".into(),
        signature_algorithm_oid: "1.2.398.3.10.1.1.2.3.2".into(),
        purposes: vec![Purpose::Signing],
        holder_kind: HolderKind::Organisation,
        roles: vec![HolderRole::Finance],
        extended_key_usage: vec!["1.2.398.3.3.4.1.2.77".into()],
        policies: vec!["1.2.398.3.3.2.88".into()],
        crl_urls: vec!["http://crl.example.kz/list.crl".into()],
        ocsp_urls: vec!["http://ocsp.example.kz".into()],
        subject_key_id: Some("beefbeefbeef".into()),
        carrier_oid: Some("1.2.398.3.3.5.1.99".into()),
        is_ca: false,
        warnings: Vec::new(),
    }
}

async fn registered(firm: &Firm) -> (domain::id::CertificateId, Facts) {
    let mut item = firm.item(&Wish::of(BIN));
    let Ok((_, facts, _)) = &mut item.content else { panic!("a certificate") };
    *facts = full(facts);
    let facts = facts.clone();
    let owner = firm.scoped("owner").await;
    let draft = owner.draft(vec![item]).await.unwrap();
    let (_, ids) = owner.accept(draft, &Default::default()).await.unwrap();
    (ids[0], facts)
}

async fn every_fact_reaches_card_and_archive(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, None).await;
    let (id, facts) = registered(&firm).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let card = get(&state, &format!("/certificates/{id}"), Some(&session)).await.1.replace(['\u{202f}', '\u{a0}'], "");
    let archive = archive(&state, client, &session).await;
    assert_eq!(facts.each().len(), Fact::ALL.len());
    for (fact, said) in facts.each() {
        let shown = match fact {
            // What a code means stands there in words, a day as a day of the office's language.
            Fact::Purposes => "подпись".to_owned(),
            Fact::Roles => "финансовая подпись".to_owned(),
            Fact::HolderKind => "представитель организации".to_owned(),
            Fact::NotBefore => facts.not_before.format("%Y-%m-%d %H:%M:%S").to_string(),
            Fact::NotAfter => facts.not_after.format("%Y-%m-%d %H:%M:%S").to_string(),
            Fact::KeyAlgorithm => facts.key_algorithm_oid.clone(),
            _ => said.clone(),
        };
        assert!(card.contains(&shown), "{fact:?} is not on the card: {shown}");
        let filed = match fact {
            Fact::NotBefore => facts.first_day().to_string(),
            Fact::NotAfter => facts.last_day().to_string(),
            _ => shown,
        };
        assert!(archive.contains(&filed), "{fact:?} is not in the archive: {filed}");
    }
}

async fn what_names_a_certificate_finds_its_client(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, None).await;
    let (_, facts) = registered(&firm).await;
    let owner = firm.scoped("owner").await;
    for (fact, said) in facts.each().into_iter().filter(|(fact, _)| fact.is_searched()) {
        let found = owner.clients(&ClientFilter { text: said.clone(), ..ClientFilter::default() }).await.unwrap();
        assert_eq!(found.total, 1, "{fact:?}: {said}");
    }
}

async fn one_number_of_two_certificates_names_the_other(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client(BIN, Some("accountant")).await;
    let numbered = |file: &str, wish: &Wish| {
        let mut item = firm.item(wish);
        item.file = file.into();
        item.content.as_mut().unwrap().1.serial = "0A1B".into();
        item
    };
    let (first, second) = (Wish::of(BIN), Wish { name: "ДРУГАЯ АННА", iin: "900101300126", ..Wish::of(BIN) });
    let owner = firm.scoped("owner").await;
    let draft = owner.draft(vec![numbered("a.cer", &first), numbered("b.cer", &second)]).await.unwrap();
    let twins = async |draft| {
        let rows = owner.preview(draft).await.unwrap().rows;
        rows.into_iter().map(|r| r.content.unwrap().twin).collect::<Vec<_>>()
    };
    let batch = twins(draft).await;
    assert_eq!(batch[0].as_ref().unwrap().at, TwinAt::File("b.cer".into()));
    assert_eq!(batch[1].as_ref().unwrap().at, TwinAt::File("a.cer".into()));
    let alone = owner.draft(vec![numbered("a.cer", &first)]).await.unwrap();
    assert_eq!(twins(alone).await, [None]);
    let registered = owner.accept(alone, &Default::default()).await.unwrap().1[0];
    let later = owner.draft(vec![numbered("b.cer", &second)]).await.unwrap();
    let twin = twins(later).await[0].clone().unwrap();
    assert_eq!((twin.holder.as_str(), twin.at), ("КИМ ОЛЬГА", TwinAt::Register(registered)));
}

async fn a_successor_that_has_not_begun_does_not_stand_for_the_one_in_force(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    let old = firm.certificate(&Wish::of(BIN).until("2025-12-10", "2026-12-10")).await;
    let next = firm.certificate(&Wish::of(BIN).until("2026-12-05", "2027-12-05")).await;
    let of = async |day: &str| {
        let today = OfficeDay::noon(d(day));
        let rows = firm.scoped_on("accountant", today).await.certificates_of(client).await.unwrap();
        let lines = generations(rows);
        lines[0][in_force(&lines[0], today)].main().unwrap().id
    };
    assert_eq!((of("2026-12-04").await, of("2026-12-06").await), (old, next));
    let (state, session) = (state(&base.store), cookie(&base.store, firm.people["accountant"], today().now).await);
    let (_, page) = get(&state, &format!("/clients/{client}"), Some(&session)).await;
    assert!(page.contains("Следующий действует с") && page.contains(&format!("/certificates/{old}")));
}
