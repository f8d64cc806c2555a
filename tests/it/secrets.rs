//! A key that arrives all the same is refused and leaves no trace.

use crate::certificates::data;
use crate::support::{Base, Firm, ask, cookie, get, multipart, state};
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
    let folder = base.folder.as_ref().unwrap().path().to_owned();
    let mut stored = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        stored.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    assert!(stored.len() > 50_000, "the database was looked at");
    for secret in &secrets {
        // Any 24 bytes from the middle are enough to find a copy.
        for start in [secret.len() / 3, secret.len() / 2, secret.len() * 2 / 3] {
            let piece = &secret[start..start + 24];
            assert!(!stored.windows(piece.len()).any(|w| w == piece), "a piece of a key was written");
        }
    }
}
