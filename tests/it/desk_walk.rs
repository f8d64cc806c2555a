//! A client's last days at the desk, in a browser with scripts and without: a saved view, two cards merged, the end of
//! a contract.

use crate::browser::Browser;
use crate::journey::demo;
use crate::support::Base;
use fantoccini::Locator;

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_kept_cards_are_merged_and_a_contract_ends_with_scripts() {
    walk(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_kept_cards_are_merged_and_a_contract_ends_without_scripts() {
    walk(false).await;
}

async fn walk(scripts: bool) {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 900, scripts).await else { return };
    let url = demo(&b, &base).await;
    b.go(&format!("{url}/clients?standing=month")).await;
    b.click("Сохранить вид").await;
    b.fill("name", "Ближайший месяц").await;
    b.submit("/views").await;
    b.sees("Вид сохранён").await;
    b.go(&format!("{url}/clients")).await;
    b.click("Ближайший месяц").await;
    assert!(b.client.current_url().await.unwrap().query().unwrap().contains("standing=month"));
    let clients = clients(&b, &url).await;
    let [(gone, _), (stays, number)] = clients.as_slice() else { panic!("{clients:?}") };
    b.go(&format!("{url}{gone}")).await;
    b.sees("Объединить с другим").await;
    b.go(&format!("{url}{gone}/merge")).await;
    b.fill("number", "1").await;
    b.click("Посмотреть, что перейдёт").await;
    b.sees("Другого действующего клиента").await;
    b.fill("number", number).await;
    b.click("Посмотреть, что перейдёт").await;
    b.sees("Вернуть это нельзя").await;
    b.click("Объединить").await;
    b.sees("Клиенты объединены").await;
    assert_eq!(b.path().await, *stays);
    b.go(&format!("{url}{stays}/leave")).await;
    b.submit(&format!("{stays}/leave")).await;
    b.sees("архив").await;
    b.go(&format!("{url}{stays}/leave")).await;
    b.sees("по 22 ноя 2031 включительно").await;
    assert_eq!(b.console().await, Vec::<String>::new());
    b.close().await;
}

/// Addresses and numbers of the first two clients.
async fn clients(b: &Browser, url: &str) -> Vec<(String, String)> {
    b.go(&format!("{url}/clients?sort=name")).await;
    b.find(Locator::Css("tbody a[href^='/clients/']")).await.unwrap();
    let html = b.client.source().await.unwrap();
    let rows = html.split("<tr>").skip(2).take(2);
    rows.map(|row| {
        let path = row.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let number =
            row.split("class=\"bin").nth(1).map(|cell| digits(&cell[..cell.find("</span>").unwrap()])).unwrap();
        (path.to_owned(), number)
    })
    .collect()
}
