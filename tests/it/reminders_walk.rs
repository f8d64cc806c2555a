//! The bell and what hangs on it, in a browser with scripts and without: told, read, put off, and the office's ladder.

use crate::browser::Browser;
use crate::journey::{demo, sign_in};
use crate::support::{Base, today};
use domain::day::OfficeDay;

#[tokio::test(flavor = "multi_thread")]
async fn reminders_are_seen_read_and_put_off_with_scripts() {
    walk(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_are_seen_read_and_put_off_without_scripts() {
    walk(false).await;
}

async fn walk(scripts: bool) {
    let base = Base::sqlite().await;
    let Some(owner) = Browser::open(1366, 900, scripts).await else { return };
    let url = demo(&owner, &base).await;
    assert!(base.store.remind(today().now).await.unwrap() > 0);
    let Some(b) = Browser::open(390, 2600, scripts).await else { return };
    sign_in(&b, &url, "aigerim@example.kz", server::demo::PASSWORD).await;
    let unread = async || {
        let bell = b.find(fantoccini::Locator::Css(".head .bell")).await.unwrap();
        bell.attr("aria-label").await.unwrap().unwrap_or_default()
    };
    let first = unread().await;
    assert!(first.contains("непрочитанн"), "{first}");
    b.press(b.find(fantoccini::Locator::Css(".head .bell")).await.unwrap()).await;
    b.sees("Кончается").await;
    b.click("Прочитано").await;
    b.sees("Сохранено").await;
    assert_ne!(unread().await, first, "one fewer");
    // From the notice to its certificate, where the reminders can be put off.
    let link = b.find(fantoccini::Locator::Css(".notices a[href^='/certificates/']")).await.unwrap();
    b.press(link).await;
    b.sees("Отложить напоминания").await;
    let certificate = b.path().await;
    b.click("Отложить напоминания").await;
    b.fill("until", "01012020").await;
    b.fill("why", "владелец в отпуске").await;
    b.submit(&format!("{certificate}/put-off")).await;
    b.sees("Отложить можно до дня").await;
    let why = b.find(fantoccini::Locator::Css("[name=why]")).await.unwrap().prop("value").await.unwrap();
    assert_eq!(why.as_deref(), Some("владелец в отпуске"), "what was typed stays");
    let tomorrow = OfficeDay::noon(today().day + chrono::Duration::days(1)).day;
    b.fill("until", &tomorrow.format("%m%d%Y").to_string()).await;
    b.submit(&format!("{certificate}/put-off")).await;
    b.sees("Отложены до").await;
    b.click("Напоминать снова").await;
    b.sees("Отложить напоминания").await;
    // The owner sets the ladder and sees what the program does.
    owner.go(&format!("{url}/office")).await;
    owner.fill("ladder", "сто").await;
    owner.submit("/office/ladder").await;
    owner.sees("от 1 до 12 разных дней").await;
    owner.fill("ladder", "30, 7, 1").await;
    owner.submit("/office/ladder").await;
    owner.go(&format!("{url}/office/jobs")).await;
    owner.sees("Фоновая работа").await;
    assert_eq!(b.console().await, Vec::<String>::new());
    assert_eq!(owner.console().await, Vec::<String>::new());
    b.close().await;
    owner.close().await;
}
