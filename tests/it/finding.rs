//! One rule of finding and one of sorting, in the palette and in lists, on both databases.

use crate::support::{Base, Firm, on_both};
use domain::client::{ClientData, ClientFilter, ClientKind, ClientOrder};
use domain::id::ClientId;

on_both!(a_list_finds_what_the_palette_finds, names_are_sorted_by_the_alphabet_and_paged_so);

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
