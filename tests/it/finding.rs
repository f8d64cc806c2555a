//! One rule of finding and one of sorting, in the palette and in lists, on both databases.

use crate::support::{Base, Firm, Wish, cookie, get, on_both, state, today};
use domain::client::{ClientData, ClientFilter, ClientKind, ClientOrder};
use domain::find::FindKind;
use domain::id::ClientId;

on_both!(
    a_list_finds_what_the_palette_finds,
    names_are_sorted_by_the_alphabet_and_paged_so,
    a_verb_is_said_with_what_it_is_done_to_and_a_certificate_names_its_client,
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
