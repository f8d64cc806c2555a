//! Through a browser: what is typed is not lost before it is sent.

use crate::browser::Browser;
use crate::journey::demo;
use crate::support::Base;

#[tokio::test]
async fn a_text_outlives_the_page_until_it_is_sent() {
    let Some(b) = Browser::open(1366, 900, true).await else { return };
    let base = Base::sqlite().await;
    let url = demo(&b, &base).await;
    b.go(&format!("{url}/tasks?form=list")).await;
    let find = "return [...document.querySelectorAll('a[href^=\"/tasks/\"]')].map(a => a.pathname)
        .find(path => /^\\/tasks\\/[0-9a-f-]{36}$/.test(path))";
    let task = b.script(find, vec![]).await.as_str().unwrap().to_owned();
    b.go(&format!("{url}{task}")).await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    b.fill("text", "Позвонить в среду").await;
    b.go(&format!("{url}/calendar")).await;
    b.go(&format!("{url}{task}")).await;
    b.sees("Восстановлен черновик").await;
    let value = b.script("return document.querySelector('textarea[name=text]').value", vec![]).await;
    assert_eq!(value.as_str(), Some("Позвонить в среду"));
    b.submit(&format!("{task}/comment")).await;
    b.sees("Сохранено").await;
    b.go(&format!("{url}{task}")).await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert!(!b.text().await.contains("Восстановлен черновик"), "what was sent is no draft any more");
    assert_eq!(b.console().await, Vec::<String>::new());
    b.close().await;
}
