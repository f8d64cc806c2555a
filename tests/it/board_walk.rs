//! The board in a real browser: by mouse, by keys, with scripts off, and acts on many with their way back.

use crate::browser::Browser;
use crate::journey::demo;
use crate::support::Base;
use serde_json::{Value, json};
use std::time::Duration;

/// Drags the first card of a column over another and drops it; gives the columns that were shown as open to it.
const DRAG: &str = "const [from, to] = arguments;
  const card = document.querySelector(`[data-lane=${from}] [data-task]`), lane = document.querySelector(`[data-lane=${to}]`);
  const data = new DataTransfer();
  const send = (on, name) => on.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer: data }));
  send(card.querySelector('a'), 'dragstart');
  const open = [...document.querySelectorAll('[data-open]')].map(l => l.dataset.lane);
  const taken = !send(lane, 'dragover');
  if (taken) send(lane, 'drop');
  send(card, 'dragend');
  return { card: card.id, open, taken };";

/// Presses keys as a keyboard would: names of WebDriver, held down in turn.
pub async fn press(b: &Browser, keys: &[&str]) {
    let down = keys.iter().map(|k| json!({ "type": "keyDown", "value": k }));
    let up = keys.iter().rev().map(|k| json!({ "type": "keyUp", "value": k }));
    let actions: Vec<Value> = down.chain(up).collect();
    b.command("actions", &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }).to_string())
        .await;
}

const SHIFT: &str = "\u{e008}";
const RIGHT: &str = "\u{e014}";
const DOWN: &str = "\u{e015}";

async fn counts(b: &Browser) -> Vec<u64> {
    let script =
        "return [...document.querySelectorAll('[data-lane]')].map(l => l.querySelectorAll('[data-task]').length)";
    serde_json::from_value(b.script(script, vec![]).await).unwrap()
}

/// The board, once its scripts run.
async fn board(b: &Browser, url: &str) {
    b.go(&format!("{url}/tasks?view=all&form=board")).await;
    awake(b).await;
}

pub async fn awake(b: &Browser) {
    for _ in 0..50 {
        if b.script("return 'awake' in document.documentElement.dataset", vec![]).await == true {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the scripts of the page do not start");
}

async fn until(b: &Browser, wanted: &[u64]) {
    for _ in 0..50 {
        if counts(b).await.starts_with(wanted) {
            awake(b).await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("columns hold {:?}, not {wanted:?}", counts(b).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_move_by_mouse_and_by_keys_and_go_back() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 768, true).await else { return };
    let url = demo(&b, &base).await;
    board(&b, &url).await;
    let start = counts(&b).await;
    let (planned, waiting, authority) = (start[0], start[1], start[2]);
    assert!(planned > 1 && waiting > 0);

    let dragged = b.script(DRAG, vec![json!("planned"), json!("authority")]).await;
    assert_eq!(dragged["open"], json!(["waiting_owner", "authority", "issued"]), "columns within reach are shown");
    b.sees("Этап изменён").await;
    until(&b, &[planned - 1, waiting, authority + 1]).await;
    b.click("Вернуть").await;
    b.sees("Возвращено как было").await;
    until(&b, &[planned, waiting, authority]).await;

    b.script(DRAG, vec![json!("planned"), json!("old")]).await;
    b.sees("Из этого этапа сюда нельзя: Старый: отозвать").await;
    assert_eq!(counts(&b).await, start);

    b.script("document.querySelector('[data-lane=planned] a.card').focus()", vec![]).await;
    press(&b, &[DOWN]).await;
    let focused = "return document.activeElement.closest('[data-task]')?.id";
    let card = b.script(focused, vec![]).await;
    press(&b, &[SHIFT, RIGHT]).await;
    until(&b, &[planned - 1, waiting + 1, authority]).await;
    assert_eq!(b.script(focused, vec![]).await, card, "the focus stays with the card");

    b.script(DRAG, vec![json!("planned"), json!("issued")]).await;
    b.sees("Новый сертификат получен").await;
    assert_eq!(b.console().await, Vec::<String>::new());
    b.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_assigned_and_opened_at_once_and_taken_back() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 900, true).await else { return };
    let url = demo(&b, &base).await;
    b.go(&format!("{url}/tasks?view=unassigned&form=list")).await;
    awake(&b).await;
    let free = b.script("return document.querySelectorAll('input[name=task]').length", vec![]).await.as_u64().unwrap();
    assert!(free > 1);
    b.script("document.querySelector('thead [data-every=task]').click()", vec![]).await;
    b.sees(&format!("Выбрано: {free}")).await;
    press(&b, &["\u{e00c}"]).await;
    let ticked = "return document.querySelectorAll('input[name=task]:checked').length";
    assert_eq!(b.script(ticked, vec![]).await, 0, "Escape takes the ticks away");
    b.script("document.querySelector('thead [data-every=task]').click()", vec![]).await;
    b.choose("assignee", "Динара").await;
    b.submit("/tasks/assign").await;
    b.sees("Исполнитель назначен").await;
    b.sees("Задач нет").await;
    b.click("Вернуть").await;
    b.sees("Возвращено как было").await;
    assert_eq!(b.script("return document.querySelectorAll('input[name=task]').length", vec![]).await, free);
    awake(&b).await;
    b.script("document.querySelector('thead [data-every=task]').click()", vec![]).await;
    b.script("document.querySelector('.picked [name=due]').value = '2026-12-10'", vec![]).await;
    b.click("Задать срок").await;
    b.sees("позже конца ключа").await;
    b.click("Вернуть").await;
    b.sees("Возвращено как было").await;
    awake(&b).await;
    b.script("document.querySelector('thead [data-every=task]').click()", vec![]).await;
    b.click("Перевести").await;
    b.sees("Выбрано:").await;
    assert_eq!(b.script(ticked, vec![]).await, free, "a refusal keeps the ticks");
    assert_eq!(b.console().await, Vec::<String>::new());
    b.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_works_with_scripts_off() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 2600, false).await else { return };
    let url = demo(&b, &base).await;
    b.go(&format!("{url}/tasks?view=all&form=board")).await;
    let menu = b.find(fantoccini::Locator::Css("[data-lane=planned] .ways summary")).await.unwrap();
    b.press(menu).await;
    b.click("Ждём владельца").await;
    b.sees("Этап изменён").await;
    b.click("Вернуть").await;
    b.sees("Возвращено как было").await;
    b.close().await;
}
