//! Key containers in a real browser: opened there, while everything that leaves the page is recorded.

use crate::board_walk::awake;
use crate::browser::Browser;
use crate::certificates::data;
use crate::journey::demo;
use crate::support::{Base, get, state};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::Locator;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// As many bytes in a row as nobody repeats by chance.
const WINDOW: usize = 16;

/// Stands between browser and server and keeps every byte that the browser sends.
async fn recorder(server: &str) -> (String, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (to, kept) = (server.trim_start_matches("http://").to_owned(), Arc::new(Mutex::new(Vec::new())));
    let record = kept.clone();
    tokio::spawn(async move {
        while let Ok((from, _)) = listener.accept().await {
            let (record, to) = (record.clone(), TcpStream::connect(&to).await.unwrap());
            let ((mut browser, mut back), (mut answers, mut server)) = (from.into_split(), to.into_split());
            tokio::spawn(async move { tokio::io::copy(&mut answers, &mut back).await });
            tokio::spawn(async move {
                let mut some = vec![0; 65_536];
                while let Ok(n @ 1..) = browser.read(&mut some).await {
                    record.lock().unwrap().extend_from_slice(&some[..n]);
                    if server.write_all(&some[..n]).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    (url, kept)
}

fn keyfile(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/keyfile/tests/data").join(name)
}

/// Whether the record holds a stretch of these bytes, as they are or as Base64, except what stands in `open` anyway.
fn leaks(record: &[u8], bytes: &[u8], open: &[u8]) -> bool {
    let known: HashSet<&[u8]> = open.windows(WINDOW).collect();
    let coded: Vec<String> = (0..3).map(|n| STANDARD.encode(&bytes[n..])).collect();
    let wanted: HashSet<&[u8]> =
        bytes.windows(WINDOW).chain(coded.iter().flat_map(|c| c.as_bytes().windows(WINDOW))).collect();
    record.windows(WINDOW).any(|w| wanted.contains(w) && !known.contains(w))
}

fn holds(record: &[u8], piece: &[u8]) -> bool {
    record.windows(piece.len()).any(|w| w == piece)
}

async fn open_with(b: &Browser, password: &str) {
    b.find(Locator::Css(".keys input[type=password]")).await.unwrap().send_keys(password).await.unwrap();
    b.click("Открыть отмеченные").await;
}

#[test]
fn a_leak_is_found_as_bytes_and_as_base64() {
    let secret: Vec<u8> = (0..64).collect();
    let around = |middle: &[u8]| [b"POST /import ".as_slice(), middle, b" end"].concat();
    assert!(leaks(&around(&secret[7..40]), &secret, &[]));
    assert!(leaks(&around(STANDARD.encode(&secret[5..45]).as_bytes()), &secret, &[]));
    assert!(!leaks(&around(&secret[7..40]), &secret, &secret), "what is public may go");
    assert!(!leaks(&around(b"nothing of it is here, whatever is looked for"), &secret, &[]));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_containers_only_their_certificates_leave_the_page() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 900, true).await else { return };
    let (url, record) = recorder(&demo(&b, &base).await).await;
    // The session of the same host holds behind the recorder too.
    b.go(&format!("{url}/import")).await;
    awake(&b).await;

    let real = data("real/p12/GOST512_8147287582df9bb4710e461804acd49b88bf45c4.p12");
    let (own, bad) = (keyfile("modern.p12"), data("bad/truncated.p12"));
    let files = [&real, &own, &bad].map(|p| p.canonicalize().unwrap().display().to_string());
    b.find(Locator::Id("f-files")).await.unwrap().send_keys(&files.join("\n")).await.unwrap();
    b.sees("Файлы ключей ждут пароль").await;
    b.sees("Ключ и пароль не покидают этот компьютер").await;

    // One password opens some, another the rest; what is broken says so.
    open_with(&b, "Qwerty12").await;
    b.sees("Взято сертификатов из файлов ключей: 1").await;
    b.sees("Неверный пароль к файлу ключа").await;
    b.sees("Файл ключа повреждён или обрезан").await;
    open_with(&b, "Пароль 123").await;
    b.sees("Готово к отправке: 2").await;
    // What comes later and stays here does not push out what is ready.
    b.find(Locator::Id("f-files")).await.unwrap().send_keys(&files[2]).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let ready = b.script("return document.getElementById('f-files').files.length", vec![]).await;
    assert_eq!(ready, 2);
    b.submit("/import").await;
    b.sees("Что в файлах").await;
    b.sees("ТЕСТОВ").await;
    assert_eq!(b.console().await, Vec::<String>::new());

    let record = record.lock().unwrap().clone();
    let read = |path: &Path| std::fs::read(path).unwrap();
    let mut open = Vec::new();
    for (path, password) in [(&real, "Qwerty12"), (&own, "Пароль 123")] {
        let found = keyfile::certificates(&read(path), password).unwrap();
        assert!(found.iter().all(|der| holds(&record, der)), "the certificate was sent, so the record is whole");
        open.extend(found.concat());
    }
    for path in [&real, &own, &bad] {
        assert!(!leaks(&record, &read(path), &open), "{}", path.display());
    }
    // The key as it lies in the container when decrypted.
    assert!(!leaks(&record, &read(&keyfile("modern.key.der")), &open));
    for password in ["Qwerty12", "Пароль 123"] {
        let wide: Vec<u8> = password.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for form in [password.as_bytes().to_vec(), wide, STANDARD.encode(password).into_bytes()] {
            assert!(!holds(&record, &form), "{password}");
        }
    }
    b.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_worker_can_load_nothing_and_reach_nobody() {
    let base = Base::sqlite().await;
    let state = state(&base.store);
    let firm = crate::support::Firm::new(&base.store).await;
    let session = crate::support::cookie(&base.store, firm.people["owner"], state.clock.now()).await;
    let (_, page) = get(&state, "/import", Some(&session)).await;
    let at = page.find("/assets/keyfile.").unwrap();
    let script: String = page[at..].chars().take_while(|c| *c != '"' && *c != '&' && *c != '\\').collect();
    assert!(script.ends_with(".js"), "{script}");
    let (_, _, answer) =
        crate::support::ask(&state, "GET", &script, None, axum::body::Body::empty(), "text/plain").await;
    assert_eq!(
        answer.headers()["content-security-policy"],
        "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'none'"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_is_recognised_by_its_name_and_can_be_skipped() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 900, true).await else { return };
    let url = demo(&b, &base).await;
    b.go(&format!("{url}/import")).await;
    awake(&b).await;
    let container = data("real/p12/GOST512_81d1311b5629a88f2a8b4e5cb4b00cab12734fdf.p12").canonicalize().unwrap();
    let field = b.find(Locator::Id("f-files")).await.unwrap();
    field.send_keys(&container.display().to_string()).await.unwrap();
    b.sees("Файлы ключей ждут пароль").await;
    open_with(&b, "Qwerty12").await;
    b.sees("Готово к отправке: 1").await;
    b.submit("/import").await;
    b.click("Принять").await;
    b.sees("Внесён 1 сертификат").await;

    // Now its name is enough to say whose it is.
    b.go(&format!("{url}/import")).await;
    awake(&b).await;
    let field = b.find(Locator::Id("f-files")).await.unwrap();
    field.send_keys(&container.display().to_string()).await.unwrap();
    b.sees("в реестре: ТЕСТОВ ТЕСТ").await;
    assert!(b.axe().await.is_empty(), "{:?}", b.axe().await);
    b.click("Пропустить отмеченные").await;
    b.sees("пропущен и остался на этом компьютере").await;

    // The whole import goes back.
    b.sees("Последние импорты").await;
    b.click("Отменить импорт").await;
    b.sees("исчезнет из реестра").await;
    b.click("Отменить импорт").await;
    b.sees("Импорт отменён").await;
    b.sees("Убран 1 сертификат").await;
    assert_eq!(b.console().await, Vec::<String>::new());
    b.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_opens_whichever_way_its_password_writes_a_letter() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 900, true).await else { return };
    let url = demo(&b, &base).await;
    // Its password has «ү» and «й»; the second was written as two signs.
    let container = keyfile("two_signs.p12").canonicalize().unwrap();
    let composed = "ключ Айгүл йод 1";
    assert!(keyfile::certificates(&std::fs::read(&container).unwrap(), composed).is_err(), "the letters are two signs");
    b.go(&format!("{url}/import")).await;
    awake(&b).await;
    b.find(Locator::Id("f-files")).await.unwrap().send_keys(&container.display().to_string()).await.unwrap();
    b.sees("Файлы ключей ждут пароль").await;
    open_with(&b, composed).await;
    b.sees("Взято сертификатов из файлов ключей: 1").await;
    assert_eq!(b.console().await, Vec::<String>::new());
    b.close().await;
}
