//! Mail, the calendar of a phone and days of one's own, in a browser with scripts and without: set, tried, refused, used.

use crate::browser::Browser;
use crate::journey::{demo, sign_in};
use crate::mail_server::{MailServer, Manner};
use crate::support::Base;
use fantoccini::Locator;

#[tokio::test(flavor = "multi_thread")]
async fn mail_is_set_up_tried_and_chosen_with_scripts() {
    walk(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_is_set_up_tried_and_chosen_without_scripts() {
    walk(false).await;
}

async fn walk(scripts: bool) {
    let base = Base::sqlite().await;
    let Some(owner) = Browser::open(1366, 2600, scripts).await else { return };
    let url = demo(&owner, &base).await;
    let refuses = Manner { answers: vec![("MAIL", "553 5.7.1 not your address")], ..Manner::default() };
    let post_office = MailServer::start(refuses).await;
    owner.go(&format!("{url}/office")).await;
    owner.click("Почта").await;
    owner.sees("Писем пока нет").await;
    owner.fill("host", "http://mail.kz").await;
    owner.fill("port", &post_office.address.port().to_string()).await;
    owner.fill("sender", "merzim@alatau.kz").await;
    owner.choose("security", "Без защиты").await;
    owner.submit("/office/mail").await;
    owner.sees("Укажите имя сервера без http").await;
    let sender = owner.find(Locator::Css("[name=sender]")).await.unwrap().prop("value").await.unwrap();
    assert_eq!(sender.as_deref(), Some("merzim@alatau.kz"), "what was typed stays");
    owner.fill("host", "127.0.0.1").await;
    owner.submit("/office/mail").await;
    owner.sees("Отправить проверочное письмо").await;
    owner.submit("/office/mail/test").await;
    owner.sees("Сервер не разрешает писать с этого адреса").await;
    owner.sees("not your address").await;
    post_office.set(Manner::default());
    owner.submit("/office/mail/test").await;
    owner.sees("Письмо отправлено").await;
    assert_eq!(post_office.mails().len(), 1);
    // What the program does by itself begins when the owner says so.
    owner.go(&format!("{url}/office")).await;
    owner.fill("plan", "400").await;
    owner.submit("/office/plan").await;
    owner.sees("от 1 до 365").await;
    owner.fill("plan", "30").await;
    owner.submit("/office/plan").await;
    owner.sees("Сохранено").await;
    owner.fill("escalation", "3").await;
    owner.submit("/office/escalation").await;
    owner.sees("Сохранено").await;
    // An accountant chooses, and takes the calendar along.
    let Some(b) = Browser::open(390, 2600, scripts).await else { return };
    sign_in(&b, &url, "aigerim@example.kz", server::demo::PASSWORD).await;
    b.go(&format!("{url}/account")).await;
    b.fill("hour", "7").await;
    b.submit("/account/mail").await;
    b.sees("Сохранено").await;
    b.submit("/account/feed").await;
    b.sees("Скопируйте адрес сейчас").await;
    let address = b.find(Locator::Css(".link-once")).await.unwrap().text().await.unwrap();
    assert!(address.contains("/feeds/") && address.ends_with("/merzim.ics"), "{address}");
    b.go(&format!("{url}/account")).await;
    b.sees("Адрес создан").await;
    b.submit("/account/feed/remove").await;
    b.sees("Создать адрес").await;
    // A certificate gets days of its own.
    let state = base.store.remind(crate::support::today().now).await.unwrap();
    assert!(state > 0);
    b.go(&format!("{url}/notices")).await;
    let link = b.find(Locator::Css(".notices a[href^='/certificates/']")).await.unwrap();
    b.press(link).await;
    b.sees("Дни общие по фирме").await;
    b.click("Изменить").await;
    let form = b.path().await;
    b.fill("ladder", "20, 5").await;
    b.submit(&form).await;
    b.sees("Дни заданы для этого сертификата").await;
    assert_eq!(b.console().await, Vec::<String>::new());
    assert_eq!(owner.console().await, Vec::<String>::new());
    b.close().await;
    owner.close().await;
}
