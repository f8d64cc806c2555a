//! One rule of finding and one of sorting, in the palette and in lists, on both databases.

use crate::support::{Base, Firm, Wish, cookie, get, on_both, planned, state, today};
use domain::client::{ClientData, ClientFilter, ClientKind, ClientOrder};
use domain::find::FindKind;
use domain::id::ClientId;
use domain::person::Part;
use server::state::AppState;
use std::sync::Arc;

on_both!(
    a_list_finds_what_the_palette_finds,
    names_are_sorted_by_the_alphabet_and_paged_so,
    a_verb_is_said_with_what_it_is_done_to_and_a_certificate_names_its_client,
    a_verb_is_heard_in_latin_letters_on_the_other_layout_and_in_every_language,
    a_verb_leads_to_the_reissue_that_is_under_way,
    a_client_of_the_archive_is_found_and_the_list_leads_there,
    a_verb_is_heard_behind_its_object_and_alone_and_leads_to_more,
    a_task_is_found_by_its_client_by_those_alone_who_see_that_client,
    many_certificates_of_one_name_leave_room_for_its_tasks,
);

async fn named(firm: &Firm, number: &str, name: &str) -> ClientId {
    let data = ClientData::new(ClientKind::LegalEntity, name.into(), number.into());
    firm.scoped("owner").await.create_client(data).await.unwrap()
}

async fn a_list_finds_what_the_palette_finds(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let building = named(&firm, "971240001315", "ТОО «ҚҰРЫЛЫС Монтаж»").await;
    let road = named(&firm, "940140000385", "ЖШС «Ақ жол»").await;
    let person = named(&firm, "010940000162", "ИП Жүнісов Ерлан").await;
    let owner = firm.scoped("owner").await;
    for (asked, found) in [
        ("курылыс", building),
        ("ак жол", road),
        ("zhunisov", person),
        ("жунисов", person),
        ("жүнисов", person),
        ("9712 4000 1315", building),
        ("монтож", building),
        (";eybcjd", person),
    ] {
        let list = owner.clients(&ClientFilter { text: asked.into(), ..ClientFilter::default() }).await.unwrap();
        assert_eq!(list.rows.iter().map(|c| c.id).collect::<Vec<_>>(), [found], "the list: {asked}");
        let palette = owner.find_anything(asked).await.unwrap();
        assert_eq!(palette.first().map(|f| f.href.clone()), Some(format!("/clients/{found}")), "the palette: {asked}");
    }
}

async fn names_are_sorted_by_the_alphabet_and_paged_so(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let names = ["Яна", "Қуат", "Кузов", "Ләззат", "Әлем", "Алем", "Ель", "Alpha"];
    let numbers = [
        "971240001315",
        "940140000385",
        "010940000162",
        "000640000279",
        "151240007771",
        "020240000555",
        "941240000193",
        "120443261514",
    ];
    for (name, number) in names.iter().zip(numbers) {
        named(&firm, number, name).await;
    }
    let owner = firm.scoped("owner").await;
    let list = owner.clients(&ClientFilter { order: ClientOrder::Name, ..ClientFilter::default() }).await.unwrap();
    let sorted: Vec<_> = list.rows.iter().map(|c| c.name.clone()).collect();
    assert_eq!(sorted, ["Alpha", "Алем", "Әлем", "Ель", "Кузов", "Қуат", "Ләззат", "Яна"]);
    let key = domain::fold::sort_key("Кузов");
    let after = Some((key, list.rows[4].id));
    let next =
        owner.clients(&ClientFilter { order: ClientOrder::Name, after, ..ClientFilter::default() }).await.unwrap();
    assert_eq!(next.rows.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["Қуат", "Ләззат", "Яна"]);
}

async fn a_verb_is_said_with_what_it_is_done_to_and_a_certificate_names_its_client(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client("971240001315", Some("accountant")).await;
    firm.client("940140000385", Some("second")).await;
    let certificate = firm.certificate(&Wish::of("971240001315")).await;
    firm.certificate(&Wish::of("940140000385")).await;
    let scoped = firm.scoped("accountant").await;
    let name = scoped.client_card(client).await.unwrap().data.name;
    let found = scoped.find_anything("ким").await.unwrap();
    let one = found.iter().find(|f| f.kind == FindKind::Certificate).unwrap();
    assert_eq!(
        (one.href.as_str(), one.whose.as_str()),
        (format!("/certificates/{certificate}").as_str(), name.as_str())
    );
    let state = state(&base.store);
    let session = cookie(&base.store, firm.people["accountant"], today().now).await;
    let says = async |asked: &str| {
        let path = format!("/find?part=1&q={}", asked.replace(' ', "%20"));
        get(&state, &path, Some(&session)).await.1
    };
    let reissue = says("%D0%BF%D0%B5%D1%80%D0%B5%D0%B2%D1%8B%D0%BF%D1%83%D1%81%D0%BA 971240001315").await;
    assert!(reissue.contains("/tasks/new?q=971240001315"), "{reissue}");
    let of_holder = says("%D0%BF%D0%B5%D1%80%D0%B5%D0%B2%D1%8B%D0%BF %D0%BA%D0%B8%D0%BC").await;
    assert!(of_holder.contains(&format!("/tasks/new?certificate={certificate}")), "{of_holder}");
    let foreign = says("%D0%BF%D0%B5%D1%80%D0%B5%D0%B2%D1%8B%D0%BF 940140000385").await;
    assert!(!foreign.contains("/tasks/new"), "{foreign}");
}

