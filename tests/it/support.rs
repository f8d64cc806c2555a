//! Databases, a small firm, requests.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::client::NewAssignment;
use domain::client::{ClientData, ClientFilter, ClientKind};
use domain::custody::{CarrierKind, NewEntry, Passing};
use domain::day::{OfficeDay, minus};
use domain::id::{CertificateId, ClientId, PersonId, TaskId};
use domain::office::Office;
use domain::person::{Lang, Part, Role};
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::seen_client::SeenClient;
use domain::task::{NewTask, Route, SeenTask};
use http_body_util::BodyExt as _;
use server::settings::{Cli, Command};
use server::state::AppState;
use std::collections::HashMap;
use std::sync::Arc;
use store::{DraftItem, NewSession, ScopedStore, SeedPerson, Store};
use tower::ServiceExt as _;

pub const TODAY: &str = "2026-11-22";

/// Runs a test on SQLite (a file with WAL, as in production) and on PostgreSQL (a database of its own).
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test]
            async fn sqlite() {
                let base = crate::support::Base::sqlite().await;
                super::$name(&base).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(base) = crate::support::Base::postgres().await {
                    super::$name(&base).await;
                }
            }
        }
    )+};
}
pub(crate) use on_both;

/// A fresh database, gone with the test.
pub struct Base {
    pub store: Store,
    pub url: String,
    pub folder: Option<tempfile::TempDir>,
}

impl Base {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("merzim.sqlite").display());
        Self { store: Store::open(&url).await.unwrap(), url, folder: Some(folder) }
    }

    /// None only where the run was told to go without PostgreSQL.
    pub async fn postgres() -> Option<Self> {
        if std::env::var_os("MERZIM_TEST_WITHOUT_POSTGRES").is_some() {
            return None;
        }
        let server = std::env::var("MERZIM_TEST_POSTGRES")
            .expect("run the tests with `cargo xtask test`, which starts PostgreSQL");
        let name = format!("t{}", uuid::Uuid::now_v7().simple());
        let made = tokio::process::Command::new("psql")
            .args([&server, "-qc", &format!("CREATE DATABASE {name}")])
            .status()
            .await
            .unwrap();
        assert!(made.success());
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        Some(Self { store: Store::open(&url).await.unwrap(), url, folder: None })
    }
}

pub fn d(day: &str) -> NaiveDate {
    day.parse().unwrap()
}

pub fn today() -> OfficeDay {
    OfficeDay::noon(d(TODAY))
}

/// A small firm: one of each role, two teams.
pub struct Firm {
    pub store: Store,
    pub people: HashMap<&'static str, PersonId>,
    /// The first team.
    pub team: domain::id::TeamId,
    pub authority: Authority,
}

const PEOPLE: &[(&str, Role, Option<&str>)] = &[
    ("owner", Role::Owner, None),
    ("lead", Role::Lead, Some("East")),
    ("accountant", Role::Accountant, Some("East")),
    ("second", Role::Accountant, Some("West")),
    ("west-lead", Role::Lead, Some("West")),
    ("observer", Role::Observer, None),
];

impl Firm {
    pub async fn new(store: &Store) -> Self {
        let authority = Authority::new("ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)");
        let people: Vec<SeedPerson> = PEOPLE
            .iter()
            .map(|(key, role, team)| SeedPerson {
                key: (*key).into(),
                name: format!("Имя {key}"),
                email: format!("{key}@example.kz"),
                password: "unused".into(),
                role: *role,
                team: team.map(str::to_owned),
                sees_all: false,
            })
            .collect();
        let office = Office { name: "Проба".into(), zone: "Asia/Almaty".into(), lang: Lang::Ru };
        store.seed_office(office, &people, ("Проба УЦ".into(), authority.der.clone()), today()).await.unwrap();
        let mut ids = HashMap::new();
        for (key, ..) in PEOPLE {
            ids.insert(*key, store.credentials(&format!("{key}@example.kz")).await.unwrap().unwrap().person);
        }
        let owner = scoped(store, ids["owner"], today()).await;
        let team = owner.teams().await.unwrap()[0].id;
        Self { store: store.clone(), people: ids, team, authority }
    }

    pub async fn scoped(&self, who: &str) -> ScopedStore {
        self.scoped_on(who, today()).await
    }

    pub async fn scoped_on(&self, who: &str, today: OfficeDay) -> ScopedStore {
        scoped(&self.store, self.people[who], today).await
    }

    /// Tasks as they stand now.
    pub async fn seen(&self, ids: &[TaskId]) -> Vec<SeenTask> {
        let mut seen = Vec::new();
        for id in ids {
            seen.push(self.scoped("owner").await.task_card(*id).await.unwrap().row.seen());
        }
        seen
    }

    /// Clients as the owner's list shows them now.
    pub async fn seen_clients(&self, ids: &[ClientId]) -> Vec<SeenClient> {
        let rows = self.scoped("owner").await.some_clients(&ClientFilter::default(), 1_000).await.unwrap().rows;
        ids.iter().map(|id| rows.iter().find(|row| row.id == *id).unwrap().seen()).collect()
    }

