//! Who reads and who writes in a storm.

use axum::body::Bytes;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const READERS: usize = 8;
const WRITERS: usize = 8;
/// A number that several try to give to a new client.
pub const THE_NUMBER: &str = "980540000397";
const PAGES: [&str; 8] = [
    "/",
    "/calendar",
    "/calendar/agenda",
    "/clients",
    "/clients.csv",
    "/tasks",
    "/find?q=%D0%A2%D0%9E%D0%9E",
    "/audit",
];

/// What people were told.
#[derive(Default)]
pub struct Report {
    pub read: usize,
    /// Pages and acts that were put off with a 503 and a time to come again.
    pub put_off: usize,
    /// Comments that were acknowledged.
    pub acknowledged: BTreeSet<String>,
    /// Comments of which it was said that nothing was changed.
    pub refused: BTreeSet<String>,
    pub faults: Vec<String>,
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let written = self.acknowledged.len();
        write!(f, "{} pages, {written} comments, {} put off, {} faults", self.read, self.put_off, self.faults.len())
    }
}

/// People with their sessions.
pub struct Storm {
    servers: Vec<String>,
    client: Client<HttpConnector, Full<Bytes>>,
    sessions: Vec<String>,
    /// Addresses of the task that is commented, of the client that gets responsibles, and ids of these.
    pub task: String,
    pub subject: String,
    people: Vec<String>,
}

/// What came back: none where the connection broke.
type Answer = Option<(StatusCode, bool, String)>;