/// A page of the accountant by words as a browser sends them.
async fn asked_by(firm: &Firm, state: &Arc<AppState>, who: &str, words: &str) -> (axum::http::StatusCode, String) {
    let session = cookie(&firm.store, firm.people[who], today().now).await;
    let said: String = words.bytes().map(|b| format!("%{b:02X}")).collect();
    get(state, &format!("/find?part=1&q={said}"), Some(&session)).await
}

async fn asked(firm: &Firm, state: &Arc<AppState>, path: &str, words: &str) -> (axum::http::StatusCode, String) {
    let session = cookie(&firm.store, firm.people["accountant"], today().now).await;
    let said: String = words.bytes().map(|b| format!("%{b:02X}")).collect();
    get(state, &format!("{path}{said}"), Some(&session)).await
}

async fn a_verb_is_heard_in_latin_letters_on_the_other_layout_and_in_every_language(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client("971240001315", Some("accountant")).await;
    firm.certificate(&Wish::of("971240001315")).await;
    let state = state(&base.store);
    for verb in ["перевыпуск", "perevypusk", "gthtdsgecr", "reissue", "қайта шығару", "kaita shygaru"]
    {
        let (_, found) = asked(&firm, &state, "/find?part=1&q=", &format!("{verb} 971240001315")).await;
        assert!(found.contains("/tasks/new?q=971240001315"), "{verb}: {found}");
    }
}

async fn a_client_of_the_archive_is_found_and_the_list_leads_there(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = named(&firm, "971240001315", "ТОО «Былое»").await;
    firm.scoped("owner").await.archive_client(client, Some(today().day)).await.unwrap();
    let state = state(&base.store);
    let session = cookie(&base.store, firm.people["owner"], today().now).await;
    let (_, page) = crate::support::get(&state, "/clients?q=%D0%91%D1%8B%D0%BB%D0%BE%D0%B5", Some(&session)).await;
    let way = page.split("В архиве: 1 клиент").next().unwrap().rsplit("href=\"").next().unwrap();
    let way = way.split('"').next().unwrap().replace("&amp;", "&");
    assert!(way.contains("archived=1"), "{way}\n{page}");
    let (_, page) = crate::support::get(&state, &way, Some(&session)).await;
    assert!(page.contains(&format!("href=\"/clients/{client}\"")));
    let (_, found) = asked_by(&firm, &state, "owner", "перевыпуск Былое").await;
    assert!(!found.contains("/tasks/new?q=9712"), "nothing can be reissued for it: {found}");
    let (_, found) = asked_by(&firm, &state, "owner", "Былое").await;
    assert!(found.contains(&format!("/clients/{client}")) && found.contains("Архив"), "{found}");
    let (_, page) = crate::support::get(&state, "/clients?q=%D0%A9%D1%83%D0%BA%D0%B0", Some(&session)).await;
    assert!(!page.contains("В архиве:"), "nothing is there either");
}

async fn a_verb_is_heard_behind_its_object_and_alone_and_leads_to_more(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client("971240001315", Some("accountant")).await;
    let certificate = firm.certificate(&Wish::of("971240001315")).await;
    firm.client("940140000385", Some("accountant")).await;
    let state = state(&base.store);
    for (said, to) in [
        ("971240001315 перевыпуск", "/tasks/new?q=971240001315"),
        ("перевыпуск", "/tasks/new"),
        ("перевыпуск Клиент", "/tasks/new?q=%D0%9A%D0%BB%D0%B8%D0%B5%D0%BD%D1%82\""),
        ("lost password 971240001315", "/tasks/new?q=971240001315&amp;reason=password_lost"),
        ("құпиясөз ұмытылды", "/tasks/new?reason=password_lost"),
        ("флешка 971240001315", "/tasks/new?q=971240001315&amp;reason=carrier_failed"),
        ("новая задача", "/tasks/new"),
    ] {
        let (_, found) = asked(&firm, &state, "/find?part=1&q=", said).await;
        assert!(found.contains(&format!("href=\"{to}")), "{said}: {found}");
    }
    let task = firm.task(certificate).await;
    let (_, found) = asked(&firm, &state, "/find?part=1&q=", "задача 971240001315").await;
    assert!(found.contains(&format!("href=\"/tasks/{task}\"")), "{found}");
    let session = cookie(&base.store, firm.people["accountant"], today().now).await;
    let (_, page) = crate::support::get(&state, &format!("/tasks/{task}?loss=password_lost"), Some(&session)).await;
    let loss = page.split("id=\"loss\"").nth(1).unwrap().split("</select>").next().unwrap();
    assert!(loss.starts_with(" open") && loss.contains("value=\"password_lost\" selected"), "as it was said\n{loss}");
}