    /// A client of no team with a responsible from long ago.
    pub async fn client(&self, number: &str, responsible: Option<&str>) -> ClientId {
        let owner = self.scoped("owner").await;
        let id = owner.create_client(data(number)).await.unwrap();
        if let Some(who) = responsible {
            owner.assign(id, self.assignment(who, Part::Responsible)).await.unwrap();
        }
        id
    }

    pub fn assignment(&self, who: &str, part: Part) -> NewAssignment {
        NewAssignment { person: self.people[who], part, from: minus(today().day, 30), until: None }
    }

    /// Registers a certificate through the import path, as its owner would.
    pub async fn certificate(&self, wish: &Wish) -> CertificateId {
        self.import("owner", wish).await.expect("registered")
    }

    /// An open task of the owner, with a note that must not outlast its client.
    pub async fn task(&self, certificate: CertificateId) -> TaskId {
        let new = NewTask {
            certificates: vec![certificate],
            reason: Reason::Planned,
            route: Route::Online,
            assignee: None,
            due: d("2026-11-30"),
            note: "секрет".into(),
        };
        self.scoped("owner").await.open_task(new).await.unwrap()
    }

    pub async fn import(&self, who: &str, wish: &Wish) -> Option<CertificateId> {
        let scoped = self.scoped(who).await;
        let draft = scoped.draft(vec![self.item(wish)]).await.unwrap();
        let (_, ids) = scoped.accept(draft, &Default::default()).await.unwrap();
        ids.first().copied()
    }

    pub fn item(&self, wish: &Wish) -> DraftItem {
        let der = self.authority.issue(wish);
        let facts = pki::read_certificate(&der, today().now).unwrap();
        let signature = pki::check_signature(&der, &self.authority.der);
        DraftItem { file: "a.cer".into(), content: Ok((der, facts, signature)) }
    }
}

/// A session of somebody, opened as signing in opens it.
pub async fn cookie(store: &Store, person: PersonId, now: DateTime<Utc>) -> String {
    let token = uuid::Uuid::now_v7().to_string();
    let new = NewSession {
        person,
        token_hash: hash(&token),
        ends: now + Duration::days(1),
        browser: "test".into(),
        address: "-".into(),
        known: None,
    };
    store.open_session(new, &[], now).await.unwrap();
    token
}

pub async fn scoped(store: &Store, person: PersonId, today: OfficeDay) -> ScopedStore {
    let token = cookie(store, person, today.now).await;
    let (who, ..) = store.admit(&hash(&token), |_| today, Duration::hours(1)).await.unwrap().expect("a live session");
    ScopedStore::open(store.clone(), who)
}

fn hash(token: &str) -> String {
    use base64::Engine as _;
    use sha2::Digest as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(token.as_bytes()))
}

pub fn data(number: &str) -> ClientData {
    ClientData::new(ClientKind::LegalEntity, format!("ТОО «Клиент {number}»"), number.into())
}

/// A token that the firm has taken.
pub fn carrier() -> NewEntry {
    let (from_whom, to_whom, ground, note) = Default::default();
    NewEntry {
        carrier: None,
        kind: CarrierKind::Token,
        label: "··1".into(),
        what: Passing::Taken,
        day: d("2026-11-20"),
        from_whom,
        to_whom,
        keeper: None,
        ground,
        back_by: None,
        note,
    }
}

/// A planned reissue of a certificate, of nobody yet.
pub fn planned(certificate: CertificateId) -> NewTask {
    NewTask {
        certificates: vec![certificate],
        reason: Reason::Planned,
        route: Route::Online,
        assignee: None,
        due: d("2026-11-30"),
        note: String::new(),
    }
}

/// A certificate to be issued for a test.
#[derive(Clone)]
pub struct Wish {
    pub name: &'static str,
    pub iin: &'static str,
    pub bin: Option<String>,
    pub signs: bool,
    pub role: u64,
    pub from: &'static str,
    pub to: &'static str,
}

impl Wish {
    pub fn of(bin: &str) -> Self {
        Self {
            name: "КИМ ОЛЬГА",
            iin: "020920600936",
            bin: Some(bin.into()),
            signs: true,
            role: 1,
            from: "2025-12-01",
            to: "2026-12-01",
        }
    }

    pub fn until(self, from: &'static str, to: &'static str) -> Self {
        Self { from, to, ..self }
    }
}

