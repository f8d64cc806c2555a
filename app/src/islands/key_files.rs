//! Key containers among the chosen files: they wait for a password and are opened on this computer.

use super::key_worker::KeyWorker;
use leptos::prelude::*;
use leptos::web_sys;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use zeroize::Zeroizing;

/// Words of the panel, and where the worker lies.
#[derive(Clone, Serialize, Deserialize)]
pub struct KeyTexts {
    pub script: String,
    pub module: String,
    pub hint: String,
    pub title: String,
    pub promise: String,
    pub password: String,
    pub open: String,
    pub skip: String,
    /// «%n%», «%all%», «%file%».
    pub opening: String,
    /// «%n%».
    pub opened: String,
    pub skipped: String,
    /// «%file%» gave its certificate without a password.
    pub unprotected: String,
    pub here: String,
    pub here_what: String,
    pub there_what: String,
    pub lost: String,
    pub lost_text: String,
    /// Addresses of the icons of the computer and of the server.
    pub icons: [String; 2],
    pub none_inside: String,
    pub no_worker: String,
    /// By the code of the error.
    pub errors: Vec<(String, String)>,
}

impl KeyTexts {
    fn error(&self, code: &str) -> String {
        self.errors.iter().find(|(of, _)| of == code).map_or_else(|| code.to_owned(), |(_, text)| text.clone())
    }
}

/// A container that waits.
#[derive(Clone)]
pub struct KeyFile {
    pub file: web_sys::File,
    /// Which registered certificate its name points at.
    pub registered: Option<String>,
    ticked: bool,
    /// Whether it was looked into without a password.
    tried: bool,
    wrong: Option<String>,
}

impl KeyFile {
    pub fn new(file: web_sys::File) -> Self {
        Self { file, registered: None, ticked: true, tried: false, wrong: None }
    }

    /// The key identifier in which the name of such a file ends.
    pub fn key_id(&self) -> Option<String> {
        key_id(&self.file.name())
    }
}

/// «GOST512_<40 hexadecimal digits>.p12»: the authority names its containers after the key (domain facts, §1).
fn key_id(name: &str) -> Option<String> {
    let (stem, _) = name.rsplit_once('.')?;
    let id = stem.get(stem.len().checked_sub(40)?..)?;
    id.bytes().all(|b| b.is_ascii_hexdigit()).then(|| id.to_ascii_lowercase())
}

/// What the panel tells the gate.
#[derive(Clone, Copy)]
pub struct Told {
    /// How many files are being looked at or opened just now, in batches.
    pub working: RwSignal<u32>,
    pub waiting: RwSignal<Vec<KeyFile>, LocalStorage>,
    pub lines: RwSignal<Vec<String>>,
    /// Certificates on their way into the form.
    pub taken: RwSignal<Vec<web_sys::File>, LocalStorage>,
}

impl Default for Told {
    fn default() -> Self {
        Self {
            working: RwSignal::new(0),
            waiting: RwSignal::new_local(Vec::new()),
            lines: RwSignal::new(Vec::new()),
            taken: RwSignal::new_local(Vec::new()),
        }
    }
}

impl Told {
    pub fn say(self, line: String) {
        self.lines.update(|all| all.push(line));
    }

    pub fn clear(self) {
        self.taken.set(Vec::new());
        self.waiting.set(Vec::new());
        self.lines.set(Vec::new());
    }
}