async fn a_verb_leads_to_the_reissue_that_is_under_way(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client("971240001315", Some("accountant")).await;
    let accountant = firm.scoped("accountant").await;
    let first = firm.certificate(&Wish::of("971240001315")).await;
    let task = accountant.open_task(planned(first)).await.unwrap();
    let state = state(&base.store);
    let session = cookie(&base.store, firm.people["accountant"], today().now).await;
    for (reason, place) in [("", ""), ("password_lost", "?loss=password_lost#loss")] {
        let path = format!("/tasks/new?reason={reason}&q=971240001315");
        let form = axum::body::Body::empty();
        let (status, _, answer) = crate::support::ask(&state, "GET", &path, Some(&session), form, "").await;
        let to = answer.headers().get(axum::http::header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        assert_eq!((status.as_u16(), to), (303, Some(format!("/tasks/{task}{place}"))));
    }
    let other = Wish { name: "АЛИЕВ АСКАР", iin: "010940000162", ..Wish::of("971240001315") };
    let second = accountant.open_task(planned(firm.certificate(&other).await)).await.unwrap();
    let name = accountant.client_card(client).await.unwrap().data.name;
    let (_, page) = asked(&firm, &state, "/tasks/new?q=", &name).await;
    for id in [task, second] {
        assert!(page.contains(&format!("/tasks/{id}")), "{page}");
    }
    assert!(page.contains("Перевыпуск уже идёт") && !page.contains("Нечего перевыпускать"), "{page}");
    let (_, page) = asked(&firm, &state, "/tasks/new?reason=password_lost&q=", &name).await;
    for id in [task, second] {
        assert!(page.contains(&format!("/tasks/{id}?loss=password_lost#loss")), "a loss is reported there: {page}");
    }
}

async fn a_task_is_found_by_its_client_by_those_alone_who_see_that_client(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (client, foreign) = (named(&firm, "971240001315", "ТОО «Дала»").await, "940140000385");
    let shared = named(&firm, foreign, "ТОО «Жайлау»").await;
    let owner = firm.scoped("owner").await;
    let certificate = firm.certificate(&Wish::of("971240001315")).await;
    owner.link_certificate(certificate, shared).await.unwrap();
    owner.assign(client, firm.assignment("accountant", Part::Responsible)).await.unwrap();
    let task = owner.open_task(planned(certificate)).await.unwrap();
    let finds = async |who: &str, words: &str| {
        let found = firm.scoped(who).await.find_anything(words).await.unwrap();
        found.into_iter().filter(|f| f.kind == FindKind::Task).map(|f| (f.href, f.title, f.whose)).collect::<Vec<_>>()
    };
    let told = |name: &str| vec![(format!("/tasks/{task}"), name.to_owned(), "КИМ ОЛЬГА".to_owned())];
    for words in ["дала", "971240001315", "ким"] {
        assert_eq!(finds("accountant", words).await, told("ТОО «Дала»"), "{words}");
    }
    assert_eq!(finds("owner", "жайлау").await, told("ТОО «Жайлау»"));
    for words in ["жайлау", foreign] {
        assert_eq!(finds("accountant", words).await, [], "{words}");
    }
    let mut data = owner.client_card(client).await.unwrap().data;
    data.name = "ТОО «Тоғай»".into();
    owner.change_client(client, data, 1).await.unwrap();
    assert_eq!(finds("accountant", "тогай").await, told("ТОО «Тоғай»"), "as it is called now");
    assert_eq!(finds("accountant", "дала").await, []);
}

async fn many_certificates_of_one_name_leave_room_for_its_tasks(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client("971240001315", Some("accountant")).await;
    let accountant = firm.scoped("accountant").await;
    let ends = ["2027-01-01", "2027-02-01", "2027-03-01", "2027-04-01", "2027-05-01", "2027-06-01", "2027-07-01"];
    let people = ["020920600936", "010940000162", "000640000279", "151240007771", "020240000555", "941240000193"];
    for (n, (to, iin)) in ends.into_iter().zip(people.into_iter().cycle()).enumerate() {
        let from = ["2026-01-01", "2026-01-02"][n % 2];
        firm.certificate(&Wish { iin, ..Wish::of("971240001315").until(from, to) }).await;
    }
    let last = firm.certificate(&Wish::of("971240001315").until("2026-02-01", "2027-08-01")).await;
    accountant.open_task(planned(last)).await.unwrap();
    let found = accountant.find_anything("ким").await.unwrap();
    let of = |kind: FindKind| found.iter().filter(|f| f.kind == kind).count();
    assert!(of(FindKind::Certificate) >= 4 && of(FindKind::Task) == 1, "{found:?}");
}
