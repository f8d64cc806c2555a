//! Files attached to clients and tasks: who sees them, what is refused, where they go with their client.

use crate::board_walk::awake;
use crate::browser::Browser;
use crate::journey::demo;
use crate::support::{
    Base, Firm, Wish, archive, ask, bytes, cookie, d, multipart, on_both, post, refusal, state, today,
};
use axum::http::StatusCode;
use domain::attachment::{AttachTo, AttachmentKind, NewAttachment};
use domain::audit::{AuditFilter, DeedKind};
use domain::day::OfficeDay;
use domain::person::Part;
use domain::refusal::Refusal;
use fantoccini::Locator;
use std::io::Write as _;
use std::path::{Path, PathBuf};

on_both!(
    files_are_seen_and_changed_by_those_of_the_client_only,
    a_file_with_a_key_is_refused_wherever_the_key_hides_and_the_others_go_in,
    a_file_goes_where_its_client_goes,
);

const BIN: &str = "971240001315";
const OTHER: &str = "940140000385";
const PDF: &[u8] = b"%PDF-1.7\nscan of an application";

fn scan(name: &str) -> NewAttachment {
    NewAttachment { name: name.into(), kind: AttachmentKind::Pdf, bytes: PDF.to_vec() }
}

async fn files_are_seen_and_changed_by_those_of_the_client_only(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    firm.scoped("owner").await.assign(client, firm.assignment("observer", Part::Observer)).await.unwrap();
    let task = firm.task(firm.certificate(&Wish::of(BIN)).await).await;
    let mine = firm.scoped("accountant").await;
    let file = mine.attach(AttachTo::Task(task), &[scan("заявление.pdf")]).await.unwrap()[0];
    let own = mine.attach(AttachTo::Client(client), &[scan("доверенность.pdf")]).await.unwrap()[0];
    assert_eq!(mine.task_attachments(task).await.unwrap().iter().map(|f| f.id).collect::<Vec<_>>(), [file]);
    let all = mine.attachments(client).await.unwrap();
    assert_eq!(all.iter().map(|f| f.id).collect::<Vec<_>>(), [own, file], "the client has those of its tasks too");
    assert_eq!((all[0].name.as_str(), all[0].size, all[1].task), ("доверенность.pdf", PDF.len() as i64, Some(task)));
    let observer = firm.scoped("observer").await;
    assert_eq!(observer.attachment(file).await.unwrap().1, PDF);
    assert_eq!(refusal(observer.remove_attachment(file).await), Refusal::NotAllowed);
    assert_eq!(refusal(observer.attach(AttachTo::Client(client), &[scan("a.pdf")]).await), Refusal::NotAllowed);
    let foreign = firm.scoped("second").await;
    assert_eq!(refusal(foreign.attachment(file).await), Refusal::NotFound);
    assert_eq!(refusal(foreign.attachments(client).await), Refusal::NotFound);
    assert_eq!(refusal(foreign.remove_attachment(file).await), Refusal::NotFound);
    assert_eq!(refusal(foreign.attach(AttachTo::Task(task), &[scan("a.pdf")]).await), Refusal::NotFound);
    let (one, other) = (mine.remove_attachment(file), mine.remove_attachment(file));
    let (one, other) = tokio::join!(one, other);
    assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|ok| **ok).count(), 1, "only one of two removes it");
    let filter = AuditFilter { kind: Some(DeedKind::FileRemoved), ..AuditFilter::default() };
    let lines = firm.scoped("owner").await.audit(&filter).await.unwrap().rows;
    assert!(lines.len() == 1 && lines[0].about.contains("заявление.pdf"));
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/certs").join(name)
}