/// The panel; empty while nothing waits.
pub fn panel(texts: KeyTexts, told: Told) -> impl IntoView {
    let field = NodeRef::<leptos::html::Input>::new();
    let (progress, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let words = StoredValue::new(texts.clone());
    let open = move || {
        let Some(field) = field.get_untracked() else { return };
        if busy.get_untracked() {
            return;
        }
        let password = Zeroizing::new(field.value());
        field.set_value("");
        busy.set(true);
        told.working.update(|n| *n += 1);
        leptos::task::spawn_local(async move {
            open_all(&words.get_value(), told, &password, progress).await;
            told.working.update(|n| *n -= 1);
            progress.set(String::new());
            busy.set(false);
        });
    };
    let skip = move |_| {
        let words = words.get_value();
        told.waiting.update(|all| {
            let skipped =
                all.extract_if(.., |key| key.ticked).map(|key| words.skipped.replace("%file%", &key.file.name()));
            told.lines.update(|lines| lines.extend(skipped));
        });
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" {
            // The form must not go off with what is half opened.
            event.prevent_default();
            open();
        }
    };
    let rows = move || {
        let all = told.waiting.get();
        all.into_iter().enumerate().map(|(n, key)| row(n, key, told)).collect_view()
    };
    view! {
        <fieldset class="keys" hidden=move || told.waiting.with(Vec::is_empty)>
            <legend>{texts.title}</legend>
            <ul>{rows}</ul>
            <div class="stack">
                {way(texts.here, texts.here_what, texts.there_what, texts.icons)}
                <div class="field"><label for="f-key">{texts.password}</label>
                    <input class="in" id="f-key" type="password" autocomplete="off" aria-describedby="f-key-hint"
                    node_ref=field on:keydown=on_key/>
                    <span class="hint" id="f-key-hint">{texts.promise}</span></div>
                <div class="line wrap"><button class="btn" type="button" prop:disabled=move || busy.get()
                    on:click=move |_| open()>{texts.open}</button>
                    <button class="btn bare" type="button" prop:disabled=move || busy.get() on:click=skip>{texts.skip}
                        </button></div>
                <p role="status">{move || progress.get()}</p>
                <details class="fold"><summary>{texts.lost}</summary><p class="soft">{texts.lost_text}</p></details>
            </div>
        </fieldset>
    }
}

/// What stays and what goes, drawn.
fn way(here: String, here_what: String, there_what: String, [laptop, server]: [String; 2]) -> impl IntoView {
    view! {
        <div class="safe"><div><svg class="i" aria-hidden="true"><use href=laptop></use></svg><b>{here}</b>{here_what}
            </div>
            <svg class="way" viewBox="0 0 72 34" aria-hidden="true"><text x="36" y="9">".cer"</text>
                <line x1="2" y1="15" x2="66" y2="15"></line><line x1="61" y1="11" x2="67" y2="15"></line>
                <line x1="61" y1="19" x2="67" y2="15"></line>
                <line x1="2" y1="27" x2="30" y2="27" stroke-dasharray="3 3"></line>
                <line class="no" x1="33" y1="22" x2="41" y2="32"></line>
                <line class="no" x1="41" y1="22" x2="33" y2="32"></line></svg>
            <div><svg class="i" aria-hidden="true"><use href=server></use></svg><b>"Merzim"</b>{there_what}</div></div>
    }
}

fn row(n: usize, key: KeyFile, told: Told) -> impl IntoView {
    let tick = move |event: web_sys::Event| {
        let on =
            event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()).is_some_and(|i| i.checked());
        told.waiting.update(|all| {
            if let Some(key) = all.get_mut(n) {
                key.ticked = on;
            }
        });
    };
    view! {
        <li><label class="tick"><input type="checkbox" prop:checked=key.ticked on:change=tick/><span>
            {key.file.name()}" "<span class="mute">{key.registered}</span></span></label>
            {key.wrong.map(|text| view! { <span class="why wrong">{text}</span> })}</li>
    }
}

/// Opens what is ticked; what does not open stays with its reason.
async fn open_all(words: &KeyTexts, told: Told, password: &str, progress: RwSignal<String>) {
    let now: Vec<KeyFile> = told.waiting.get_untracked().into_iter().filter(|key| key.ticked).collect();
    let Ok(worker) = KeyWorker::start(&words.script, &words.module).await else {
        told.say(words.no_worker.clone());
        return;
    };
    let (all, mut taken) = (now.len(), 0);
    for (n, key) in now.into_iter().enumerate() {
        let name = key.file.name();
        let place = words.opening.replace("%n%", &(n + 1).to_string()).replace("%all%", &all.to_string());
        progress.set(place.replace("%file%", &name));
        let found = open_one(&worker, &key.file, Some(password)).await;
        if !told.waiting.with_untracked(|all| all.iter().any(|other| other.file == key.file)) {
            // Taken away meanwhile.
            continue;
        }
        match found {
            Ok(found) if found.is_empty() => stays(told, &key, words.none_inside.clone(), false),
            Ok(found) => {
                let files = found.iter().enumerate().filter_map(|(n, der)| certificate(der, &name, n));
                told.taken.update(|all| all.extend(files));
                told.waiting.update(|all| all.retain(|other| other.file != key.file));
                taken += found.len();
            }
            Err(code) => stays(told, &key, words.error(&code), code == "wrong_password"),
        }
    }
    if taken > 0 {
        told.say(words.opened.replace("%n%", &taken.to_string()));
    }
}