impl Storm {
    /// Signs people in and finds what they work on.
    pub async fn prepare(servers: Vec<String>) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        let mut storm = Self {
            servers,
            client,
            sessions: Vec::new(),
            task: String::new(),
            subject: String::new(),
            people: Vec::new(),
        };
        let (email, ..) = server::demo::PEOPLE[0];
        for _ in 0..READERS + WRITERS {
            storm.sessions.push(storm.sign_in(email).await);
        }
        storm.task = storm.first("/tasks?form=list", "/tasks/").await;
        storm.subject = storm.first("/clients", "/clients/").await;
        storm.people = storm.all("/staff", "/staff/").await;
        storm
    }

    async fn sign_in(&self, email: &str) -> String {
        let form = serde_urlencoded::to_string([("email", email), ("password", server::demo::PASSWORD)]).unwrap();
        let request = Request::post(format!("http://{}/sign-in", self.servers[0]))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(form)));
        let answer = self.client.request(request.unwrap()).await.unwrap();
        let cookies = answer.headers().get_all(header::SET_COOKIE).iter().filter_map(|c| c.to_str().ok());
        let own = cookies.filter_map(|c| c.split(';').next()).find(|c| c.starts_with("merzim="));
        own.expect("signed in").to_owned()
    }

    /// The first address of this kind, with an id, on a page.
    async fn first(&self, page: &str, start: &str) -> String {
        let (_, _, text) = self.ask(0, 0, Method::GET, page, "").await.unwrap();
        let found = ids(&text, start).into_iter().next();
        format!("{start}{}", found.unwrap_or_else(|| panic!("{page} shows no {start}")))
    }

    async fn all(&self, page: &str, start: &str) -> Vec<String> {
        ids(&self.ask(0, 0, Method::GET, page, "").await.unwrap().2, start)
    }

    async fn ask(&self, server: usize, person: usize, method: Method, path: &str, form: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.servers[server % self.servers.len()]))
            .header(header::COOKIE, &self.sessions[person])
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(form.to_owned())));
        let answer = self.client.request(request.unwrap()).await.ok()?;
        let (status, later) = (answer.status(), answer.headers().contains_key(header::RETRY_AFTER));
        let text = answer.into_body().collect().await.ok()?.to_bytes();
        Some((status, later, String::from_utf8_lossy(&text).into_owned()))
    }

    /// How long the rest of an answer takes after its first part.
    pub async fn rest_of(&self, path: &str) -> Duration {
        let request = Request::get(format!("http://{}{path}", self.servers[0]))
            .header(header::COOKIE, &self.sessions[0])
            .body(Full::default());
        let mut body = self.client.request(request.unwrap()).await.unwrap().into_body();
        body.frame().await.unwrap().unwrap();
        let first = Instant::now();
        body.collect().await.unwrap();
        first.elapsed()
    }

    /// Everybody reads or writes for so long, while something happens to the servers.
    pub async fn rage(self: &Storm, length: Duration, meanwhile: impl Future<Output = ()>) -> Report {
        let report = Arc::new(Mutex::new(Report::default()));
        let (over, turn) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let people = (0..READERS + WRITERS).map(|person| {
            let (report, over, turn) = (report.clone(), over.clone(), turn.clone());
            async move {
                while !over.load(Ordering::SeqCst) {
                    let n = turn.fetch_add(1, Ordering::SeqCst);
                    if person < READERS {
                        self.read(person, n, &report).await
                    } else {
                        self.write(person, n, &report).await
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        });
        let end = async {
            tokio::time::sleep(length).await;
            over.store(true, Ordering::SeqCst);
        };
        tokio::join!(futures_util::future::join_all(people), end, meanwhile);
        Arc::into_inner(report).unwrap().into_inner().unwrap()
    }

    async fn read(&self, person: usize, n: usize, report: &Mutex<Report>) {
        let page = PAGES[n % PAGES.len()];
        let answer = self.ask(n / PAGES.len(), person, Method::GET, page, "").await;
        let mut report = report.lock().unwrap();
        match answer {
            Some((StatusCode::OK, ..)) => report.read += 1,
            Some((StatusCode::SERVICE_UNAVAILABLE, true, _)) => report.put_off += 1,
            Some((status, ..)) => report.faults.push(format!("{page}: {status}")),
            // Only a killed process breaks off.
            None => {}
        }
    }

    async fn write(&self, person: usize, n: usize, report: &Mutex<Report>) {
        let text = format!("storm-{person}-{n}");
        match n % 8 {
            0 => {
                let who = &self.people[n / 8 % self.people.len().min(4)];
                let form = format!("person={who}&part=responsible&from=2026-11-{:02}&until=", 1 + n / 8 % 20);
                self.told(self.ask(n, person, Method::POST, &format!("{}/assign", self.subject), &form).await, report);
            }
            1 => {
                let form = format!("kind=legal_entity&name={text}&number={THE_NUMBER}");
                self.told(self.ask(n, person, Method::POST, "/clients/new", &form).await, report);
            }
            _ => {
                let answer =
                    self.ask(n, person, Method::POST, &format!("{}/comment", self.task), &format!("text={text}")).await;
                match &answer {
                    Some((StatusCode::SEE_OTHER, ..)) => {
                        report.lock().unwrap().acknowledged.insert(text);
                    }
                    Some((StatusCode::SERVICE_UNAVAILABLE, true, page)) if !page.contains("Неизвестно") => {
                        report.lock().unwrap().refused.insert(text);
                    }
                    _ => {}
                }
                self.told(answer, report);
            }
        }
    }

    fn told(&self, answer: Answer, report: &Mutex<Report>) {
        let mut report = report.lock().unwrap();
        match answer {
            Some((StatusCode::SERVICE_UNAVAILABLE, true, _)) => report.put_off += 1,
            Some((status, _, text)) if status.is_server_error() => {
                report.faults.push(format!("{status}: {}", heading(&text)))
            }
            _ => {}
        }
    }
}

/// Ids in addresses of a page that begin so.
fn ids(page: &str, start: &str) -> Vec<String> {
    let id = |rest: &str| rest.get(..36).filter(|id| id.split('-').count() == 5).map(str::to_owned);
    page.split(&format!("\"{start}")).skip(1).filter_map(id).collect()
}

fn heading(page: &str) -> &str {
    page.split("<h1>").nth(1).and_then(|rest| rest.split("</h1>").next()).unwrap_or("no heading")
}
