//! A client's field is told in one place: from there it reaches form, card, history, search, merging and the archive.

use crate::support::{Base, Firm, archive, cookie, get, on_both, post, state};
use axum::http::StatusCode;
use domain::client::{ClientField, ClientFilter};
use domain::id::ClientId;

on_both!(
    every_field_reaches_every_place,
    what_only_the_other_card_knew_survives_a_merge,
    a_conflict_shows_both_field_by_field_and_takes_one,
    what_another_changed_elsewhere_is_neither_lost_nor_asked_about,
    of_two_at_the_contacts_each_keeps_what_they_changed,
    what_another_saved_stays_where_a_field_is_wrong_or_both_save_at_once,
    contacts_beyond_what_a_client_has_are_refused_and_none_is_cut_off,
);

const BIN: &str = "971240001315";
const OTHER: &str = "940140000385";
const NEW: &str = "020240000555";

/// What is typed into each field: first, then instead.
fn typed(field: ClientField, firm: &Firm) -> [(&'static str, String); 2] {
    let same = |name, first: &str, then: &str| [(name, first.to_owned()), (name, then.to_owned())];
    match field {
        ClientField::Name => same("name", "ТОО «Первое»", "ТОО «Второе»"),
        ClientField::Kind => same("kind", "legal_entity", "branch"),
        ClientField::Number => same("number", BIN, NEW),
        ClientField::Team => [("team", String::new()), ("team", firm.team.to_string())],
        ClientField::LegalAddress => same("legal_address", "Алматы, Абая 10", "Астана, Кенесары 40"),
        ClientField::Filings => same("filing", "300", "910"),
        ClientField::Contacts => same("contact_name", "Айжан Первая", "Болат Второй"),
        ClientField::Notes => same("notes", "звонить утром", "звонить вечером"),
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

fn form(firm: &Firm, which: usize, revision: i32) -> String {
    let pairs = ClientField::ALL.iter().map(|field| typed(*field, firm)[which].clone());
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", encoded(&value))).collect();
    format!("{}&revision={revision}", pairs.join("&"))
}

async fn every_field_reaches_every_place(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let owner = firm.scoped("owner").await;
    assert_eq!(post(&state, "/clients/new", Some(&session), &form(&firm, 0, 0)).await.0, StatusCode::SEE_OTHER);
    let id = owner.clients(&ClientFilter::default()).await.unwrap().rows[0].id;
    let (status, _) = post(&state, &format!("/clients/{id}/edit"), Some(&session), &form(&firm, 1, 1)).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    // A number is printed in groups.
    let ungrouped = |text: String| text.replace(['\u{202f}', '\u{a0}'], "");
    let card = ungrouped(get(&state, &format!("/clients/{id}"), Some(&session)).await.1);
    let edit = get(&state, &format!("/clients/{id}/edit"), Some(&session)).await.1;
    let archive = archive(&state, id, &session).await;
    let history = owner.client_history(id).await.unwrap()[0].about.clone();
    for field in ClientField::ALL {
        let (name, now) = typed(*field, &firm)[1].clone();
        assert!(edit.contains(&format!("name=\"{name}\"")) && edit.contains(&now), "{field:?} is not in the form");
        assert!(history.contains(field.code()), "{field:?} is not in the history: {history}");
        // What a code means stands there in words; a team's people stand there instead of the team.
        let in_words = matches!(field, ClientField::Kind | ClientField::Team);
        assert!(in_words || card.contains(&now), "{field:?} is not on the card");
        assert!(in_words || archive.contains(&now), "{field:?} is not in the archive");
    }
    for word in ["Второе", NEW, "Кенесары", "Болат"] {
        let found = owner.clients(&ClientFilter { text: word.into(), ..ClientFilter::default() }).await.unwrap();
        assert_eq!(found.total, 1, "{word}");
    }
    let gone = owner.clients(&ClientFilter { text: "Абая".into(), ..ClientFilter::default() }).await.unwrap();
    assert_eq!(gone.total, 0, "the address before is not found any more");
}

async fn what_only_the_other_card_knew_survives_a_merge(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let with = |number: &str, address: &str| domain::client::ClientData {
        legal_address: address.into(),
        ..crate::support::data(number)
    };
    let gone = owner.create_client(with(BIN, "Алматы, Абая 10")).await.unwrap();
    owner.create_client(with(OTHER, "")).await.unwrap();
    let stays = owner.merge_client(gone, OTHER).await.unwrap();
    assert_eq!(owner.client_card(stays).await.unwrap().data.legal_address, "Алматы, Абая 10");
    let third = owner.create_client(with(NEW, "Астана, Кенесары 40")).await.unwrap();
    owner.merge_client(third, OTHER).await.unwrap();
    let data = owner.client_card(stays).await.unwrap().data;
    assert_eq!((data.legal_address.as_str(), data.notes.as_str()), ("Алматы, Абая 10", "Астана, Кенесары 40"));
}

/// A client as the form makes it, and the address of its form.
async fn made(firm: &Firm, state: &std::sync::Arc<server::state::AppState>, session: &str) -> (ClientId, String) {
    post(state, "/clients/new", Some(session), &form(firm, 0, 0)).await;
    let id = firm.scoped("owner").await.clients(&ClientFilter::default()).await.unwrap().rows[0].id;
    (id, format!("/clients/{id}/edit"))
}

async fn what_another_changed_elsewhere_is_neither_lost_nor_asked_about(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let owner = firm.scoped("owner").await;
    let (id, edit) = made(&firm, &state, &session).await;
    let (_, page) = get(&state, &edit, Some(&session)).await;
    let opened = page.split_once("name=\"was\" value=\"").unwrap().1.split_once('"').unwrap().0.replace("&quot;", "\"");
    let was = encoded(&opened);
    let mut theirs = owner.client_card(id).await.unwrap().data;
    theirs.legal_address = "Астана, Кенесары 40".into();
    owner.change_client(id, theirs, 1).await.unwrap();
    let mine =
        format!("{}&was={was}", form(&firm, 0, 1).replace(&encoded("звонить утром"), &encoded("звонить вечером")));
    let (status, page) = post(&state, &edit, Some(&session), &mine).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let saved = owner.client_card(id).await.unwrap().data;
    assert_eq!((saved.legal_address.as_str(), saved.notes.as_str()), ("Астана, Кенесары 40", "звонить вечером"));
    let both = format!("{}&was={was}", form(&firm, 0, 1).replace(&encoded("звонить утром"), &encoded("не звонить")));
    let (status, page) = post(&state, &edit, Some(&session), &both).await;
    assert_eq!((status, page.matches("name=\"take\"").count()), (StatusCode::UNPROCESSABLE_ENTITY, 1), "{page}");
    assert!(page.contains("Сейчас сохранено: звонить вечером") && page.contains("не звонить"), "{page}");
}

async fn a_conflict_shows_both_field_by_field_and_takes_one(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let owner = firm.scoped("owner").await;
    let (id, edit) = made(&firm, &state, &session).await;
    assert_eq!(post(&state, &edit, Some(&session), &form(&firm, 1, 1)).await.0, StatusCode::SEE_OTHER);
    let (status, both) = post(&state, &edit, Some(&session), &form(&firm, 0, 1)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ClientField::ALL {
        assert!(both.contains(&format!("name=\"take\" value=\"{}\"", field.code())), "{field:?} differs: {both}");
    }
    assert!(both.contains("value=\"ТОО «Первое»\"") && both.contains("Сейчас сохранено: ТОО «Второе»"), "{both}");
    let take = format!("{}&compared=true&take=name", form(&firm, 0, 2));
    let (_, taken) = post(&state, &edit, Some(&session), &take).await;
    assert!(taken.contains("value=\"ТОО «Второе»\"") && !taken.contains("name=\"take\" value=\"name\""), "{taken}");
    assert!(taken.contains("звонить утром"), "the rest stays as it was typed");
    assert_eq!(owner.client_card(id).await.unwrap().data.name, "ТОО «Второе»", "taking saves nothing");
    let (status, _) = post(&state, &edit, Some(&session), &form(&firm, 0, 2)).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(owner.client_card(id).await.unwrap().data.name, "ТОО «Первое»");
}

async fn of_two_at_the_contacts_each_keeps_what_they_changed(base: &Base) {
    let Card { state, session, owner, id, edit } = card(base).await;
    let contact = |name: &str, phone: &str, wishes: &str| domain::client::Contact {
        name: name.into(),
        phone: phone.into(),
        wishes: wishes.into(),
        ..Default::default()
    };
    let save = async |contacts: Vec<domain::client::Contact>| {
        let card = owner.client_card(id).await.unwrap();
        let data = domain::client::ClientData { contacts, ..card.data };
        owner.change_client(id, data, card.revision).await.unwrap();
    };
    save(vec![contact("Айжан", "+7 700 111 11 11", ""), contact("Болат", "+7 700 222 22 22", "")]).await;
    let (_, opened) = get(&state, &edit, Some(&session)).await;
    let form = |page: &str, lines: [[&str; 3]; 2], more: &str| {
        let lines = lines.map(|[name, phone, wishes]| {
            let [name, phone, wishes] = [name, phone, wishes].map(encoded);
            format!("contact_name={name}&contact_phone={phone}&contact_wishes={wishes}")
        });
        let (was, clashes) = (encoded(&hidden(page, "was")), encoded(&hidden(page, "clashes")));
        let revision = hidden(page, "revision");
        let data = format!("kind=legal_entity&number={BIN}&name={}", encoded(&format!("ТОО «Клиент {BIN}»")));
        format!("{data}&{}&revision={revision}&was={was}&clashes={clashes}{more}", lines.join("&"))
    };
    // Another one gives Aizhan a new phone and adds somebody; here a wish is written beside her, and Bolat's phone changes.
    save(vec![
        contact("Айжан", "+7 700 111 00 00", ""),
        contact("Болат", "+7 700 222 22 22", ""),
        contact("Света", "+7 700 333 33 33", ""),
    ])
    .await;
    let mine = [["Айжан", "+7 700 111 11 11", "утром"], ["Болат", "+7 700 222 00 00", ""]];
    let (status, page) = post(&state, &edit, Some(&session), &form(&opened, mine, "")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "nothing is asked: {page}");
    let saved = owner.client_card(id).await.unwrap().data.contacts;
    let both = [
        contact("Айжан", "+7 700 111 00 00", "утром"),
        contact("Болат", "+7 700 222 00 00", ""),
        contact("Света", "+7 700 333 33 33", ""),
    ];
    assert_eq!(saved, both);
    // Both change the same phone: it alone is asked about, and taking it leaves the rest as it was typed.
    save(vec![contact("Айжан", "+7 700 111 00 00", ""), contact("Болат", "+7 700 222 22 22", "")]).await;
    let (_, opened) = get(&state, &edit, Some(&session)).await;
    save(vec![contact("Айжан", "+7 700 111 77 77", ""), contact("Болат", "+7 700 222 22 22", "")]).await;
    let mine = [["Айжан", "+7 700 111 55 55", "вечером"], ["Болат", "+7 700 222 22 22", ""]];
    let (status, page) = post(&state, &edit, Some(&session), &form(&opened, mine, "")).await;
    assert_eq!((status, page.matches("name=\"take\"").count()), (StatusCode::UNPROCESSABLE_ENTITY, 1), "{page}");
    assert!(page.contains("Айжан, Телефон: +7 700 111 77 77"), "{page}");
    let (_, taken) = post(&state, &edit, Some(&session), &form(&page, mine, "&compared=true&take=contacts")).await;
    assert!(taken.contains("value=\"+7 700 111 77 77\"") && taken.contains("value=\"вечером\""), "{taken}");
    assert!(!taken.contains("name=\"take\""), "nothing is left to ask: {taken}");
}

/// A client's card before its owner's eyes.
struct Card {
    state: std::sync::Arc<server::state::AppState>,
    session: String,
    owner: store::ScopedStore,
    id: ClientId,
    edit: String,
}

async fn card(base: &Base) -> Card {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let session = cookie(&firm.store, firm.people["owner"], state.clock.now()).await;
    let (owner, id) = (firm.scoped("owner").await, firm.client(BIN, None).await);
    Card { state, session, owner, id, edit: format!("/clients/{id}/edit") }
}

/// The value of a hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    let after = page.split_once(&format!("name=\"{name}\" value=\""));
    after.map(|(_, rest)| rest.split_once('"').unwrap().0.replace("&quot;", "\"")).unwrap_or_default()
}

/// The form of a page with other notes and these names of contacts.
fn form_of(page: &str, number: &str, notes: &str, contacts: &[&str]) -> String {
    let lines: String = contacts.iter().map(|name| format!("&contact_name={}", encoded(name))).collect();
    format!(
        "kind=legal_entity&number={number}&name={}&notes={}{lines}&revision={}&was={}&clashes={}",
        encoded(&format!("ТОО «Клиент {BIN}»")),
        encoded(notes),
        hidden(page, "revision"),
        encoded(&hidden(page, "was")),
        encoded(&hidden(page, "clashes"))
    )
}

async fn what_another_saved_stays_where_a_field_is_wrong_or_both_save_at_once(base: &Base) {
    let Card { state, session, owner, id, edit } = card(base).await;
    let saved = async || owner.client_card(id).await.unwrap();
    let (_, opened) = get(&state, &edit, Some(&session)).await;
    let theirs = domain::client::ClientData { notes: "их заметка".into(), ..saved().await.data };
    owner.change_client(id, theirs, 1).await.unwrap();
    // The number is wrong; the notes, which nobody touched here, follow what is saved, and the fault is said.
    let (status, page) = post(&state, &edit, Some(&session), &form_of(&opened, "123", "", &["Айжан"])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("их заметка</textarea>") && page.contains("aria-invalid=\"true\""), "{page}");
    assert!(!page.contains("name=\"take\""), "nothing is asked: {page}");
    let (status, _) = post(&state, &edit, Some(&session), &form_of(&page, BIN, "их заметка", &["Айжан"])).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!((saved().await.data.notes.as_str(), saved().await.data.contacts.len()), ("их заметка", 1));
    // Both save at one moment, different fields; whoever is told saves what both said.
    for round in 0..4 {
        let (_, opened) = get(&state, &edit, Some(&session)).await;
        let (notes, name) = (format!("заметка {round}"), format!("Имя {round}"));
        let before = saved().await.data;
        let (mine, yours) = (
            form_of(&opened, BIN, &notes, &[&before.contacts[0].name]),
            form_of(&opened, BIN, &before.notes, &[&name]),
        );
        let (a, b) =
            tokio::join!(post(&state, &edit, Some(&session), &mine), post(&state, &edit, Some(&session), &yours));
        for (status, page) in [a, b] {
            if status == StatusCode::UNPROCESSABLE_ENTITY {
                let shown = |at: &str| page.split_once(at).unwrap().1;
                let notes = shown("name=\"notes\"").split_once('>').unwrap().1.split_once("</textarea>").unwrap().0;
                let name = shown("name=\"contact_name\"").split_once("value=\"").unwrap().1.split_once('"').unwrap().0;
                let (notes, name) = (notes.replace("<!>", ""), name.to_owned());
                let (again, page) = post(&state, &edit, Some(&session), &form_of(&page, BIN, &notes, &[&name])).await;
                assert_eq!(again, StatusCode::SEE_OTHER, "{page}");
            }
        }
        let after = saved().await.data;
        assert_eq!((after.notes.clone(), after.contacts[0].name.clone()), (notes, name), "both stand");
    }
}

async fn contacts_beyond_what_a_client_has_are_refused_and_none_is_cut_off(base: &Base) {
    let Card { state, session, owner, id, edit } = card(base).await;
    let names: Vec<String> = (0..20).map(|n| format!("Имя {n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (_, opened) = get(&state, &edit, Some(&session)).await;
    assert_eq!(
        post(&state, &edit, Some(&session), &form_of(&opened, BIN, "", &names[..19])).await.0,
        StatusCode::SEE_OTHER
    );
    let (_, opened) = get(&state, &edit, Some(&session)).await;
    let with = |one: &'static str| [&names[..19], &[one]].concat();
    let (first, second) = (form_of(&opened, BIN, "", &with("Их")), form_of(&opened, BIN, "", &with("Наш")));
    assert_eq!(post(&state, &edit, Some(&session), &first).await.0, StatusCode::SEE_OTHER);
    let (status, page) = post(&state, &edit, Some(&session), &second).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("value=\"Их\"") && page.contains("value=\"Наш\""), "all are shown");
    assert!(page.contains("Слишком много"), "{page}");
    let stand = owner.client_card(id).await.unwrap().data.contacts;
    assert_eq!((stand.len(), stand[19].name.as_str()), (20, "Их"));
}