/// Writes beside a container why it did not open.
fn stays(told: Told, key: &KeyFile, why: String, ticked: bool) {
    told.waiting.update(|all| {
        if let Some(own) = all.iter_mut().find(|other| other.file == key.file) {
            (own.ticked, own.wrong) = (ticked, Some(why));
        }
    });
}

/// Takes the certificates that lie in waiting containers unprotected; the containers that have such ones wait no longer.
pub async fn open_unprotected(words: &KeyTexts, told: Told) {
    let new: Vec<KeyFile> = told.waiting.get_untracked().into_iter().filter(|key| !key.tried).collect();
    if new.is_empty() {
        return;
    }
    told.waiting.update(|all| all.iter_mut().for_each(|key| key.tried = true));
    // Without the worker the panel says so once a password is typed.
    let Ok(worker) = KeyWorker::start(&words.script, &words.module).await else { return };
    for key in new {
        let name = key.file.name();
        let found = open_one(&worker, &key.file, None).await.unwrap_or_default();
        let waits = told.waiting.with_untracked(|all| all.iter().any(|other| other.file == key.file));
        if found.is_empty() || !waits {
            continue;
        }
        told.taken.update(|all| all.extend(found.iter().enumerate().filter_map(|(n, der)| certificate(der, &name, n))));
        told.waiting.update(|all| all.retain(|other| other.file != key.file));
        told.say(words.unprotected.replace("%file%", &name));
    }
}

async fn open_one(worker: &KeyWorker, file: &web_sys::File, password: Option<&str>) -> Result<Vec<Vec<u8>>, String> {
    let Some(password) = password else { return open_as(worker, file, None).await };
    let mut answer = Err("wrong_password".to_owned());
    for form in forms(password) {
        answer = open_as(worker, file, Some(&form)).await;
        if !matches!(&answer, Err(code) if code == "wrong_password") {
            break;
        }
    }
    answer
}

/// The password as it was typed, and with letters such as «й» as one sign and as two (RFC 8265; Unicode NFC and NFD): the
/// program that made the container may have had them the other way.
fn forms(password: &str) -> Vec<Zeroizing<String>> {
    let typed = js_sys::JsString::from(password);
    let mut forms = vec![Zeroizing::new(password.to_owned())];
    for form in ["NFC", "NFD"] {
        let other = Zeroizing::new(String::from(typed.normalize(form)));
        if !forms.contains(&other) {
            forms.push(other);
        }
    }
    forms
}

async fn open_as(worker: &KeyWorker, file: &web_sys::File, password: Option<&str>) -> Result<Vec<Vec<u8>>, String> {
    let bytes = JsFuture::from(file.array_buffer()).await.map_err(|_| "damaged".to_owned())?;
    worker.open(&bytes, password).await
}

/// A certificate as a file of its own, named after its container.
fn certificate(der: &[u8], container: &str, n: usize) -> Option<web_sys::File> {
    let stem = container.rsplit_once('.').map_or(container, |(stem, _)| stem);
    let name = if n == 0 { format!("{stem}.cer") } else { format!("{stem} ({}).cer", n + 1) };
    let parts = js_sys::Array::of1(&JsValue::from(js_sys::Uint8Array::from(der)));
    web_sys::File::new_with_u8_array_sequence(&parts, &name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_container_ends_in_the_key_identifier() {
        let id = "81d1311b5629a88f2a8b4e5cb4b00cab12734fdf";
        assert_eq!(key_id(&format!("GOST512_{}.p12", id.to_uppercase())), Some(id.to_owned()));
        assert_eq!(key_id(&format!("{id}.pfx")), Some(id.to_owned()));
        assert_eq!(key_id("ключ директора.p12"), None);
        assert_eq!(key_id(&format!("x{}.p12", &id[1..])), None);
    }
}
