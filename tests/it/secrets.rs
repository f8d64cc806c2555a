//! A key that arrives all the same is refused and leaves no trace.

use crate::certificates::data;
use crate::support::{Base, Firm, Wish, ask, cookie, get, multipart, planned, post, state};
use axum::http::StatusCode;

#[tokio::test]
async fn containers_and_keys_are_refused_and_reach_neither_disk_nor_database() {
    let base = Base::sqlite().await;
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    let token = cookie(&base.store, firm.people["owner"], state.clock.now()).await;
    let mut secrets = vec![
        std::fs::read(data("bad/private_key_only.pem")).unwrap(),
        std::fs::read(data("bad/key_and_cert.pem")).unwrap(),
    ];
    for entry in std::fs::read_dir(data("real/p12")).unwrap().take(6) {
        secrets.push(std::fs::read(entry.unwrap().path()).unwrap());
    }
    for secret in &secrets {
        let (body, kind) = multipart("files", "harmless.cer", secret);
        let (status, _, response) = ask(&state, "POST", "/import", Some(&token), body, kind).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (_, page) = get(&state, response.headers()["location"].to_str().unwrap(), Some(&token)).await;
        assert!(page.contains("закрыты"), "says what it is");
        assert!(page.contains("не сохранен") || page.contains("не сохранён"), "says that nothing was kept");
        assert!(!page.contains("Принять"), "offers nothing to accept");
    }
    drop(firm);
    let stored = stored(&base);
    assert!(stored.len() > 50_000, "the database was looked at");
    for secret in &secrets {
        // Any 24 bytes from the middle are enough to find a copy.
        for start in [secret.len() / 3, secret.len() / 2, secret.len() * 2 / 3] {
            let piece = &secret[start..start + 24];
            assert!(!stored.windows(piece.len()).any(|w| w == piece), "a piece of a key was written");
        }
    }
}

/// All bytes that the database has written to its folder.
fn stored(base: &Base) -> Vec<u8> {
    let files = std::fs::read_dir(base.folder.as_ref().unwrap().path()).unwrap();
    files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

/// Key texts as people paste them: armoured, and the bare digits of a line that was copied.
fn pasted() -> Vec<String> {
    let pem = String::from_utf8(std::fs::read(data("bad/private_key_only.pem")).unwrap()).unwrap();
    let bare: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    vec![pem, bare]
}

#[tokio::test]
async fn a_key_pasted_into_a_text_or_a_table_is_refused_in_words_and_not_kept() {
    let base = Base::sqlite().await;
    let firm = Firm::new(&base.store).await;
    let client = firm.client("971240001315", Some("owner")).await;
    let certificate = firm.certificate(&Wish::of("971240001315")).await;
    let owner = firm.scoped("owner").await;
    let task = owner.open_task(planned(certificate)).await.unwrap();
    let state = state(&base.store);
    let token = cookie(&base.store, firm.people["owner"], state.clock.now()).await;
    let other = firm.certificate(&Wish { iin: "010940000162", ..Wish::of("971240001315") }).await;
    let forms = [
        (format!("/tasks/{task}/comment"), "text", String::new()),
        (format!("/tasks/{task}/move"), "why", "to=blocked&revision=1".into()),
        ("/clients/new".into(), "notes", "kind=legal_entity&name=A&number=940140000385".into()),
        ("/clients/new".into(), "name", "kind=legal_entity&number=940140000385".into()),
        ("/clients/new".into(), "legal_address", "kind=legal_entity&name=A&number=940140000385".into()),
        (format!("/clients/{client}/custody"), "label", "what=taken&day=2026-11-20".into()),
        (format!("/clients/{client}/grounds"), "note", "kind=owner_signs".into()),
        ("/tasks/new".into(), "note", format!("certificate={other}&main={other}&reason=planned&route=online")),
        ("/views".into(), "name", "place=clients&query=sort=name".into()),
    ];
    for key in pasted() {
        let encoded: String = key.bytes().map(|b| format!("%{b:02X}")).collect();
        for (path, field, rest) in &forms {
            let (status, page) = post(&state, path, Some(&token), &format!("{rest}&{field}={encoded}")).await;
            assert!(status.is_client_error() || path == "/views", "{path} {field}: {status} {page}");
        }
        let (_, page) = post(&state, &forms[0].0, Some(&token), &format!("text={encoded}")).await;
        assert!(page.contains("закрытый ключ"), "{page}");
        let view = format!("place=clients&name=x&query=q%3D{}", encoded.replace('%', "%25"));
        let form = "application/x-www-form-urlencoded";
        let (.., answer) = ask(&state, "POST", "/views", Some(&token), view.into(), form).await;
        assert!(answer.headers()["location"].to_str().unwrap().ends_with("/clients?done=holds_key"), "says why");
        let table = format!("Клиент;БИН;Примечание\nТОО «А»;940140000385;\"{key}\"\n");
        let (body, kind) = multipart("files", "a.csv", table.as_bytes());
        let (status, ..) = ask(&state, "POST", "/import/sheet", Some(&token), body, kind).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    for book in books_with(&pasted()[0]) {
        let (body, kind) = multipart("files", "a.xlsx", &book);
        let (status, page, _) = ask(&state, "POST", "/import/sheet", Some(&token), body, kind).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    }
    drop(firm);
    let stored = stored(&base);
    let bare = pasted().pop().unwrap();
    let piece = &bare.as_bytes()[80..120];
    assert!(!stored.windows(piece.len()).any(|w| w == piece), "a piece of a key was written");
}

/// Workbooks in which a key lies where a reader of tables does not look: as a part, in an archive inside, behind many parts.
fn books_with(key: &str) -> Vec<Vec<u8>> {
    let archive = |parts: &[(String, Vec<u8>)]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut zip, bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let part = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    let sheet = part("xl/workbook.xml", b"<workbook/>");
    let inside = archive(&[part("key.pem", key.as_bytes())]);
    let many = (0..2_100).map(|n| part(&format!("{n}.xml"), b"")).chain([part("key.pem", key.as_bytes())]);
    vec![
        archive(&[sheet.clone(), part("key.pem", key.as_bytes())]),
        archive(&[sheet.clone(), part("in.zip", &inside)]),
        archive(&[sheet].into_iter().chain(many).collect::<Vec<_>>()),
    ]
}