/// An authority that lives as long as its test.
pub struct Authority {
    issuer: rcgen::Issuer<'static, rcgen::KeyPair>,
    key: rcgen::KeyPair,
    pub der: Vec<u8>,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params.distinguished_name.push(rcgen::DnType::CountryName, "KZ");
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let der = params.self_signed(&key).unwrap().der().to_vec();
        Self { issuer: rcgen::Issuer::new(params, key), key: rcgen::KeyPair::generate().unwrap(), der }
    }

    pub fn issue(&self, wish: &Wish) -> Vec<u8> {
        let mut p = rcgen::CertificateParams::default();
        p.distinguished_name = rcgen::DistinguishedName::new();
        p.distinguished_name.push(rcgen::DnType::CommonName, wish.name);
        p.distinguished_name.push(rcgen::DnType::CustomDnType(vec![2, 5, 4, 5]), format!("IIN{}", wish.iin));
        p.distinguished_name.push(rcgen::DnType::CountryName, "KZ");
        if let Some(bin) = &wish.bin {
            p.distinguished_name.push(rcgen::DnType::OrganizationName, format!("ТОО «Клиент {bin}»"));
            p.distinguished_name.push(rcgen::DnType::OrganizationalUnitName, format!("BIN{bin}"));
        }
        let at =
            |day: &str| time::OffsetDateTime::from_unix_timestamp(OfficeDay::noon(d(day)).now.timestamp()).unwrap();
        (p.not_before, p.not_after) = (at(wish.from), at(wish.to));
        let purpose = if wish.signs {
            rcgen::ExtendedKeyUsagePurpose::EmailProtection
        } else {
            rcgen::ExtendedKeyUsagePurpose::ClientAuth
        };
        p.extended_key_usages = vec![
            purpose,
            rcgen::ExtendedKeyUsagePurpose::Other(vec![1, 2, 398, 3, 3, 4, 1, 2]),
            rcgen::ExtendedKeyUsagePurpose::Other(vec![1, 2, 398, 3, 3, 4, 1, 2, wish.role]),
        ];
        p.signed_by(&self.key, &self.issuer).unwrap().der().to_vec()
    }
}

/// The refusal of something.
pub fn refusal<T: std::fmt::Debug>(result: Result<T, store::Error>) -> Refusal {
    result.unwrap_err().refusal().expect("a refusal, not a fault")
}

/// The rule that something was refused by.
pub fn rule<T>(result: Result<T, store::Error>) -> Rule {
    match result.err() {
        Some(store::Error::Refused(Refusal::Invalid { rule, .. })) => rule,
        other => panic!("{other:?}"),
    }
}

/// A server over a store, on the tests' day.
pub fn state(store: &Store) -> Arc<AppState> {
    state_on(store, TODAY)
}

/// A server over a store, on some day.
pub fn state_on(store: &Store, day: &str) -> Arc<AppState> {
    let cli = Cli::read(["merzim", "serve", "--today", day]).unwrap();
    let Command::Serve(settings) = cli.command else { panic!("serve") };
    Arc::new(AppState::new(store.clone(), &settings))
}

/// One request with a session.
pub async fn ask(
    state: &Arc<AppState>,
    method: &str,
    path: &str,
    session: Option<&str>,
    body: Body,
    kind: &str,
) -> (StatusCode, String, Response<()>) {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "127.0.0.1")
        .header(header::CONTENT_TYPE, kind);
    if let Some(length) = axum::body::HttpBody::size_hint(&body).exact() {
        request = request.header(header::CONTENT_LENGTH, length);
    }
    if let Some(token) = session {
        request = request.header(header::COOKIE, format!("{}={token}", state.cookie_name()));
    }
    let response = server::http::router(state.clone()).oneshot(request.body(body).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let text = String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned();
    (parts.status, text, Response::from_parts(parts, ()))
}

pub async fn get(state: &Arc<AppState>, path: &str, session: Option<&str>) -> (StatusCode, String) {
    let (status, text, _) = ask(state, "GET", path, session, Body::empty(), "text/plain").await;
    (status, text)
}

/// The bytes of a page that must open.
pub async fn bytes(state: &Arc<AppState>, path: &str, session: &str) -> Vec<u8> {
    let request = Request::get(path)
        .header(header::HOST, "127.0.0.1")
        .header(header::COOKIE, format!("{}={session}", state.cookie_name()))
        .body(Body::empty());
    let response = server::http::router(state.clone()).oneshot(request.unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.into_body().collect().await.unwrap().to_bytes().to_vec()
}

/// Every file of a client's archive, one after the other.
pub async fn archive(state: &Arc<AppState>, client: ClientId, session: &str) -> String {
    let bytes = bytes(state, &format!("/clients/{client}/bundle.zip"), session).await;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut all = String::new();
    for n in 0..zip.len() {
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut zip.by_index(n).unwrap(), &mut text).unwrap();
        all.push_str(&String::from_utf8_lossy(&text));
    }
    all
}

pub async fn post(state: &Arc<AppState>, path: &str, session: Option<&str>, form: &str) -> (StatusCode, String) {
    let (status, text, _) =
        ask(state, "POST", path, session, Body::from(form.to_owned()), "application/x-www-form-urlencoded").await;
    (status, text)
}

/// One file in a form, as a browser sends it.
pub fn multipart(field: &str, name: &str, bytes: &[u8]) -> (Body, &'static str) {
    let mut body = format!("--xx\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--xx--\r\n");
    (Body::from(body), "multipart/form-data; boundary=xx")
}
