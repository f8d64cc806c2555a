//! A real browser: Chromium with its driver, one of each for a test.

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A browser and its driver, gone when dropped.
pub struct Browser {
    driver: Child,
    _profile: tempfile::TempDir,
    pub client: Client,
    session_url: String,
    scripts: bool,
}

impl Browser {
    /// None only where the run was told to go without a browser.
    pub async fn open(width: u32, height: u32, scripts: bool) -> Option<Self> {
        if std::env::var_os("MERZIM_TEST_WITHOUT_BROWSER").is_some() {
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        #[expect(clippy::zombie_processes, reason = "waited for when dropped")]
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver: run the tests with `cargo xtask test`, which installs it");
        let profile = tempfile::tempdir().unwrap();
        let mut args: Vec<String> = [
            "headless=new",
            "no-sandbox",
            "disable-gpu",
            "disable-quic",
            "no-first-run",
            "disable-background-networking",
            "disable-component-update",
            "disable-sync",
            "hide-scrollbars",
        ]
        .map(|a| format!("--{a}"))
        .into();
        args.push(format!("--user-data-dir={}", profile.path().display()));
        let mut options = json!({ "args": args, "mobileEmulation": { "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1 } } });
        if !scripts {
            options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
        }
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".into(), options);
        capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
        let url = format!("http://127.0.0.1:{port}");
        for _ in 0..60 {
            let connector = hyper_util::client::legacy::connect::HttpConnector::new();
            if let Ok(client) = ClientBuilder::new(connector).capabilities(capabilities.clone()).connect(&url).await {
                let id = client.session_id().await.unwrap().unwrap();
                let browser = Self {
                    driver,
                    _profile: profile,
                    client,
                    session_url: format!("127.0.0.1:{port}/session/{id}"),
                    scripts,
                };
                return Some(browser);
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        panic!("the browser does not start");
    }

    /// Opens a page and waits for it.
    pub async fn go(&self, url: &str) {
        let there = self.client.goto(url).await;
        assert!(there.is_ok() || !self.scripts, "{there:?}");
    }

    /// Waits for an element.
    pub async fn find(
        &self,
        locator: Locator<'_>,
    ) -> Result<fantoccini::elements::Element, fantoccini::error::CmdError> {
        self.client.wait().at_most(Duration::from_secs(5)).for_element(locator).await
    }

    /// Fills a field, found by its name.
    pub async fn fill(&self, name: &str, value: &str) {
        let field = self
            .find(Locator::Css(&format!("[name='{name}']:not([type=hidden])")))
            .await
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        field.clear().await.ok();
        field.send_keys(value).await.unwrap();
    }

    /// Clicks. Without scripts the driver cannot tell that the next page came and would wait for half a minute, so
    /// there the mouse is pressed at the place of the element.
    pub async fn press(&self, element: fantoccini::elements::Element) {
        if self.scripts {
            return element.click().await.unwrap();
        }
        let (x, y, w, h) = element.rectangle().await.unwrap();
        for kind in ["mousePressed", "mouseReleased"] {
            let params = json!({ "type": kind, "x": x + w / 2.0, "y": y + h / 2.0, "button": "left", "clickCount": 1 });
            self.command(
                "goog/cdp/execute",
                &json!({ "cmd": "Input.dispatchMouseEvent", "params": params }).to_string(),
            )
            .await;
        }
        tokio::time::sleep(Duration::from_millis(700)).await;
    }

    /// Chooses an option whose text contains some words.
    pub async fn choose(&self, name: &str, words: &str) {
        let path = format!("//select[@name='{name}']/option[contains(., '{words}')]");
        self.find(Locator::XPath(&path)).await.unwrap_or_else(|e| panic!("{name} {words}: {e}")).click().await.unwrap();
    }

    /// Clicks a link or button by its words and waits for the next page.
    pub async fn click(&self, words: &str) {
        let path = format!("//*[self::a or self::button or self::summary][contains(normalize-space(.), '{words}')]");
        let found = self.client.find_all(Locator::XPath(&path)).await.unwrap();
        for element in found {
            if element.is_displayed().await.unwrap_or(false) {
                self.press(element).await;
                tokio::time::sleep(Duration::from_millis(150)).await;
                return;
            }
        }
        panic!("nothing says {words}:\n{}", self.text().await);
    }

    /// Submits the form with this action.
    pub async fn submit(&self, action: &str) {
        let button = self
            .find(Locator::Css(&format!("form[action='{action}'] button:not([form]):not([type=button]):not([hidden])")))
            .await
            .unwrap_or_else(|e| panic!("{action}: {e}"));
        self.press(button).await;
        tokio::time::sleep(Duration::from_millis(150)).await;
    }

    /// The words of the page.
    pub async fn text(&self) -> String {
        self.find(Locator::Css("body")).await.unwrap().text().await.unwrap()
    }

    /// Waits until the page says something.
    pub async fn sees(&self, words: &str) {
        for _ in 0..40 {
            if self.text().await.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the page does not say «{words}»:\n{}", self.text().await);
    }

    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        url.path().to_owned()
    }

    pub async fn script(&self, code: &str, args: Vec<Value>) -> Value {
        self.client.execute(code, args).await.unwrap()
    }

    /// A command that the client library does not know.
    pub async fn command(&self, name: &str, body: &str) -> String {
        let (host, path) = self.session_url.split_once('/').unwrap();
        let stream = tokio::net::TcpStream::connect(host).await.unwrap();
        http_post(stream, host, &format!("/{path}/{name}"), body).await
    }

    /// What the console said since the last time; an answer of 4xx that a test asked for is no fault.
    pub async fn console(&self) -> Vec<String> {
        let text = self.command("se/log", r#"{"type":"browser"}"#).await;
        let answer: Value = serde_json::from_str(&text).unwrap();
        let all = answer["value"].as_array().cloned().unwrap_or_default();
        all.iter()
            .map(|m| m["message"].as_str().unwrap_or_default().to_owned())
            .filter(|m| !m.contains("Failed to load resource: the server responded with a status of 4"))
            .collect()
    }

    /// Findings of axe-core on the page.
    pub async fn axe(&self) -> Vec<String> {
        self.axe_with("{ resultTypes: ['violations'] }").await
    }

    /// What is too small or too near its neighbour for a finger: 24 px (WCAG 2.2, 2.5.8).
    pub async fn small_targets(&self) -> Vec<String> {
        self.axe_with("{ runOnly: { type: 'rule', values: ['target-size'] } }").await
    }

    async fn axe_with(&self, options: &str) -> Vec<String> {
        let axe =
            std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/axe.min.js")).unwrap();
        let code = format!(
            "{axe}; const done = arguments[arguments.length - 1]; axe.run({options}).then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160) + ' ' + n.any.concat(n.all).map(a => a.message).join('; ')).join(' | '))))"
        );
        let found = self.client.execute_async(&code, vec![]).await.unwrap();
        found.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
    }

    pub async fn close(self) {
        self.client.clone().close().await.ok();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

async fn http_post(mut stream: tokio::net::TcpStream, host: &str, path: &str, body: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    // The driver keeps the connection open, so its answer ends where its length says.
    let (mut all, mut part) = (Vec::new(), [0u8; 16 * 1024]);
    loop {
        let n = stream.read(&mut part).await.unwrap();
        all.extend_from_slice(&part[..n]);
        let text = String::from_utf8_lossy(&all).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head
            .lines()
            .find_map(|l| l.to_lowercase().strip_prefix("content-length:").map(|v| v.trim().parse::<usize>().unwrap()));
        if n == 0 || length.is_some_and(|length| body.len() >= length) {
            return body.to_owned();
        }
    }
}
