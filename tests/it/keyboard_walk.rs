//! The program by keys alone, on a Cyrillic layout: palette, rows, pages, the sheet of keys.

use crate::browser::Browser;
use crate::journey::{demo, sign_in};
use crate::support::{Base, Firm, Wish, on_both};

on_both!(finding_forgives_a_typing_error_and_shows_nothing_foreign);

/// A key by its place, with the letter of ЙЦУКЕН on it.
async fn key(b: &Browser, code: &str, letter: &str, how: &str) {
    let script = format!(
        "(document.activeElement || document.body).dispatchEvent(new KeyboardEvent('keydown', {{code: arguments[0], key: arguments[1], bubbles: true, cancelable: true{how}}}))"
    );
    b.script(&script, vec![code.into(), letter.into()]).await;
    tokio::time::sleep(std::time::Duration::from_millis(120)).await;
}

async fn wait_for(b: &Browser, script: &str) {
    for _ in 0..60 {
        if b.script(&format!("return !!({script})"), vec![]).await == true {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("never: {script}");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_reached_by_keys_on_a_cyrillic_layout() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 768, true).await else { return };
    let url = demo(&b, &base).await;
    b.go(&format!("{url}/clients?sort=name")).await;
    wait_for(&b, "document.documentElement.dataset.awake !== undefined").await;
    // The palette, with a typing error in the name.
    let name = b.script("return document.querySelector('tbody th a').textContent", vec![]).await;
    let name = name.as_str().unwrap().to_owned();
    key(&b, "KeyK", "л", ", ctrlKey: true").await;
    wait_for(&b, "document.querySelector('dialog.palette').open && document.querySelectorAll('.found a').length > 5")
        .await;
    let type_in = "const f = document.querySelector('dialog.palette input'); f.value = arguments[0]; f.dispatchEvent(new Event('input', {bubbles: true}))";
    b.script(type_in, vec!["календпрь".into()]).await;
    wait_for(
        &b,
        "document.querySelector('.found a') && document.querySelector('.found a').getAttribute('href') === '/calendar'",
    )
    .await;
    b.script(type_in, vec![name.clone().into()]).await;
    wait_for(
        &b,
        "document.querySelector('.found a') && document.querySelector('.found a').getAttribute('href').startsWith('/clients/')",
    )
    .await;
    key(&b, "Enter", "Enter", "").await;
    b.sees(&name).await;
    assert!(b.path().await.starts_with("/clients/"), "{}", b.path().await);
    // On a card J and K turn to its neighbours in the list.
    b.go(&format!("{url}/clients?sort=name")).await;
    wait_for(&b, "document.documentElement.dataset.awake !== undefined").await;
    let links = "return [...document.querySelectorAll('table.t-clients tbody th a')].map(a => a.getAttribute('href'))";
    let links = b.script(links, vec![]).await;
    let (first, second) = (links[0].as_str().unwrap().to_owned(), links[1].as_str().unwrap().to_owned());
    b.go(&format!("{url}{first}")).await;
    for (code, letter, expected) in [("KeyJ", "о", &second), ("KeyK", "л", &first)] {
        wait_for(&b, "document.documentElement.dataset.awake !== undefined").await;
        key(&b, code, letter, "").await;
        wait_for(&b, &format!("location.pathname === '{expected}'")).await;
    }
    wait_for(&b, "document.documentElement.dataset.awake !== undefined").await;
    // The menu of a card opens on its button; Escape closes it and gives the focus back, a click elsewhere closes it too.
    for closing in ["document.querySelector('h1').click()", ""] {
        b.script("document.querySelector('.head .ways summary').click()", vec![]).await;
        wait_for(&b, "document.querySelector('.head .ways[open] a[href$=\"/edit\"]')").await;
        b.script(closing, vec![]).await;
        key(&b, "Escape", "Escape", "").await;
        wait_for(&b, "!document.querySelector('.head .ways[open]')").await;
    }
    assert_eq!(b.script("return document.activeElement.tagName", vec![]).await, "SUMMARY");
    // G and a letter, then rows and ticks.
    key(&b, "KeyG", "п", "").await;
    key(&b, "KeyT", "е", "").await;
    b.sees("Нельзя подписать").await;
    wait_for(&b, "document.documentElement.dataset.awake !== undefined").await;
    while b
        .script(
            "const r = document.activeElement.closest('tr'); return !!(r && r.querySelector('input[type=checkbox]'))",
            vec![],
        )
        .await
        != true
    {
        key(&b, "KeyJ", "о", "").await;
    }
    key(&b, "KeyX", "ч", "").await;
    // Rows that are worked on already have no tick; the next with one is taken too.
    for _ in 0..6 {
        if b.script("return document.querySelectorAll('main tbody input:checked').length", vec![]).await == 2 {
            break;
        }
        key(&b, "ArrowDown", "ArrowDown", ", shiftKey: true").await;
    }
    wait_for(&b, "document.querySelectorAll('main tbody input:checked').length === 2").await;
    key(&b, "KeyR", "к", "").await;
    b.sees("Причина").await;
    assert!(b.path().await.starts_with("/tasks/new"), "{}", b.path().await);
    // The month turns by brackets; a field keeps its letters.
    b.go(&format!("{url}/calendar?month=2027-03")).await;
    wait_for(&b, "document.documentElement.dataset.awake !== undefined").await;
    key(&b, "BracketRight", "ъ", "").await;
    b.sees("Апрель 2027").await;
    wait_for(&b, "document.documentElement.dataset.awake !== undefined").await;
    b.script("document.querySelector('.find input').focus()", vec![]).await;
    key(&b, "BracketRight", "ъ", "").await;
    b.sees("Апрель 2027").await;
    b.script("document.activeElement.blur()", vec![]).await;
    // All keys, and single letters switched off.
    key(&b, "Slash", ",", ", shiftKey: true").await;
    wait_for(&b, "document.querySelector('dialog.palette table.keys')").await;
    b.click("Отключить одиночные клавиши").await;
    key(&b, "Escape", "Escape", "").await;
    b.script("document.querySelector('dialog.palette').close()", vec![]).await;
    key(&b, "BracketRight", "ъ", "").await;
    b.sees("Апрель 2027").await;
    assert!(b.console().await.is_empty());
    // Without scripts the same answers are a page.
    let Some(plain) = Browser::open(1366, 768, false).await else { return };
    sign_in(&plain, &url, "dinara@example.kz", server::demo::PASSWORD).await;
    plain.go(&format!("{url}/find?q={}", urlencoding(&name))).await;
    plain.sees(&name).await;
    b.close().await;
    plain.close().await;
}

fn urlencoding(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

async fn finding_forgives_a_typing_error_and_shows_nothing_foreign(base: &Base) {
    let firm = Firm::new(&base.store).await;
    firm.client("971240001315", Some("accountant")).await;
    firm.client("940140000385", Some("second")).await;
    firm.certificate(&Wish {
        name: "АБДРАХМАНОВ РУСЛАН",
        ..Wish::of("971240001315").until("2026-10-01", "2027-10-01")
    })
    .await;
    let count = |who: &'static str, asked: &'static str| {
        let firm = &firm;
        async move { firm.scoped(who).await.find_anything(asked).await.unwrap().len() }
    };
    assert_eq!(
        (
            count("owner", "абдрахмонов").await,
            count("accountant", "Абдрахманоа").await,
            count("second", "абдрахманов").await
        ),
        (1, 1, 0)
    );
    assert_eq!((count("owner", "971240001315").await, count("second", "971240001315").await), (1, 0));
    assert_eq!(
        (count("lead", "second@example").await, count("accountant", "second@example").await),
        (1, 0),
        "staff are for who leads"
    );
    assert_eq!(count("accountant", "").await, 0);
}