/// A DOCX with one more part in it.
fn document(part: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in
        [("[Content_Types].xml", b"<Types/>".as_slice()), ("word/document.xml", b"<w/>"), ("word/media/a.bin", part)]
    {
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A DOCX whose directory names one part again and again.
fn named_often() -> Vec<u8> {
    let mut bytes = document(b"a");
    let at = bytes.windows(4).position(|sign| sign == b"PK\x01\x02").unwrap();
    let end = bytes.windows(4).rposition(|sign| sign == b"PK\x05\x06").unwrap();
    // The same parts under other names.
    let other = |byte: &u8| if byte.is_ascii_lowercase() { byte.to_ascii_uppercase() } else { *byte };
    let directory: Vec<u8> = bytes[at..end].iter().map(other).collect();
    bytes.splice(end..end, directory.clone());
    let tail = end + directory.len();
    for (place, value) in [(tail + 8, 6u16), (tail + 10, 6)] {
        bytes[place..place + 2].copy_from_slice(&value.to_le_bytes());
    }
    let size = u32::try_from(2 * directory.len()).unwrap();
    bytes[tail + 12..tail + 16].copy_from_slice(&size.to_le_bytes());
    bytes
}

async fn a_file_with_a_key_is_refused_wherever_the_key_hides_and_the_others_go_in(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    let (state, session) = (state(&base.store), cookie(&base.store, firm.people["accountant"], today().now).await);
    let key = std::fs::read(data("real/p12/GOST512_81d1311b5629a88f2a8b4e5cb4b00cab12734fdf.p12")).unwrap();
    let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &key);
    let send = async |name: &str, bytes: &[u8]| {
        let (body, kind) = multipart("files", name, bytes);
        let path = format!("/clients/{client}/attachments");
        let (status, page, _) = ask(&state, "POST", &path, Some(&session), body, kind).await;
        (status, page)
    };
    let kept = async || firm.scoped("accountant").await.attachments(client).await.unwrap();
    for (bytes, word) in [
        (key.clone(), "ключ"),
        (document(&key), "ключ"),
        (document(&[b"an object of Word".as_slice(), &key].concat()), "ключ"),
        (document(&document(&key)), "ключ"),
        (document(&document(b"a table")), "PDF, JPEG, PNG"),
        ([PDF, &key].concat(), "ключ"),
        ([PDF, base64.as_bytes()].concat(), "ключ"),
        ([&[0xff, 0xd8, 0xff, 0xe0], key.as_slice()].concat(), "ключ"),
        ([document(b"a").as_slice(), &key].concat(), "ключ"),
        (named_often(), "повреждён"),
        (b"%PDF-1.4\n-----BEGIN ENCRYPTED PRIVATE KEY-----".to_vec(), "ключ"),
        (b"MZ program".to_vec(), "PDF, JPEG, PNG"),
        (Vec::new(), "пуст"),
    ] {
        let (status, page) = send("скан.pdf", &bytes).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains(word) && page.contains("скан.pdf"), "{word}: {page}");
    }
    assert!(kept().await.is_empty(), "a refusal keeps nothing");
    assert_eq!(send("договор.docx", &document(b"a picture")).await.0, StatusCode::SEE_OTHER);
    let file = kept().await.remove(0);
    assert_eq!((file.kind, file.name.as_str()), (AttachmentKind::Word, "договор.docx"));
    let path = format!("/attachments/{}", file.id);
    assert_eq!(bytes(&state, &path, &session).await, document(b"a picture"));
    let (_, _, answer) = ask(&state, "GET", &path, Some(&session), axum::body::Body::empty(), "text/plain").await;
    let header = |name: &str| answer.headers().get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    assert!(header("content-disposition").starts_with("attachment; "));
    assert_eq!((header("x-content-type-options"), header("cache-control")), ("nosniff".into(), "no-store".into()));
    assert_eq!(send("счёт.hta", PDF).await.0, StatusCode::SEE_OTHER);
    assert_eq!(kept().await.remove(0).name, "счёт.hta.pdf", "what it is called does not make it run");
    firm.scoped("accountant").await.remove_attachment(kept().await.remove(0).id).await.unwrap();
    assert_eq!(post(&state, &format!("{path}/remove"), Some(&session), "").await.0, StatusCode::SEE_OTHER);
    assert!(kept().await.is_empty());
}

async fn a_file_goes_where_its_client_goes(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (gone, stays) = (firm.client(BIN, Some("accountant")).await, firm.client(OTHER, Some("accountant")).await);
    let owner = firm.scoped("owner").await;
    let file = owner.attach(AttachTo::Client(gone), &[scan("устав: новый.pdf")]).await.unwrap()[0];
    let (state, session) = (state(&base.store), cookie(&base.store, firm.people["owner"], today().now).await);
    assert!(archive(&state, gone, &session).await.contains("scan of an application"));
    owner.merge_client(gone, OTHER).await.unwrap();
    assert_eq!(owner.attachments(stays).await.unwrap()[0].id, file, "a merge brings it along");
    owner.archive_client(stays, Some(today().day)).await.unwrap();
    let later = firm.scoped_on("owner", OfficeDay::noon(d("2031-11-23"))).await;
    later.erase_client(stays, OTHER).await.unwrap();
    assert_eq!(refusal(later.attachment(file).await), Refusal::NotFound, "it is erased with its client");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_is_attached_in_the_browser_and_a_key_stays_on_the_computer() {
    let base = Base::sqlite().await;
    let Some(b) = Browser::open(1366, 900, true).await else { return };
    let url = demo(&b, &base).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("заявление.pdf");
    std::fs::write(&path, PDF).unwrap();
    let key = data("real/p12/GOST512_81d1311b5629a88f2a8b4e5cb4b00cab12734fdf.p12").canonicalize().unwrap();
    b.go(&format!("{url}/tasks?form=list&view=all")).await;
    let task = b.script("return document.querySelector('tbody th a').pathname", vec![]).await;
    let task = task.as_str().unwrap().to_owned();
    b.go(&format!("{url}{task}")).await;
    awake(&b).await;
    let field = b.find(Locator::Css("#files input[type=file]")).await.unwrap();
    field.send_keys(&format!("{}\n{}", path.display(), key.display())).await.unwrap();
    b.sees("содержит ключ и остался на этом компьютере").await;
    let left = "return [...document.querySelector('#files input[type=file]').files].map(f => f.name).join()";
    assert_eq!(b.script(left, vec![]).await, "заявление.pdf");
    b.submit(&format!("{task}/attachments")).await;
    b.sees("Файл приложен").await;
    b.sees("заявление.pdf").await;
    b.script("document.querySelector('#files form[action$=\"/remove\"] button').click()", vec![]).await;
    b.sees("Файл убран").await;
    b.sees("Файлов нет").await;
    assert_eq!(b.console().await, Vec::<String>::new());
    b.close().await;
}
