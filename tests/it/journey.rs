//! The journeys of the product, walked in a real browser.

use crate::browser::Browser;
use crate::certificates::data;
use crate::support::{Base, TODAY, cookie, get, scoped, state};
use axum::http::StatusCode;
use domain::day::{OfficeDay, day_in_kazakhstan};
use domain::person::PersonChange;
use domain::person::Role;
use fantoccini::Locator;
use server::state::AppState;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

const PASSWORD: &str = "белая роза у дороги";

pub async fn serve(state: &Arc<AppState>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = server::http::router(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    format!("http://{address}")
}

pub async fn sign_in(b: &Browser, base: &str, email: &str, password: &str) {
    b.go(&format!("{base}/sign-in")).await;
    b.fill("email", email).await;
    b.fill("password", password).await;
    b.submit("/sign-in").await;
}

type Row = BTreeMap<String, String>;

/// A certificate of today and the one that it replaces, from the generated set.
fn generations() -> (Vec<Row>, Row, Row) {
    let mut reader = csv::Reader::from_path(data("generated/manifest.csv")).unwrap();
    let rows: Vec<Row> = reader.deserialize().map(|r| r.unwrap()).collect();
    let fits = |r: &&Row| {
        !r["replaces_serial"].is_empty()
            && r["purpose"] == "SIGN"
            && r["verifiable"] == "yes"
            && !r["bin"].is_empty()
            && r["revoked"] != "yes"
            && r["not_before"].as_str() < TODAY
            && r["not_after"].as_str() > TODAY
    };
    let old_of = |new: &Row| {
        rows.iter()
            .find(|o| o["serial_hex"] == new["replaces_serial"] && o["purpose"] == "SIGN" && o["bin"] == new["bin"])
            .cloned()
    };
    let newer = rows.iter().filter(fits).find(|n| old_of(n).is_some()).expect("two generations").clone();
    let old = old_of(&newer).unwrap();
    (rows, old, newer)
}

fn file_of(row: &Row) -> PathBuf {
    data("generated").join(row["files"].split_whitespace().find(|f| f.ends_with(".cer")).unwrap())
}

/// Everything but what the successor will be: the newest generation of one line.
fn files(rows: &[Row], newer: &Row) -> Vec<PathBuf> {
    let held = |r: &Row| {
        r["bin"] == newer["bin"]
            && r["iin"] == newer["iin"]
            && r["role"] == newer["role"]
            && r["not_before"][..10] >= newer["not_before"][..10]
    };
    let mut out: Vec<PathBuf> = rows.iter().filter(|r| !held(r)).map(file_of).collect();
    for folder in ["cer", "cms", "xml"] {
        out.extend(std::fs::read_dir(data("real").join(folder)).unwrap().map(|e| e.unwrap().path()));
    }
    out
}

pub async fn give_files(b: &Browser, form: &str, files: &[PathBuf]) {
    b.script("return document.documentElement.dataset.awake", vec![]).await;
    for _ in 0..50 {
        if b.script("return 'awake' in document.documentElement.dataset", vec![]).await == true {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let field = b.client.find(Locator::Css(&format!("form[action='{form}'] input[type=file]"))).await.unwrap();
    let paths: Vec<String> = files.iter().map(|p| p.canonicalize().unwrap().display().to_string()).collect();
    field.send_keys(&paths.join("\n")).await.unwrap();
    b.sees("Готово к отправке").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_first_owner_to_a_closed_reissue() {
    let base = Base::sqlite().await;
    let state = state(&base.store);
    let url = serve(&state).await;
    let Some(b) = Browser::open(1366, 900, true).await else { return };
    let door = state.start_link().await.unwrap();
    let door = format!("{url}{}", &door[door.find("/door/").unwrap()..]);

    // The first owner.
    b.go(&door).await;
    b.fill("office", "ТОО «Тең Баланс»").await;
    b.fill("name", "Динара Омарова").await;
    b.fill("email", "dinara@example.kz").await;
    b.fill("password", PASSWORD).await;
    b.fill("again", PASSWORD).await;
    b.click("Продолжить").await;
    sign_in(&b, &url, "dinara@example.kz", PASSWORD).await;
    b.sees("Клиентов пока нет").await;

    // The authority of the generated certificates becomes known.
    b.go(&format!("{url}/office")).await;
    give_files(&b, "/office/authorities", &[data("generated/ca/nca_rsa.cer")]).await;
    b.submit("/office/authorities").await;
    b.sees("подписи RSA и ECDSA проверяются").await;

    // An accountant joins through a one-time link.
    b.go(&format!("{url}/staff")).await;
    b.fill("email", "aigul@example.kz").await;
    b.client
        .find(Locator::Css("form[action='/staff'] [name=name]"))
        .await
        .unwrap()
        .send_keys("Айгүл Оспанова")
        .await
        .unwrap();
    b.choose("role", "Бухгалтер").await;
    b.submit("/staff").await;
    b.sees("Ссылка показана один раз").await;
    let link = b.client.find(Locator::Id("link")).await.unwrap().prop("value").await.unwrap().unwrap();
    let Some(a) = Browser::open(1366, 900, true).await else { return };
    a.go(&format!("{url}{}", &link[link.find("/door/").unwrap()..])).await;
    a.fill("password", PASSWORD).await;
    a.fill("again", PASSWORD).await;
    a.click("Продолжить").await;
    sign_in(&a, &url, "aigul@example.kz", PASSWORD).await;
    a.sees("Всё спокойно").await;

    // Import: a container stays on this computer, the rest is previewed and accepted.
    let (rows, old, newer) = generations();
    b.go(&format!("{url}/import")).await;
    let mut all = files(&rows, &newer);
    all.push(data("real/p12/GOST512_8147287582df9bb4710e461804acd49b88bf45c4.p12"));
    give_files(&b, "/import", &all).await;
    b.sees("Файлы ключей ждут пароль").await;
    b.submit("/import").await;
    b.sees("Что в файлах").await;
    b.sees("Без пароля остались на этом компьютере: 1").await;
    assert!(!b.text().await.contains(".p12"), "the container was not sent");
    b.click("Принять").await;
    b.sees("Внесен").await;

    // The calendar shows it on the right day.
    let end = day_in_kazakhstan(old["not_after"].parse().unwrap());
    let holder = domain::client_name::holder_short(&old["subject_cn"]);
    let owner_id = base.store.credentials("dinara@example.kz").await.unwrap().unwrap().person;
    let owner = scoped(&base.store, owner_id, OfficeDay::noon(TODAY.parse().unwrap())).await;
    let found = owner
        .clients(&domain::client::ClientFilter { text: old["bin"].clone(), ..Default::default() })
        .await
        .unwrap()
        .rows
        .clone();
    let client = found.first().expect("the client was made from its certificate").id;
    b.go(&format!("{url}/calendar?day={end}&client={client}")).await;
    b.sees(&holder).await;
    let row = owner
        .certificates_of(client)
        .await
        .unwrap()
        .into_iter()
        .find(|c| c.serial == old["serial_hex"])
        .expect("the old certificate");

    // The accountant is put on the client, and a reissue is opened for them.
    b.go(&format!("{url}/clients/{client}")).await;
    b.click("Назначить").await;
    b.choose("person", "Айгүл").await;
    b.choose("part", "тветственный").await;
    b.submit(&format!("/clients/{client}/assign")).await;
    b.sees("Айгүл Оспанова").await;
    b.go(&format!("{url}/certificates/{}", row.id)).await;
    b.click("Пароль утерян").await;
    b.sees("Пароль от ЭЦП восстановить нельзя").await;
    b.choose("assignee", "Айгүл").await;
    b.submit("/tasks/new").await;
    b.sees("Задача открыта").await;
    let task = b.path().await;

    // In their own session the accountant sees only that client, works the task and closes it.
    a.go(&format!("{url}/clients")).await;
    a.sees("1 клиент").await;
    a.go(&format!("{url}/tasks")).await;
    a.sees(&holder).await;
    a.go(&format!("{url}{task}")).await;
    a.click("Ждём владельца").await;
    a.sees("срок не идёт").await;
    give_files(&a, &format!("{task}/successor-file"), &[file_of(&newer)]).await;
    a.submit(&format!("{task}/successor-file")).await;
    a.sees("Ещё нужен новый сертификат для: вход.").await;
    let half = rows.iter().find(|r| {
        let same = |column: &str| r[column] == newer[column];
        r["purpose"] == "AUTH" && same("bin") && same("iin") && r["not_before"][..10] == newer["not_before"][..10]
    });
    give_files(&a, &format!("{task}/successor-file"), &[file_of(half.expect("the half for entering"))]).await;
    a.submit(&format!("{task}/successor-file")).await;
    a.sees("Выпущен: обновить системы, этап 5 из 8").await;
    a.click("Системы обновлены").await;
    a.sees("Отметьте в списке шагов системы").await;
    a.sees("Кабинет налогоплательщика").await;
    // Ticks save themselves, however quickly they follow each other.
    let ticks = "const all = document.querySelectorAll('[data-ticks] input[name=step]:not(:checked)');
        for (const tick of all) tick.click(); return document.querySelectorAll('[data-ticks] input[name=step]').length";
    let all = a.script(ticks, vec![]).await.as_u64().unwrap();
    a.sees(&format!("{all} из {all}")).await;
    a.click("Системы обновлены").await;
    a.sees("Старые ключи не отзываются сами").await;
    a.choose("how", "в кабинете НУЦ").await;
    a.fill("note", "кабинет НУЦ, сегодня: отозван").await;
    a.submit(&format!("{task}/revocation")).await;
    a.sees("Старый проверен").await;
    a.click("Закончить").await;
    a.sees("Задача закрыта").await;

    // A second accountant finds nothing at every address of it.
    let change = PersonChange { name: "Второй".into(), role: Role::Accountant, team: None, sees_all: false };
    let second = owner
        .invite("second@example.kz".into(), change, ("x".into(), state.clock.now() + chrono::Duration::days(1)))
        .await
        .unwrap();
    let token = cookie(&base.store, second, state.clock.now()).await;
    for path in [
        format!("/clients/{client}"),
        format!("/clients/{client}/edit"),
        format!("/certificates/{}", row.id),
        format!("/certificates/{}/file", row.id),
        task.clone(),
        format!("/tasks/new?certificate={}", row.id),
    ] {
        assert_eq!(get(&state, &path, Some(&token)).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let (_, page) = get(&state, &format!("/calendar?day={end}"), Some(&token)).await;
    assert!(!page.contains(holder.as_str()));
    assert_eq!(b.console().await, Vec::<String>::new());
    assert_eq!(a.console().await, Vec::<String>::new());
    b.close().await;
    a.close().await;
}

/// A demo firm behind a server, with a session of somebody.
pub async fn demo(b: &Browser, base: &Base) -> String {
    let state = state(&base.store);
    server::demo::fill(&base.store, state.clock.today("Asia/Almaty")).await.unwrap();
    let url = serve(&state).await;
    sign_in(b, &url, "dinara@example.kz", server::demo::PASSWORD).await;
    url
}

/// Every page of the program, the changing ones found by following links.
async fn pages(b: &Browser, url: &str) -> Vec<String> {
    let mut out: Vec<String> = [
        "/",
        "/calendar",
        "/clients",
        "/clients?standing=month",
        "/clients/new",
        "/import",
        "/import/sheet",
        "/tasks?view=all",
        "/tasks?view=all&form=list",
        "/tasks?view=all&form=people",
        "/calendar/year",
        "/calendar/agenda",
        "/old-keys",
        "/notices",
        "/office/mail",
        "/office/jobs",
        "/office/days",
        "/office/steps",
        "/office/filings",
        "/office/systems",
        "/office/days?day=2027-02-15",
        "/staff",
        "/audit",
        "/account",
        "/office",
        "/more",
        "/find?q=%D0%B0",
        "/keys",
        "/revocation",
        "/tasks/by-load",
        "/nowhere",
    ]
    .map(str::to_owned)
    .into();
    for (from, link) in [
        ("/clients", ".t tbody th a"),
        ("/calendar", ".month .chip[href^='/certificates']"),
        ("/calendar", ".month td.now a.n"),
        ("/tasks?view=all&form=list", ".t tbody th a"),
        ("/clients", ".t tbody th a"),
        ("/staff", ".t tbody th a"),
        ("/", "#risks a[href$='#custody']"),
    ] {
        b.go(&format!("{url}{from}")).await;
        let href = b
            .client
            .find(Locator::Css(link))
            .await
            .unwrap_or_else(|e| panic!("{from} {link}: {e}"))
            .attr("href")
            .await
            .unwrap()
            .unwrap();
        if href.starts_with("/clients") {
            out.push(format!("{href}/typed"));
            out.push(format!("{href}/grounds/new"));
            out.push(format!("{href}/custody/new"));
            out.push(format!("{href}/leave"));
            out.push(format!("{href}/merge"));
        }
        if href.starts_with("/certificates") {
            out.push(href.replace("/certificates/", "/tasks/new?certificate="));
        }
        out.push(href);
    }
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible_quiet_and_fits_laptop_and_phone() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 768, true).await else { return };
    let url = demo(&b, &base).await;
    let all = pages(&b, &url).await;
    let Some(phone) = Browser::open(390, 844, true).await else { return };
    sign_in(&phone, &url, "dinara@example.kz", server::demo::PASSWORD).await;
    let mut findings = Vec::new();
    for (lang, theme) in [("ru", "light"), ("kk", "dark"), ("en", "light")] {
        b.go(&format!("{url}/account")).await;
        b.script("document.querySelector('[name=lang]').value = arguments[0]; document.querySelector('[name=theme]').value = arguments[1]; document.querySelector(\"form[action='/account']\").submit()", vec![lang.into(), theme.into()]).await;
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        for page in &all {
            b.go(&format!("{url}{page}")).await;
            assert_eq!(b.script("return document.documentElement.lang", vec![]).await, lang, "{page}");
            findings.extend(b.axe().await.into_iter().map(|f| format!("{page} {lang} {theme}: {f}")));
            for (browser, name) in [(&b, "laptop"), (&phone, "phone")] {
                if name == "phone" {
                    browser.go(&format!("{url}{page}")).await;
                    let small = browser.small_targets().await;
                    findings.extend(small.into_iter().map(|f| format!("{page} {lang}, phone: {f}")));
                }
                let over = browser
                    .script(
                        "return document.documentElement.scrollWidth - document.documentElement.clientWidth",
                        vec![],
                    )
                    .await;
                if over != 0 {
                    findings.push(format!("{page} {lang} is {over} px wider than a {name}"));
                }
            }
        }
        findings.extend(b.console().await);
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    b.close().await;
    phone.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_forms_work_with_scripts_off() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 2600, false).await else { return };
    let url = demo(&b, &base).await;
    b.sees("Сегодня").await;
    b.go(&format!("{url}/clients/new")).await;
    b.choose("kind", "Юридическое лицо").await;
    b.fill("name", "ТОО «Без скриптов»").await;
    b.fill("number", "971240001316").await;
    b.submit("/clients/new").await;
    b.sees("Последняя цифра не сходится: по остальным должна быть 5").await;
    let kept = b.find(Locator::Css("[name=name]")).await.unwrap().prop("value").await.unwrap();
    assert_eq!(kept.as_deref(), Some("ТОО «Без скриптов»"), "what was typed stays");
    b.fill("number", "9712 4000 1315").await;
    b.submit("/clients/new").await;
    b.sees("Сохранено").await;
    b.go(&format!("{url}/import")).await;
    b.sees("Не выбирайте .p12").await;
    let field = b.find(Locator::Css("input[type=file]")).await.unwrap();
    let files = [data("bad/ber_inside.p12"), data("real/cer/individual_valid_sign_2004_rsa.cer")]
        .map(|p| p.canonicalize().unwrap().display().to_string());
    field.send_keys(&files.join("\n")).await.unwrap();
    b.submit("/import").await;
    b.sees("контейнер с закрытым ключом").await;
    b.click("Принять").await;
    b.sees("Внесён 1 сертификат").await;
    b.go(&format!("{url}/")).await;
    b.press(b.find(Locator::Css("a[href^='/tasks/new?certificate=']")).await.unwrap()).await;
    b.sees("Открыть задачу").await;
    b.submit("/tasks/new").await;
    b.sees("Задача открыта").await;
    b.close().await;
}
