//! The calendar in a real browser: by keys, its day, its agenda; a spreadsheet through the field that looks first.

use crate::board_walk::{awake, press};
use crate::browser::Browser;
use crate::journey::demo;
use crate::support::Base;
use fantoccini::Locator;
use std::time::Duration;

/// Drags the first task of the page to a day, and drops it there.
const DRAG: &str = "const task = document.querySelector('a[data-task]:not([data-at])'), day = document.querySelector(`[data-day='${arguments[0]}']`);
  const data = new DataTransfer();
  const send = (on, name) => on.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer: data }));
  send(task, 'dragstart'); send(day, 'dragover'); send(day, 'drop'); send(task, 'dragend');
  return task.id;";
const SHIFT: &str = "\u{e008}";
const RIGHT: &str = "\u{e014}";
const PAGE_DOWN: &str = "\u{e00f}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

async fn focused(b: &Browser) -> String {
    b.script("return document.activeElement.id", vec![]).await.as_str().unwrap_or_default().to_owned()
}

async fn until(b: &Browser, id: &str) {
    for _ in 0..50 {
        if focused(b).await == id {
            return awake(b).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the focus is on {}, not on {id}", focused(b).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_month_is_walked_by_keys_with_one_tab_stop() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 768, true).await else { return };
    let url = demo(&b, &base).await;
    b.go(&format!("{url}/calendar?month=2026-11")).await;
    awake(&b).await;
    let stops = b
        .script("return document.querySelectorAll('table.month a:not([tabindex=\"-1\"], [data-task])').length", vec![])
        .await;
    assert_eq!(stops, 1);
    b.script("document.querySelector('table.month a[tabindex=\"0\"]').focus()", vec![]).await;
    assert_eq!(focused(&b).await, "d-2026-11-22", "the focus begins with today");
    press(&b, &[RIGHT]).await;
    until(&b, "d-2026-11-23").await;
    press(&b, &[PAGE_DOWN]).await;
    until(&b, "d-2026-12-01").await;
    press(&b, &[ENTER]).await;
    b.sees("Вторник, 1 декабря").await;
    awake(&b).await;
    press(&b, &[ESCAPE]).await;
    for _ in 0..50 {
        if !b.text().await.contains("Вторник, 1 декабря") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(!b.text().await.contains("Вторник, 1 декабря"), "Escape closes the day");
    assert_eq!(b.console().await, Vec::<String>::new());
    b.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_reissues_are_opened_from_the_agenda() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 900, true).await else { return };
    let url = demo(&b, &base).await;
    b.go(&format!("{url}/calendar/agenda?from=2027-01-01&until=2027-02-28")).await;
    awake(&b).await;
    let click = |n: u8, shift: bool| {
        let how = format!("new MouseEvent('click', {{ bubbles: true, cancelable: true, shiftKey: {shift} }})");
        format!("document.querySelectorAll('input[name=certificate]')[{n}].dispatchEvent({how})")
    };
    b.script(&click(0, false), vec![]).await;
    b.script(&click(3, true), vec![]).await;
    b.sees("Выбрано: 4").await;
    b.script(&click(2, false), vec![]).await;
    b.script(&click(3, true), vec![]).await;
    b.sees("Выбрано: 2").await;
    let halves = "return [...document.querySelectorAll('input[name=certificate]:checked')].flatMap(t => t.value.split(',')).length";
    let halves = b.script(halves, vec![]).await.as_u64().unwrap();
    b.submit("/tasks/many").await;
    b.sees("Перевыпуск для многих").await;
    let rows = "return [...document.querySelectorAll('.t tbody tr .set')].length";
    assert_eq!(b.script(rows, vec![]).await.as_u64(), Some(halves), "a line of the list brings its whole set");
    b.submit("/tasks/many/open").await;
    b.sees("Открыт").await;
    b.click("Вернуть").await;
    b.sees("Возвращено как было").await;
    assert_eq!(b.console().await, Vec::<String>::new());
    b.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spreadsheet_comes_in_through_the_browser() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 900, true).await else { return };
    let url = demo(&b, &base).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("клиенты.csv");
    std::fs::write(&file, "Клиент;БИН;Директор;ЭЦП до\nТОО «Из таблицы»;020240000555;Омаров Ерлан;15.01.2027\n")
        .unwrap();
    b.go(&format!("{url}/import/sheet")).await;
    awake(&b).await;
    let field = b.find(Locator::Css("input[type=file]")).await.unwrap();
    field.send_keys(&file.display().to_string()).await.unwrap();
    b.sees("Готово к отправке").await;
    b.submit("/import/sheet").await;
    b.sees("1 новый клиент").await;
    b.click("Внести").await;
    b.sees("Таблица внесена").await;
    b.go(&format!("{url}/calendar?month=2027-01&day=2027-01-15")).await;
    b.sees("Омаров Ерлан").await;
    b.sees("со слов").await;
    assert_eq!(b.console().await, Vec::<String>::new());
    b.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_gets_another_day_by_mouse_and_by_keys_and_its_old_one_back() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 900, true).await else { return };
    let url = demo(&b, &base).await;
    b.go(&format!("{url}/calendar/week?week=2026-11-23")).await;
    awake(&b).await;
    let id = b.script(DRAG, vec!["2026-11-28".into()]).await.as_str().unwrap().to_owned();
    b.sees("День изменён").await;
    let day = async || {
        let code = format!("return document.getElementById('{id}').closest('[data-day]').dataset.day");
        b.script(&code, vec![]).await.as_str().unwrap_or_default().to_owned()
    };
    until(&b, &id).await;
    assert_eq!(day().await, "2026-11-28", "the focus goes on from the task");
    press(&b, &[SHIFT, RIGHT]).await;
    for _ in 0..50 {
        if day().await == "2026-11-29" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(day().await, "2026-11-29");
    awake(&b).await;
    b.click("Вернуть").await;
    b.sees("Возвращено как было").await;
    assert_eq!(day().await, "2026-11-28");
    assert_eq!(b.console().await, Vec::<String>::new());
    b.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_task_begins_on_a_day_of_the_month() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 900, true).await else { return };
    let url = demo(&b, &base).await;
    b.go(&format!("{url}/calendar?month=2026-12")).await;
    b.script("document.querySelector('[data-day=\"2026-12-03\"] .add').click()", vec![]).await;
    b.sees("Чей сертификат перевыпускаем").await;
    // The head of the page has a field of this name too.
    b.script("document.querySelector('.bar [name=q]').value = 'дала'", vec![]).await;
    b.submit("/tasks/new").await;
    b.sees("Найдено").await;
    b.click("Перевыпуск").await;
    b.sees("Исполнитель").await;
    let due = b.script("return document.querySelector('[name=due]').value", vec![]).await;
    assert_eq!(due, "2026-12-03");
    assert_eq!(b.console().await, Vec::<String>::new());
    b.close().await;
}
