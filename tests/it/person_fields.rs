//! A field of somebody of the staff is told in one place: from there it reaches form, history and file.

use crate::support::{Base, Firm, cookie, get, on_both, post, state, today};
use axum::http::StatusCode;
use domain::audit::{AuditFilter, DeedKind};
use domain::person::PersonField;

on_both!(every_field_reaches_every_place, an_address_that_looks_like_a_colleagues_is_asked_about,);

/// What stands in a field before and after, in the form's words.
fn typed(field: PersonField, firm: &Firm) -> [String; 2] {
    match field {
        PersonField::Name => ["Имя second".into(), "Новое Имя".into()],
        PersonField::Email => ["second@example.kz".into(), "second@example.kz".into()],
        PersonField::Role => ["accountant".into(), "observer".into()],
        PersonField::Team => [String::new(), firm.team.to_string()],
        PersonField::SeesAll => [String::new(), "1".into()],
    }
}

async fn every_field_reaches_every_place(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let (owner, id) = (firm.scoped("owner").await, firm.people["second"]);
    let encode = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let pairs = PersonField::ALL.iter().map(|f| format!("{}={}", f.code(), encode(&typed(*f, &firm)[1])));
    let form = format!("{}&revision=1", pairs.collect::<Vec<_>>().join("&"));
    assert_eq!(post(&state, &format!("/staff/{id}"), Some(&session), &form).await.0, StatusCode::SEE_OTHER);
    let person = owner.person(id).await.unwrap();
    let (card, file) = (
        get(&state, &format!("/staff/{id}"), Some(&session)).await.1,
        get(&state, "/staff.csv", Some(&session)).await.1,
    );
    let filter = AuditFilter { kind: Some(DeedKind::StaffChanged), ..AuditFilter::default() };
    let history = owner.audit(&filter).await.unwrap().rows.remove(0).about;
    let read = get(&state, "/audit?kind=staff_changed", Some(&session)).await.1;
    for (field, now) in person.fields() {
        assert_eq!(now, typed(field, &firm)[1], "{field:?} was not written");
        let filed = match field {
            PersonField::Role => "наблюдатель".to_owned(),
            PersonField::Team => "East".to_owned(),
            PersonField::SeesAll => "да".to_owned(),
            PersonField::Name | PersonField::Email => now.clone(),
        };
        let line = file.lines().find(|line| line.contains("Новое Имя")).unwrap();
        assert!(line.to_lowercase().contains(&filed.to_lowercase()), "{field:?} is not in the file: {line}");
        if field == PersonField::Email {
            assert!(card.contains(&now), "the address stands on the card");
            continue;
        }
        assert!(card.contains(&format!("name=\"{}\"", field.code())), "{field:?} is not in the form");
        let said = if field == PersonField::Role { "accountant → observer" } else { field.code() };
        assert!(history.contains(said), "{field:?} is not in the history: {history}");
    }
    assert!(read.contains("бухгалтер → наблюдатель"), "roles stand in words: {read}");
}

async fn an_address_that_looks_like_a_colleagues_is_asked_about(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&base.store, firm.people["owner"], today().now).await;
    let known =
        firm.scoped("owner").await.people().await.unwrap().iter().find(|p| p.email.contains('o')).unwrap().clone();
    let alike = known.email.replacen('o', "0", 1);
    let invite = async |email: &str, more: &str| {
        let form = format!("name=Новый&email={email}&role=accountant{more}");
        post(&state, "/staff", Some(&session), &form).await
    };
    let (status, page) = invite(&alike, "").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("легко спутать") && page.contains(&known.name) && page.contains("name=\"sure\""));
    let (status, page) = invite("kоllega@example.kz", "&sure=1").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "a mixed alphabet is never meant");
    assert!(page.contains("только похож на латинский"));
    let (status, _) = invite(&alike, "&sure=1").await;
    assert_eq!(status, StatusCode::OK, "the link is shown");
}
